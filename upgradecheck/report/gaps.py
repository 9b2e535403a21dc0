"""Writes what was not looked at, each with the command that closes it, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Gap, Problem
from .clean import BROKEN, clean, clean_command
from .evidence import place
from .paint import Paint
from .shell import lay_out
from .width import columns, pad, wrap

_INDENT = "  "
_DEEPER = "    "
_BETWEEN = "  "


def gap_lines(gaps: Sequence[Gap], width: int, paint: Paint, *, verbose: bool, mark: bool) -> list[str]:
    """One entry for each input that is missing; what keeps an error rule silent comes first.

    `mark` says so beside it, for a report whose verdict hangs on it.
    """
    if not gaps:
        return []
    entries = _grouped(gaps, mark or verbose)
    labels = [label for label, collect, _ in entries if collect and columns(label) <= width // 2]
    column = max(map(columns, labels), default=0)
    lines = [paint("head", "NOT CHECKED")]
    for label, collect, silences in entries:
        lines += _entry(label, collect, column, width)
        if verbose and silences:
            told = wrap(f"silences {', '.join(silences)}", width, first=_DEEPER, rest=_DEEPER)
            lines += paint.lines("dim", told)
    return lines


def problem_lines(problems: Sequence[Problem], width: int, paint: Paint) -> list[str]:
    """Inputs that could not be read: where, what was found, what was expected."""
    if not problems:
        return []
    lines = [paint("stop", "CANNOT READ")]
    for problem in problems:
        where = f"{place(problem.origin)}: " if place(problem.origin) else ""
        expected = f"; expected {problem.expected}" if problem.expected else ""
        lines += wrap(f"{where}{clean(problem.text + expected)}", width, first=_INDENT, rest=_DEEPER)
    return lines


def _grouped(gaps: Sequence[Gap], mark: bool) -> list[tuple[str, str, list[str]]]:
    """Label, command and silenced rules of each; gaps that one command closes for one reason are one entry."""
    found: dict[tuple[str, str, str], list[Gap]] = {}
    for place_, gap in enumerate(sorted(gaps, key=lambda gap: not gap.blocks)):
        alone = "" if gap.collect else str(place_)
        found.setdefault((gap.why, gap.collect, alone), []).append(gap)
    entries: list[tuple[str, str, list[str]]] = []
    for (why, collect, _), group in found.items():
        blocks = "an error rule stays silent" if mark and any(gap.blocks for gap in group) else ""
        reason = clean("; ".join(part for part in (why, blocks) if part))
        what = clean(", ".join(dict.fromkeys(gap.what for gap in group)))
        silences = dict.fromkeys(clean(rule) for gap in group for rule in gap.silences)
        label = f"{what} ({reason})" if reason else what
        entries.append((f"{label}:" if collect else label, clean_command(collect).strip(), list(silences)))
    return entries


def _entry(label: str, collect: str, column: int, width: int) -> list[str]:
    """Label and command side by side where they fit, aligned where that fits too; else one below the other."""
    for begun in (pad(label, column), label):
        line = f"{_INDENT}{begun}{_BETWEEN}{collect}"
        if collect and columns(line) <= width and "\n" not in collect:
            return [line]
    lines = wrap(label, width, first=_INDENT, rest=_DEEPER)
    return lines + _command(collect, width) if collect else lines


def _command(collect: str, width: int) -> list[str]:
    laid = lay_out(collect, width, _DEEPER)
    if not laid.open:
        return [_DEEPER + collect.replace("\n", BROKEN)]
    return [*laid.lines, f"{_DEEPER}{laid.comment}"] if laid.comment else laid.lines
