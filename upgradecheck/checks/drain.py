"""Pods on the nodes that will be drained which cannot be evicted, or which lose something by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ..cluster import Coverage
from ..conditions import PathExpr, Where
from ..model import Evidence, Object, Subject
from ..scheduling import alive, expression_holds, ready
from . import object as object_check
from .given import Given, Looking, Sighting, Unseen
from .object import Among, When
from .pools import Pool, chosen, nodes_unseen

_BUDGET = "PodDisruptionBudget.policy"


@dataclass(frozen=True, slots=True)
class Params:
    """`kind`, `where`, `when`, `among`, `facts` and `collect` find the resource that drains nodes, as in the check
    `object`; the first `pool` that fits it says which nodes it is about, and `nodes` which of them it will drain.

    `look` for `budget`: PodDisruptionBudgets that let no Pod there go (case `several` where a Pod has more than one,
    and can never be evicted); `local-data`: Pods with an emptyDir; `bare`: Pods that nothing makes anew. Pods of
    DaemonSets and those that the kubelet runs by itself stay in every drain and are left aside.
    """

    kind: str
    look: Literal["budget", "local-data", "bare"]
    where: Where | None = None
    when: tuple[When, ...] = ()
    among: Among = "running"
    facts: Mapping[str, PathExpr] = field(default_factory=dict)
    pool: tuple[Pool, ...] = ()
    nodes: Where | None = None
    collect: str = ""


FACTS: Mapping[str, str] = {
    **object_check.FACTS,
    "resource": "the resource that drains the nodes",
    "resource_namespace": "its namespace",
    "pods": "the Pods, as namespace/name",
    "number": "how many these are",
    "nodes": "the nodes on which they run",
    "budgets": "the budgets that select them",
    "limits": "minAvailable and maxUnavailable of the budget as a patch that puts them back",
}


def reads(params: Params) -> frozenset[str]:
    kinds = {"Node", "Pod", *([_BUDGET] if params.look == "budget" else [])}
    return object_check.reads(_subject(params)) | kinds


def run(params: Params, given: Given) -> Looking:
    for found in object_check.run(_subject(params), given):
        if isinstance(found, Unseen):
            yield found
            continue
        yield from nodes_unseen(given)
        nodes = [n.name for n in chosen(params.pool, found.objects[0], given) if _drained(params, given, found, n)]
        if not nodes:
            continue
        yield from _gaps(params, given)
        pods = [p for p in given.cluster.of("Pod") if p.get("spec", "nodeName") in nodes and _evicted(p)]
        yield from _budgets(given, found, pods) if params.look == "budget" else _lost(params, found, pods)


def _subject(params: Params) -> object_check.Params:
    return object_check.Params(params.kind, params.where, params.when, params.among, params.facts, params.collect)


def _drained(params: Params, given: Given, found: Sighting, node: Object) -> bool:
    refs = {**given.refs, "$": found.objects[0].data}
    return params.nodes is None or bool(params.nodes.judge(node.data, refs).truth)


def _evicted(pod: Object) -> bool:
    """True for a Pod that a drain has to evict."""
    mirror = "kubernetes.io/config.mirror" in (pod.get("metadata", "annotations") or {})
    leaving = pod.get("metadata", "deletionTimestamp") is not None
    return alive(pod) and not mirror and not leaving and _controller(pod) != "DaemonSet"


def _controller(pod: Object) -> str:
    owners = pod.get("metadata", "ownerReferences") or []
    return next((str(o.get("kind")) for o in owners if o.get("controller")), "")


def _gaps(params: Params, given: Given) -> Iterator[Unseen]:
    for kind in ("Pod", *([_BUDGET] if params.look == "budget" else [])):
        if given.cluster.coverage(kind) is not Coverage.COMPLETE:
            word = "pdb" if kind == _BUDGET else "pods"
            yield Unseen(kind, given.cluster.why(kind), f"kubectl get {word} -A -o yaml")


def _lost(params: Params, found: Sighting, pods: list[Object]) -> Iterator[Sighting]:
    wanted = _keeps_data if params.look == "local-data" else lambda pod: not _controller(pod)
    held = [pod for pod in pods if wanted(pod)]
    if held:
        key = ("spec", "volumes") if params.look == "local-data" else ("metadata",)
        evidence = tuple(Evidence(f"Pod {pod.name}", pod.at(*key)) for pod in held[:2])
        yield _sighting(found, found.objects[0], held, evidence)


def _keeps_data(pod: Object) -> bool:
    return any("emptyDir" in volume for volume in pod.get("spec", "volumes") or [])


def _budgets(given: Given, found: Sighting, pods: list[Object]) -> Iterator[Sighting]:
    """A sighting for each budget that holds a Pod, and one for the Pods that have more than one."""
    stopped: dict[tuple[str, str, str], list[Object]] = {}
    several: dict[tuple[tuple[str, str, str], ...], list[Object]] = {}
    budgets = {budget.key: budget for budget in given.cluster.of(_BUDGET)}
    for pod in pods:
        if pod.get("status", "phase") == "Pending":
            continue  # the API server lets it go whatever its budget says
        own = [b for b in budgets.values() if _selects(b, pod)]
        if len(own) > 1:
            several.setdefault(tuple(b.key for b in own), []).append(pod)
        elif own and _stops(own[0], pod):
            stopped.setdefault(own[0].key, []).append(pod)
    for key, held in stopped.items():
        allowed = Evidence("disruptionsAllowed", budgets[key].at("status", "disruptionsAllowed"))
        yield _sighting(found, budgets[key], held, (allowed,), [key[2]])
    for keys, held in several.items():
        evidence = tuple(Evidence(f"budget {key[2]}", budgets[key].at("spec", "selector")) for key in keys)
        yield _sighting(found, budgets[keys[0]], held, evidence, [key[2] for key in keys], "several")


def _stops(budget: Object, pod: Object) -> bool:
    """True where the API server refuses the eviction now."""
    if not ready(pod):
        if budget.get("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow":
            return False
        healthy, desired = (budget.get("status", name) for name in ("currentHealthy", "desiredHealthy"))
        if isinstance(healthy, int) and isinstance(desired, int) and healthy >= desired > 0:
            return False
    allowed = budget.get("status", "disruptionsAllowed")
    if isinstance(allowed, int):
        return allowed <= 0
    spec = budget.get("spec") or {}
    return spec.get("maxUnavailable") in (0, "0%", "0") or spec.get("minAvailable") == "100%"


def _selects(budget: Object, pod: Object) -> bool:
    selector = budget.get("spec", "selector")
    if budget.namespace != pod.namespace or not isinstance(selector, Mapping):
        return False
    labels = pod.get("metadata", "labels") or {}
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(expression_holds(labels, expression) for expression in selector.get("matchExpressions") or [])


def _sighting(
    found: Sighting,
    subject: Object,
    pods: list[Object],
    evidence: tuple[Evidence, ...],
    budgets: list[str] | None = None,
    case: str = "",
) -> Sighting:
    facts = {
        "resource": found.facts["name"],
        "resource_namespace": found.facts.get("namespace", "default"),
        "name": subject.name,
        "kind": subject.kind,
        "namespace": subject.namespace or "default",
        "pods": [f"{pod.namespace}/{pod.name}" for pod in pods],
        "number": len(pods),
        "nodes": sorted({str(pod.get("spec", "nodeName")) for pod in pods}),
        "budgets": budgets or [],
        "limits": {name: subject.get("spec", name) for name in ("minAvailable", "maxUnavailable")},
    }
    key = Subject(subject.group_kind, subject.name, subject.namespace)
    return replace(found, subject=key, facts={**found.facts, **facts}, evidence=evidence, objects=(subject,), case=case)
