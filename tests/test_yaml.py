"""Files are cut into objects that know their kind, name and lines; what cannot be read is one clear error."""

from __future__ import annotations

import gc
import json
import random
from pathlib import Path
from typing import Any

import pytest

from upgradecheck.yaml import Broken, Chunk, YamlError, chunks, collector, load, load_all, load_with_lines
from upgradecheck.yaml import nodes as yaml_nodes
from upgradecheck.yaml.lists import is_list

DUMPS = sorted(Path(__file__).parents[2].glob("shared/dumps/*/*.yaml"))

HEAD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {}\n  namespace: shop\n"
LIST = """\
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    annotations:
      note: 'a message that is
        wrapped: over lines'
    name: a
    namespace: shop
  spec:
    containers:
    - args:
      - |
        kind: Fake
        metadata: x
      name: c
- apiVersion: apps/v1
  data:
    kind: Inner
  kind: Deployment
  metadata:
    name: "b"
kind: List
metadata:
  resourceVersion: ""
"""

Row = tuple[str, str, str, str, str, int, Any]


def objects(text: str | bytes) -> list[Chunk]:
    found = list(chunks(text.encode() if isinstance(text, str) else text, name="a.yaml"))
    assert not [entry for entry in found if isinstance(entry, Broken)]
    return [entry for entry in found if isinstance(entry, Chunk)]


def only_broken(text: str | bytes) -> Broken:
    found = list(chunks(text.encode() if isinstance(text, str) else text, name="a.yaml"))
    assert [type(entry) for entry in found] == [Broken]
    assert isinstance(found[0], Broken)
    return found[0]


def row(value: Any, line: int, listed: str) -> Row:
    data = value if isinstance(value, dict) else {}
    metadata = data.get("metadata") if isinstance(data.get("metadata"), dict) else {}
    words = (data.get("apiVersion"), data.get("kind"), metadata.get("namespace"), metadata.get("name"))
    api, kind, namespace, name = (word if isinstance(word, str) else "" for word in words)
    return api, kind, namespace, name, listed, line, json.dumps(value, sort_keys=True)


def cut_rows(text: bytes) -> list[Row] | None:
    """What the short cut makes of a text: None where anything is broken."""
    found = list(chunks(text, name="a.yaml"))
    rows = []
    for entry in found:
        if isinstance(entry, Broken):
            return None
        built = entry.build()
        made = row(built, entry.line, entry.listed)
        rows.append((entry.api_version, entry.kind, entry.namespace, entry.name, *made[4:]))
        assert made[:4] == rows[-1][:4]
    return rows


def whole_rows(text: bytes) -> list[Row] | None:
    """The same from one document that was read whole, without any short cut."""
    try:
        value, locate = load_with_lines(text)
    except YamlError:
        return None
    if not is_list(value):
        return [row(value, locate(()), "")] if value is not None else []
    kind, api = value["kind"], value.get("apiVersion", "")
    if not value["items"]:
        return [row(value, locate(()), kind)]
    rows = []
    for index, entry in enumerate(value["items"] or []):
        if not isinstance(entry, dict) or is_list(entry):
            return None
        if kind != "List" and not isinstance(entry.get("kind"), str) and not isinstance(entry.get("apiVersion"), str):
            entry = {**entry, "apiVersion": api, "kind": kind.removesuffix("List")}
        rows.append(row(entry, locate(("items", index)), kind))
    return rows


