"""Writes a report as JSON for programs; docs/schema/report.json describes every field."""

from __future__ import annotations

import json
import math
from typing import Any

from ..model import NOWHERE, Examined, Finding, Gap, Hop, Notice, Object, Origin, Problem, Report, Typed, UpgradeSummary
from .clean import clean_command, clean_data

VERSION = 1
SCHEMA = "upgradecheck.report"


def render(report: Report) -> str:
    """The whole report, nothing left out, as ASCII text that ends with one line break.

    Lists keep the order of the report and maps are sorted, so the same report is always the same text.
    """
    return json.dumps(_harmless(document(report)), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain maps, lists and scalars."""
    verdict = report.verdict
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "exit_code": report.exit_code,
        "verdict": {
            "go": verdict.go,
            "as_typed": verdict.as_typed,
            "says": verdict.says,
            "behind": verdict.behind,
            "because": list(verdict.because),
        },
        "upgrades": [_upgrade(each) for each in report.upgrades],
        "findings": [_finding(each) for each in report.findings],
        "suppressed": [{**_finding(each), "reason": each.reason, "by": each.by} for each in report.suppressed],
        "plan": [{**_step(each), "answers": list(each.answers)} for each in report.plan],
        "hops": [_hop(each) for each in report.hops],
        "gaps": [_gap(each) for each in report.gaps],
        "problems": [_problem(each) for each in report.problems],
        "notices": [_notice(each) for each in report.notices],
        "examined": _examined(report.examined),
    }


def _upgrade(upgrade: UpgradeSummary) -> dict[str, Any]:
    return {
        "component": upgrade.component,
        "from": list(upgrade.start),
        "to": upgrade.to or None,
        "command": clean_command(upgrade.command) or None,
        "route": list(upgrade.route),
        "nodes": upgrade.nodes,
        "manifest": upgrade.manifest or None,
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "component": hop.component,
        "from": hop.start,
        "to": hop.to,
        "run": clean_command(hop.run) or None,
        "findings": [_finding(each) for each in hop.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    subject = finding.subject
    return {
        "number": finding.number,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "component": finding.component,
        "manifest": finding.manifest or None,
        "sure": finding.sure,
        "subject": {"kind": subject.kind, "namespace": subject.namespace, "name": subject.name},
        "message": finding.message,
        "outcome": finding.outcome,
        "says": finding.says,
        "behind": finding.behind,
        "objects": [_object(each) for each in finding.objects],
        "evidence": [{"text": each.text, "origin": _origin(each.origin)} for each in finding.evidence],
        "remedy": [_step(each) for each in finding.remedy],
        "why": finding.why,
        "references": list(finding.references),
    }


def _object(found: Object) -> dict[str, Any]:
    return {
        "apiVersion": found.api_version,
        "kind": found.kind,
        "namespace": found.namespace,
        "name": found.name,
        "origin": _origin(found.origin),
    }


def _origin(origin: Origin) -> dict[str, Any] | None:
    if origin == NOWHERE:
        return None
    return {"file": origin.file, "member": origin.member or None, "line": origin.line or None}


def _step(step: Typed) -> dict[str, Any]:
    return {
        "phase": step.phase,
        "stage": step.stage,
        "note": step.note,
        "run": clean_command(step.run),
        "undo": step.undo,
        "tried": step.tried,
        "fill": step.fill,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "what": gap.what,
        "why": gap.why,
        "collect": clean_command(gap.collect) or None,
        "silences": list(gap.silences),
        "blocks": gap.blocks,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"origin": _origin(problem.origin), "text": problem.text, "expected": problem.expected or None}


def _notice(notice: Notice) -> dict[str, Any]:
    return {"kind": notice.kind, "text": notice.text, "origin": _origin(notice.origin)}


def _examined(examined: Examined) -> dict[str, Any]:
    known = examined.age is not None and math.isfinite(examined.age)
    return {
        "source": examined.source,
        "inputs": list(examined.inputs),
        "newest": examined.newest or None,
        "age": int(examined.age or 0) if known else None,
        "kinds": dict(sorted(examined.kinds.items())),
        "releases": list(examined.releases),
        "skipped": [{"path": path, "reason": reason} for path, reason in examined.skipped],
        "judged": list(examined.judged),
        "passed": list(examined.passed),
        "left_out": dict(sorted(examined.left_out.items())),
    }


def _harmless(value: Any) -> Any:
    """The same, with every string fit to be shown on a terminal, keys included."""
    if isinstance(value, str):
        return clean_data(value)
    if isinstance(value, dict):
        return {clean_data(key): _harmless(each) for key, each in value.items()}
    return [_harmless(each) for each in value] if isinstance(value, list) else value
