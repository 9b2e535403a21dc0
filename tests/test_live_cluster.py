"""Live scans of a real control plane: the recorded cases replayed, access by its own RBAC, logs, pages and CRDs.

`KUBERNETES=1.36.3 ./run-tests tests/test_live_cluster.py` asks another version the same.
"""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from bundles import less_origins
from control_plane import ControlPlane, Starting
from relay import Relay
from replaying import Replayed, replay
from scanning import NOW, Ran, upgradecheck

# The recorded cases, replayed


@dataclass(frozen=True)
class Case:
    """A recorded case, the namespace whose Pods wrote `logs` (by container), and what is to be found."""

    name: str
    namespace: str
    finds: frozenset[str]
    logs: dict[str, str] | None = None
    heard: frozenset[str] = frozenset()
    """Of what is found that which stands in logs."""


AGENT = "[2026-11-21T09:00:01Z ERROR proxy::controller::controller] Reconciliation error:os-agent reported error:"
CASES = [
    Case(
        "cilium-preflight",
        "kube-system",
        frozenset({"cilium/preflight-nodes-missing", "cilium/reuse-values"}),
        {"cnp-validator": "Found invalid CiliumNetworkPolicy shop/web: labels has to be a list\n"},
        frozenset({"cilium/policy-rejected-by-validator"}),
    ),
    Case(
        "kubeos-http",
        "upgrade-system",
        frozenset({"kubeos/http-without-flagsafe"}),
        {
            "proxy": f"{AGENT}RPC error response: Checksum 9f86d081 mismatch to 5e1db83e\n",
            "operator": "2026-11-21T09:00:00Z ERROR Reconciler error\n",
        },
        frozenset({"kubeos/known-failure-in-log", "kubeos/operator-backs-off"}),
    ),
    Case(
        "osm-cli-mismatch",
        "osm-system",
        frozenset({"osm-edge/cli-chart-skew"}),
        heard=frozenset({"osm-edge/cli-image-mismatch"}),
    ),
    Case(
        "spiderpool-detection-off",
        "kube-system",
        frozenset({"spiderpool/crds-behind", "spiderpool/controller-ports-taken", "spiderpool/subnet-key-unread"}),
    ),
]
LOUD = [case for case in CASES if case.heard]


def name(case: Case) -> str:
    return case.name


@pytest.fixture(scope="module")
def replays(start_control_plane: Starting, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Replayed]:
    """A case of each component, each on a control plane of its own. Two at a time, since most of it is waiting."""

    folders = [tmp_path_factory.mktemp(case.name) for case in CASES]

    def one(case: Case, folder: Path) -> Replayed:
        return replay(case.name, start_control_plane, folder, case.namespace, case.logs)

    with ThreadPoolExecutor(2) as pool:
        return {replayed.case: replayed for replayed in pool.map(one, CASES, folders)}


def asked(replayed: Replayed) -> list[str]:
    """What is asked about a case, wherever it is read from."""
    options, command = (_words(replayed.folder / file) for file in ("arguments.txt", "command.txt"))
    rest = [word for word in options if word not in ("--collected", "all")]
    return [*rest, *(["--", *command] if command else [])]


def _words(path: Path) -> list[str]:
    return shlex.split(path.read_text(encoding="utf-8")) if path.is_file() else []


def live(replayed: Replayed, *options: str, kubeconfig: Path | None = None) -> Ran:
    config = str(kubeconfig or replayed.plane.kubeconfig)
    return upgradecheck(
        "scan", "--kubeconfig", config, "--now", NOW, "-o", "json", *options, *asked(replayed), cwd=replayed.folder
    )


def judged(report: dict[str, Any]) -> Any:
    """A whole report less where things were read, which also tells the order of evidence."""
    return _without_origins({part: told for part, told in report.items() if part != "examined"})


def _without_origins(told: Any) -> Any:
    if isinstance(told, list):
        return [_without_origins(one) for one in told]
    if not isinstance(told, dict):
        return told
    plain = {key: _without_origins(value) for key, value in told.items() if key != "origin"}
    if "evidence" in plain:
        plain["evidence"].sort(key=lambda one: one["text"])
    return plain


