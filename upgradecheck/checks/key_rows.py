"""Which rows of a table of values keys a set of values meets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ..model import Path, Values
from ..tables import split_key
from ..versions import Range, Version
from .defaults import Defaults, holds, target_defaults
from .given import Given


@dataclass(frozen=True, slots=True)
class Row:
    """One key, or all keys below it, that targets in `gone` no longer honour; with `values` or `types` only where
    it is set to one of these, with `only_if` only where these keys are on, or are `key=value`. `instead` is what to
    write, and where that is so already nothing is said unless Helm refuses; `effect` is what happens else, `refused`
    what Helm says where it refuses. `weight` is error where Helm refuses, warning with an effect and info without,
    unless the row says it. `source` is where the fact is written."""

    key: str
    gone: Range
    values: tuple[object, ...] = ()
    types: tuple[Literal["string", "number", "boolean", "list", "map", "null"], ...] = ()
    instead: str = ""
    effect: str = ""
    refused: str = ""
    only_if: tuple[str, ...] = ()
    weight: Literal["error", "warning", "info"] | None = None
    source: str = ""


def found(rows: tuple[Row, ...], values: Values, given: Given, to: Version) -> Iterator[tuple[Row, Path]]:
    defaults = target_defaults(given)
    for row in rows:
        key = split_key(row.key)
        if to not in row.gone or not values.has(*key):
            continue
        if not all(holds(wanted, values, defaults) for wanted in row.only_if):
            continue
        if not row.refused and _done(row, values, defaults):
            continue
        for path, value in values.leaves():
            if path[: len(key)] == key and _meant(row, value) and _new(row, path, value, given):
                yield row, path


def _done(row: Row, values: Values, defaults: Defaults | None) -> bool:
    """Whether what to write instead is written already."""
    key, equals, _ = row.instead.partition("=")
    if not key[:1].islower():
        return False
    return holds(row.instead, values, defaults) if equals else values.has(*split_key(key))


def _meant(row: Row, value: Any) -> bool:
    """Whether a row is about this value. A `null` takes a default away, which no version minds."""
    if value is None:
        return "null" in row.types
    if row.values and as_text(value) not in {as_text(one) for one in row.values}:
        return False
    return not row.types or _type(value) in row.types


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type(value: Any) -> str:
    kinds = ((bool, "boolean"), (int, "number"), (float, "number"), (str, "string"), (list, "list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "map")


def _new(row: Row, path: Path, value: Any, given: Given) -> bool:
    """False for what was dead already before this upgrade, which changes nothing."""
    before = given.upgrade.before
    return not dead(row, given) or (before is not None and before.get(*path) != value)


def dead(row: Row, given: Given) -> bool:
    """True where the version that runs does not honour the key either."""
    return bool(given.upgrade.start) and all(version in row.gone for version in given.upgrade.start)
