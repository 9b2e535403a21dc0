"""Defaults of the chart that change with the upgrade, and that nobody has set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..model import Evidence, Subject, Values, dotted
from ..tables import split_key
from ..versions import Range
from .collecting import untold_values
from .defaults import first_inside, holds, start_keys, target_defaults, target_keys
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Row:
    """The default of `key` is `was` in the versions of `from` and `now` in those of `to`; `effect` is what that
    does to a cluster that left it alone. `unless` names other keys that decide it where they are set, `only_if`
    keys that have to be on, or to be `key=value`, for it to matter. `source` is where the fact is written."""

    key: str
    from_: Range
    to: Range
    was: str
    now: str
    effect: str = ""
    unless: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    weight: Literal["error", "warning", "info", "advice"] = "warning"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """The `rows` are the changes worth naming; every other one is counted from the tables of published charts.
    Only rows of one of the `weights` are looked at, `advice` being for what every such upgrade brings. The cases are
    these weights."""

    rows: tuple[Row, ...]
    weights: tuple[str, ...] = ("error", "warning", "info")


EMPTY = '""'

FACTS: Mapping[str, str] = {
    "keys": "the keys whose default changes",
    "what": "each key with both defaults and what that does",
    "count": "how many there are",
    "others": "how many further defaults differ that nobody set",
    "entries": "the keys as entries, for `each`",
}
EACH: Mapping[str, str] = {
    "key": "the dotted key",
    "was": "the default that holds now",
    "now": "the default of the target",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"values", "release"})


def run(params: Params, given: Given) -> Looking:
    upgrade = given.upgrade
    values = upgrade.after or upgrade.before
    if upgrade.base == "old" or upgrade.to is None:
        return  # the old defaults stay, which is another rule's trouble
    rows = [row for row in params.rows if upgrade.to in row.to and any(v in row.from_ for v in upgrade.start)]
    if values is None:
        if rows:
            yield from untold_values(upgrade)
        return
    defaults = target_defaults(given)
    rows = [row for row in rows if not any(values.has(*split_key(key)) for key in (row.key, *row.unless))]
    rows = [row for row in rows if all(holds(wanted, values, defaults) for wanted in row.only_if)]
    for weight in params.weights:
        named = [row for row in rows if row.weight == weight]
        if named:
            yield _sighting(weight, named, _others(rows, values, given), given)


def _sighting(weight: str, rows: list[Row], others: int, given: Given) -> Sighting:
    said = [
        f"{row.key} {row.was or EMPTY} becomes {row.now or EMPTY}" + (f": {row.effect}" if row.effect else "")
        for row in rows
    ]
    facts = {
        "keys": [row.key for row in rows],
        "what": "; ".join(said),
        "count": len(rows),
        "others": others,
        "entries": [{"key": row.key, "was": row.was, "now": row.now} for row in rows],
    }
    evidence = tuple(Evidence(f"default of {row.key} since {first_inside(given, row.to)}") for row in rows)
    return Sighting(Subject("values", ",".join(row.key for row in rows)), facts, evidence, (), "computed", weight)


def _others(rows: list[Row], values: Values, given: Given) -> int:
    """Defaults that differ between the two charts, that nobody set and that no row names; image tags left out."""
    before, after = start_keys(given), target_keys(given)
    if before is None or after is None:
        return 0
    named = {row.key for row in rows}
    both = before.keys & after.keys
    return sum(
        before.default(key) != after.default(key) and not values.has(*key) and dotted(key) not in named for key in both
    )
