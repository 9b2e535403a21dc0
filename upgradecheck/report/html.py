"""Writes a report as one page for a browser: nothing is fetched, nothing is sent, and it reads without JavaScript."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from importlib import resources
from string import Template

from ..model import Report
from .head import verdict_lines
from .html_findings import finding_section, hop_section, suppressed_section
from .html_head import filters, head
from .html_plan import gap_section, plan_section
from .html_rest import examined_section, notice_section, problem_section
from .markup import escape, join
from .paint import Paint

_ONE_LINE = 100_000


def render(report: Report) -> str:
    """The whole page as text that ends with one line break."""
    findings = [replace(each, number=each.number or place) for place, each in enumerate(report.findings, start=1)]
    report = replace(report, findings=tuple(findings))
    style, script = _file("page.css"), _file("page.js")
    return Template(_file("page.html")).substitute(
        policy=escape(_policy(style, script)),
        title=escape(verdict_lines(report, _ONE_LINE, Paint(False))[0]),
        style=style,
        script=script,
        head=head(report),
        filters=filters(report),
        findings=join([problem_section(report), finding_section(report)]),
        plan=join([plan_section(report), gap_section(report)]),
        rest=join([hop_section(report), suppressed_section(report), notice_section(report), examined_section(report)]),
    )


def _policy(style: str, script: str) -> str:
    """Only this very style and this very script; a hostile name that became markup could still run nothing."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _file(name: str) -> str:
    return (resources.files(__package__) / "files" / name).read_text(encoding="utf-8")