class TestCutting:
    def test_a_list_is_its_items_each_with_its_head_and_line(self) -> None:
        pod, deployment = objects(LIST)
        assert (pod.api_version, pod.kind, pod.namespace, pod.name, pod.line) == ("v1", "Pod", "shop", "a", 3)
        assert (deployment.api_version, deployment.kind, deployment.namespace) == ("apps/v1", "Deployment", "")
        assert (deployment.name, deployment.line, deployment.listed, deployment.list_api) == ("b", 18, "List", "v1")
        assert pod.list_id == deployment.list_id != 0
        assert pod.build()["metadata"]["annotations"]["note"] == "a message that is wrapped: over lines"
        assert pod.text().startswith(b"- apiVersion: v1\n  kind: Pod\n")

    def test_documents_comments_and_blank_lines(self) -> None:
        text = "# first\n---\n\n" + HEAD.format("a") + "---\n# nothing\n---\n" + HEAD.format("b") + "\n--- # end\n"
        assert [(entry.name, entry.line, entry.listed, entry.list_id) for entry in objects(text)] == [
            ("a", 4, "", 0),
            ("b", 12, "", 0),
        ]

    def test_each_list_of_a_file_has_its_own_number(self) -> None:
        first, second, third, fourth = objects(LIST + "---\n" + LIST)
        assert first.list_id == second.list_id != third.list_id == fourth.list_id

    @pytest.mark.parametrize("style", ["yaml", "json"])
    def test_items_of_a_typed_list_take_kind_and_api_version_from_it(self, style: str) -> None:
        tree = {"apiVersion": "apps/v1", "kind": "DaemonSetList", "items": [{"metadata": {"name": "a"}, "spec": {}}]}
        text = json.dumps(tree, indent=1) if style == "json" else "".join(
            ("apiVersion: apps/v1\nitems:\n- metadata:\n    name: a\n  spec: {}\n", "kind: DaemonSetList\n")
        )  # fmt: skip
        (found,) = objects(text)
        assert (found.api_version, found.kind, found.name, found.listed) == (
            "apps/v1",
            "DaemonSet",
            "a",
            "DaemonSetList",
        )
        assert found.build() == {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a"}, "spec": {}}

    @pytest.mark.parametrize(
        "text",
        [
            "apiVersion: v1\nitems: []\nkind: PodList\n",
            "apiVersion: v1\nitems:\nkind: PodList\n",
            '{"apiVersion": "v1", "items": [], "kind": "PodList"}',
            '{"apiVersion": "v1", "items": null, "kind": "PodList"}',
        ],
    )
    def test_a_list_without_items_says_so(self, text: str) -> None:
        (found,) = objects(text)
        assert found.is_list
        assert (found.kind, found.api_version, found.listed) == ("PodList", "v1", "PodList")

    def test_lists_inside_lists_are_flattened(self) -> None:
        inner = {"kind": "List", "items": [{"kind": "A", "metadata": {"name": "x"}}]}
        text = json.dumps({"kind": "List", "items": [inner, {"kind": "B"}]}, indent=1)
        assert [found.kind for found in objects(text)] == ["A", "B"]
        assert [found.line for found in objects(text)] == [7, 15]
        assert [found.kind for found in objects("x: 1\n---\n" + text)] == ["", "A", "B"]

    def test_a_kind_that_only_ends_in_list_is_an_object(self) -> None:
        (found,) = objects("apiVersion: net.x/v1\nkind: DenyList\nmetadata:\n  name: a\nspec: {}\n")
        assert (found.kind, found.listed, found.is_list) == ("DenyList", "", False)

    def test_a_bare_document_has_no_head(self) -> None:
        (found,) = objects("replicas: 2\nimage:\n  tag: v1\n")
        assert (found.kind, found.name, found.line) == ("", "", 1)
        assert found.build() == {"replicas": 2, "image": {"tag": "v1"}}

    def test_nothing_is_built_for_plain_items(self, monkeypatch: pytest.MonkeyPatch) -> None:
        composed: list[bytes] = []
        real = yaml_nodes.compose_all
        spy = lambda text, plain=False: composed.append(text) or real(text, plain)  # noqa: E731
        monkeypatch.setattr("upgradecheck.yaml.pieces.compose_all", spy)
        found = objects(LIST)
        assert composed == []
        found[1].build()
        assert [text[:10] for text in composed] == [b"- apiVersi"]

    def test_windows_lines_and_marks_change_nothing(self) -> None:
        expected = cut_rows(LIST.encode())
        assert cut_rows(LIST.replace("\n", "\r\n").encode()) == expected
        assert cut_rows(LIST.replace("\n", "\r").encode()) == expected
        assert cut_rows(b"\xef\xbb\xbf" + LIST.encode()) == expected
        assert cut_rows(b"\xff\xfe" + LIST.replace("\n", "\r\n").encode("utf-16-le")) == expected


AWKWARD = {
    "flow style": "{apiVersion: v1, kind: List, items: [{kind: A, metadata: {name: x}}, {kind: B}]}\n",
    "flow items": "kind: List\nitems:\n- {kind: A, metadata: {name: x}}\n- kind: B\n",
    "alias across items": "kind: List\nitems:\n- kind: A\n  metadata: &m\n    name: x\n- kind: B\n  metadata: *m\n",
    "alias to an item": "kind: List\nitems:\n- &a\n  kind: A\n- *a\n",
    "merge at the top": "kind: List\nitems:\n- kind: A\n  x: &m {kind: C}\n  <<: *m\n",
    "quoted keys": 'kind: List\nitems:\n- \'kind\': A\n  "metadata": {"name": x}\n',
    "escaped key": 'kind: List\nitems:\n- kind: A\n  "\\x6bind": B\n',
    "kind twice": "kind: List\nitems:\n- kind: A\n  kind: B\n",
    "name twice": "kind: List\nitems:\n- kind: A\n  metadata:\n    name: x\n    name: z\n",
    "metadata twice": "kind: List\nitems:\n- kind: A\n  metadata:\n    name: x\n  metadata:\n    namespace: z\n",
    "numbers as names": "kind: List\nitems:\n- kind: 1\n  metadata:\n    name: 12\n    namespace: y\n",
    "name over lines": "kind: List\nitems:\n- kind: A\n  metadata:\n    name: x\n      z\n",
    "name below its key": "kind: List\nitems:\n- kind: A\n  metadata:\n    name:\n      x\n",
    "name with a comment": "kind: List\nitems:\n- kind: A # really\n  metadata: # too\n    name: x # as well\n",
    "name as a block": "kind: List\nitems:\n- kind: A\n  metadata:\n    name: |-\n      x\n",
    "tagged name": "kind: List\nitems:\n- kind: !!str 12\n  metadata:\n    name: !x y\n",
    "indented items": "kind: List\nitems:\n  - kind: A\n    metadata:\n      name: x\n\n  # next\n  - kind: B\n",
    "dash alone": "kind: List\nitems:\n-\n  kind: A\n-\n  kind: B\n",
    "wide dashes": "kind: List\nitems:\n-   kind: A\n    metadata:\n        name: x\n-   kind: B\n",
    "items first": "items:\n- kind: A\nkind: List\n",
    "items twice": "kind: List\nitems:\n- kind: A\nitems:\n- kind: B\n",
    "quoted items key": "kind: List\n'items':\n- kind: A\n",
    "comment at the margin": "kind: List\nitems:\n- kind: A\n# here\n  metadata:\n# there\n    name: x\n- kind: B\n",
    "quote over the margin": 'kind: List\nitems:\n- kind: A\n  x: "a\n- kind: F\n  b"\n- kind: B\n',
    "quote over keys": "kind: List\nitems:\n- x: 'a\n  kind: F\n  b'\n  kind: B\n",
    "quote with all the keys": "kind: List\nitems:\n- x: 'a\n  kind: F\n  b'\n",
    "quote with a kind": 'kind: List\nitems:\n- x: "a\n  kind: F\n  b"\n  metadata:\n    name: x\n',
    "old mac line inside": "kind: List\nitems:\n- x: a\r  kind: F\n",
    "old mac line with an item": "kind: List\nitems:\n- kind: A\n  x: b\r- F\n",
    "quote hides the end": 'x: "a\nitems:\n- kind: A\nb"\nkind: List\n',
    "flow hides a kind": "kind: List\nitems:\n- d:\n    a: ['x\n  foo: ', '\n  kind: Fake\n      z']\n  kind: Real\n",
    "block as first key": "kind: List\nitems:\n- data: |\n    kind: F\n  kind: B\n",
    "block with dashes": "kind: List\nitems:\n- kind: A\n  x: |\n    - kind: F\n    - kind: G\n- kind: B\n",
    "block at the end": "kind: List\nitems:\n- kind: A\n  x: |+\n    a\n\n\n- kind: B\n  y: |\n    b\nmetadata: {}\n",
    "block that is not indented": "kind: List\nitems:\n- kind: A\n  x: |1\n    a\n   b\n",
    "line separators": "kind: List\nitems:\n- kind: A\n  x: a\u2028- kind: F\n- kind: B\n",
    "explicit keys": "kind: List\nitems:\n- ? kind\n  : A\n",
    "document inside": "kind: List\nitems:\n- kind: A\n  x: |\n    ---\n    a\n",
    "lists of lists": "kind: List\nitems:\n- kind: A\n  x:\n  - - a\n    - b\n  - - c\n",
    "lists at their keys": "kind: List\nitems:\n- kind: A\n  x:\n  - kind: F\n  - kind: G\n- kind: B\n",
    "scalars as items": "kind: List\nitems:\n- A\n- kind: B\n",
    "nulls as items": "kind: List\nitems:\n-\n- kind: B\n",
    "null key": "kind: List\nitems:\n- kind: A\n  null: x\n",
    "null key in capitals": "kind: List\nitems:\n- kind: A\n  x:\n    NULL: x\n",
    "null key, spaced": "kind: List\nitems:\n- kind: A\n  Null : x\n",
    "huge key": "kind: List\nitems:\n- kind: A\n  18446744073709551615: x\n",
    "null key below": "kind: List\nitems:\n- kind: A\n  x:\n    ~: x\n",
    "infinity": "kind: List\nitems:\n- kind: A\n  x: .inf\n",
    "bad binary": "kind: List\nitems:\n- kind: A\n  x: !!binary '!'\n",
    "template": "kind: List\nitems:\n- kind: A\n  x: {{ .Values.x }}\n",
    "bad indentation": "kind: List\nitems:\n- kind: A\n  x:\n    a: 1\n   b: 2\n- kind: B\n",
    "bad indentation of an item": "kind: List\nitems:\n- kind: A\n - kind: B\n",
    "anchor after the items": "kind: List\nitems:\n  - kind: A\n &a\n",
    "deeper second item": "kind: List\nitems:\n- kind: A\n  - kind: B\n",
    "tab": "kind: List\nitems:\n- kind: A\n\tx: 1\n",
    "no last newline": "kind: List\nitems:\n- kind: A\n  metadata:\n    name: x",
    "typed": "kind: AList\napiVersion: a/v1\nitems:\n- metadata:\n    name: x\n- kind: O\n- apiVersion: o\n",
    "single, flow metadata": "kind: A\nmetadata: {name: x, namespace: z}\n",
    "single, name after a quote": "kind: A\nmetadata:\n  annotations:\n    x: 'a\n      name: f\n      b'\n  name: x\n",
    "single, quote over the name": "kind: A\nmetadata:\n  annotations:\n    x: 'a\n  name: f\n  b'\n  name: x\n",
    "single, kind in a quote": "x: 'a\nkind: F\nb'\nkind: A\n",
    "single, only in a quote": "x: 'a\nkind: F\nb'\n",
    "single, metadata null": "kind: A\nmetadata:\nspec: 1\n",
    "single, metadata a list": "kind: A\nmetadata:\n- name: x\n",
    "single, metadata a text": "kind: A\nmetadata: x\n  name\n",
    "single, names of names": "kind: A\nmetadata:\n  labels:\n    name: f\n  name: x\n  owners:\n  - name: g\n",
    "single, odd columns": "kind: A\nmetadata:\n     name: x\n     labels:\n      name: f\n",
    "single, name is a bool": "kind: y\nmetadata:\n  name: on\n  namespace: '1'\n",
    "single, colon names": "kind: ClusterRole\nmetadata:\n  name: system:node\n",
}


class TestTheShortCutNeverDecides:
    @pytest.mark.parametrize("name", AWKWARD)
    def test_awkward_documents_read_the_same_cut_and_whole(self, name: str) -> None:
        text = AWKWARD[name].encode()
        ended = text if text.endswith(b"\n") else text + b"\n"
        assert cut_rows(text) == whole_rows(ended)

    def test_the_awkward_documents_do_not_all_say_nothing(self) -> None:
        read = [whole_rows(text.encode()) for text in AWKWARD.values()]
        assert sum(rows is None for rows in read) < len(read) / 3

    @pytest.mark.skipif(not DUMPS, reason="the shared dumps are not here")
    @pytest.mark.parametrize("path", DUMPS, ids=lambda path: f"{path.parent.name}/{path.name}")
    def test_real_dumps_read_the_same_cut_and_whole(self, path: Path) -> None:
        text = path.read_bytes()
        assert cut_rows(text) == whole_rows(text)

    @pytest.mark.parametrize("seed", range(8))
    def test_damaged_lists_read_the_same_cut_and_whole(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        pieces = [*LIST.splitlines(keepends=True), *AWKWARD["flow hides a kind"].splitlines(keepends=True)]
        for _ in range(120):
            text = damaged(chance, LIST.splitlines(keepends=True), pieces).encode()
            assert cut_rows(text) == whole_rows(text), text.decode()


def damaged(chance: random.Random, lines: list[str], pieces: list[str]) -> str:
    """The lines with a few of them moved, shifted, quoted, doubled or put in from elsewhere."""
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(lines))
        line = lines[at]
        lines[at : at + 1] = chance.choice(
            (
                [],
                [line, line],
                [" " + line],
                [line[1:]] if line.startswith(" ") else [line],
                [line.rstrip("\n") + chance.choice(("'", '"', " |", ": x", " #", ",", " &a", "]")) + "\n"],
                [line.replace(": ", chance.choice((': "', ": '", ": [", ": {", ": *a ", ": &a ", ": !x ", ":")), 1)],
                [line, chance.choice(pieces)],
                [
                    line,
                    chance.choice(
                        ("x'\n", 'x"\n', "  x'\n", '  x": 1\n', "\n", "# c\n", "  ? y\n", "  <<: {kind: M}\n")
                    ),
                ],
            )
        )
    return "".join(lines)


class TestLines:
    def test_of_a_path_in_an_item(self) -> None:
        pod, deployment = objects("---\n" + LIST)
        assert pod.locate(("metadata", "name")) == 10
        assert pod.locate(("spec", "containers", 0, "args", 0)) == 15
        assert pod.locate(("spec", "containers", 0, "image")) == 14, "an absent key is where its map begins"
        assert pod.locate(("spec", "nodeName")) == 12
        assert pod.locate(()) == 4
        assert deployment.locate(("data", "kind")) == 21

    def test_of_a_path_that_a_merge_brought(self) -> None:
        (found,) = objects("kind: A\nx: &x\n  a: 1\n  b: 2\ny1:\n  <<: *x\n  b: 3\n")
        assert (found.locate(("y1", "a")), found.locate(("y1", "b"))) == (3, 7)

    @pytest.mark.parametrize("indent", [None, 4])
    def test_in_json(self, indent: int | None) -> None:
        pods = [
            {"kind": "Pod", "metadata": {"name": f"p\u00e9{n}"}, "spec": {"args": [{"a": 1}, {"b": "\n"}]}}
            for n in (1, 2)
        ]
        text = json.dumps({"apiVersion": "v1", "items": pods, "kind": "List"}, indent=indent, ensure_ascii=False)
        for number, found in enumerate(objects(text)):
            rows = text.split("\n")
            line = found.locate(("spec", "args", 1, "b"))
            assert '"b": "\\n"' in rows[line - 1]
            assert f"p\u00e9{number + 1}" in rows[found.locate(("metadata", "name")) - 1]
            assert found.build() == pods[number]
            assert found.line == (4 + 16 * number if indent else 1)

    def test_load_with_lines(self) -> None:
        value, locate = load_with_lines("a:\n  b:\n  - x\n  - z\n")
        assert value == {"a": {"b": ["x", "z"]}}
        assert [locate(path) for path in ((), ("a",), ("a", "b", 1), ("a", "c"), ("q",))] == [1, 1, 4, 1, 1]


class TestDuplicates:
    def test_the_last_one_wins_and_the_loser_is_told(self) -> None:
        (found,) = objects("kind: A\nspec:\n  x: 1\n  y1: 2\n  x: 3\nlist:\n- a: 1\n  'a': 2\n")
        assert found.build()["spec"] == {"x": 3, "y1": 2}
        assert found.duplicates == [(("spec", "x"), 3), (("list", 0, "a"), 7)]

    def test_without_building_first_and_in_a_list(self) -> None:
        pod, deployment = objects(LIST.replace("    kind: Inner\n", "    kind: Inner\n    kind: Other\n"))
        assert deployment.duplicates == [(("data", "kind"), 20)]
        assert pod.duplicates == []

    def test_a_merge_is_no_duplicate(self) -> None:
        (found,) = objects("kind: A\nx: &x {a: 1}\nz:\n  <<: *x\n  a: 2\n")
        assert found.duplicates == []

    def test_in_json(self) -> None:
        (found,) = objects('{"kind": "A",\n "a": {"b": 1,\n "b": [{"c": 1, "c": 2}]}}')
        assert found.build() == {"kind": "A", "a": {"b": [{"c": 2}]}}
        assert found.duplicates == [(("a", "b"), 2), (("a", "b", 0, "c"), 3)]


class TestJson:
    def test_objects_one_after_another(self) -> None:
        text = '\n{"kind": "A"}{"kind": "B"}\n\n{"kind":\n"C"}\n# end\n'
        assert [(found.kind, found.line) for found in objects(text)] == [("A", 2), ("B", 2), ("C", 4)]

    def test_an_array_is_one_bare_document(self) -> None:
        (found,) = objects('[{"name": "cilium", "revision": "1"}]')
        assert (found.kind, found.build()) == ("", [{"name": "cilium", "revision": "1"}])

    def test_yaml_that_begins_with_a_brace(self) -> None:
        assert objects("{kind: A, x: [1, on]}\n")[0].build() == {"kind": "A", "x": [1, True]}

    def test_what_stood_before_a_fault_is_kept(self) -> None:
        first, broken = chunks(b'{"kind": "A"}\n{"kind": "B",,}\n', name="a.json")
        assert isinstance(first, Chunk)
        assert isinstance(broken, Broken)
        assert (first.kind, broken.line) == ("A", 2)
        assert "JSON" in broken.text

    def test_a_file_that_is_cut_off(self) -> None:
        broken = only_broken('{\n "kind": "List",\n "items": [\n  {"kind": "A"},\n  {"kind"')
        assert (broken.line, broken.text) == (5, "broken JSON: the text ends too early")

    def test_numbers_are_the_same_as_in_yaml(self) -> None:
        numbers = "[1, 1.0, 1e3, -0.0, 9223372036854775807, 9223372036854775808, 0.1, 1e21, 123456789012345678901]"
        assert repr(load(numbers)) == repr(load("- " + numbers)[0])

    def test_half_a_surrogate_pair_can_be_printed(self) -> None:
        assert load('{"a": "\\ud83d", "b": "\\ud83d\\ude00"}') == {"a": "\ufffd", "b": "\U0001f600"}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}{chr(98 + n)}: &{chr(98 + n)} [{','.join('*' + chr(97 + n) for _ in range(9))}]\n".replace("*", "*")
    for n in range(9)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 26))

