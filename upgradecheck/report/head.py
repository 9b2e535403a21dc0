"""Writes the top of the screen: the verdict, what happens as typed, what waits behind, and what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..model import SEVERITIES, Examined, Finding, Report, UpgradeSummary
from .clean import clean
from .paint import Paint
from .width import wrap

_DAY = 86_400.0
_HANG = "  "
OUTCOME_WORDS = {
    "fine": "it works, as far as was seen.",
    "loses": "it succeeds, but something that was set is lost.",
    "breaks": "something stops working.",
    "refused": "it is refused, nothing is changed.",
    "unknown": "what happens cannot be said from what was read.",
}


def head_lines(report: Report, width: int, paint: Paint, *, verbose: bool) -> list[str]:
    """Everything above the first finding."""
    verdict = report.verdict
    lines = verdict_lines(report, width, paint)
    says = clean(verdict.says) or (OUTCOME_WORDS[verdict.as_typed] if _typed(report) else "")
    if says:
        merged = not any(upgrade.command for upgrade in report.upgrades) and _typed(report)
        lines += wrap(f"As {'merged' if merged else 'typed'}: {says}", width, rest=_HANG)
    if verdict.behind:
        lines += wrap(clean(verdict.behind), width, rest=_HANG)
    lines += _because(report, width, verbose)
    lines += _routes(report.upgrades, width)
    return lines + paint.lines("dim", _read(report.examined, width))


def verdict_lines(report: Report, width: int, paint: Paint) -> list[str]:
    """STOP or GO with the counts; below it each upgrade, where there are several."""
    word = "GO" if report.verdict.go else "STOP"
    counts = _counts(report)
    if len(report.upgrades) == 1:
        lines = wrap(f"{word} {upgrade_words(report.upgrades[0])}: {counts}", width, rest=_HANG)
        lines += _asked_by(report.upgrades[0], width)
    else:
        several = f"{word} {len(report.upgrades)} upgrades" if report.upgrades else word
        lines = wrap(f"{several}: {counts}", width, rest=_HANG)
        for upgrade in report.upgrades:
            lines += wrap(_own_line(upgrade, report), width, first=_HANG, rest=_HANG * 2)
            lines += _asked_by(upgrade, width, _HANG * 2)
    lines[0] = paint("go" if report.verdict.go else "stop", word) + lines[0][len(word) :]
    return lines


def upgrade_words(upgrade: UpgradeSummary) -> str:
    """`cilium 1.11.7 -> 1.12.0`, with the number of nodes where nodes are what is upgraded."""
    start = ", ".join(upgrade.start) or "unknown"
    nodes = f" on {count(upgrade.nodes, 'node')}" if upgrade.nodes else ""
    return clean(f"{upgrade.component} {start} -> {upgrade.to or 'unknown'}{nodes}")


def _asked_by(upgrade: UpgradeSummary, width: int, indent: str = "") -> list[str]:
    """The manifest that asks for it, where no command does."""
    if not upgrade.manifest:
        return []
    return wrap(f"Asked for by {clean(upgrade.manifest)}", width, first=indent or "", rest=indent + _HANG)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _own_line(upgrade: UpgradeSummary, report: Report) -> str:
    """One of several upgrades. Two of one component cannot be told apart by their findings, so they are not counted;
    and a line never says that nothing was found, since a finding may be filed under another name."""
    same = [each for each in report.upgrades if each.component == upgrade.component]
    alone = sum(each.manifest == upgrade.manifest for each in same) == 1
    own = [
        f
        for f in report.findings
        if f.component.casefold() == upgrade.component.casefold() and f.manifest == upgrade.manifest
    ]
    found = ", ".join(_severities(own)) if alone else ""
    return upgrade_words(upgrade) + (f": {found}" if found else "")


def _counts(report: Report) -> str:
    parts = list(_severities(report.findings)) or ([] if report.suppressed else ["nothing found"])
    if report.suppressed:
        parts.append(f"{len(report.suppressed)} suppressed")
    if report.problems:
        parts.append(f"{len(report.problems)} not readable")
    if report.gaps:
        parts.append(f"{len(report.gaps)} not checked")
    return ", ".join(parts)


def _severities(findings: Iterable[Finding]) -> Iterable[str]:
    found = Counter[str](finding.severity for finding in findings)
    for severity in SEVERITIES:
        if found[severity]:
            yield (
                count(found[severity], severity)
                if severity in ("error", "warning")
                else f"{found[severity]} {severity}"
            )


def _typed(report: Report) -> bool:
    return any(upgrade.command or upgrade.manifest for upgrade in report.upgrades)


def _because(report: Report, width: int, verbose: bool) -> list[str]:
    """Why it stops, where no error below says so: a gap that silences an error rule, an input that failed."""
    verdict = report.verdict
    plain = verdict.go or any(finding.severity == "error" for finding in report.findings)
    if plain and not verbose:
        return []
    blocking = [gap.what for gap in report.gaps if gap.blocks]
    told = verdict.because or (() if plain else blocking)
    reasons = "; ".join(f"{each} not checked" if each in blocking else each for each in told)
    title = "Goes" if verdict.go else "Stops"
    return wrap(f"{title} because: {clean(reasons)}", width, rest=_HANG) if reasons else []


def _routes(upgrades: Iterable[UpgradeSummary], width: int) -> list[str]:
    lines: list[str] = []
    for upgrade in upgrades:
        between = [hop for hop in upgrade.route if hop not in (*upgrade.start, upgrade.to)]
        if between:
            hops = " -> ".join([", ".join(upgrade.start) or "unknown", *between, upgrade.to or "unknown"])
            lines += wrap(f"Route: {clean(upgrade.component)} {clean(hops)}", width, rest=_HANG)
    return lines


def _read(examined: Examined, width: int) -> list[str]:
    told = clean(examined.source) or clean(", ".join(examined.inputs[:3]))
    more = len(examined.inputs) - 3
    if not examined.source and more > 0:
        told = f"{told} and {more} more"
    if examined.age is not None and examined.age > _DAY:
        told = ", ".join(part for part in (told, f"{count(int(examined.age // _DAY), 'day')} old") if part)
    return wrap(f"Read: {told}", width, rest=_HANG) if told else []
