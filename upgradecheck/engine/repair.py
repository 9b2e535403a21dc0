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

OLD_VALUES = ("-f", "old.yaml")
"""How a remedy keeps the values of the release, which it saved in that file."""

ROUNDS = 4
"""Edits that bring new findings bring new edits; honest rules settle in two rounds."""


def repair(upgrade: Upgrade, typed: Judged, judge: Judge, rework: Rework) -> Repaired:
    """Apply every finding's edit to the command and judge again until nothing new comes."""
    if upgrade.command is None or not typed.changes:
        return Repaired(upgrade.command)
    known = {(f.rule, str(f.subject)) for f in typed.findings}
    changes, behind = list(typed.changes), []
    command = _edited(upgrade, upgrade.command, changes)
    for _ in range(ROUNDS):
        again = judge(rework(upgrade, command))
        fresh = [f for f in again.findings if (f.rule, str(f.subject)) not in known]
        if not fresh:
            break
        known |= {(f.rule, str(f.subject)) for f in fresh}
        behind += [replace(f, behind=True) for f in fresh]
        changes += [c for c in again.changes if c.finding in fresh]
        command = _edited(upgrade, upgrade.command, changes)
    worse, dropped = _obvious(upgrade, typed, judge, rework)
    return Repaired(command, tuple(changes), tuple(behind), worse, dropped)


def _edited(upgrade: Upgrade, command: Command, changes: Iterable[Change]) -> Command:
    for change in changes:
        command = edit_command(command, _without_old(upgrade, change.edit))
    return command


def _without_old(upgrade: Upgrade, edit: Edit) -> Edit:
    """The old values are not given once more where the person's own set every key of them."""
    told = upgrade.before is not None and all(upgrade.given.has(*path) for path, _ in upgrade.before.leaves())
    if not told or not upgrade.given.tree or edit.add[:2] != OLD_VALUES:
        return edit
    return replace(edit, add=edit.add[2:])


def _obvious(upgrade: Upgrade, typed: Judged, judge: Judge, rework: Rework) -> tuple[Finding | None, tuple[str, ...]]:
    """What a person in a hurry does after a refusal: drop the refused flag and nothing else."""
    dropped = tuple(n for c in typed.changes if c.finding.outcome == "refused" for n in c.edit.drop)
    if upgrade.command is None or not dropped:
        return None, ()
    hurried = judge(rework(upgrade, edit_command(upgrade.command, Edit(drop=dropped))))
    harmful = [f for f in hurried.findings if f.outcome in ("breaks", "loses") and f.says and not f.perhaps]
    return (min(harmful, key=harm) if harmful else None), dropped
