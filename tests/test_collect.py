"""`upgradecheck collect`: what it saves gives the same report as the cluster, and nobody's secret."""

from __future__ import annotations

import base64
import gzip
import io
import json
import shlex
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer, dumped, raw, status
from bundles import files_of, helm_records, less_origins, rewritten
from scanning import FIXTURES, NOW, Ran, upgradecheck
from test_live import _logs as logs_of

from upgradecheck.report import FORMATS

CLUSTERS = FIXTURES / "clusters"
CASE = CLUSTERS / "cilium-preflight"
CASES = [
    CLUSTERS / name
    for name in (
        "cilium-preflight", "cilium-preflight-good", "cilium-policies", "helm-less", "kubeos-http", "kubeos-two-pools",
        "osm-cli-mismatch", "osm-insufficient-cpu", "osm-to-1.3", "spiderpool-crds-missing", "spiderpool-reuse-values",
    )
]  # fmt: skip
CANARY = "canary-3f9c1d"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ApiServer]:
    with ApiServer([*dumped(CASE / "dump")]) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        yield running


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "bundle.tar.gz"


def words(case: Path) -> list[str]:
    """The arguments of a case, without what only a dump needs to be told."""
    told = [
        shlex.split((case / name).read_text(encoding="utf-8")) if (case / name).is_file() else []
        for name in ("arguments.txt", "command.txt")
    ]
    arguments = [word for word in told[0] if word not in ("--collected", "all")]
    return [*arguments, *(["--", *told[1]] if told[1] else [])]


def collect(bundle: Path, *options: str, case: Path = CASE) -> Ran:
    return upgradecheck("collect", str(bundle), *options, *words(case), cwd=case)


def scan(*options: str, case: Path = CASE) -> Ran:
    return upgradecheck("scan", "-o", "json", "--now", NOW, *options, *words(case), cwd=case)


def same(bundle: Path, *options: str, case: Path = CASE) -> dict[str, Any]:
    """Collect, and hold the scan of the bundle against that of the cluster."""
    saved = collect(bundle, "--force", *options, case=case)
    live, kept = scan("--context", "test", *options, case=case), scan(str(bundle), case=case)
    assert less_origins(kept) == less_origins(live), saved.err
    assert kept.code == live.code
    return kept.report


