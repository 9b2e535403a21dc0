"""Templates: what the shell gets is exactly the words that were meant, whatever the values are."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from upgradecheck.commands import Payload, Words, fill_text, parse_template, text_placeholders
from upgradecheck.versions import Version

FAKE = """#!/bin/sh
printf '%s\\0' "$#" "${{0##*/}}" "$@" >> {out}
"""
"""Records how often it was called with what: the count, the name and the words, each ended by a NUL."""


class Shell:
    """A real sh with fake commands that record how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "calls"
        (folder / "bin").mkdir()
        for name in ("kubectl", "helm", "touch", "rm", "xargs", "id"):
            command = folder / "bin" / name
            command.write_text(FAKE.format(out=self.out))
            command.chmod(0o755)

    def calls(self, line: str) -> list[list[str]]:
        self.out.write_text("")
        (self.folder / "work").mkdir(exist_ok=True)
        environment = {"PATH": str(self.folder / "bin")}
        subprocess.run(["/bin/sh", "-c", line], env=environment, cwd=self.folder / "work", check=True, timeout=30)
        words = self.out.read_bytes().decode().split("\0")
        calls = []
        while len(words) > 1:
            count = int(words[0]) + 2
            calls.append(words[1:count])
            words = words[count:]
        return calls


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("shell"))


KEPT = [
    "plain",
    "",
    "two words",
    "it's",
    "'",
    "''",
    '"',
    '"; touch owned; "',
    "'; touch owned; '",
    "$(touch owned)",
    "`touch owned`",
    "${HOME}",
    "a;touch owned",
    "a && touch owned",
    "a | touch owned",
    "> owned",
    ">",
    "|",
    "&&",
    "# no comment",
    "*",
    "?[a-z]",
    "~",
    "~/x",
    "!!",
    "\\",
    "a\\",
    "{name}",
    "{{",
    "%s%n",
    "A=b",
    "日本語",
    "é ö",
    "😀",
    "a" * 1500,
    "a-b",
    "<x>",
]


@pytest.mark.parametrize("value", KEPT)
def test_a_hostile_value_is_exactly_one_word(shell: Shell, value: str) -> None:
    template = parse_template("kubectl get {name} -n {name} --set a={name} --x='[{name}]' > {name}.out")
    line = template.fill({"name": value}).text.rpartition(" > ")[0]
    [call] = shell.calls(line)
    assert call == ["kubectl", "get", value, "-n", value, "--set", f"a={value}", f"--x=[{value}]"]
    assert not (shell.folder / "work" / "owned").exists()


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("a\nrm -rf /", "a<?>rm -rf /"),
        ("a\r\nb", "a<?>b"),
        ("\x1b[31mred\x1b[0m", "<?>[31mred<?>[0m"),
        ("a\x00b", "a<?>b"),
        ("tab\tstop", "tab<?>stop"),
        ("\u202eevil", "<?>evil"),
        ("zero\u200bwidth", "zero<?>width"),
        ("\x9b31m", "<?>31m"),
        ("\ud800", "<?>"),
        ("-rf", "<-rf>"),
        ("--all", "<--all>"),
        ("-x\ny", "<-x<?>y>"),
        ("a" * 3000, "<3000 characters>"),
    ],
)
def test_a_value_that_cannot_be_typed_is_left_for_the_person(shell: Shell, value: str, word: str) -> None:
    filled = parse_template("kubectl delete pod {name}").fill({"name": value})
    assert filled.fill
    assert "\n" not in filled.text
    assert shell.calls(filled.text) == [["kubectl", "delete", "pod", word]]


def test_a_dash_inside_a_word_is_no_flag(shell: Shell) -> None:
    filled = parse_template("helm upgrade --set a={value}").fill({"value": "-1"})
    assert not filled.fill
    assert shell.calls(filled.text) == [["helm", "upgrade", "--set", "a=-1"]]


@pytest.mark.parametrize("value", ["it's\n$(x)", "-x", 'a"b', "\u202e", "日本", "{to}"])
def test_a_payload_is_one_json_word(shell: Shell, value: str) -> None:
    payload = Payload(
        {"spec": {"name": "{name}", "text": "is {name}", "n": "{count}", "{name}": True, "list": ["{name}"]}}
    )
    filled = parse_template("kubectl patch os -p {patch}").fill({"patch": payload, "name": value, "count": 3})
    [call] = shell.calls(filled.text)
    assert call[:4] == ["kubectl", "patch", "os", "-p"]
    assert len(call) == 5
    expected = {"name": value, "text": f"is {value}", "n": 3, value: True, "list": [value]}
    assert json.loads(call[4]) == {"spec": expected}
    assert filled.text.isprintable()
    assert not filled.fill


def test_a_mapping_is_compact_json() -> None:
    assert parse_template("x {p}").fill({"p": {"a": {"b": True}}}).text == """x '{"a":{"b":true}}'"""


