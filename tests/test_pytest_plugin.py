"""The pytest plugin as a pipeline meets it: real runs of pytest, alone and in parallel."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_runs import REPOSITORY, copied, run_pytest
from scanning import FIXTURES, PROJECT

import upgradecheck
from upgradecheck.model import Evidence, Finding, Gap, Object, Origin, Report, Subject, Verdict
from upgradecheck.packs import load_all
from upgradecheck.pytest_plugin.telling import Strictness, tell
from upgradecheck.pytest_plugin.told import Telling

PAGE = PROJECT / "docs" / "pytest.md"
SCREEN = re.compile(r"(?<=^```\n)\$ (pytest [^\n]*)\n.*?(?=^```$)", re.M | re.S)
RULES = {rule.id: rule for pack in load_all() for rule in pack.rules}
NODES = "cilium/preflight-nodes-missing[kube-system/DaemonSet.apps]"


def told(out: str) -> str:
    """What a run prints, without what differs from run to run: times, and the order of workers."""
    text = re.sub(r"\d+\.\d\ds(?: \(\d:\d\d:\d\d\))?", "1.00s", re.sub(r"(?:bringing up nodes\.\.\.\n)+\n?", "", out))
    text = re.sub(r"^\[gw\d\] .*\n", "[gw0] linux -- Python\n", text, flags=re.M)
    text = re.sub(r"^[.sF]{5,}(?= +\[100%\]$)", lambda found: "".join(sorted(found[0])), text, flags=re.M)
    failed = iter(sorted(re.findall(r"^FAILED .*$", text, re.M)))
    return re.sub(r"^FAILED .*$", lambda _: next(failed), text, flags=re.M).strip("\n") + "\n"


def test_the_screens_of_the_page_are_what_is_printed_now(tmp_path: Path, accepted: Callable[[Path, str], None]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    folder = copied(tmp_path)

    def screen(found: re.Match[str]) -> str:
        return f"$ {found[1]}\n{told(run_pytest(folder, *shlex.split(found[1])[1:]).stdout)}"

    assert len(SCREEN.findall(page)) >= 4
    accepted(PAGE, SCREEN.sub(screen, page))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A repository in which pytest ran once, counting scans in a file, and what it printed."""
    folder = copied(tmp_path_factory.mktemp("alone"))
    (folder / "conftest.py").write_text(
        "import upgradecheck.pytest_plugin.scanning as scanning\nreal = scanning.scan\n\n"
        "def counted(*given, **named):\n    with open('scans', 'a') as file:\n        file.write('x')\n"
        "    return real(*given, **named)\n\nscanning.scan = counted\n"
    )
    return folder, run_pytest(folder, "-q", "-m", "upgradecheck", "-rA", "--junitxml=junit.xml")


def outcomes(ran: subprocess.CompletedProcess[str]) -> list[str]:
    return sorted(re.findall(r"^(?:PASSED|FAILED) .*$", ran.stdout, re.M))


