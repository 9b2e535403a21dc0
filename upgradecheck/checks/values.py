"""Values keys that the target reads no longer, not yet, or never did; or that nobody set while the default turns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..cluster import Coverage
from ..conditions import PathExpr
from ..model import Evidence, Object, Path, Subject, Values, dotted
from ..tables import split_key
from ..versions import Range
from .collecting import untold_values
from .defaults import ABSENT, Defaults, target_defaults
from .given import Given, Looking, Sighting, Unseen
from .roles import kind_of, playing


@dataclass(frozen=True, slots=True)
class Row:
    """One key, or all keys below it: the versions that read it, and by range of targets what to write instead."""

    key: str
    read: Range
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Live:
    """Where the running cluster tells the setting that the keys were meant for: a path in an object that plays
    `role`, and a pattern whose first group is the value."""

    role: str
    path: PathExpr
    pattern: str


@dataclass(frozen=True, slots=True)
class Params:
    """The `rows` are about one setting; `live` is where the cluster tells what it is now. Cases: `flips` where the
    target's default differs from what is live now, `same` where it does not; without either the rule's own words
    hold.

    `unset` asks the opposite: where none of the keys is set, so that what is live now becomes the target's default;
    its only case is `flips`."""

    rows: tuple[Row, ...]
    live: Live | None = None
    unset: bool = False


FACTS: Mapping[str, str] = {
    "keys": "the keys that were set and are not read",
    "instead": "the key that the target reads, empty where there is none",
    "now": "what is live now: on, off, or the value itself",
    "then": "the target's default: on, off, or the value itself",
    "keep": "the value to set so that nothing changes",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"values", *([params.live.role] if params.live else [])})


def run(params: Params, given: Given) -> Looking:
    values = given.upgrade.after or given.upgrade.before
    if values is None:
        yield from untold_values(given.upgrade)
        return
    target = given.upgrade.to
    if target is None:
        return
    if params.unset:
        yield from _turning(params, given, values)
        return
    unread = [(row, path) for row in params.rows if target not in row.read for path in _set_below(values, row)]
    instead = _instead(params.rows, given)
    if unread and not (instead and values.has(*split_key(instead))):
        yield _sighting(params, given, values, [path for _, path in unread], instead)


def _turning(params: Params, given: Given, values: Values) -> Looking:
    instead = _instead(params.rows, given)
    if not instead or given.upgrade.base == "old" or any(True for row in params.rows for _ in _set_below(values, row)):
        return
    seen = _sighting(params, given, values, [split_key(instead)], instead)
    if params.live and not seen.objects:
        kind = kind_of(given.component, params.live.role)
        if given.cluster.coverage(kind, given.upgrade.namespace or None) is not Coverage.COMPLETE:
            yield Unseen(kind, given.cluster.why(kind), f"kubectl get {kind.lower()} -n {{namespace}} -o yaml")
    elif seen.case == "flips":
        yield replace(seen, evidence=seen.evidence[1:])


def _set_below(values: Values, row: Row) -> Iterator[Path]:
    key = split_key(row.key)
    return (path for path, value in values.leaves() if path[: len(key)] == key and value is not None)


def _instead(rows: tuple[Row, ...], given: Given) -> str:
    for row in rows:
        for targets, key in row.instead.items():
            if given.upgrade.to is not None and given.upgrade.to in Range.parse(targets):
                return key
    return ""


def _sighting(params: Params, given: Given, values: Values, paths: list[Path], instead: str) -> Sighting:
    now, seen, objects = _live(params.live, given)
    then = _default(target_defaults(given), instead)
    case = "nowhere" if not instead else "" if None in (now, then) else "same" if now == then else "flips"
    evidence = tuple(Evidence(dotted(path), values.origin(path)) for path in paths)
    facts = {
        "keys": [dotted(path) for path in paths],
        "instead": instead,
        "now": _word(now),
        "then": _word(then),
        "keep": "" if now is None else now,
    }
    subject = Subject("values", ",".join(dotted(path) for path in paths))
    return Sighting(subject, facts, evidence + seen, objects, "computed", case)


def _live(live: Live | None, given: Given) -> tuple[str | None, tuple[Evidence, ...], tuple[Object, ...]]:
    if live is None:
        return None, (), ()
    for candidate in playing(given.cluster, given.component, live.role, given.upgrade.namespace):
        for path, text in live.path.find(candidate.data):
            found = re.search(live.pattern, str(text))
            if found:
                line = str(text)[: found.start()].count("\n")
                origin = candidate.at(*path)
                # A block scalar's text begins on the line after its key.
                origin = origin.at(origin.line + line + 1) if origin.line and "\n" in str(text) else origin
                return found[1], (Evidence(f"{candidate.name}: {found[0]}", origin),), (candidate,)
    return None, (), ()


def _default(defaults: Defaults | None, key: str) -> str | None:
    if defaults is None or not key:
        return None
    found = defaults(split_key(key))
    return None if found is ABSENT else str(found).lower() if isinstance(found, bool) else str(found)


def _word(value: Any) -> str:
    return {"true": "ON", "false": "OFF"}.get(value, "unknown" if value is None else str(value))
