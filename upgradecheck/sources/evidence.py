"""What the lists of an input prove about completeness (design decision 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..coverage import EVENTS, Collected, Known
from .layouts import dump_everywhere, scope

NAMESPACED = frozenset({
    "Pod", "Service", "ConfigMap", "Secret", "Endpoints", "Event", "ServiceAccount", "PersistentVolumeClaim",
    "ReplicationController", "ResourceQuota", "LimitRange", "PodTemplate", "DaemonSet.apps", "Deployment.apps",
    "ReplicaSet.apps", "StatefulSet.apps", "ControllerRevision.apps", "Job.batch", "CronJob.batch",
    "NetworkPolicy.networking.k8s.io", "Ingress.networking.k8s.io", "PodDisruptionBudget.policy",
    "Role.rbac.authorization.k8s.io", "RoleBinding.rbac.authorization.k8s.io", "Lease.coordination.k8s.io",
    "EndpointSlice.discovery.k8s.io", "HorizontalPodAutoscaler.autoscaling", "Event.events.k8s.io",
})  # fmt: skip
"""Kinds of Kubernetes that live in namespaces: one written without a namespace was not read from a cluster."""

_OF_EACH_NAMESPACE = (
    "Event", "ReplicationController", "Service", "DaemonSet.apps", "Deployment.apps", "ReplicaSet.apps", "Pod",
)  # fmt: skip
"""What `kubectl cluster-info dump` lists of every namespace, in this order."""


@dataclass(slots=True)
class Listed:
    """One List document: the namespaces of its items, by kind ("" for those that have none).

    `empty` is the kind of a typed list without items, which proves that there were none where it was asked.
    """

    parts: tuple[str, ...]
    spaces: dict[str, set[str]] = field(default_factory=dict)
    empty: str = ""

    def add(self, kind: str, namespace: str) -> None:
        self.spaces.setdefault(kind, set()).add(namespace)

    @property
    def kind(self) -> str:
        return self.empty or next(iter(self.spaces), "")


def prove(
    lists: Sequence[Listed],
    seen: Collection[tuple[str, ...]],
    present: Mapping[str, Collection[str]],
    namespaces: Collection[str],
    collected: Collected,
) -> Known:
    """What is complete.

    `seen` are the paths of all files; `present` the namespaces in which each kind was found; `namespaces` the
    names of the Namespace objects.
    """
    whole: set[str] = set()
    spaces: dict[str, set[str]] = {}
    for listed in lists:
        _from_items(listed, whole, spaces)
        _from_emptiness(listed, seen, present, whole, spaces)
    _from_dump_text(lists, whole, spaces)
    if dump_everywhere(seen):
        whole.update(_OF_EACH_NAMESPACE)
    if "Namespace" in whole and namespaces:
        whole.update(kind for kind, found in spaces.items() if found.issuperset(namespaces))
    for kind in EVENTS:
        whole.discard(kind)
        spaces.pop(kind, None)
    return Known(frozenset(whole), {k: frozenset(v) for k, v in spaces.items()}, {}, collected)


def _from_items(listed: Listed, whole: set[str], spaces: dict[str, set[str]]) -> None:
    for kind, every in listed.spaces.items():
        found = every - {""}
        if len(found) > 1 or (not found and kind not in NAMESPACED):
            whole.add(kind)
        else:
            spaces.setdefault(kind, set()).update(found)


def _from_emptiness(
    listed: Listed,
    seen: Collection[tuple[str, ...]],
    present: Mapping[str, Collection[str]],
    whole: set[str],
    spaces: dict[str, set[str]],
) -> None:
    """An empty typed list: nothing in its namespace where the layout names one, else nothing anywhere, unless
    another file has some, which shows that less was asked for."""
    if not listed.empty:
        return
    space = scope(listed.parts, seen)
    if space is not None:
        spaces.setdefault(listed.empty, set()).add(space)
    elif not present.get(listed.empty):
        whole.add(listed.empty)


def _from_dump_text(lists: Sequence[Listed], whole: set[str], spaces: dict[str, set[str]]) -> None:
    """cluster-info dump on standard output: groups of seven lists, one group a namespace, which its items name."""
    groups = [g for g in _groups(lists) if tuple(e.kind for e in g) == _OF_EACH_NAMESPACE]
    if not groups:
        return
    nameless, named = 0, set()
    for group in groups:
        found = {s for listed in group for s in next(iter(listed.spaces.values()), ())}
        nameless += not found
        named |= found
    for kind in _OF_EACH_NAMESPACE:
        whole.discard(kind)
        spaces.setdefault(kind, set()).update(named)
    if nameless >= 2 and {"default", "kube-system"} <= named:  # kube-public and kube-node-lease, which are empty: -A
        whole.update(_OF_EACH_NAMESPACE)


def _groups(lists: Sequence[Listed]) -> Iterable[Sequence[Listed]]:
    size = len(_OF_EACH_NAMESPACE)
    starts = [i for i, listed in enumerate(lists) if listed.kind == "Event" and len(listed.spaces) <= 1]
    return [lists[i : i + size] for i in starts if len({e.parts for e in lists[i : i + size]}) == 1]