# The same report


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_bundle_says_what_the_cluster_says(
    case: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Byte for byte, but for where things were read."""
    with ApiServer([*dumped(case / "dump")], logs=logs_of(case)) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        report = same(bundle, case=case)
    assert report["examined"]["judged"]


def test_unpacked_and_from_standard_input_it_says_the_same(server: ApiServer, bundle: Path, tmp_path: Path) -> None:
    same(bundle)
    told = less_origins(scan(str(bundle)))
    with tarfile.open(bundle) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    assert less_origins(scan(str(tmp_path / "unpacked"))) == told
    piped = upgradecheck("scan", "-", "-o", "json", "--now", NOW, *words(CASE), cwd=CASE, stdin=bundle.read_bytes())
    assert less_origins(piped) == told


def test_what_was_refused_is_refused_again(server: ApiServer, bundle: Path) -> None:
    server.always["/api/v1/pods"] = status(403)
    server.always["/api/v1/secrets"] = status(403)
    saved = collect(bundle)
    assert saved.code == 4
    assert "refused: list pods in every namespace: forbidden (403)" in saved.err
    gaps = {gap["what"]: gap for gap in same(bundle)["gaps"]}
    assert gaps["Pod"]["why"] == "list pods in every namespace: forbidden (403)"
    assert gaps["Pod"]["blocks"] is True
    assert gaps["Helm releases"]["why"].startswith("list secrets in every namespace")


def test_a_list_that_broke_off_is_not_taken_for_whole(
    server: ApiServer, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upgradecheck.sources.live.transport.pause", lambda seconds: None)
    server.page = 3
    server.always["/api/v1/nodes"] = status(500)
    assert same(bundle)["exit_code"] in (1, 4)


@pytest.mark.parametrize("options", [["-n", "kube-system"], ["-l", "k8s-app=cilium"]], ids=["namespace", "labels"])
def test_a_part_of_the_cluster_is_not_taken_for_all(server: ApiServer, bundle: Path, options: list[str]) -> None:
    same(bundle, *options)


def test_a_record_that_cannot_be_decoded_is_told_again(server: ApiServer, bundle: Path) -> None:
    server.objects = json.loads(json.dumps(server.objects, default=str))
    for found in server.objects:
        if found["metadata"]["name"].startswith("sh.helm.release.v1.cilium-preflight."):
            found["data"]["release"] = base64.b64encode(b"nothing that Helm wrote" * 9).decode()
    collect(bundle)
    live, kept = scan("--context", "test").report, scan(str(bundle)).report
    assert [p["text"] for p in kept["problems"]] == [p["text"] for p in live["problems"]]
    assert "cannot be decoded" in kept["problems"][0]["text"]
    assert less_origins(kept["findings"]) == less_origins(live["findings"])


def test_a_question_that_was_not_asked_is_a_gap(server: ApiServer, bundle: Path) -> None:
    collect(bundle, "--select", "cilium/preflight-nodes-missing")
    report = scan(str(bundle)).report
    gap = next(gap for gap in report["gaps"] if "CiliumNetworkPolicy" in gap["what"])
    assert gap["why"] == "not asked for when the bundle was collected"
    assert gap["silences"]


def test_without_a_target_everything_is_read_that_may_be_asked(server: ApiServer, bundle: Path) -> None:
    assert upgradecheck("collect", str(bundle), "--context", "test").code == 0
    live, kept = scan("--context", "test").report, scan(str(bundle)).report
    for part in ("verdict", "findings", "gaps", "plan", "upgrades"):
        assert less_origins(kept[part]) == less_origins(live[part]), part


def test_another_dump_beside_it_adds_to_it(server: ApiServer, bundle: Path, tmp_path: Path) -> None:
    server.always["/apis/apps/v1/daemonsets"] = status(403)
    collect(bundle)
    assert "cilium/preflight-nodes-missing" not in scan(str(bundle)).rules
    sets = [found for found in server.objects if found["kind"] == "DaemonSet"]
    beside = tmp_path / "daemonsets.json"
    beside.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": sets}, default=str))
    assert "cilium/preflight-nodes-missing" in scan(str(bundle), str(beside)).rules


# The file


def test_it_is_its_owners_alone_in_a_stable_order(server: ApiServer, bundle: Path, tmp_path: Path) -> None:
    collect(bundle)
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle.tar.gz", "kubeconfig"]
    with tarfile.open(bundle) as tar:
        members = tar.getmembers()
    names = [member.name for member in members]
    assert names == ["bundle/manifest.json", *sorted(names[1:])]
    assert {(m.mode, m.uid, m.gid, m.uname) for m in members} == {(0o600, 0, 0, "")}
    server.objects.reverse()
    again = tmp_path / "again.tar.gz"
    collect(again)
    with tarfile.open(again) as tar:
        assert tar.getnames() == names


def test_its_files_are_lists_as_the_api_answers_them(server: ApiServer, bundle: Path) -> None:
    collect(bundle)
    files = files_of(bundle)
    nodes = json.loads(files["api/v1/nodes.json"])
    assert (nodes["apiVersion"], nodes["kind"], len(nodes["items"])) == ("v1", "NodeList", 8)
    assert {(item["kind"], item["apiVersion"]) for item in nodes["items"]} == {("Node", "v1")}
    agents = json.loads(files["apis/apps/v1/namespaces/kube-system/daemonsets.json"])
    assert [item["metadata"]["name"] for item in agents["items"]] == ["cilium", "cilium-pre-flight-check"]
    assert json.loads(files["version.json"])["serverVersion"]["gitVersion"] == "v1.33.13"


def test_the_manifest_says_what_was_asked_and_what_came(server: ApiServer, bundle: Path) -> None:
    server.always["/api/v1/services"] = status(403)
    collect(bundle)
    files = files_of(bundle)
    told = json.loads(files.pop("manifest.json"))
    assert (told["schema"], told["version"]) == ("upgradecheck.bundle", 1)
    assert told["collected"] == "2026-11-21T14:00:00+00:00"
    assert told["cluster"] == {"context": "test", "server": server.address}
    assert told["asked"]["command"].startswith("helm upgrade cilium")
    assert "Node" in told["complete"]["everywhere"]
    assert "Service" not in told["complete"]["everywhere"]
    assert told["denied"] == {"Service": [""]}
    assert told["refused"][0]["why"] == "list services in every namespace: forbidden (403)"
    assert told["files"] == sorted(files)


def test_a_file_that_is_there_is_kept(server: ApiServer, bundle: Path) -> None:
    bundle.write_text("mine")
    ran = collect(bundle)
    assert (ran.code, bundle.read_text()) == (2, "mine")
    assert ran.err.strip() == f"upgradecheck: {bundle} is there already (--force writes it anew)"
    assert server.seen == []
    assert collect(bundle, "--force").code == 0
    assert files_of(bundle)


@pytest.mark.parametrize(("where", "says"), [(".", "it is a folder"), ("no/b.tar.gz", "there is no folder")])
def test_what_cannot_be_written_is_told_before_anything_is_asked(
    server: ApiServer, tmp_path: Path, where: str, says: str
) -> None:
    ran = collect(tmp_path / where)
    assert (ran.code, server.seen) == (2, [])
    assert says in ran.err


def test_it_goes_to_standard_output_as_well(server: ApiServer) -> None:
    import subprocess
    import sys

    run = [sys.executable, "-m", "upgradecheck", "collect", "-", "--context", "test", "--to", "cilium=1.12.0"]
    ended = subprocess.run(run, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    with tarfile.open(fileobj=io.BytesIO(ended.stdout)) as tar:
        assert "bundle/manifest.json" in tar.getnames()
    assert b"standard output: " in ended.stderr


def test_ctrl_c_leaves_no_half_file(
    server: ApiServer, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("upgradecheck.sources.bundle.writing.write_stream", pressed)
        assert collect(bundle).code == 130
    server.always["/api/v1/nodes"] = status(500)
    monkeypatch.setattr("upgradecheck.sources.live.transport.pause", pressed)
    ran = collect(bundle)
    assert ran.code == 130
    assert "is not written" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["kubeconfig"]


def test_a_server_that_does_not_answer_is_one_line_and_no_file(server: ApiServer, bundle: Path) -> None:
    server.always["/version"] = status(401)
    ran = collect(bundle)
    assert ran.code == 2
    assert "the credentials are not accepted (401)" in ran.err
    assert not bundle.exists()


def test_what_it_would_ask_is_told_without_asking(server: ApiServer) -> None:
    ran = upgradecheck("collect", "--explain-access", "--to", "cilium=1.12.0")
    assert ran.code == 0
    assert ran.out == upgradecheck("scan", "--explain-access", "--to", "cilium=1.12.0").out
    assert server.seen == []


# What is wrong with a bundle


def test_a_bundle_that_is_cut_off_proves_nothing(server: ApiServer, bundle: Path) -> None:
    collect(bundle, "-l", "k8s-app=cilium")
    bundle.write_bytes(bundle.read_bytes()[: bundle.stat().st_size // 2])
    ran = scan(str(bundle))
    assert ran.code == 2
    cut, missing = [problem["text"] for problem in ran.report["problems"]]
    assert cut == "truncated or damaged archive: what came before is read"
    assert " of the bundle is missing, and " in missing
    assert any("Node" in gap["what"] for gap in ran.report["gaps"])


def test_a_bundle_that_lost_a_file_proves_nothing(server: ApiServer, bundle: Path) -> None:
    collect(bundle)
    rewritten(bundle, drop="api/v1/nodes.json")
    ran = scan(str(bundle))
    assert ran.code == 2
    assert ran.report["problems"][0]["text"] == "api/v1/nodes.json of the bundle is missing"
    assert any("Node" in gap["what"] for gap in ran.report["gaps"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 2}, "a bundle of layout 2, which this version of upgradecheck does not know"),
        ({"releases": 7}, "the manifest of a bundle that is damaged"),
    ],
)
def test_a_manifest_that_is_not_known_is_told(
    server: ApiServer, bundle: Path, change: dict[str, Any], says: str
) -> None:
    collect(bundle)
    rewritten(bundle, manifest=change)
    ran = scan(str(bundle))
    assert ran.code == 2
    assert ran.report["problems"][0]["text"] == says


@pytest.mark.parametrize("key", ["complete", "denied", "reasons", "refused", "files", "cluster", "asked", "collected"])
def test_a_manifest_of_anything_is_no_traceback(tmp_path: Path, key: str) -> None:
    for value in (None, 5, "x", ["x", 5, None], {"x": 5}, {"everywhere": {"x": 5}, "namespaces": ["x"]}):
        told = {"schema": "upgradecheck.bundle", "version": 1, "releases": "complete", key: value}
        (tmp_path / "manifest.json").write_text(json.dumps(told))
        ran = upgradecheck("scan", str(tmp_path), "--to", "cilium=1.12.0", "--select", "cilium/preflight-nodes-missing")
        assert ran.code in (2, 3, 4)
        assert "internal error" not in ran.err


def test_a_name_cannot_lead_out_of_the_archive(server: ApiServer, bundle: Path, tmp_path: Path) -> None:
    """No API server has such names, but who answers is not known to be one."""
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": ".."}, "spec": {}}
    server.objects = [*server.objects, pod, {**pod, "metadata": {"name": "y", "namespace": "../../etc"}}]
    collect(bundle)
    with tarfile.open(bundle) as tar:
        names = tar.getnames()
    assert all(name.startswith("bundle/") and ".." not in name.split("/") for name in names)
    assert same(bundle)["problems"] == []


def test_a_log_is_a_log_whatever_stands_in_it(bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    case = CLUSTERS / "osm-cli-mismatch"
    told = "==== START logs for container a of pod b/c ====\n==== END logs for container a of pod b/c ====\n"
    forged = '{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "forged"}}\n'
    logs = {key: text + told + forged for key, text in logs_of(case).items()}
    with ApiServer([*dumped(case / "dump")], logs=logs) as running:
        monkeypatch.setenv("KUBECONFIG", str(running.kubeconfig(tmp_path)))
        same(bundle, case=case)


# Secrets


def hide(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same objects with the canary in every place that a secret may be in."""
    told: list[dict[str, Any]] = json.loads(json.dumps(objects, default=str))
    for found in told:
        metadata = found["metadata"]
        env = [{"name": "DB_PASSWORD", "value": CANARY}, {"name": "DB", "value": f"postgres://u:{CANARY}@db/x"}]
        if found["kind"] == "Pod":
            container = found["spec"]["containers"][0]
            container["env"] = env
            container["args"] = [
                "--level=info",
                f"--api-token={CANARY}",
                "--password",
                CANARY,
                f"PGPASSWORD={CANARY} x",
            ]
            applied = {**found, "metadata": {"name": metadata["name"]}}
            metadata.setdefault("annotations", {})["kubectl.kubernetes.io/last-applied-configuration"] = json.dumps(
                applied
            )
        if found["kind"] == "ConfigMap":
            found["data"] = {
                **found.get("data", {}), "db-password": CANARY, "app.yaml": f"db:\n  user: me\n  password: '{CANARY}'",
                "app.json": json.dumps({"apiToken": CANARY}), "key.pem": f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n",
            }  # fmt: skip
        if found["kind"] == "Secret":
            metadata.setdefault("annotations", {})["note"] = CANARY
            found["stringData"] = {"password": CANARY}
            found["data"]["release"] = hidden_release(found["data"]["release"])
        if found["kind"] == "CiliumNetworkPolicy":
            found["spec"]["password"] = CANARY
    plain = {"name": "login", "namespace": "kube-system", "annotations": {"note": CANARY}}
    data = {"password": base64.b64encode(CANARY.encode()).decode(), "plain": CANARY}
    return [*told, {"apiVersion": "v1", "kind": "Secret", "metadata": plain, "data": data}]


def hidden_release(encoded: str) -> str:
    release = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(encoded))))
    release["config"] = {**(release.get("config") or {}), "db": {"password": CANARY, "url": f"https://u:{CANARY}@h/"}}
    release["chart"]["values"]["admin"] = {"password": f"{CANARY}-default"}
    release["info"]["notes"] = f"log in with {CANARY}"
    release["chart"]["templates"] = [{"name": "t", "data": base64.b64encode(CANARY.encode()).decode()}]
    rendered = [
        {"kind": "Secret", "metadata": {"name": "s"}, "stringData": {"password": CANARY}},
        {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"harmless": f"connect as admin/{CANARY} now"}},
    ]
    release["manifest"] += "".join(f"---\n{json.dumps({'apiVersion': 'v1', **one})}\n" for one in rendered)
    inner = base64.b64encode(gzip.compress(json.dumps(release).encode()))
    return base64.b64encode(inner).decode()