@pytest.mark.parametrize(
    ("template", "facts", "line"),
    [
        ("helm get values {r} -o yaml > old.yaml", {"r": "x"}, "helm get values x -o yaml > old.yaml"),
        ("a | b && c >> d || e", {}, "a | b && c >> d || e"),
        ("ls crds/x.io_* | xargs -n1 kubectl apply -f", {}, "ls crds/x.io_* | xargs -n1 kubectl apply -f"),
        ("ls {dir}/* -l", {"dir": "a b"}, "ls 'a b/'* -l"),
        ("helm --set a.tolerations[0].operator=Exists", {}, "helm --set 'a.tolerations[0].operator=Exists'"),
        ("kubectl get ds {a}  # want {n}, {n}", {"a": "x #y", "n": 3}, "kubectl get ds 'x #y'  # want 3, 3"),
        ("x # {n}", {"n": "a\nrm -rf /"}, "x  # a rm -rf /"),
        ("kubectl delete pod {names}", {"names": ["a", "b c"]}, "kubectl delete pod a 'b c'"),
        ("kubectl delete pod {names}", {"names": []}, "kubectl delete pod"),
        ("x --set a={names}", {"names": ["a", "b"]}, "x --set a=a,b"),
        ("x -o jsonpath='{{.items[*].a}}'", {}, "x -o 'jsonpath={.items[*].a}'"),
        ("x {{a}} }}", {}, "x '{a}' '}'"),
        ("x 'a b' \"c 'd'\" e\\ f ''", {}, """x 'a b' 'c '"'"'d'"'"'' 'e f' ''"""),
        ("one {a}\ntwo\n", {"a": 1}, "one 1\ntwo"),
        ("x {yes} {no} {n} {none} {v}", {"yes": True, "no": False, "n": 1.5, "none": None, "v": Version.parse("v1.2")},
         "x true false 1.5 '' 1.2"),
        ("{command}", {"command": Words(["helm", "upgrade", "a b"])}, "helm upgrade 'a b'"),
    ],
)  # fmt: skip
def test_fill(template: str, facts: dict[str, Any], line: str) -> None:
    filled = parse_template(template).fill(facts)
    assert (filled.text, filled.fill) == (line, False)


def test_operators_work_only_where_the_template_has_them(shell: Shell) -> None:
    filled = parse_template("kubectl a {x} > {file} && kubectl b | xargs {x}").fill({"x": "&& id", "file": "o; id"})
    calls = shell.calls(filled.text)
    assert sorted(calls) == [["kubectl", "a", "&& id"], ["kubectl", "b"], ["xargs", "&& id"]]
    assert (shell.folder / "work" / "o; id").exists()


def test_what_the_person_fills_in_is_visible_and_redirects_nothing(shell: Shell) -> None:
    filled = parse_template("helm upgrade --version <your version> -f '<old values>' {gone}").fill({})
    assert filled.fill
    assert shell.calls(filled.text) == [
        ["helm", "upgrade", "--version", "<your version>", "-f", "<old values>", "<gone>"]
    ]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "no command"),
        ("# only a comment", "no command"),
        ("a 'b", "never closed"),
        ('a "b', "never closed"),
        ("a $(b)", "nothing is expanded"),
        ("a `b`", "nothing is expanded"),
        ("a $HOME", "nothing is expanded"),
        ('a "$HOME"', "nothing is expanded"),
        ("a; b", "means something to the shell"),
        ("a & b", "means something to the shell"),
        ("a>b", "means something to the shell"),
        ("a> b", "put a space before >"),
        ("(a)", "means something to the shell"),
        ("a {b", "braces? is doubled|brace is doubled"),
        ("a {b c}", "brace is doubled"),
        ("a {}", "brace is doubled"),
        ("a # {b", "brace is doubled"),
        ("a \\", "means something to the shell"),
    ],
)
def test_a_bad_template_is_refused_in_plain_words(template: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_template(template)


def test_placeholders_are_known_before_anything_is_filled() -> None:
    template = parse_template("a {b} '{c}' \"{d}\" x={e}{f} > {g}.yaml # {h} {{i}}")
    assert template.placeholders == frozenset("bcdefgh")
    assert text_placeholders("{a} {{b}} {c_d}") == frozenset({"a", "c_d"})
    assert Payload({"{a}": ["{b}", 1, {"c": "{{d}}"}]}).placeholders == frozenset({"a", "b"})


@pytest.mark.parametrize(
    ("template", "facts", "text"),
    [
        ("{a}", {"a": ["x", "y"]}, "x, y"),
        ("{a}", {"a": list("abcdefgh")}, "a, b, c, d and 4 more"),
        ("{a}", {"a": list("abcde")}, "a, b, c, d, e"),
        ("{a}", {"a": {"b", "a"}}, "a, b"),
        ("{a} of {b}", {"a": 3, "b": 8.5}, "3 of 8.5"),
        ("{a}", {"a": True}, "true"),
        ("{a}", {"a": {"k": "é"}}, '{"k":"é"}'),
        ("{{a}} {a}", {"a": "{b}"}, "{a} {b}"),
        ("{a}", {"a": "x\x1b[31m\ny\u202e"}, "x[31m y"),
        ("{a}", {}, "<a>"),
        ("{a}", {"a": Words(["a b", "c"])}, "'a b' c"),
        ("{a}", {"a": "y" * 1000}, "y" * 400 + "…"),
        ("", {}, ""),
    ],
)
def test_fill_text(template: str, facts: dict[str, Any], text: str) -> None:
    assert fill_text(template, facts) == text
