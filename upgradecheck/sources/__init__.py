"""Reads every kind of input into one cluster, and says what could not be read."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..cluster import Cluster
from ..coverage import Collected
from ..errors import InputError
from ..model import Object, Origin, Problem, Values
from .conclude import conclude
from .gather import Gathering
from .limits import Limits
from .manifests import read_manifests
from .memory import reading_of
from .pieces import Piece
from .releases import Releases
from .values import read_values
from .walk import Walk, status

if TYPE_CHECKING:
    from .live.refusals import Refusal

__all__ = ["Limits", "Loaded", "load", "named_values", "read_manifests", "read_values"]

Input = str | Path | Mapping[str, Any] | Object


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of all inputs.

    `problems` are inputs that could not be read; `skipped` files of folders and archives that are no data, with
    the reason; `source` one line that names the input; `unnamed_values` the values of `--current-values FILE`,
    which belong to the release of the command. Of a live cluster, `refusals` are what it did not give, and
    `interrupted` is true where a person ended the reading.
    """

    cluster: Cluster
    problems: tuple[Problem, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    inputs: tuple[str, ...] = ()
    source: str = ""
    unnamed_values: tuple[Values, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    interrupted: bool = False


def load(
    inputs: Sequence[Input],
    *,
    stdin: BinaryIO | None = None,
    collected: Sequence[str] = (),
    current_values: Sequence[str] = (),
    apart: Sequence[Path] = (),
    progress: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
) -> Loaded:
    """Reads files, folders, archives, `-` for standard input, and objects as maps; never raises for what is in them.

    `apart` are files that are about to be applied, or values files: they stand in a folder but do not run.
    `current_values` are `[[NAMESPACE/]RELEASE=]FILE`. `progress` is told the bytes read so far, and in all.
    """
    from ..yaml import collector

    bounds = limits or Limits()
    stream = stdin if stdin is not None else getattr(sys.stdin, "buffer", None) or io.BytesIO()
    named, unnamed, values_files, problems = named_values(current_values, stream)
    walk = Walk(bounds, frozenset(p.resolve() for p in (*apart, *values_files)))
    taken = Gathering(bounds)
    paths = [i for i in inputs if isinstance(i, str | Path)]
    handed = [i for i in inputs if not isinstance(i, str | Path)]
    with collector():
        _take(taken, list(walk.pieces(paths, stream)), progress)
        if handed:
            taken.readings.append(reading_of(handed))
        cluster = conclude(taken, Releases(named=named), Collected.of(collected))
    return Loaded(
        cluster,
        tuple(sorted({*problems, *walk.problems, *taken.problems}, key=lambda p: (p.origin, p.text))),
        tuple(sorted({*walk.skipped, *taken.skipped})),
        tuple(str(p) for p in paths),
        _source([str(p) for p in paths], len(handed)) + _of_clusters(taken),
        tuple(unnamed),
        refusals=_refusals(taken),
    )


def _refusals(taken: Gathering) -> tuple[Refusal, ...]:
    """What the clusters did not give when bundles were collected."""
    if not taken.refusals:
        return ()
    from .live.refusals import Refusal

    return tuple(Refusal(one.kind, one.why, one.collect, one.detects) for one in taken.refusals)


def _of_clusters(taken: Gathering) -> str:
    """Where bundles come from: ` of cluster test at https://…`."""
    return "".join(f", of cluster {one.context} at {one.server}" for one in taken.clusters)


def _take(taken: Gathering, pieces: Sequence[Piece], progress: Callable[[int, int], None] | None) -> None:
    total, done = sum(piece.size for piece in pieces), 0
    for piece in pieces:
        taken.take(piece)
        done += piece.size
        if progress is not None:
            progress(done, total)


def named_values(
    given: Sequence[str], stdin: BinaryIO | None
) -> tuple[list[tuple[str, Values, Origin]], list[Values], list[Path], list[Problem]]:
    """Values by release, values for the release of the command, their files, and what could not be read."""
    named: list[tuple[str, Values, Origin]] = []
    unnamed: list[Values] = []
    files: list[Path] = []
    problems: list[Problem] = []
    for word in given:
        release, equals, file = word.partition("=")
        if not equals or status(Path(word)) is not None:
            release, file = "", word
        try:
            values = read_values(file, stdin)
        except InputError as error:
            problems.append(Problem(Origin(error.where), error.text, error.expected))
            continue
        files += [] if file == "-" else [Path(file)]
        if release:
            named.append((release, values, Origin(file)))
        else:
            unnamed.append(values)
    return named, unnamed, files, problems


def _named(path: str) -> str:
    """A path as a person would say it: `.` says nothing to whoever reads the report elsewhere."""
    if path == "-":
        return "standard input"
    return f"{Path(path).resolve().name}/" if Path(path).name in ("", "..") else path


def _source(paths: Sequence[str], handed: int) -> str:
    """One line that names the inputs."""
    names = [*(_named(p) for p in paths), *(["objects in memory"] if handed else [])]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
