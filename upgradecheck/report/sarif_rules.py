"""The parts of a SARIF run beside its results: the rules with their help, and what is wrong with the run itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..model import NOWHERE, SEVERITIES, Finding, Origin, Report, Severity
from .clean import clean, clean_lines, clip
from .gfm import prose
from .troubles import TITLES, Level, troubles

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note", "advice": "note"}
_WEIGHTS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "info": "recommendation",
    "advice": "recommendation",
}
_MOST = 1_024
"""Characters of a description that code scanning shows."""

Locate = Callable[[Origin, str], dict[str, Any]]


def descriptors(findings: Sequence[Finding], rules: Sequence[str], report: Report) -> dict[str, Any]:
    """The rules that have results, in the order of `rules`, and the kinds of notifications that there are."""
    by_rule: dict[str, list[Finding]] = {rule: [] for rule in rules}
    for finding in findings:
        by_rule[finding.rule].append(finding)
    said = dict.fromkeys(trouble.id for trouble in troubles(report))
    return {
        "rules": [_rule(rule, found) for rule, found in by_rule.items()],
        "notifications": [{"id": each, "shortDescription": {"text": TITLES[each]}} for each in said],
    }


def notifications(report: Report, locate: Locate) -> list[dict[str, Any]]:
    """Inputs that could not be read, gaps, and suppressions to tidy up."""
    levels: dict[Level, str] = {"error": "error", "warning": "warning", "info": "note"}
    found = []
    for trouble in troubles(report):
        told_of: dict[str, Any] = {
            "descriptor": {"id": trouble.id},
            "level": levels[trouble.level],
            "message": {"text": told(trouble.text)},
        }
        where = locate(trouble.origin, "")
        if trouble.origin != NOWHERE and where["physicalLocation"]["artifactLocation"]["uri"]:
            told_of["locations"] = [where]
        found.append(told_of)
    return found


def told(text: str) -> str:
    """A message in plain text in which nothing reads as an embedded link."""
    return text.replace("](", "] (")


def _rule(rule: str, found: Sequence[Finding]) -> dict[str, Any]:
    worst = min(found, key=lambda finding: SEVERITIES.index(finding.severity))
    title = clip(clean(worst.title) or clean(rule), _MOST)
    why = clean_lines(worst.why).strip()
    return {
        "id": clean(rule),
        "name": clip(clean(rule), 255),
        "shortDescription": {"text": title},
        "fullDescription": {"text": clip(clean(why.partition("\n\n")[0]) or title, _MOST)},
        "help": {"text": _help_text(rule, title, why, worst), "markdown": _help_markdown(rule, title, why, worst)},
        "defaultConfiguration": {"level": LEVELS[worst.severity]},
        "properties": {
            "tags": list(dict.fromkeys(["kubernetes", "upgrade", clean(rule).partition("/")[0]])),
            "precision": "medium" if worst.sure == "possible" else "high",
            "problem.severity": _WEIGHTS[worst.severity],
        },
    }


def _help_text(rule: str, title: str, why: str, finding: Finding) -> str:
    references = [f"- {clean(each)}" for each in finding.references]
    parts = [title, why, "\n".join(["See:", *references] if references else []), _explain(rule)]
    return "\n\n".join(part for part in parts if part)


def _help_markdown(rule: str, title: str, why: str, finding: Finding) -> str:
    references = [f"- {prose(each)}" for each in finding.references]
    parts = [f"**{prose(title)}**", why, "\n".join(["See:", "", *references] if references else [])]
    return "\n\n".join([*(part for part in parts if part), prose(_explain(rule))])


def _explain(rule: str) -> str:
    return f"upgradecheck explain {clean(rule)}"
