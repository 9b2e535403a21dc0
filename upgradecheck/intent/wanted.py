"""Files that say what is about to happen: manifests to be applied, the target chart, values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import InputError, UsageError
from ..model import Chart, Declared, Gap, Object, Origin, Problem, Values
from ..sources import read_manifests
from .asked import Asked, Known


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was read beside the cluster. `declared` are the releases that manifests ask for, `gaps` what of them could
    not be worked out. With a base, `compared` says in a few words what changed, `under` are the objects as they
    were, and `inputs` is what is left of the inputs as what runs.
    """

    chart: Chart | None = None
    applied: tuple[Object, ...] = ()
    problems: tuple[Problem, ...] = ()
    declared: tuple[Declared, ...] = ()
    gaps: tuple[Gap, ...] = ()
    compared: str = ""
    under: tuple[Object, ...] = ()
    inputs: tuple[str | Path | Mapping[str, Any] | Object, ...] = ()


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
    if asked.base:
        return _compared(asked, chart, problems)
    paths = _to_apply(asked)
    recursive = asked.command is not None and asked.command.has("recursive")
    applied, broken = read_manifests(paths, recursive=recursive, stdin=asked.stdin) if paths else ((), ())
    wanted = Wanted(chart, applied, (*problems, *broken), inputs=tuple(asked.inputs))
    if not paths:
        return wanted
    from .gitops.found import to_be_applied

    found = to_be_applied(paths)
    told = {problem.origin for problem in wanted.problems}
    fresh = (problem for problem in found.problems if problem.origin not in told)
    return replace(wanted, declared=found.declared, gaps=found.gaps, problems=(*wanted.problems, *fresh))


def _compared(asked: Asked, chart: Chart | None, problems: list[Problem]) -> Wanted:
    """What changed since the base: of --apply where that is given, else of the inputs. Raises UsageError."""
    from .gitops.base import compare, in_repository

    if asked.command is not None:
        raise UsageError("--base is about manifests that changed, and a command is given", "give one of them")
    paths = [str(path) for path in asked.apply]
    left = list(asked.inputs)
    if not paths:
        by_git = not Path(asked.base).is_dir()
        named = [one for one in asked.inputs if isinstance(one, str | Path) and str(one) != "-"]
        paths = [str(one) for one in named if not by_git or in_repository(str(one))]
        left = [one for one in asked.inputs if not (isinstance(one, str | Path) and str(one) in paths)]
    if not paths:
        raise UsageError(f"--base {asked.base}: no manifests to compare", "name a folder of the repository, or --apply")
    found = compare(asked.base, paths)
    return Wanted(
        chart,
        found.applied,
        (*problems, *found.problems),
        found.declared,
        found.gaps,
        f"{', '.join(paths)} {found.told}",
        found.under,
        tuple(left),
    )


def known_of(wanted: Wanted, unnamed: Iterable[Values]) -> Known:
    """What was read beside the cluster, for working out the upgrades."""
    return Known(wanted.chart, wanted.applied, tuple(unnamed), wanted.declared, bool(wanted.compared), wanted.under)


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
