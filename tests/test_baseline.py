"""A baseline knows a finding again by what it is, not by where it stands, and tells what is new beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from scanning import FIXTURES, NOW, Ran, upgradecheck
from suppressing import RULE, config_map, entries, held, names, scan, told, words, write

from upgradecheck.fingerprint import VERSION

FILE = "upgradecheck-baseline.yaml"
CILIUM = FIXTURES / "clusters" / "cilium-preflight"


def baseline(folder: Path, *options: str) -> Ran:
    return upgradecheck("baseline", *words(*options), cwd=folder)


def read(folder: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load((folder / FILE).read_text())["findings"])


def test_what_was_there_is_accepted_and_what_is_new_is_told(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), config_map("b"))
    made = baseline(tmp_path)
    assert (made.code, made.out, made.err) == (0, f"{FILE}: 2 findings\n", "")
    again = scan(tmp_path, "--baseline", FILE)
    assert (again.code, names(again)) == (0, [])
    assert held(again) == [("a", f"in {FILE}", "baseline"), ("b", f"in {FILE}", "baseline")]
    write(tmp_path, config_map("a"), config_map("b"), config_map("c"))
    new = scan(tmp_path, "--baseline", FILE)
    assert (new.code, names(new)) == (1, ["c"])
    assert new.report["findings"][0]["message"] == "c has the old key"
    assert (scan(tmp_path).code, told(new)) == (1, []), "nothing is accepted that nobody asked for"


def test_neither_line_nor_file_nor_order_makes_a_finding_new(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), config_map("b"))
    baseline(tmp_path)
    write(tmp_path, config_map("z", key="new"), config_map("b"), config_map("a"))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "dump.json").rename(tmp_path / "elsewhere" / "other.json")
    moved = upgradecheck("scan", "elsewhere", *words("-o", "json", "--baseline", FILE)[1:], cwd=tmp_path)
    assert (moved.code, names(moved), told(moved)) == (0, [], [])


def test_another_evidence_is_another_finding(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"))
    baseline(tmp_path)
    write(tmp_path, config_map("a"), rule=RULE.replace("{data.old: {exists: true}}", "{metadata.name: a}"))
    assert names(scan(tmp_path, "--baseline", FILE)) == ["a"]


def test_a_second_one_of_the_same_is_told(tmp_path: Path) -> None:
    """Pods of one Deployment share a fingerprint: three are three, not one."""
    rule = RULE.replace("ConfigMap", "Pod")

    def pods(*ends: str) -> list[dict[str, Any]]:
        return [{**config_map(f"web-7d79cf6697-{end}"), "kind": "Pod"} for end in ends]

    write(tmp_path, *pods("xgvq6", "2bcdf"), rule=rule)
    baseline(tmp_path)
    assert [entry["count"] for entry in read(tmp_path)] == [2]
    write(tmp_path, *pods("bbc24", "zz4k9"), rule=rule)
    assert scan(tmp_path, "--baseline", FILE).code == 0, "generated names change with each rollout"
    write(tmp_path, *pods("bbc24", "zz4k9", "kk7w2"), rule=rule)
    more = scan(tmp_path, "--baseline", FILE)
    assert (more.code, len(names(more)), len(held(more))) == (1, 1, 2)


def test_the_file_is_small_sorted_and_the_same_each_time(tmp_path: Path) -> None:
    write(tmp_path, config_map("b"), config_map("a"))
    baseline(tmp_path)
    first = (tmp_path / FILE).read_text()
    found = read(tmp_path)
    assert [entry["subject"] for entry in found] == ["ConfigMap shop/a", "ConfigMap shop/b"]
    assert set(found[0]) == {"rule", "subject", "message", "fingerprint"}
    write(tmp_path, config_map("a"), config_map("b"))
    baseline(tmp_path, "--update")
    assert (tmp_path / FILE).read_text() == first
    assert "dump.json" not in first


def test_a_file_that_is_there_is_written_over_only_when_asked(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), config_map("b"))
    baseline(tmp_path)
    before = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text(before.replace("  fingerprint", '  reason: "ours"\n  fingerprint', 1))
    write(tmp_path, config_map("a"), config_map("c"))
    refused = baseline(tmp_path)
    assert (refused.code, "--update writes it anew" in refused.err) == (2, True)
    updated = baseline(tmp_path, "--update")
    assert (updated.code, updated.out) == (0, f"{FILE}: 2 findings (1 new, 1 gone)\n")
    assert [(e["subject"], e.get("reason")) for e in read(tmp_path)] == [
        ("ConfigMap shop/a", "ours"),
        ("ConfigMap shop/c", None),
    ]
    assert held(scan(tmp_path, "--baseline", FILE))[0] == ("a", "ours", "baseline")


def test_an_update_keeps_what_other_rules_had_found(tmp_path: Path) -> None:
    """One file for several components: a scan of one must not drop the others' findings."""
    write(tmp_path, config_map("a"))
    upgradecheck("baseline", str(CILIUM / "dump"), "--to", "cilium=1.12.0", "--now", NOW, cwd=tmp_path)
    cilium = read(tmp_path)
    assert cilium
    baseline(tmp_path, "--update")
    assert [e["rule"] for e in read(tmp_path)] == [*(e["rule"] for e in cilium), "mine/old-key"]
    (tmp_path / FILE).write_text((tmp_path / FILE).read_text().replace("cilium/not-newest-patch", "cilium/long-gone"))
    baseline(tmp_path, "--update")
    assert "cilium/long-gone" not in [e["rule"] for e in read(tmp_path)], "there is no such rule"


