"""`upgradecheck baseline`: a scan whose findings are written down as accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from .cli_scan import asked_for, time_of
from .engine import scan
from .errors import InputError, UsageError
from .model import Report
from .packs import load_components, rule_ids
from .suppress import Accepted, accepted, baseline_text, read_baseline
from .suppress.baseline import DEFAULT_FILE


def record(paths: Sequence[str], words: Sequence[str], options: Mapping[str, Any], *, update: bool) -> int:
    """Scan, and write what was found. Returns the exit code: 0, or 2 or 3 where nothing is written.

    What annotations and entries of the configuration suppress is not recorded again.
    """
    file = options["baseline"] or DEFAULT_FILE
    before = _before(file, update)
    asked = replace(asked_for(paths, words, options), baseline="", apart=True)
    now = time_of(options["now"]) if options["now"] else datetime.now(UTC)
    report = scan(asked, now=now)
    if report.exit_code in (2, 3):
        for problem in report.problems:
            click.echo(f"upgradecheck: {problem}", err=True)
        told = "" if report.problems else ": nothing was examined"
        click.echo(f"upgradecheck: {file} is not written{told}", err=True)
        return report.exit_code
    entries = _joined(before, report, asked.rules)
    _write(file, baseline_text(entries))
    click.echo(_told(file, before, entries))
    return 0


def _before(file: str, update: bool) -> tuple[Accepted, ...]:
    if not Path(file).exists():
        return ()
    if not update:
        raise UsageError(f"{file} is there already", "--update writes it anew, --baseline names another")
    return read_baseline(file).entries


def _joined(before: Sequence[Accepted], report: Report, folders: Sequence[str]) -> tuple[Accepted, ...]:
    """What was found now, with the reasons that people wrote; and what rules that did not look now had found."""
    found = accepted(report)
    reasons = {one.fingerprint: one.reason for one in before if one.reason}
    silent = {rule for gap in report.gaps for rule in gap.silences}
    looked = set(report.examined.judged) - silent
    known = {rule for pack in load_components(folders) for rule in rule_ids(pack)} - looked
    fresh = {one.fingerprint for one in found}
    kept = [one for one in before if one.rule in known and one.fingerprint not in fresh]
    return (*(replace(one, reason=reasons.get(one.fingerprint, "")) for one in found), *kept)


def _write(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(file, f"cannot be written: {error.strerror}") from None


def _told(file: str, before: Sequence[Accepted], entries: Sequence[Accepted]) -> str:
    old, new = {one.fingerprint for one in before}, {one.fingerprint for one in entries}
    number = sum(one.count for one in entries)
    things = "1 finding" if number == 1 else f"{number} findings"
    changes = f" ({len(new - old)} new, {len(old - new)} gone)" if before else ""
    return f"{file}: {things}{changes}"
