"""Writes a report of GitLab's code quality, which it shows in the merge request and in the changed files."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from ..fingerprint import fingerprint
from ..model import Origin, Report, Severity
from .clean import clean
from .places import file_of, is_file, repository_path, stand_in
from .troubles import troubles

_SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "major", "info": "info", "advice": "info"}


def render(report: Report) -> str:
    """One JSON list, an entry a finding, as ASCII text that ends with one line break. Every fingerprint is unique."""
    elsewhere = stand_in(report)
    counts: Counter[str] = Counter()
    entries: list[dict[str, Any]] = []

    def add(rule: str, told: str, severity: Severity, known: str, origin: Origin) -> None:
        counts[known] += 1
        entries.append(
            {
                "description": clean(told),
                "check_name": clean(rule),
                "fingerprint": known if counts[known] == 1 else _digest(f"{known} {counts[known]}"),
                "severity": _SEVERITIES[severity],
                "location": _location(origin, elsewhere),
            }
        )

    for finding in report.findings:
        told = f"{finding.subject}: {finding.message}"
        add(finding.rule, told, finding.severity, fingerprint(finding), file_of(finding))
    for trouble in troubles(report):
        add(trouble.id, trouble.text, trouble.level, _digest(f"{trouble.id} {trouble.steady}"), trouble.origin)
    return json.dumps(entries, indent=2, ensure_ascii=True) + "\n"


def _location(origin: Origin, elsewhere: str) -> dict[str, Any]:
    """GitLab refuses the whole report where one path or line is missing. A member of an archive has no line there."""
    inside = is_file(origin)
    line = origin.line if inside and origin.line and not origin.member else 1
    return {"path": repository_path(origin.file) if inside else elsewhere, "lines": {"begin": line}}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
