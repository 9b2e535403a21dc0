"""TrafficSplits whose root Service selects nothing, or not the Pods of its backends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from upgradecheck.checks.given import Given, Looking, Sighting, Unseen
from upgradecheck.cluster import Coverage
from upgradecheck.model import Evidence, Object, Subject

SPLIT = "TrafficSplit.split.smi-spec.io"
PREFERRED = ("app", "app.kubernetes.io/name", "k8s-app")
OWN = ("pod-template-hash", "osm-proxy-uuid", "controller-revision-hash")
"""Labels that differ between Pods of one application, whatever they say today."""


@dataclass(frozen=True, slots=True)
class Params:
    """No parameters. The cases are `none` where the root Service has no selector, and `apart` where it does not select
    the Pods of every backend."""


FACTS: Mapping[str, str] = {
    "name": "the name of the TrafficSplit",
    "namespace": "its namespace",
    "root": "the name of its root Service",
    "leaves": "the backends whose Pods the root Service does not select",
    "selector": "the selector that the root Service has",
    "common": "a selector that the Pods of all backends carry, empty where they share no label",
    "count": "how many there are, where the rule has `many`",
    "names": "the names of all, where the rule has `many`",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({SPLIT, "Service", "Pod"})


def run(params: Params, given: Given) -> Looking:
    cluster = given.cluster
    splits = cluster.of(SPLIT)
    if not splits and cluster.coverage(SPLIT) is not Coverage.COMPLETE:
        yield Unseen(SPLIT, cluster.why(SPLIT), "kubectl get trafficsplits -A -o yaml")
    for split in splits:
        yield from _judged(split, given)


def _judged(split: Object, given: Given) -> Looking:
    root = _service(given, split, split.get("spec", "service"))
    if root is None:
        if not _whole(given, "Service", split):
            yield _unseen(given, "Service")
        return
    selector = _labels(root.get("spec", "selector"))
    backends = {leaf.name: _pods(given, leaf) for leaf in _leaves(given, split)}
    apart = [name for name, found in backends.items() if not all(_selects(selector, pod) for pod in found)]
    if selector and not apart:
        if not all(backends.values()) and not _whole(given, "Pod", split):
            yield _unseen(given, "Pod")
        return
    yield _sighting(split, root, apart, backends)


def _sighting(split: Object, root: Object, apart: list[str], backends: Mapping[str, list[Object]]) -> Sighting:
    selector = _labels(root.get("spec", "selector"))
    facts = {
        "name": split.name,
        "namespace": split.namespace,
        "root": root.name,
        "leaves": apart or list(backends),
        "selector": ",".join(f"{key}={value}" for key, value in selector.items()),
        "common": _common([pod for found in backends.values() for pod in found], selector),
    }
    places = {"spec.service": split.at("spec", "service"), "selector": root.at("spec", "selector")}
    evidence = tuple(Evidence(what, origin) for what, origin in places.items())
    subject = Subject(SPLIT, split.name, split.namespace)
    return Sighting(subject, facts, evidence, (split, root), case="apart" if selector else "none")


def _whole(given: Given, kind: str, split: Object) -> bool:
    return given.cluster.coverage(kind, split.namespace) is Coverage.COMPLETE


def _unseen(given: Given, kind: str) -> Unseen:
    return Unseen(kind, given.cluster.why(kind), f"kubectl get {kind.lower()} -A -o yaml")


def _service(given: Given, split: Object, named: Any) -> Object | None:
    """SMI lets people write `name`, `name.namespace` or the whole DNS name."""
    return given.cluster.get("Service", str(named).partition(".")[0], split.namespace)


def _leaves(given: Given, split: Object) -> Iterator[Object]:
    backends = split.get("spec", "backends")
    for backend in backends if isinstance(backends, list) else ():
        leaf = _service(given, split, backend.get("service") if isinstance(backend, Mapping) else None)
        if leaf is not None:
            yield leaf


def _pods(given: Given, leaf: Object) -> list[Object]:
    selector = _labels(leaf.get("spec", "selector"))
    return [pod for pod in given.cluster.of("Pod", leaf.namespace) if selector and _selects(selector, pod)]


def _selects(selector: Mapping[str, Any], pod: Object) -> bool:
    return selector.items() <= _labels(pod.get("metadata", "labels")).items()


def _labels(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _common(pods: list[Object], selector: Mapping[str, Any]) -> dict[str, Any]:
    """What a merge patch makes the selector: labels that all Pods share, and null for what has to go."""
    if not pods:
        return {}
    shared = set.intersection(*(set(_labels(pod.get("metadata", "labels")).items()) for pod in pods))
    labels = {key: value for key, value in sorted(shared) if key not in OWN}
    one = next(({key: labels[key]} for key in PREFERRED if key in labels), labels)
    return one | {key: None for key in selector if key not in one} if one else {}
