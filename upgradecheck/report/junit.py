"""Writes JUnit XML, as GitLab, Jenkins and the readers on GitHub take it: one case for each rule that was judged."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..model import SEVERITIES, Finding, Report, Severity
from .clean import clean, clean_command, clean_data
from .evidence import place, seen
from .troubles import NOT_CHECKED, TITLES, UNTIDY, gap_text, troubles

_SUITE = "upgradecheck"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """The whole of it as UTF-8 text with its XML declaration.

    Failures are what the exit code counts, and what keeps an error rule silent; errors are inputs that could not be
    read; a rule that could not look, or whose findings are accepted, is skipped, with the reason.
    """
    root = Element("testsuites", name=_SUITE)
    suites: dict[str, list[Element]] = defaultdict(list)
    suites[_SUITE] = _run_cases(report)
    for rule in sorted(_rules(report)):
        suites[rule.partition("/")[0]].append(_rule_case(report, rule))
    for name, cases in suites.items():
        root.append(_suite(name, cases))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("time", "0.000")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _rules(report: Report) -> set[str]:
    found = {finding.rule for finding in (*report.findings, *report.suppressed)}
    return found | set(report.examined.judged) | {rule for gap in report.gaps for rule in gap.silences}


def _suite(name: str, cases: Sequence[Element]) -> Element:
    def having(tag: str) -> str:
        return str(sum(case.find(tag) is not None for case in cases))

    counts = {"failures": having("failure"), "errors": having("error"), "skipped": having("skipped")}
    suite = Element("testsuite", {"name": _fit(name), "tests": str(len(cases)), **counts, "time": "0.000"})
    suite.extend(cases)
    return suite


def _case(suite: str, name: str) -> Element:
    own = suite if suite == _SUITE else f"{_SUITE}.{suite}"
    return Element("testcase", classname=_fit(own), name=_fit(name), time="0.000")


def _run_cases(report: Report) -> list[Element]:
    """What is wrong with the run itself, or one case that says that nothing is: no report is without a case."""
    cases = []
    for trouble in troubles(report):
        if trouble.level == "error" or (trouble.id == NOT_CHECKED and trouble.level == "warning"):
            case = _case(_SUITE, f"{TITLES[trouble.id]}: {trouble.steady}")
            tag = "skipped" if trouble.level == "warning" else "failure" if trouble.id == NOT_CHECKED else "error"
            _tell(case, tag, trouble.text, [trouble.text], trouble.id)
            cases.append(case)
    if not cases:
        cases.append(_case(_SUITE, "every input could be read, and no error rule was kept silent"))
    untidy = [trouble.text for trouble in troubles(report) if trouble.id == UNTIDY]
    if untidy:
        SubElement(cases[-1], "system-out").text = _fit_lines("\n".join(untidy))
    return cases


def _rule_case(report: Report, rule: str) -> Element:
    case = _case(rule.partition("/")[0], rule)
    found = [finding for finding in report.findings if finding.rule == rule]
    failing = [finding for finding in found if _counts(finding, report)]
    accepted = [finding for finding in report.suppressed if finding.rule == rule]
    silent = [gap for gap in report.gaps if rule in gap.silences]
    if failing:
        _tell(case, "failure", failing[0].message, map(_told, failing), failing[0].severity)
    elif silent:
        _tell(case, "skipped", "; ".join(map(gap_text, silent)), [], "")
    elif accepted and not found:
        reasons = dict.fromkeys(each.reason or "no reason given" for each in accepted)
        _tell(case, "skipped", f"suppressed: {'; '.join(reasons)}", [], "")
    quiet = [finding for finding in found if finding not in failing]
    if quiet:
        SubElement(case, "system-out").text = _fit_lines("\n\n".join(map(_told, quiet)))
    return case


def _counts(finding: Finding, report: Report) -> bool:
    """True where the exit code counts a finding of this severity."""
    counted: tuple[Severity, ...] = SEVERITIES[: SEVERITIES.index("advice")]
    return report.fail_on in counted and SEVERITIES.index(finding.severity) <= counted.index(report.fail_on)


def _told(finding: Finding) -> str:
    lines = [f"{finding.severity.upper()} {clean(finding.rule)}: {clean(finding.title)}"]
    lines += [clean(str(finding.subject)), clean(finding.message)]
    lines += [f"  {place(each.origin)} {clean(each.text)}".rstrip() for each in seen(finding)]
    for step in finding.remedy:
        lines += [f"{step.phase}: {part}" for part in (clean(step.note), clean_command(step.run).strip()) if part]
    return "\n".join(lines)


def _tell(case: Element, tag: str, message: str, texts: Iterable[str], kind: str) -> None:
    told = SubElement(case, tag, {"message": _fit(message), **({"type": kind} if kind else {})})
    told.text = _fit_lines("\n\n".join(texts)) or None


def _fit(text: str) -> str:
    return _NO_XML.sub("\ufffd", clean(text))


def _fit_lines(text: str) -> str:
    return _NO_XML.sub("\ufffd", clean_data(text))