HOSTILE = {
    "flow nesting": "[" * 25_000,
    "flow nesting, closed": "a: " + "[" * 25_000 + "]" * 25_000,
    "map nesting": "{a: " * 25_000,
    "json nesting": '{"a":' * 25_000,
    "json nesting, closed": '{"a":' * 2_000 + "1" + "}" * 2_000,
    "block nesting": "- " * 25_000,
    "key nesting": "? " * 25_000,
    "indented nesting": "".join(" " * n + "a:\n" for n in range(2_000)),
    "indented nesting of an object": "kind: A\n" + "".join(" " * n + "a:\n" for n in range(400)),
    "alias bomb": BOMB,
    "merge bomb": MERGES,
    "anchor in itself": "a: &a [*a]",
    "merge of itself": "a: &a\n  <<: *a\n",
    "chain of aliases": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 900)),
    "undefined alias": "a: *b",
    "invalid utf-8": b"a: \xff\xfe\xfd",
    "binary": b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0",
    "control characters": "a: \x1b[2J",
    "quote left open": 'a: "b',
}


class TestHostileInput:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_is_one_error_and_the_rest_is_read(self, name: str) -> None:
        bad = HOSTILE[name]
        raw = bad if isinstance(bad, bytes) else bad.encode()
        if name == "binary":
            assert only_broken(raw).text == "binary data, not text"
            return
        before, broken, after = chunks(
            HEAD.format("a").encode() + b"---\n" + raw + b"\n---\n" + HEAD.format("b").encode(), name=""
        )
        assert isinstance(before, Chunk)
        assert isinstance(after, Chunk)
        assert isinstance(broken, Broken)
        assert (before.name, after.name) == ("a", "b")
        assert broken.line >= 6
        assert broken.text
        assert broken.expected
        assert "\n" not in broken.text + broken.expected
        assert all(character.isprintable() for character in broken.text)

    @pytest.mark.parametrize(
        "bad", [bad for bad in HOSTILE.values() if isinstance(bad, str) and "\n" not in bad], ids=lambda bad: bad[:20]
    )
    def test_inside_a_list_too(self, bad: str) -> None:
        text = LIST.replace("    kind: Inner\n", f"    kind: Inner\n    z: {bad}\n")
        broken = only_broken(text)
        assert broken.line >= 20 or "nested" in broken.text

    def test_what_no_reader_may_choke_on(self) -> None:
        assert load("a: " + "9" * 200_000) == {"a": "9" * 200_000}
        assert load("a: " + "[" * 250 + "]" * 250)["a"][0][0] is not None
        assert len(load("".join(f"k{n}: &a{n} x\nl{n}: *a{n}\n" for n in range(5_000)))) == 10_000

    def test_python_integers_stay_within_its_limits(self) -> None:
        broken = only_broken('{"kind": "A", "x": ' + "9" * 200_000 + "}")
        assert "too large" in broken.text

    def test_an_unrendered_template_is_called_that(self) -> None:
        text = HEAD.format("a") + "spec:\n  {{- if .Values.x }}\n  y: {{ .Values.y }}\n  {{- end }}\n"
        broken = only_broken(text)
        assert (broken.line, broken.text) == (7, "looks like an unrendered Helm template ({{ in it)")
        assert "helm template" in broken.expected

    def test_a_template_in_a_quoted_value_is_no_fault(self) -> None:
        assert load("a: '{{ .x }}'\nb: |\n  {{ .y }}\n") == {"a": "{{ .x }}", "b": "{{ .y }}\n"}

    def test_a_tab_is_named(self) -> None:
        assert "tab" in only_broken("kind: A\nspec:\n\ta: 1\n").text

    def test_errors_have_the_line_of_the_file(self) -> None:
        found = list(chunks((HEAD.format("a") + "---\nkind: A\nspec: a: b\n").encode(), name=""))
        assert isinstance(found[1], Broken)
        assert found[1].line == 8


