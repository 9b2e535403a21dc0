"""Pods of one role that find no node: taints that they do not tolerate, node selectors that nothing fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..cluster import Coverage
from ..model import Evidence, Object, Subject
from ..scheduling import ready, selects, taint_text, tolerates, toleration_of, untolerated
from ..tables import split_key
from ..versions import Range
from .collecting import NO_VALUES
from .given import Given, Looking, Sighting, Unseen
from .roles import playing, pods_of, template_spec

_CORDONED: Mapping[str, str] = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


@dataclass(frozen=True, slots=True)
class Default:
    """The `tolerations` that target charts in `to` give the Pods where values say nothing."""

    to: Range
    tolerations: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Params:
    """`role` is played by a Deployment or StatefulSet. Without `defaults` its Pods as they are now are judged, and
    where one of them is ready nothing is said. With them the Pods are those of the target: the live template with the
    tolerations under the values key `key` after the command, or else those of the first of `defaults` that fits the
    target; a target that none fits changes nothing.

    Cases: `untolerated` where nodes fit the selector and a taint keeps the Pods from each, `unselected` where no node
    fits the selector, `cordoned` where nothing but cordons keeps them away."""

    role: str
    defaults: tuple[Default, ...] = ()
    key: str = ""


FACTS: Mapping[str, str] = {
    "name": "the workload that plays the role",
    "kind": "its kind",
    "nodes": "the nodes that its selector fits, or all nodes where it fits none",
    "count": "how many these are",
    "taints": "the taints that keep its Pods away",
    "selector": "its node selector as kubectl takes it",
    "tolerations": "the tolerations that it has, and those that it would need, as a payload",
    "needed": "the tolerations that it would need, for `each`",
    "key": "the values key of the tolerations",
    "words": "what the scheduler says of a Pod that waits now, empty where none does",
}
EACH: Mapping[str, str] = {
    "taint": "the taint",
    "key": "the taint's key",
    "effect": "the taint's effect",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({params.role, "Node", "Pod", "ReplicaSet.apps", "values"})


def run(params: Params, given: Given) -> Looking:
    for workload in playing(given.cluster, given.component, params.role, given.upgrade.namespace):
        spec = template_spec(workload)
        if params.defaults:
            wanted = _of_target(params, given)
            if wanted is None:
                continue
            spec = {**spec, "tolerations": wanted}
        elif workload.get("spec", "replicas") == 0 or any(ready(pod) for pod in pods_of(given.cluster, [workload])):
            continue
        yield from _judge(params, given, workload, spec)


def _of_target(params: Params, given: Given) -> Sequence[Mapping[str, Any]] | None:
    """The tolerations after the upgrade; None where they stay as they are."""
    to = given.upgrade.to
    default = next((one for one in params.defaults if to is not None and to in one.to), None)
    after = given.upgrade.after
    own = after.get(*split_key(params.key)) if after is not None and params.key else None
    if default is None:
        return None
    return own if isinstance(own, list) else default.tolerations


def _judge(params: Params, given: Given, workload: Object, spec: Mapping[str, Any]) -> Looking:
    nodes = given.cluster.of("Node")
    fitting = [node for node in nodes if selects(node.get("metadata", "labels", default={}) or {}, spec)]
    if any(not _kept_away(node, spec) for node in fitting):
        return
    if given.cluster.coverage("Node") is not Coverage.COMPLETE:
        yield Unseen("nodes", given.cluster.why("Node"), "kubectl get nodes -o yaml")
    elif params.defaults and params.key and given.upgrade.after is None:
        yield NO_VALUES
    elif nodes:
        yield _sighting(params, given, workload, spec, fitting or list(nodes), bool(fitting))


def _kept_away(node: Object, spec: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The taints that keep a Pod away; a cordon counts as the taint that it sets."""
    taints = untolerated(node, spec)
    cordoned = bool(node.get("spec", "unschedulable")) and not any(t.get("key") == _CORDONED["key"] for t in taints)
    tolerated = any(tolerates(one, _CORDONED) for one in spec.get("tolerations") or [])
    return (*taints, _CORDONED) if cordoned and not tolerated else taints


def _sighting(
    params: Params, given: Given, workload: Object, spec: Mapping[str, Any], nodes: list[Object], fits: bool
) -> Sighting:
    every = {taint_text(taint): taint for node in nodes for taint in _kept_away(node, spec)} if fits else {}
    taints = {text: taint for text, taint in every.items() if taint.get("key") != _CORDONED["key"]}
    needed = [toleration_of(taint) for taint in taints.values()]
    waiting, words = _waiting(given, workload)
    facts: dict[str, Any] = {
        "name": workload.name,
        "kind": workload.kind,
        "namespace": workload.namespace,
        "nodes": [node.name for node in nodes],
        "count": len(nodes),
        "taints": list(taints),
        "selector": [f"{key}={value}" for key, value in (spec.get("nodeSelector") or {}).items()],
        "tolerations": [*(spec.get("tolerations") or []), *needed],
        "needed": [
            {"taint": text, "key": taint.get("key", ""), "effect": taint.get("effect", "")}
            for text, taint in taints.items()
        ],
        "key": params.key,
        "words": words,
    }
    evidence = (*waiting, *_evidence(workload, nodes, fits, bool(taints)))
    case = "unselected" if not fits else "untolerated" if taints else "cordoned"
    subject = Subject(workload.group_kind, workload.name, workload.namespace)
    return Sighting(subject, facts, evidence, (workload,), "observed" if waiting else "computed", case)


def _evidence(workload: Object, nodes: list[Object], fits: bool, tainted: bool) -> tuple[Evidence, ...]:
    if not fits:
        return (Evidence("node selector", workload.at("spec", "template", "spec", "nodeSelector")),)
    path = ("spec", "taints") if tainted else ("spec", "unschedulable")
    return tuple(Evidence(f"{path[1]} of {node.name}", node.at(*path)) for node in nodes[:2])


def _waiting(given: Given, workload: Object) -> tuple[tuple[Evidence, ...], str]:
    """A Pod of the workload that the scheduler cannot place now."""
    for pod in pods_of(given.cluster, [workload]):
        for index, condition in enumerate(pod.get("status", "conditions") or []):
            if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
                at = pod.at("status", "conditions", index, "message")
                return (Evidence(f"Pod {pod.name} waits", at),), str(condition.get("message") or "")
    return (), ""
