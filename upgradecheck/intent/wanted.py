"""Files that say what is about to happen: manifests to be applied, the target chart, values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from ..model import Chart, Object, Origin, Problem
from ..sources import read_manifests
from .asked import Asked


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was read beside the cluster."""

    chart: Chart | None = None
    applied: tuple[Object, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_wanted(asked: Asked) -> Wanted:
    """Read the target chart and the manifests to be applied; what cannot be read is a problem, not an end."""
    problems: list[Problem] = []
    chart = None
    if asked.target_chart:
        from .charts import read_chart

        try:
            chart = read_chart(Path(asked.target_chart))
        except InputError as error:
            problems.append(Problem(Origin(error.where), error.text, error.expected))
    paths = _to_apply(asked)
    recursive = asked.command is not None and asked.command.has("recursive")
    applied, broken = read_manifests(paths, recursive=recursive, stdin=asked.stdin) if paths else ((), ())
    return Wanted(chart, applied, (*problems, *broken))


def files_apart(asked: Asked) -> tuple[Path, ...]:
    """Files that may lie inside a scanned folder and yet are not running: values, manifests, the chart."""
    command = asked.command
    values = [*asked.values, *(command.all("values") if command else ())]
    split = [name for value in values for name in value.split(",")]
    names: list[str | Path] = [*split, *_to_apply(asked), *_charts(asked)]
    return tuple(Path(name) for name in names if str(name) not in ("", "-"))


def _to_apply(asked: Asked) -> list[Path]:
    command = asked.command
    typed: Iterable[str] = ()
    if command is not None and (command.tool, command.verb) == ("kubectl", "apply"):
        from .applied import applied_paths

        typed = applied_paths(command)
    return [Path(path) for path in (*asked.apply, *typed)]


def _charts(asked: Asked) -> list[str]:
    return [asked.target_chart] if asked.target_chart else []