def contents(bundle: Path) -> str:
    """Everything in a bundle: every file, each Helm record decoded."""
    return "\n".join([*files_of(bundle).values(), *map(json.dumps, helm_records(bundle))])


CANARIES = [CANARY, base64.b64encode(CANARY.encode()).decode().rstrip("=")]


@pytest.fixture
def canaries(server: ApiServer, tmp_path: Path) -> ApiServer:
    server.objects = hide(server.objects)
    pods = [o["metadata"]["name"] for o in server.objects if o["kind"] == "Pod"]
    lines = f"Authorization: Bearer {CANARY}\nGET https://u:{CANARY}@h/x\nFound invalid CiliumNetworkPolicy\n"
    server.logs = {(name, "cnp-validator"): lines for name in pods}
    server.kubeconfig(tmp_path, user={"token": CANARY})
    return server


def test_no_secret_is_in_a_bundle_and_the_report_stays(canaries: ApiServer, bundle: Path) -> None:
    same(bundle)
    saved = collect(bundle, "--force")
    everything = contents(bundle) + saved.out + saved.err
    assert [found for found in CANARIES if found in everything] == []
    assert "redacted-" in everything


def test_no_secret_is_in_any_output_of_either(canaries: ApiServer, bundle: Path, tmp_path: Path) -> None:
    collect(bundle)
    outputs = [word for kind in FORMATS for word in ("-o", f"{kind}={tmp_path / f'report.{kind}'}")]
    for source in (["--context", "test"], [str(bundle)]):
        ran = upgradecheck("scan", *source, "-v", *outputs, *words(CASE), cwd=CASE)
        assert ran.code == 1, ran.err
        reports = [path.read_text(encoding="utf-8") for path in tmp_path.glob("report.*")]
        assert len(reports) == len(FORMATS)
        assert [found for found in CANARIES if found in "".join([*reports, ran.out, ran.err])] == []


