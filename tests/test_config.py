"""The configuration file and the environment: what counts, where it is found, and how what is wrong is told."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from scanning import FIXTURES, PROJECT, Ran, upgradecheck
from suppressing import config_map, held, names, scan, words, write

import upgradecheck as package
from upgradecheck.cli import scan as verb
from upgradecheck.config import KEYS, load_config, schema

SCHEMA = json.loads((PROJECT / "docs" / "schema" / "config.json").read_text(encoding="utf-8"))
CILIUM = FIXTURES / "clusters" / "cilium-preflight"
EVERYTHING = """\
to: {cilium: "1.12.0"}
target-version: "1.12.0"
from: {cilium: 1.11.7}
tool: {helm: 3.14.0}
values: [values.yaml]
set: a=b
target-chart: chart
current-values: [cilium=old.yaml, other.yaml]
apply: manifests
collected: all
select: [cilium, spiderpool/*]
ignore: cilium/not-newest-patch
rules: packs
output: [text, json=out/report.json]
fail-on: warning
exit-zero: false
allow-gaps: true
baseline: accepted.yaml
suppress:
- {rule: cilium/reuse-values, reason: agreed, kind: flag, namespace: "*", name: "--reuse-values", expires: 2026-12-31}
- {rule: cilium/*, reason: agreed, gaps: true}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the root of a repository, and the current one."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(text: str, name: str = "upgradecheck.yaml") -> str:
    """What is said of a configuration that is wrong."""
    Path(name).write_text(text, encoding="utf-8")
    ran = upgradecheck("scan", "dump")
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    return ran.err.removeprefix("upgradecheck: ")


def shown(*options: str) -> str:
    ran = upgradecheck("config", *options)
    assert ran.code == 0, ran.err
    return ran.out


# What may stand in it


def test_every_option_of_scan_is_a_key_of_its_own_kind() -> None:
    """A new option needs a row in config/keys.py, so that file and environment know it too."""
    options = {o.removeprefix("--"): p for p in verb.params for o in p.opts if o.startswith("--")}
    known = {"config", "no-config", "help"}
    assert set(options) - known == set(KEYS)
    for name, key in KEYS.items():
        option = options[name]
        assert isinstance(option, click.Option)
        assert (key.kind == "flag") is option.is_flag, name
        assert (key.kind in ("texts", "outputs", "pairs")) is option.multiple, name
        choices = tuple(option.type.choices) if isinstance(option.type, click.Choice) else ()
        assert key.choices == choices, name


def test_the_published_schema_is_current() -> None:
    assert schema.target().read_text(encoding="utf-8") == schema.text(), "python -m upgradecheck.config.schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_and_the_loader_agree(repository: Path) -> None:
    right = json.loads(json.dumps(yaml.safe_load(EVERYTHING), default=str))
    jsonschema.validate(right, SCHEMA)
    Path("upgradecheck.yaml").write_text(EVERYTHING)
    assert load_config().arguments()["fail_on"] == "warning"
    wrong: list[dict[str, Any]] = [
        {"fail_on": "error"}, {"fail-on": "never ever"}, {"to": ["a=b"]}, {"allow-gaps": "yes"}, {"values": [1]},
        {"suppress": [{"rule": "a/b"}]}, {"suppress": [{"rule": "a/b", "reason": "c", "gaps": True, "name": "n"}]},
        {"suppress": {}}, {"to": {"cilium": 1.12}}, {"kubeconfig": "x"}, {"baseline": ""},
    ]  # fmt: skip
    for data in wrong:
        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data), data
        refused(json.dumps(data))


def test_plain_data_for_programs(repository: Path) -> None:
    """What the pytest plugin and others pass on to `upgradecheck.scan`."""
    Path("upgradecheck.yaml").write_text(EVERYTHING)
    config = load_config(repository)
    arguments = config.arguments()
    assert config.file == "upgradecheck.yaml"
    assert arguments["to"] == {"cilium": "1.12.0"}
    assert arguments["start"] == {"cilium": "1.11.7"}
    assert arguments["set"] == ("a=b",)
    assert arguments["select"] == ("cilium", "spiderpool/*")
    assert [(one.rule, str(one.expires), one.gaps) for one in arguments["suppress"]] == [
        ("cilium/reuse-values", "2026-12-31", False),
        ("cilium/*", "None", True),
    ]
    assert str(config.settings["fail-on"].origin) == "upgradecheck.yaml:15"
    assert set(arguments) <= set(package.scan.__annotations__)


def test_a_configuration_and_a_program_find_the_same(repository: Path) -> None:
    write(repository, config_map("a"), config_map("b"))
    text = "rules: mine\nselect: mine\nto: {cilium: 1.12.0}\nsuppress: [{rule: mine/*, name: a, reason: agreed}]\n"
    Path("upgradecheck.yaml").write_text(text)
    report = package.scan("dump.json", **load_config().arguments())
    ran = upgradecheck("scan", "dump.json", "-o", "json")
    assert [f.subject.name for f in report.findings] == names(ran) == ["b"]
    assert [f.subject.name for f in report.suppressed] == [name for name, _, _ in held(ran)] == ["a"]


# Where it is found


def test_the_nearest_one_upwards_counts(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = repository / "a" / "b"
    below.mkdir(parents=True)
    Path("upgradecheck.yaml").write_text("fail-on: info\nvalues: prod.yaml\nbaseline: /srv/accepted.yaml\n")
    monkeypatch.chdir(below)
    text = shown()
    assert f'fail-on: "info"  # {Path("../../upgradecheck.yaml")}:1' in text
    assert '- "../../prod.yaml"' in text, "a path is that of the file which names it"
    assert 'baseline: "/srv/accepted.yaml"' in text
    Path("../../upgradecheck.yaml").write_text("base: main\noutput: [text, json=out.json]\ncurrent-values: [a=b, c]\n")
    text = shown()
    assert 'base: "main"' in text, "a git ref is no path"
    assert '- "text"\n- "json=../../out.json"' in text
    assert '- "a=../../b"\n- "../../c"' in text
    (repository / "main").mkdir()
    assert 'base: "../../main"' in shown()
    Path("../../upgradecheck.yaml").write_text("fail-on: info\n")
    (repository / "a" / "pyproject.toml").write_text('[tool.upgradecheck]\nfail-on = "never"\n')
    assert "never" in shown()
    (repository / "a" / "b" / "pyproject.toml").write_text('[tool.other]\nname = "upgradecheck"\n')
    assert "never" in shown(), "a pyproject.toml without our table is none"


def test_nothing_is_looked_for_above_a_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("upgradecheck.yaml").write_text("fail-on: info\n")
    inner = repository / "vendored"
    (inner / ".git").mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert "no configuration file" in shown()


def test_two_in_one_folder_are_refused(repository: Path) -> None:
    Path("pyproject.toml").write_text("[tool.upgradecheck]\n")
    assert "upgradecheck.yaml: pyproject.toml beside it configures upgradecheck too; expected one of them" in refused(
        "{}"
    )
    Path("pyproject.toml").write_text("[tool.other]\n")
    Path("upgradecheck.yml").write_text("{}")
    assert "upgradecheck.yml beside it" in refused("{}")


def test_another_file_or_none(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("upgradecheck.yaml").write_text("fail-on: info\n")
    Path("other.yaml").write_text("fail-on: never\n")
    Path("other.toml").write_text('[tool.upgradecheck]\nfail-on = "warning"\n')
    assert '"never"' in shown("--config", "other.yaml")
    assert '"warning"' in shown("--config", "other.toml")
    assert "fail-on:" not in shown("--no-config")
    monkeypatch.setenv("UPGRADECHECK_CONFIG", "other.yaml")
    assert '"never"' in shown()
    assert '"warning"' in shown("--config", "other.toml")
    monkeypatch.delenv("UPGRADECHECK_CONFIG")
    monkeypatch.setenv("UPGRADECHECK_NO_CONFIG", "true")
    assert "fail-on:" not in shown()
    both = upgradecheck("config", "--config", "other.yaml", "--no-config")
    assert (both.code, "--config and --no-config together" in both.err) == (2, True)
    missing = upgradecheck("config", "--config", "gone.yaml")
    assert (missing.code, "gone.yaml: cannot be read: No such file or directory" in missing.err) == (2, True)
    Path("empty.toml").write_text("[tool.other]\n")
    assert "no [tool.upgradecheck] in it" in upgradecheck("config", "--config", "empty.toml").err


@pytest.mark.parametrize("text", ["", "# all of it is a comment\n", "{}\n"])
def test_an_empty_file_says_nothing(repository: Path, text: str) -> None:
    Path("upgradecheck.yaml").write_text(text)
    assert shown().startswith("# upgradecheck.yaml\n# not set: to,")


# What is wrong in it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fail_on: error\n", "upgradecheck.yaml:1: fail_on: unknown key; did you mean fail-on?\n"),
        ("\n\ncolected: all\n", "upgradecheck.yaml:3: colected: unknown key; did you mean collected?\n"),
        ("zzz: 1\n", "zzz: unknown key; expected one of to, target-version"),
        ("fail-on: warnings\n", "fail-on: 'warnings' is none of error, warning, info, never; did you mean warning?\n"),
        ("to:\n  cilium: 1.12\n", "upgradecheck.yaml:1: to: cilium: 1.12 is a number here, since 1.30 is read as 1.3"),
        ("to: [cilium=1.12.0]\n", "to: expected a mapping of names to versions, not a list\n"),
        ("values: {a: b}\n", "values: expected a list of texts, not a mapping\n"),
        ("values: [a.yaml, '']\n", "values: expected a text, not an empty text\n"),
        ("quiet: 'yes'\n", "quiet: expected true or false, not the text 'yes'\n"),
        ("now: null\n", "now: expected a text, not nothing\n"),
        ("output: xml\n", "output: unknown format 'xml'; known are text, json"),
        ("output: json=../../.bashrc\n", "lies outside the folder of the configuration; name it with -o"),
        ("output: json=/etc/passwd\n", "lies outside the folder of the configuration; name it with -o"),
        ("kubeconfig: evil\n", "a kubeconfig may name programs to run"),
        ("suppress: {}\n", "suppress: expected a list of entries, each with a rule and a reason\n"),
        ("suppress:\n- rule: a/b\n", "upgradecheck.yaml:2: suppress[0]: reason is missing\n"),
        ("suppress:\n- rule: a/b\n  reason: c\n  until: 3\n", "upgradecheck.yaml:4: suppress[0].until: unknown key"),
        ("suppress: [{rule: a/b, reason: c, expires: soon}]\n", "expected a day such as 2026-12-31, not the text"),
        ("a: 1\n---\nb: 2\n", "upgradecheck.yaml:3: 2 documents; expected one\n"),
        ("quiet: true\nquiet: false\n", "upgradecheck.yaml:1: quiet stands twice\n"),
        ("a: [\n", "upgradecheck.yaml:"),
        ("- a\n", "upgradecheck.yaml:1: no configuration; expected keys with their values\n"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_and_line(repository: Path, text: str, said: str) -> None:
    assert said in refused(text)


def test_everything_that_is_wrong_is_told_at_once(repository: Path) -> None:
    told = refused("fail_on: error\nquiet: 1\nsuppress: [{rule: a/b}]\n")
    assert [line.split(": ")[0] for line in told.splitlines()] == [f"upgradecheck.yaml:{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[project]\nname = "x"\n\n[tool.upgradecheck]\nquiet = true\nfail_on = "error"\n', ":6: fail_on: unknown key"),
        ("[tool.upgradecheck.to]\ncilium = 1.12\n", ":1: to: cilium: 1.12 is a number here"),
        ("[tool]\nupgradecheck.quiet = 1\n", ":2: quiet: expected true or false, not 1"),
        ("[tool]\nupgradecheck = {quiet = 1}\n", ":2: quiet: expected true or false, not 1"),
        (
            '[[tool.upgradecheck.suppress]]\nrule = "a/b"\nreason = "c"\n\n'
            '[[tool.upgradecheck.suppress]]\nrule = "a/b"\n',
            ":5: suppress[1]: reason is missing",
        ),
        ('[tool.upgradecheck]\nnow = """\n[tool.other]\n"""\nquiet = 3\n', ":5: quiet: expected true or false, not 3"),
        ('[tool.upgradecheck]\n"no\\u0074e" = 1\n', ":1: note: unknown key"),
        ("[tool.upgradecheck]\nquiet = \n", ":2: Invalid value"),
        ("[tool]\nupgradecheck = 3\n", ":2: no configuration; expected keys"),
    ],
)
def test_toml_has_lines_too(repository: Path, text: str, said: str) -> None:
    Path("pyproject.toml").write_text(text)
    ran = upgradecheck("scan", "dump")
    assert (ran.code, ran.out) == (2, "")
    assert f"upgradecheck: pyproject.toml{said}" in ran.err


def test_toml_says_the_same_as_yaml(repository: Path) -> None:
    Path("pyproject.toml").write_text(
        '[tool.upgradecheck]\nfail-on = "warning"\nvalues = [\n  "a.yaml", # one\n]\n'
        '[tool.upgradecheck.to]\ncilium = "1.12.0"\n'
        '[[tool.upgradecheck.suppress]]\nrule = "cilium/*"\nreason = "agreed"\nexpires = 2026-12-31\n'
    )
    toml = load_config().arguments()
    Path("pyproject.toml").unlink()
    Path("upgradecheck.yaml").write_text(
        "fail-on: warning\nvalues: [a.yaml]\nto: {cilium: 1.12.0}\n"
        "suppress: [{rule: cilium/*, reason: agreed, expires: 2026-12-31}]\n"
    )
    plain = load_config().arguments()
    [one], [other] = toml.pop("suppress"), plain.pop("suppress")
    assert toml == plain
    assert (one.rule, one.reason, one.expires) == (other.rule, other.reason, other.expires)


def test_not_utf_8_is_one_line(repository: Path) -> None:
    Path("pyproject.toml").write_bytes(b"[tool.upgradecheck]\nnow = '\xff'\n")
    ran = upgradecheck("scan", "dump")
    assert (ran.code, ran.err) == (2, "upgradecheck: pyproject.toml: not UTF-8; expected TOML\n")


# What wins


def code(*options: str) -> int:
    return upgradecheck("scan", *words(*options)).code


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, config_map("a"))
    assert code() == 1
    Path("upgradecheck.yaml").write_text("fail-on: never\n")
    assert code() == 0
    monkeypatch.setenv("UPGRADECHECK_FAIL_ON", "error")
    assert code() == 1
    assert code("--fail-on", "never") == 0
    monkeypatch.setenv("UPGRADECHECK_FAIL_ON", "")
    assert code() == 0, "an empty variable is one that is not set"


def test_a_list_is_taken_whole_from_one_place(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository, config_map("a"))
    Path("upgradecheck.yaml").write_text("ignore: mine\n")
    ran = scan(repository)
    assert ran.code == 3, "the only rule is ignored"
    assert scan(repository, "--ignore", "cilium").code == 1
    monkeypatch.setenv("UPGRADECHECK_IGNORE", "cilium")
    assert scan(repository).code == 1


def test_a_flag_can_be_taken_back_by_the_environment(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository, config_map("a"))
    Path("upgradecheck.yaml").write_text("exit-zero: true\n")
    assert code() == 0
    monkeypatch.setenv("UPGRADECHECK_EXIT_ZERO", "no")
    assert code() == 1
    monkeypatch.setenv("UPGRADECHECK_EXIT_ZERO", "maybe")
    ran = upgradecheck("scan", *words())
    assert (ran.code, ran.err) == (2, "upgradecheck: UPGRADECHECK_EXIT_ZERO=maybe (expected true or false)\n")


def test_every_option_has_its_variable(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"flag": "true", "pairs": "'a b=1.2' c=3", "texts": "'a b' c", "text": "a b", "outputs": "text json=x"}
    for key in KEYS.values():
        monkeypatch.setenv(key.variable, key.choices[0] if key.choices else given[key.kind])
    text = shown()
    for key in KEYS.values():
        assert re.search(rf"(?m)^{key.name}:.*# {key.variable}$", text), key.name
    read = yaml.safe_load(text)
    assert read["values"] == ["a b", "c"]
    assert read["to"] == {"a b": "1.2", "c": "3"}
    assert read["target-version"] == "a b"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("UPGRADECHECK_FAIL_ON", "warn", "UPGRADECHECK_FAIL_ON: 'warn' is none of error, warning, info, never"),
        ("UPGRADECHECK_TO", "cilium", "UPGRADECHECK_TO cilium: expected NAME=VERSION"),
        ("UPGRADECHECK_VALUES", "'a.yaml", "UPGRADECHECK_VALUES: No closing quotation"),
        ("UPGRADECHECK_NO_CONFIG", "perhaps", "UPGRADECHECK_NO_CONFIG=perhaps (expected true or false)"),
    ],
)
def test_a_variable_that_is_wrong_is_one_line(
    repository: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    ran = upgradecheck("scan", "dump")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_variable_that_looks_like_ours_is_hinted_at(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPGRADECHECK_FIAL_ON", "never")
    monkeypatch.setenv("UPGRADECHECK_IMAGE", "registry.example/upgradecheck")
    err = upgradecheck("config").err
    assert err == "upgradecheck: UPGRADECHECK_FIAL_ON is not read; did you mean UPGRADECHECK_FAIL_ON?\n"


def test_packs_of_the_configuration_are_listed_and_explained(repository: Path) -> None:
    write(repository, config_map("a"))
    Path("upgradecheck.yaml").write_text("rules: mine\n")
    assert "mine/old-key" in upgradecheck("rules").out
    assert upgradecheck("explain", "mine/old-key").code == 0


# What the configuration that counts looks like


def test_what_is_printed_can_be_used_again(repository: Path) -> None:
    Path("upgradecheck.yaml").write_text(EVERYTHING)
    first = shown()
    Path("upgradecheck.yaml").write_text(first)
    again = shown()
    assert [line.split("  # ")[0] for line in again.splitlines()] == [l.split("  # ")[0] for l in first.splitlines()]  # noqa: E741


def test_hostile_values_do_not_reach_the_terminal(repository: Path) -> None:
    Path("upgradecheck.yaml").write_text('now: "\\e[31mred\\n\\u202e"\nselect: ["\\x07"]\n')
    assert not {c for c in shown() if c != "\n" and not c.isprintable()}


def test_a_scan_without_a_configuration_reads_none_of_this(repository: Path) -> None:
    """Only what is there costs: no TOML reader, no schema library."""
    for path in (PROJECT / "upgradecheck" / "config").glob("*.py"):
        tops = {n.names[0].name for n in ast.parse(path.read_text()).body if isinstance(n, ast.Import)}
        assert not tops & {"tomllib", "jsonschema", "yaml", "click"}, path.name
    assert os.environ.get("UPGRADECHECK_CONFIG") is None


def test_the_pages_show_what_is_so(repository: Path) -> None:
    """Every YAML and TOML example of the two pages loads."""
    write(repository, config_map("a"))
    for page in ("configuration.md", "suppression.md"):
        text = (PROJECT / "docs" / page).read_text(encoding="utf-8")
        for kind, name in (("yaml", "upgradecheck.yaml"), ("toml", "pyproject.toml")):
            for example in re.findall(rf"```{kind} config\n(.*?)```", text, re.DOTALL):
                Path(name).write_text(example)
                assert load_config().file == name
                Path(name).unlink()
    assert isinstance(scan(repository), Ran)
