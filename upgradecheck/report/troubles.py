"""What is wrong with the run rather than with the upgrade, for formats that know findings alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..model import NOWHERE, Gap, Origin, Problem, Report
from .clean import clean, clean_command
from .evidence import place

UNREADABLE = "upgradecheck/unreadable"
NOTHING = "upgradecheck/nothing-examined"
NOT_CHECKED = "upgradecheck/not-checked"
UNTIDY = "upgradecheck/untidy"
INTERRUPTED = "upgradecheck/interrupted"
NOTHING_TEXT = "nothing was examined: no object, or no component that any rule knows"
_NOTHING_CODE = 3
_INTERRUPTED_CODE = 130
_INTERRUPTED_TEXT = "interrupted: not everything was read"
TITLES = {
    INTERRUPTED: "The scan was interrupted",
    UNREADABLE: "An input could not be read",
    NOTHING: "Nothing was examined",
    NOT_CHECKED: "Something could not be judged",
    UNTIDY: "A suppression wants tidying up",
}

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that a green report would hide. `level` is `error` where it makes the exit code what it is.

    `text` is one line, ready to show; `steady` the same without what changes from run to run."""

    id: str
    level: Level
    text: str
    steady: str
    origin: Origin = NOWHERE


def troubles(report: Report) -> Iterator[Trouble]:
    """Worst first: what could not be read, that nothing was examined, what was not checked, what wants tidying up."""
    if report.exit_code == _INTERRUPTED_CODE:
        yield Trouble(INTERRUPTED, "error", _INTERRUPTED_TEXT, _INTERRUPTED_TEXT)
    for problem in report.problems:
        yield Trouble(UNREADABLE, "error", problem_text(problem), clean(problem.text), problem.origin)
    if report.exit_code == _NOTHING_CODE:
        yield Trouble(NOTHING, "error", NOTHING_TEXT, NOTHING_TEXT)
    for gap in sorted(report.gaps, key=lambda gap: not gap.blocks):
        level: Level = "info" if not gap.blocks else "warning" if report.exit_code == 0 else "error"
        yield Trouble(NOT_CHECKED, level, gap_text(gap), clean(gap.what))
    for notice in report.notices:
        yield Trouble(UNTIDY, "info", clean(notice.text), clean(notice.text), notice.origin)


def problem_text(problem: Problem) -> str:
    """Where, what was found, what was expected."""
    where = f"{place(problem.origin)}: " if place(problem.origin) else ""
    expected = f"; expected {problem.expected}" if problem.expected else ""
    return where + clean(problem.text + expected)


def gap_text(gap: Gap) -> str:
    """What was not checked, why, and the command that collects it."""
    blocks = "an error rule stays silent" if gap.blocks else ""
    reason = "; ".join(part for part in (clean(gap.why), blocks) if part)
    collect = clean(clean_command(gap.collect))
    return f"not checked: {clean(gap.what)}" + (f" ({reason})" if reason else "") + (f": {collect}" if collect else "")
