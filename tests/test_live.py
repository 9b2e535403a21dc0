"""A live scan against a server on loopback: what is asked for, what is not, and that the report is that of a dump."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from apiserver import ApiServer, dumped, status
from scanning import FIXTURES, Ran, upgradecheck

import upgradecheck as library
from upgradecheck.errors import UsageError
from upgradecheck.sources.live import podlogs
from upgradecheck.sources.live.access import seconds
from upgradecheck.sources.live.resources import CLUSTER, resource_of

CLUSTERS = FIXTURES / "clusters"
CASE = CLUSTERS / "cilium-preflight"
CASES = sorted(path.parent for path in CLUSTERS.glob("*/expected.txt"))
ONE_EACH = [CLUSTERS / n for n in ("cilium-preflight", "kubeos-http", "osm-cli-mismatch", "spiderpool-reuse-values")]
CANARY = "canary-3f9c1d"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ApiServer]:
    with ApiServer([*dumped(CASE / "dump")]) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        yield running


def words(folder: Path, name: str) -> list[str]:
    path = folder / name
    return shlex.split(path.read_text(encoding="utf-8")) if path.is_file() else []


def scan(*options: str, case: Path = CASE) -> Ran:
    arguments = words(case, "arguments.txt")
    while "--collected" in arguments:
        at = arguments.index("--collected")
        del arguments[at : at + 2]
    command = words(case, "command.txt")
    return upgradecheck("scan", *options, *arguments, *(["--", *command] if command else []), cwd=case)


def judged(report: dict[str, Any]) -> dict[str, Any]:
    """A report less what only says where things were read."""
    for finding in (*report["findings"], *(f for hop in report["hops"] for f in hop["findings"])):
        finding["evidence"] = sorted(evidence["text"] for evidence in finding["evidence"])
        for found in finding["objects"]:
            del found["origin"]
    return {part: report[part] for part in ("exit_code", "verdict", "upgrades", "findings", "plan", "hops", "gaps")}


# The same report as a dump


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_live_says_what_a_whole_dump_says(case: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All that differs is that a live scan knows what it has read: a dump needs `--collected all` for that."""
    arguments, command = words(case, "arguments.txt"), words(case, "command.txt")
    if "all" not in arguments:
        arguments += ["--collected", "all"]
    told = upgradecheck("scan", "dump", "-o", "json", *arguments, *(["--", *command] if command else []), cwd=case)
    logs = _logs(case)
    with ApiServer([*dumped(case / "dump")], logs=logs) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        live = scan("-o", "json", case=case)
    assert judged(live.report) == judged(told.report)
    assert live.code == told.code


def _logs(case: Path) -> dict[tuple[str, str], str]:
    """The logs of a cluster-info dump, by Pod and container."""
    mark = re.compile(r"^==== START logs for container (\S+) of pod \S+/(\S+) ====\n(.*?)^==== END", re.M | re.S)
    texts = [path.read_text(encoding="utf-8") for path in case.glob("dump/cluster-info/*/*/logs.txt")]
    return {(pod, container): text for whole in texts for container, pod, text in mark.findall(whole)}


# What is asked for


def test_only_what_the_chosen_rules_read_is_listed(server: ApiServer) -> None:
    assert scan("--select", "cilium/preflight-nodes-missing").code == 1
    lists = {asked.path for asked in server.seen}
    detection = {"/apis/apps/v1/daemonsets", "/api/v1/secrets", "/api/v1/configmaps"}
    records = {path for path in lists if "sh.helm.release" in path}
    assert lists - records == {"/version", "/api", "/apis", *detection, "/api/v1/nodes", "/api/v1/pods"}


def test_nothing_but_get_is_sent_and_every_kind_once(server: ApiServer) -> None:
    scan()
    paths = [path for path in server.paths() if path not in ("/api/v1/configmaps",)]
    assert len(paths) == len(set(paths)), "ConfigMaps alone are listed twice: Helm's by their label"


def test_lists_come_in_pages_of_500_at_the_version_of_the_kind(server: ApiServer) -> None:
    scan()
    lists = [asked for asked in server.seen if "limit" in asked.query]
    assert lists
    assert {asked.query["limit"] for asked in lists} == {"500"}
    server.page, server.seen = 7, []
    scan()
    pods = [asked.query.get("continue") for asked in server.seen if asked.path == "/api/v1/pods"]
    assert pods[:3] == [None, "token-7", "token-14"]


