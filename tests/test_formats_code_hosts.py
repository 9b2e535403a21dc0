"""What GitHub and GitLab make of the formats that are written for them."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import jsonschema
import pytest
from canned_reports import CALM, CILIUM, KUBEOS, SEVERAL, SPIDERPOOL, seen
from format_readers import NASTY, read_actions, read_code_quality, read_markdown, read_sarif, sarif_validator
from test_report import hostile_report

from upgradecheck.fingerprint import fingerprint
from upgradecheck.model import Finding, Hop, Notice, Object, Origin, Report
from upgradecheck.report import FORMATS
from upgradecheck.report.clean import clean
from upgradecheck.report.gfm import block, code, prose
from upgradecheck.report.github import MOST
from upgradecheck.report.markdown import MOST as MOST_BYTES


def of(name: str, report: Report) -> str:
    return FORMATS[name].render(report)


def with_findings(report: Report, *findings: Finding) -> Report:
    return dataclasses.replace(report, findings=findings)


# SARIF


def test_the_schema_refuses_what_is_wrong() -> None:
    log = json.loads(of("sarif", CILIUM))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        sarif_validator().validate(log)


def test_a_finding_in_a_file_and_one_that_is_in_none() -> None:
    run = read_sarif(of("sarif", CILIUM))
    first, second = (result["locations"][0] for result in run["results"][:2])
    assert first["physicalLocation"]["artifactLocation"]["uri"] == "objects.yaml"
    assert first["physicalLocation"]["region"]["startLine"] == 9607
    assert first["logicalLocations"][0] == {
        "name": "cilium-pre-flight-check",
        "fullyQualifiedName": "kube-system/DaemonSet.apps/cilium-pre-flight-check",
        "kind": "resource",
    }
    assert second["physicalLocation"]["region"]["startLine"] == 1
    assert second["logicalLocations"][0]["fullyQualifiedName"] == "flag/--reuse-values"
    assert run["results"][0]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 9291


def test_a_live_finding_stands_in_the_configuration() -> None:
    data = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"}}
    live = dataclasses.replace(
        CILIUM.findings[0], evidence=(), objects=(Object.of(data, Origin("/api/v1/nodes/node-1")),)
    )
    report = dataclasses.replace(with_findings(CALM, live), exit_code=1)
    place = read_sarif(of("sarif", report))["results"][0]["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "upgradecheck.yaml"
    assert read_code_quality(of("gitlab", report))[0]["location"] == {
        "path": "upgradecheck.yaml",
        "lines": {"begin": 1},
    }
    assert "file" not in read_actions(of("github", report)).named("error")[0].properties


@pytest.mark.parametrize(
    ("file", "member", "uri", "line"),
    [
        ("./a b/c#d%.yaml", "", "a%20b/c%23d%25.yaml", 7),
        ("../up.yaml", "", "../up.yaml", 7),
        ("/elsewhere/x.yaml", "", "file:///elsewhere/x.yaml", 7),
        ("dump.tgz", "pods/web.yaml", "dump.tgz", 1),
        ("javascript:alert(1)", "", "javascript%3Aalert%281%29", 7),
    ],
)
def test_paths(file: str, member: str, uri: str, line: int) -> None:
    evidence = dataclasses.replace(seen(7), origin=Origin(file, 7, member))
    report = with_findings(CILIUM, dataclasses.replace(CILIUM.findings[0], evidence=(evidence,)))
    place = read_sarif(of("sarif", report))["results"][0]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (uri, line)


def test_a_path_below_the_working_directory_is_the_one_of_the_repository() -> None:
    evidence = seen(3, file=str(Path.cwd() / "dump" / "a.yaml"))
    report = with_findings(CILIUM, dataclasses.replace(CILIUM.findings[0], evidence=(evidence,)))
    assert read_code_quality(of("gitlab", report))[0]["location"] == {"path": "dump/a.yaml", "lines": {"begin": 3}}
    assert read_actions(of("github", report)).named("error")[0].properties["file"] == "dump/a.yaml"


def test_a_suppressed_finding_is_shown_as_such_with_its_reason() -> None:
    result = read_sarif(of("sarif", SEVERAL))["results"][-1]
    told = {"kind": "external", "status": "accepted", "justification": "agreed until the next window"}
    assert result["suppressions"] == [told]
    by = dataclasses.replace(SEVERAL.suppressed[0], by="annotation")
    report = dataclasses.replace(SEVERAL, suppressed=(by,))
    assert read_sarif(of("sarif", report))["results"][-1]["suppressions"][0]["kind"] == "inSource"
    assert not [result for result in read_sarif(of("sarif", SEVERAL))["results"][:-1] if "suppressions" in result]


def test_what_is_wrong_with_the_run_is_a_notification() -> None:
    notice = Notice("expired", "config.yaml:3 has expired", Origin("config.yaml", 3))
    run = read_sarif(of("sarif", dataclasses.replace(SEVERAL, notices=(notice,))))
    told = [(each["descriptor"]["id"], each["level"]) for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert told == [
        ("upgradecheck/unreadable", "error"),
        ("upgradecheck/not-checked", "error"),
        ("upgradecheck/untidy", "note"),
    ]
    assert {each["id"] for each in run["tool"]["driver"]["notifications"]} == {name for name, _ in told}
    first = run["invocations"][0]["toolExecutionNotifications"][0]
    assert first["locations"][0]["physicalLocation"]["region"]["startLine"] == 7


def test_an_alert_stays_the_same_when_lines_move_and_words_change() -> None:
    first = CILIUM.findings[0]
    moved = tuple(
        dataclasses.replace(each, origin=each.origin.at(each.origin.line + 100), text=text)
        for each, text in zip(first.evidence, ("6/6", "9/9"), strict=True)
    )
    other = dataclasses.replace(first, evidence=moved, message="said otherwise", severity="warning")

    def known(finding: Finding) -> str:
        run = read_sarif(of("sarif", with_findings(CILIUM, finding)))
        return str(run["results"][0]["partialFingerprints"]["primaryLocationLineHash"])

    assert known(first) == known(other)
    assert known(first) == f"{fingerprint(first)}:1"


def test_two_findings_of_one_kind_are_two_alerts() -> None:
    report = with_findings(CILIUM, CILIUM.findings[0], CILIUM.findings[0])
    read_sarif(of("sarif", report))
    assert len(read_code_quality(of("gitlab", report))) == 2 + len(CILIUM.gaps)


# Workflow commands


def test_annotations_say_where_and_what_to_type() -> None:
    log = read_actions(of("github", CILIUM))
    first = log.commands[0]
    assert (first.name, first.properties["file"], first.properties["line"]) == ("error", "objects.yaml", "9607")
    assert first.properties["title"].startswith("cilium/preflight-nodes-missing: The pre-flight")
    assert "\nFirst: helm upgrade cilium-preflight" in first.data
    assert log.lines[0] == "STOP cilium 1.11.7 -> 1.12.0: 2 errors, 3 warnings, 2 not checked"


def test_more_annotations_than_github_shows() -> None:
    many = [
        dataclasses.replace(CILIUM.findings[2], rule=f"cilium/r-{number}", message=f"m{number}") for number in range(25)
    ]
    log = read_actions(of("github", with_findings(dataclasses.replace(CILIUM, gaps=()), *many)))
    shown = log.named("warning")
    assert len(shown) == MOST
    assert shown[-1].properties["title"] == "and 16 more"
    assert "cilium/r-24" in shown[-1].data
    told = "\n".join([*log.lines, *(command.data for command in shown[:-1])])
    assert all(re.search(rf"\bm{number}\b", told) for number in range(25))
    assert [command.name for command in log.commands[-2:]] == ["group", "endgroup"]


def test_nothing_hostile_becomes_a_command() -> None:
    report = hostile_report(NASTY)
    many = dataclasses.replace(report, findings=report.findings * 5)
    for each in (report, many):
        names = {command.name for command in read_actions(of("github", each)).commands}
        assert names <= {"error", "warning", "notice", "group", "endgroup"}
    first = read_actions(of("github", report)).named("error")[0]
    assert set(first.properties) <= {"file", "line", "title"}
    assert "::set-output name=x::y" in first.data
    assert "%0A%3A" in first.data


# Code quality


def test_severities_of_code_quality() -> None:
    entries = read_code_quality(of("gitlab", SEVERAL))
    assert [(entry["check_name"], entry["severity"]) for entry in entries] == [
        ("kubernetes/many-places", "major"),
        ("kubernetes/hint", "info"),
        ("upgradecheck/unreadable", "critical"),
        ("upgradecheck/not-checked", "critical"),
    ]
    assert entries[0]["location"] == {"path": "objects.yaml", "lines": {"begin": 10}}
    assert entries[2]["location"] == {"path": "bad.yaml", "lines": {"begin": 7}}


# Markdown


def test_the_comment() -> None:
    page = read_markdown(of("markdown", SPIDERPOOL))
    assert of("markdown", SPIDERPOOL).startswith("<!-- upgradecheck -->\n### upgradecheck: STOP spiderpool")
    assert page.rows[0] == ["", "Rule", "What", "Where"]
    assert page.rows[1][:2] == ["ERROR 1", "spiderpool/crds-behind"]
    assert page.rows[2][3] == "helm-values.yaml:2helm-values.yaml:5helm-values.yaml:7and 1 more"
    assert page.rows[4][2].startswith("Behind the repair of the command: 0.9.5 no longer")
    assert page.tags.count("details") == 2
    assert "ls spiderpool/crds/spiderpool.spidernet.io_* | xargs -n1 kubectl apply -f" in of("markdown", SPIDERPOOL)


def test_suppressed_findings_hops_and_notices_are_folded() -> None:
    notice = Notice("unused", "nothing is suppressed by config.yaml:3")
    hop = Hop("cilium", "1.11.20", "1.12.19", findings=(CILIUM.findings[3],))
    text = of("markdown", dataclasses.replace(SEVERAL, notices=(notice,), hops=(hop,)))
    told = "".join(read_markdown(text).prose)
    assert "agreed until the next window" in told
    assert "cilium 1.11.20 -> 1.12.19: WARN" in told
    assert "nothing is suppressed by config.yaml:3" in told
    assert "bad.yaml:7: a tab where a blank belongs; expected spaces" in told


def test_nothing_hostile_leaves_its_cell() -> None:
    page = read_markdown(of("markdown", hostile_report(NASTY)))
    ours = {"h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "br"}
    ours |= {"details", "summary", "ul", "li", "sub"}
    assert set(page.tags) <= ours
    assert page.links == []
    assert {len(row) for row in page.rows} == {4}
    told = "".join(page.prose)
    assert "<script>alert(1)</script>" in told
    assert not re.search(r"(?<!\w)[@#!~$](?=\w)", told), "a mention or a reference"
    outside = re.sub(r"(?ms)^(```+)sh$.*?^\1$", "", of("markdown", hostile_report(NASTY)))
    assert not re.search(r"(?m)^/", outside), "a quick action of GitLab"


@pytest.mark.parametrize("text", ["a|b\\|c\\", "`x` ``y``", "*a* _b_ ~c~ [d](e)", "1. one", "- two", "# three", NASTY])
def test_text_is_shown_as_it_is(text: str) -> None:
    for shown in (prose(text), code(text)):
        row = read_markdown(f"| x |\n|---|\n| {shown} |\n").rows[1]
        assert [cell.replace("\u200b", "") for cell in row] == [clean(text)]


def test_a_fence_is_longer_than_what_it_holds() -> None:
    page = read_markdown(block("a\n````\n</details>\n@everyone", "sh"))
    assert page.tags == ["pre", "code"]


@pytest.mark.parametrize(("count", "length"), [(10, 10), (10, 20_000), (400, 10), (400, 900), (1_000, 900)])
def test_a_comment_stays_below_the_limit_and_says_what_it_cuts(count: int, length: int) -> None:
    finding = dataclasses.replace(CILIUM.findings[0], message="字" * length)
    step = dataclasses.replace(CILIUM.plan[0], run=f"echo {'x' * length}")
    report = dataclasses.replace(
        CILIUM,
        findings=(finding,) * count,
        plan=(step,) * count,
        suppressed=(finding,) * count,
        gaps=CILIUM.gaps * count,
    )
    text = of("markdown", report)
    assert len(text.encode()) <= MOST_BYTES
    page = read_markdown(text)
    cut = [row for row in page.rows if re.fullmatch(r"and \d+ more", row[2])]
    assert len(page.rows) - 1 - len(cut) + sum(int(row[2].split()[1]) for row in cut) == count
    assert "".join(page.prose).rstrip().endswith("exit code 1")
    if count > 10:
        assert cut
        assert "left out here" in text or "no room here" in text or "more" in text


def test_a_here_document_stays_at_the_left_edge() -> None:
    text = of("markdown", SEVERAL)
    assert "\nkind: ConfigMap\ndata: {a: 'b'}\nEOF\n" in text


def test_the_rendering_depends_on_the_report_alone() -> None:
    for name in ("sarif", "junit", "github", "gitlab", "markdown"):
        assert of(name, KUBEOS) == of(name, dataclasses.replace(KUBEOS))
