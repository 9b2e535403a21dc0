"""Test items as plain data, so that one scan serves every worker of a run. Imports nothing of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Told:
    """One test item. `text` is what a failure prints, or the reason of a skip; `line` counts from 1, 0 for none."""

    name: str
    outcome: Literal["passed", "failed", "skipped"] = "passed"
    text: str = ""
    brief: str = ""
    file: str = ""
    line: int = 0
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """All items of a scan, and what the end of the run says about it."""

    items: list[Told] = field(default_factory=list)
    screen: list[str] = field(default_factory=list)
    verdict: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As maps, lists and scalars alone."""
        items = [
            {name: getattr(told, name) for name in Told.__slots__} | {"properties": [list(p) for p in told.properties]}
            for told in self.items
        ]
        return {"items": items, "screen": self.screen, "verdict": self.verdict}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Telling:
        items = [Told(**{**told, "properties": tuple(map(tuple, told["properties"]))}) for told in plain["items"]]
        return cls(items, list(plain["screen"]), list(plain["verdict"]))
