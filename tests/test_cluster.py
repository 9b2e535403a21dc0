"""What a cluster says about what is there, and about what it could not see."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from state import as_list, obj, to_yaml, tree, typed

from upgradecheck.cluster import Cluster, Coverage, UndeclaredRead
from upgradecheck.errors import UsageError
from upgradecheck.model import Object, Origin
from upgradecheck.sources import load

C, P, U, D = Coverage.COMPLETE, Coverage.PARTIAL, Coverage.UNKNOWN, Coverage.DENIED


def pods(*spaces: str) -> list[dict[str, Any]]:
    return [obj("v1", "Pod", f"pod-{i}", space) for i, space in enumerate(spaces)]


NODE = obj("v1", "Node", "node-1")
NAMESPACES = [obj("v1", "Namespace", n) for n in ("a", "b")]

COVERAGE: dict[str, tuple[list[Any], list[str], str, str | None, Coverage]] = {
    # what was given, --collected, kind and namespace that are asked for, what may be believed
    "nothing of the kind": ([as_list(pods("a", "b"))], [], "DaemonSet.apps", None, U),
    "two namespaces": ([as_list(pods("a", "b"))], [], "Pod", None, C),
    "two namespaces, a third": ([as_list(pods("a", "b"))], [], "Pod", "c", C),
    "one namespace, whole": ([as_list(pods("a", "a"))], [], "Pod", None, P),
    "one namespace, that one": ([as_list(pods("a", "a"))], [], "Pod", "a", C),
    "one namespace, another": ([as_list(pods("a", "a"))], [], "Pod", "b", U),
    "two lists of one namespace each": ([as_list(pods("a")), as_list(pods("b"))], [], "Pod", None, P),
    "... and every namespace is known": (
        [as_list(pods("a")), as_list(pods("", "b")[1:]), as_list(NAMESPACES)],
        [],
        "Pod",
        None,
        C,
    ),
    "cluster-scoped in a list": ([as_list([NODE])], [], "Node", None, C),
    "cluster-scoped alone": ([NODE], [], "Node", None, P),
    "namespaced alone, whole": (pods("a"), [], "Pod", None, P),
    "namespaced alone, its namespace": (pods("a"), [], "Pod", "a", P),
    "written without a namespace": ([as_list(pods(""))], [], "Pod", None, P),
    "one namespace, and one without": ([as_list(pods("", "a"))], [], "Pod", None, P),
    "typed list": (
        [typed("apps/v1", "DaemonSetList", [obj("apps/v1", "DaemonSet", n, n) for n in "ab"])],
        [],
        "DaemonSet.apps",
        None,
        C,
    ),
    "empty typed list": ([typed("apps/v1", "DaemonSetList", [])], [], "DaemonSet.apps", None, C),
    "empty typed list, some elsewhere": ([typed("v1", "PodList", []), as_list(pods("a"))], [], "Pod", None, P),
    "empty plain list": ([as_list([])], [], "Pod", None, U),
    "events age out": ([as_list([obj("v1", "Event", n, n) for n in "ab"])], [], "Event", None, P),
    "events that a person vouches for": (
        [as_list([obj("v1", "Event", n, n) for n in "ab"])],
        ["events"],
        "Event",
        None,
        C,
    ),
    "collected: plural": ([NODE], ["pods,ds"], "Pod", None, C),
    "collected: short name": ([NODE], ["pods,ds"], "DaemonSet.apps", "x", C),
    "collected: with group": ([NODE], ["ciliumnetworkpolicies.cilium.io"], "CiliumNetworkPolicy.cilium.io", None, C),
    "collected: kind": ([NODE], ["SpiderSubnet"], "SpiderSubnet.spiderpool.spidernet.io", None, C),
    "collected: another group": ([NODE], ["ingresses.example.io"], "Ingress.networking.k8s.io", None, U),
    "collected: something else": ([NODE], ["pods"], "Service", None, U),
    "collected: all": ([NODE], ["all"], "Anything.example.io", "x", C),
}


@pytest.mark.parametrize(("given", "collected", "kind", "namespace", "expected"), COVERAGE.values(), ids=COVERAGE)
def test_absence_is_believed_only_where_that_was_earned(
    tmp_path: Path, given: list[Any], collected: list[str], kind: str, namespace: str | None, expected: Coverage
) -> None:
    (tmp_path / "dump.yaml").write_text(to_yaml(*given))
    loaded = load([tmp_path], collected=collected)
    assert loaded.problems == ()
    assert loaded.cluster.coverage(kind, namespace) is expected
    assert bool(loaded.cluster.why(kind)) is (loaded.cluster.coverage(kind) is not C)


@pytest.mark.parametrize("word", ["pods;ds", "pods ds", "-n", "all,*"])
def test_collected_is_held_to_names_of_kinds(word: str) -> None:
    with pytest.raises(UsageError, match="is no kind"):
        load([NODE], collected=[word])


def test_a_gap_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "dump.yaml").write_text(to_yaml(as_list(pods("kube-system")), NODE))
    cluster = load([tmp_path]).cluster
    assert cluster.why("Pod") == "only namespace kube-system"
    assert cluster.why("Node") == "single objects, not a list"
    assert cluster.why("Service") == "no such kind in the dump"


DUMP = {
    f"{space}/{name}.json": to_yaml(typed(api, kind, []))
    for space in ("kube-system", "default", "kube-public", "kube-node-lease")
    for name, api, kind in (
        ("events", "v1", "EventList"),
        ("replication-controllers", "v1", "ReplicationControllerList"),
        ("services", "v1", "ServiceList"),
        ("daemonsets", "apps/v1", "DaemonSetList"),
        ("deployments", "apps/v1", "DeploymentList"),
        ("replicasets", "apps/v1", "ReplicaSetList"),
        ("pods", "v1", "PodList"),
    )
} | {"nodes.json": to_yaml(typed("v1", "NodeList", [NODE]))}


def test_cluster_info_dump_covers_the_namespaces_it_was_asked_for(tmp_path: Path) -> None:
    two = {name: text for name, text in DUMP.items() if name.startswith(("kube-system", "nodes"))}
    part = load([tree(tmp_path / "part", two)]).cluster
    assert part.coverage("DaemonSet.apps", "kube-system") is C
    assert part.coverage("DaemonSet.apps", "default") is U
    assert part.coverage("DaemonSet.apps") is P
    assert part.coverage("Node") is C
    whole = load([tree(tmp_path / "whole", DUMP)]).cluster
    assert whole.coverage("DaemonSet.apps") is C
    assert whole.coverage("ConfigMap") is U
    assert whole.coverage("Event") is not C


def test_access_denied_is_its_own_answer() -> None:
    from upgradecheck.coverage import Known

    cluster = Cluster(known=Known(denied={"Pod": frozenset({"a"}), "Node": frozenset({""})}))
    assert cluster.coverage("Pod", "a") is D
    assert cluster.coverage("Pod", "b") is U
    assert cluster.coverage("Node") is D
    assert cluster.why("Node") == "access denied"


def test_of_the_same_object_the_newest_wins_and_nothing_is_merged(tmp_path: Path) -> None:
    copies = {
        "a.yaml": obj("v1", "ConfigMap", "c", "x", 9, data={"old": "1"}),
        "b.yaml": obj("v1", "ConfigMap", "c", "x", 100, data={"new": "2"}),
        "c.yaml": {**obj("v1", "ConfigMap", "c", "x"), "metadata": {"name": "c", "namespace": "x"}},
        "d.yaml": obj("v1", "ConfigMap", "c", "x", 100, data={"new": "3"}),
    }
    tree(tmp_path, {name: to_yaml(data) for name, data in copies.items()})
    for order in itertools.permutations(copies):
        cluster = load([tmp_path / name for name in order]).cluster
        (found,) = cluster.of("ConfigMap")
        assert found.data["data"] == {"new": "2"}
        assert found is cluster.get("ConfigMap", "c", "x")
        assert cluster.kinds() == {"ConfigMap": 1}


def test_objects_are_built_only_when_somebody_looks() -> None:
    def refuse() -> dict[str, Any]:
        raise AssertionError("built")

    made = [Object("v1", "Pod", "a", f"p{i}", Origin("f", i), refuse) for i in range(3)]
    cluster = Cluster([*made, Object.of(NODE)])
    assert cluster.kinds() == {"Node": 1, "Pod": 3}
    assert len(cluster.of("Pod", "a")) == 3
    assert cluster.coverage("Pod") is P
    assert cluster.get("Pod", "p1", "a") is made[1]
    assert cluster.of("Node")[0].data["metadata"]["name"] == "node-1"


def test_loading_builds_no_object_of_a_dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from upgradecheck.yaml import Chunk

    built: list[str] = []
    whole = Chunk.build
    monkeypatch.setattr(Chunk, "build", lambda chunk: (built.append(chunk.kind), whole(chunk))[1])  # type: ignore[func-returns-value]
    (tmp_path / "dump.yaml").write_text(to_yaml(as_list([NODE, *pods("a", "b", "c")])))
    cluster = load([tmp_path / "dump.yaml"]).cluster
    assert cluster.kinds() == {"Node": 1, "Pod": 3}
    assert built == []
    assert cluster.of("Node")[0].get("metadata", "name") == "node-1"
    assert built == ["Node"]


def test_a_view_refuses_what_was_not_declared() -> None:
    cluster = Cluster([Object.of(NODE)], server="v1.33.1")
    view = cluster.only({"Node", "log"})
    assert len(view.of("Node")) == 1
    assert view.logs() == ()
    for read in (
        lambda: view.of("Pod"),
        lambda: view.get("Pod", "x"),
        lambda: view.coverage("Pod"),
        lambda: view.releases,
        lambda: view.server,
        lambda: view.tools,
    ):
        with pytest.raises(UndeclaredRead):
            read()
    assert cluster.of("Pod") == ()


def test_the_newest_kubelet_stands_in_for_a_server_that_did_not_say() -> None:
    nodes = [
        Object.of(obj("v1", "Node", n, status={"nodeInfo": {"kubeletVersion": v}}))
        for n, v in (("a", "v1.9.11"), ("b", "v1.33.1"), ("c", "v1.32.5"), ("d", "??"))
    ]
    assert Cluster(nodes).server_or_kubelet == "v1.33.1"
    assert Cluster(nodes, server="v1.34.0").server_or_kubelet == "v1.34.0"
    assert Cluster().server_or_kubelet == ""


def applied(live: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    cluster = Cluster([Object.of(live)])
    after = cluster.overlaid([Object.of(given, Origin("new.yaml", 1))])
    (found,) = after.of(Object.of(given).group_kind)
    assert cluster.of(found.group_kind)[0].data == live, "the cluster itself must not change"
    assert found.origin == Origin("new.yaml", 1)
    return found.data


def test_applied_over_a_live_object_as_kubectl_does() -> None:
    last = '{"spec":{"imageurl":"http://x","flagSafe":true}}'
    live = obj(
        "upgrade.openeuler.org/v1alpha1", "OS", "os", "default", spec={"imageurl": "http://x", "flagSafe": True, "n": 1}
    )
    live["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": last}
    live["status"] = {"phase": "idle"}
    given = {
        "apiVersion": live["apiVersion"],
        "kind": "OS",
        "metadata": {"name": "os"},
        "spec": {"imageurl": "https://y"},
    }
    after = applied(live, given)
    assert after["spec"] == {"imageurl": "https://y", "n": 1}
    assert after["status"] == {"phase": "idle"}
    assert after["metadata"]["namespace"] == "default"


def test_containers_are_joined_by_name() -> None:
    def daemonset(*containers: dict[str, Any]) -> dict[str, Any]:
        return obj("apps/v1", "DaemonSet", "ds", "a", spec={"template": {"spec": {"containers": list(containers)}}})

    after = applied(
        daemonset({"name": "agent", "image": "a:1", "env": [{"name": "X", "value": "1"}]}, {"name": "injected"}),
        daemonset({"name": "agent", "image": "a:2"}),
    )
    containers = after["spec"]["template"]["spec"]["containers"]
    assert containers == [{"name": "agent", "image": "a:2", "env": [{"name": "X", "value": "1"}]}, {"name": "injected"}]


def test_a_new_object_is_simply_there_after() -> None:
    cluster = Cluster([Object.of(NODE)])
    after = cluster.overlaid([Object.of(obj("v1", "Pod", "p", "a"))])
    assert after.get("Pod", "p", "a") is not None
    assert cluster.get("Pod", "p", "a") is None
    assert after.coverage("Pod") is P
