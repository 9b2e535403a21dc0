"""Helm's merge rules: which values an upgrade stores, and what the templates see of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ..model import Values, leaves
from ..sources.values import covers

Reuse = Literal["none", "reuse", "reset-then-reuse", "reset"]


def effective(before: Values | None, given: Values, reuse: Reuse) -> tuple[Values | None, str]:
    """The values that the release will store, and whose defaults lie under them, "new" or "old".

    None where that hangs on values of the release that were not collected (`before` None).
    """
    if reuse == "reset":
        return given, "new"
    if reuse == "none":
        return (given if given.tree else before), "new"
    base = "old" if reuse == "reuse" else "new"
    return (None if before is None else _over(given, before)), base


def _over(given: Values, before: Values) -> Values:
    tree = coalesce_tables(given.tree, before.tree)
    origins = {}
    for path, _ in leaves(tree):
        source = given if covers(given.tree, path) else before
        origins[path] = source.origin(path)
    return Values(tree, origins)


def coalesce(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates see: values over a chart's defaults, null deleting a default.

    As Helm up to 4.1 does it; from 4.2 on a null in the defaults themselves is left out too. Neither
    argument is changed.
    """
    tree = dict(values)
    for key, default in defaults.items():
        if key not in tree:
            tree[key] = default
        elif tree[key] is None:
            del tree[key]
        elif isinstance(tree[key], Mapping) and isinstance(default, Mapping):
            tree[key] = coalesce_tables(tree[key], default)
    return tree


def coalesce_tables(over: Mapping[str, Any], under: Mapping[str, Any]) -> dict[str, Any]:
    """Two maps as Helm's CoalesceTables: `over` wins, its null deletes what `under` sets, and is kept otherwise.

    Where one side has a map and the other none, `over` wins. Neither argument is changed.
    """
    tree = dict(over)
    for key, value in under.items():
        if key not in tree:
            tree[key] = value
        elif tree[key] is None and value is not None:
            del tree[key]
        elif isinstance(tree[key], Mapping) and isinstance(value, Mapping):
            tree[key] = coalesce_tables(tree[key], value)
    return tree
