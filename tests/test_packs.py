"""Rule files: what a right one becomes, and each way to be wrong with its file, line and words."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from upgradecheck import packs
from upgradecheck.commands import Payload, parse_template
from upgradecheck.conditions import compile_where
from upgradecheck.conditions.compile import NAMES
from upgradecheck.errors import RuleError, UsageError
from upgradecheck.model import Case, Edit
from upgradecheck.packs import schema, shape
from upgradecheck.packs.params import field_types
from upgradecheck.versions import Version

GOOD = """\
title: An http imageurl without flagSafe is refused by the nodes
severity: error
covers: [K01]
upgrade: {from: "<1.0.8", to: ">=1.0.0"}
outcome: breaks
says: "{name} does nothing"
check: object
params:
  kind: OS.upgrade.openeuler.org
  where:
    spec.opstype: upgrade
    spec.flagSafe: {not: true}
  facts: {url: spec.imageurl}
message: "OS {name}: {url}"
many: "{count} of them: {names}"
rank: 7
aliases: [kubeos/old-name]
cases:
  odd:
    severity: warning
    message: "{url} is odd"
    remedy: []
  plain:
remedy:
  - phase: before
    stage: save
    note: About {name}.
    run: kubectl patch os {name} -n {namespace} --type=merge -p {patch}
    patch: {spec: {flagSafe: true, name: "{name}"}}
  - phase: upgrade
    only: not url
    edit: {drop: [reuse-values], add: [-f, old.yaml], set: {a.b: true, "c": "{name}"}}
  - phase: after
    each: every
    undo: false
    tried: false
    run: kubectl get {name} {entry}
why: |
  Because.