def test_of_helm_the_labels_are_listed_and_only_what_runs_is_read(server: ApiServer) -> None:
    scan()
    (listed,) = [asked for asked in server.seen if asked.path == "/api/v1/secrets"]
    assert listed.query["labelSelector"] == "owner=helm"
    assert "as=PartialObjectMetadataList" in listed.header("Accept")[0]
    read = [asked.path.rpartition("/")[2] for asked in server.seen if "/secrets/" in asked.path]
    assert sorted(read) == ["sh.helm.release.v1.cilium-preflight.v1", "sh.helm.release.v1.cilium.v1"]


def test_a_rollback_reads_every_revision_of_its_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    case = CLUSTERS / "cilium-preflight-good"
    with ApiServer([*dumped(case / "dump")]) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        ran = upgradecheck("scan", "-o", "json", "--", "helm", "rollback", "cilium", "1", "-n", "kube-system")
    assert ran.report["upgrades"][0]["to"] == "1.11.19"
    read = [path.rpartition(".")[2] for path in running.paths() if "release.v1.cilium.v" in path]
    assert sorted(read) == ["v1", "v2"]


def test_metadata_is_enough_where_no_rule_looks_further(server: ApiServer) -> None:
    scan("--select", "cilium/secrets-namespace-unowned", "--select", "cilium/preflight-nodes-missing")
    accept = {asked.path: asked.header("Accept")[0] for asked in server.seen}
    assert "PartialObjectMetadataList" not in accept["/api/v1/nodes"]
    if "/api/v1/namespaces" in accept:
        assert "PartialObjectMetadataList" in accept["/api/v1/namespaces"]


def test_events_are_asked_for_by_their_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    case = CLUSTERS / "osm-insufficient-cpu"
    with ApiServer([*dumped(case / "dump")]) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        assert "osm-edge/insufficient-cpu" in scan("-o", "json", case=case).rules
    asked = {one.query.get("fieldSelector") for one in running.seen if one.path == "/api/v1/events"}
    assert asked == {"reason=FailedScheduling", "reason=FatalInvalidCLIParameters"}


def test_a_kind_is_asked_for_at_a_version_that_is_not_deprecated(server: ApiServer) -> None:
    """An old server may prefer a version that it deprecates; another is served beside it."""
    server.versions = {"PodDisruptionBudget.policy": ("v1beta1", "v1")}
    metadata = {"name": "a", "namespace": "b"}
    server.objects.append({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata})
    upgradecheck("scan", "--to", "kubeos=2.0.0", "--select", "kubeos/eviction-blocked-by-budget")
    assert "/apis/policy/v1/poddisruptionbudgets" in server.paths()
    assert not [path for path in server.paths() if "v1beta1" in path]


def test_a_server_without_aggregated_discovery_gives_the_same(server: ApiServer) -> None:
    whole = judged(scan("-o", "json").report)
    server.aggregated, server.seen = False, []
    assert judged(scan("-o", "json").report) == whole
    assert "/apis/apps/v1" in server.paths()


def test_a_kind_whose_crd_is_not_there_is_absent_for_sure(server: ApiServer) -> None:
    gaps = scan("-o", "json").report["gaps"]
    assert not [gap for gap in gaps if "Cilium" in gap["what"]]


# Logs


def test_logs_are_those_of_the_pods_that_a_rule_names(server: ApiServer) -> None:
    pods = [o["metadata"]["name"] for o in server.objects if o["kind"] == "Pod"]
    validators = [name for name in pods if name.startswith("cilium-pre-flight-check-")]
    server.logs = {(name, "cnp-validator"): "Found invalid CiliumNetworkPolicy\n" for name in validators}
    report = scan("-o", "json").report
    logs = [asked for asked in server.seen if asked.path.endswith("/log")]
    assert logs
    assert all("/pods/cilium-pre-flight-check-" in asked.path for asked in logs)
    assert {asked.query["tailLines"] for asked in logs} == {str(podlogs.LINES)}
    assert {asked.query["limitBytes"] for asked in logs} == {str(podlogs.BYTES)}
    finding = next((f for f in report["findings"] if f["rule"] == "cilium/policy-rejected-by-validator"), None)
    if finding is not None:
        assert "/log?container=cnp-validator" in finding["evidence"][0]["origin"]["file"]


def test_a_log_that_is_refused_is_a_gap(server: ApiServer) -> None:
    for asked in [o["metadata"] for o in server.objects if o["kind"] == "Pod"]:
        server.always[f"/api/v1/namespaces/{asked['namespace']}/pods/{asked['name']}/log"] = status(403)
    case = CLUSTERS / "osm-cli-mismatch"
    server.objects[:] = dumped(case / "dump")
    for asked in [o["metadata"] for o in server.objects if o["kind"] == "Pod"]:
        server.always[f"/api/v1/namespaces/{asked['namespace']}/pods/{asked['name']}/log"] = status(403)
    gaps = scan("-o", "json", case=case).report["gaps"]
    told = next(gap for gap in gaps if gap["what"] == "Pod logs")
    assert told["why"] == "get log pods in namespace osm-system: forbidden (403)"
    assert told["collect"] == "kubectl auth can-i get pods --subresource=log -n osm-system"
    assert "osm-edge/cli-image-mismatch" in told["silences"]


