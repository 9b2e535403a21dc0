"""--set and its kin mean what the real Helm makes of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from upgradecheck.errors import UsageError
from upgradecheck.intent import parse_set, set_key, spelled, values_given
from upgradecheck.intent.set_grammar import pair, pairs

REFUSED = "refused"
"""What `helm_sees` answers too where Helm refuses."""

SET: list[tuple[str, Any]] = [
    ("a=b", {"a": "b"}),
    ("a=", {"a": ""}),
    ("a=b,c=d", {"a": "b", "c": "d"}),
    ("a=b,", {"a": "b"}),
    ("a=b,c", REFUSED),
    ("a", REFUSED),
    ("a,b=c", REFUSED),
    ("", {}),
    (",", REFUSED),
    ("=b", {}),
    ("a.b=c", {"a": {"b": "c"}}),
    ("a.b.c=d,a.b.e=f", {"a": {"b": {"c": "d", "e": "f"}}}),
    ("a.b=", {"a": {"b": ""}}),
    ("a.", {}),
    ("a.=b", REFUSED),
    ("a.b", REFUSED),
    ("a=1,a.b=2", REFUSED),
    ("a.b=1,a=2", {"a": 2}),
    (r"a\.b=c", {"a.b": "c"}),
    (r"a=b\,c", {"a": "b,c"}),
    (r"a=b\\c", {"a": r"b\c"}),
    ("a=b\\", {"a": "b"}),
    (r"a=\{b", {"a": "{b"}),
    (r"a\=b=c", {"a=b": "c"}),
    (r"a\[0\]=c", {"a[0]": "c"}),
    (r"nodeSelector.kubernetes\.io/role=master", {"nodeSelector": {"kubernetes.io/role": "master"}}),
    ("a=b=c", {"a": "b=c"}),
    ("a=b.c[0]", {"a": "b.c[0]"}),
    ("a= b ", {"a": " b "}),
    (" a=b", {" a": "b"}),
    ("a=true", {"a": True}),
    ("a=TRUE,b=False,c=tRuE", {"a": True, "b": False, "c": True}),
    ("a=yes,b=on", {"a": "yes", "b": "on"}),
    ("a=null,b=NULL", {"a": None, "b": None}),
    ("a=~", {"a": "~"}),
    ("a=0,b=1,c=-1,d=+1", {"a": 0, "b": 1, "c": -1, "d": 1}),
    ("a=00,b=01,c=-01", {"a": "00", "b": "01", "c": -1}),
    ("a=1.5,b=1e3,c=0x10,d=1_000", {"a": "1.5", "b": "1e3", "c": "0x10", "d": "1_000"}),
    ("a=9223372036854775807,b=9223372036854775808", {"a": 9223372036854775807, "b": "9223372036854775808"}),
    ("a=-9223372036854775808,b=-9223372036854775809", {"a": -9223372036854775808, "b": "-9223372036854775809"}),
    ("a=12abc,b=-", {"a": "12abc", "b": "-"}),
    ("a={b,c}", {"a": ["b", "c"]}),
    ("a={}", {"a": [""]}),
    ("a={1,true,null,x}", {"a": [1, True, None, "x"]}),
    (r"a={b\,c,d\}}", {"a": ["b,c", "d}"]}),
    ("a={b,c},d=e", {"a": ["b", "c"], "d": "e"}),
    ("a={b,c}d=e", {"a": ["b", "c"], "d": "e"}),
    ("a={b", REFUSED),
    ("a={b,", REFUSED),
    ("a={{b},c}", REFUSED),
    ("a=b{c,d=e", {"a": "b{c", "d": "e"}),
    ("a[0]=b", {"a": ["b"]}),
    ("a[2]=b", {"a": [None, None, "b"]}),
    ("a[0]=b,a[1]=c", {"a": ["b", "c"]}),
    ("a[1]=c,a[0]=b", {"a": ["b", "c"]}),
    ("a[0]=", {"a": [""]}),
    ("a[0]", {"a": []}),
    ("a[0]={b,c}", {"a": [["b", "c"]]}),
    ("a[0].b=c,a[0].d=e", {"a": [{"b": "c", "d": "e"}]}),
    ("a[0].b=", {"a": []}),
    ("a[1].b=c,a[0].b=d", {"a": [{"b": "d"}, {"b": "c"}]}),
    ("a[0]=b,a[0].c=d", {"a": [{"c": "d"}]}),
    ("a[0].b[1].c=d", {"a": [{"b": [None, {"c": "d"}]}]}),
    ("a[0][1]=b", {"a": [[None, "b"]]}),
    ("a[0][0]=b,a[0][1]=c", {"a": [["b", "c"]]}),
    ("a[0]=b,a[0][1]=c", REFUSED),
    ("a=b,a[0]=c", REFUSED),
    ("a[0]=b,a.c=d", REFUSED),
    ("a[-1]=b", REFUSED),
    ("a[x]=b", REFUSED),
    ("a[]=b", REFUSED),
    ("a[0]b=c", REFUSED),
    ("a[+1]=b", {"a": [None, "b"]}),
    ("a[65537]=b", REFUSED),
    ("a[99999999999999999999]=b", REFUSED),
    ("[0]=b", {}),
    (".".join("a" * 31) + "=b", "deep"),
    (".".join("a" * 32) + "=b", REFUSED),
    ("ä.ö=ü,雪=☃", {"ä": {"ö": "ü"}, "雪": "☃"}),
]

OTHERS: list[tuple[str, str, Any]] = [
    ("set-string", "a=1,b=true,c=null,d=", {"a": "1", "b": "true", "c": "null", "d": ""}),
    ("set-string", "a={1,true}", {"a": ["1", "true"]}),
    ("set-string", "a[1].b=007", {"a": [None, {"b": "007"}]}),
    ("set-string", "a", REFUSED),
    ("set-json", 'a={"b":[1,2.5,null]}', {"a": {"b": [1, 2.5, None]}}),
    ("set-json", 'a={"b":1}, c=[true] ,d="x"', {"a": {"b": 1}, " c": [True], "d": "x"}),
    ("set-json", "a=", {"a": None}),
    ("set-json", "a=,b=1", {"a": None, "b": 1}),
    ("set-json", 'a[1]="x"', {"a": [None, "x"]}),
    ("set-json", "a[0]=", {"a": [None]}),
    ("set-json", 'a.b[0].c={"d":null}', {"a": {"b": [{"c": {"d": None}}]}}),
    ("set-json", "a=x", REFUSED),
    ("set-json", "a=NaN", REFUSED),
    ("set-json", "a='x'", REFUSED),
    ("set-json", 'a={"b":1', REFUSED),
    ("set-json", '{"a":{"b":1},"c":null}', {"a": {"b": 1}, "c": None}),
    ("set-json", ' {"a":1} ', {"a": 1}),
    ("set-json", '{"a":1} x', REFUSED),
    ("set-json", '{"a":1', REFUSED),
    ("set-literal", "a=b,c=d", {"a": "b,c=d"}),
    ("set-literal", "a=1", {"a": "1"}),
    ("set-literal", "a=", {"a": ""}),
    ("set-literal", r"a.b=x\,y{z}", {"a": {"b": r"x\,y{z}"}}),
    ("set-literal", "a[1]={b,c}", {"a": [None, "{b,c}"]}),
    ("set-literal", "a[0].b=c", {"a": [{"b": "c"}]}),
    ("set-literal", r"a\.b=c", {"a\\": {"b": "c"}}),
    ("set-literal", "a,b=c", {"a,b": "c"}),
    ("set-literal", "a", REFUSED),
]

ALL = [("set", text, wanted) for text, wanted in SET] + OTHERS

HelmSees = Callable[..., Any]


def deep(levels: int) -> dict[str, Any]:
    tree: Any = "b"
    for _ in range(levels):
        tree = {"a": tree}
    return dict(tree)


def ours(kind: str, text: str) -> Any:
    try:
        return parse_set(text, kind)  # type: ignore[arg-type]
    except UsageError:
        return REFUSED


@pytest.mark.parametrize(("kind", "text", "wanted"), ALL, ids=[f"{k} {t[:40]}" for k, t, _ in ALL])
def test_means_what_the_table_says(kind: str, text: str, wanted: Any) -> None:
    assert ours(kind, text) == (deep(31) if wanted == "deep" else wanted)


def test_means_what_the_real_helm_makes_of_it(helm_sees: HelmSees) -> None:
    with ThreadPoolExecutor(4) as pool:
        helm = list(pool.map(lambda case: helm_sees(f"--{case[0]}={case[1]}"), ALL))
    mine = [ours(kind, text) for kind, text, _ in ALL]
    assert [(*case[:2], h, m) for case, h, m in zip(ALL, helm, mine, strict=True) if h != m] == []


def test_an_index_that_is_never_closed_is_refused() -> None:
    """Helm 3 refuses it; Helm 4 silently sets nothing, which is no better for the person."""
    for text in ("a[0", "a.b[", "a[0][1"):
        assert ours("set", text) == REFUSED


def test_hostile_expressions_end_quickly_and_plainly() -> None:
    for text in ("a" + "[0]" * 5000 + "=1", "a=" + "9" * 5000, "a" + "[0].b" * 5000 + "=1", "." * 5000):
        assert ours("set", text) in (REFUSED, {"a": "9" * 5000}, {})
    assert ours("set-json", "a=" + "[" * 5000) == REFUSED
    assert ours("set-json", "a=" + "[" * 500 + "]" * 500) == REFUSED


def test_half_a_character_becomes_one_that_can_be_printed() -> None:
    tree = parse_set(r'a="\ud800x"', "set-json")
    assert tree["a"].encode() == "�x".encode()


def test_errors_are_one_line_that_names_flag_and_text() -> None:
    with pytest.raises(UsageError) as error:
        parse_set("image.tag")
    assert str(error.value) == 'failed parsing --set image.tag: key "tag" has no value'


@pytest.mark.parametrize(
    "value", ["x", "1", "true", "null", "", "a,b", "{a,b}", "{", r"a\b", r"a\,b", "a=b", 0, -5, True, None, 1.5, [], {}]
)
@pytest.mark.parametrize("path", [("a",), ("a", "b.c/d"), ("a", 1, "b"), ("a=b", "c[0]", "d,e"), (r"a\b",)])
def test_what_is_spelled_out_is_read_back(path: tuple[str | int, ...], value: Any) -> None:
    kind, text = spelled(path, value)
    found: Any = parse_set(text, kind)
    for step in path:
        found = found[step]
    assert found == value
    assert type(found) is type(value)


def test_what_is_spelled_out_is_read_back_by_the_real_helm(helm_sees: HelmSees) -> None:
    wanted = {"k.y": ["1", "{x", "a,b\\"], "n": {"t": True, "f": 1.5, "l": [{}]}}
    leaves = [(("k.y", i), v) for i, v in enumerate(wanted["k.y"])] + [(("n", k), v) for k, v in wanted["n"].items()]  # type: ignore[attr-defined]
    flags = [f"--{kind}={text}" for kind, text in (spelled(path, value) for path, value in leaves)]
    assert helm_sees(*flags) == wanted


def test_pairs_are_taken_apart_as_they_were_typed() -> None:
    assert pairs(r"a=1\,,b={1,2},c[0].d=x,") == [r"a=1\,", "b={1,2}", "c[0].d=x"]
    assert pairs('a={"x":1,"y":[2]}, b=2', "set-json") == ['a={"x":1,"y":[2]}', " b=2"]
    assert pairs("a=1,b=2", "set-literal") == ["a=1,b=2"]
    assert pairs("a=1,b") == ["a=1", "b"]


def test_a_value_cannot_smuggle_in_another_key() -> None:
    assert parse_set(pair("a", "x,b=y")) == {"a": "x,b=y"}
    assert parse_set(pair("a", "\\,b=y")) == {"a": "\\,b=y"}
    assert set_key(("a.b", 2, "c,d=e")) == r"a\.b[2].c\,d\=e"


def test_groups_are_laid_in_helms_order_and_say_where_they_came_from(tmp_path: Path) -> None:
    (tmp_path / "v.yaml").write_text("a: file\nb:\n  c: file\n  d: file\nkeep: 1\n")
    (tmp_path / "content").write_text("text\n")
    sets = [
        ("set-literal", "e=5"),
        ("set-file", "f=content"),
        ("set-string", "a=3"),
        ("set", "a=2,b.c=2,g=2"),
        ("set-json", "a=1,g=1,h=1"),
    ]
    values, problems = values_given(None, files=["v.yaml"], sets=sets, cwd=tmp_path)
    assert not problems
    assert values.tree == {"a": "3", "b": {"c": 2, "d": "file"}, "keep": 1, "g": 2, "h": 1, "f": "text\n", "e": "5"}
    assert {".".join(map(str, p)): str(o) for p, o in values.origins.items()} == {
        "a": "--set-string a=3",
        "b.c": "--set a=2,b.c=2,g=2",
        "b.d": "v.yaml:4",
        "keep": "v.yaml:5",
        "g": "--set a=2,b.c=2,g=2",
        "h": "--set-json a=1,g=1,h=1",
        "f": "--set-file f=content",
        "e": "--set-literal e=5",
    }


def test_a_leaf_that_is_no_more_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "v.yaml").write_text("a: {b: 1}\nc: s\nd: {}\n")
    sets = [("set", "a=2"), ("set", "c.e=3,d.f=4"), ("set-json", 'g={"h":{"i":1}}')]
    values, _ = values_given(None, files=["v.yaml"], sets=sets, cwd=tmp_path)
    assert set(values.origins) == {path for path, _ in values.leaves()}
    assert str(values.origin(("g", "h", "i"))) == '--set-json g={"h":{"i":1}}'