def test_workers_run_the_same_items_after_one_scan(alone: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, first = alone
    assert (folder / "scans").read_text() == "x"
    beside = run_pytest(folder, "-q", "-m", "upgradecheck", "-rA", "-n", "2", "-p", "no:cacheprovider")
    assert (folder / "scans").read_text() == "xx"
    assert outcomes(beside) == outcomes(first)
    assert len(outcomes(first)) > 8
    assert (first.returncode, beside.returncode) == (1, 1)


def test_junit_holds_each_rule_and_a_reason(alone: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    cases = {case.get("name"): case for case in ET.parse(alone[0] / "junit.xml").iter("testcase")}  # noqa: S314
    failure = cases[NODES].find("failure")
    assert failure is not None
    assert failure.get("message", "").startswith("Pre-flight is ready on 5 nodes, agents on 8")
    assert "BEFORE" in (failure.text or "")
    assert "Traceback" not in (failure.text or "")
    assert cases["inputs"].get("classname") == "upgradecheck"
    skipped = [case.find("skipped") for case in cases.values()]
    assert [s.get("message", "") for s in skipped if s is not None and "kubectl get cnp,ccnp" in s.get("message", "")]
    properties = {p.get("name"): p.get("value") for p in cases[NODES].iter("property")}
    assert properties["rule"] == "cilium/preflight-nodes-missing"
    assert properties["severity"] == "error"


def test_last_failed_runs_what_failed_and_no_more(alone: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    again = run_pytest(alone[0], "-q", "--lf", "-rA")
    assert outcomes(again) == [line for line in outcomes(alone[1]) if line.startswith("FAILED")]


def test_a_dump_that_holds_nothing_is_red(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = run_pytest(tmp_path, "--upgradecheck", "empty", "--upgradecheck-to", "cilium=1.12.0")
    assert ran.returncode == 1, ran.stdout
    assert "Nothing was judged: it holds no component that any rule knows." in ran.stdout
    assert "FAILED upgradecheck::inputs" in ran.stdout
    assert "1 failed" in ran.stdout


def test_what_cannot_be_read_is_one_item_and_the_rest_is_judged(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "cluster" / "broken.yaml").write_text("kind: Pod\n  name: [\n")
    ran = run_pytest(folder, "-q", "-m", "upgradecheck")
    assert re.search(r"^  cluster/broken.yaml:2: ", ran.stdout, re.M), ran.stdout
    assert f"FAILED upgradecheck::{NODES}" in ran.stdout
    assert "Traceback" not in ran.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--upgradecheck-select", "cilum/"], "did you mean cilium"),
        (["--upgradecheck-to", "cilium="], "expected COMPONENT=VERSION or VERSION"),
        (["--upgradecheck-command", "helm frobnicate"], "helm"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_options_that_cannot_be_are_one_line(tmp_path: Path, words: list[str], says: str) -> None:
    ran = run_pytest(copied(tmp_path), "-q", *words)
    assert ran.returncode == 4, ran.stdout
    [line] = [line for line in ran.stderr.splitlines() if line]
    assert line.startswith("ERROR: ")
    assert says in line


def test_the_configuration_of_upgradecheck_counts(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with (folder / "pyproject.toml").open("a") as file:
        file.write(
            'allow-gaps = true\nignore = ["cilium/not-newest-patch"]\n'
            '[[tool.upgradecheck.suppress]]\nrule = "cilium/preflight-nodes-missing"\nreason = "drained by hand"\n'
        )
    ran = run_pytest(folder, "-q", "-rA", "-m", "upgradecheck")
    assert ran.returncode == 0, ran.stdout
    assert "suppressed: drained by hand" in ran.stdout
    assert "not-newest-patch" not in ran.stdout


def test_tests_named_by_hand_run_alone_unless_the_dump_is_named_too(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    named = run_pytest(folder, "-q", "checks/test_network.py", "--co")
    assert "2 tests collected" in named.stdout
    both = run_pytest(folder, "-q", "checks/test_network.py", "--co", "--upgradecheck", "cluster")
    assert NODES in both.stdout


def test_the_fixture_fails_where_no_dump_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("def test_a(upgradecheck_report): pass\n")
    ran = run_pytest(tmp_path, "-q")
    assert ran.returncode == 1
    assert "upgradecheck_report needs an input: pytest --upgradecheck PATH" in ran.stdout
    assert "Traceback" not in ran.stdout


def test_a_run_that_does_not_ask_pays_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import sys\n\ndef test_a(request):\n"
        "    assert request.config.pluginmanager.hasplugin('upgradecheck')\n"
        "    own = {name for name in sys.modules if name.startswith('upgradecheck')}\n"
        "    assert own == {'upgradecheck', 'upgradecheck.pytest_plugin', 'upgradecheck.pytest_plugin.options'}, own\n"
        "    assert not {'yaml', 'click', 'jsonschema', 'kubernetes'} & set(sys.modules)\n"
    )
    ran = run_pytest(tmp_path, "-q", "-W", "error", "--strict-config", "--strict-markers")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.startswith(".")


def test_loading_imports_no_library() -> None:
    code = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport upgradecheck.pytest_plugin\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "assert new - set(sys.stdlib_module_names) == {'upgradecheck'}, new\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


# A report as items


@pytest.mark.parametrize("strict", [Strictness(), Strictness("warning"), Strictness("never", True)], ids=str)
@pytest.mark.parametrize(
    "cluster", ["cilium-preflight", "cilium-preflight-good", "kubeos-http", "osm-insufficient-cpu"]
)
def test_an_item_fails_where_the_exit_code_is_not_0(cluster: str, strict: Strictness) -> None:
    folder = FIXTURES / "clusters" / cluster
    command = (folder / "command.txt").read_text()
    words = {"command": command} if "kubectl" not in command else {"target_version": "1.0.6"}
    report = upgradecheck.scan(
        folder / "dump",
        **words,
        fail_on=strict.fail_on,
        allow_gaps=strict.allow_gaps,  # type: ignore[arg-type]
    )
    items = tell(report, RULES, strict, 80).items
    assert any(item.outcome == "failed" for item in items) is (report.exit_code != 0)
    assert len({item.name for item in items}) == len(items)
    assert {name.partition("[")[0] for name in (item.name for item in items)} >= set(report.examined.passed) - {
        rule for rule in RULES if RULES[rule].severity == "advice"
    }


def test_a_gap_fails_where_it_hides_an_error_and_is_skipped_elsewhere() -> None:
    rule = "cilium/preflight-image-not-pulled"
    report = upgradecheck.scan(REPOSITORY / "cluster", to={"cilium": "1.12.0"}, select=[rule])
    assert report.exit_code == 4
    for strict, outcome in ((Strictness(), "failed"), (Strictness(allow_gaps=True), "skipped")):
        [item] = [item for item in tell(report, RULES, strict, 80).items if item.name == rule]
        assert item.outcome == outcome
        assert "kubectl get pod -A -o yaml" in item.text


def hostile() -> Report:
    name = "a::b[c]\x1b[31m `id`\n::set-output"
    odd = Object("apps/v1", name, name, name, Origin("nowhere.yaml", 3), dict)
    finding = Finding(
        "own/rule", "t", "error", "c", "observed", Subject(name, name), name, objects=(odd,),
        evidence=(Evidence(name, odd.origin),), number=1,
    )  # fmt: skip
    gaps = (Gap(name, name, "kubectl get x", ("own/silent",), True), Gap(name, "why"), Gap(name, "other"))
    return Report(Verdict(False, "unknown"), findings=(finding,), gaps=gaps, exit_code=1)


def test_hostile_names_cannot_break_an_item() -> None:
    telling = tell(hostile(), {}, Strictness(), 80)
    for item in telling.items:
        for text in (item.name, item.brief, item.text, *(value for _, value in item.properties)):
            assert "\x1b" not in text
        assert "::" not in item.name
        assert "\n" not in item.brief
        assert item.name.count("[") <= 1
    assert len({item.name for item in telling.items}) == len(telling.items) == 5
    assert Telling.of(telling.plain()) == telling


# A pack of one's own

RULE = """\
title: A Deployment with one replica
severity: error
check: object
params:
  kind: Deployment.apps
  where: {spec.replicas: 1}
message: "{name} has one replica"
why: |
  It is away while its Pod moves.
"""
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a, namespace: b}}\nspec: {{replicas: {0}}}\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "packs" / "house"
    for case, replicas in {"bad": 1, "good/two": 2}.items():
        files = folder / "fixtures" / "one-replica" / case
        files.mkdir(parents=True)
        (files / "objects.yaml").write_text(DEPLOYMENT.format(replicas))
        (files / "arguments.txt").write_text("--to cilium=1.12.0 --collected all\n")
    (folder / "one-replica.yaml").write_text(RULE)
    return folder


def test_a_pack_is_tested_by_its_fixtures(pack: Path) -> None:
    ran = run_pytest(pack.parents[1], "--upgradecheck-pack", "packs", "-v", "-n", "1")
    assert ran.returncode == 0, ran.stdout
    for case in ("one-replica[bad]", "one-replica[good/two]"):
        assert re.search(rf"PASSED upgradecheck-pack/packs::house/{re.escape(case)}", ran.stdout), ran.stdout


def test_a_pack_that_is_wrong_says_how(pack: Path) -> None:
    fixtures = pack / "fixtures" / "one-replica"
    (fixtures / "bad" / "objects.yaml").write_text(DEPLOYMENT.format(3))
    (fixtures / "good" / "two" / "objects.yaml").write_text(DEPLOYMENT.format(1))
    (fixtures / "good" / "odd").mkdir()
    (fixtures / "good" / "odd" / "arguments.txt").write_text("--nonsense\n")
    (pack / "same.yaml").write_text(RULE)
    ran = run_pytest(pack.parents[1], "--upgradecheck-pack", "packs/house", "-q")
    assert ran.returncode == 1
    for says in (
        "house/one-replica does not report it",
        "it is reported, but is good\n  house/one-replica: a has one replica",
        "it could not be scanned\n",
        "No such option",
        "bad is missing\n",
        "good/CASE is missing\n",
    ):
        assert says in ran.stdout, ran.stdout
    assert "Traceback" not in ran.stdout
    (fixtures / "bad" / "objects.yaml").write_text(DEPLOYMENT.format(1))
    ran = run_pytest(pack.parents[1], "--upgradecheck-pack", "packs/house", "-q", "-k", "one-replica[bad]")
    assert "other rules report it as well\n  house/same: a has one replica" in ran.stdout


def test_a_pack_with_a_broken_rule_is_one_line(pack: Path) -> None:
    (pack / "one-replica.yaml").write_text(RULE.replace("severity: error", "severity: awful"))
    ran = run_pytest(pack.parents[1], "--upgradecheck-pack", "packs", "-q")
    assert ran.returncode == 2
    assert "one-replica.yaml:2" in ran.stdout
    assert "Traceback" not in ran.stdout