# How much


def test_one_namespace_is_asked_for_and_not_taken_for_all(server: ApiServer) -> None:
    ran = scan("-n", "kube-system", "-o", "json")
    paths = server.paths()
    assert "/api/v1/namespaces/kube-system/pods" in paths
    assert "/api/v1/nodes" in paths
    assert "/api/v1/pods" not in paths
    assert "cilium/preflight-nodes-missing" in ran.rules


def test_a_selector_makes_absence_unknown(server: ApiServer) -> None:
    ran = scan("-l", "k8s-app=cilium", "-o", "json")
    (pods,) = [asked for asked in server.seen if asked.path == "/api/v1/pods"]
    assert pods.query["labelSelector"] == "k8s-app=cilium"
    (nodes,) = [asked for asked in server.seen if asked.path == "/api/v1/nodes"]
    assert "labelSelector" not in nodes.query
    assert any("only those with -l k8s-app=cilium were read" in gap["why"] for gap in ran.report["gaps"])


def test_manifests_are_laid_over_the_live_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    case = CLUSTERS / "kubeos-http"
    with ApiServer([*dumped(case / "dump")]) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        ran = upgradecheck("scan", "-o", "json", "--apply", "upgrade_v1alpha1_os.yaml", cwd=case)
    assert "kubeos/http-without-flagsafe" in ran.rules
    assert ran.report["examined"]["inputs"] == [running.address]


def test_an_object_that_a_patch_names_is_read_by_the_name_that_was_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case = CLUSTERS / "kubeos-http"
    patch = '{"spec":{"opstype":"upgrade","imageurl":"http://10.0.0.5/a.img","osversion":"KubeOS 2.0.0"}}'
    name = next(o["metadata"]["name"] for o in dumped(case / "dump") if o["kind"] == "OS")
    with ApiServer([*dumped(case / "dump")]) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        ran = upgradecheck("scan", "-o", "json", "--", "kubectl", "patch", "os", name, "--type=merge", "-p", patch)
    assert "kubeos/http-without-flagsafe" in ran.rules, ran.out + ran.err


# Access told beforehand


