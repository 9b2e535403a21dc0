"""What was accepted stays out of verdict, plan and exit code, is counted, and never outlives its reason unseen."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from scanning import FIXTURES, PROJECT, upgradecheck
from suppressing import PREFIX, RULE, config_map, entries, held, names, scan, told, words, write
from test_routes import scanned

import upgradecheck as package
from upgradecheck.packs import load_all
from upgradecheck.suppress.annotations import key_of

CILIUM = FIXTURES / "clusters" / "cilium-preflight"
AGREED = {"rule": "mine/old-key", "reason": "agreed"}


def test_a_finding_without_any_suppression_stops(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"))
    ran = scan(tmp_path)
    assert (ran.code, names(ran), held(ran), told(ran)) == (1, ["a"], [], [])


@pytest.mark.parametrize("way", ["annotation", "config"])
def test_what_is_accepted_counts_for_nothing_and_is_kept(tmp_path: Path, way: str) -> None:
    if way == "annotation":
        write(tmp_path, config_map("a", mine__old_key="agreed"))
    else:
        write(tmp_path, config_map("a"))
        entries(tmp_path, AGREED)
    ran = scan(tmp_path)
    assert ran.code == 0
    assert ran.report["verdict"]["go"] is True
    assert ran.report["verdict"]["as_typed"] == "fine"
    assert not [step for step in ran.report["plan"] if "delete configmap" in step["run"]]
    assert held(ran) == [("a", "agreed", way)]
    assert told(ran) == []
    assert "mine/old-key" not in ran.report["examined"]["passed"]
    jsonschema.validate(ran.report, json.loads((PROJECT / "docs" / "schema" / "report.json").read_text()))


def test_the_screen_counts_it_and_shows_it_when_asked(tmp_path: Path) -> None:
    write(tmp_path, config_map("a", mine__old_key="agreed\x1b[31m until Monday"))
    short, long = (upgradecheck("scan", *words(*more), cwd=tmp_path).out for more in ((), ("-v",)))
    assert "1 suppressed" in short.splitlines()[0]
    assert "1 suppressed (-v shows them)" in short
    assert "nothing found" not in short
    assert "ERROR mine/old-key, ConfigMap shop/a: agreed until Monday" in " ".join(long.split())
    assert "\x1b" not in long


def test_an_annotation_on_one_of_many_takes_that_one_out(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), config_map("b", mine__old_key="agreed"), config_map("c"))
    ran = scan(tmp_path)
    [finding] = ran.report["findings"]
    assert finding["message"] == "2 ConfigMaps have the old key: a, c"
    assert names(ran) == ["a", "c"]
    assert held(ran) == [("b", "agreed", "annotation")]


@pytest.mark.parametrize(
    ("selector", "left"),
    [
        ({}, []),
        ({"name": "web-*"}, ["db"]),
        ({"namespace": "sh?p"}, ["db"]),
        ({"namespace": "shop", "name": "web-1"}, ["db", "web-2"]),
        ({"kind": "ConfigMap", "name": "db"}, ["web-1", "web-2"]),
        ({"kind": "Config*"}, []),
        ({"kind": "Secret"}, ["db", "web-1", "web-2"]),
        ({"name": "web"}, ["db", "web-1", "web-2"]),
    ],
)
def test_an_entry_takes_out_what_its_globs_say(tmp_path: Path, selector: dict[str, str], left: list[str]) -> None:
    write(tmp_path, config_map("web-1"), config_map("web-2"), config_map("db", "data"))
    entries(tmp_path, {**AGREED, **selector})
    assert names(scan(tmp_path)) == left


def test_a_kind_may_be_given_without_its_group(tmp_path: Path) -> None:
    for kind in ("DaemonSet", "DaemonSet.apps"):
        entry = {"rule": "cilium/preflight-nodes-missing", "kind": kind, "reason": "agreed"}
        report = package.scan(CILIUM / "dump", to={"cilium": "1.12.0"}, suppress=[entry])
        assert [one.rule for one in report.suppressed] == ["cilium/preflight-nodes-missing"]


def test_an_entry_names_rules_by_id_or_glob_and_not_by_a_beginning(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"))
    for pattern, code in (("mine/*", 0), ("*/old-key", 0), ("mine/old", 1), ("mine", 1)):
        entries(tmp_path, {"rule": pattern, "reason": "agreed"})
        assert scan(tmp_path).code == code, pattern
    assert told(scan(tmp_path)) == [("unknown-rule", "suppression: there is no rule mine; did you mean mine/*?")]


@pytest.mark.parametrize("way", ["annotation", "config"])
def test_an_earlier_id_of_a_rule_still_works(tmp_path: Path, way: str) -> None:
    if way == "annotation":
        write(tmp_path, config_map("a", mine__earlier_name="agreed"))
    else:
        write(tmp_path, config_map("a"))
        entries(tmp_path, {"rule": "mine/earlier-name", "reason": "agreed"})
    ran = scan(tmp_path)
    assert (ran.code, held(ran), told(ran)) == (0, [("a", "agreed", way)], [])


def test_a_retired_id_and_a_slip_of_the_pen_are_told(tmp_path: Path) -> None:
    write(tmp_path, config_map("a", mine__old_kee="agreed"))
    (tmp_path / "mine" / "component.yaml").write_text("title: Mine\nretired: [long-gone]\n")
    entries(
        tmp_path,
        {"rule": "mine/long-gone", "reason": "agreed"},
        {"rule": "mine/old-kex", "reason": "agreed"},
    )
    ran = upgradecheck("scan", "dump.json", "--rules", "mine", "--to", "mine=1.0.0", "-o", "json", cwd=tmp_path)
    assert names(ran) == ["a"]
    assert told(ran) == [
        ("retired-rule", "suppression: mine/long-gone is retired: this can go"),
        ("unknown-rule", "suppression: there is no rule mine/old-kex; did you mean mine/old-key?"),
        (
            "unknown-rule",
            f"annotation {PREFIX}mine.old-kee of ConfigMap shop/a: there is no rule mine/old-kee; "
            "did you mean mine/old-key?",
        ),
    ]


@pytest.mark.parametrize(("day", "counts"), [("2026-11-20", False), ("2026-11-21", True), ("2027-01-01", True)])
def test_an_entry_counts_up_to_its_last_day(tmp_path: Path, day: str, counts: bool) -> None:
    write(tmp_path, config_map("a"))
    entries(tmp_path, {**AGREED, "expires": day})
    ran = scan(tmp_path)  # on 2026-11-21
    assert bool(held(ran)) is counts
    expired = [("expired", f"suppression of mine/old-key expired on {day}: it does not count any more")]
    assert told(ran) == ([] if counts else expired)
    assert ran.code == (0 if counts else 1)


def test_without_a_time_nothing_that_expires_counts(tmp_path: Path) -> None:
    """A library that reads no clock must not accept what may have expired long ago."""
    write(tmp_path, config_map("a"))
    entry = {**AGREED, "expires": "2999-01-01"}
    pack = {"rules": [str(tmp_path / "mine")], "select": ["mine"], "to": {"cilium": "1.12.0"}, "suppress": [entry]}
    without = package.scan(tmp_path / "dump.json", **pack)
    assert without.exit_code == 1
    assert "it is not known what day it is" in without.notices[0].text
    assert package.scan(tmp_path / "dump.json", **pack, now=datetime(2026, 11, 21, tzinfo=UTC)).exit_code == 0


def test_what_suppresses_nothing_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, config_map("a", key="new", mine__old_key="agreed"), config_map("b", key="new"))
    entries(tmp_path, {**AGREED, "name": "b"})
    ran = scan(tmp_path)
    assert told(ran) == [
        ("unused", "suppression of mine/old-key (name b) suppressed nothing"),
        ("unused", f"annotation {PREFIX}mine.old-key of ConfigMap shop/a suppressed nothing"),
    ]
    places = [(one["origin"]["file"], one["origin"]["line"]) for one in ran.report["notices"]]
    lines = (tmp_path / "dump.json").read_text().splitlines()
    assert places[0] == ("upgradecheck.yaml", 3)
    assert places[1][0] == "dump.json"
    assert "mine.old-key" in lines[places[1][1] - 1]
    screen = upgradecheck("scan", *words(), cwd=tmp_path).out
    assert "TIDY UP" in screen
    assert "upgradecheck.yaml:3: suppression of mine/old-key (name b) suppressed nothing" in screen
    assert ran.code == 0


def test_nothing_is_called_unused_that_could_not_be_judged(tmp_path: Path) -> None:
    write(tmp_path, config_map("a", key="new", mine__old_key="agreed"))
    entries(tmp_path, AGREED, {"rule": "spiderpool/crds-missing", "reason": "another component"})
    (tmp_path / "dump.json").write_text('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}')
    unseen = scan(tmp_path)
    assert [gap["silences"] for gap in unseen.report["gaps"]] == [["mine/old-key"]]
    assert told(unseen) == []
    write(tmp_path, config_map("a", key="new"))
    (tmp_path / "broken.yaml").write_text("kind: [")
    broken = upgradecheck("scan", "broken.yaml", *words("-o", "json"), cwd=tmp_path)
    assert (broken.code, told(broken)) == (2, [])


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_annotation_without_a_reason_does_not_count(tmp_path: Path, reason: str) -> None:
    write(tmp_path, config_map("a", mine__old_key=reason))
    ran = scan(tmp_path)
    assert ran.code == 1
    text = f"annotation {PREFIX}mine.old-key of ConfigMap shop/a gives no reason: it does not count"
    assert told(ran) == [("no-reason", text)]


def test_a_reason_holds_no_secret(tmp_path: Path) -> None:
    write(tmp_path, config_map("a", mine__old_key="see https://me:hunter2@wiki.example/x"))
    assert "hunter2" not in scan(tmp_path).out


def test_every_rule_can_be_named_by_an_annotation() -> None:
    """The part behind the slash has at most 63 characters, and begins and ends with a letter or a number."""
    for rule in (rule.id for pack in load_all() for rule in pack.rules):
        prefix, _, name = key_of(rule).partition("/")
        assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", prefix)
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,61}[A-Za-z0-9]", name), name
        assert name.count(".") == 1


def test_a_finding_of_several_objects_needs_the_one_that_it_is_about(tmp_path: Path) -> None:
    """The pre-flight finding is about the pre-flight DaemonSet; one on the agents' does not accept it."""
    dump = CILIUM / "dump" / "objects.yaml"
    text = dump.read_text()
    key = key_of("cilium/preflight-nodes-missing")

    def annotated(name: str) -> Any:
        pattern = rf"(kind: DaemonSet\n  metadata:\n    annotations:\n)((?:(?!  kind:).*\n)*?    name: {name}\n)"
        changed, number = re.subn(pattern, rf"\1      {key}: agreed\n\2", text)
        assert number == 1
        (tmp_path / "objects.yaml").write_text(changed)
        report = package.scan(tmp_path, to={"cilium": "1.12.0"})
        return [f.rule for f in report.suppressed], [n.kind for n in report.notices]

    assert annotated("cilium-pre-flight-check") == (["cilium/preflight-nodes-missing"], [])
    assert annotated("cilium") == ([], ["unused"])