not_when: Never.
references: [guide]
"""


def pack(tmp_path: Path, text: str, name: str = "bad-thing") -> tuple[packs.Pack, list[str], Path]:
    folder = tmp_path / "mine"
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_text(text)
    found, errors = packs.load_pack(folder)
    return found, [str(error) for error in errors], file


def test_a_right_rule_is_read_whole(tmp_path: Path) -> None:
    found, errors, file = pack(tmp_path, GOOD)
    assert errors == []
    [rule] = found.rules
    assert (found.name, rule.id, rule.pack, str(rule.origin)) == ("mine", "mine/bad-thing", "mine", f"{file}:1")
    assert (rule.severity, rule.outcome, rule.says, rule.check) == ("error", "breaks", "{name} does nothing", "object")
    assert (rule.many, rule.rank, rule.aliases) == ("{count} of them: {names}", 7, ("kubeos/old-name",))
    assert (rule.why, rule.fine_when, rule.covers) == ("Because.\n", "Never.", ("K01",))
    assert rule.references == ("guide",)
    assert rule.start is not None
    assert Version.parse("1.0.7") in rule.start
    assert str(rule.to) == ">=1.0.0"
    assert rule.params.where.judge({"spec": {"opstype": "upgrade"}}, {}).truth is True
    assert rule.params.facts["url"].find({"spec": {"imageurl": "x"}}) == [(("spec", "imageurl"), "x")]
    assert rule.cases == {"odd": Case("{url} is odd", "", "warning", None, None, ()), "plain": Case()}
    first, second, third = rule.remedy
    assert (first.phase, first.stage, first.note, first.undo, first.tried) == (
        "before",
        "save",
        "About {name}.",
        True,
        True,
    )
    facts = {"name": "a b", "namespace": "x", **first.payloads}
    filled = parse_template(first.run).fill(facts).text
    assert filled == """kubectl patch os 'a b' -n x --type=merge -p '{"spec":{"flagSafe":true,"name":"a b"}}'"""
    assert isinstance(first.payloads["patch"], Payload)
    assert (second.only, second.edit) == (
        "not url",
        Edit(("reuse-values",), ("-f", "old.yaml"), {"a.b": "true", "c": "{name}"}),
    )
    assert (third.each, third.undo, third.tried, third.stage) == ("every", False, False, "repair")


def test_a_rule_needs_little(tmp_path: Path) -> None:
    text = "title: t\nseverity: info\ncheck: object\nparams: {kind: Pod}\nmessage: m\nwhy: w\n"
    found, errors, _ = pack(tmp_path, text)
    assert errors == []
    [rule] = found.rules
    assert (rule.remedy, rule.cases, rule.start, rule.to, rule.outcome, rule.rank) == ((), {}, None, None, "fine", 50)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("severity: error", "severty: error", 2, "severty: unknown key 'severty'; did you mean severity?"),
        ("rank: 7", "zzz: 7", 16, "zzz: unknown key 'zzz'; there is aliases, cases, "),
        ("severity: error", "severity: eror", 2, "severity: unknown choice 'eror'; did you mean error?"),
        ("outcome: breaks", "outcome: 3", 5, "outcome: unknown choice '3'; there is breaks, fine, loses, refused"),
        ("title: An http", "title: 1.30 #", 1, "title: 1.3 is a number here, since YAML reads 1.30 as 1.3; quote it"),
        (
            'from: "<1.0.8"',
            "from: 1.30",
            4,
            "upgrade.from: 1.3 is a number here, since YAML reads 1.30 as 1.3; quote it",
        ),
        ('from: "<1.0.8"', "from: 1", 4, "upgrade.from: 1 is a number here, since YAML reads 1.30 as 1.3; quote it"),
        ('from: "<1.0.8"', "from: older", 4, "upgrade.from: 'older' is no version; expected one like 1.2.3, "),
        ('from: "<1.0.8"', 'from: "2.0.0..1.0.0"', 4, "upgrade.from: version range '2.0.0..1.0.0' holds no version"),
        ('from: "<1.0.8"', 'form: "<1.0.8"', 4, "upgrade.form: unknown key 'form'; did you mean from?"),
        ("check: object", "check: objekt", 7, "check: unknown check 'objekt'; did you mean object?"),
        ("check: object", "check: [object]", 7, "check: expected a text, not a list"),
        ("rank: 7", "rank: low", 16, "rank: expected a whole number, not 'low'"),
        ("rank: 7", "rank: true", 16, "rank: expected a whole number, not True"),
        ("covers: [K01]", "covers: K01", 3, "covers: expected a list"),
        ("covers: [K01]", "covers: [1.5]", 3, "covers[0]: 1.5 is a number here"),
        ("  kind: OS.upgrade.openeuler.org\n", "", 8, "params: kind is missing"),
        ("  facts:", "  fact:", 13, "params.fact: unknown key 'fact'; did you mean facts?"),
        (
            "{url: spec.imageurl}",
            "{url: spec/imageurl}",
            13,
            "params.facts.url: path 'spec/imageurl' stops making sense at '/imageurl'",
        ),
        (
            "spec.flagSafe: {not: true}",
            "spec.flagSafe: {nto: true}",
            12,
            "params.where.spec.flagSafe.nto: unknown operator 'nto'; did you mean not?",
        ),
        (
            "spec.opstype: upgrade",
            "spec.opstype: {within: 1.30}",
            11,
            "params.where.spec.opstype.within: 1.3 is no version range: quote it",
        ),
        (
            "spec.opstype: upgrade",
            "spec.opstype: {matches: '(a+)+'}",
            11,
            "params.where.spec.opstype.matches: '(a+)+' repeats a group",
        ),
        ("spec.opstype: upgrade", "spec.opstype: [upgrade]", 11, "params.where.spec.opstype: a list stands alone here"),
        (
            "spec.opstype: upgrade",
            "spec.opstype: $upgrad.to",
            11,
            "params.where.spec.opstype: '$upgrad' refers to nothing; did you mean $upgrade?",
        ),
        (
            'message: "OS {name}: {url}"',
            'message: "OS {nam}"',
            14,
            "message: unknown placeholder 'nam'; did you mean name?",
        ),
        (
            'message: "OS {name}: {url}"',
            'message: "OS {name"',
            14,
            "message: stray { in 'OS {name'; a literal brace is doubled",
        ),
        ('many: "{count} of', 'many: "{cuont} of', 15, "many: unknown placeholder 'cuont'; did you mean count?"),
        ('says: "{name} does', 'says: "{nmae} does', 6, "says: unknown placeholder 'nmae'; did you mean name?"),
        (
            'message: "{url} is odd"',
            'message: "{ur} is odd"',
            21,
            "cases.odd.message: unknown placeholder 'ur'; did you mean url?",
        ),
        (
            "    severity: warning",
            "    severity: bad",
            20,
            "cases.odd.severity: unknown choice 'bad'; there is advice, ",
        ),
        ("    remedy: []", "    remdy: []", 22, "cases.odd.remdy: unknown key 'remdy'; did you mean remedy?"),
        ("  - phase: before", "  - phase: befor", 25, "remedy[0].phase: unknown choice 'befor'; did you mean before?"),
        ("  - phase: before\n    stage: save", "  - stage: save", 25, "remedy[0]: phase is missing"),
        ("    note: About {name}.", "    note: About {x}.", 27, "remedy[0].note: unknown placeholder 'x'; there is "),
        ("    note: About {name}.", "    nte: About", 27, "remedy[0].nte: unknown key 'nte'; did you mean note?"),
        ("--type=merge", "--type=merge; rm", 28, "remedy[0].run: ; in 'kubectl patch"),
        ("--type=merge", "$(rm)", 28, "remedy[0].run: nothing is expanded in a command"),
        ("-p {patch}", "-p {ptch}", 28, "remedy[0].run: unknown placeholder 'ptch'; did you mean patch?"),
        (
            "-p {patch}",
            "-p x",
            29,
            "remedy[0].patch: unknown key 'patch'; a mapping beside run is used in it as {patch}",
        ),
        ('name: "{name}"}}', 'name: "{nam}"}}', 29, "remedy[0].patch: unknown placeholder 'nam'; did you mean name?"),
        ("    only: not url", "    only: not ur", 31, "remedy[1].only: unknown fact 'ur'; did you mean url?"),
        (
            "drop: [reuse-values]",
            "drp: [reuse-values]",
            32,
            "remedy[1].edit.drp: unknown key 'drp'; did you mean drop?",
        ),
        ("set: {a.b: true", "set: {a.b: 1.5", 32, "remedy[1].edit.set.a.b: 1.5 is a number here"),
        ('"c": "{name}"', '"c": "{nam}"', 32, "remedy[1].edit.set.c: unknown placeholder 'nam'; did you mean name?"),
        ("    each: every", "    each: evry", 34, "remedy[2].each: unknown fact 'evry'; did you mean every?"),
        ("    undo: false", "    undo: 'no'", 35, "remedy[2].undo: expected true or false, not 'no'"),
        ("    run: kubectl get {name} {entry}\n", "", 33, "remedy[2]: a step needs run, note or edit"),
        ("why: |\n  Because.\n", "", 1, "why is missing"),
        ("rank: 7", "rank: 7\nrank: 8", 16, "rank stands twice"),
        ("params:\n", "params: 3\nx:\n", 8, "params: expected a mapping"),
    ],
)
def test_a_wrong_rule_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert GOOD.count(old) >= 1
    found, errors, file = pack(tmp_path, GOOD.replace(old, new, 1))
    assert found.rules == ()
    assert any(error.startswith(f"{file}:{line}: {words}") for error in errors), errors


def test_every_error_of_every_file_is_told_and_right_rules_stay(tmp_path: Path) -> None:
    pack(tmp_path, GOOD, "good-one")
    pack(tmp_path, GOOD.replace("severity: error", "severity: eror").replace("rank: 7", "rank: low"), "two-errors")
    found, errors, file = pack(tmp_path, "- a\n- b\n", "no-mapping")
    assert [rule.id for rule in found.rules] == ["mine/good-one"]
    assert [error.rpartition("/")[2].partition(": ")[0] for error in errors] == [
        "no-mapping.yaml:1",
        "two-errors.yaml:2",
        "two-errors.yaml:16",
    ]
    with pytest.raises(packs.BadRulesError) as caught:
        packs.load_rules(found)
    assert str(caught.value).splitlines() == errors
    assert isinstance(caught.value, RuleError)
    assert str(file) in errors[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [1",
        "a: b: c",
        "\x00",
        "just words",
        "a: *nowhere",
        "x: !!python/object:os.system ls",
        "a: 1\n---\nb: 2",
        "3",
        "kind: List\nitems: []",
    ],
)
def test_a_file_that_is_no_rule_never_crashes(tmp_path: Path, text: str) -> None:
    found, errors, file = pack(tmp_path, text)
    assert found.rules == ()
    assert errors
    assert all(error.startswith(str(file)) and "\n" not in error for error in errors)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Bad_Name.yaml", "lower-case words joined by dashes"),
        ("bad-thing.yml", "a rule file ends in .yaml"),
        ("old-thing.yaml", "the id mine/old-thing is retired, and never used again"),
    ],
)
def test_a_wrong_name_is_refused(tmp_path: Path, name: str, words: str) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "component.yaml").write_text("title: Mine\nretired: [old-thing]\n")
    (folder / name).write_text(GOOD)
    found, errors = packs.load_pack(folder)
    assert found.rules == ()
    assert [str(error).partition(": ")[0] for error in errors] == [str(folder / name)]
    assert words in errors[0].text


def test_an_error_in_component_yaml_has_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "component.yaml").write_text("title: Mine\nchrts: [a]\n")
    _, [error] = packs.load_pack(tmp_path)
    assert str(error) == f"{tmp_path / 'component.yaml'}:2: unknown key 'chrts'; did you mean charts?"


def test_a_persons_own_folder_is_a_pack_or_holds_packs(tmp_path: Path) -> None:
    pack(tmp_path, GOOD)
    for given in (tmp_path, tmp_path / "mine"):
        found = {p.name: p for p in packs.load_components([given])}
        assert [rule.id for rule in packs.load_rules(found["mine"])] == ["mine/bad-thing"]
        assert found["mine"].component.always
    with pytest.raises(UsageError, match="no such folder"):
        packs.load_components([tmp_path / "gone"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no rules in it"):
        packs.load_components([tmp_path / "empty"])
    (tmp_path / "two" / "mine").mkdir(parents=True)
    shutil.copy(tmp_path / "mine" / "bad-thing.yaml", tmp_path / "two" / "mine")
    with pytest.raises(UsageError, match="two packs are called mine"):
        packs.load_components([tmp_path / "mine", tmp_path / "two"])


def test_own_rules_are_added_to_a_built_in_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built_in, own = tmp_path / "rules" / "kubeos", tmp_path / "own" / "kubeos"
    built_in.mkdir(parents=True)
    own.mkdir(parents=True)
    (built_in / "component.yaml").write_text("title: KubeOS\n")
    (built_in / "first-thing.yaml").write_text(GOOD)
    (own / "second-thing.yaml").write_text(GOOD)
    monkeypatch.setattr(packs.loader, "builtin_rules", lambda: tmp_path / "rules")
    [found] = packs.load_all([own])
    assert [rule.id for rule in found.rules] == ["kubeos/first-thing", "kubeos/second-thing"]
    assert found.component.title == "KubeOS"
    (own / "first-thing.yaml").write_text(GOOD)
    with pytest.raises(packs.BadRulesError, match="there already is a rule kubeos/first-thing"):
        packs.load_all([own])
    (own / "component.yaml").write_text("title: Mine\n")
    with pytest.raises(RuleError, match="there is a built-in pack kubeos"):
        packs.load_components([own])


def test_only_the_checks_of_loaded_rules_are_imported(tmp_path: Path) -> None:
    pack(tmp_path, GOOD)
    script = (
        "import sys\nfrom pathlib import Path\nfrom upgradecheck import packs\n"
        f"packs.load_pack(Path({str(tmp_path / 'mine')!r}))\n"
        "print(sorted(m for m in sys.modules if m.startswith('upgradecheck.checks.')), 'jsonschema' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "'upgradecheck.checks.object'" in run.stdout
    assert "capacity" not in run.stdout
    assert "False" in run.stdout


def test_the_written_schema_is_current() -> None:
    assert schema.target().read_text(encoding="utf-8") == schema.text(), "run python -m upgradecheck.packs.schema"


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema.Draft202012Validator.check_schema(schema.rule_schema())
    return jsonschema.Draft202012Validator(json.loads(schema.text()))


def test_the_schema_takes_a_right_rule(validator: Any) -> None:
    assert [error.message for error in validator.iter_errors(yaml.safe_load(GOOD))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("severity: error", "severity: eror"),
        ("severity: error", "severty: error"),
        ("check: object", "check: objekt"),
        ('from: "<1.0.8"', "from: 1.30"),
        ("  kind: OS.upgrade.openeuler.org\n", ""),
        ("spec.flagSafe: {not: true}", "spec.flagSafe: {nto: true}"),
        ("    note: About {name}.", "    nte: About"),
        ("    undo: false", "    undo: 'no'"),
        ("why: |\n  Because.\n", ""),
    ],
)
def test_the_schema_refuses_a_wrong_rule(validator: Any, old: str, new: str) -> None:
    assert not validator.is_valid(yaml.safe_load(GOOD.replace(old, new, 1)))


DOC = Path(__file__).parents[1] / "docs" / "rule-format.md"


def test_the_page_shows_every_operator_with_an_example_that_compiles() -> None:
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\| .+ \| `([^`]+)` \|$", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    names = [name for cell, _ in rows for name in re.findall(r"\w+", cell)]
    assert sorted(names) == sorted(NAMES)
    for cell, example in rows:
        assert compile_where(yaml.safe_load(example)).sentence()
        assert any(f"{name}:" in example for name in re.findall(r"\w+", cell))


def test_the_page_names_every_key() -> None:
    text = DOC.read_text(encoding="utf-8")
    keys = [*field_types(shape.RuleShape), *field_types(shape.StepShape), *field_types(shape.CaseShape)]
    assert [key for key in keys if f"`{key}`" not in text] == []


def test_the_rule_on_the_page_is_right(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(title: .+?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    found, errors, _ = pack(tmp_path, example[1])
    assert errors == []
    assert [rule.id for rule in found.rules] == ["mine/bad-thing"]
