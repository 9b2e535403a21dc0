"""The command as typed, as obviously repaired, and as repaired whole: each is judged, since a refusal can hide
something worse behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..intent import edit_command
from ..model import Command, Edit, Finding, Upgrade
from .outcome import Change, Judged, Repaired, harm

Judge = Callable[[Upgrade], Judged]
Rework = Callable[[Upgrade, Command], Upgrade]
"""The same upgrade with another command. Raises UsageError where that command does not parse."""

ROUNDS = 4
"""Edits that bring new findings bring new edits; honest rules settle in two rounds."""


def repair(upgrade: Upgrade, typed: Judged, judge: Judge, rework: Rework) -> Repaired:
    """Apply every finding's edit to the command and judge again until nothing new comes."""
    if upgrade.command is None or not typed.changes:
        return Repaired(upgrade.command)
    known = {(f.rule, str(f.subject)) for f in typed.findings}
    changes, behind = list(typed.changes), []
    command = _edited(upgrade.command, changes)
    for _ in range(ROUNDS):
        again = judge(rework(upgrade, command))
        fresh = [f for f in again.findings if (f.rule, str(f.subject)) not in known]
        if not fresh:
            break
        known |= {(f.rule, str(f.subject)) for f in fresh}
        behind += [replace(f, behind=True) for f in fresh]
        changes += [c for c in again.changes if c.finding in fresh]
        command = _edited(upgrade.command, changes)
    worse, dropped = _obvious(upgrade, typed, judge, rework)
    return Repaired(command, tuple(changes), tuple(behind), worse, dropped)


def _edited(command: Command, changes: Iterable[Change]) -> Command:
    for change in changes:
        command = edit_command(command, change.edit)
    return command


def _obvious(upgrade: Upgrade, typed: Judged, judge: Judge, rework: Rework) -> tuple[Finding | None, tuple[str, ...]]:
    """What a person in a hurry does after a refusal: drop the refused flag and nothing else."""
    dropped = tuple(n for c in typed.changes if c.finding.outcome == "refused" for n in c.edit.drop)
    if upgrade.command is None or not dropped:
        return None, ()
    hurried = judge(rework(upgrade, edit_command(upgrade.command, Edit(drop=dropped))))
    harmful = [f for f in hurried.findings if f.outcome in ("breaks", "loses") and f.says and not f.perhaps]
    return (min(harmful, key=harm) if harmful else None), dropped