def test_a_rule_of_ones_own_about_secrets_brings_none_into_the_bundle(
    canaries: ApiServer, bundle: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "packs" / "own"
    pack.mkdir(parents=True)
    (pack / "component.yaml").write_text("title: Own\nalways: true\n")
    rule = (
        "title: t\nseverity: warning\ncheck: object\nparams: {kind: Secret, where: {data.password: {exists: true}}}\n"
    )
    (pack / "login.yaml").write_text(rule + 'message: "Secret {name}"\nwhy: w\nreferences: [r]\n')
    options = ["--rules", str(pack.parent), "--select", "own/login"]
    saved = collect(bundle, *options)
    assert saved.code == 0, saved.err
    assert [found for found in CANARIES if found in contents(bundle)] == []
    secrets = json.loads(files_of(bundle)["api/v1/namespaces/kube-system/secrets.json"])["items"]
    login = next(item for item in secrets if item["metadata"]["name"] == "login")
    assert sorted(login["data"]) == ["password", "plain"]
    assert login["data"]["password"].startswith("redacted-")


def test_the_same_secret_is_the_same_token_in_one_bundle_and_another_in_the_next(
    canaries: ApiServer, bundle: Path, tmp_path: Path
) -> None:
    def tokens(path: Path) -> set[str]:
        pods = json.loads(files_of(path)["api/v1/namespaces/shop/pods.json"])["items"]
        values = {pod["spec"]["containers"][0]["env"][0]["value"] for pod in pods}
        return values | {release["config"]["db"]["password"] for release in helm_records(path)}

    collect(bundle)
    collect(tmp_path / "next.tar.gz")
    (one,), (next_one,) = tokens(bundle), tokens(tmp_path / "next.tar.gz")
    assert one != next_one
    assert len(one) == len("redacted-") + 16


def test_a_web_page_of_a_proxy_is_refused(server: ApiServer, bundle: Path) -> None:
    server.always["/api/v1/nodes"] = raw(b"<html>log in</html>", "text/html")
    assert collect(bundle).code == 4
