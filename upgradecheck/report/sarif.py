"""Writes SARIF 2.1.0, the way that GitHub code scanning reads it and its schema demands it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..fingerprint import fingerprint
from ..model import Evidence, Finding, Origin, Report
from .clean import clean, clean_command, clean_data, clip
from .evidence import seen
from .places import file_of, is_file, repository_path, stand_in
from .sarif_rules import LEVELS, descriptors, notifications, told

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
MOST_PLACES = 99
"""What code scanning takes in one run, and shows of one result; it refuses a file with more results."""


def render(report: Report) -> str:
    """One run as ASCII text that ends with one line break. The same report is always the same text."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _run(report: Report) -> dict[str, Any]:
    from .. import __version__

    every = (*report.findings, *report.suppressed)[:MOST_RESULTS]
    rules = list(dict.fromkeys(finding.rule for finding in every))
    counts: Counter[str] = Counter()
    results = []
    for finding in every:
        known = fingerprint(finding)
        counts[known] += 1
        results.append(_result(finding, rules, f"{known}:{counts[known]}", stand_in(report)))
    components = "+".join(dict.fromkeys(clean(upgrade.component) for upgrade in report.upgrades))
    driver = {"name": "upgradecheck", "version": __version__, "semanticVersion": __version__}
    return {
        "tool": {"driver": {**driver, **descriptors(every, rules, report)}},
        "automationDetails": {"id": f"upgradecheck/{quote(components, safe='+')}/" if components else "upgradecheck/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": results,
        "properties": {
            "go": report.verdict.go,
            "asTyped": report.verdict.as_typed,
            "says": clean(report.verdict.says),
            "behind": clean(report.verdict.behind),
        },
    }


def _invocation(report: Report) -> dict[str, Any]:
    return {
        "executionSuccessful": report.exit_code in (0, 1),
        "exitCode": report.exit_code,
        "exitCodeDescription": _EXIT.get(report.exit_code, "unknown"),
        "toolExecutionNotifications": notifications(report, location),
    }


_EXIT = {
    0: "go",
    1: "findings",
    2: "an input could not be read",
    3: "nothing was examined",
    4: "something that was not checked silences an error rule",
    130: "interrupted",
}


def _result(finding: Finding, rules: Sequence[str], known: str, elsewhere: str) -> dict[str, Any]:
    first = file_of(finding)
    more = [each for each in dict.fromkeys(seen(finding)) if is_file(each.origin) and each.origin != first]
    result: dict[str, Any] = {
        "ruleId": clean(finding.rule),
        "ruleIndex": rules.index(finding.rule),
        "kind": "fail",
        "level": LEVELS[finding.severity],
        "message": {"text": told(_message(finding))},
        "locations": [{**location(first, elsewhere), "logicalLocations": [_logical(finding)]}],
        "partialFingerprints": {"primaryLocationLineHash": known, "upgradecheck/v1": known.partition(":")[0]},
        "properties": {
            "sure": finding.sure,
            "outcome": finding.outcome,
            "component": clean(finding.component),
            "behind": finding.behind,
            "evidence": [clean(each.text) for each in finding.evidence[:MOST_PLACES] if clean(each.text)],
        },
    }
    if more:
        result["relatedLocations"] = [_related(each, number) for number, each in enumerate(more[:MOST_PLACES], 1)]
    if finding.reason or finding.by:
        kind = "inSource" if finding.by == "annotation" else "external"
        reason = told(finding.reason) or "no reason given"
        result["suppressions"] = [{"kind": kind, "status": "accepted", "justification": reason}]
    return result


def _message(finding: Finding) -> str:
    """What is wrong, and what to type: code scanning shows nothing else of one result."""
    lines = [clean(finding.message) or clean(finding.title) or clean(finding.rule)]
    for step in finding.remedy:
        typed = clean_command(step.run).strip()
        if typed or clean(step.note):
            lines += [
                "",
                f"{step.phase}: {clean(step.note)}".rstrip(": ") + ":" * bool(typed),
                *([typed] if typed else []),
            ]
    return "\n".join(lines)


def location(origin: Origin, elsewhere: str) -> dict[str, Any]:
    """A place in a file; line 1 of the stand-in where it is in none, since code scanning refuses a result without."""
    inside = is_file(origin)
    path = repository_path(origin.file) if inside else elsewhere
    line = origin.line if inside and origin.line and not origin.member else 1
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(path)},
            "region": {"startLine": line, "startColumn": 1, "endLine": line},
        }
    }


def _uri(path: str) -> str:
    quoted = quote(path, safe="/~")
    return f"file://{quoted}" if path.startswith("/") else quoted


def _logical(finding: Finding) -> dict[str, Any]:
    subject = finding.subject
    parts = [part for part in (clean(subject.namespace), clean(subject.kind), clean(subject.name)) if part]
    return {
        "name": clip(clean(subject.name), 1_000),
        "fullyQualifiedName": clip("/".join(parts), 1_000),
        "kind": "resource" if subject.kind[:1].isupper() else clean(subject.kind) or "resource",
    }


def _related(evidence: Evidence, number: int) -> dict[str, Any]:
    text = clean_data(clean(evidence.text)) or clean(str(evidence.origin))
    return {"id": number, **location(evidence.origin, ""), "message": {"text": told(text)}}
