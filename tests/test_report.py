"""The text screen: what a tired person sees, at any width, in colour or not, whatever the names say."""

from __future__ import annotations

import dataclasses
import re
import shlex
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from canned_reports import CALM, CILIUM, KUBEOS, SCREENS, SEVERAL, SPIDERPOOL

from upgradecheck.model import Evidence, Finding, Gap, Object, Origin, Problem, Report, Subject, Typed
from upgradecheck.report import FORMATS
from upgradecheck.report.text import render
from upgradecheck.report.width import columns, fit, wrap

EXPECTED = Path(__file__).parent / "data" / "report"
Accept = Callable[[Path, str], None]
SGR = re.compile(r"\x1b\[[\d;]*m")
HOSTILE = (
    "\x1b[31mred\x1b[0m\x1b]0;title\x07 a\r\nSTOP b\u202egnp\u2066\u200f\x00\x9b2J\ud800"
    " 'q' $(id) `id` 中文名字 e\u0301"
)


@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, accepted: Accept) -> None:
    accepted(EXPECTED / f"{name}.txt", render(SCREENS[name]))


@pytest.mark.parametrize("name", ["cilium", "several"])
def test_verbose_screen(name: str, accepted: Accept) -> None:
    accepted(EXPECTED / f"{name}.verbose.txt", render(SCREENS[name], verbose=True))


def test_narrow_screen(accepted: Accept) -> None:
    accepted(EXPECTED / "spiderpool.40.txt", render(SPIDERPOOL, width=40))


def test_quiet_is_the_verdict_and_one_line_for_each_finding() -> None:
    lines = render(CILIUM, quiet=True).splitlines()
    assert lines[0] == "STOP cilium 1.11.7 -> 1.12.0: 2 errors, 3 warnings, 2 not checked"
    assert [line.partition(":")[0] for line in lines[1:]] == [
        "ERROR 1 cilium/preflight-nodes-missing",
        "ERROR 2 cilium/reuse-values",
        "WARN 3 cilium/patch-behind",
        "WARN 4 cilium/kubernetes-untested",
        "WARN 5 cilium/preflight-left",
    ]
    assert all(columns(line) <= 80 for line in lines)


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("verbose", [False, True])
def test_only_a_single_long_word_is_wider_than_the_screen(name: str, width: int, verbose: bool) -> None:
    for line in render(SCREENS[name], width=width, verbose=verbose).splitlines():
        words = line.removesuffix(" \\").split()
        assert columns(line) <= width or len(words) <= 2, line


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("options", [{}, {"verbose": True}, {"quiet": True}])
def test_colour_changes_nothing_but_colour(name: str, width: int, options: dict[str, bool]) -> None:
    plain = render(SCREENS[name], width=width, **options)
    coloured = render(SCREENS[name], width=width, colour=True, **options)
    assert "\x1b" not in plain
    assert "\x1b[1;31mSTOP\x1b[0m" in coloured or "\x1b[1;32mGO\x1b[0m" in coloured
    assert SGR.sub("", coloured) == plain


def test_verdict_goes_green_and_says_how_much_was_judged() -> None:
    assert render(CALM).startswith("GO cilium 1.11.20 -> 1.12.0: nothing found, 1 not checked\n")
    assert "\n2 rules judged 43 objects; none found anything.\n" in render(CALM)


def test_stop_without_an_error_says_why() -> None:
    silent = dataclasses.replace(CILIUM, findings=(), verdict=dataclasses.replace(CILIUM.verdict, because=()))
    assert "\nStops because: policies not checked\n" in render(silent)
    assert "policies (no such kind in dump; an error rule stays silent):" in render(silent)


@pytest.mark.parametrize(
    ("age", "told"), [(None, ""), (80_000.0, ""), (86_401.0, "1 day old"), (864_000.0, "10 days old")]
)
def test_age_of_a_dump_is_told_after_a_day(age: float | None, told: str) -> None:
    aged = dataclasses.replace(CILIUM, examined=dataclasses.replace(CILIUM.examined, age=age))
    line = next(line for line in render(aged).splitlines() if line.startswith("Read: "))
    assert line == "Read: objects.yaml and 3 more" + (f", {told}" if told else "")


def test_what_waits_behind_the_repair_stands_last_under_its_own_line() -> None:
    text = render(SPIDERPOOL)
    order = ["ERROR 1", "ERROR 2", "ERROR 3", "These wait behind the repair of the command:", "ERROR 4", "BEFORE"]
    assert sorted(order, key=text.index) == order


def test_here_document_stands_at_the_left_edge_with_nothing_behind_its_end() -> None:
    document = "kubectl apply -f - <<'EOF'\nkind: ConfigMap\ndata: {a: 'b'}\nEOF\n"
    assert f"\n  # copy all 4 lines together\n  # for #1\n{document}" in render(SEVERAL)


def test_marks_of_a_command() -> None:
    text = render(SEVERAL)
    assert "# fill in <...>  #1\n" in text
    assert "# cannot be undone; not tried here\n" in text


def test_many_places_are_counted_and_verbose_shows_all() -> None:
    assert "objects.yaml:10, :20, :30, :40, :50, and 4 more\n" in render(SEVERAL)
    assert ":80, :90\n" in render(SEVERAL, verbose=True)


