"""Texts of an example that nobody replaced, in what is about to be applied or runs already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..cluster import Coverage
from ..model import Evidence, Object, Path, Subject, dotted
from .given import Given, Looking, Sighting, Unseen
from .roles import candidates, kind_of

SHOWN = 3
"""As many places are shown as evidence."""


@dataclass(frozen=True, slots=True)
class Row:
    """`text` is what the example says, whatever its case and the blanks around it. `example` means that it could be
    somebody's own; where an object has only such texts the case is `example`. `source` is where it was found."""

    text: str
    source: str
    example: bool = False


@dataclass(frozen=True, slots=True)
class Params:
    """`kinds` are kinds with their group, or roles; `rows` the texts that a value there must not be."""

    kinds: tuple[str, ...]
    rows: tuple[Row, ...]


FACTS: Mapping[str, str] = {
    "kind": "the kind of the object",
    "name": "its name",
    "namespace": "its namespace",
    "texts": "each field with the text that stands there",
    "place": "the file that brings it; empty where it is in the cluster only",
    "live": "true where it is in the cluster only",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset(params.kinds)


def run(params: Params, given: Given) -> Looking:
    rows = {row.text.strip().lower(): row for row in params.rows}
    for kind in params.kinds:
        found = candidates(given.after(), given.component, kind, given.upgrade)
        for one in found:
            left = [(path, text, rows[key]) for path, text, key in _texts(one.data, ()) if key in rows]
            if left:
                yield _sighting(given, one, left)
        name = kind_of(given.component, kind)
        if not found and kind == name and given.cluster.coverage(name) is not Coverage.COMPLETE:
            yield Unseen(name, given.cluster.why(name), f"kubectl get {name.lower()} -A -o yaml")


def _texts(data: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Every text below, with its path; what the person did not write is left aside."""
    if isinstance(data, str):
        yield path, data, data.strip().lower()
    elif isinstance(data, Mapping):
        for key, value in data.items():
            if path or key in ("spec", "data"):
                yield from _texts(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts(value, (*path, index))


def _sighting(given: Given, one: Object, left: list[tuple[Path, str, Row]]) -> Sighting:
    keys = {(o.group_kind, o.namespace or "default", o.name) for o in given.upgrade.applied}
    applied = (one.group_kind, one.namespace or "default", one.name) in keys
    sure = [entry for entry in left if not entry[2].example]
    facts = {
        "kind": one.kind,
        "name": one.name,
        "namespace": one.namespace or "default",
        "texts": [f"{dotted(path)} {text}" for path, text, _ in sure or left],
        "place": one.origin.file if applied else "",
        "live": not applied,
    }
    evidence = tuple(Evidence(dotted(path), one.at(*path)) for path, _, _ in (sure or left)[:SHOWN])
    subject = Subject(one.group_kind, one.name, one.namespace)
    return Sighting(subject, facts, evidence, (one,), "computed" if applied else "observed", "" if sure else "example")
