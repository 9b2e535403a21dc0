"""Helm releases: decoded from Helm's own records, and told by Helm's own commands."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from state import STATE, as_list, obj, record, to_yaml, tree

from upgradecheck.cluster import Coverage
from upgradecheck.model import Origin, Release
from upgradecheck.sources import Limits, load
from upgradecheck.sources.helm_output import split_chart

MANIFEST = """---
# Source: tiny-chart/templates/a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: conf
---
# Source: tiny-chart/templates/b.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.io
"""


def one(tmp_path: Path, *objects: dict[str, Any], **more: Any) -> Release:
    tree(tmp_path, {"objects.yaml": to_yaml(as_list([*objects]))})
    loaded = load([tmp_path / "objects.yaml"], **more)
    assert loaded.problems == ()
    (release,) = loaded.cluster.releases
    return release


@pytest.mark.parametrize("configmap", [False, True], ids=["Secret", "ConfigMap"])
def test_a_record_is_decoded(tmp_path: Path, configmap: bool) -> None:
    made = record(
        "tiny", 3, version="1.2.3", config={"a": {"b": [1]}}, manifest=MANIFEST, configmap=configmap, apply_method="ssa"
    )
    release = one(tmp_path, STATE[2], made)
    assert (release.name, release.namespace, release.chart, release.version) == (
        "tiny",
        "kube-system",
        "tiny-chart",
        "1.2.3",
    )
    assert (release.status, release.revision, release.applied, release.app_version) == ("deployed", 3, "ssa", "9")
    assert release.values is not None
    assert release.values.tree == {"a": {"b": [1]}}
    assert release.values.origin(("a", "b")).line > 1
    assert release.defaults == {"colour": "blue"}
    assert release.manifest is not None
    assert [o.key for o in release.manifest] == [
        ("ConfigMap", "kube-system", "conf"),
        ("CustomResourceDefinition.apiextensions.k8s.io", "", "things.example.io"),
    ]
    assert release.manifest[0].origin == release.origin, "no line of the manifest is a line of the file"


def test_what_helm_only_wrote_down_does_not_run(tmp_path: Path) -> None:
    tree(tmp_path, {"objects.yaml": to_yaml(as_list([record("tiny", 1, manifest=MANIFEST)]))})
    assert load([tmp_path]).cluster.kinds() == {"Secret": 1}


def test_the_newest_deployed_revision_counts_and_the_others_are_history(tmp_path: Path) -> None:
    made = [
        record("tiny", 1, "superseded", version="1.0.0"),
        record("tiny", 2, "deployed", version="1.1.0", config={"x": 2}),
        record("tiny", 10, "pending-upgrade", version="1.2.0", config={"x": 10}),
        record("tiny", 9, "failed", version="1.2.0"),
    ]
    release = one(tmp_path, *made)
    assert (release.revision, release.version, release.status) == (2, "1.1.0", "deployed")
    assert release.values is not None
    assert release.values.tree == {"x": 2}
    assert [(r.number, r.status, r.version) for r in release.history] == [
        (10, "pending-upgrade", "1.2.0"),
        (9, "failed", "1.2.0"),
        (2, "deployed", "1.1.0"),
        (1, "superseded", "1.0.0"),
    ]
    assert release.newest.status == "pending-upgrade"


def test_without_a_deployed_revision_the_newest_counts(tmp_path: Path) -> None:
    release = one(tmp_path, record("tiny", 1, "failed"), record("tiny", 2, "pending-install", version="2.0.0"))
    assert (release.revision, release.version, release.status) == (2, "2.0.0", "pending-install")


def test_the_same_name_in_two_namespaces_is_two_releases(tmp_path: Path) -> None:
    tree(tmp_path, {"o.yaml": to_yaml(as_list([record("tiny", 1, namespace="b"), record("tiny", 1, namespace="a")]))})
    assert [(r.namespace, r.name) for r in load([tmp_path]).cluster.releases] == [("a", "tiny"), ("b", "tiny")]


def test_a_record_without_its_data_still_tells_its_facts(tmp_path: Path) -> None:
    made = record("tiny", 4, "deployed")
    made["data"] = {"release": "XXXXXX"}
    release = one(tmp_path, made)
    assert (release.name, release.revision, release.status, release.chart) == ("tiny", 4, "deployed", "")
    assert release.values is None
    assert release.manifest is None


def spoilt(data: bytes) -> dict[str, Any]:
    made = record("tiny", 1)
    made["data"]["release"] = base64.b64encode(base64.b64encode(data)).decode()
    return made


BROKEN = {
    "no base64": {**record("tiny", 1), "data": {"release": "*" * 100 + "hunter2"}},
    "no gzip": spoilt(b"\x1f\x8b\x08" + b"hunter2" * 30),
    "cut off": spoilt(gzip.compress(os.urandom(900) + b"hunter2")[:600]),
    "no JSON": spoilt(gzip.compress(b"hunter2: {" + os.urandom(900))),
    "no release": spoilt(gzip.compress(json.dumps({"hunter2": os.urandom(900).hex()}).encode())),
    "deep": spoilt(gzip.compress(b"[" * 100_000)),
    "bomb": spoilt(gzip.compress(b'{"name": "' + b"0" * 5_000_000 + b'"}')),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_is_one_line_that_tells_no_content(tmp_path: Path, name: str) -> None:
    tree(tmp_path, {"objects.yaml": to_yaml(as_list([STATE[2], BROKEN[name], record("other", 1)]))})
    loaded = load([tmp_path], limits=Limits(record=1 << 20))
    (problem,) = loaded.problems
    assert problem.text.startswith("Secret sh.helm.release.v1.tiny.v1: a Helm release record")
    assert problem.origin.line > 1
    assert problem.text.endswith({"bomb": "more than 1 MiB", "cut off": "that is cut off"}.get(name, ""))
    assert "hunter2" not in str(problem)
    assert [r.name for r in loaded.cluster.releases] == ["other"]


LIST = json.dumps(
    [
        {
            "name": "tiny",
            "namespace": "kube-system",
            "revision": "3",
            "updated": "",
            "status": "deployed",
            "chart": "tiny-chart-1.2.3",
            "app_version": "9",
        }
    ]
)


def test_helm_list_gives_facts_without_values(tmp_path: Path) -> None:
    loaded = load([tree(tmp_path, {"helm-list.json": LIST})])
    (release,) = loaded.cluster.releases
    assert (release.chart, release.version, release.revision, release.values) == ("tiny-chart", "1.2.3", 3, None)
    assert release.history == (), "helm list hides pending revisions, so nothing is known of them"
    assert loaded.cluster.releases_coverage is Coverage.PARTIAL
    assert release.origin == Origin(str(tmp_path / "helm-list.json"), 1)


def test_helm_list_of_nothing_is_read(tmp_path: Path) -> None:
    loaded = load([tree(tmp_path, {"helm-list.json": "[]\n"}) / "helm-list.json"])
    assert loaded.problems == ()
    assert loaded.cluster.releases_coverage is Coverage.PARTIAL
    assert load(STATE).cluster.releases_coverage is Coverage.UNKNOWN
    assert load(STATE, collected=["all"]).cluster.releases_coverage is Coverage.COMPLETE


def test_a_record_wins_over_helm_list(tmp_path: Path) -> None:
    row = json.loads(LIST)[0] | {"chart": "tiny-chart-9.9.9"}
    tree(tmp_path, {"helm-list.json": json.dumps([row]), "o.yaml": to_yaml(record("tiny", 3, version="1.2.3"))})
    (release,) = load([tmp_path]).cluster.releases
    assert release.version == "1.2.3"
    assert release.values is not None


def test_a_pending_row_beside_an_older_output_is_history(tmp_path: Path) -> None:
    row = json.loads(LIST)[0] | {"revision": "4", "status": "pending-upgrade"}
    tree(tmp_path, {"helm-list.json": json.dumps([row]), "all.txt": GET_ALL})
    (release,) = load([tmp_path]).cluster.releases
    assert (release.revision, release.status, release.newest.status) == (3, "deployed", "pending-upgrade")


GET_ALL = f"""NAME: tiny
LAST DEPLOYED: Sat Nov 21 14:19:56 2026
NAMESPACE: kube-system
STATUS: deployed
REVISION: 3
CHART: tiny-chart
VERSION: 1.2.3
APP_VERSION: 9.9
TEST SUITE: None
USER-SUPPLIED VALUES:
colour: green

