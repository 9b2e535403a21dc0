"""All remedies and advice as one order of typing: each command once, with the findings that it answers."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..model import PHASES, STAGES, Command, Finding, Typed
from ..model.redact import redact_words
from .outcome import Change

LAST = 1_000_000


def plan(
    findings: Sequence[Finding], advice: Iterable[Finding], command: Command | None, changes: Iterable[Change]
) -> tuple[Typed, ...]:
    """`findings` are numbered; `command` is the person's own with every edit."""
    steps: list[tuple[tuple[int, int, int, int], Typed]] = []
    told = {typed.phase for finding in findings for typed in finding.remedy if typed.run}
    for finding in findings:
        steps += [(_place(t, finding.number, i), _answering(t, finding.number)) for i, t in enumerate(finding.remedy)]
    for piece in advice:
        # A finding's own way back replaces the usual one.
        kept = [t for t in piece.remedy if not (t.phase == "rollback" and "rollback" in told)]
        steps += [(_place(t, LAST, i), t) for i, t in enumerate(kept)]
    if command is not None:
        typed = _upgrade(command, {f.rule: f.number for f in findings}, changes)
        steps.append((_place(typed, LAST, LAST), typed))
    return _once(typed for _, typed in sorted(steps, key=lambda pair: pair[0]))


def _place(typed: Typed, number: int, index: int) -> tuple[int, int, int, int]:
    return (PHASES.index(typed.phase), STAGES.index(typed.stage), number, index)


def _answering(typed: Typed, number: int) -> Typed:
    return replace(typed, answers=(number,))


def _upgrade(command: Command, numbers: dict[str, int], changes: Iterable[Change]) -> Typed:
    changes = list(changes)
    answers = tuple(sorted({numbers[c.finding.rule] for c in changes if c.finding.rule in numbers}))
    notes = list(dict.fromkeys(c.note for c in changes if c.note))
    words = redact_words(command.words)
    fill = any("<" in word and word.endswith(">") for word in words)
    return Typed("upgrade", shlex.join(words), "; ".join(notes), stage="hop", fill=fill, answers=answers)


def _once(steps: Iterable[Typed]) -> tuple[Typed, ...]:
    """The same command twice in a phase is one command that answers both."""
    merged: dict[tuple[str, str, str], Typed] = {}
    for typed in steps:
        key = (typed.phase, typed.run, "" if typed.run else typed.note)
        if key in merged:
            answers = tuple(sorted({*merged[key].answers, *typed.answers}))
            merged[key] = replace(merged[key], answers=answers)
        else:
            merged[key] = typed
    return tuple(merged.values())
