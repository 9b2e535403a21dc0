"""What a person asked for, gathered from arguments: the same for the command line and for `import upgradecheck`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..model import Chart, Command, Declared, Object, Suppression, Values

if TYPE_CHECKING:
    from ..sources.live import Access


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
    base: str = ""
    """A folder or a git ref: what the manifests were before."""
    current_values: Sequence[str] = ()
    collected: Sequence[str] = ()
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    rules: Sequence[str] = ()
    fail_on: str = "error"
    exit_zero: bool = False
    allow_gaps: bool = False
    suppress: Sequence[Suppression] = ()
    baseline: str = ""
    apart: bool = False
    """True where every subject is to be a finding of its own, as a baseline records them."""
    stdin: BinaryIO | None = None
    live: Access | None = None
    """The way to a live cluster, which is read where there are no inputs; None where it is not."""
    old: Values | None = None
    """Values that a repaired command reads from the file OLD_VALUES, which does not exist yet."""


@dataclass(frozen=True, slots=True)
class Known:
    """What has been read for the upgrades beside the cluster: the target chart, objects to be applied, and
    `--current-values` that name no release. `declared` are the releases that manifests ask for; `compared` is true
    where a base told which of them changed, and `under` are its objects."""

    chart: Chart | None = None
    applied: tuple[Object, ...] = ()
    unnamed: tuple[Values, ...] = ()
    declared: tuple[Declared, ...] = ()
    compared: bool = False
    under: tuple[Object, ...] = ()


OLD_VALUES = "old.yaml"
"""The file that printed plans keep `helm get values` in."""
