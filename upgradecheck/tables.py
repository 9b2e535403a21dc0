"""Which values keys a published chart version has, and their defaults, from a pack's `chart.json`.

The file holds `versions` in SemVer order and `keys`: for each leaf key the runs `[first, last, default]` of
positions in `versions`. An image tag or a long text has "…" as its default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .model import Path as KeyPath
from .model import leaves

ABSENT = object()
"""The chart version is known and does not have the key."""


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The table of one chart. `positions` gives each version its place in the runs."""

    positions: Mapping[str, int]
    keys: Mapping[KeyPath, list[list[Any]]]
    about: Mapping[str, Mapping[str, Any]]

    def crds(self, version: str) -> tuple[str, ...]:
        """The names of the CRDs in the crds/ folder of a version."""
        return tuple(self.about.get(version, {}).get("crds", ()))

    def knows(self, version: str) -> bool:
        return version in self.positions

    def default(self, key: KeyPath, version: str) -> Any:
        """The default of a leaf key in a version that the table knows; ABSENT where it has none."""
        at = self.positions[version]
        for first, last, default in self.keys.get(key, ()):
            if first <= at <= last:
                return default
        return ABSENT

    def has(self, key: KeyPath, version: str) -> bool:
        return self.default(key, version) is not ABSENT

    def names(self, version: str) -> frozenset[KeyPath]:
        """Every leaf key of a version."""
        return frozenset(key for key in self.keys if self.has(key, version))

    def added(self, start: str, to: str) -> list[KeyPath]:
        """Keys that `to` has and `start` has not, sorted."""
        return sorted((k for k in self.names(to) if not self.has(k, start)), key=str)


@cache
def chart_table(path: Path) -> ChartTable | None:
    """The table in a file, None where there is no file."""
    if not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    positions = {version: index for index, version in enumerate(found["versions"])}
    return ChartTable(positions, {split_key(key): runs for key, runs in found["keys"].items()}, found["about"])


def split_key(text: str) -> KeyPath:
    r"""A dotted key as a path; `\.` is a dot inside a name."""
    return tuple(part.replace("\0", ".") for part in text.replace("\\.", "\0").split("."))


def lookup(tree: Mapping[str, Any], key: KeyPath) -> Any:
    """The default of a leaf key in a chart's own values.yaml, ABSENT where it has none."""
    return dict(leaves(tree)).get(key, ABSENT)
