"""Writes the findings, worst first, each with its evidence; what is short stands on one line."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Finding, Report
from .clean import clean
from .details import detail_lines
from .evidence import evidence_lines, placed, seen
from .paint import Paint
from .width import columns, fit, wrap

LABELS = {"error": "ERROR", "warning": "WARN", "info": "INFO", "advice": "ADVICE"}
_INDENT = "  "
_GAP = "   "
_MOST = 6
_BEHIND = "These wait behind the repair of the command:"
_BEHIND_MANIFEST = "These wait behind the repair of the manifest:"


def finding_lines(report: Report, width: int, paint: Paint, *, verbose: bool) -> list[str]:
    """All findings. Those that only show once the obvious repair is done stand last, and say so."""
    numbered = [(finding.number or place, finding) for place, finding in enumerate(report.findings, start=1)]
    lines: list[str] = []
    for behind in (False, True):
        group = [(number, finding) for number, finding in numbered if finding.behind is behind]
        title = _BEHIND_MANIFEST if group and all(each.manifest for _, each in group) else _BEHIND
        lines += wrap(title, width, rest=_INDENT) if behind and group else []
        for number, finding in group:
            lines += [""] if verbose and lines and not lines[-1].endswith(":") else []
            lines += one(number, finding, width, paint, verbose=verbose)
    return lines + suppressed_lines(report.suppressed, width, paint, verbose=verbose)


def one(number: int, finding: Finding, width: int, paint: Paint, *, verbose: bool) -> list[str]:
    """One finding, as a single line where it is short and no error."""
    if not verbose and finding.severity != "error":
        line = _compact(number, finding, width, paint)
        if line:
            return [line]
    label = f"{LABELS[finding.severity]} {number}"
    lines = [f"{paint(finding.severity, label)} {paint('rule', clean(finding.rule))}"]
    body = wrap(clean(finding.message), width, first=_INDENT, rest=_INDENT)
    proof = evidence_lines(seen(finding) if verbose else placed(finding), width, _INDENT, None if verbose else _MOST)
    if len(proof) == 1 and body and columns(body[-1] + _GAP + proof[0].strip()) <= width:
        body[-1] += _GAP + paint("dim", proof[0].strip())
        proof = []
    lines += body + paint.lines("dim", proof)
    return lines + (detail_lines(finding, width, paint) if verbose else [])


def brief(number: int, finding: Finding, width: int, paint: Paint) -> str:
    """One finding on one line, cut where the line ends."""
    label = f"{LABELS[finding.severity]} {number}"
    line = fit(f"{label} {clean(finding.rule)}: {clean(finding.message)}", max(width, columns(label)))
    return paint(finding.severity, label) + line[len(label) :]


def suppressed_lines(suppressed: Sequence[Finding], width: int, paint: Paint, *, verbose: bool) -> list[str]:
    """How many were suppressed; with `verbose` which, and for what reason."""
    if not suppressed:
        return []
    lines = [f"{len(suppressed)} suppressed" + (":" if verbose else " (-v shows them)")]
    for finding in suppressed if verbose else ():
        told = f"{LABELS[finding.severity]} {finding.rule}, {finding.subject}: {finding.reason or 'no reason given'}"
        lines += wrap(clean(told), width, first=_INDENT, rest=_INDENT * 2)
    return paint.lines("dim", lines)


def _compact(number: int, finding: Finding, width: int, paint: Paint) -> str:
    """`WARN 3 message   file:line`, and the rule at the right edge where there is room; `` where it does not fit."""
    label = f"{LABELS[finding.severity]} {number}"
    proof = placed(finding)
    places = evidence_lines(proof, width, "") if len(proof) == 1 else []
    line = " ".join(part for part in (label, clean(finding.message)) if part)
    plain = _GAP.join([line, *places])
    if len(proof) > 1 or len(places) > 1 or columns(plain) > width:
        return ""
    rule = clean(finding.rule)
    spare = width - columns(plain) - columns(rule)
    painted = paint(finding.severity, label) + line[len(label) :]
    painted += "".join(_GAP + paint("dim", where) for where in places)
    return painted + (" " * spare + paint("dim", rule) if spare >= len(_GAP) else "")
