"""The objects that play a component's roles, and the Pods that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..cluster import Cluster
from ..model import Component, Object, Role, Upgrade


def playing(cluster: Cluster, component: Component, role: str, namespace: str = "") -> tuple[Object, ...]:
    """The objects that play a role, in the namespace of the upgrade where any of them is there.

    Raises KeyError for a role that the component does not have; the loader refuses such rules.
    """
    found = tuple(o for o in cluster.of(component.roles[role].kind) if plays(o, component.roles[role]))
    near = tuple(o for o in found if namespace and o.namespace == namespace)
    return near or found


def plays(candidate: Object, role: Role) -> bool:
    """True where an object carries the labels (and the name, where one is asked for) of a role.

    Charts often label only the Pods of a workload, so its Pod template counts as well.
    """
    if role.name and candidate.name != role.name:
        return False
    own = candidate.get("metadata", "labels", default={}) or {}
    template = candidate.get("spec", "template", "metadata", "labels", default={}) or {}
    return any(_carries(labels, role.labels) for labels in (own, template))


def _carries(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value or (value == "*" and key in labels) for key, value in wanted.items())


def kind_of(component: Component, kind_or_role: str) -> str:
    """The kind with its group behind a role's name, or the kind itself."""
    role = component.roles.get(kind_or_role)
    return role.kind if role else kind_or_role


def candidates(cluster: Cluster, component: Component, kind_or_role: str, upgrade: Upgrade) -> tuple[Object, ...]:
    """The objects of a kind, or those that play a role."""
    if kind_or_role in component.roles:
        return playing(cluster, component, kind_or_role, upgrade.namespace)
    return cluster.of(kind_or_role)


def pods_of(cluster: Cluster, owners: Iterable[Object]) -> tuple[Object, ...]:
    """The Pods that these DaemonSets, Deployments or StatefulSets own, by ownerReferences, never by name."""
    keys = {(o.kind, o.namespace, o.name) for o in owners}
    if any(kind == "Deployment" for kind, _, _ in keys):
        sets = cluster.of("ReplicaSet.apps")
        keys |= {("ReplicaSet", s.namespace, s.name) for s in sets if _owned(s, keys)}
    return tuple(pod for pod in cluster.of("Pod") if _owned(pod, keys))


def _owned(candidate: Object, keys: set[tuple[str, str, str]]) -> bool:
    references = candidate.get("metadata", "ownerReferences") or []
    return any((r.get("kind"), candidate.namespace, r.get("name")) in keys for r in references)


def template_spec(workload: Object) -> Mapping[str, object]:
    """The Pod spec of a workload."""
    found = workload.get("spec", "template", "spec", default={})
    return found if isinstance(found, Mapping) else {}


Owner = tuple[str, str, str]
"""Kind as kubectl takes it (deployment, statefulset, daemonset or pod), name, namespace."""


def owners_of(pods: Iterable[Object], cluster: Cluster) -> list[Owner]:
    """What is restarted so that these Pods are made anew, each once: the workload above, or a Pod that has none."""
    return list(dict.fromkeys(_owner(pod, cluster) for pod in pods))


def _owner(pod: Object, cluster: Cluster) -> Owner:
    kind, name = _above(pod)
    if kind == "ReplicaSet":
        above = cluster.get("ReplicaSet.apps", name, pod.namespace)
        # Where the set is not in the input its name still tells: the Deployment's, a dash, and a hash.
        kind, name = _above(above) if above is not None else ("Deployment", name.rpartition("-")[0])
    if kind in ("Deployment", "StatefulSet", "DaemonSet"):
        return kind.lower(), name, pod.namespace
    return "pod", pod.name, pod.namespace


def _above(found: Object) -> tuple[str, str]:
    references = found.get("metadata", "ownerReferences") or [{}]
    return str(references[0].get("kind", "")), str(references[0].get("name", ""))
