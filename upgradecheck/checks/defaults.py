"""The defaults under the values of an upgrade, from the target chart, the release record, or the pack's table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model import Path
from ..tables import ABSENT, ChartTable, chart_table, lookup
from ..versions import Version
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


__all__ = ["ABSENT", "Defaults", "table_of", "target_defaults"]
