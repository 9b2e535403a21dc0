"""Writes the steps of an upgrade that must pass through other versions, and what bites on each."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import PHASES, Finding, Hop
from .clean import clean
from .findings import LABELS
from .paint import Paint
from .plan import step_lines
from .width import wrap

_INDENT = "  "
_DEEPER = "    "
_HEAD = "ON THE WAY"


def hop_lines(hops: Sequence[Hop], width: int, paint: Paint) -> list[str]:
    """Each hop that something bites on, with what to type there; the plan has the commands of all hops."""
    lines: list[str] = []
    for hop in hops:
        if hop.findings:
            lines.append(f"{_INDENT}{clean(hop.component)} {clean(hop.start)} -> {clean(hop.to)}")
        for finding in hop.findings:
            lines += _finding(finding, width, paint)
    return [paint("head", _HEAD) + "  (judged by versions and values; scan again before each)", *lines] if lines else []


def _finding(finding: Finding, width: int, paint: Paint) -> list[str]:
    label = LABELS[finding.severity]
    said = f"{label} {clean(finding.rule)}: {clean(finding.message)}"
    told = wrap(said, width, first=_DEEPER, rest=_DEEPER + _INDENT)
    told[0] = told[0].replace(label, paint(finding.severity, label), 1)
    steps = [step for phase in PHASES for step in finding.remedy if step.phase == phase != "rollback"]
    return told + [line for step in steps for line in step_lines(step, width, paint)]
