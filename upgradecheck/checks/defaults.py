"""The defaults under the values of an upgrade, from the target chart, the release record, or the pack's table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..model import Path, Values, leaves
from ..tables import ABSENT, ChartTable, chart_table, lookup, split_key
from ..versions import Range, Version
from .given import Given

Defaults = Callable[[Path], Any]
"""A leaf key → its default, ABSENT where the chart has no such key."""


def target_defaults(given: Given) -> Defaults | None:
    """The defaults of the chart that will be installed, None where nothing tells them."""
    if given.upgrade.chart is not None:
        tree = given.upgrade.chart.defaults
        return lambda key: lookup(tree, key)
    return _published(given, given.upgrade.to)


def _published(given: Given, version: Version | None) -> Defaults | None:
    table = table_of(given)
    if table is None or version is None or not table.knows(str(version)):
        return None
    known = str(version)
    return lambda key: table.default(key, known)


def table_of(given: Given) -> ChartTable | None:
    """The pack's table of published charts."""
    return chart_table(given.component.folder / "chart.json")


@dataclass(frozen=True, slots=True)
class Keys:
    """The leaf keys of one chart version, with their defaults."""

    keys: frozenset[Path]
    default: Defaults

    def knows(self, path: Path) -> bool:
        """True for a leaf, for what stands below one (an empty map or a list), and for a map above one."""
        above = any(path[:end] in self.keys for end in range(1, len(path) + 1))
        return above or any(key[: len(path)] == path for key in self.keys)


def target_keys(given: Given) -> Keys | None:
    """The keys of the chart that will be installed, None where nothing tells them."""
    if given.upgrade.chart is not None:
        return _of_tree(given.upgrade.chart.defaults)
    return _of_table(given, given.upgrade.to)


def start_keys(given: Given) -> Keys | None:
    """The keys of the chart that runs: from the pack's table, or, for a chart that nobody published, from the release's
    own record, into whose defaults Helm may have merged what the person set."""
    release = given.release
    told = Version.read(release.version) if release is not None else None
    published = _of_table(given, told or (given.upgrade.start[0] if len(given.upgrade.start) == 1 else None))
    if published is None and release is not None and release.defaults:
        return _of_tree(release.defaults)
    return published


def _of_tree(tree: Any) -> Keys:
    known = dict(leaves(tree))
    return Keys(frozenset(known), lambda key: known.get(key, ABSENT))


def _of_table(given: Given, version: Version | None) -> Keys | None:
    defaults, table = _published(given, version), table_of(given)
    if defaults is None or table is None:
        return None
    return Keys(table.names(str(version)), defaults)


def first_inside(given: Given, span: Range) -> str:
    """The first published version after the one that runs that lies in a range; the target where none is known."""
    table, target = table_of(given), given.upgrade.to
    published = sorted(Version.parse(text) for text in table.positions) if table is not None else []
    start = min(given.upgrade.start, default=None)
    between = (v for v in published if v in span and (start is None or start < v) and (not target or v <= target))
    return str(next(between, target))


def holds(wanted: str, values: Values, defaults: Defaults | None) -> bool:
    """Whether a key is on, or has the value wanted, after the upgrade. What nobody can tell does not matter."""
    text, _, value = wanted.partition("=")
    key = split_key(text)
    found = values.get(*key) if values.has(*key) else defaults(key) if defaults else None
    if value:
        return str(found).lower() == value.lower()
    return found is not ABSENT and bool(found)


__all__ = [
    "ABSENT",
    "Defaults",
    "Keys",
    "first_inside",
    "holds",
    "start_keys",
    "table_of",
    "target_defaults",
    "target_keys",
]
