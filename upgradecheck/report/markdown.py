"""Writes Markdown: a comment on a pull request, for people who look at it on GitHub or GitLab."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model import PHASES, Finding, Gap, Hop, Report
from .clean import clean_command, clip
from .details import judged_words
from .evidence import place, placed
from .findings import LABELS
from .gfm import block, code, prose
from .head import OUTCOME_WORDS, verdict_lines
from .paint import Paint
from .plan import phase_lines
from .sections import Section, fit
from .troubles import problem_text

MOST = 65_536
"""Characters that GitHub takes in one comment. They are counted as bytes here, which are never fewer."""

MARK = "<!-- upgradecheck -->"
"""The first line, by which a bot finds its own comment again, to replace it."""

_MESSAGE = 1_000
_PLACES = 3
_WIDTH = 100
_WIDEST = 100_000
_TABLE = 30_000
_ELSEWHERE = "*A part was left out here, since a comment has its limit; the log of the job has the whole report.*"


def render(report: Report) -> str:
    """The comment, at most 65,536 bytes: verdict and findings stay, then the plan, and what is cut says so."""
    foot = _foot(report)
    room = MOST - len(foot.encode()) - len(_ELSEWHERE) - 16
    parts: list[str] = []
    left_out = False
    for section, most in _sections(report):
        told = fit(section, min(room, most))
        left_out = left_out or not told
        room -= len(told.encode("utf-8", "replace")) + 2
        parts += [told] if told else []
    return "\n\n".join([*parts, *([_ELSEWHERE] if left_out else []), foot]) + "\n"


def _sections(report: Report) -> Iterable[tuple[Section, int]]:
    """Every part with the most bytes that it may take, in the order of their weight."""
    yield Section(f"{MARK}\n{_head(report)}", []), MOST
    if report.problems:
        bullets = [f"- {prose(clip(problem_text(each), _MESSAGE))}" for each in report.problems]
        yield Section("**Could not be read**\n", bullets, left="- and {} more"), _TABLE // 3
    if report.findings:
        frame = "| | Rule | What | Where |\n|---|---|---|---|"
        rows = [_row(each, number) for number, each in enumerate(report.findings, 1)]
        yield Section(frame, rows, left="| | | and {} more | |"), _TABLE
    if report.plan:
        phases = [f"{phase}\n" for phase in _plan(report)]
        yield _folded("Plan: what to type, in this order", phases, "*{} of its phases have no room here*"), MOST
    yield from _less(report)


def _less(report: Report) -> Iterable[tuple[Section, int]]:
    if report.gaps:
        gaps = [_gap(gap) for gap in sorted(report.gaps, key=lambda gap: not gap.blocks)]
        yield _folded(f"Not checked ({len(report.gaps)})", gaps, "- and {} more"), MOST
    if any(hop.findings for hop in report.hops):
        hops = [line for hop in report.hops for line in _hop(hop)]
        yield _folded("On the way (judged by versions and values; scan again before each)", hops, "- and {} more"), MOST
    if report.suppressed:
        accepted = [_accepted(each) for each in report.suppressed]
        yield _folded(f"Suppressed ({len(report.suppressed)})", accepted, "- and {} more"), MOST
    if report.notices:
        notices = [f"- {prose(clip(each.text, _MESSAGE))}" for each in report.notices]
        yield _folded(f"To tidy up ({len(report.notices)})", notices, "- and {} more"), MOST


def _head(report: Report) -> str:
    """The first line of the screen as a heading, and what happens as typed."""
    verdict = report.verdict
    title, *others = (prose(clip(line, _MESSAGE)) for line in verdict_lines(report, _WIDEST, Paint(False)))
    parts = [f"### upgradecheck: {title}", *(f"- {each}" for each in others)]
    said = [f"As typed: {verdict.says or OUTCOME_WORDS[verdict.as_typed]}"] if _typed(report) else []
    if not verdict.go and not any(finding.severity == "error" for finding in report.findings):
        said += [f"Stops because: {'; '.join(verdict.because)}"] if verdict.because else []
    return "\n\n".join(["\n".join(parts), *(prose(clip(each, _MESSAGE)) for each in (*said, verdict.behind) if each)])


def _typed(report: Report) -> bool:
    return any(upgrade.command for upgrade in report.upgrades)


def _row(finding: Finding, number: int) -> str:
    label = f"{LABELS[finding.severity]} {finding.number or number}"
    behind = "Behind the repair of the command: " if finding.behind else ""
    proof = placed(finding)
    where = [code(clip(place(each.origin), 200)) for each in proof[:_PLACES]]
    more = [f"and {len(proof) - _PLACES} more"] if len(proof) > _PLACES else []
    told = prose(clip(behind + finding.message, _MESSAGE))
    strong = f"**{label}**" if finding.severity == "error" else label
    return f"| {strong} | {code(finding.rule)} | {told} | {'<br>'.join([*where, *more])} |"


def _plan(report: Report) -> Iterable[str]:
    """Each phase as a block of shell that can be copied whole; its notes are comments in there."""
    for phase in PHASES:
        steps = [step for step in report.plan if step.phase == phase]
        if steps:
            lines = phase_lines(phase.upper(), steps, _WIDTH, Paint(False))
            yield f"{prose(lines[0])}\n\n{block(chr(10).join(_outdented(lines[1:])), 'sh')}"


def _outdented(lines: Sequence[str]) -> list[str]:
    """What stands at the left edge, as a here-document does, must stay there: then nothing is moved."""
    whole = all(line.startswith("  ") or not line for line in lines)
    return [line[2:] if whole else line for line in lines]


def _gap(gap: Gap) -> str:
    blocks = "an error rule stays silent" if gap.blocks else ""
    reason = "; ".join(part for part in (gap.why, blocks) if part)
    collect = code(clean_command(gap.collect))
    told = prose(clip(f"{gap.what} ({reason})" if reason else gap.what, _MESSAGE))
    return f"- {told}" + (f": {collect}" if collect else "")


def _hop(hop: Hop) -> Iterable[str]:
    for each in hop.findings:
        way = f"{hop.component} {hop.start} -> {hop.to}"
        yield f"- {prose(way)}: {LABELS[each.severity]} {code(each.rule)} {prose(clip(each.message, _MESSAGE))}"


def _accepted(finding: Finding) -> str:
    reason = prose(clip(finding.reason or "no reason given", _MESSAGE))
    return f"- {LABELS[finding.severity]} {code(finding.rule)} {prose(clip(str(finding.subject), _MESSAGE))}: {reason}"


def _folded(title: str, items: Sequence[str], left: str) -> Section:
    """A part that is shut until somebody opens it. Markdown inside needs an empty line before the end."""
    end = "</details>" if items[-1].endswith("\n") else "\n</details>"
    return Section(f"<details><summary>{title}</summary>\n", items, end, left)


def _foot(report: Report) -> str:
    from .. import __version__

    told = judged_words(report.examined) if report.examined.judged else "nothing was judged"
    return f"<sub>upgradecheck {__version__}: {prose(told)}; exit code {report.exit_code}</sub>"