@pytest.mark.parametrize("case", CASES, ids=name)
def test_live_collected_and_dumped_state_give_the_same_report(
    case: Case, replays: dict[str, Replayed], tmp_path: Path
) -> None:
    replayed = replays[case.name]
    ran = live(replayed)
    options = ("--now", NOW, "-o", "json")
    dumped = upgradecheck("scan", "dump", "--collected", "all", *options, *asked(replayed), cwd=replayed.folder)
    bundle = str(tmp_path / "bundle.tar.gz")
    config = str(replayed.plane.kubeconfig)
    saved = upgradecheck("collect", bundle, "--kubeconfig", config, *asked(replayed), cwd=replayed.folder)
    collected = upgradecheck("scan", bundle, *options, *asked(replayed), cwd=replayed.folder)
    assert case.finds | case.heard <= set(ran.rules)
    assert (ran.code, dumped.code, collected.code) == (1, 1, 1), saved.err
    assert judged(ran.report) == judged(dumped.report)
    assert _at_any_time(collected) == _at_any_time(ran)


def _at_any_time(ran: Ran) -> Any:
    """Byte for byte, but for where things were read and when: the server's clock went on in between."""
    report = ran.report
    del report["examined"]["newest"], report["examined"]["age"]
    return less_origins(report)


@pytest.mark.parametrize("case", LOUD, ids=name)
def test_what_pods_wrote_is_read_through_the_api(case: Case, replays: dict[str, Replayed]) -> None:
    """From the file that stands for a container's log in the kubelet's answer to the API server."""
    findings = {finding["rule"]: finding for finding in live(replays[case.name]).report["findings"]}
    for rule in case.heard:
        files = [one["origin"]["file"] for one in findings[rule]["evidence"]]
        assert any(f"/namespaces/{case.namespace}/pods/" in file and "/log?container=" in file for file in files), files


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_server_has_nothing_to_complain_about(case: Case, replays: dict[str, Replayed], tmp_path: Path) -> None:
    """No deprecated version is asked for, of which it would warn; every kind at the version that it prefers, once."""
    replayed = replays[case.name]
    with Relay(replayed.plane) as relay:
        live(replayed, kubeconfig=relay.kubeconfig(tmp_path))
    assert [passed for passed in relay.passed if passed.warning] == []
    assert {passed.status for passed in relay.passed if not passed.path.endswith("/log")} == {200}
    lists = [(passed.path, *sorted(passed.query.items())) for passed in relay.passed]
    assert len(lists) == len(set(lists))
    groups = json.loads(replayed.plane.kubectl("get", "--raw", "/apis"))["groups"]
    preferred = {group["name"]: group["preferredVersion"]["version"] for group in groups}
    versions = {tuple(path.split("/")[2:4]) for path in relay.paths() if path.startswith("/apis/")}
    assert versions
    assert versions == {(group, preferred[group]) for group, _ in versions}


# Access, by the real authoriser

SPACE = "looking"


