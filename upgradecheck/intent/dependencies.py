"""The charts that a chart depends on, and whether values enable them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..model import value_at


@dataclass(frozen=True, slots=True)
class Dependency:
    """One entry of `dependencies`. `key` is where its values stand: its alias, or its name."""

    name: str
    key: str
    conditions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def dependencies_in(metadata: Mapping[str, Any], requirements: Mapping[str, Any]) -> list[Dependency]:
    """What Chart.yaml declares, or for charts of the old form requirements.yaml."""
    declared = metadata.get("dependencies") or requirements.get("dependencies")
    entries = [entry for entry in declared if isinstance(entry, Mapping)] if isinstance(declared, list) else []
    return [_dependency(entry) for entry in entries if isinstance(entry.get("name"), str)]


def enabled(dependency: Dependency, values: Mapping[str, Any]) -> bool:
    """Helm's rule: the first condition that names a boolean decides; else any tag that is true; else true."""
    for condition in dependency.conditions:
        value = value_at(values, condition.split("."))
        if isinstance(value, bool):
            return value
    said = [value_at(values, ("tags", tag)) for tag in dependency.tags]
    return True in said or False not in said


def _dependency(entry: Mapping[str, Any]) -> Dependency:
    name, alias = entry["name"], entry.get("alias")
    condition, tags = entry.get("condition"), entry.get("tags")
    conditions = condition.split(",") if isinstance(condition, str) else []
    return Dependency(
        name,
        alias if isinstance(alias, str) and alias else name,
        tuple(path.strip() for path in conditions if path.strip()),
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )
