"""Writes the plan and what was not looked at, each command in a box that can be copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..model import PHASES, Gap, Report, Typed
from .clean import clean, clean_command
from .markup import Child, Markup, element, join

# A flag with the word behind it, a word, or what stands between them.
_WORDS = re.compile(r"-[^\s=]*[ ](?![-|<>&\s])\S+|\S+|\s+")
_CODE = re.compile(r"`([^`\n]+)`")
_MARKS = (("fill", "fill in <\u2026>"), ("undo", "cannot be undone"), ("tried", "not tried on a real cluster"))


def section(name: str, title: str, *children: Child, count: int | None = None) -> Markup:
    """One part of the page, with its heading as its name."""
    heading = element(
        "h2", title, [" ", element("span", str(count), class_="count")] if count else None, id=f"{name}-title"
    )
    return element("section", heading, *children, id=name, aria_labelledby=f"{name}-title", tabindex="-1")


def command(text: str, kind: str = "") -> Markup:
    """A command as it is to be typed, to the letter. A word, or a flag with its value, is kept on one line where
    that has room for it."""
    words = (found[0] for found in _WORDS.finditer(text))
    code = element(
        "code",
        [each if each.isspace() else element("span", each) for each in words],
        class_="several" if "\n" in text else None,
    )
    return element("div", element("pre", code), class_=f"command {kind}".strip())


def prose(text: str) -> Child:
    """A text in which what stands between backticks is code."""
    return [element("code", part) if place % 2 else part for place, part in enumerate(_CODE.split(text))]


def plan_section(report: Report) -> Markup | None:
    """Every command once, in the order of typing, numbered through as in the script."""
    numbered = list(enumerate(report.plan, start=1))
    phases: list[Child] = []
    for phase in PHASES:
        steps = [(number, typed) for number, typed in numbered if typed.phase == phase]
        if steps:
            listed = element("ol", [step(typed, number) for number, typed in steps], class_="steps", role="list")
            phases.append(element("div", element("h3", phase.capitalize()), listed, class_=f"phase {phase}"))
    if not phases:
        return None
    return section("plan", "Plan", element("p", "In the order of typing, each command once.", class_="hint"), *phases)


def step(typed: Typed, number: int = 0) -> Markup:
    """One step. `number` gives it a place that findings link to."""
    run = clean_command(typed.run).strip("\n")
    answers = [_answer(each) for each in typed.answers]
    marks = [element("span", text, class_=f"mark {key}") for key, text in _MARKS if _marked(typed, key)]
    tail = join([*([join(["for ", join(answers, " ")])] if answers else []), *marks], " ")
    return element(
        "li",
        element("span", str(number), class_="at") if number else None,
        element("p", prose(clean(typed.note)), class_="note") if typed.note else None,
        command(run) if run.strip() else None,
        element("p", tail, class_="tail") if tail else None,
        id=f"step-{number}" if number else None,
        tabindex="-1" if number else None,
    )


def _marked(typed: Typed, key: str) -> bool:
    return typed.fill if key == "fill" else not getattr(typed, key)


def _answer(number: int) -> Markup:
    return element("a", f"#{number}", href=f"#finding-{number}")


def gap_section(report: Report) -> Markup | None:
    """What was not looked at, what silences an error rule first; one entry for each command that closes it."""
    if not report.gaps:
        return None
    found: dict[tuple[str, str, int], list[Gap]] = {}
    for place, gap in enumerate(sorted(report.gaps, key=lambda gap: not gap.blocks)):
        found.setdefault((gap.why, gap.collect, 0 if gap.collect else place), []).append(gap)
    entries = [_gap(why, collect, gaps) for (why, collect, _), gaps in found.items()]
    hint = "Nothing is said about these. The command collects what is missing; then scan again."
    listed = element("ul", entries, class_="gaps", role="list")
    return section("gaps", "Not checked", element("p", hint, class_="hint"), listed, count=len(report.gaps))


def _gap(why: str, collect: str, gaps: Sequence[Gap]) -> Markup:
    blocks = any(gap.blocks for gap in gaps)
    rules = dict.fromkeys(rule for gap in gaps for rule in gap.silences)
    return element(
        "li",
        element(
            "p",
            element("b", clean(", ".join(dict.fromkeys(gap.what for gap in gaps)))),
            f" \u2014 {clean(why)}" if why else None,
            [" ", element("span", "an error rule stays silent", class_="mark blocks")] if blocks else None,
        ),
        command(clean_command(collect).strip("\n")) if collect.strip() else None,
        _listed("Silent rules", rules),
        class_="blocks" if blocks else None,
    )


def _listed(title: str, entries: Iterable[str]) -> Markup | None:
    told = ", ".join(map(clean, entries))
    return element("details", element("summary", title), element("p", told, class_="rules")) if told else None
