"""Writes a report as a screen: verdict, findings, one plan, and what was not looked at."""

from __future__ import annotations

from ..model import Report
from .details import examined_lines, judged_words
from .findings import brief, finding_lines
from .gaps import gap_lines, problem_lines
from .head import head_lines, verdict_lines
from .hops import hop_lines
from .notices import notice_lines
from .paint import Paint
from .plan import plan_lines
from .width import wrap

NARROWEST = 20


def render(report: Report, *, width: int = 80, colour: bool = False, verbose: bool = False, quiet: bool = False) -> str:
    """The screen as text that ends with one line break. Colours never change the layout.

    Lines are at most `width` columns, except where a single word (a path, an image) is longer than that.
    `verbose` adds why, references, every object and what was examined; `quiet` leaves the verdict and one
    line for each finding.
    """
    width = max(width, NARROWEST)
    paint = Paint(colour)
    lines = _quiet(report, width, paint) if quiet else _whole(report, width, paint, verbose)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _quiet(report: Report, width: int, paint: Paint) -> list[str]:
    lines = verdict_lines(report, width, paint) + problem_lines(report.problems, width, paint)
    for place, finding in enumerate(report.findings, start=1):
        lines.append(brief(finding.number or place, finding, width, paint))
    return lines


def _whole(report: Report, width: int, paint: Paint, verbose: bool) -> list[str]:
    errors = any(finding.severity == "error" for finding in report.findings)
    header = head_lines(report, width, paint, verbose=verbose)
    found = finding_lines(report, width, paint, verbose=verbose)
    if not report.findings:
        found = _calm(report, width) + found
    last = plan_lines(report.plan, width, paint)
    last += gap_lines(report.gaps, width, paint, verbose=verbose, mark=not errors)
    parts = [header, problem_lines(report.problems, width, paint), found, last, hop_lines(report.hops, width, paint)]
    parts.append(notice_lines(report.notices, width, paint))
    if verbose:
        parts.append(examined_lines(report.examined, width, paint))
    lines: list[str] = []
    for part in parts:
        lines += ["", *part] if lines and part else part
    return lines


def _calm(report: Report, width: int) -> list[str]:
    found = "what they found is suppressed" if report.suppressed else "none found anything"
    return wrap(f"{judged_words(report.examined)}; {found}.", width)
