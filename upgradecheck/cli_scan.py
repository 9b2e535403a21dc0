"""`upgradecheck scan`: options in, report out, exit code back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from .cli_live import OnStderr, access_of
from .cli_output import outputs_of, write, write_all
from .engine import scan
from .errors import UsageError
from .intent.asked import Asked
from .model import Command


def run(paths: Sequence[str], words: Sequence[str], options: Mapping[str, Any]) -> int:
    """Scan and print. Returns the exit code. Raises UsageError where the arguments do not fit together."""
    outputs = outputs_of(options["outputs"])
    asked = asked_for(paths, words, options)
    if options["explain_access"]:
        from .engine.access import explain_access

        write(explain_access(asked))
        return 0
    now = time_of(options["now"]) if options["now"] else datetime.now(UTC)
    report = scan(asked, now=now, progress=_progress(), watch=OnStderr(quiet=options["quiet"]))
    write_all(report, outputs, options)
    return report.exit_code


def asked_for(paths: Sequence[str], words: Sequence[str], options: Mapping[str, Any]) -> Asked:
    """What the options ask for. Raises UsageError where they do not fit together."""
    live = access_of(paths, options)
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
        base=options["base"],
        current_values=tuple(options["current_values"]),
        collected=_words(options["collected"]),
        select=_words(options["select"]),
        ignore=_words(options["ignore"]),
        rules=tuple(options["rules"]),
        fail_on=options["fail_on"],
        exit_zero=options["exit_zero"],
        allow_gaps=options["allow_gaps"],
        suppress=options["suppress"],
        baseline=options["baseline"],
        stdin=sys.stdin.buffer,
        live=live,
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


def time_of(text: str) -> datetime:
    """A time as --now takes it; one without a zone is UTC."""
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
