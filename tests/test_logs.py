"""Pod logs, in the layouts of the tools that write them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from state import STATE, as_list, obj, tar, to_yaml, tree, typed, zipped

from upgradecheck.cluster import Cluster
from upgradecheck.sources import Limits, load

PODS = {"objects.yaml": to_yaml(as_list(STATE))}
TEXT = "first\nlevel=error msg=second\nthird\n"
LINES = [(1, "first"), (2, "level=error msg=second"), (3, "third")]

LAYOUTS = {
    # the file, and whose log it is
    "logs-agent-x-cilium-agent-20260101-101112.log": ("kube-system", "agent-x", "cilium-agent", False),
    "logs-agent-x-cilium-agent-20260101-101112-prev.log": ("kube-system", "agent-x", "cilium-agent", True),
    "pods/logs/shop/web-1/main.log": ("shop", "web-1", "main", False),
    "pods/logs/gone/away-1/main-previous.log": ("gone", "away-1", "main", True),
    "namespaces/shop/pods/web-1/main/main/logs/current.log": ("shop", "web-1", "main", False),
    "namespaces/shop/pods/web-1/main/main/logs/previous.log": ("shop", "web-1", "main", True),
    "shop/web-1_main.log": ("shop", "web-1", "main", False),
    "shop/web-1.log": ("shop", "web-1", "", False),
    "web-2.log": ("shop", "web-2", "", False),
    "web-2.txt": ("shop", "web-2", "", False),
    "web-2_main.log": ("shop", "web-2", "main", False),
    "shop_web-2_main.log": ("shop", "web-2", "main", False),
    "agent-x/agent.log": ("kube-system", "agent-x", "agent", False),
}


def told(cluster: Cluster) -> list[tuple[str, str, str, bool]]:
    return [(g.namespace, g.pod, g.container, g.previous) for g in cluster.logs()]


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("packed", ["folder", "tar.gz", "zip"])
def test_a_log_is_known_by_where_it_stands(tmp_path: Path, name: str, packed: str) -> None:
    files = {**PODS, name: TEXT}
    match packed:
        case "folder":
            tree(tmp_path, files)
        case "tar.gz":
            tree(tmp_path, {"dump.tar.gz": tar(files)})
        case "zip":
            tree(tmp_path, {"dump.zip": zipped(files)})
    loaded = load([tmp_path])
    assert (loaded.problems, loaded.skipped) == ((), ())
    assert told(loaded.cluster) == [LAYOUTS[name]]
    assert list(loaded.cluster.logs()[0].lines()) == LINES


def test_a_log_whose_pod_is_not_certain_is_not_guessed(tmp_path: Path) -> None:
    tree(tmp_path, {**PODS, "other/web-9.log": TEXT, "logs-unknown-main-20260101-101112.log": TEXT})
    loaded = load([tmp_path])
    assert loaded.cluster.logs() == ()
    assert [Path(name).name for name, _ in loaded.skipped] == ["logs-unknown-main-20260101-101112.log", "web-9.log"]


def test_names_that_fit_several_pods(tmp_path: Path) -> None:
    pods = [
        obj("v1", "Pod", name, space) for name, space in (("web", "a"), ("web", "b"), ("agent", "a"), ("agent-x", "a"))
    ]
    files = {"b/web.log": TEXT, "b/web_main.log": TEXT, "web.log": TEXT, "logs-agent-x-c-20260101-101112.log": TEXT}
    loaded = load([tree(tmp_path, {"objects.yaml": to_yaml(as_list(pods)), **files})])
    assert told(loaded.cluster) == [("a", "agent-x", "c", False), ("b", "web", "", False), ("b", "web", "main", False)]
    assert [Path(name).name for name, _ in loaded.skipped] == ["web.log"], "it could be of either"


def test_logs_are_chosen_by_namespace_pod_and_container(tmp_path: Path) -> None:
    tree(tmp_path, {**PODS, "shop/web-1_main.log": TEXT, "shop/web-1_side.log": TEXT, "agent-x.log": TEXT})
    cluster = load([tmp_path]).cluster
    assert len(cluster.logs()) == 3
    assert len(cluster.logs("shop")) == 2
    assert [g.container for g in cluster.logs("shop", "web-", "side")] == ["side"]
    assert cluster.logs("kube-system", "web") == ()


SECTIONS = """==== START logs for container init of pod shop/web-1 ====
one
{"kind": "not an object"}
==== END logs for container init of pod shop/web-1 ====
==== START logs for container main of pod shop/web-1 ====
==== START logs for container evil of pod shop/web-2 ====
two
==== END logs for container main of pod shop/web-1 ====
==== START logs for container gone of pod shop/web-1 ====
Request log error: container not found
==== END logs for container gone of pod shop/web-1 ====
"""


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
def test_the_log_files_of_cluster_info_dump(tmp_path: Path, packed: bool) -> None:
    stray = "==== END logs for container none of pod shop/web-1 ====\n"
    files = {"shop/web-1/logs.txt": stray + SECTIONS, "shop/pods.json": json.dumps(typed("v1", "PodList", STATE[5:7]))}
    tree(tmp_path, {"dump.zip": zipped(files)} if packed else files)
    loaded = load([tmp_path])
    assert (loaded.problems, loaded.skipped) == ((), ())
    first, second = loaded.cluster.logs()
    assert (first.container, list(first.lines())) == ("init", [(3, "one"), (4, '{"kind": "not an object"}')])
    assert (second.container, list(second.lines())[-1]) == ("main", (8, "two"))


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_cluster_info_dump_on_standard_output(form: str) -> None:
    lists = [typed("v1", "NodeList", STATE[2:4])]
    for space in ("kube-system", "shop"):
        lists += [
            typed("v1", "EventList", []),
            typed("v1", "ReplicationControllerList", []),
            typed("v1", "ServiceList", []),
            typed("apps/v1", "DaemonSetList", []),
            typed("apps/v1", "DeploymentList", []),
            typed("apps/v1", "ReplicaSetList", []),
            typed("v1", "PodList", [o for o in STATE if o["kind"] == "Pod" and o["metadata"]["namespace"] == space]),
        ]
    if form == "json":
        text = "\n".join(json.dumps(one, indent=4) for one in lists[:-1]) + "\n" + SECTIONS + json.dumps(lists[-1])
    else:
        text = to_yaml(*lists[:-1]) + SECTIONS + "---\n" + to_yaml(lists[-1])
    loaded = load(["-"], stdin=io.BytesIO(text.encode()))
    assert loaded.problems == ()
    assert loaded.cluster.kinds() == {"Node": 2, "Pod": 3}
    assert [g.container for g in loaded.cluster.logs("shop")] == ["init", "main"]
    line, first = next(loaded.cluster.logs("shop")[0].lines())
    assert text.splitlines()[line - 1] == first == "one"
    assert loaded.cluster.coverage("DaemonSet.apps", "shop").value == "complete"
    assert loaded.cluster.coverage("DaemonSet.apps").value == "partial"


def test_only_the_newest_part_of_a_huge_log_is_read(tmp_path: Path) -> None:
    text = "".join(f"line {n}\n" for n in range(1, 2001))
    tree(tmp_path, {**PODS, "web-1.log": text, "dump.zip": zipped({"web-2.log": text})})
    cluster = load([tmp_path], limits=Limits(log=1000)).cluster
    for log in cluster.logs():
        lines = list(log.lines())
        assert lines[-1] == (2000, "line 2000")
        assert all(line == f"line {number}" for number, line in lines)
        assert 50 < len(lines) < 120


def test_the_newest_part_of_a_section_keeps_its_lines() -> None:
    text = "".join(f"line {n}\n" for n in range(1, 2001))
    mark = "logs for container main of pod shop/web-1 ====\n"
    dump = f"{json.dumps(STATE[5])}\n==== START {mark}{text}==== END {mark}"
    (log,) = load(["-"], stdin=io.BytesIO(dump.encode()), limits=Limits(log=1000)).cluster.logs()
    number, first = next(log.lines())
    assert dump.splitlines()[number - 1] == first != "line 1"


def test_a_log_is_not_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    tree(tmp_path, {**PODS, "web-1.log": TEXT})
    (log,) = load([tmp_path]).cluster.logs()
    (tmp_path / "web-1.log").write_text("changed\n")
    assert list(log.lines()) == [(1, "changed")]
    (tmp_path / "web-1.log").unlink()
    assert list(log.lines()) == []
