"""All remedies and advice as one order of typing: each command once, with the findings that it answers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..model import PHASES, STAGES, Command, Finding, Hop, Typed
from ..model.redact import redact_words
from .outcome import Change

LAST = 1_000_000
_LEFT_OUT = re.compile(r"<[^<>]+>")
"""A place in the person's own command that is theirs to fill in, a secret that was left out among them."""


def plan(
    findings: Sequence[Finding],
    advice: Iterable[Finding],
    command: Command | None,
    changes: Iterable[Change],
    hops: Sequence[Hop] = (),
) -> tuple[Typed, ...]:
    """`findings` are numbered; `command` is the person's own with every edit, typed once for each of the hops."""
    steps: list[tuple[tuple[int, int, int, int], Typed]] = []
    told = {typed.phase for finding in findings for typed in finding.remedy if typed.run}
    for finding in findings:
        steps += [(_place(t, finding.number, i), _answering(t, finding.number)) for i, t in enumerate(finding.remedy)]
    for piece in advice:
        # A finding's own way back replaces the usual one.
        kept = [t for t in piece.remedy if not (t.phase == "rollback" and "rollback" in told)]
        steps += [(_place(t, LAST, i), t) for i, t in enumerate(kept)]
    if command is not None:
        typed = _upgrade(command, {_key(f): f.number for f in findings}, changes)
        steps += [(_place(one, LAST, LAST + i), one) for i, one in enumerate(_by_hops(typed, hops))]
    return _once(typed for _, typed in sorted(steps, key=lambda pair: pair[0]))


def _place(typed: Typed, number: int, index: int) -> tuple[int, int, int, int]:
    return (PHASES.index(typed.phase), STAGES.index(typed.stage), number, index)


def _answering(typed: Typed, number: int) -> Typed:
    return replace(typed, answers=(number,))


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule, str(finding.subject)


def _upgrade(command: Command, numbers: dict[tuple[str, str], int], changes: Iterable[Change]) -> Typed:
    changes = list(changes)
    answers = tuple(sorted({numbers[key] for c in changes if (key := _key(c.finding)) in numbers}))
    notes = list(dict.fromkeys(c.note for c in changes if c.note))
    words = redact_words(command.words)
    fill = any(_LEFT_OUT.search(word) for word in words)
    return Typed("upgrade", shlex.join(words), "; ".join(notes), stage="hop", fill=fill, answers=answers)


def _by_hops(typed: Typed, hops: Sequence[Hop]) -> list[Typed]:
    """The upgrade in as many commands as it has hops; the last one is the person's own."""
    between = [replace(typed, run=hop.run, note="") for hop in hops[:-1] if hop.run]
    return [*between, typed]


def _once(steps: Iterable[Typed]) -> tuple[Typed, ...]:
    """The same command twice in a phase is one command that answers both."""
    merged: dict[tuple[str, str, str], Typed] = {}
    for typed in steps:
        key = (typed.phase, typed.run, "" if typed.run else typed.note)
        if key in merged:
            held = merged[key]
            answers = tuple(sorted({*held.answers, *typed.answers}))
            notes = dict.fromkeys(note for note in (held.note, typed.note) if note)
            merged[key] = replace(held, answers=answers, note="; ".join(notes))
        else:
            merged[key] = typed
    return tuple(merged.values())