class TestLoad:
    def test_exactly_one_document(self) -> None:
        assert load("# nothing\n") is None
        assert load("---\na: 1\n") == {"a": 1}
        with pytest.raises(YamlError) as caught:
            load("a: 1\n---\nb: 1\n")
        assert (caught.value.line, caught.value.text) == (3, "2 documents")

    def test_all_of_them_with_lists_left_whole(self) -> None:
        text = LIST + "---\nkind: A\n---\n" + '{"kind": "B"}{"kind": "C"}'
        assert [value.get("kind") for value in load_all(text)] == ["List", "A", "B", "C"]

    def test_an_error_has_its_line(self) -> None:
        with pytest.raises(YamlError) as caught:
            load("a: 1\n---\nb: 'x\n")
        assert caught.value.line in (3, 4)

    def test_a_last_line_without_its_end_stays_so_as_helm_has_it(self) -> None:
        assert load("a: |\n  x") == {"a": "x"}

    def test_without_libyaml_the_answers_are_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        texts = [
            LIST.encode(),
            *(AWKWARD[name].encode() for name in ("flow items", "alias across items", "kind twice")),
        ]
        expected = [cut_rows(text) for text in texts]
        monkeypatch.setattr(yaml_nodes, "HAS_LIBYAML", False)
        assert [cut_rows(text) for text in texts] == expected
        assert isinstance(next(iter(chunks(b"[" * 25_000, name=""))), Broken)


