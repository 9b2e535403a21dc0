"""`upgradecheck collect`: a live cluster in, a bundle out, exit code back."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__
from .cli_live import OnStderr
from .cli_output import write
from .cli_scan import asked_for
from .errors import InputError, UsageError

if TYPE_CHECKING:
    from .engine.live import Surveyed
    from .intent.asked import Asked

_OTHERS: Mapping[str, Any] = {
    "base": "", "collected": (), "fail_on": "error", "exit_zero": False, "allow_gaps": False, "baseline": "",
}  # fmt: skip
INTERRUPTED = 130


def run(file: str, words: Sequence[str], options: Mapping[str, Any], *, force: bool) -> int:
    """Read the cluster and save it. Returns the exit code: 0, 4 where something was refused, 130 after Ctrl-C.

    Raises UsageError and InputError.
    """
    asked = asked_for((), words, {**_OTHERS, **options})
    if options["explain_access"]:
        from .engine.access import explain_access

        write(explain_access(asked))
        return 0
    _ready(file, force)
    from .engine.collect import collect

    surveyed = collect(asked, OnStderr(quiet=options["quiet"]))
    if surveyed.live.interrupted:
        click.echo(f"interrupted: {_name(file)} is not written", err=True)
        return INTERRUPTED
    if not surveyed.wants.kinds and surveyed.loaded.problems:
        problem = surveyed.loaded.problems[-1]
        raise InputError(str(problem.origin), problem.text, problem.expected)
    _write(file, surveyed, asked, force)
    return _tell(file, surveyed, quiet=options["quiet"])


def _ready(file: str, force: bool) -> None:
    from .sources.bundle.writing import refuse_existing

    if not file:
        raise UsageError("no file to write", "upgradecheck collect bundle.tar.gz")
    if file != "-":
        refuse_existing(Path(file), force=force)
    elif sys.stdout.isatty():
        raise UsageError("an archive is nothing for a terminal", "collect - > bundle.tar.gz, or a file name")


def _write(file: str, surveyed: Surveyed, asked: Asked, force: bool) -> None:
    from .engine.collect import manifest_of
    from .sources.bundle.members import members
    from .sources.bundle.tokens import Tokens
    from .sources.bundle.writing import write_file, write_stream

    found, manifest = members(surveyed.live, Tokens()), manifest_of(surveyed, asked, __version__)
    if file == "-":
        write_stream(sys.stdout.buffer, found, manifest)
        sys.stdout.flush()
    else:
        write_file(Path(file), found, manifest, force=force)


def _tell(file: str, surveyed: Surveyed, *, quiet: bool) -> int:
    """What was refused, and what was saved, on stderr: standard output may be the bundle."""
    from .report.clean import clean

    refused = surveyed.loaded.refusals
    for refusal in refused:
        click.echo(clean(f"refused: {refusal.why}"), err=True)
    kinds = surveyed.loaded.cluster.kinds()
    if not quiet:
        counted = f"{sum(kinds.values())} objects of {len(kinds)} kinds"
        click.echo(f"{_name(file)}: {counted}{f', {len(refused)} refused' if refused else ''}", err=True)
    return 4 if refused else 0


def _name(file: str) -> str:
    return "standard output" if file == "-" else file
