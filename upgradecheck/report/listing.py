"""Lists rules, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby

from ..model import Rule
from .clean import clean, clean_data
from .paint import Paint
from .rule_words import versions_words
from .width import columns, pad, wrap

_NARROW_TITLE = 28
RULES_VERSION = 1


def rules_text(rules: Iterable[Rule], *, width: int = 80, colour: bool = False) -> str:
    """By pack: severity, id, title, and the hazards that each covers."""
    paint = Paint(colour)
    lines: list[str] = []
    ordered = sorted(rules, key=lambda rule: rule.id)
    for pack, group in groupby(ordered, key=lambda rule: rule.pack):
        own = list(group)
        longest = max(columns(rule.id) for rule in own)
        counted = f"{len(own)} rule" if len(own) == 1 else f"{len(own)} rules"
        lines += ["", f"{paint('head', clean(pack))}  {counted}"]
        for rule in own:
            lines += _row(rule, longest, width, paint)
    return "\n".join(lines[1:] or ["no rules"]) + "\n"


def _row(rule: Rule, longest: int, width: int, paint: Paint) -> list[str]:
    covers = f" [{', '.join(rule.covers)}]" if rule.covers else ""
    told = clean(rule.title + covers)
    severity = f"{rule.severity:<7}"
    begin = f"  {severity}  {pad(clean(rule.id), longest)}  "
    if width - columns(begin) < _NARROW_TITLE:
        lines = [begin.rstrip(), *wrap(told, width, first="    ", rest="    ")]
    else:
        lines = wrap(told, width, first=begin, rest=" " * columns(begin))
    lines[0] = f"  {paint(rule.severity, severity)}{lines[0][2 + len(severity) :]}"
    return lines


def rules_json(rules: Iterable[Rule]) -> str:
    """`{"version": 1, "rules": [...]}`, sorted by id; `from` and `to` are ranges as the rule files write them."""
    listed = [
        {
            "rule": rule.id,
            "pack": rule.pack,
            "severity": rule.severity,
            "title": clean_data(rule.title),
            "covers": list(rule.covers),
            "from": str(rule.start) if rule.start else None,
            "to": str(rule.to) if rule.to else None,
            "applies": versions_words(rule),
            "outcome": rule.outcome,
            "check": rule.check,
            "references": [clean_data(each) for each in rule.references],
        }
        for rule in sorted(rules, key=lambda rule: rule.id)
    ]
    return json.dumps({"version": RULES_VERSION, "rules": listed}, indent=2) + "\n"
