"""Conditions: every operator, three-valued truth, what decided, sentences, and errors in plain words."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from upgradecheck.conditions import UNKNOWN, ConditionError, compile_path, compile_where, safe_pattern
from upgradecheck.conditions.compile import NAMES
from upgradecheck.conditions.schema import where_definitions
from upgradecheck.quantities import quantity
from upgradecheck.versions import Version

OBJECT = {
    "metadata": {
        "name": "agent",
        "labels": {"app": "x", "node-role.kubernetes.io/worker": ""},
        "annotations": {"x.io/y": "on"},
        "finalizers": ["a", "b"],
    },
    "spec": {
        "replicas": 3,
        "ratio": 0.5,
        "flag": True,
        "off": False,
        "nothing": None,
        "cpu": "500m",
        "memory": "1Gi",
        "version": "v1.28.3+k3s1",
        "image": "quay.io/cilium:v1.12.0",
        "digits": "3",
        "none": [],
        "tag": "latest",
        "containers": [
            {"name": "agent", "image": "quay.io/a", "ports": [{"port": 80}, {"port": 443}]},
            {"name": "init", "image": "docker.io/b"},
        ],
        "taints": [{"key": "k1", "effect": "NoSchedule"}, {"key": "k2", "effect": "NoExecute", "type": "odd"}],
        "hidden": UNKNOWN,
        "part": [UNKNOWN, 1],
    },
}
REFS: dict[str, Any] = {
    "$": OBJECT,
    "$upgrade": {"to": "1.30.0", "version": Version.parse("1.28.3")},
    "$values": {"given": {"a": {"b": 3, "names": ["agent", "other"]}}, "before": UNKNOWN},
    "$release": None,
    "$command": {"flags": ["reuse-values"]},
}


def judged(text: str) -> bool | None:
    return compile_where(yaml.safe_load(text)).judge(OBJECT, REFS).truth


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        # equals
        ("metadata.name: agent", True),
        ("metadata.name: {equals: agent}", True),
        ("metadata.name: Agent", False),
        ("spec.replicas: 3", True),
        ("spec.replicas: 3.0", True),
        ('spec.replicas: "3"', False),
        ("spec.digits: 3", False),
        ("spec.flag: true", True),
        ("spec.flag: 1", False),
        ("spec.replicas: true", False),
        ("spec.ratio: 0.5", True),
        ("metadata.finalizers: {equals: [a, b]}", True),
        ("metadata.finalizers: {equals: [b, a]}", False),
        ("spec.taints: {equals: 1}", False),
        ("spec.containers[1]: {equals: {name: init, image: docker.io/b}}", True),
        ("spec.missing: x", False),
        ("spec.nothing: x", False),
        ("spec.hidden: x", None),
        ("spec.part: {equals: [1, 1]}", None),
        # in
        ("metadata.name: {in: [agent, other]}", True),
        ("metadata.name: {in: [other]}", False),
        ("spec.flag: {in: [1, yes please]}", False),
        ("spec.missing: {in: [a]}", False),
        ("spec.hidden: {in: [a]}", None),
        # matches, starts, ends, contains
        ("spec.image: {matches: 'cilium:v1\\.1[12]'}", True),
        ("spec.image: {matches: '^cilium'}", False),
        ("spec.replicas: {matches: '3'}", False),
        ("spec.missing: {matches: '.*'}", False),
        ("spec.hidden: {matches: '.*'}", None),
        ("spec.image: {starts: quay.io/}", True),
        ("spec.image: {starts: docker.io/}", False),
        ("spec.image: {ends: v1.12.0}", True),
        ("spec.image: {ends: latest}", False),
        ("spec.replicas: {starts: '3'}", False),
        ("spec.image: {contains: cilium}", True),
        ("metadata.finalizers: {contains: a}", True),
        ("metadata.finalizers: {contains: c}", False),
        ("metadata.labels: {contains: node-role.kubernetes.io/worker}", True),
        ("spec.part: {contains: 1}", True),
        ("spec.part: {contains: 2}", None),
        ("spec.replicas: {contains: 3}", False),
        # exists, absent, empty
        ("spec.flag: {exists: true}", True),
        ("spec.missing: {exists: true}", False),
        ("spec.missing: {exists: false}", True),
        ("spec.nothing: {exists: true}", False),
        ("spec.hidden: {exists: true}", None),
        ("spec.missing: {absent: true}", True),
        ("spec.missing.below.that: {absent: true}", True),
        ("metadata.name.below: {absent: true}", True),
        ("spec.nothing: {absent: true}", True),
        ("spec.flag: {absent: true}", False),
        ("spec.flag: {absent: false}", True),
        ("spec.hidden: {absent: true}", None),
        ("spec.hidden.below: {absent: true}", None),
        ("spec.none: {empty: true}", True),
        ("spec.missing: {empty: true}", True),
        ("spec.off: {empty: true}", False),
        ("spec.taints: {empty: false}", True),
        ("spec.hidden: {empty: true}", None),
        # type
        ("spec.replicas: {type: number}", True),
        ("spec.replicas: {type: integer}", True),
        ("spec.ratio: {type: integer}", False),
        ("spec.flag: {type: number}", False),
        ("spec.flag: {type: boolean}", True),
        ("spec.digits: {type: string}", True),
        ("spec.digits: {type: [number, string]}", True),
        ("spec.taints: {type: list}", True),
        ("spec.containers[0]: {type: map}", True),
        ('spec.nothing: {type: "null"}', True),
        ('spec.missing: {type: "null"}', False),
        # lt le gt ge
        ("spec.replicas: {lt: 4}", True),
        ("spec.replicas: {lt: 3}", False),
        ("spec.replicas: {le: 3}", True),
        ("spec.replicas: {gt: 2}", True),
        ("spec.replicas: {ge: 3, le: 3}", True),
        ("spec.replicas: {ge: 4}", False),
        ("spec.cpu: {lt: 1}", True),
        ("spec.cpu: {ge: 0.5}", True),
        ("spec.cpu: {gt: 500m}", False),
        ("spec.memory: {gt: 1G}", True),
        ("spec.memory: {le: 1024Mi}", True),
        ("spec.image: {lt: 3}", False),
        ("spec.flag: {lt: 3}", False),
        ("spec.missing: {lt: 3}", False),
        ("spec.hidden: {lt: 3}", None),
        # within
        ('spec.version: {within: "1.28.0..1.28.9 || <1.20.0"}', True),
        ('spec.version: {within: "<1.28.3"}', False),
        ('spec.tag: {within: "<1.28.3"}', None),
        ('spec.replicas: {within: "<1.28.3"}', False),
        ('spec.missing: {within: "<1.28.3"}', False),
        # count
        ("spec.taints: {count: 2}", True),
        ("spec.taints: {count: {gt: 2}}", False),
        ("metadata.labels: {count: 2}", True),
        ("spec.missing: {count: 0}", True),
        ("spec.image: {count: {ge: 0}}", False),
        ("spec.hidden: {count: 0}", None),
        # any, all, none over lists
        ("spec.taints: {any: {key: k1, effect: NoSchedule}}", True),
        ("spec.taints: {any: {key: k1, effect: NoExecute}}", False),
        ("spec.taints: {any: {key: k2, type: odd}}", True),
        ("spec.taints: {any: {'[\"type\"]': odd}}", True),
        ("spec.taints: {all: {effect: {starts: 'No'}}}", True),
        ("spec.taints: {all: {key: k1}}", False),
        ("spec.taints: {none: {key: k3}}", True),
        ("spec.taints: {none: {key: k1}}", False),
        ("metadata.finalizers: {any: a}", True),
        ("metadata.finalizers: {any: {in: [c, d]}}", False),
        ("metadata.finalizers: {all: {in: [a, b]}}", True),
        ("spec.part: {any: 1}", True),
        ("spec.part: {any: 2}", None),
        ("spec.part: {all: 1}", None),
        ("spec.part: {all: 2}", False),
        ("spec.part: {none: 1}", False),
        ("spec.part: {none: 2}", None),
        ("spec.missing: {any: 1}", False),
        ("spec.missing: {all: 1}", True),
        ("spec.missing: {none: 1}", True),
        ("spec.hidden: {none: 1}", None),
        ("spec.image: {none: 1}", False),
        ("spec.taints: {any: {or: [{key: k9}, {effect: NoExecute}]}}", True),
        ("spec.taints: {any: {and: [{key: k1}, {effect: NoExecute}]}}", False),
        ("spec.taints: {any: {not: {key: k1}}}", True),
        ("spec.taints: {all: {not: {key: k1}}}", False),
        # any, all, none over maps
        ("metadata.labels: {any: x}", True),
        ("metadata.labels: {any: {starts: z}}", False),
        ("metadata.labels: {any: {key: {starts: node-role.}}}", True),
        ("metadata.labels: {any: {key: app, value: x}}", True),
        ("metadata.labels: {any: {key: app, value: y}}", False),
        ("metadata.labels: {none: {key: {starts: other/}}}", True),
        ("metadata.labels: {all: {value: {type: string}}}", True),
        # and, or, not, default
        ("spec.replicas: {and: [{gt: 1}, {lt: 9}]}", True),
        ("spec.replicas: {or: [1, 3]}", True),
        ("spec.replicas: {or: [{lt: 1}, {gt: 9}]}", False),
        ("spec.replicas: {not: 3}", False),
        ("spec.replicas: {not: {in: [1, 2]}}", True),
        ("spec.missing: {not: true}", True),
        ("spec.hidden: {not: true}", None),
        ("and: [{spec.flag: true}, {spec.off: false}]", True),
        ("or: [{spec.flag: false}, {spec.off: false}]", True),
        ("not: {spec.flag: true}", False),
        ("not: {spec.flag: true, spec.off: true}", True),
        ("spec.missing: {equals: 4, default: 4}", True),
        ("spec.missing: {not: 4, default: 4}", False),
        ("spec.nothing: {lt: 4, default: 3}", True),
        ("spec.replicas: {equals: 4, default: 4}", False),
        ("spec.hidden: {equals: 4, default: 4}", None),
        ("spec.missing: {absent: true, default: 4}", False),
        # paths
        ('metadata.annotations["x.io/y"]: on please', False),
        ("metadata.annotations['x.io/y']: {starts: o}", True),
        ("spec.containers[*].image: {starts: docker.io/}", True),
        ("spec.containers[*].image: {starts: ghcr.io/}", False),
        ("spec.containers[*].ports: {absent: true}", True),
        ("spec.containers[*].ports[*].port: 443", True),
        ("spec.containers[name=agent].image: quay.io/a", True),
        ("spec.containers[name=agent].image: docker.io/b", False),
        ("spec.containers[name=other].image: {absent: true}", True),
        ("spec.containers[name='init'].image: docker.io/b", True),
        ("spec.containers[0].ports[port=443]: {exists: true}", True),
        ("spec.containers[0].name: agent", True),
        ("spec.containers[9].name: {absent: true}", True),
        ("metadata.labels.*: x", True),
        ("spec.none[*].x: {absent: true}", False),
        ("spec.missing[*]: {exists: false}", False),
        ("spec.hidden[*].x: 1", None),
        ("spec.part[*]: 1", True),
        ("spec.part[*]: 2", None),
        # references
        ("spec.replicas: $values.given.a.b", True),
        ("metadata.name: {in: $values.given.a.names}", True),
        ("metadata.name: {in: '$.spec.containers[*].name'}", True),
        ("metadata.name: {in: $.metadata.labels}", False),
        ("metadata.name: $.spec.containers[0].name", True),
        ("metadata.name: $.spec.missing", False),
        ("metadata.name: $values.before.x", None),
        ("metadata.name: $release.name", None),
        ("metadata.name: $server.version", None),
        ("spec.missing: $values.before.x", False),
        ("spec.version: {within: $upgrade.version}", True),
        ("spec.version: {within: $upgrade.to}", False),
        ("spec.replicas: {ge: $values.given.a.b}", True),
        ("spec.replicas: {ge: $.spec.image}", False),
        ("metadata.name: $$HOME", False),
    ],
)
def test_operator(text: str, truth: bool | None) -> None:
    assert judged(text) is truth


def test_every_operator_is_in_the_table_above() -> None:
    [mark] = [m for m in test_operator.pytestmark if m.name == "parametrize"]  # type: ignore[attr-defined]
    texts = " ".join(text for text, _ in mark.args[1])
    assert [name for name in NAMES if f"{name}:" not in texts and name != "equals"] == []


def test_a_doubled_dollar_is_a_literal_one() -> None:
    assert compile_where({"a": "$$x"}).judge({"a": "$x"}, {}).truth is True


@pytest.mark.parametrize("one", [True, False, None])
@pytest.mark.parametrize("other", [True, False, None])
def test_truth_tables(one: bool | None, other: bool | None) -> None:
    data = {"a": UNKNOWN if one is None else one, "b": UNKNOWN if other is None else other}
    both = False if False in (one, other) else None if None in (one, other) else True
    either = True if True in (one, other) else None if None in (one, other) else False
    assert compile_where({"a": True, "b": True}).judge(data, {}).truth is both
    assert compile_where({"and": [{"a": True}, {"b": True}, {"a": True}]}).judge(data, {}).truth is both
    assert compile_where({"or": [{"a": True}, {"b": True}]}).judge(data, {}).truth is either
    inverse = {True: False, False: True, None: None}
    assert compile_where({"not": {"or": [{"a": True}, {"b": True}]}}).judge(data, {}).truth is inverse[either]
    assert compile_where({"a": {"not": True}}).judge(data, {}).truth is inverse[one]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("{spec.flag: true, spec.replicas: 3}", [("spec", "flag"), ("spec", "replicas")]),
        ("{spec.flag: true, spec.replicas: 4}", [("spec", "replicas")]),
        ("spec.missing.x: {absent: true}", [("spec", "missing", "x")]),
        ("spec.containers[*].image: {starts: docker}", [("spec", "containers", 1, "image")]),
        ("spec.containers[name=init].image: {starts: docker}", [("spec", "containers", 1, "image")]),
        ("spec.taints: {any: {key: k2}}", [("spec", "taints", 1, "key")]),
        ("spec.taints: {none: {key: k2}}", [("spec", "taints", 1, "key")]),
        ("spec.taints: {none: {key: k3}}", [("spec", "taints")]),
        ("spec.taints: {all: {key: k1}}", [("spec", "taints", 1, "key")]),
        (
            "metadata.labels: {any: {key: {starts: node-role}}}",
            [("metadata", "labels", "node-role.kubernetes.io/worker")],
        ),
        ("metadata.labels: {any: x}", [("metadata", "labels", "app")]),
        ("or: [{spec.flag: false}, {spec.off: false}]", [("spec", "off")]),
        ("not: {spec.flag: false}", [("spec", "flag")]),
        ("spec.part[*]: 2", [("spec", "part", 0)]),
        ("spec.missing: {equals: 4, default: 4}", [("spec", "missing")]),
        ("spec.none[*].x: 1", [()]),
    ],
)
def test_what_decided(text: str, paths: list[tuple[str | int, ...]]) -> None:
    found = compile_where(yaml.safe_load(text)).judge(OBJECT, REFS)
    assert list(found.paths) == paths
    assert found.path == paths[-1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '{spec.opstype: upgrade, spec.imageurl: {starts: "http://"}, spec.flagSafe: {not: true}}',
            'spec.opstype is "upgrade" and spec.imageurl starts with "http://" and spec.flagSafe is not true',
        ),
        ("a: {in: [x, 2, y]}", 'a is one of "x", 2 or "y"'),
        ("a: {not: {in: [x]}}", 'a is none of "x"'),
        ("a: {ge: 1, lt: 1Gi}", 'a is at least 1 and is less than "1Gi"'),
        ("a: {absent: true}", "a is not set"),
        ("a: {empty: false}", "a is not empty"),
        ("a: {equals: true, default: false}", "a is true (it is false where absent)"),
        ("or: [{a: 1}, {b: {absent: false}}]", "either a is 1 or b is set"),
        ("not: {or: [{a: 1}, {b: 2}]}", "a is not 1 and b is not 2"),
        (
            "t: {none: {key: k, effect: {in: [A, B]}}}",
            't has no member where key is "k" and effect is one of "A" or "B"',
        ),
        ("t: {all: {starts: x}}", 't has only members of which each starts with "x"'),
        ("t: {count: {ge: 2}}", "t has a count that is at least 2"),
        ('v: {within: "<1.2.0"}', 'v is a version within "<1.2.0"'),
        ("v: {type: [string, number]}", "v is of type string or number"),
        ("v: $upgrade.to", "v is to of the upgrade"),
        ("v: {in: $values.given.a}", "v is one of a of the values given on the command"),
    ],
)
def test_sentence(text: str, sentence: str) -> None:
    assert compile_where(yaml.safe_load(text)).sentence() == sentence


@pytest.mark.parametrize(
    ("text", "words", "path"),
    [
        ("{}", "a mapping of paths", ()),
        ("[a]", "a mapping of paths", ()),
        ("a: {start: x}", "unknown operator 'start'; did you mean starts?", ("a", "start")),
        ("a: {field: x}", "a field below is written path.field", ("a", "field")),
        ("a: [x]", "write {in: […]}", ("a",)),
        ("a:", "write {absent: true}", ("a",)),
        ("a: {equals: }", "write {absent: true}", ("a", "equals")),
        ("a: {}", "no operator here", ("a",)),
        ("a: {default: 1}", "no operator here", ("a",)),
        ("a: {in: x}", "is no list", ("a", "in")),
        ("a: {lt: x}", "neither a number nor a quantity", ("a", "lt")),
        ("a: {lt: 1.2.3}", "versions take `within`", ("a", "lt")),
        ("a: {within: 1.30}", "quote it", ("a", "within")),
        ("a: {within: newest}", "is no version", ("a", "within")),
        ("a: {within: [1]}", "quote it", ("a", "within")),
        ("a: {matches: '('}", "no regular expression", ("a", "matches")),
        ("a: {matches: '(a+)+$'}", "can take for ever", ("a", "matches")),
        ("a: {starts: 3}", "is no text", ("a", "starts")),
        ("a: {exists: maybe}", "takes true or false", ("a", "exists")),
        ("a: {type: text}", "is no type", ("a", "type")),
        ("t: {any: {type: Ready}}", "written '[\"type\"]'", ("t", "any", "type")),
        ("t: {any: {start: x}}", "written '[\"start\"]'", ("t", "any", "start")),
        ("t: {count: many}", "whole number", ("t", "count")),
        ("t: {count: true}", "whole number", ("t", "count")),
        ("a: {and: x}", "takes a list", ("a", "and")),
        ("or: [{a: 1}, {b: {foo: 1}}]", "unknown operator", ("or", 1, "b", "foo")),
        ("equals: {a: 1}", "stands beside no path", ("equals",)),
        ("a b: 1", "stops making sense at ' b'", ("a b",)),
        ("a.x.io/y: 1", 'written ["like.this/one"]', ("a.x.io/y",)),
        ("$upgrade.to: 1", "$ is for values", ("$upgrade.to",)),
        ("a[b: 1", "stops making sense", ("a[b",)),
        ("a..b: 1", "stops making sense", ("a..b",)),
        ("a: $upgrad.to", "did you mean $upgrade?", ("a",)),
        ("a: $values.a", "there is $values.given", ("a",)),
        ("a: $values", "there is $values.given", ("a",)),
        ("a: '$upgrade.a b'", "stops making sense", ("a",)),
        ("1: a", "is no path", (1,)),
    ],
)
def test_a_bad_condition_is_refused_with_its_place(text: str, words: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_where(yaml.safe_load(text))
    assert words in caught.value.text
    assert caught.value.path == path


def test_a_condition_cannot_nest_without_end() -> None:
    where: dict[str, Any] = {"a": 1}
    for _ in range(500):
        where = {"not": where}
    with pytest.raises(ConditionError, match="deep"):
        compile_where(where)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|b)*c", "(?:a?){50}", "((ab*))+", "(x+x+)+y", r"(\w+\s?)*$", "([ab]{2,})*"]
)
def test_patterns_that_blow_up_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="for ever"):
        safe_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"^https?://", r"(\d{1,3}\.){3}\d+", "(a|b)c", "(?:ab)+", r"[(+*]+", r"\(a+\)+", "(?i)x+", "(?P<n>a+)b", "a{2}"],
)
def test_plain_patterns_are_taken(pattern: str) -> None:
    assert safe_pattern(pattern)[0].pattern == pattern


def test_a_pattern_is_not_put_to_endless_text() -> None:
    where = compile_where({"a": {"matches": "a+b"}})
    assert where.judge({"a": "a" * 100_000}, {}).truth is None
    assert where.judge({"a": "aab"}, {}).truth is True


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500m", 0.5), ("1Gi", 2**30), ("1G", 10**9), ("1e3", 1000), ("1E", 10**18), ("1E2", 100), (".5", 0.5),
        ("0.1", 0.1), ("5.", 5), ("-1", -1), ("100u", 0.0001), ("1n", 1e-9), (3, 3), (0.5, 0.5), ("1Ki", 1024),
        ("1 Gi", None), ("", None), ("abc", None), ("1.2.3", None), (True, None), (None, None), ([], None),
        ("1e999999999", None), ("9" * 1000, None), (float("nan"), None), ("١", None),
    ],
)  # fmt: skip
def test_quantity(text: Any, size: float | None) -> None:
    found = quantity(text)
    assert found is None if size is None else float(found) == pytest.approx(size)  # type: ignore[arg-type]


def test_a_tenth_is_exact() -> None:
    assert sum(quantity("0.1") for _ in range(10)) == 1  # type: ignore[misc]


def test_find_gives_paths_and_values() -> None:
    found = compile_path("spec.containers[*].ports[*].port").find(OBJECT)
    assert found == [
        (("spec", "containers", 0, "ports", 0, "port"), 80),
        (("spec", "containers", 0, "ports", 1, "port"), 443),
    ]
    assert compile_path("spec.missing").find(OBJECT) == []
    assert compile_path('metadata.annotations["x.io/y"]').find(OBJECT) == [
        (("metadata", "annotations", "x.io/y"), "on")
    ]
    assert compile_path("metadata.labels.*").find(OBJECT)[0] == (("metadata", "labels", "app"), "x")
    assert compile_path("a.b.c.d.e").find({"a": {"b": {"c": {"d": {"e": 1}}}}}) == [(("a", "b", "c", "d", "e"), 1)]


@pytest.mark.parametrize(
    "data", [None, [], "text", 3, {"spec": []}, {"spec": "x"}, {"spec": {"taints": {"a": 1}}}, UNKNOWN]
)
def test_odd_data_never_crashes(data: Any) -> None:
    [mark] = [m for m in test_operator.pytestmark if m.name == "parametrize"]  # type: ignore[attr-defined]
    for text, _ in mark.args[1]:
        found = compile_where(yaml.safe_load(text)).judge(data, {"$": data})
        assert found.truth in (True, False, None)
        assert all(isinstance(path, tuple) for path in found.paths)


def test_the_schema_takes_what_the_compiler_takes() -> None:
    schema = {"$defs": where_definitions(), "$ref": "#/$defs/where"}
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    [mark] = [m for m in test_operator.pytestmark if m.name == "parametrize"]  # type: ignore[attr-defined]
    refused = [text for text, _ in mark.args[1] if not validator.is_valid(yaml.safe_load(text))]
    assert refused == []
    for bad in ("{}", "a: {start: x}", "a: [x]", "a: {exists: maybe}", "a: {within: 1.30}", "a: {type: text}"):
        assert not validator.is_valid(yaml.safe_load(bad)), bad
