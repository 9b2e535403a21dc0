"""Every machine format on the recorded clusters, on reports of every kind, and with the exit code of the scan."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from canned_reports import CALM, CILIUM, SCREENS, SEVERAL
from format_readers import NASTY, read_actions, read_code_quality, read_markdown, read_sarif
from junitparser import JUnitXml
from scanning import FIXTURES, Ran, case_words, upgradecheck
from test_report import HOSTILE, hostile_report

from upgradecheck import __version__
from upgradecheck.model import Report
from upgradecheck.report import FORMATS

GOLDEN = Path(__file__).parent / "data" / "formats"
ENDINGS = {"sarif": "sarif", "junit": "xml", "github": "txt", "gitlab": "json", "markdown": "md"}
CASES = sorted(path.parent.name for path in (FIXTURES / "clusters").glob("*/dump"))
READERS: dict[str, Callable[[str], Any]] = {
    "sarif": read_sarif,
    "junit": lambda text: JUnitXml.fromstring(text.encode()),
    "github": read_actions,
    "gitlab": read_code_quality,
    "markdown": read_markdown,
}
REPORTS: dict[str, Report] = {
    **SCREENS,
    "hostile": hostile_report(),
    "nasty": hostile_report(NASTY),
    "empty": Report(CALM.verdict, exit_code=3),
}


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("report", ["cilium", "several"])
def test_reviewed(name: str, report: str, accepted: Callable[[Path, str], None]) -> None:
    text = FORMATS[name].render(SCREENS[report]).replace(__version__, "VERSION")
    accepted(GOLDEN / f"{report}.{ENDINGS[name]}", text)


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_read_back(name: str, report: str) -> None:
    text = FORMATS[name].render(REPORTS[report])
    READERS[name](text)
    text.encode()
    assert text.endswith("\n")
    assert FORMATS[name].render(REPORTS[report]) == text
    assert not [c for c in text if c in "\x00\x07\x1b\x9b\u202e\u2066\u200f\u2028\r"]


@cache
def scanned(case: str, folder: Path) -> tuple[Ran, dict[str, str]]:
    """One scan of a recorded cluster in every format at once."""
    outputs = [word for name in ENDINGS for word in ("-o", f"{name}={folder / name}")]
    words = case_words(FIXTURES / "clusters" / case)
    ran = upgradecheck("scan", "-o", "json", *outputs, *words, cwd=FIXTURES / "clusters" / case)
    return ran, {name: (folder / name).read_text(encoding="utf-8") for name in ENDINGS}


@pytest.mark.parametrize("case", CASES)
def test_recorded_clusters(case: str, tmp_path: Path) -> None:
    ran, texts = scanned(case, tmp_path)
    findings, code = ran.report["findings"], ran.code
    read = {name: READERS[name](text) for name, text in texts.items()}
    assert [result["ruleId"] for result in read["sarif"]["results"]] == [each["rule"] for each in findings]
    assert read["sarif"]["invocations"][0]["exitCode"] == code
    told = [entry["check_name"] for entry in read["gitlab"]]
    assert [rule for rule in told if not rule.startswith("upgradecheck/")] == [each["rule"] for each in findings]
    errors = [each for each in findings if each["severity"] == "error"]
    assert len(read["github"].named("error")) >= len(errors)
    assert read["junit"].failures == len({each["rule"] for each in errors}) + any(
        gap["blocks"] and code for gap in ran.report["gaps"]
    )
    rows = [row for row in read["markdown"].rows[1:] if row[1]]
    assert [row[1] for row in rows] == [each["rule"] for each in findings]
    assert [_shown(row[2]).removeprefix("Behind the repair of the command: ") for row in rows] == [
        each["message"] for each in findings
    ]


def _shown(text: str) -> str:
    return text.replace("\u200b", "")


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder with an input for each exit code."""
    rule = FIXTURES / "rules" / "kubeos" / "http-without-flagsafe"
    shutil.copytree(rule / "bad", tmp_path / "bad")
    shutil.copytree(rule / "good" / "flagsafe", tmp_path / "good")
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n")
    return tmp_path


