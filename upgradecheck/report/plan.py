"""Writes the plan: every command once, in the order of typing, each with what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model import PHASES, Typed
from .clean import clean
from .paint import Paint
from .shell import Laid, lay_out
from .width import columns, pad, wrap

_INDENT = "  "
_REMARK = f"{_INDENT}# "


def plan_lines(plan: Sequence[Typed], width: int, paint: Paint) -> list[str]:
    """The phases that have anything in them, each with its heading."""
    lines: list[str] = []
    for phase in PHASES:
        steps = [step for step in plan if step.phase == phase]
        if steps:
            lines += phase_lines(phase.upper(), steps, width, paint)
    return lines


def phase_lines(title: str, steps: Sequence[Typed], width: int, paint: Paint) -> list[str]:
    """One phase. A note that comes first and answers nothing in particular is about all of it."""
    aside = clean(steps[0].note)
    whole = bool(aside) and not steps[0].run.strip() and not steps[0].answers
    heading = f"{title}  ({aside})"
    fits = whole and columns(heading) <= width
    lines = [paint("head", title) + (heading[len(title) :] if fits else "")]
    above = ""
    for step in steps[1:] if fits else steps:
        lines += step_lines(step, width, paint, said=above)
        above = step.note
    return lines


def step_lines(step: Typed, width: int, paint: Paint, said: str = "") -> list[str]:
    """One step, indented; its note is left out where `said` above it was the same."""
    note = "" if step.note == said and step.run.strip() else clean(step.note)
    if not step.run.strip():
        return _remark(note, numbers(step.answers), width, paint)
    answered = numbers(step.answers)
    laid = lay_out(step.run, width, _INDENT, spare=columns(answered) + 2 if answered else 0)
    own = clean(laid.comment.lstrip("#"))
    remarks = [text for text in (own, note) if text]
    # A value with a line break in it could look like a command of its own.
    whole = [] if laid.open or len(laid.lines) == 1 else [f"copy all {len(laid.lines)} lines together"]
    marks = [*_marks(step), *whole]
    for above, behind in (([], remarks + marks), (remarks, marks), (remarks + marks, [])):
        tail = _comment(behind, answered)
        placed = _behind(laid, tail, width, paint)
        if placed is not None:
            return _remarks(above, width, paint) + placed
    return _remarks([*remarks, *marks, *([f"for {answered}"] if answered else [])], width, paint) + laid.lines


def _marks(step: Typed) -> Iterable[str]:
    if step.fill:
        yield "fill in <...>"
    if not step.undo:
        yield "cannot be undone"
    if not step.tried:
        yield "not tried here"


def numbers(answers: Sequence[int]) -> str:
    """The findings that a command answers: `#1,3`."""
    return "#" + ",".join(map(str, answers)) if answers else ""


def _comment(parts: Sequence[str], answered: str) -> str:
    words = "; ".join(parts)
    return "  ".join(part for part in (f"# {words}" if words else "", answered) if part)


def _behind(laid: Laid, tail: str, width: int, paint: Paint) -> list[str] | None:
    """The command with a comment at the right edge of its last line, or None where there is no room."""
    if not tail:
        return laid.lines
    room = width - columns(tail)
    if not laid.open or columns(laid.lines[-1]) + 2 > room:
        return None
    return [*laid.lines[:-1], pad(laid.lines[-1], room) + paint("dim", tail)]


def _remark(note: str, answered: str, width: int, paint: Paint) -> list[str]:
    """A step without a command: a comment, so that pasting the whole phase stays harmless."""
    lines = wrap(note, width, first=_REMARK, rest=_REMARK)
    if answered and lines:
        room = width - columns(answered)
        if columns(lines[-1]) + 2 <= room:
            lines[-1] = pad(lines[-1], room) + answered
        else:
            lines.append(f"{_REMARK}for {answered}")
    return paint.lines("dim", lines)


def _remarks(texts: Sequence[str], width: int, paint: Paint) -> list[str]:
    return paint.lines("dim", [line for text in texts for line in wrap(text, width, first=_REMARK, rest=_REMARK)])
