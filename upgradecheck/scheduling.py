"""What the Kubernetes scheduler would say: taints, node selection, requests. Rules of Kubernetes 1.33."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .model import Object
from .quantities import quantity

NODE_LIFECYCLE = frozenset(
    f"node.kubernetes.io/{name}"
    for name in ("not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")
)
"""Taints that the DaemonSet controller tolerates for every Pod of a DaemonSet (on the host network one more)."""


def tolerates(toleration: Mapping[str, Any], taint: Mapping[str, Any]) -> bool:
    """True where one toleration covers one taint: no key with Exists covers all, no effect every effect."""
    if toleration.get("effect") and toleration["effect"] != taint.get("effect"):
        return False
    if toleration.get("operator", "Equal") == "Exists":
        return not toleration.get("key") or toleration["key"] == taint.get("key")
    same_key = toleration.get("key", "") == taint.get("key", "")
    return same_key and (toleration.get("value") or "") == (taint.get("value") or "")


def untolerated(node: Object, spec: Mapping[str, Any], *, daemon: bool = False) -> tuple[Mapping[str, Any], ...]:
    """The taints of a node that keep a Pod of this spec away. PreferNoSchedule keeps nobody away."""
    tolerations = spec.get("tolerations") or []
    return tuple(
        taint
        for taint in node.get("spec", "taints") or []
        if taint.get("effect") in ("NoSchedule", "NoExecute")
        and not (daemon and taint.get("key") in NODE_LIFECYCLE)
        and not any(tolerates(toleration, taint) for toleration in tolerations)
    )


def taint_text(taint: Mapping[str, Any]) -> str:
    """A taint as kubectl writes it: `key=value:Effect`, `key:Effect`."""
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint.get('key', '')}{value}:{taint.get('effect', '')}"


def toleration_of(taint: Mapping[str, Any]) -> dict[str, Any]:
    """The toleration that covers just this taint."""
    value = {"operator": "Equal", "value": taint["value"]} if taint.get("value") else {"operator": "Exists"}
    return {"key": taint.get("key", ""), **value, "effect": taint.get("effect", "")}


def selects(labels: Mapping[str, str], spec: Mapping[str, Any]) -> bool:
    """True where a node with these labels fits nodeSelector and required node affinity of a Pod spec."""
    wanted = spec.get("nodeSelector") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    terms = required.get("nodeSelectorTerms")
    return terms is None or any(_term(labels, term) for term in terms)


def _term(labels: Mapping[str, str], term: Mapping[str, Any]) -> bool:
    return all(expression_holds(labels, e) for e in term.get("matchExpressions") or [])


def expression_holds(labels: Mapping[str, str], expression: Mapping[str, Any]) -> bool:
    """Whether labels meet one expression of a selector: In, NotIn, Exists, DoesNotExist, and for nodes Gt and Lt."""
    have = labels.get(expression.get("key", ""))
    values = [str(v) for v in expression.get("values") or []]
    match expression.get("operator"):
        case "In":
            return have in values
        case "NotIn":
            return have not in values
        case "Exists":
            return have is not None
        case "DoesNotExist":
            return have is None
        case "Gt" | "Lt" as operator if have is not None and have.isdigit() and values and values[0].isdigit():
            return int(have) > int(values[0]) if operator == "Gt" else int(have) < int(values[0])
    return False


def fits(node: Object, spec: Mapping[str, Any]) -> bool:
    """True where a Pod of this spec may be placed on a node, room left aside."""
    cordoned = bool(node.get("spec", "unschedulable"))
    labels = node.get("metadata", "labels", default={}) or {}
    return not cordoned and not untolerated(node, spec) and selects(labels, spec)


def requests(spec: Mapping[str, Any], resource: str) -> Fraction:
    """What a Pod asks for, in cores or bytes: the sum of its containers, or its largest init container, plus overhead.

    Init containers that always restart (sidecars) count with the containers.
    """
    containers = sum((_asked(c, resource) for c in spec.get("containers") or []), Fraction(0))
    sidecars, largest = Fraction(0), Fraction(0)
    for init in spec.get("initContainers") or []:
        if init.get("restartPolicy") == "Always":
            sidecars += _asked(init, resource)
            largest = max(largest, sidecars)
        else:
            largest = max(largest, sidecars + _asked(init, resource))
    overhead = _amount((spec.get("overhead") or {}).get(resource))
    return max(containers + sidecars, largest) + overhead


def _asked(container: Mapping[str, Any], resource: str) -> Fraction:
    resources = container.get("resources") or {}
    asked = (resources.get("requests") or {}).get(resource)
    return _amount(asked if asked is not None else (resources.get("limits") or {}).get(resource))


def _amount(text: Any) -> Fraction:
    amount = quantity(text) if text is not None else None
    return Fraction(amount) if amount is not None else Fraction(0)


def alive(pod: Object) -> bool:
    """True for a Pod that still holds its node's resources: neither Succeeded nor Failed."""
    return pod.get("status", "phase") not in ("Succeeded", "Failed")


def ready(pod: Object) -> bool:
    """True where the Pod's condition Ready is True."""
    conditions = pod.get("status", "conditions") or []
    return any(c.get("type") == "Ready" and c.get("status") == "True" for c in conditions)


def allocatable(node: Object, resource: str) -> Fraction:
    """What a node offers to Pods, in cores or bytes; 0 where it does not say."""
    return _amount(node.get("status", "allocatable", resource))


def taken(pods: Iterable[Object], resource: str) -> dict[str, Fraction]:
    """What the Pods that are alive ask for, by node name."""
    used: dict[str, Fraction] = {}
    for pod in pods:
        node = pod.get("spec", "nodeName")
        if node and alive(pod):
            used[node] = used.get(node, Fraction(0)) + requests(pod.get("spec", default={}), resource)
    return used


def cores(amount: Fraction) -> str:
    """CPU as Kubernetes writes it: `500m`, `2`."""
    milli = round(amount * 1000)
    return f"{milli // 1000}" if milli % 1000 == 0 else f"{milli}m"