def test_what_is_not_found_any_more_is_told(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), config_map("b"))
    baseline(tmp_path)
    write(tmp_path, config_map("a"))
    text = "1 finding of the baseline is not there any more; `upgradecheck baseline --update` drops what is gone"
    assert told(scan(tmp_path, "--baseline", FILE)) == [("unused", text)]


def test_a_rule_that_was_renamed_keeps_its_baseline(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"), rule=RULE.replace("aliases: [mine/earlier-name]\n", ""))
    (tmp_path / "mine" / "old-key.yaml").rename(tmp_path / "mine" / "earlier-name.yaml")
    baseline(tmp_path)
    (tmp_path / "mine" / "earlier-name.yaml").unlink()
    write(tmp_path, config_map("a"))
    ran = scan(tmp_path, "--baseline", FILE)
    assert (ran.code, [one["rule"] for one in ran.report["suppressed"]], told(ran)) == (0, ["mine/old-key"], [])
    baseline(tmp_path, "--update")
    assert [e["rule"] for e in read(tmp_path)] == ["mine/old-key"]


def test_what_is_suppressed_with_a_reason_is_not_recorded_again(tmp_path: Path) -> None:
    write(tmp_path, config_map("a", mine__old_key="agreed"), config_map("b"), config_map("c"))
    entries(tmp_path, {"rule": "mine/old-key", "name": "b", "reason": "agreed"}, baseline="accepted.yaml")
    made = baseline(tmp_path)
    assert made.out == "accepted.yaml: 1 finding\n"
    assert (scan(tmp_path).code, [by for _, _, by in held(scan(tmp_path))]) == (0, ["annotation", "config", "baseline"])


def test_the_whole_of_a_real_upgrade_is_accepted_and_found_again(tmp_path: Path) -> None:
    """What waits behind the repair is recorded too, so that the same scan tells nothing and misses nothing."""
    for name in ("spiderpool-reuse-values", "cilium-preflight"):
        case = FIXTURES / "clusters" / name
        command = (case / "command.txt").read_text().split()
        file = str(tmp_path / f"{name}.yaml")
        common = ("dump", "--now", NOW, "--baseline", file)
        assert upgradecheck("baseline", *common, "--", *command, cwd=case).code == 0
        ran = upgradecheck("scan", *common, "-o", "json", "--allow-gaps", "--", *command, cwd=case)
        assert (ran.code, ran.rules, told(ran)) == (0, [], [])
        assert len(ran.report["suppressed"]) >= 4


def test_nothing_is_written_where_something_could_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, config_map("a"))
    (tmp_path / "broken.yaml").write_text("kind: [\n")
    ran = upgradecheck("baseline", "broken.yaml", *words(), cwd=tmp_path)
    assert ran.code == 2
    assert "broken.yaml:" in ran.err
    assert not (tmp_path / FILE).exists()
    assert upgradecheck("baseline", "dump.json", cwd=tmp_path).code == 3
    assert not (tmp_path / FILE).exists()


def test_hostile_names_stay_inside_their_quotes(tmp_path: Path) -> None:
    name = 'x"\n- rule: a/b\x1b[31m\u202e\u2028: {}'
    write(tmp_path, config_map(name))
    baseline(tmp_path)
    text = (tmp_path / FILE).read_text()
    assert not {c for c in text if c != "\n" and not c.isprintable()}
    assert [entry["rule"] for entry in read(tmp_path)] == ["mine/old-key"]
    assert scan(tmp_path, "--baseline", FILE).code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, f"{FILE}: cannot be read: No such file or directory"),
        ("a: [", f"{FILE}:"),
        ("[]", f"{FILE}:1: no baseline"),
        ("findings: []\nversion: 99\n", f"{FILE}:2: a baseline of version 99; expected version {VERSION}"),
        (f"version: {VERSION}\nfindings:\n- x\n", f"{FILE}:3: no finding"),
        (f"version: {VERSION}\nfindings:\n- rule: a/b\n", f"{FILE}:3: subject is missing"),
        (f"version: {VERSION}\nfindings:\n- rule: a/b\n  resaon: x\n", "resaon: unknown key; did you mean reason?"),
        (f"version: {VERSION}\nfindings:\n- rule: 1\n", "rule 1; expected a text"),
        (f"version: {VERSION}\nfindings:\n- count: 0\n", "count 0; expected a number from 1"),
        (f"version: {VERSION}\nfindings:\n- {{rule: a, subject: b, fingerprint: c, count: true}}\n", "a number from 1"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_in_one_line(tmp_path: Path, text: str | None, said: str) -> None:
    write(tmp_path, config_map("a"))
    if text is not None:
        (tmp_path / FILE).write_text(text)
    ran = scan(tmp_path, "--baseline", FILE)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_it_is_no_data_of_a_cluster(tmp_path: Path) -> None:
    """A folder with the configuration and the baseline beside the dump is scanned as if they were not there."""
    write(tmp_path, config_map("a"))
    entries(tmp_path, baseline=FILE)
    baseline(tmp_path)
    ran = upgradecheck("scan", ".", *words("-o", "json")[1:], cwd=tmp_path)
    assert (ran.code, ran.report["problems"]) == (0, [])
    assert {one["path"] for one in ran.report["examined"]["skipped"]} >= {FILE, "upgradecheck.yaml"}
    assert json.dumps(ran.report["examined"]["kinds"]) == '{"ConfigMap": 1}'