@pytest.mark.parametrize("case", ONE_EACH, ids=[case.name for case in ONE_EACH])
def test_the_role_covers_every_request(case: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    told = scan("--explain-access", case=case)
    assert (told.code, told.err) == (0, "")
    (role,) = yaml.safe_load_all(told.out)
    granted = {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule.get("apiGroups", ())
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    with ApiServer([*dumped(case / "dump")]) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        scan(case=case)
    needed = {grant for path in running.paths() if (grant := _grant(path))}
    assert needed <= granted, needed - granted


def _grant(path: str) -> tuple[str, str, str] | None:
    match path.strip("/").split("/"):
        case ["version"] | ["api" | "apis"]:
            return None
        case ["api", _, *rest]:
            group = ""
        case ["apis", group, _, *rest]:
            pass
    match rest:
        case ["namespaces", _, plural, _, sub]:
            return group, f"{plural}/{sub}", "get"
        case ["namespaces", _, plural, _]:
            return group, plural, "get"
        case ["namespaces", _, plural] | [plural]:
            return group, plural, "list"
    pytest.fail(path)


def test_a_scan_of_one_namespace_needs_a_role_there() -> None:
    told = upgradecheck("scan", "--explain-access", "-n", "osm-system", "--to", "osm-edge=1.2.3")
    whole, inside = yaml.safe_load_all(told.out)
    assert (inside["kind"], inside["metadata"]["namespace"]) == ("Role", "osm-system")
    wide = {resource for rule in whole["rules"] for resource in rule.get("resources", ())}
    assert {"nodes", "customresourcedefinitions"} <= wide
    assert not wide & {"pods", "secrets", "deployments"}
    assert "/api/v1/namespaces/osm-system/pods?limit=500" in told.out


CRDS = sorted({*CLUSTERS.glob("charts/*/crds/**/*.yaml"), *CLUSTERS.glob("charts/*/crds.yaml")})


@pytest.mark.parametrize("path", CRDS, ids=[str(path.relative_to(CLUSTERS)) for path in CRDS])
def test_resources_are_named_as_their_crds_name_them(path: Path) -> None:
    for crd in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        if crd and crd.get("kind") == "CustomResourceDefinition":
            spec = crd["spec"]
            kind = f"{spec['names']['kind']}.{spec['group']}"
            assert resource_of(kind) == (spec["group"], spec["names"]["plural"])
            assert (kind in CLUSTER) == (spec["scope"] == "Cluster"), kind


# The command line


def test_the_context_and_the_server_come_first_and_then_every_kind(server: ApiServer) -> None:
    lines = scan().err.splitlines()
    assert lines[0] == f"context test, server {server.address}"
    assert "read 8 Node" in lines
    assert scan("-q").err.splitlines() == lines[:1]


def test_piped_input_that_nobody_named_is_not_a_scan_of_the_cluster(server: ApiServer) -> None:
    run = [sys.executable, "-m", "upgradecheck", "scan", "--to", "cilium=1.12.0"]
    ended = subprocess.run(run, input=b"kind: List\n", capture_output=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.decode().strip() == (
        "upgradecheck: standard input is piped, but nothing says to read it "
        "(give - to read it, or --context NAME for the live cluster)"
    )
    assert server.seen == []


def test_a_context_that_is_named_is_read_whatever_is_piped(server: ApiServer) -> None:
    run = [sys.executable, "-m", "upgradecheck", "scan", "-q", "--context", "test", "--to", "cilium=1.12.0"]
    ended = subprocess.run(run, input=b"", capture_output=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert server.seen


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["dump", "--context", "a"], "--context is about the live cluster, and dump is read instead"),
        (["-n", "a", "-A"], "-n and -A contradict each other"),
        (["--collected", "all"], "--collected is about a dump"),
        (["--request-timeout", "0"], "--request-timeout '0' is no time to wait"),
        (["--request-timeout", "soon"], "--request-timeout 'soon' is no time to wait"),
        (["--as-group", "g"], "--as-group needs --as"),
        (["--context", "a", "--", "helm", "upgrade", "x", "y/x", "--kube-context", "b"], "--context a and b in the"),
    ],
)
def test_what_does_not_fit_together_is_one_line(server: ApiServer, options: list[str], says: str) -> None:
    ran = upgradecheck("scan", *options, cwd=CASE)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert server.seen == []


def test_the_command_says_which_cluster_it_means(server: ApiServer, tmp_path: Path) -> None:
    ran = upgradecheck("scan", "--", "helm", "upgrade", "cilium", "cilium/cilium", "--kube-context", "elsewhere")
    assert ran.code == 2
    assert "elsewhere" in ran.err
    assert server.seen == []


TIMES = [("30", 30.0), ("1m30s", 90.0), ("500ms", 0.5), ("2h", 7200.0), ("1.5s", 1.5)]


@pytest.mark.parametrize(("text", "found"), TIMES)
def test_timeouts_are_those_of_kubectl(text: str, found: float) -> None:
    assert seconds(text) == found


@pytest.mark.parametrize("text", ["", "x", "-1s", "1d", "0s", "1s!"])
def test_a_timeout_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        seconds(text)


# The library


def test_the_library_has_the_same_door(server: ApiServer) -> None:
    command = words(CASE, "command.txt")
    report = library.scan(live=True, context="test", command=command)
    assert report.exit_code == 1
    assert report.examined.source == f"cluster test at {server.address}"
    assert str(report.findings[0].evidence[0].origin).startswith("/apis/apps/v1/namespaces/kube-system/daemonsets/")


def test_the_library_refuses_what_does_not_fit() -> None:
    with pytest.raises(UsageError, match="inputs are given"):
        library.scan("dump", live=True)
    with pytest.raises(UsageError, match="live=True"):
        library.scan("dump", context="production")


# Secrets


def test_nothing_secret_leaves_in_any_output(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    objects = json.loads(json.dumps(server.objects, default=str))
    for found in objects:
        if found["kind"] == "Secret":
            found["metadata"].setdefault("annotations", {})["note"] = CANARY
            found["stringData"] = {"password": CANARY}
        if found["kind"] == "Pod":
            found["spec"]["containers"][0]["env"] = [{"name": "DB_PASSWORD", "value": CANARY}]
    server.objects = objects
    config = server.kubeconfig(tmp_path, user={"token": CANARY})
    for options in (["-v"], ["-o", "json"], ["-v", "-o", "json"]):
        ran = scan("--kubeconfig", str(config), *options)
        assert ran.code == 1
        assert CANARY not in ran.out + ran.err
    server.always["/api/v1/pods"] = status(403)
    server.always["/version"] = status(401)
    ran = scan("--kubeconfig", str(config), "-v")
    assert CANARY not in ran.out + ran.err
    assert [CANARY in asked.header("Authorization")[0] for asked in server.seen] == [True] * len(server.seen)
