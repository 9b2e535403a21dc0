"""The values after an upgrade are those that the real Helm stored and showed to its templates."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from record_helm_merge import TABLE, cases

from upgradecheck.intent import coalesce, effective, helm_facts, parse_command, values_given
from upgradecheck.model import Origin, Values

RECORDED: list[dict[str, Any]] = json.loads(TABLE.read_text())["cases"]
HelmSees = Callable[..., Any]


def predicted(entry: dict[str, Any], folder: Path) -> tuple[Values | None, str]:
    for name, values in entry["files"].items():
        (folder / name).write_text(json.dumps(values))
    command = parse_command(["helm", "upgrade", "release", "new", *entry["flags"]])
    given, problems = values_given(command, cwd=folder)
    assert not problems
    return effective(Values(entry["before"]), given, helm_facts(command).reuse)


@pytest.mark.parametrize("entry", RECORDED, ids=[entry["name"] for entry in RECORDED])
def test_stores_what_helm_stored(entry: dict[str, Any], tmp_path: Path) -> None:
    after, _ = predicted(entry, tmp_path)
    assert after is not None
    assert after.tree == entry["after"]


@pytest.mark.parametrize("entry", RECORDED, ids=[entry["name"] for entry in RECORDED])
def test_templates_see_what_helm_showed_them(entry: dict[str, Any], tmp_path: Path) -> None:
    after, base = predicted(entry, tmp_path)
    assert after is not None
    under = entry["new"] if base == "new" else coalesce(entry["before"], entry["old"])
    assert coalesce(after.tree, under) == entry["seen"]


def test_the_recorded_table_is_the_one_that_the_recording_script_asks_for() -> None:
    asked = [(c.name, list(c.flags), c.files, c.values, c.old, c.new) for c in cases()]
    assert [(e["name"], e["flags"], e["files"], e["values"], e["old"], e["new"]) for e in RECORDED] == asked
    assert len(RECORDED) >= 30
    assert {"old", "new"} == {predicted_base(entry) for entry in RECORDED}


def predicted_base(entry: dict[str, Any]) -> str:
    command = parse_command(["helm", "upgrade", "release", "new", *entry["flags"]])
    return effective(Values(), Values(), helm_facts(command).reuse)[1]


def test_unknown_stored_values_stay_unknown_unless_they_do_not_matter() -> None:
    given = Values({"a": 1})
    assert effective(None, given, "reset") == (given, "new")
    assert effective(None, given, "none") == (given, "new")
    assert effective(None, Values(), "none") == (None, "new")
    assert effective(None, given, "reuse") == (None, "old")
    assert effective(None, given, "reset-then-reuse") == (None, "new")


def test_other_tools_keep_to_their_own_rules() -> None:
    def reuse(*words: str) -> str:
        return helm_facts(parse_command(words)).reuse

    assert reuse("osm", "mesh", "upgrade") == "reset"
    assert reuse("osm", "mesh", "upgrade", "--reuse-values") == "reset"
    assert reuse("cilium", "upgrade") == "reset-then-reuse"
    assert reuse("cilium", "upgrade", "--reuse-values") == "reuse"
    assert reuse("cilium", "upgrade", "--reuse-values", "--reset-values") == "reset"
    assert reuse("cilium", "upgrade", "--reset-then-reuse-values=false") == "none"
    assert reuse("helm", "install", "r", "c") == "reset"
    assert reuse("helm", "upgrade", "r", "c", "--install") == "none"


def test_every_leaf_still_knows_where_it_was_set() -> None:
    before = Values({"a": {"b": 1, "c": 2}}, {("a", "b"): Origin("old.yaml", 2), ("a", "c"): Origin("old.yaml", 3)})
    given = Values({"a": {"c": 3, "d": {}}}, {("a", "c"): Origin("--set a.c=3"), ("a", "d"): Origin("v.yaml", 4)})
    after, _ = effective(before, given, "reset-then-reuse")
    assert after is not None
    assert {".".join(map(str, path)): str(after.origin(path)) for path, _ in after.leaves()} == {
        "a.b": "old.yaml:2",
        "a.c": "--set a.c=3",
        "a.d": "v.yaml:4",
    }


def test_nothing_that_goes_in_is_changed() -> None:
    before = Values({"a": {"b": 1, "n": None}, "l": [1]})
    given = Values({"a": {"b": None}, "l": [2]})
    kept = copy.deepcopy((before, given))
    effective(before, given, "reuse")
    coalesce(given.tree, before.tree)
    assert (before, given) == kept


COALESCED: list[tuple[Any, Any]] = [
    ({}, {"a": 1, "b": {"c": 2}}),
    ({"a": 2}, {"a": 1}),
    ({"a": None}, {"a": 1, "b": 2}),
    ({"a": None}, {"a": {"b": 1}}),
    ({"a": {"b": None}}, {"a": {"b": 1, "c": 2}}),
    ({"a": {"b": None}}, {"a": {"c": 2}}),
    ({"n": None}, {"a": 1}),
    ({"a": {"b": {"c": None, "d": None}}}, {"a": {"b": {"c": 1}}}),
    ({"a": [1]}, {"a": [2, 3]}),
    ({"a": []}, {"a": [2]}),
    ({"a": [None]}, {"a": [2]}),
    ({"a": {}}, {"a": {"b": 1}}),
    ({"a": "s"}, {"a": {"b": 1}}),
    ({"a": {"b": 1}}, {"a": "s"}),
    ({"a": {"b": "s"}}, {"a": {"b": {"c": 1}}}),
    ({"a": {"b": {"c": 1}}}, {"a": {"b": "s"}}),
    ({"global": {"x": None}}, {"global": {"x": 1, "y": 2}}),
    ({"a": False, "b": 0, "c": ""}, {"a": True, "b": 1, "c": "x"}),
]


@pytest.mark.parametrize(("values", "defaults"), COALESCED)
def test_coalesces_as_the_real_helm(values: Any, defaults: Any, helm_sees: HelmSees, tmp_path: Path) -> None:
    (tmp_path / "v.yaml").write_text(json.dumps(values))
    seen = helm_sees("-f", str(tmp_path / "v.yaml"), defaults=json.dumps(defaults))
    assert coalesce(values, defaults) == seen


FILES = {
    "a.yaml": "a: {b: 1, c: [1, 2], d: x}\nkeep: me\n",
    "b.yaml": "a: {c: [3], d: {e: 1}}\nlist: [{n: 1}]\n",
    "c.yaml": "a: {b: null}\n---\na: {f: 2}\n",
    "d.json": '{"a": {"d": "back"}, "list": null}',
    "empty.yaml": "# nothing\n",
    "bools.yaml": "a: yes\nb: 'no'\nc: 0o17\nd: 017\ne: 1.10\nf: 1e3\ng: ~\nh: 2026-11-21\n",
}
COMMANDS = [
    "-f a.yaml",
    "-f a.yaml -f b.yaml",
    "-f b.yaml --values=a.yaml",
    "-f a.yaml,b.yaml,c.yaml",
    "-fa.yaml -f=b.yaml -f d.json",
    "-f empty.yaml -f c.yaml --values a.yaml",
    "--set a.b=9 -f a.yaml",
    "--set keep=1 --set-string keep=2 --set-json keep=3 -f a.yaml",
    "-f b.yaml --set list[0].m=2,list[1]=z",
    "-f b.yaml --set list=null,a.d=null",
    "--set-file text=a.yaml --set-literal raw=a,b -f a.yaml",
    "--set-json a.c=[1] -f a.yaml --set a.c[2]=3",
    "-f bools.yaml",
]


@pytest.mark.parametrize("typed", COMMANDS)
def test_merges_what_is_given_as_the_real_helm(
    typed: str, helm_sees: HelmSees, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    values, problems = values_given(parse_command(["helm", "upgrade", "x", "y", *typed.split()]))
    assert not problems
    assert values.tree == helm_sees(*typed.split())


def test_what_cannot_be_read_is_said_and_the_rest_is_still_merged(tmp_path: Path) -> None:
    (tmp_path / "v.yaml").write_text("a: 1\n")
    (tmp_path / "pod.yaml").write_text("# a pod\napiVersion: v1\nkind: Pod\n")
    (tmp_path / "bad.yaml").write_text("a: 1\nb: 'x\n")
    words = "helm upgrade r c -f missing.yaml -f v.yaml -f https://example.org/v.yaml -f pod.yaml,bad.yaml -f -"
    command = parse_command([*words.split(), "--set", "b", "--set", "c=2", "--set-file", "d=nowhere"])
    values, problems = values_given(command, cwd=tmp_path)
    assert values.tree == {"a": 1, "c": 2}
    texts = [str(problem) for problem in problems]
    assert texts[0] == "missing.yaml: no such file; expected a values file"
    assert texts[1].startswith("https://example.org/v.yaml: is not on this machine and is not fetched")
    assert texts[2].startswith("pod.yaml:2: holds a Kubernetes object (Pod), not values")
    assert texts[3].startswith("bad.yaml:")
    assert texts[4].startswith("<stdin>: no standard input")
    assert "--set b: failed parsing --set b" in texts[5]
    assert "nowhere: no such file" in texts[6]
    assert len(problems) == 7
    assert not any("\n" in text for text in texts)
