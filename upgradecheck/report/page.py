"""Writes the page of one rule, docs/rules/<pack>/<rule>.md, from the rule and its fixture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..model import Rule, Step
from . import gfm
from .clean import clean, clean_lines
from .explain import SEVERITY_WORDS, outcome_words
from .rule_words import in_words, looks_for, steps_in_words, tables, versions_words
from .shell import lay_out

_MOST_LINES = 60
_WIDTH = 100
_LANGUAGES = {"yaml": "yaml", "yml": "yaml", "json": "json", "sh": "sh"}
# What stays as it is (indented commands, bullets, code), or a sign that Markdown would swallow.
_SIGNS = re.compile(r"(?P<keep>^\x20{4}.*$|^\x20*\*\x20|(?P<ticks>`+).+?(?P=ticks)(?!`))|[<*]", re.MULTILINE)


def rule_page(rule: Rule, bad: Mapping[str, str], expected: str, good: Sequence[str]) -> str:
    """The page as Markdown. `bad` holds the files of the fixture by name, `expected` what is then seen, `good`
    the names of the cases that must stay silent."""
    blocks = [
        f"<!-- Generated from rules/{rule.id}.yaml and its fixtures: change those, not this page. -->",
        f"# {rule.id}",
        _prose(rule.title),
        f"**{rule.severity.capitalize()}**: {SEVERITY_WORDS[rule.severity].partition(': ')[2]}.",
        f"**Applies to**: {_prose(versions_words(rule))}.",
        *_section("What it means", _prose(rule.why)),
        *_section("How it shows", *_shows(rule)),
        *_section("What to do", *_remedies(rule)),
        *_section("When it is no problem", _prose(rule.fine_when)),
        *_section("What it looks for", "\n".join(f"- {name}: {_prose(told)}" for name, told in looks_for(rule))),
        *(line for name, rows in tables(rule) for line in _section(f"The {name}", _table(rows))),
        *_example(rule, bad, expected, good),
        *_section("References", "\n".join(f"- {_prose(each)}" for each in rule.references)),
        *_section("Covers", ", ".join(rule.covers)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(title: str, *blocks: str) -> list[str]:
    told = [block for block in blocks if block]
    return [f"## {title}", *told] if told else []


def _prose(text: str) -> str:
    """Prose, in which `<name>` and stars outside code are what they look like."""
    return _SIGNS.sub(lambda found: found[0] if found["keep"] else f"\\{found[0]}", clean_lines(text).strip())


def _fenced(text: str, language: str = "") -> str:
    """A code block, with a fence that nothing inside can close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    """A table of facts, with a column for everything that any of its rows says."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(gfm.prose(row.get(name, '')) for name in columns)} |" for row in rows]
    return "\n".join(lines)


def _shows(rule: Rule) -> list[str]:
    blocks = [_fenced(clean(in_words(rule.message)), "text"), _prose(outcome_words(rule.says, rule.outcome))]
    for name, case in rule.cases.items():
        told = f"In the case `{name}`" + (f" ({case.severity})" if case.severity else "")
        if case.message:
            blocks += [f"{told}:", _fenced(clean(in_words(case.message)), "text")]
        blocks.append(_prose(outcome_words(case.says, case.outcome or "fine")))
    return blocks


def _remedies(rule: Rule) -> list[str]:
    blocks = _steps(rule.remedy)
    for name, case in rule.cases.items():
        blocks += [f"In the case `{name}`:", *_steps(case.remedy)] if case.remedy else []
    return blocks


def _steps(steps: tuple[Step, ...]) -> list[str]:
    blocks: list[str] = []
    phase = ""
    for step in steps_in_words(steps):
        if step.phase != phase:
            phase = step.phase
            blocks.append(f"**{phase.capitalize()}**")
        mind = f"({'; '.join(step.mind)})" if step.mind else ""
        blocks.append(_prose(" ".join(part for part in (step.note, mind) if part)))
        if step.run:
            laid = lay_out(step.run, _WIDTH, "")
            blocks.append(_fenced("\n".join([*laid.lines, *([laid.comment] if laid.comment else [])]), "sh"))
    return blocks


def _example(rule: Rule, bad: Mapping[str, str], expected: str, good: Sequence[str]) -> list[str]:
    blocks: list[str] = []
    for name, text in sorted(bad.items()):
        blocks += [f"`{name}`", _fenced(_shortened(text), _LANGUAGES.get(name.rpartition(".")[2], ""))]
    if expected.strip():
        blocks += ["What you see:", _fenced(clean_lines(expected), "text")]
    if good:
        cases = ", ".join(f"`{name}`" for name in sorted(good))
        blocks.append(f"It stays silent in these cases of `fixtures/rules/{rule.id}/good/`: {cases}.")
    return _section("Example", *blocks)


def _shortened(text: str) -> str:
    lines = clean_lines(text).rstrip("\n").split("\n")
    if len(lines) <= _MOST_LINES:
        return "\n".join(lines)
    return "\n".join([*lines[:_MOST_LINES], f"# ... and {len(lines) - _MOST_LINES} lines more"])