def until(true: Callable[[], bool]) -> None:
    """The authoriser hears of a role a moment after it was written."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@dataclass(frozen=True)
class Account:
    """A ServiceAccount and what it was granted."""

    plane: ControlPlane
    name: str

    def grant(self, *roles: dict[str, Any]) -> None:
        """Roles as --explain-access prints them, under a name of this account, and nothing besides."""
        subject = {"kind": "ServiceAccount", "name": self.name, "namespace": SPACE}
        documents: list[dict[str, Any]] = [
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": self.name, "namespace": SPACE}}
        ]
        for role in roles:
            metadata = {**role["metadata"], "name": self.name}
            api, group = role["apiVersion"], role["apiVersion"].partition("/")[0]
            reference = {"apiGroup": group, "kind": role["kind"], "name": self.name}
            binding = {"apiVersion": api, "kind": f"{role['kind']}Binding", "metadata": metadata}
            documents += [{**role, "metadata": metadata}, {**binding, "roleRef": reference, "subjects": [subject]}]
        self.plane.kubectl("apply", "-f", "-", text=yaml.safe_dump_all(documents))
        for role in roles:
            until(lambda role=role: self._may(role))  # type: ignore[misc]

    def _may(self, role: dict[str, Any]) -> bool:
        """Whether the last rule of a role is in force: they come all at once."""
        rule = role["rules"][-1]
        if "nonResourceURLs" in rule:
            words = [rule["verbs"][0], rule["nonResourceURLs"][0]]
        else:
            resource, _, sub = rule["resources"][-1].partition("/")
            kind = ".".join(part for part in (resource, rule["apiGroups"][0]) if part)
            space = role["metadata"].get("namespace")
            words = [rule["verbs"][0], kind, *(["--subresource", sub] if sub else [])]
            words += ["-n", space] if space else ["-A"]
        who = f"system:serviceaccount:{SPACE}:{self.name}"
        try:
            return self.plane.kubectl("auth", "can-i", *words, "--as", who).strip() == "yes"
        except subprocess.CalledProcessError:
            return False

    def kubeconfig(self, folder: Path) -> Path:
        """With a token of this account, and nothing else."""
        told = yaml.safe_load(self.plane.kubeconfig.read_text(encoding="utf-8"))
        token = self.plane.kubectl("create", "token", self.name, "-n", SPACE).strip()
        told["users"] = [{"name": "admin", "user": {"token": token}}]
        path = folder / f"{self.name}.kubeconfig"
        path.write_text(yaml.safe_dump(told), encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def account(replays: dict[str, Replayed]) -> Callable[[str, str], Account]:
    """Makes accounts on a case's cluster, where not even discovery is open to everybody."""
    prepared: set[str] = set()

    def make(case: str, name: str) -> Account:
        plane = replays[case].plane
        if case not in prepared:
            prepared.add(case)
            plane.kubectl("create", "namespace", SPACE)
            plane.kubectl("delete", "clusterrolebinding", "system:discovery", "system:public-info-viewer")
        return Account(plane, name)

    return make


def explained(replayed: Replayed, *options: str) -> list[dict[str, Any]]:
    told = upgradecheck("scan", "--explain-access", *options, *asked(replayed), cwd=replayed.folder)
    assert told.code == 0, told.err
    return list(yaml.safe_load_all(told.out))


def forbidden(ran: Ran) -> list[dict[str, Any]]:
    return [gap for gap in ran.report["gaps"] if "403" in gap["why"]]


@pytest.mark.parametrize("case", CASES, ids=name)
def test_with_the_printed_role_and_nothing_more_the_scan_is_complete(
    case: Case, replays: dict[str, Replayed], account: Callable[[str, str], Account], tmp_path: Path
) -> None:
    replayed = replays[case.name]
    made = account(case.name, "complete")
    made.grant(*explained(replayed))
    ran = live(replayed, kubeconfig=made.kubeconfig(tmp_path))
    assert forbidden(ran) == []
    assert judged(ran.report) == judged(live(replayed).report)


def test_an_account_without_any_role_is_told_so(
    replays: dict[str, Replayed], account: Callable[[str, str], Account], tmp_path: Path
) -> None:
    made = account("osm-cli-mismatch", "nobody")
    made.grant()
    ran = live(replays["osm-cli-mismatch"], kubeconfig=made.kubeconfig(tmp_path))
    assert ran.code == 2
    assert [problem["text"] for problem in ran.report["problems"]] == ["forbidden (403)"]