COMPUTED VALUES:
colour: green
size: 1

HOOKS:
MANIFEST:
{MANIFEST}
NOTES:
STATUS: not this one
"""


def test_helm_get_all_is_read_with_its_lines(tmp_path: Path) -> None:
    loaded = load([tree(tmp_path, {"all.txt": GET_ALL}) / "all.txt"])
    assert loaded.problems == ()
    (release,) = loaded.cluster.releases
    assert (release.chart, release.version, release.revision, release.app_version) == ("tiny-chart", "1.2.3", 3, "9.9")
    assert release.values is not None
    assert release.values.tree == {"colour": "green"}
    assert release.values.origin(("colour",)) == Origin(str(tmp_path / "all.txt"), 11)
    assert release.manifest is not None
    crd = release.manifest[1]
    assert GET_ALL.splitlines()[crd.at("metadata", "name").line - 1] == "  name: things.example.io"
    assert loaded.cluster.kinds() == {}


def test_helm_get_manifest_joins_the_release_of_its_chart(tmp_path: Path) -> None:
    loaded = load([tree(tmp_path, {"helm-list.json": LIST, "manifest.yaml": MANIFEST})])
    (release,) = loaded.cluster.releases
    assert release.manifest is not None
    assert len(release.manifest) == 2
    assert loaded.cluster.kinds() == {}


def test_a_manifest_of_another_version_or_of_nobody_is_not_taken_for_what_runs(tmp_path: Path) -> None:
    newer = MANIFEST.replace("name: conf", "name: conf\n  labels: {helm.sh/chart: tiny-chart-2.0.0}")
    loaded = load([tree(tmp_path / "a", {"helm-list.json": LIST, "new.yaml": newer})])
    assert loaded.cluster.releases[0].manifest is None
    assert "another version of tiny-chart" in loaded.skipped[0][1]
    alone = load([tree(tmp_path / "b", {"manifest.yaml": MANIFEST})])
    assert alone.cluster.kinds() == {}
    assert "not clear of which release: helm list -o json" in alone.skipped[0][1]
    named = load([tmp_path / "b" / "manifest.yaml"])
    assert "not clear of which release" in named.problems[0].text


def test_current_values_by_name_and_without(tmp_path: Path) -> None:
    tree(tmp_path, {"helm-list.json": LIST, "v.yaml": "a:\n  b: 1\n"})
    values = tmp_path / "v.yaml"
    for name in ("tiny", "kube-system/tiny"):
        loaded = load([tmp_path], current_values=[f"{name}={values}"])
        (release,) = loaded.cluster.releases
        assert release.values is not None
        assert release.values.origin(("a", "b")) == Origin(str(values), 2)
        assert loaded.skipped == (), "a file that was named is not skipped as well"
        assert loaded.unnamed_values == ()
    loaded = load([tmp_path], current_values=[str(values)])
    assert loaded.unnamed_values[0].tree == {"a": {"b": 1}}
    assert loaded.cluster.releases[0].values is None


def test_current_values_of_a_release_that_nothing_else_names(tmp_path: Path) -> None:
    tree(tmp_path, {"v.yaml": "a: 1\n"})
    (release,) = load(STATE, current_values=[f"mine={tmp_path / 'v.yaml'}"]).cluster.releases
    assert (release.name, release.version) == ("mine", "")


def test_current_values_that_fit_two_releases_are_asked_about(tmp_path: Path) -> None:
    rows = json.loads(LIST)
    tree(tmp_path, {"l.json": json.dumps([*rows, rows[0] | {"namespace": "b"}]), "v.yaml": "a: 1\n"})
    loaded = load([tmp_path], current_values=[f"tiny={tmp_path / 'v.yaml'}"])
    assert loaded.problems[0].text == "release tiny is in b, kube-system"
    assert loaded.problems[0].expected == "NAMESPACE/tiny=FILE"


@pytest.mark.parametrize("text", [to_yaml(STATE[2]), "- a\n- b\n", "a: [\n", "a: {{ .Values.x }}\n"])
def test_what_is_no_values_file_is_refused(tmp_path: Path, text: str) -> None:
    tree(tmp_path, {"v.yaml": text})
    loaded = load(STATE, current_values=[str(tmp_path / "v.yaml")])
    (problem,) = loaded.problems
    assert str(tmp_path / "v.yaml") in str(problem)
    assert problem.expected
    assert "\n" not in str(problem)
    assert loaded.unnamed_values == ()


def test_a_support_bundles_helm_file(tmp_path: Path) -> None:
    told = [
        {
            "releaseName": "tiny",
            "chart": "tiny-chart",
            "chartVersion": "1.2.3",
            "appVersion": "9",
            "namespace": "a",
            "releaseHistory": [
                {"revision": 1, "status": "deployed", "values": {"x": 1}},
                {"revision": 2, "status": "pending-upgrade", "isPending": True, "values": {"x": 2}},
            ],
        }
    ]
    loaded = load([tree(tmp_path, {"helm/a.json": json.dumps(told)})])
    (release,) = loaded.cluster.releases
    assert (release.version, release.revision, release.newest.number) == ("1.2.3", 1, 2)
    assert release.values is not None
    assert release.values.tree == {"x": 1}


def test_a_cilium_sysdump_keeps_a_release_in_two_files(tmp_path: Path) -> None:
    metadata = {
        "name": "cilium",
        "chart": "cilium",
        "version": "1.14.2",
        "appVersion": "1.14.2",
        "namespace": "kube-system",
        "revision": 2,
        "status": "deployed",
        "deployedAt": "2026-01-01T00:00:00Z",
    }
    when = "20260101-000000"
    files = {
        f"cilium-helm-metadata-{when}.yaml": to_yaml(metadata),
        f"cilium-helm-values-{when}.yaml": "hubble:\n  enabled: true\n",
        f"tetragon-helm-values-{when}.yaml": "a: 1\n",
    }
    loaded = load([tree(tmp_path, files)])
    (release,) = loaded.cluster.releases
    assert (release.name, release.version, release.revision) == ("cilium", "1.14.2", 2)
    assert release.values is not None
    assert release.values.tree == {"hubble": {"enabled": True}}


CHARTS = {
    "cilium-1.11.7": ("cilium", "1.11.7"),
    "osm-edge-1.1.0": ("osm-edge", "1.1.0"),
    "a-b-1.2.3-rc.1": ("a-b", "1.2.3-rc.1"),
    "kube-prometheus-stack-45.7.1+up1": ("kube-prometheus-stack", "45.7.1+up1"),
    "x-2-1.0.0": ("x-2", "1.0.0"),
    "x-1.2.3-4": ("x", "1.2.3-4"),
    "foo-v1.2.3": ("foo", "v1.2.3"),
    "foo-1.0": ("foo", "1.0"),
    "foo": ("foo", ""),
    "-1.0.0": ("-1.0.0", ""),
}


@pytest.mark.parametrize("text", CHARTS)
def test_a_chart_and_its_version_are_told_apart(text: str) -> None:
    assert split_chart(text) == CHARTS[text]


class _Secrets(BaseHTTPRequestHandler):
    """As much of an API server as Helm needs to keep its records: it stores Secrets."""

    kept: dict[str, dict[str, Any]]

    def log_message(self, *words: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        fixed = {
            "/version": {"major": "1", "minor": "33", "gitVersion": "v1.33.1"},
            "/api": {"kind": "APIVersions", "versions": ["v1"]},
            "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
            "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": []},
        }
        name = path.rpartition("/")[2]
        if path in fixed:
            self._answer(200, fixed[path])
        elif name == "secrets":
            self._answer(
                200, {"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [*self.kept.values()]}
            )
        elif name in self.kept:
            self._answer(200, self.kept[name])
        else:
            self._answer(
                404, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
            )

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        made = _from_protobuf(raw[4:]) if raw.startswith(b"k8s\0") else json.loads(raw)
        self.kept[made["metadata"]["name"]] = {"kind": "Secret", "apiVersion": "v1", **made}
        self._answer(200, self.kept[made["metadata"]["name"]])

    do_PUT = do_POST  # noqa: N815

    def _answer(self, code: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a protobuf message that have a length, which are all that a Secret's do."""

    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        length, at = _varint(data, at)
        if key & 7 == 2:
            yield key >> 3, data[at : at + length]
            at += length