SHARED = """\
title: Two ConfigMaps have one address
severity: error
check: unique
params: {what: addresses, places: [{kind: ConfigMap, path: data.address}]}
message: "{owners} both have {value}"
why: Because.
"""


@pytest.mark.parametrize(("annotated", "kinds"), [((), []), (("a",), ["unused"]), (("a", "b"), [])])
def test_a_finding_about_none_alone_needs_all_of_them(
    tmp_path: Path, annotated: tuple[str, ...], kinds: list[str]
) -> None:
    maps = [config_map(name, **({"mine__old_key": "agreed"} if name in annotated else {})) for name in "ab"]
    write(tmp_path, *({**one, "data": {"address": "10.0.0.1"}} for one in maps), rule=SHARED)
    ran = scan(tmp_path, "--collected", "all")
    assert ran.code == (0 if len(annotated) == 2 else 1)
    assert [kind for kind, _ in told(ran)] == kinds


def test_what_waits_behind_a_repair_can_be_suppressed() -> None:
    """Spiderpool's repair would delete the networks: accepted, it is counted, and does not come back as `behind`."""
    case = FIXTURES / "clusters" / "spiderpool-reuse-values"
    command = (case / "command.txt").read_text().strip()
    entry = {"rule": "spiderpool/multus-crd-deleted", "reason": "no longer used"}
    plain, report = (package.scan(case / "dump", command=command, suppress=s) for s in ((), (entry,)))
    assert "deletes networks" in plain.verdict.behind
    assert "deletes networks" not in report.verdict.behind
    assert [(f.rule, f.reason) for f in report.suppressed] == [("spiderpool/multus-crd-deleted", "no longer used")]
    assert report.notices == ()


