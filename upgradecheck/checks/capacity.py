"""CPU or memory: Pods that wait for it now, and whether the rolling update finds room beside what runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from ..cluster import Coverage
from ..model import Evidence, Object, Subject
from ..scheduling import alive, allocatable, cores, fits, requests, taken
from .given import Given, Looking, Sighting, Unseen
from .roles import playing, template_spec


@dataclass(frozen=True, slots=True)
class Params:
    """`roles` are the Deployments that the upgrade replaces, `resource` what they may want for. Cases: `pending`
    where some of the component's Pods wait for the resource now, `no-room` where the surge of the update does not
    fit, `evicts` where it fits only when Pods of lower priority are evicted."""

    roles: tuple[str, ...]
    resource: Literal["cpu", "memory"] = "cpu"


FACTS: Mapping[str, str] = {
    "pending": "the Pods that wait, with what they ask for",
    "need": "what the update asks for beside what runs",
    "nodes": "each node with what it offers and what is asked of it",
    "evicted": "how many Pods of lower priority would have to go",
    "words": "what the scheduler says",
    "waiting": "how many Pods wait",
}


@dataclass(frozen=True, slots=True)
class _Surge:
    workload: Object
    amount: Fraction
    priority: int


def reads(params: Params) -> frozenset[str]:
    return frozenset({*params.roles, "Pod", "Node", "ReplicaSet.apps", "Event"})


def events(params: Params) -> tuple[str, ...]:
    return ("reason=FailedScheduling",)


def run(params: Params, given: Given) -> Looking:
    workloads = [
        w for role in params.roles for w in playing(given.cluster, given.component, role, given.upgrade.namespace)
    ]
    if not workloads:
        return
    nodes = given.cluster.of("Node")
    missing = [k for k in ("Node", "Pod") if given.cluster.coverage(k) is not Coverage.COMPLETE]
    if not nodes or missing:
        kinds = ",".join(k.lower() + "s" for k in missing or ["Node"])
        yield Unseen(
            f"room for the update ({params.resource})",
            "nodes or Pods not all in the dump",
            f"kubectl get {kinds} -A -o yaml",
        )
        return
    pods = [p for p in given.cluster.of("Pod") if alive(p)]
    surges = [s for w in workloads for s in _surges(w, pods, params.resource)]
    waiting = _waiting(workloads[0].namespace, pods, params.resource)
    if waiting:
        yield _sighting(params, given, "pending", surges, waiting, pods)
        return
    if surges and not _fit(surges, nodes, taken(pods, params.resource), params.resource):
        least = min(s.priority for s in surges)
        firm = [p for p in pods if int(p.get("spec", "priority") or 0) >= least]
        room = _fit(surges, nodes, taken(firm, params.resource), params.resource)
        yield _sighting(params, given, "evicts" if room else "no-room", surges, [], pods)


def _surges(workload: Object, pods: list[Object], resource: str) -> list[_Surge]:
    """The extra Pods of a rolling update: Recreate has none, an absent maxSurge is 25 % rounded up."""
    strategy = workload.get("spec", "strategy", default={}) or {}
    if strategy.get("type") == "Recreate":
        return []
    replicas = workload.get("spec", "replicas")
    count = 1 if replicas is None else int(replicas)
    surge = _share((strategy.get("rollingUpdate") or {}).get("maxSurge", "25%"), count)
    spec = template_spec(workload)
    priority = next((int(p.get("spec", "priority") or 0) for p in pods if _of(p, workload)), 0)
    return [_Surge(workload, requests(spec, resource), priority)] * surge


def _of(pod: Object, workload: Object) -> bool:
    wanted = workload.get("spec", "selector", "matchLabels", default={}) or {}
    labels = pod.get("metadata", "labels", default={}) or {}
    return pod.namespace == workload.namespace and bool(wanted) and wanted.items() <= labels.items()


def _share(value: Any, count: int) -> int:
    if isinstance(value, str) and value.endswith("%"):
        return math.ceil(count * int(value[:-1]) / 100)
    return int(value)


def _fit(surges: list[_Surge], nodes: tuple[Object, ...], used: Mapping[str, Fraction], resource: str) -> bool:
    """First fit, largest first: enough for the handful of Pods of a control plane."""
    free = {n.name: allocatable(n, resource) - used.get(n.name, Fraction(0)) for n in nodes}
    for surge in sorted(surges, key=lambda s: -s.amount):
        spec = template_spec(surge.workload)
        home = next((n.name for n in nodes if fits(n, spec) and free[n.name] >= surge.amount), None)
        if home is None:
            return False
        free[home] -= surge.amount
    return True


def _waiting(namespace: str, pods: list[Object], resource: str) -> list[Object]:
    """Pods of the namespace that the scheduler cannot place for want of the resource."""
    return [p for p in pods if p.namespace == namespace and _unschedulable(p, resource) is not None]


def _unschedulable(pod: Object, resource: str) -> int | None:
    """The index of the condition that says so."""
    if pod.get("status", "phase") != "Pending":
        return None
    for index, condition in enumerate(pod.get("status", "conditions") or []):
        wanting = f"insufficient {resource}" in str(condition.get("message", "")).lower()
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False" and wanting:
            return index
    return None


def _sighting(
    params: Params, given: Given, case: str, surges: list[_Surge], waiting: list[Object], pods: list[Object]
) -> Sighting:
    nodes = [
        n for n in given.cluster.of("Node") if not surges or any(fits(n, template_spec(s.workload)) for s in surges)
    ]
    used = taken(pods, params.resource)
    need = sum((s.amount for s in surges), Fraction(0))
    least = min((s.priority for s in surges), default=0)
    words, seen = _words(waiting, given, params.resource)
    facts: dict[str, Any] = {
        "pending": [
            f"{_owner(p)} {_amount(requests(p.get('spec', default={}), params.resource), params)}" for p in waiting
        ],
        "waiting": len(waiting),
        "need": _amount(need, params),
        "nodes": [_node(n, used, params) for n in nodes],
        "evicted": sum(1 for p in pods if int(p.get("spec", "priority") or 0) < least and p.get("spec", "nodeName")),
        "words": words,
        "namespace": (waiting or [s.workload for s in surges])[0].namespace,
    }
    evidence = seen or tuple(Evidence(n.name, n.at("status", "allocatable", params.resource)) for n in nodes[:3])
    objects = tuple(waiting) or tuple({s.workload.key: s.workload for s in surges}.values())
    subject = Subject("resource", params.resource, facts["namespace"])
    return Sighting(subject, facts, evidence, objects, "observed" if waiting else "computed", case)


def _words(waiting: list[Object], given: Given, resource: str) -> tuple[str, tuple[Evidence, ...]]:
    """The scheduler's own words, from an event where there is one, else from the Pod's condition."""
    names = {(p.namespace, p.name) for p in waiting}
    events = [
        e
        for e in given.cluster.of("Event")
        if e.get("reason") == "FailedScheduling"
        and (e.get("involvedObject", "namespace"), e.get("involvedObject", "name")) in names
    ]
    if events:
        first = min(events, key=lambda e: (e.origin, e.name))
        return str(first.get("message")), (Evidence("event FailedScheduling", first.at("message")),)
    for pod in waiting:
        index = _unschedulable(pod, resource) or 0
        text = pod.get("status", "conditions", index, "message", default="")
        return str(text), (Evidence(f"Pod {pod.name}", pod.at("status", "conditions", index, "message")),)
    return "", ()


def _owner(pod: Object) -> str:
    """The workload's name: the Pod's own without the two parts that Kubernetes adds."""
    owners = pod.get("metadata", "ownerReferences") or []
    if owners and owners[0].get("kind") == "ReplicaSet":
        return str(owners[0].get("name", "")).rpartition("-")[0]
    return pod.name


def _node(node: Object, used: Mapping[str, Fraction], params: Params) -> str:
    offered, asked = allocatable(node, params.resource), used.get(node.name, Fraction(0))
    return f"{node.name}: {_amount(offered, params)} allocatable, {_amount(asked, params)} requested"


def _amount(amount: Fraction, params: Params) -> str:
    return cores(amount) if params.resource == "cpu" else f"{amount // 2**20}Mi"