def test_gaps_that_one_command_closes_are_one_entry() -> None:
    gaps = (Gap("CRDs", "not in dump", "kubectl get x"), Gap("policies", "not in dump", "kubectl get x"))
    text = render(dataclasses.replace(KUBEOS, gaps=gaps))
    assert "\n  CRDs, policies (not in dump):  kubectl get x\n" in text


def hostile_report(text: str = HOSTILE) -> Report:
    """A report with hostile text in every field that holds text."""

    def filled(value: Any) -> Any:
        if isinstance(value, Object):
            return Object.of({"apiVersion": text, "kind": text, "metadata": {"name": text, "namespace": text}})
        if isinstance(value, Typed):
            quoted = f"kubectl get {shlex.quote(text.replace(chr(10), ' '))}"
            return dataclasses.replace(value, run=quoted if value.run else "", note=text)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fixed = ("severity", "sure", "phase", "outcome", "as_typed", "stage")
            told = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.name not in fixed}
            return dataclasses.replace(value, **{name: filled(each) for name, each in told.items()})
        if isinstance(value, dict):
            return dict.fromkeys([text], next(iter(value.values())))
        if isinstance(value, tuple):
            return tuple(filled(each) for each in value)
        return text if isinstance(value, str) else value

    report: Report = filled(CILIUM)
    return dataclasses.replace(report, problems=(Problem(Origin(text, 1), text, text),), suppressed=report.findings)


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("options", [{}, {"verbose": True}, {"quiet": True}])
def test_hostile_text_stays_harmless(width: int, options: dict[str, bool]) -> None:
    text = render(hostile_report(), width=width, **options)
    text.encode("utf-8")
    bad = [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert bad == []
    assert "\nSTOP b" not in text
    coloured = render(hostile_report(), width=width, colour=True, **options)
    assert SGR.sub("", coloured) == text


def test_an_open_escape_swallows_nothing_behind_it() -> None:
    finding = dataclasses.replace(KUBEOS.findings[0], message="OS \x1b]0;x is refused by \x9dall nodes")
    assert "\n  OS 0;x is refused by all nodes" in render(dataclasses.replace(KUBEOS, findings=(finding,)))


def test_a_line_break_in_a_note_cannot_become_a_command() -> None:
    plan = (
        Typed("before", "kubectl get x", note="look\nrm -rf /"),
        Typed("before", "", note="y\nrm -rf /", answers=(1,)),
    )
    lines = render(dataclasses.replace(KUBEOS, plan=plan)).splitlines()
    assert [line for line in lines if line.lstrip().startswith("rm")] == []


def test_a_quoted_line_break_is_announced_since_it_could_look_like_a_command() -> None:
    plan = (Typed("before", "kubectl label x 'a=b\nkubectl delete ns prod'"),)
    lines = render(dataclasses.replace(KUBEOS, plan=plan)).splitlines()
    assert lines[lines.index("BEFORE") + 1] == "  # copy all 2 lines together"


def test_a_control_character_in_a_command_names_nothing_rather_than_another_thing() -> None:
    plan = (Typed("before", "kubectl delete pod 'a\x1b[31mb'"),)
    assert "kubectl delete pod 'a\ufffdb'" in render(dataclasses.replace(KUBEOS, plan=plan))


def test_wide_and_combining_characters_keep_the_right_edge() -> None:
    plan = (
        Typed("before", "kubectl get ns 生产环境", answers=(1,)),
        Typed("before", "kubectl get ns e\u0301te\u0301", answers=(1,)),
        Typed("before", "kubectl get ns prod", answers=(1,)),
    )
    lines = [line for line in render(dataclasses.replace(KUBEOS, plan=plan)).splitlines() if line.endswith("#1")]
    assert [columns(line) for line in lines] == [80, 80, 80]


def test_chinese_prose_wraps_between_characters_and_not_before_a_stop() -> None:
    text = "升级期间控制器不可用，处理新的资源就会有延时。" * 4
    lines = wrap(text, 40, first="  ", rest="  ")
    assert "".join(line.strip() for line in lines) == text
    assert all(columns(line) <= 40 for line in lines)
    assert not [line for line in lines if line.strip()[0] in "，。"]
    assert columns(fit("升级期间控制器", 9)) <= 9


def test_long_evidence_has_its_own_line_with_the_place_behind_it() -> None:
    log = 'level=error msg="unable to compile" ' * 3
    finding = Finding(
        "a/b",
        "t",
        "error",
        "a",
        "observed",
        Subject("log", "x"),
        "m",
        evidence=(Evidence(log, Origin("b.tgz", 9, "x.log")),),
    )
    lines = render(dataclasses.replace(KUBEOS, findings=(finding,))).splitlines()
    assert lines[lines.index("  m") + 1].startswith("  level=error")
    assert any(line.endswith("b.tgz!x.log:9") for line in lines)


def test_formats_by_name() -> None:
    assert list(FORMATS)[:2] == ["text", "json"]
    assert FORMATS["text"].render(CALM, width=40) == render(CALM, width=40)
    assert FORMATS["json"].render(CALM, width=40).startswith("{")


def test_docs_show_the_screen_as_it_is() -> None:
    page = (Path(__file__).parent.parent / "docs" / "output.md").read_text(encoding="utf-8")
    assert f"```\n{render(CILIUM)}```\n" in page