class TestCollector:
    def test_off_while_loading_then_on_without_what_was_loaded(self) -> None:
        assert gc.isenabled()
        before = gc.get_freeze_count()
        with collector() as loaded:
            assert not gc.isenabled()
            loaded()
            assert gc.isenabled()
            assert gc.get_freeze_count() > before
        assert gc.isenabled()
        assert gc.get_freeze_count() == before

    def test_left_off_where_it_was_off(self) -> None:
        gc.disable()
        try:
            with collector() as loaded:
                loaded()
                assert not gc.isenabled()
            assert not gc.isenabled()
        finally:
            gc.enable()

    def test_what_the_caller_froze_stays_frozen(self) -> None:
        gc.freeze()
        try:
            before = gc.get_freeze_count()
            with collector() as loaded:
                loaded()
            # Frozen objects still die when nobody holds them any more; unfrozen they would all be gone from the count.
            assert before - 1000 < gc.get_freeze_count() <= before
        finally:
            gc.unfreeze()

    def test_restored_after_an_error_and_when_nested(self) -> None:
        def crashes() -> None:
            with collector() as outer:
                outer()
                with collector() as inner:
                    assert not gc.isenabled()
                    inner()
                assert gc.isenabled()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            crashes()
        assert gc.isenabled()
        assert gc.get_freeze_count() == 0
