"""Writes the findings, those of the hops, and those that somebody accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..model import NOWHERE, PHASES, Evidence, Finding, Hop, Report, Typed
from .clean import clean, clean_command, clean_lines
from .details import SURENESS, judged_words, object_words
from .evidence import place, seen
from .explain import OUTCOME_WORDS
from .html_plan import command, prose, section, step
from .markup import Child, Markup, element, join
from .width import prose as paragraphs

_FEW = 6
_MOST = 500
_ONE_LINE = 100_000
_ADDRESS = re.compile(r"https://[\w./~#?=&%+:@-]+", re.ASCII)


def finding_section(report: Report) -> Markup:
    """All findings, worst first. Those that only show once the command is repaired stand last, and say so."""
    if not report.findings:
        found = "what they found is suppressed" if report.suppressed else "none found anything"
        calm = element("p", f"{judged_words(report.examined)}; {found}.", class_="calm")
        return section("findings", "Findings", calm)
    cards: list[Child] = []
    for behind in (False, True):
        group = [finding for finding in report.findings if finding.behind is behind]
        if behind and group:
            cards.append(element("p", "These wait behind the repair of the command:", class_="hint behind-here"))
        cards += [_card(finding, report.plan) for finding in group]
    nothing = element("p", "No finding is left by these filters.", class_="calm", id="nothing", hidden=True)
    return section("findings", "Findings", *cards, nothing, count=len(report.findings))


def _card(finding: Finding, plan: Sequence[Typed]) -> Markup:
    steps = [(number, typed) for number, typed in enumerate(plan, start=1) if finding.number in typed.answers]
    typed = {each.phase for each in finding.remedy} | {each.phase for _, each in steps}
    return element(
        "article",
        element(
            "h3",
            element("span", finding.severity, class_="badge"),
            " ",
            element("a", str(finding.number), href=f"#finding-{finding.number}", class_="number"),
            " ",
            element("span", clean(finding.rule), class_="rule"),
        ),
        element("p", clean(finding.message), class_="message"),
        _evidence(seen(finding)),
        _to_type(steps),
        _details(finding),
        id=f"finding-{finding.number}",
        class_=f"finding {finding.severity}",
        tabindex="-1",
        data_severity=finding.severity,
        data_component=finding.component,
        data_phases=" ".join(each for each in PHASES if each in typed) or "none",
    )


def _evidence(evidence: Sequence[Evidence]) -> Child:
    if not evidence:
        return None
    few = element("ul", map(_seen, evidence[:_FEW]), class_="evidence", role="list")
    if len(evidence) <= _FEW:
        return few
    more = element("ul", map(_seen, evidence[_FEW : _FEW + _MOST]), class_="evidence", role="list")
    left = _left(len(evidence) - _FEW)
    return [few, element("details", element("summary", f"{len(evidence) - _FEW} more places"), more, left)]


def _seen(evidence: Evidence) -> Markup:
    where, text = place(evidence.origin), clean(evidence.text)
    return element("li", element("code", where) if where else None, " " if where and text else None, text)


def _left(number: int) -> Markup | None:
    return element("p", f"and {number - _MOST} more; -o json has all", class_="hint") if number > _MOST else None


def _to_type(steps: Iterable[tuple[int, Typed]]) -> Child:
    links = [element("a", f"{typed.phase} {number}", href=f"#step-{number}") for number, typed in steps]
    return element("p", "Plan: ", join(links, ", "), class_="to-type") if links else None


def _details(finding: Finding) -> Markup:
    outcome = clean(finding.says) or (OUTCOME_WORDS[finding.outcome] if finding.outcome != "fine" else "")
    facts = (
        ("Rule", clean(finding.title)),
        ("Component", clean(finding.component)),
        ("About", clean(str(finding.subject))),
        ("Sure", SURENESS[finding.sure]),
        ("As typed", outcome),
    )
    steps = [step(replace(each, answers=())) for each in finding.remedy]
    return element(
        "details",
        element("summary", "Why, and what to do about this one" if steps else "Why"),
        element("dl", [[element("dt", name), element("dd", told)] for name, told in facts if told]),
        _why(finding.why),
        [element("h4", "What to do"), element("ul", steps, class_="steps", role="list")] if steps else None,
        _listed("Objects", [object_words(each) for each in finding.objects[:_MOST]], len(finding.objects)),
        _listed("See", [_reference(clean(each)) for each in finding.references], 0),
        class_="more",
    )


def _reference(text: str) -> str:
    """A link where the text is an https address and nothing else; nothing is fetched before somebody follows it."""
    if not _ADDRESS.fullmatch(text):
        return text
    return element("a", text, href=text, rel="noopener noreferrer", target="_blank")


def _why(text: str) -> Child:
    """Paragraphs, and lines that keep their indent: lists and commands."""
    if not text.strip():
        return None
    blocks = "\n".join(paragraphs(clean_lines(text), _ONE_LINE, "")).split("\n\n")
    return [element("h4", "Why"), [element("p", prose(block), class_="why") for block in blocks if block.strip()]]


def _listed(title: str, entries: Sequence[str], of: int) -> Child:
    if not entries:
        return None
    return [element("h4", title), element("ul", [element("li", each) for each in entries], class_="list"), _left(of)]


def hop_section(report: Report) -> Markup | None:
    """What bites on the way, where the upgrade has to pass through other versions."""
    hops = [hop for hop in report.hops if hop.findings]
    if not hops:
        return None
    hint = "Judged by versions and values; scan again before each."
    return section("hops", "On the way", element("p", hint, class_="hint"), *map(_hop, hops))


def _hop(hop: Hop) -> Markup:
    title = element("h3", f"{clean(hop.component)} {clean(hop.start)} \u2192 {clean(hop.to)}")
    run = clean_command(hop.run).strip("\n")
    return element("div", title, command(run) if run.strip() else None, map(_on_the_way, hop.findings), class_="hop")


def _on_the_way(finding: Finding) -> Markup:
    steps = [step(each) for phase in PHASES for each in finding.remedy if each.phase == phase != "rollback"]
    return element(
        "article",
        _title(finding),
        element("p", clean(finding.message), class_="message"),
        element("ul", steps, class_="steps", role="list") if steps else None,
        class_=f"finding {finding.severity}",
    )


def _title(finding: Finding) -> Markup:
    badge = element("span", finding.severity, class_="badge")
    return element("h4", badge, " ", element("span", clean(finding.rule), class_="rule"))


def suppressed_section(report: Report) -> Markup | None:
    """What somebody accepted, with the reason."""
    if not report.suppressed:
        return None
    return section("suppressed", "Suppressed", *map(_suppressed, report.suppressed), count=len(report.suppressed))


def _suppressed(finding: Finding) -> Markup:
    by = f" ({finding.by})" if finding.by else ""
    first = finding.evidence[0].origin if finding.evidence else NOWHERE
    where = place(first)
    return element(
        "article",
        _title(finding),
        element("p", clean(finding.message), class_="message"),
        element("p", clean(str(finding.subject)), [" ", element("code", where)] if where else None, class_="hint"),
        element("p", element("b", "Accepted"), f"{by}: {clean(finding.reason) or 'no reason given'}"),
        class_=f"finding quiet {finding.severity}",
    )
