"""A report as test items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..engine.choose import can_be_error
from ..model import SEVERITIES, Finding, Gap, Origin, Report, Rule
from ..report.clean import clean, clean_command, clip
from ..report.findings import brief, one
from ..report.gaps import gap_lines, problem_lines
from ..report.head import head_lines
from ..report.paint import Paint
from ..report.plan import plan_lines
from .told import Telling, Told

PLAIN = Paint(False)
INPUTS = "inputs"
NOTHING = 3
"""The exit code of a scan that examined nothing."""
_MOST = 100


@dataclass(frozen=True, slots=True)
class Strictness:
    """What fails: findings from a severity on, and gaps that keep an error rule silent."""

    fail_on: str = "error"
    allow_gaps: bool = False

    def counts(self, finding: Finding) -> bool:
        counted = SEVERITIES[: SEVERITIES.index("advice")]
        return self.fail_on in counted and counted.index(finding.severity) <= counted.index(self.fail_on)


def tell(report: Report, rules: Mapping[str, Rule], strict: Strictness, width: int) -> Telling:
    """The items of a report in the order of their names, the inputs first. `rules` are those that spoke or were
    silenced, by id; one that is not known counts as an error rule."""
    found: dict[str, list[Told]] = {}
    for (rule, group), findings in _groups(report.findings).items():
        found.setdefault(rule, []).append(_finding(f"{rule}[{group}]", findings, report, strict, width))
    items = [_inputs(report, width)]
    for rule in sorted(_speaking(report, rules)):
        blocks = not strict.allow_gaps and (rule not in rules or can_be_error(rules[rule]))
        gaps = [gap for gap in report.gaps if rule in gap.silences]
        if gaps or rule not in found:
            items.append(_whole(rule, gaps, blocks, [f for f in report.suppressed if f.rule == rule]))
        items += sorted(found.get(rule, []), key=lambda told: told.name)
    items += [_gap(name, [gap], False) for name, gap in _loose(report.gaps)]
    if report.exit_code == NOTHING:
        items = items[:1]
    head = head_lines(report, width, PLAIN, verbose=False)
    passed = [f for f in report.findings if not strict.counts(f)]
    notices = [
        f"NOTE {notice.origin}: {notice.text}" if notice.origin.file else f"NOTE {notice.text}"
        for notice in report.notices
    ]
    rest = [*(brief(f.number, f, width, PLAIN) for f in passed), *(clean(text) for text in notices)]
    return Telling(items, [*head, *rest], head[:1])


def _speaking(report: Report, rules: Mapping[str, Rule]) -> set[str]:
    """The rules that judged, or would have."""
    silenced = (rule for gap in report.gaps for rule in gap.silences)
    spoke = (f.rule for f in (*report.findings, *report.suppressed))
    every = {*report.examined.judged, *silenced, *spoke}
    return {rule for rule in every if rule not in rules or rules[rule].severity != "advice"}


def _groups(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """Findings of one rule about one kind of object in one namespace belong together."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((clean(finding.rule), _group(finding)), []).append(finding)
    return groups


def _group(finding: Finding) -> str:
    """`kube-system/DaemonSet`, without blanks so that -k can name it, and without what would end an item's name."""
    spaces = {o.namespace for o in finding.objects if o.namespace}
    space = finding.subject.namespace or (min(spaces) if len(spaces) == 1 else "")
    words = [word for word in (space, finding.subject.kind) if word]
    return clip(re.sub(r"[^\w./-]+", "-", "/".join(clean(word) for word in words)), _MOST)


def _finding(name: str, findings: Sequence[Finding], report: Report, strict: Strictness, width: int) -> Told:
    lines: list[str] = []
    for finding in findings:
        steps = [replace(step, answers=()) for step in report.plan if finding.number in step.answers]
        lines += [*one(finding.number, finding, width, PLAIN, verbose=False), *plan_lines(steps, width, PLAIN)]
    worst = findings[0]
    place = _place(e.origin for f in findings for e in f.evidence)
    return Told(
        name,
        "failed" if any(strict.counts(f) for f in findings) else "passed",
        "\n".join(lines),
        clip(clean(worst.message), 200),
        *place,
        (("rule", clean(worst.rule)), ("severity", worst.severity), *(("finding", clean(f.message)) for f in findings)),
    )


def _place(origins: Iterable[Origin]) -> tuple[str, int]:
    """The first place that is a file, for whoever jumps to it."""
    return next(((o.file, o.line) for o in origins if o.file and not o.member and Path(o.file).is_file()), ("", 0))


def _whole(rule: str, gaps: Sequence[Gap], blocks: bool, suppressed: Sequence[Finding]) -> Told:
    """A rule that found nothing that counts: it could not look, or all of it is suppressed, or it passed."""
    if gaps:
        return replace(_gap(clean(rule), gaps, blocks), properties=(("rule", clean(rule)),))
    reasons = "; ".join(dict.fromkeys(f"suppressed: {clean(f.reason) or 'no reason given'}" for f in suppressed))
    return Told(clean(rule), "skipped" if suppressed else "passed", reasons, properties=(("rule", clean(rule)),))


def _gap(name: str, gaps: Sequence[Gap], blocks: bool) -> Told:
    lines = [f"{clean(gap.what)} not checked: {clean(gap.why)}" for gap in gaps]
    collect = [clean_command(gap.collect).strip() for gap in gaps]
    if not blocks:
        return Told(
            name, "skipped", "; ".join(" | ".join(p for p in pair if p) for pair in zip(lines, collect, strict=True))
        )
    pairs = [part for pair in zip(lines, collect, strict=True) for part in (pair[0], f"  {pair[1]}" if pair[1] else "")]
    text = ["An error would not show:", *(part for part in pairs if part)]
    return Told(name, "failed", "\n".join(text), "; ".join(lines))


def _loose(gaps: Iterable[Gap]) -> list[tuple[str, Gap]]:
    """Gaps that silence no rule, named by what they are about."""
    named: dict[str, Gap] = {}
    for gap in gaps:
        if not gap.silences:
            base = "gap[" + clip(re.sub(r"[^\w./-]+", "-", clean(gap.what)), _MOST) + "]"
            named[base if base not in named else f"{base}-{len(named)}"] = gap
    return sorted(named.items(), key=lambda pair: pair[0])


def _inputs(report: Report, width: int) -> Told:
    """What could not be read; and a run that judged nothing, which must not be green."""
    if report.problems:
        first = str(report.problems[0])
        lines = problem_lines(report.problems, width, PLAIN)
        return Told(INPUTS, "failed", "\n".join(lines), clip(clean(first), 200))
    if report.exit_code == NOTHING:
        because = "it holds no component that any rule knows"
        text = [
            f"Nothing was judged: {because}.",
            "Does --upgradecheck name the dump of the cluster?",
            *gap_lines(report.gaps, width, PLAIN, verbose=False, mark=False),
        ]
        return Told(INPUTS, "failed", "\n".join(text), f"nothing was judged: {because}")
    return Told(INPUTS)
