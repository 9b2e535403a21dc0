"""A component: how it is recognised, where its versions stand, and which part plays which role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Role:
    """A part of a component, found by kind and labels, never by a name that a chart lets people change.

    A label's value `*` means that the label is there.
    """

    kind: str
    labels: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class VersionSource:
    """One place where a version can be read; `source` is one of

    running: `release` (its chart), `label` of the objects of a role, `image` tag of a role's container,
    `pods` (the image tags that really run), `nodes` (a `path` in every Node);
    target: `tool` (the CLI brings its own chart), `applied` (a `path` in an object of `kind` to be applied).
    """

    source: str
    role: str = ""
    container: str = ""
    label: str = ""
    prefix: str = ""
    path: str = ""
    kind: str = ""
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """One component.yaml. `folder` holds its rules and its tables of facts.

    `chart` is how its own guide names the chart; `tools` the CLIs that upgrade this component; `kinds` those
    whose objects are its upgrade when applied; `always` true for a pack that speaks about every upgrade.
    """

    name: str
    title: str
    folder: Path
    charts: tuple[str, ...] = ()
    chart: str = ""
    tools: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    detect: tuple[str, ...] = ()
    running: tuple[VersionSource, ...] = ()
    target: tuple[VersionSource, ...] = ()
    route: Mapping[str, Any] = field(default_factory=dict)
    always: bool = False
    requires: str = ""
    retired: tuple[str, ...] = ()
    not_covered: Mapping[str, str] = field(default_factory=dict)
