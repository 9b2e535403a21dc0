"""Every rule found on disk, by its fixtures: a rule without them fails here, and no list is kept."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scanning import FIXTURES, PROJECT, RULES, scan_case

import upgradecheck.engine.judge as judge_module
from upgradecheck import checks
from upgradecheck.cluster import Cluster
from upgradecheck.commands import parse_template
from upgradecheck.engine.choose import choose
from upgradecheck.model import Rule, Upgrade
from upgradecheck.packs import load_all
from upgradecheck.report.page import rule_page
from upgradecheck.tables import chart_table
from upgradecheck.versions import Version

EVERY = {rule.id: rule for pack in load_all() for rule in pack.rules}
SPEAKING = sorted(rule.id for rule in EVERY.values() if rule.severity != "advice")
Accept = Callable[[Path, str], None]


def cases(kind: str) -> Iterator[tuple[str, Path]]:
    for rule in SPEAKING:
        for folder in sorted((FIXTURES / "rules" / rule).glob(kind)):
            yield rule, folder


@pytest.mark.parametrize("rule", SPEAKING)
def test_bad_is_reported_as_expected(rule: str, accepted: Accept) -> None:
    folder = FIXTURES / "rules" / rule / "bad"
    ran = scan_case(folder, "--select", rule, "-o", "json")
    assert set(ran.rules) == {rule}, ran.out + ran.err
    text = scan_case(folder, "--select", rule)
    accepted(folder.parent / "expected.txt", text.out)


@pytest.mark.parametrize(("rule", "folder"), list(cases("good/*")), ids=lambda value: getattr(value, "name", value))
def test_good_is_silent(rule: str, folder: Path) -> None:
    ran = scan_case(folder, "--select", rule, "-o", "json")
    assert ran.report["findings"] == [], ran.out
    assert ran.report["problems"] == [], ran.out
    assert not [gap for gap in ran.report["gaps"] if rule in gap["silences"]], "a gap is not silence that was earned"


@pytest.mark.parametrize("rule", SPEAKING)
def test_every_rule_has_a_silent_twin(rule: str) -> None:
    assert list((FIXTURES / "rules" / rule / "good").glob("*")), f"fixtures/rules/{rule}/good/<case>/ is missing"


@pytest.mark.parametrize("rule", [rule for rule in SPEAKING if EVERY[rule].start or EVERY[rule].to])
def test_a_version_outside_the_range_is_silent(rule: str) -> None:
    found = EVERY[rule]
    table = chart_table(RULES / found.pack / "chart.json")
    assert table is not None
    for side in ("start", "to"):
        gate = getattr(found, side)
        other_side = "to" if side == "start" else "start"
        for version in map(Version.parse, table.positions):
            if gate is None or version in gate:
                continue
            other = next(v for v in map(Version.parse, table.positions) if _fits(found, other_side, v))
            pair = {"start": (version,), "to": other} if side == "start" else {"start": (other,), "to": version}
            assert choose([found], Upgrade(found.pack, **pair)).chosen == (), f"{rule} bites at {version}"


def _fits(rule: Rule, side: str, version: Version) -> bool:
    gate = getattr(rule, side)
    return gate is None or version in gate


@pytest.mark.parametrize("rule", SPEAKING)
def test_every_printed_command_is_filled_and_splits_as_a_shell_line(rule: str) -> None:
    ran = scan_case(FIXTURES / "rules" / rule / "bad", "--select", rule, "-o", "json")
    for step in ran.report["plan"]:
        assert "{" not in step["run"].replace("{{", "").split("'")[0], step["run"]
        shlex.split(step["run"], comments=True)


@pytest.mark.parametrize("rule", sorted(EVERY))
def test_the_page_of_a_rule_is_current(rule: str, accepted: Accept) -> None:
    accepted(PROJECT / "docs" / "rules" / f"{rule}.md", page_of(rule))


def page_of(rule: str) -> str:
    folder = FIXTURES / "rules" / rule
    bad = {p.name: p.read_text(encoding="utf-8") for p in sorted((folder / "bad").glob("*")) if p.is_file()}
    expected = folder / "expected.txt"
    good = [p.name for p in sorted((folder / "good").glob("*"))]
    return rule_page(EVERY[rule], bad, expected.read_text(encoding="utf-8") if expected.is_file() else "", good)


def test_no_fixture_or_page_without_a_rule() -> None:
    folders = {str(p.relative_to(FIXTURES / "rules")) for p in (FIXTURES / "rules").glob("*/*")}
    above = PROJECT / "docs" / "rules"
    pages = {str(p.relative_to(above).with_suffix("")) for p in above.glob("*/*.md")}
    assert folders <= set(EVERY)
    assert pages <= set(EVERY)


def test_texts_are_whole_sentences() -> None:
    for rule in EVERY.values():
        assert not rule.title.endswith("."), rule.id
        assert rule.why.rstrip().endswith((".", "`")), rule.id


@pytest.mark.parametrize("rule", SPEAKING)
def test_a_check_reads_only_what_it_declares(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live scan lists only what is declared, so an undeclared read would be silence there."""
    strict = judge_module.Given

    def confined(cluster: Cluster, *rest: Any) -> Any:
        _, component, found, after, _ = rest
        declared = checks.reads_of(found, component)
        seen = cluster.only(declared)
        return strict(seen, rest[0], component, found, lambda: after().only(declared), rest[4])

    monkeypatch.setattr(judge_module, "Given", confined)
    ran = scan_case(FIXTURES / "rules" / rule / "bad", "--select", rule, "-o", "json")
    assert ran.report["problems"] == [], ran.out
    assert set(ran.rules) == {rule}


HOSTILE = "a; rm -rf / $(touch x) `id` 'q' \"r\" && b | c > d"


@pytest.mark.parametrize("rule", sorted(EVERY))
def test_a_hostile_name_stays_one_word_in_every_remedy(rule: str) -> None:
    found = EVERY[rule]
    steps = [*found.remedy, *(step for case in found.cases.values() for step in case.remedy or ())]
    for step in steps:
        if not step.run:
            continue
        template = parse_template(step.run)
        payloads = dict(step.payloads)
        plain, hostile = (dict.fromkeys(template.placeholders, word) | payloads for word in ("x", HOSTILE))
        words = [shlex.split(template.fill(facts).text, comments=True) for facts in (plain, hostile)]
        assert len(words[0]) == len(words[1]), step.run