def test_a_finding_on_the_way_can_be_suppressed(tmp_path: Path) -> None:
    entry = {"rule": "cilium/removed-values", "name": "tunnel", "reason": "seen"}
    plain = scanned(tmp_path, "1.13.18", "1.16.3", "tunnel: geneve\nkubeProxyReplacement: strict\n")
    entries(tmp_path, entry)
    report = scanned(tmp_path, "1.13.18", "1.16.3", "tunnel: geneve\nkubeProxyReplacement: strict\n").report
    before, after = ([f["subject"]["name"] for f in _removed(one)] for one in (plain.report, report))
    assert set(before) - set(after) == {"tunnel"}
    assert after
    assert [(f["rule"], f["subject"]["name"], f["reason"]) for f in report["suppressed"]] == [
        ("cilium/removed-values", "tunnel", "seen")
    ]
    assert report["notices"] == []


def _removed(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [f for hop in report["hops"] for f in hop["findings"] if f["rule"] == "cilium/removed-values"]


def test_advice_is_no_finding_and_stays() -> None:
    command = (CILIUM / "command.txt").read_text().strip()
    plain, report = (
        package.scan(CILIUM / "dump", command=command, suppress=s) for s in ((), ({"rule": "*", "reason": "all"},))
    )
    assert report.findings == ()
    advice = {step.run for step in plain.plan if step.run and not step.answers and step.phase != "upgrade"}
    assert advice
    assert advice <= {step.run for step in report.plan}


def test_a_gap_is_accepted_by_an_entry_for_gaps_alone(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "dump.json").write_text('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}')
    entries(tmp_path, AGREED)
    assert (scan(tmp_path).code, scan(tmp_path).report["verdict"]["go"]) == (4, False)
    entries(tmp_path, {**AGREED, "gaps": True})
    ran = scan(tmp_path)
    assert (ran.code, ran.report["verdict"]["go"], told(ran)) == (0, True, [])
    [gap] = ran.report["gaps"]
    assert gap["blocks"] is False
    assert gap["why"].endswith("; accepted: agreed")
    assert "accepted: agreed" in upgradecheck("scan", *words(), cwd=tmp_path).out
    write(tmp_path, config_map("a"))
    assert scan(tmp_path).code == 1, "an entry for gaps accepts no finding"


def test_a_version_that_nobody_knows_can_be_accepted_too(tmp_path: Path) -> None:
    write(tmp_path, config_map("a", key="new"))
    gated = RULE.replace("check: object", 'upgrade: {from: "<1.12.0"}\ncheck: object').replace("mine/earlier-name", "")
    (tmp_path / "mine" / "gated.yaml").write_text(gated)
    assert scan(tmp_path).code == 4
    entries(tmp_path, {"rule": "mine/gated", "reason": "agreed", "gaps": True})
    assert (scan(tmp_path).code, told(scan(tmp_path))) == (0, [])


def test_entries_of_a_program_are_checked() -> None:
    for entry, text in (
        ({"rule": "a/b"}, "suppress[0]: reason is missing"),
        ({"rule": "a/b", "reason": " "}, "suppress[0].reason: expected a text, not the text ' '"),
        ({"rule": "a/b", "reason": "x", "until": 1}, "suppress[0].until: unknown key"),
        ({"rule": "a/b", "reason": "x", "name": "n", "gaps": True}, "leave out name"),
        ({"rule": "a/b", "reason": "x", "expires": "2026-02-30"}, "expected a day such as 2026-12-31"),
    ):
        with pytest.raises(package.UsageError) as caught:
            package.scan(CILIUM / "dump", suppress=[entry])
        assert text in str(caught.value)
