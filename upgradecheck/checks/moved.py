"""Settings of custom resources that the target no longer reads there, but from its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..cluster import Coverage
from ..conditions import PathExpr
from ..model import Evidence, Object, Path, Subject
from ..tables import split_key
from .collecting import NO_VALUES
from .defaults import target_defaults
from .given import Given, Looking, Sighting, Unseen
from .roles import candidates, kind_of


@dataclass(frozen=True, slots=True)
class Row:
    """What `path` says in objects of `kind` (true where it counts) moves to the values key `key`."""

    kind: str
    path: PathExpr
    key: str


@dataclass(frozen=True, slots=True)
class Params:
    """The `rows` say what moves where. What the values set already, whichever way, is not reported."""

    rows: tuple[Row, ...]


FACTS: Mapping[str, str] = {
    "where": "each field that is on, with its object",
    "fields": "the names of the fields that are on",
    "keys": "the values keys that turn the same on",
    "entries": "the keys as entries, for `each`",
}
EACH: Mapping[str, str] = {"key": "the dotted key"}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"values", *(row.kind for row in params.rows)})


def run(params: Params, given: Given) -> Looking:
    found = [seen for row in params.rows for seen in _on(row, given)]
    unset = [(row, o, path) for row, o, path in found if not _is_set(row.key, given)]
    if unset and given.upgrade.after is None:
        yield NO_VALUES
    elif unset:
        yield _sighting(unset)
    yield from _not_collected(params, given)


def _on(row: Row, given: Given) -> Iterator[tuple[Row, Object, Path]]:
    for candidate in candidates(given.cluster, given.component, row.kind, given.upgrade):
        for path, value in row.path.find(candidate.data):
            if value is True:
                yield row, candidate, path


def _is_set(key: str, given: Given) -> bool:
    """Whether the values decide it: the person set the key, or the target's default turns it on."""
    path = split_key(key)
    if given.upgrade.after is not None and given.upgrade.after.has(*path):
        return True
    defaults = target_defaults(given)
    return defaults is not None and defaults(path) is True


def _sighting(unset: list[tuple[Row, Object, Path]]) -> Sighting:
    objects = tuple(dict.fromkeys(o for _, o, _ in unset))
    keys = list(dict.fromkeys(row.key for row, _, _ in unset))
    facts: dict[str, Any] = {
        "where": [f"{path[-1]} ({o.kind} {_named(o)})" for _, o, path in unset],
        "fields": sorted({str(path[-1]) for _, _, path in unset}),
        "keys": keys,
        "entries": [{"key": key} for key in keys],
    }
    evidence = tuple(Evidence(f"{path[-1]} of {_named(o)}", o.at(*path)) for _, o, path in unset)
    return Sighting(Subject("values", ",".join(keys)), facts, evidence, objects)


def _named(found: Object) -> str:
    return f"{found.namespace}/{found.name}" if found.namespace else found.name


def _not_collected(params: Params, given: Given) -> Looking:
    for kind in dict.fromkeys(kind_of(given.component, row.kind) for row in params.rows):
        if not given.cluster.of(kind) and given.cluster.coverage(kind) is not Coverage.COMPLETE:
            yield Unseen(kind, given.cluster.why(kind), f"kubectl get {kind.lower()} -A -o yaml")
