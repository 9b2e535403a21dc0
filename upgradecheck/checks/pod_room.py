"""One more Pod on each node: nodes that already run as many Pods as they may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ..cluster import Coverage
from ..conditions import Where
from ..model import Evidence, Object, Subject
from ..quantities import quantity
from ..scheduling import alive
from .collecting import NO_VALUES
from .given import Given, Looking, Sighting, Unseen
from .roles import playing, pods_of

SHOWN = 3
"""As many nodes are shown as evidence."""


@dataclass(frozen=True, slots=True)
class Params:
    """The upgrade puts a Pod that plays `adds` on every node where one of `beside` runs, and for which `nodes` holds;
    where something plays `adds` already, nothing comes on top. `values` has to hold of the values: it has paths like
    `after.envoy.enabled`."""

    adds: str
    beside: str
    nodes: Where | None = None
    values: Where | None = None


FACTS: Mapping[str, str] = {
    "nodes": "the nodes that are full",
    "count": "how many these are",
    "of": "how many nodes get one more Pod",
    "full": "each full node with its Pods and how many it may run",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({params.adds, params.beside, "Pod", "Node", "values"})


def run(params: Params, given: Given) -> Looking:
    namespace = given.upgrade.namespace
    beside = playing(given.cluster, given.component, params.beside, namespace)
    if not beside or playing(given.cluster, given.component, params.adds, namespace):
        return
    coming = params.values.judge(given.refs["$values"], given.refs).truth if params.values is not None else True
    if coming is False:
        return
    missing = [kind for kind in ("Node", "Pod") if given.cluster.coverage(kind) is not Coverage.COMPLETE]
    if missing:
        kinds = ",".join(kind.lower() + "s" for kind in missing)
        yield Unseen(
            "room for one more Pod per node", "nodes or Pods not all in the input", f"kubectl get {kinds} -A -o yaml"
        )
        return
    here = {pod.get("spec", "nodeName") for pod in pods_of(given.cluster, beside) if alive(pod)}
    counts = Counter(pod.get("spec", "nodeName") for pod in given.cluster.of("Pod") if alive(pod))
    nodes = [node for node in given.cluster.of("Node") if node.name in here and _concerned(node, params, given)]
    full = [(node, counts[node.name], room) for node in nodes if (room := _room(node)) and counts[node.name] >= room]
    if full and coming is None:
        yield NO_VALUES
    elif full:
        yield _sighting(full, len(nodes))


def _concerned(node: Object, params: Params, given: Given) -> bool:
    return params.nodes is None or params.nodes.judge(node.data, given.refs).truth is not False


def _room(node: Object) -> int:
    """How many Pods a node may run; 0 where it does not say."""
    told = quantity(node.get("status", "allocatable", "pods") or "0")
    return int(told or 0)


def _sighting(full: list[tuple[Object, int, int]], of: int) -> Sighting:
    names = [node.name for node, _, _ in full]
    facts = {
        "nodes": names,
        "count": len(full),
        "of": of,
        "full": [f"{node.name} ({count} of {room})" for node, count, room in full],
    }
    evidence = tuple(
        Evidence(f"{node.name}: {count} Pods", node.at("status", "allocatable", "pods"))
        for node, count, _ in full[:SHOWN]
    )
    objects = tuple(node for node, _, _ in full)
    return Sighting(Subject("Node", ",".join(names)), facts, evidence, objects, "computed")