RULE = ["--collected", "all", "--select", "kubeos/http-without-flagsafe", "--", "kubectl", "apply", "-f"]
RUNS = {
    0: ["good", *RULE, "good/os.yaml"],
    1: ["bad", *RULE, "bad/os.yaml"],
    2: ["nowhere.yaml", "bad", *RULE, "bad/os.yaml"],
    3: ["pod.yaml"],
    4: ["pod.yaml", "--to", "spiderpool=0.9.5", "--select", "spiderpool/crds-missing"],
}


@pytest.mark.parametrize("code", RUNS)
@pytest.mark.parametrize("name", FORMATS)
def test_the_exit_code_is_the_same_in_every_format(name: str, code: int, inputs: Path) -> None:
    ran = upgradecheck("scan", "-o", name, *RUNS[code], cwd=inputs)
    assert (ran.code, ran.err) == (code, "")
    assert ran.out


@pytest.mark.parametrize("code", RUNS)
def test_what_each_format_says_of_an_exit_code(code: int, inputs: Path) -> None:
    read = {name: READERS[name](upgradecheck("scan", "-o", name, *RUNS[code], cwd=inputs).out) for name in ENDINGS}
    invocation = read["sarif"]["invocations"][0]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (code, code in (0, 1))
    levels = {each["descriptor"]["id"]: each["level"] for each in invocation["toolExecutionNotifications"]}
    own = {2: "upgradecheck/unreadable", 3: "upgradecheck/nothing-examined", 4: "upgradecheck/not-checked"}
    bad = {each["check_name"] for each in read["gitlab"] if each["severity"] == "critical"}
    if code in own:
        assert levels[own[code]] == "error"
        assert own[code] in bad
    assert bool(read["github"].named("error")) is bool(code)
    assert bool(bad) is bool(code)
    junit = read["junit"]
    assert (bool(junit.failures), bool(junit.errors)) == (code in (1, 2, 4), code in (2, 3))
    assert "".join(read["markdown"].prose).rstrip().endswith(f"exit code {code}")


@pytest.mark.parametrize("waive", [["--exit-zero"], ["--fail-on", "never", "--allow-gaps"]])
@pytest.mark.parametrize("code", [1, 4])
def test_what_is_waived_fails_no_reader(code: int, waive: list[str], inputs: Path) -> None:
    """Where the exit code is 0, a reader of JUnit must not make the pipeline red by itself."""
    ran = upgradecheck("scan", "-o", "junit", *waive, *RUNS[code], cwd=inputs)
    read = JUnitXml.fromstring(ran.out.encode())
    assert (ran.code, read.failures, read.errors) == (0, 0, 0)
    assert "not checked" not in ran.out or read.skipped or "<skipped" in ran.out


def test_fail_on_decides_what_fails_in_junit() -> None:
    def failing(fail_on: str) -> set[str]:
        report = dataclasses.replace(CILIUM, fail_on=fail_on, gaps=())
        read = JUnitXml.fromstring(FORMATS["junit"].render(report).encode())
        return {case.name for suite in read for case in suite if case.is_failure}

    errors = {"cilium/preflight-nodes-missing", "cilium/reuse-values"}
    assert failing("error") == errors
    assert failing("warning") == {finding.rule for finding in CILIUM.findings}
    assert failing("never") == set()


def test_hostile_reports_hold_what_they_should() -> None:
    assert all(mark in NASTY for mark in ("::set-output", "|", "`", "<script>", "@everyone", "]]>", "\n", "\ud800"))
    assert "\x1b" in HOSTILE
    assert SEVERAL.suppressed


def test_docs_show_the_formats_as_they_are() -> None:
    page = (Path(__file__).parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in ENDINGS)
    real = {line.strip() for name in ENDINGS for line in (GOLDEN / f"cilium.{ENDINGS[name]}").read_text().splitlines()}
    shown = re.findall(r"(?ms)^```(?:json|xml|text|markdown)$(.*?)^```$", page)
    assert len(shown) == len(ENDINGS)
    for line in "".join(shown).splitlines():
        assert not line.strip() or line.strip() in real | {"..."}, line
