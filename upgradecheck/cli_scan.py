"""`upgradecheck scan`: options in, report out, exit code back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from .engine import scan
from .errors import UsageError
from .intent.asked import Asked
from .model import Command, Report
from .terminal import colour, width


def run(paths: Sequence[str], words: Sequence[str], options: Mapping[str, Any]) -> int:
    """Scan and print. Returns the exit code. Raises UsageError where the arguments do not fit together."""
    outputs = [_output(text) for text in options["outputs"]] or [("text", "")]
    asked = _asked(paths, words, options)
    now = _time(options["now"]) if options["now"] else datetime.now(UTC)
    report = scan(asked, now=now, progress=_progress())
    for name, file in outputs:
        _write(_render(name, file, report, options), file)
    return report.exit_code


def _asked(paths: Sequence[str], words: Sequence[str], options: Mapping[str, Any]) -> Asked:
    if not paths:
        raise UsageError("no input", "name a dump: a file, a folder, an archive, or - for standard input")
    return Asked(
        inputs=tuple(paths),
        command=_command(words),
        to=_pairs(options["to"], "--to"),
        target=options["target_version"],
        start=_pairs(options["start"], "--from"),
        tools=_pairs(options["tools"], "--tool"),
        values=tuple(options["values"]),
        sets=tuple(("set", text) for text in options["sets"]),
        target_chart=options["target_chart"],
        apply=tuple(options["apply"]),
        current_values=tuple(options["current_values"]),
        collected=_words(options["collected"]),
        select=_words(options["select"]),
        ignore=_words(options["ignore"]),
        rules=tuple(options["rules"]),
        fail_on=options["fail_on"],
        exit_zero=options["exit_zero"],
        allow_gaps=options["allow_gaps"],
        stdin=sys.stdin.buffer,
    )


def _command(words: Sequence[str]) -> Command | None:
    if not words:
        return None
    from .intent import parse_command

    return parse_command(words)


def _words(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for text in texts for word in text.split(",") if word.strip())


def _pairs(texts: Sequence[str], flag: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise UsageError(f"{flag} {text}: expected NAME=VERSION")
        pairs[name] = value
    return pairs


def _output(text: str) -> tuple[str, str]:
    from .report import FORMATS

    name, _, file = text.partition("=")
    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}", f"known are {', '.join(FORMATS)}")
    return name, file


def _render(name: str, file: str, report: Report, options: Mapping[str, Any]) -> str:
    from .report import FORMATS

    return FORMATS[name].render(
        report,
        width=width(),
        colour=colour() and not file,
        verbose=options["verbose"],
        quiet=options["quiet"],
    )


def _write(text: str, file: str) -> None:
    if not file:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.flush()
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from None


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--now {text!r} is not a time", "expected such as 2026-11-21T10:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _progress() -> Callable[[int, int], None] | None:
    """Bytes read on stderr, for a person who waits more than a second."""
    if not sys.stderr.isatty():
        return None
    started = time.monotonic()

    def show(done: int, total: int) -> None:
        if time.monotonic() - started < 1 and done < total:
            return
        text = f"\rreading {done / 1e6:.0f} of {total / 1e6:.0f} MB" if done < total else "\r" + " " * 40 + "\r"
        click.echo(text, nl=False, err=True)

    return show
