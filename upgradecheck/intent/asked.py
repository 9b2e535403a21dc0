"""What a person asked for, gathered from arguments: the same for the command line and for `import upgradecheck`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from ..model import Chart, Command, Object, Values


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that a scan is asked. `inputs` are paths, `-`, or parsed objects; `to`, `start` and `tools`
    map names to versions as written; `target` is a version whose component is not named. `sets` holds
    `(flag, text)` pairs such as ("set", "a=b")."""

    inputs: Sequence[str | Path | Mapping[str, Any] | Object] = ()
    command: Command | None = None
    to: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    start: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    values: Sequence[str] = ()
    sets: Sequence[tuple[str, str]] = ()
    target_chart: str = ""
    apply: Sequence[str] = ()
    current_values: Sequence[str] = ()
    collected: Sequence[str] = ()
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    rules: Sequence[str] = ()
    fail_on: str = "error"
    exit_zero: bool = False
    allow_gaps: bool = False
    stdin: BinaryIO | None = None
    old: Values | None = None
    """Values that a repaired command reads from the file OLD_VALUES, which does not exist yet."""


@dataclass(frozen=True, slots=True)
class Known:
    """What has been read for the upgrades beside the cluster: the target chart, objects to be applied, and
    `--current-values` that name no release."""

    chart: Chart | None = None
    applied: tuple[Object, ...] = ()
    unnamed: tuple[Values, ...] = ()


OLD_VALUES = "old.yaml"
"""The file that printed plans keep `helm get values` in."""
