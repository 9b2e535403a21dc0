"""Writes evidence as places, repeated files shortened to their lines."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import NOWHERE, Evidence, Finding, Origin
from .clean import clean, clip
from .width import columns, wrap

_SHORT = 48
_LONGEST = 240


def place(origin: Origin) -> str:
    """Where something was read, `` where that is nowhere."""
    return clean(str(origin)) if origin != NOWHERE else ""


def seen(finding: Finding) -> tuple[Evidence, ...]:
    """The evidence without repetitions; the objects themselves where a finding gives none."""
    told = finding.evidence or tuple(Evidence(each.name, each.origin) for each in finding.objects)
    return tuple(dict.fromkeys(each for each in told if each.text or each.origin != NOWHERE))


def placed(finding: Finding) -> tuple[Evidence, ...]:
    """The evidence that stands somewhere: what the arguments themselves say need not be said again."""
    return tuple(each for each in seen(finding) if each.origin != NOWHERE)


def evidence_lines(evidence: Sequence[Evidence], width: int, indent: str, most: int | None = None) -> list[str]:
    """Short ones side by side as `file:9 (text), :12 (text)`, a longer text on lines of its own before its place.

    `most` says how many are shown before the rest is only counted.
    """
    shown = evidence if most is None or len(evidence) <= most else evidence[: most - 1]
    lines: list[str] = []
    run: list[str] = []
    last = NOWHERE
    for each in shown:
        text = clean(each.text)
        if columns(text) > _SHORT:
            lines += _side_by_side(run, width, indent)
            told = f"{text if most is None else clip(text, _LONGEST)}  {place(each.origin)}"
            lines += wrap(told, width, first=indent, rest=indent)
            run, last = [], NOWHERE
            continue
        run.append(_short(text, each.origin, last))
        last = each.origin
    if len(shown) < len(evidence):
        run.append(f"and {len(evidence) - len(shown)} more")
    return lines + _side_by_side(run, width, indent)


def _short(text: str, origin: Origin, last: Origin) -> str:
    same = origin.file and origin.line and (origin.file, origin.member) == (last.file, last.member)
    where = f":{origin.line}" if same else place(origin)
    return f"{where} ({text})" if where and text else where or text


def _side_by_side(items: Sequence[str], width: int, indent: str) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(items):
        told = item if number == len(items) - 1 else f"{item},"
        if lines and columns(f"{lines[-1]} {told}") <= width:
            lines[-1] += f" {told}"
        else:
            lines += wrap(told, width, first=indent, rest=indent)
    return lines
