"""Values that two objects must not share, such as the IP of two Pods that are alive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..cluster import Coverage
from ..conditions import PathExpr, Where
from ..model import Evidence, Object, Path, Subject
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Place:
    """Where the values stand: a `path` in objects of `kind` for which `where` holds. `cut` ends the value at a
    character, as `/` does for an address with its mask."""

    kind: str
    path: PathExpr
    where: Where | None = None
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`places` are where the values stand, `what` they are called where they were not collected. Objects are the same
    owner where namespace and name agree, so a Pod and its endpoint may share a value."""

    places: tuple[Place, ...]
    what: str


FACTS: Mapping[str, str] = {
    "value": "the value that is shared",
    "owners": "who shares it, as namespace/name",
    "second_name": "the name of the younger one",
    "second_namespace": "its namespace",
    "count": "how many values are shared, where the rule has `many`",
    "names": "the shared values, where the rule has `many`",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset(place.kind for place in params.places)


def run(params: Params, given: Given) -> Looking:
    owners: dict[str, dict[tuple[str, str], tuple[Object, Path]]] = {}
    for place in params.places:
        if given.cluster.coverage(place.kind) is Coverage.UNKNOWN and not given.cluster.of(place.kind):
            collect = f"kubectl get {place.kind.lower()} -A -o yaml"
            yield Unseen(params.what, given.cluster.why(place.kind), collect)
        for value, found, path in _values(place, given):
            owners.setdefault(value, {}).setdefault((found.namespace, found.name), (found, path))
    for value, held in sorted(owners.items()):
        if len(held) > 1:
            yield _sighting(value, held)


def _values(place: Place, given: Given) -> Iterator[tuple[str, Object, Path]]:
    for found in given.cluster.of(place.kind):
        if place.where is not None and not place.where.judge(found.data, given.refs).truth:
            continue
        for path, value in place.path.find(found.data):
            if isinstance(value, str) and value:
                yield (value.partition(place.cut)[0] if place.cut else value), found, path


def _sighting(value: str, held: Mapping[tuple[str, str], tuple[Object, Path]]) -> Sighting:
    objects = tuple(found for found, _ in held.values())
    evidence = tuple(Evidence(f"{o.namespace}/{o.name}", o.at(*path)) for o, path in held.values())
    youngest = max(objects, key=lambda o: str(o.get("metadata", "creationTimestamp", default="")))
    facts: dict[str, Any] = {
        "value": value,
        "name": value,
        "owners": [f"{o.namespace}/{o.name}" for o in objects],
        "second_name": youngest.name,
        "second_namespace": youngest.namespace,
    }
    return Sighting(Subject("address", value), facts, evidence, objects)
