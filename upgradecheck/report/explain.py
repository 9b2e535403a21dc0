"""Writes one rule as a page to read at a terminal, like the best page of an upgrade guide."""

from __future__ import annotations

from ..model import OUTCOMES, Outcome, Rule, Step
from .clean import clean, clean_lines
from .paint import Paint
from .rule_words import in_words, looks_for, steps_in_words, tables, versions_words
from .shell import lay_out
from .width import prose, wrap

_INDENT = "  "
_DEEPER = "    "
SEVERITY_WORDS = {
    "error": "error: the upgrade is refused, fails or breaks something",
    "warning": "warning: the upgrade may break something, or loses something",
    "info": "info: worth knowing, nothing to repair",
    "advice": "advice: a step that every such upgrade needs; part of the plan, never a finding",
}
OUTCOME_WORDS: dict[Outcome, str] = dict(
    zip(
        OUTCOMES,
        (
            "",
            "The command succeeds, but something that was set is lost.",
            "Something stops working.",
            "The command is refused, nothing is changed.",
        ),
        strict=True,
    )
)


def explain(rule: Rule, *, width: int = 80, colour: bool = False) -> str:
    """What the rule means, how it shows, what to do, and when it is no problem."""
    paint = Paint(colour)
    role = rule.severity
    lines = [f"{paint('rule', clean(rule.id))}  {paint(role, rule.severity)}", *wrap(clean(rule.title), width)]
    sections = {
        "APPLIES": _told(f"{versions_words(rule)}.", width),
        "WHAT IT MEANS": prose(clean_lines(rule.why), width, _INDENT),
        "HOW IT SHOWS": _shows(rule, width),
        "WHAT TO DO": _remedies(rule, width, paint),
        "WHEN IT IS NO PROBLEM": prose(clean_lines(rule.fine_when), width, _INDENT),
        "WHAT IT LOOKS FOR": _facts(rule, width),
        "SEVERITY": _told(SEVERITY_WORDS[rule.severity], width),
        "REFERENCES": [line for each in rule.references for line in _told(each, width)],
        "COVERS": _told(", ".join(rule.covers), width),
    }
    for title, told in sections.items():
        if any(line.strip() for line in told):
            lines += ["", paint("head", title), *told]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def outcome_words(says: str | None, outcome: Outcome) -> str:
    """What happens to the command as typed."""
    return f"As typed: {in_words(says)}" if says else OUTCOME_WORDS[outcome]


def _told(text: str, width: int) -> list[str]:
    return wrap(clean(text), width, first=_INDENT, rest=_DEEPER) if text else []


def _shows(rule: Rule, width: int) -> list[str]:
    lines = _told(in_words(rule.message), width) + _told(outcome_words(rule.says, rule.outcome), width)
    for name, case in rule.cases.items():
        severity = f" ({case.severity})" if case.severity and case.severity != rule.severity else ""
        told = " ".join(
            part for part in (in_words(case.message), outcome_words(case.says, case.outcome or "fine")) if part
        )
        lines += _told(f"Case {name}{severity}: {told}", width) if told or severity else []
    return lines


def _remedies(rule: Rule, width: int, paint: Paint) -> list[str]:
    lines = _steps(rule.remedy, width, paint)
    for name, case in rule.cases.items():
        if case.remedy:
            lines += [f"{_INDENT}In case {clean(name)}:", *_steps(case.remedy, width, paint)]
    return lines


def _steps(steps: tuple[Step, ...], width: int, paint: Paint) -> list[str]:
    lines: list[str] = []
    phase = ""
    for step in steps_in_words(steps):
        if step.phase != phase:
            phase = step.phase
            lines.append(_INDENT + paint("head", f"{phase.capitalize()}:"))
        mind = "; ".join(step.mind)
        note = " ".join(part for part in (step.note, f"({mind})" if mind else "") if part)
        lines += wrap(clean(note), width, first=_DEEPER, rest=_DEEPER)
        if step.run:
            laid = lay_out(step.run, width, f"{_DEEPER}  ")
            lines += [*laid.lines, *([f"{_DEEPER}  {laid.comment}"] if laid.comment else [])]
    return lines


def _facts(rule: Rule, width: int) -> list[str]:
    lines = [line for name, told in looks_for(rule) for line in _told(f"{name}: {told}", width)]
    for _, rows in tables(rule):
        said = ("; ".join(f"{name} {told}" for name, told in row.items() if name != "source") for row in rows)
        lines += [line for text in said for line in _told(f"- {text}", width)]
    return lines