def _from_protobuf(data: bytes) -> dict[str, Any]:
    secret = list(_fields(dict(_fields(data))[2]))
    metadata = list(_fields(dict(secret)[1]))

    def pairs(fields: list[tuple[int, bytes]], number: int) -> dict[str, bytes]:
        entries = [dict(_fields(value)) for key, value in fields if key == number]
        return {entry[1].decode(): entry[2] for entry in entries}

    return {
        "metadata": {
            "name": dict(metadata)[1].decode(),
            "namespace": "kube-system",
            "labels": {key: value.decode() for key, value in pairs(metadata, 11).items()},
        },
        "data": {key: base64.b64encode(value).decode() for key, value in pairs(secret, 2).items()},
    }


@contextlib.contextmanager
def _server() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    kept: dict[str, dict[str, Any]] = {}
    handler = type("Secrets", (_Secrets,), {"kept": kept})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", kept
        finally:
            server.shutdown()


def test_what_real_helm_writes_and_prints_is_read(tmp_path: Path, real_helm: Path) -> None:
    tree(
        tmp_path,
        {
            "c/Chart.yaml": "apiVersion: v2\nname: tiny-chart\nversion: 1.2.3\nappVersion: '9'\n",
            "c/values.yaml": "colour: blue\n",
            "c/templates/NOTES.txt": "hello",
            "v.yaml": "colour: green\nlist: [1]\n",
        },
    )
    with _server() as (address, kept):
        env = {
            "HELM_KUBEAPISERVER": address,
            "KUBECONFIG": os.devnull,
            "HOME": str(tmp_path),
            "HELM_NAMESPACE": "kube-system",
        }

        def helm(*words: str) -> str:
            ran = subprocess.run([real_helm, *words], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
            assert ran.returncode == 0, ran.stderr
            return ran.stdout

        helm("install", "tiny", "./c", "-f", "v.yaml")
        helm("upgrade", "tiny", "./c", "-f", "v.yaml", "--set", "x=1")
        printed = {
            "list.json": helm("list", "-o", "json"),
            "all.txt": helm("get", "all", "tiny"),
            "metadata.yaml": helm("get", "metadata", "tiny", "-o", "yaml"),
            "metadata.txt": helm("get", "metadata", "tiny"),
            "status.json": helm("status", "tiny", "-o", "json"),
        }
        values = helm("get", "values", "tiny")
        version = helm("version")
    facts = ("tiny", "kube-system", 2, "deployed")
    config = {"colour": "green", "list": [1], "x": 1}
    release = one(tmp_path, *kept.values())
    assert (release.name, release.namespace, release.revision, release.status) == facts
    assert (release.chart, release.version, release.app_version, release.applied) == ("tiny-chart", "1.2.3", "9", "ssa")
    assert release.values is not None
    assert release.values.tree == config
    assert release.defaults == {"colour": "blue"}
    assert [(r.number, r.status) for r in release.history] == [(2, "deployed"), (1, "superseded")]
    for name, text in printed.items():
        loaded = load([tree(tmp_path / name, {name: text}) / name])
        assert loaded.problems == ()
        (told,) = loaded.cluster.releases
        assert (told.name, told.namespace, told.revision, told.status) == facts, name
        assert told.version == ("" if name == "status.json" else "1.2.3"), name
        if told.values is not None:
            assert told.values.tree == config
    tree(tmp_path, {"now.yaml": values, "helm-version.txt": version})
    loaded = load(
        [tmp_path / "helm-version.txt", tmp_path / "list.json"], current_values=[f"tiny={tmp_path / 'now.yaml'}"]
    )
    assert loaded.problems == ()
    assert loaded.cluster.releases[0].values is not None
    assert loaded.cluster.releases[0].values.tree == config
    assert loaded.cluster.tools["helm"].startswith("v")


def test_records_are_read_from_standard_input() -> None:
    text = json.dumps(as_list([record("tiny", 1), obj("v1", "Secret", "other", "a", data={"k": "dg=="})]))
    assert [r.name for r in load(["-"], stdin=io.BytesIO(text.encode())).cluster.releases] == ["tiny"]