def lacking(role: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """A role less one of its grants, for each: group, resource, verb, and the role that is left."""
    for number, rule in enumerate(role["rules"]):
        for resource in rule.get("resources", ()):
            for verb in rule["verbs"]:
                rest = [other for other in rule["resources"] if other != resource]
                parts = [{**rule, "resources": rest}] if rest else []
                left = [other for other in rule["verbs"] if other != verb]
                parts += [{**rule, "resources": [resource], "verbs": left}] if left else []
                rules = [*role["rules"][:number], *parts, *role["rules"][number + 1 :]]
                yield rule["apiGroups"][0], resource, verb, {**role, "rules": rules}


BUILT_IN = ("", "apps", "apiextensions.k8s.io")
ELSEWHERE = {
    "secrets get": "get secrets in namespace kube-system",
    "pods/log get": "get log pods in namespace kube-system",
    "nodes list": "list nodes",
    "namespaces list": "list namespaces",
    "customresourcedefinitions list": "list customresourcedefinitions",
}
"""What a refusal names where it is not about every namespace."""


def test_a_role_that_lacks_one_grant_gives_one_gap_that_names_it(
    replays: dict[str, Replayed], account: Callable[[str, str], Account], tmp_path: Path
) -> None:
    replayed = replays["cilium-preflight"]
    (role,) = explained(replayed)
    told = {}
    for group, resource, verb, rest in lacking(role):
        if group not in BUILT_IN:
            continue
        made = account("cilium-preflight", f"no-{verb}-{resource.replace('/', '-')}")
        made.grant(rest)
        ran = live(replayed, kubeconfig=made.kubeconfig(tmp_path))
        told[f"{resource} {verb}"] = [gap["why"] for gap in forbidden(ran)]
        assert all(gap["silences"] for gap in forbidden(ran))
    assert told.pop("configmaps get") == [], "no release keeps its records in ConfigMaps here"
    assert len(told) >= 9
    for grant, whys in told.items():
        resource, verb = grant.split()
        expected = ELSEWHERE.get(grant, f"{verb} {resource} in every namespace")
        assert whys == [f"{expected}: forbidden (403)"], grant


def test_a_kind_whose_crd_is_not_there_needs_no_grant(
    replays: dict[str, Replayed], account: Callable[[str, str], Account], tmp_path: Path
) -> None:
    (role,) = explained(replays["cilium-preflight"])
    custom = [rule for rule in role["rules"] if rule.get("apiGroups") == ["cilium.io"]]
    assert custom
    made = account("cilium-preflight", "nothing-of-cilium")
    made.grant({**role, "rules": [rule for rule in role["rules"] if rule not in custom]})
    ran = live(replays["cilium-preflight"], kubeconfig=made.kubeconfig(tmp_path))
    assert judged(ran.report) == judged(live(replays["cilium-preflight"]).report)


def test_roles_of_one_namespace_are_enough_for_a_scan_of_it(
    replays: dict[str, Replayed], account: Callable[[str, str], Account], tmp_path: Path
) -> None:
    """With the Role alone, and no more of the ClusterRole than discovery, what lives in no namespace is refused."""
    replayed = replays["osm-cli-mismatch"]
    whole, inside = explained(replayed, "-n", "osm-system")
    both, alone = account("osm-cli-mismatch", "both"), account("osm-cli-mismatch", "role-alone")
    both.grant(whole, inside)
    ran = live(replayed, "-n", "osm-system", kubeconfig=both.kubeconfig(tmp_path))
    assert forbidden(ran) == []
    assert judged(ran.report) == judged(live(replayed, "-n", "osm-system").report)
    assert "osm-edge/cli-image-mismatch" in ran.rules
    alone.grant({**whole, "rules": whole["rules"][:1]}, inside)
    gaps = forbidden(live(replayed, "-n", "osm-system", kubeconfig=alone.kubeconfig(tmp_path)))
    needed = {resource for rule in whole["rules"][1:] for resource in rule["resources"]}
    assert gaps
    for gap in gaps:
        verb, resource = gap["why"].partition(":")[0].split()
        assert (verb, resource in needed) == ("list", True), gap


def test_impersonation_is_subject_to_the_same_roles(
    replays: dict[str, Replayed], account: Callable[[str, str], Account]
) -> None:
    replayed = replays["osm-cli-mismatch"]
    made = account("osm-cli-mismatch", "impersonated")
    roles = explained(replayed)
    made.grant(
        {**roles[0], "rules": [rule for rule in roles[0]["rules"] if "pods/log" not in rule.get("resources", ())]}
    )
    ran = live(replayed, "--as", f"system:serviceaccount:{SPACE}:impersonated")
    assert [gap["why"] for gap in forbidden(ran)] == ["get log pods in namespace osm-system: forbidden (403)"]


# What is there, and how much of it

NEW = ("scan", "--to", "cilium=1.19.6", "--from", "cilium=1.18.12", "-o", "json")


MANY = 1100


@pytest.fixture(scope="module")
def many(control_plane: ControlPlane) -> Iterator[int]:
    """More ConfigMaps than fit two pages. How many there are everywhere."""
    kubectl = control_plane.kubectl
    until(lambda: "Terminating" not in kubectl("get", "namespaces"))
    kubectl("create", "namespace", "many")
    metadata = [{"name": f"settings-{number:04}", "namespace": "many"} for number in range(MANY)]
    items = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": one, "data": {"a": "b"}} for one in metadata]
    kubectl("create", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    # Controllers put one into every namespace, a moment later.
    spaces = len(kubectl("get", "namespaces", "-o", "name").split())
    until(lambda: kubectl("get", "configmaps", "-A", "-o", "name").count("/kube-root-ca.crt") == spaces)
    yield len(kubectl("get", "configmaps", "-A", "-o", "name").split())
    kubectl("delete", "namespace", "many", "--wait=false")


@pytest.fixture
def relay(control_plane: ControlPlane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    with Relay(control_plane) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        yield running


def pages(relay: Relay) -> list[tuple[int, str, bool]]:
    """Of each request for every ConfigMap the status, the limit, and whether it went on from another."""
    mine = [one for one in relay.passed if one.path == "/api/v1/configmaps" and "labelSelector" not in one.query]
    return [(one.status, one.query.get("limit", ""), "continue" in one.query) for one in mine]


def test_more_than_a_page_is_read_to_its_end(many: int, relay: Relay) -> None:
    ran = upgradecheck(*NEW)
    assert ran.report["examined"]["kinds"]["ConfigMap"] == many
    assert pages(relay) == [(200, "500", False), (200, "500", True), (200, "500", True)]


@pytest.mark.parametrize("times", [1, 2])
def test_a_list_that_runs_out_is_begun_anew(control_plane: ControlPlane, many: int, relay: Relay, times: int) -> None:
    """What a continue token stands for is gone once etcd was compacted: 410, by the API server itself."""
    if not runs_out(control_plane):
        pytest.skip("this version of Kubernetes keeps what a continue token stands for, whatever etcd forgets")
    compacted = 0

    def before(path: str, query: dict[str, str]) -> None:
        nonlocal compacted
        if path == "/api/v1/configmaps" and "continue" in query and compacted < times:
            compacted += 1
            compact(control_plane)

    relay.before = before
    ran = upgradecheck(*NEW)
    first, out, later = (200, "500", False), (410, "500", True), (200, "500", True)
    whole = (200, "", False)
    assert pages(relay) == ([first, out, first, later, later] if times == 1 else [first, out, first, out, whole])
    assert "ConfigMap: the list ran out while it was read, and was begun anew" in ran.err
    assert ran.report["examined"]["kinds"]["ConfigMap"] == many
    assert [gap for gap in ran.report["gaps"] if "ConfigMap" in gap["what"]] == []


def runs_out(plane: ControlPlane) -> bool:
    """Whether this server refuses to go on with a list once etcd was compacted."""
    token = json.loads(plane.kubectl("get", "--raw", "/api/v1/configmaps?limit=500"))["metadata"]["continue"]
    compact(plane)
    try:
        plane.kubectl("get", "--raw", f"/api/v1/configmaps?limit=500&continue={token}")
    except subprocess.CalledProcessError as error:
        return "too old" in error.stderr
    return False


def compact(plane: ControlPlane) -> None:
    """Have etcd forget everything but the present, as it does by itself after five minutes."""
    pid = (plane.kubeconfig.parent / "etcd.pid").read_text(encoding="utf-8").strip()
    words = plane.run("ps", "-ww", "-o", "args=", "-p", pid).split()
    etcd = words[words.index("--listen-client-urls") + 1]

    def ask(path: str, **body: Any) -> Any:
        answer = requests.post(f"{etcd}/v3/kv/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    plane.kubectl("label", "namespace", "default", f"compacted={time.monotonic_ns()}", "--overwrite")
    ask("compaction", revision=ask("range", key="AA==")["header"]["revision"], physical=True)


def test_kinds_that_are_not_there_are_absent_for_sure_and_not_asked_for(
    control_plane: ControlPlane, relay: Relay
) -> None:
    assert control_plane.kubectl("get", "crd", "-o", "name") == ""
    ran = upgradecheck(*NEW)
    assert [gap for gap in ran.report["gaps"] if ".cilium.io" in gap["what"]] == []
    assert not [path for path in relay.paths() if path.startswith("/apis/cilium.io")]


def crd(kind: str, plural: str, *versions: dict[str, Any]) -> dict[str, Any]:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    names = {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.cilium.io"},
        "spec": {
            "group": "cilium.io",
            "scope": "Cluster",
            "names": names,
            "versions": [{"served": True, "storage": False, "schema": schema, **version} for version in versions],
        },
    }


@pytest.fixture
def defined(control_plane: ControlPlane) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Defines a kind, and takes it away afterwards."""
    made: list[str] = []

    def define(told: dict[str, Any]) -> None:
        made.append(told["metadata"]["name"])
        control_plane.kubectl("create", "-f", "-", text=json.dumps(told))
        group, plural = told["spec"]["group"], told["spec"]["names"]["plural"]
        until(lambda: plural in control_plane.kubectl("api-resources", f"--api-group={group}", "-o", "name"))

    yield define
    for one in made:
        control_plane.kubectl("delete", "crd", one)


def test_a_kind_is_read_at_the_version_that_the_server_prefers(
    control_plane: ControlPlane, relay: Relay, defined: Callable[[dict[str, Any]], None]
) -> None:
    """It is stored at an old version, which warns who asks for it."""
    old = {"name": "v2alpha1", "storage": True, "deprecated": True}
    defined(crd("CiliumCIDRGroup", "ciliumcidrgroups", old, {"name": "v2"}))
    one = {"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumCIDRGroup", "metadata": {"name": "offices"}}
    control_plane.kubectl("create", "-f", "-", text=json.dumps(one))
    ran = upgradecheck(*NEW)
    assert ran.report["examined"]["kinds"]["CiliumCIDRGroup.cilium.io"] == 1
    assert [path for path in relay.paths() if path.startswith("/apis/cilium.io")] == [
        "/apis/cilium.io/v2/ciliumcidrgroups"
    ]
    assert [passed for passed in relay.passed if passed.warning] == []


def test_a_definition_as_large_as_etcd_takes_it_is_read(
    relay: Relay, defined: Callable[[dict[str, Any]], None]
) -> None:
    told = crd("CiliumNodeConfig", "ciliumnodeconfigs", {"name": "v2", "storage": True})
    fields = {f"field{n}": {"type": "string", "description": "what it is for " * 70} for n in range(1000)}
    spec = {"type": "object", "properties": fields}
    told["spec"]["versions"][0]["schema"] = {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}}
    defined(told)
    ran = upgradecheck(*NEW)
    (read,) = [one for one in relay.passed if one.path.endswith("/customresourcedefinitions")]
    assert read.size > 1_000_000
    assert ran.report["examined"]["kinds"]["CustomResourceDefinition.apiextensions.k8s.io"] == 1
    assert [gap for gap in ran.report["gaps"] if "CustomResource" in gap["what"]] == []


# Ctrl-C


def test_ctrl_c_ends_a_live_scan_with_what_was_read(relay: Relay) -> None:
    reached, over = threading.Event(), threading.Event()

    def before(path: str, query: dict[str, str]) -> None:
        if path == "/api/v1/nodes":
            reached.set()
            over.wait(60)

    relay.before = before
    words = [sys.executable, "-m", "upgradecheck", *NEW]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as scan:
        try:
            assert reached.wait(60)
            scan.send_signal(signal.SIGINT)
            out, err = scan.communicate(timeout=60)
        finally:
            over.set()
            scan.kill()
    assert scan.returncode == 130, err
    assert b"Traceback" not in err
    report = json.loads(out)
    assert report["exit_code"] == 130
    assert [problem["text"] for problem in report["problems"]] == ["interrupted: what was not read is not judged"]
    assert "list nodes: interrupted" in [gap["why"] for gap in report["gaps"]]
    assert report["examined"]["kinds"]["ConfigMap"] >= 1
