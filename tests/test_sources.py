"""Every way to write a cluster down gives the same cluster; everything else gives one clear line."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from state import SHARED_DUMPS, STATE, as_list, obj, record, shown, tar, to_yaml, tree, typed, zipped

from upgradecheck.cluster import Cluster, Coverage
from upgradecheck.model import Object, Origin
from upgradecheck.sources import Limits, Loaded, load, read_manifests
from upgradecheck.yaml import Chunk

FILES = {f"{o['kind'].lower()}s/{o['metadata']['name']}.yaml": to_yaml(o) for o in STATE}


def typed_lists() -> dict[str, str]:
    kinds = sorted({(o["apiVersion"], o["kind"]) for o in STATE})
    return {
        f"{kind}.json": json.dumps(typed(api, f"{kind}List", [o for o in STATE if o["kind"] == kind]))
        for api, kind in kinds
    }


WRITTEN: dict[str, Callable[[Path], Any]] = {
    "one List": lambda d: tree(d, {"a.yaml": to_yaml(as_list(STATE))}) / "a.yaml",
    "documents": lambda d: tree(d, {"a.yaml": to_yaml(*STATE)}) / "a.yaml",
    "documents backwards": lambda d: tree(d, {"a.yml": to_yaml(*reversed(STATE))}) / "a.yml",
    "JSON": lambda d: tree(d, {"a.json": json.dumps(as_list(STATE), indent=4)}) / "a.json",
    "JSON one after another": lambda d: tree(d, {"a.json": "\n".join(map(json.dumps, STATE))}) / "a.json",
    "JSON array": lambda d: tree(d, {"a.json": json.dumps(STATE)}) / "a.json",
    "typed lists": lambda d: tree(d, typed_lists()),
    "folder": lambda d: tree(d, FILES),
    "named like nothing": lambda d: tree(d, {"state": to_yaml(as_list(STATE))}),
    "windows": lambda d: tree(d, {"a.yaml": to_yaml(as_list(STATE)).replace("\n", "\r\n").encode("utf-16")}),
    "tar": lambda d: tree(d, {"a.tar": tar(FILES, "w")}) / "a.tar",
    "tar.gz": lambda d: tree(d, {"a.tar.gz": tar(FILES)}) / "a.tar.gz",
    "tgz with another name": lambda d: tree(d, {"bundle": tar(FILES)}) / "bundle",
    "zip": lambda d: tree(d, {"a.zip": zipped(FILES)}) / "a.zip",
    "archive in a folder": lambda d: tree(d, {"x/a.zip": zipped(FILES)}),
    "gz": lambda d: tree(d, {"a.json.gz": gzip.compress(json.dumps(as_list(STATE)).encode())}) / "a.json.gz",
    "standard input": lambda d: io.BytesIO(to_yaml(as_list(STATE)).encode()),
    "archive on standard input": lambda d: io.BytesIO(tar(FILES)),
    "twice": lambda d: tree(d, {"a.yaml": to_yaml(as_list(STATE)), "b.json": json.dumps(as_list(STATE))}),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_the_same_state_gives_the_same_cluster(tmp_path: Path, written: Callable[[Path], Any]) -> None:
    given = written(tmp_path)
    loaded = load(["-"], stdin=given) if isinstance(given, io.BytesIO) else load([given])
    assert loaded.problems == ()
    assert loaded.skipped == ()
    assert shown(loaded.cluster) == shown(load(STATE).cluster)
    assert loaded.cluster.newest == datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    assert loaded.cluster.kinds()["Pod"] == 3


def test_objects_in_memory_are_an_input_too() -> None:
    cluster = load([as_list(STATE[:5]), typed("v1", "PodList", STATE[5:7]), *STATE[7:-1], Object.of(STATE[-1])]).cluster
    assert shown(cluster) == shown(load(STATE).cluster)
    assert cluster.coverage("Node") is Coverage.COMPLETE
    assert load([typed("apps/v1", "DaemonSetList", [])]).cluster.coverage("DaemonSet.apps") is Coverage.COMPLETE
    assert load([as_list([record("tiny", 1)])]).cluster.releases[0].name == "tiny"


def test_every_object_knows_its_line(tmp_path: Path) -> None:
    text = to_yaml(as_list(STATE), STATE[7])
    tree(tmp_path, {"d/a.yaml": text, "b.tar.gz": tar({"top/c.yaml": to_yaml(obj("v1", "Service", "s", "shop"))})})
    cluster = load([tmp_path / "d", tmp_path / "b.tar.gz"]).cluster
    node = cluster.get("Node", "node-2")
    assert node is not None
    line = node.at("status", "nodeInfo", "kubeletVersion").line
    assert text.splitlines()[line - 1].strip() == "kubeletVersion: v1.32.9"
    assert node.origin.file == str(tmp_path / "d" / "a.yaml")
    service = cluster.get("Service", "s", "shop")
    assert service is not None
    assert service.origin.member == "top/c.yaml"
    assert str(service.at("metadata", "name")).endswith("b.tar.gz!top/c.yaml:4")


SKIPPED: dict[str, tuple[str | bytes, str]] = {
    "pods.txt": (
        "NAME     READY   STATUS    RESTARTS   AGE\nweb-1    1/1     Running   0          5m\n",
        "a kubectl table: use -o yaml",
    ),
    "wide.yaml": (
        "NAMESPACE     NAME       READY   STATUS\nshop  web-1    1/1     Running\n",
        "a kubectl table: use -o yaml",
    ),
    "described.txt": (
        "Name:         web-1\nNamespace:    shop\n",
        "the text of kubectl describe: use kubectl get -o yaml",
    ),
    "values.yaml": ("replicas: 3\nimage: {tag: v1}\n", "looks like Helm values: name it with --current-values or -f"),
    "headed.yaml": ("USER-SUPPLIED VALUES:\na: 1\n", "looks like Helm values: name it with --current-values or -f"),
    "notes.txt": ("remember the milk\n", "no Kubernetes data"),
    "command.txt": ("helm upgrade cilium cilium/cilium\n", "no Kubernetes data"),
    "README.md": ("# hello\n", "no Kubernetes data"),
    "event.html": ("<html></html>", "no Kubernetes data"),
    "empty.yaml": ("", "empty"),
    "null.yaml": ("null\n", "empty"),
    "raw.bin": (b"\x00\x01\x02\x03", "binary"),
    "history.json": (
        '[{"revision": 1, "status": "deployed", "chart": "a-1.0.0", "description": ""}]',
        "helm history, which does not name its release: helm list -o json",
    ),
    "kubeconfig": (
        "apiVersion: v1\nkind: Config\nusers: []\n",
        "a kubeconfig: not read: YAML or JSON of Kubernetes objects",
    ),
    "package.json": ('{"name": "x", "version": "1"}', "no Kubernetes data"),
    "my-values.json": ('{"a": {"b": 1}}', "looks like Helm values: name it with --current-values or -f"),
    "pods-errors.json": (
        '["forbidden"]',
        "what the support bundle could not collect: YAML or JSON of Kubernetes objects",
    ),
    "some.log": ("starting\n", "a log, but it is not clear of which Pod: NAMESPACE/POD_CONTAINER.log and its Pods"),
}


@pytest.mark.parametrize("name", SKIPPED)
def test_in_a_folder_other_files_are_skipped_with_a_reason(tmp_path: Path, name: str) -> None:
    text, why = SKIPPED[name]
    tree(tmp_path, {name: text, "node.yaml": to_yaml(STATE[2])})
    loaded = load([tmp_path])
    assert loaded.skipped == ((str(tmp_path / name), why),)
    assert loaded.problems == ()
    assert loaded.cluster.kinds() == {"Node": 1}


@pytest.mark.parametrize("name", [n for n in SKIPPED if n != "null.yaml"])
def test_what_a_person_names_must_be_readable(tmp_path: Path, name: str) -> None:
    tree(tmp_path, {name: SKIPPED[name][0], "node.yaml": to_yaml(STATE[2])})
    loaded = load([tmp_path / name, tmp_path / "node.yaml"])
    (problem,) = loaded.problems
    assert problem.origin.file == str(tmp_path / name)
    assert problem.text
    assert problem.expected
    assert "\n" not in str(problem)
    assert loaded.cluster.kinds() == {"Node": 1}


GOOD = to_yaml(STATE[2])
BAD: dict[str, tuple[str | bytes, int, str]] = {
    # what stands in the file, the line that is told, a word of the reason
    "tab.yaml": ("apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n", 4, ""),
    "quote.yaml": ('apiVersion: v1\nkind: Pod\nmetadata: {name: "x}\n', 0, ""),
    "binary.yaml": (b"\x00\x01\x02", 0, "binary"),
    "cut.json": ('{"apiVersion": "v1", "kind": "Pod", "metadata": {"na', 0, ""),
    "template.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  {{- if .Values.x }}\n  name: {{ .x }}\n",
        4,
        "Helm template",
    ),
    "second.yaml": (GOOD.replace("node-1", "node-9") + "---\nkind: [\n---\n" + GOOD.replace("node-1", "node-8"), 0, ""),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("folder", [True, False], ids=["in a folder", "named"])
def test_broken_data_is_one_clear_line_and_the_rest_is_read(tmp_path: Path, name: str, folder: bool) -> None:
    text, line, word = BAD[name]
    tree(tmp_path, {name: text, "good.yaml": GOOD})
    loaded = load([tmp_path] if folder else [tmp_path / name, tmp_path / "good.yaml"])
    (problem,) = loaded.problems
    assert problem.origin.file == str(tmp_path / name)
    assert word in problem.text
    assert problem.expected
    assert "\n" not in str(problem)
    if line:
        assert problem.origin.line == line
    assert loaded.cluster.get("Node", "node-1") is not None
    if name == "second.yaml":
        assert loaded.cluster.get("Node", "node-9") is not None
        assert loaded.cluster.get("Node", "node-8") is not None


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    loaded = load([tmp_path / "nowhere"])
    assert [str(p) for p in loaded.problems] == [f"{tmp_path / 'nowhere'}: no such file or folder"]


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, {"a.yaml": GOOD, "b.yaml": GOOD})
    whole = Path.open

    def refuse(path: Path, *words: Any, **more: Any) -> Any:
        if path.name == "a.yaml":
            raise PermissionError(13, "Permission denied")
        return whole(path, *words, **more)

    monkeypatch.setattr(Path, "open", refuse)
    loaded = load([tmp_path])
    assert [str(p) for p in loaded.problems] == [f"{tmp_path / 'a.yaml'}: permission denied"]
    assert loaded.cluster.kinds() == {"Node": 1}


def test_hidden_files_and_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, {"secret/away.yaml": to_yaml(STATE[3]), "dump/.git/x.yaml": GOOD, "dump/.hidden.yaml": GOOD})
    tree(tmp_path, {"dump/real/pod.yaml": to_yaml(STATE[4])})
    (tmp_path / "dump" / "out.yaml").symlink_to(tmp_path / "secret" / "away.yaml")
    (tmp_path / "dump" / "outside").symlink_to(tmp_path / "secret")
    (tmp_path / "dump" / "loop").symlink_to(tmp_path / "dump")
    (tmp_path / "dump" / "again.yaml").symlink_to(tmp_path / "dump" / "real" / "pod.yaml")
    loaded = load([tmp_path / "dump"])
    assert loaded.cluster.kinds() == {"Pod": 1}
    assert loaded.problems == ()
    assert [why for _, why in loaded.skipped] == [
        "a link out of the folder: not followed",
        "a link out of the folder: not followed",
        "a link out of the folder: not followed",
    ]


def test_a_folder_without_end_is_stopped(tmp_path: Path) -> None:
    tree(tmp_path, {f"{n}.yaml": GOOD for n in range(9)})
    (problem,) = load([tmp_path], limits=Limits(files=5)).problems
    assert problem.text == "more than 5 files"
    deep = tmp_path / "deep" / "/".join("d" * 80)
    deep.mkdir(parents=True)
    assert load([tmp_path / "deep"]).skipped[0][1] == "folders nested too deep"


def test_what_is_about_to_be_applied_does_not_run(tmp_path: Path) -> None:
    tree(tmp_path, {"new.yaml": to_yaml(obj("v1", "Pod", "new", "shop")), "v.yaml": "a: 1\n", "old.yaml": GOOD})
    loaded = load([tmp_path], apart=[tmp_path / "new.yaml", tmp_path / "v.yaml"])
    assert loaded.cluster.kinds() == {"Node": 1}
    assert loaded.skipped == ()


def test_a_chart_in_the_folder_is_no_cluster(tmp_path: Path) -> None:
    chart = {
        "chart/templates/a.yaml": "kind: {{ .x }}\n",
        "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "chart/crds/c.yaml": to_yaml(obj("apiextensions.k8s.io/v1", "CustomResourceDefinition", "x")),
        "chart/values.yaml": "a: 1\n",
    }
    tree(tmp_path, {**chart, "node.yaml": GOOD, "bundle.tgz": tar({**chart, "pod.yaml": to_yaml(STATE[4])})})
    loaded = load([tmp_path])
    assert loaded.problems == ()
    assert loaded.cluster.kinds() == {"Node": 1, "Pod": 1}


def test_the_order_of_inputs_changes_nothing(tmp_path: Path) -> None:
    tree(tmp_path, {**FILES, "pods.txt": SKIPPED["pods.txt"][0], "bad.yaml": "a: [\n"})
    parts = sorted(tmp_path.iterdir())

    def told(loaded: Loaded) -> Any:
        return shown(loaded.cluster), loaded.problems, [o.origin for o in loaded.cluster.of("Pod")]

    assert told(load(parts)) == told(load(list(reversed(parts))))
    assert told(load([*parts, *parts])) == told(load(parts))


def test_progress_counts_bytes_up_to_all_of_them(tmp_path: Path) -> None:
    tree(tmp_path, FILES)
    steps: list[tuple[int, int]] = []
    load([tmp_path], progress=lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1] == sum(len(text) for text in FILES.values())


VERSIONS: dict[str, tuple[str, str, str | None]] = {
    "version.json": (
        json.dumps({"clientVersion": {"gitVersion": "v1.35.0"}, "serverVersion": {"gitVersion": "v1.33.1+k3s1"}}),
        "v1.33.1+k3s1",
        "v1.35.0",
    ),
    "version.yaml": (
        "clientVersion:\n  gitVersion: v1.35.0\nserverVersion:\n  gitVersion: v1.33.1\n",
        "v1.33.1",
        "v1.35.0",
    ),
    "cluster-info/cluster_version.json": (
        json.dumps({"info": {"gitVersion": "v1.30.2", "major": "1"}, "string": "v1.30.2"}),
        "v1.30.2",
        None,
    ),
    "raw.json": (json.dumps({"major": "1", "minor": "29+", "gitVersion": "v1.29.4-gke.100"}), "v1.29.4-gke.100", None),
    "version.txt": ("Client Version: v1.35.0\nKustomize Version: v5\nServer Version: v1.31.0\n", "v1.31.0", "v1.35.0"),
    "k8s-version-20260101-000000.txt": (
        'version.Info{Major:"1", Minor:"28", GitVersion:"v1.28.3", GitCommit:"x"}',
        "v1.28.3",
        None,
    ),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_the_servers_version_is_read_from_whatever_says_it(tmp_path: Path, name: str) -> None:
    text, server, kubectl = VERSIONS[name]
    loaded = load([tree(tmp_path, {name: text})])
    assert (loaded.problems, loaded.skipped) == ((), ())
    assert loaded.cluster.server == server
    assert loaded.cluster.tools.get("kubectl") == kubectl


def test_manifests_are_read_as_kubectl_apply_reads_them(tmp_path: Path) -> None:
    tree(
        tmp_path, {"b.yaml": to_yaml(STATE[2], STATE[3]), "a.json": json.dumps(as_list(STATE[4:6])), "sub/c.yml": GOOD}
    )
    tree(tmp_path, {"notes.txt": "x", "bad.yaml": "a: 1\n"})
    objects, problems = read_manifests([tmp_path])
    assert [o.name for o in objects] == ["agent-x", "web-1", "node-1", "node-2"]
    assert [str(p) for p in problems] == [
        f"{tmp_path / 'bad.yaml'}:1: no Kubernetes object; expected apiVersion and kind"
    ]
    assert len(read_manifests([tmp_path], recursive=True)[0]) == 5
    assert objects[3].origin == Origin(str(tmp_path / "b.yaml"), 10) or objects[3].origin.line > 1
    assert read_manifests(["-"], stdin=io.BytesIO(GOOD.encode()))[0][0].name == "node-1"
    for path, word in ((tmp_path / "none.yaml", "no such file"), ("https://example.com/x.yaml", "nothing is fetched")):
        found, wrong = read_manifests([path])
        assert found == ()
        assert word in wrong[0].text


@pytest.mark.skipif(not SHARED_DUMPS.is_dir(), reason="the recorded dumps are not here")
class TestRecordedDumps:
    """Dumps that kubectl and Helm wrote on a real API server."""

    def test_spiderpool(self, monkeypatch: pytest.MonkeyPatch) -> None:
        built: list[str] = []
        whole = Chunk.build
        monkeypatch.setattr(Chunk, "build", lambda chunk: (built.append(chunk.kind), whole(chunk))[1])  # type: ignore[func-returns-value]
        folder = SHARED_DUMPS / "spiderpool-subnet"
        values = folder / "helm-values.yaml"
        loaded = load([folder], current_values=[f"spiderpool={values}"])
        assert loaded.problems == ()
        assert {Path(name).name for name, _ in loaded.skipped} == {"command.txt", "pods.txt", "really.txt"}
        assert set(built) <= {""}, "only bare documents are built"
        cluster = loaded.cluster
        assert cluster.kinds()["Pod"] == 26
        crd = cluster.get(
            "CustomResourceDefinition.apiextensions.k8s.io", "network-attachment-definitions.k8s.cni.cncf.io"
        )
        assert crd is not None
        assert crd.origin == Origin(str(folder / "objects.yaml"), 12258)
        (release,) = cluster.releases
        assert (release.name, release.namespace, release.chart, release.version) == (
            "spiderpool",
            "kube-system",
            "spiderpool",
            "0.6.0",
        )
        assert release.values is not None
        assert release.values.origin(("ipam", "spidersubnet", "enable")) == Origin(str(values), 7)
        assert cluster.coverage("DaemonSet.apps") is Coverage.PARTIAL
        assert cluster.coverage("DaemonSet.apps", "kube-system") is Coverage.COMPLETE
        assert cluster.coverage("Pod") is Coverage.COMPLETE
        assert cluster.coverage("SpiderEndpoint.spiderpool.spidernet.io") is Coverage.UNKNOWN
        assert cluster.newest is not None
        assert cluster.newest.date().isoformat() == "2026-11-21"

    def test_every_dump_is_read_without_a_problem(self) -> None:
        for folder in sorted(p for p in SHARED_DUMPS.iterdir() if p.is_dir()):
            loaded = load([folder])
            assert loaded.problems == ()
            cluster: Cluster = loaded.cluster
            assert cluster.kinds()["Node"] >= 1
            assert cluster.server_or_kubelet.startswith("v1.")
