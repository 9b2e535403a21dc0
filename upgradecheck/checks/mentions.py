"""Names that the target no longer has, in the texts of objects that mention them: rules, dashboards, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..conditions import Where
from ..model import Evidence, Object, Path, Subject, leaves
from ..versions import Range
from .given import Given, Looking, Sighting

SHOWN = 3
"""As many mentions are shown as evidence."""


@dataclass(frozen=True, slots=True)
class Row:
    """A `name` that targets in `gone` no longer have: whole words count, and `*` stands for letters, digits and
    underscores. `instead` is the new name. `source` is where the fact is written."""

    name: str
    gone: Range
    instead: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Objects of `kind` for which `where` holds, whose texts are searched."""

    kind: str
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Params:
    """`rows` are the names, `places` the objects whose texts are searched. What is there is looked at; nobody has
    to have such objects, so their absence is no gap."""

    rows: tuple[Row, ...]
    places: tuple[Place, ...]


FACTS: Mapping[str, str] = {
    "mentioned": "the names that are mentioned, each with the new one",
    "names": "the objects that mention them",
    "count": "how many names",
    "number": "how many objects",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset(place.kind for place in params.places)


def run(params: Params, given: Given) -> Looking:
    rows = {_key(row.name): row for row in params.rows if _concerned(row, given)}
    if not rows:
        return
    pattern = re.compile("|".join(f"(?P<{key}>(?<![A-Za-z0-9_]){_regex(r.name)})" for key, r in rows.items()))
    seen = [(o, path, rows[key]) for o in _searched(params, given) for path, key in _mentions(o, pattern)]
    if seen:
        yield _sighting(seen)


def _key(name: str) -> str:
    return "n" + re.sub(r"\W", "", name)


def _regex(name: str) -> str:
    return re.escape(name).replace(r"\*", "[A-Za-z0-9_]+") + "(?![A-Za-z0-9_])"


def _concerned(row: Row, given: Given) -> bool:
    to, start = given.upgrade.to, given.upgrade.start
    return to is not None and to in row.gone and not (start and all(version in row.gone for version in start))


def _searched(params: Params, given: Given) -> Iterator[Object]:
    for place in params.places:
        for found in given.cluster.of(place.kind):
            if place.where is None or place.where.judge(found.data, given.refs).truth is True:
                yield found


def _mentions(found: Object, pattern: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    """Each name once for each object, with the first text that has it."""
    told: set[str] = set()
    for path, text in _texts(found.data):
        for hit in pattern.finditer(text):
            key = hit.lastgroup or ""
            if key not in told:
                told.add(key)
                yield path, key


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for top in ("spec", "data"):
        if isinstance(data.get(top), Mapping):
            for path, value in leaves(data[top]):
                yield from _deep((top, *path), value)


def _deep(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _deep((*path, index), item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _deep((*path, key), item)


def _sighting(seen: list[tuple[Object, Path, Row]]) -> Sighting:
    objects = tuple(dict.fromkeys(o for o, _, _ in seen))
    rows = {row.name: row for _, _, row in seen}
    said = [f"{row.name} ({row.instead})" if row.instead else row.name for row in rows.values()]
    facts = {
        "mentioned": said,
        "names": [f"{o.kind} {o.namespace}/{o.name}" if o.namespace else f"{o.kind} {o.name}" for o in objects],
        "count": len(rows),
        "number": len(objects),
    }
    evidence = tuple(Evidence(row.name, o.at(*path)) for o, path, row in seen[:SHOWN])
    return Sighting(Subject("names", ",".join(rows)), facts, evidence, objects, "observed")
