"""Writes the plan as a POSIX shell script: it shows its commands, and runs a phase only when told to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import resources

from ..model import PHASES, Finding, Phase, Report, Typed
from .clean import clean
from .evidence import evidence_lines, placed
from .findings import LABELS
from .gaps import gap_lines, problem_lines
from .head import head_lines
from .paint import Paint
from .script_steps import comment, note, step
from .width import wrap

_WIDTH = 98
_MOST = 6
_USE = """\
This script asks nothing and, as it stands, runs nothing:

  sh fix.sh                  prints every command, phase by phase
  sh fix.sh before           the same for one phase: before, upgrade, after, rollback
  sh fix.sh --apply before   runs that phase, and stops at the first command that fails
  sh fix.sh --help           says the rest

It talks to the cluster that kubectl and helm point at now: kubectl config current-context"""


def render(report: Report) -> str:
    """The whole script. It holds no command that is not in the plan of the report, each once."""
    findings = [replace(each, number=each.number or place) for place, each in enumerate(report.findings, start=1)]
    report = replace(report, findings=tuple(findings))
    numbered = list(enumerate(report.plan, start=1))
    told: set[int] = set()
    blocks = ["#!/bin/sh\n" + "\n".join(_head(report)), "set -eu"]
    for phase in PHASES:
        steps = [(number, typed) for number, typed in numbered if typed.phase == phase]
        body = "\n\n".join(_steps(steps, report, told)) or note("nothing to type in this phase")
        blocks.append(f"{phase}() {{\n{body}\n}}")
    blocks.append(runner())
    return "\n\n".join(blocks)


def runner() -> str:
    """The part of the script that is the same in every one."""
    return (resources.files(__package__) / "files" / "runner.sh").read_text(encoding="utf-8")


def _head(report: Report) -> Iterator[str]:
    plain = Paint(False)
    answered = {number for typed in report.plan for number in typed.answers}
    alone = [finding for finding in report.findings if finding.number not in answered]
    yield from comment(head_lines(report, _WIDTH, plain, verbose=False))
    yield from comment(_section(problem_lines(report.problems, _WIDTH, plain)))
    for finding in alone:
        yield from comment(_section(["Found, with nothing to type:"] if finding is alone[0] else []))
        yield from comment(_finding(finding))
    yield from comment(_section(gap_lines(report.gaps, _WIDTH, plain, verbose=False, mark=True)))
    yield from comment(["", *_USE.split("\n")])


def _section(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _steps(steps: Iterable[tuple[int, Typed]], report: Report, told: set[int]) -> Iterator[str]:
    """Each step below the findings that it answers; a finding is told whole once, and by its name after."""
    found = {finding.number: finding for finding in report.findings}
    several = _hops(report) > 1
    above = ""
    for number, typed in steps:
        lines: list[str] = []
        for answer in typed.answers:
            if answer in found:
                lines += _finding(found[answer]) if answer not in told else [_name(found[answer])]
        told.update(typed.answers)
        said = note(typed.note) if typed.note != above or not typed.run.strip() else ""
        above = typed.note
        hop = several and typed.phase == "upgrade" and typed.stage == "hop"
        parts = ["\n".join(comment(lines, "  ")), said, step(number, typed, hop=hop)]
        yield "\n".join(part for part in parts if part)


def _hops(report: Report) -> int:
    phase: Phase = "upgrade"
    return sum(typed.phase == phase and typed.stage == "hop" and bool(typed.run) for typed in report.plan)


def _name(finding: Finding) -> str:
    return f"{LABELS[finding.severity]} {finding.number} {clean(finding.rule)}"


def _finding(finding: Finding) -> list[str]:
    """Its name, what it says, and where that was seen."""
    wide = _WIDTH - 4
    seen = evidence_lines(placed(finding), wide, "  ", _MOST)
    return [_name(finding), *wrap(clean(finding.message), wide, first="  ", rest="  "), *seen]
