"""The scalars, keys and documents that tests/record_kubectl_reading.py asks kubectl about."""

from __future__ import annotations

import codecs

_SCALARS = r"""
y Y n N yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE yEs tRue ~ null Null NULL
nULL none 0 1 -1 +1 00 007 0777 -0777 +0777 0o777 0O777 0o8 08 09 008.5 0x1F 0X1f -0xff 0xG 0b101 0B11 -0b11
0b102 0b-01 0b+1 0b_ 0x_ 0x 0b 1_000 _1 1_ 0x_ff 1__0 +_1 9007199254740993 9223372036854775807
9223372036854775808 18446744073709551615 18446744073709551616 -9223372036854775808 -9223372036854775809
0xffffffffffffffff 0x10000000000000000 123456789012345678901234567890 1.0 1.5 -1.5 +1.5 .5 -.5 +.5 5. 1. . ..
.e3 .5e3 .5_5 1_0.5 1e3 1E3 1e+3 1e-3 12e03 -1e3 1e15 1e16 1e17 1e18 1e19 1e20 1e21 1e22 4611686018427387904.0
1e400 -1e400 1e-400 0.1 -0 -0.0 0e0 1e 1e+ e3 1.2.3 1..2 1.5.0 v1.30 1.30 1.10 0.0000001 123456789.123456789
1e999999 .inf .Inf .INF -.inf +.inf .nan .NaN .NAN inf nan Infinity NaN -inf 1:30 12:30 190:20:30 1:2:3.5 1:60
20:30:40.5 -1:30 0:0 2021-01-01 2021-1-1 2021-01-01T00:00:00Z 2001-12-14t21:59:43.10-05:00 2021-13-45 12-34
2021-01 = << <<x != =x + - -- --- -x a-b +x 0xdeadbeef 0xDEAD_BEEF 1h30m 100m 1Gi 1Ki 5k 1/2 50% 10.0.0.0/8
::1 fe80::1 1,000 1e3m 0755s
"""
SCALARS = _SCALARS.split()

SCALAR_TEXTS = [
    "",
    '""',
    "''",
    '"yes"',
    "'no'",
    '"1e3"',
    "'0777'",
    '"a\\tb\\n\\x41\\u00e9\\U0001F600"',
    '"a\\/b"',
    '"\\_\\N\\L\\P\\e\\0"',
    '"\\q"',
    "'it''s'",
    "!foo bar",
    "!foo 12",
    "!!str 12",
    "!!str yes",
    "!!str",
    '!!int "12"',
    "!!int 1.5",
    "!!int foo",
    "!!float 1",
    "!!float 1.5",
    "!!float foo",
    "!!bool yes",
    '!!bool "yes"',
    "!!bool foo",
    "!!null ''",
    "!!null foo",
    "!!timestamp 2021-01-01",
    "!!timestamp foo",
    "!!binary aGVsbG8=",
    "!!binary '!!!'",
    "!!binary /w==",
    "! 12",
    "!!set {a: null}",
    "!!omap [a: 1]",
    "[yes, 1e3, 1:30, 0777]",
    "[]",
    "{}",
    "{a: y, n: 1}",
    "{a, b}",
    "{a:1}",
    "[a:1]",
    "{b:1, c}",
    "{ {a: 1}: 2 }",
    "{{ .Values.x }}",
    "a {{ .Values.x }}",
    "'{{ .Values.x }}'",
    "[1,2,]",
    "{a: 1,}",
    "[,]",
    "a: b",
    "a :b",
    "a#b",
    "a #b",
    "'a' #b",
    "- a",
    "@a",
    "`a`",
    "%a",
    "*a",
    "&a b",
    "|",
    "caf\u00e9 \U0001f600 \u2028x",
    "a\tb",
    "\ta",
    "a\t",
    "tru e",
    "1 000",
    "0x 1",
    "9" * 400,
    "0" * 100 + "17",
]

_KEYS = r"""
y n yes no on off Yes true TRUE ~ null 1 01 0777 08 0x1F 1e3 1e6 1e21 1.5 1.0 1.50 -1 .5 1e-5 0.0001234
123456.78 16777217.5 = << .inf -.inf .nan 1:30 2021-01-01 9223372036854775807 9223372036854775808
123456789012345678901234567890 v1 a.b/c
"""
KEYS = [
    *_KEYS.split(),
    '"1"',
    "'yes'",
    '""',
    "!!str 1",
    "!!int '7'",
    "!foo 1",
    "a b",
    "a: b",
    "[a]",
    "{a: 1}",
    "? a",
    "a" * 130,
    '"' + "a" * 130 + '"',
    "'a':b",
]

_HEAD = "apiVersion: t.io/v1\nkind: T\nmetadata:\n  name: a\n"


def _two(divider: str) -> str:
    return _HEAD + divider + _HEAD.replace("name: a", "name: b")


DOCUMENTS: dict[str, str | bytes] = {
    "duplicate keys": _HEAD + "v: 1\nv: 2\n",
    "duplicate keys, nested": _HEAD + "v:\n  a: 1\n  b: 2\n  a: 3\n",
    "duplicate map loses whole": _HEAD + "v:\n  a: 1\nv:\n  b: 2\n",
    "merge": _HEAD + "x: &x {a: 1, b: 2}\nv:\n  <<: *x\n  b: 3\n",
    "merge after the key it repeats": _HEAD + "x: &x {a: 1, b: 2}\nv:\n  b: 3\n  <<: *x\n",
    "merge of a list": _HEAD + "x: &x {a: 1}\ny2: &z {a: 2, b: 2}\nv:\n  <<: [*x, *z]\n",
    "merge of an alias to a list": _HEAD + "x: &x [{a: 1}]\nv:\n  <<: *x\n",
    "merge of a map as it stands": _HEAD + "v:\n  <<: {a: 1}\n",
    "merge of a scalar": _HEAD + "v:\n  <<: 1\n",
    "merge of null": _HEAD + "v:\n  <<:\n",
    "merge in a merge": _HEAD + "x: &x {a: 1}\nz: &z {<<: *x, b: 2}\nv: {<<: *z, c: 3}\n",
    "merge twice": _HEAD + "x: &x {a: 1}\nz: &z {a: 2}\nv:\n  <<: *x\n  <<: *z\n",
    "quoted merge key": _HEAD + "x: &x {a: 1}\nv:\n  '<<': *x\n",
    "merge by tag": _HEAD + "v:\n  !!merge '<<': {a: 1}\n",
    "anchor and alias": _HEAD + "x: &x [1, 2]\nv: *x\n",
    "anchor on a scalar": _HEAD + "x: &x 1e3\nv: *x\n",
    "alias as a key": _HEAD + "x: &x k\nv:\n  *x : 1\n",
    "anchor set again": _HEAD + "x: &x 1\nz: &x 2\nv: *x\n",
    "alias before its anchor": _HEAD + "v: *x\nx: &x 1\n",
    "alias to another document": _HEAD + "x: &x 1\n---\n" + _HEAD + "v: *x\n",
    "anchor that holds itself": _HEAD + "v: &x [*x]\n",
    "alias bomb": _HEAD
    + "v0: &v0 [a,a,a,a,a,a,a,a,a]\n"
    + "".join(f"v{n}: &v{n} [{','.join([f'*v{n - 1}'] * 9)}]\n" for n in range(1, 9)),
    "literal block": _HEAD + "v: |\n  a\n   b\n\n  c\n",
    "literal block, stripped": _HEAD + "v: |-\n  a\n\n\n",
    "literal block, kept": _HEAD + "v: |+\n  a\n\n\n",
    "literal block, indented": _HEAD + "v: |2\n    a\n  b\n",
    "literal block without its last newline": _HEAD + "v: |\n  a",
    "literal block with tabs": _HEAD + "v: |\n  a\tb\n  \tc\n",
    "literal block holding dividers": _HEAD + "v: |\n  ---\n  kind: X\n",
    "folded block": _HEAD + "v: >\n  a\n  b\n\n  c\n   d\n",
    "folded block, stripped": _HEAD + "v: >-\n  a\n  b\n",
    "block of nothing": _HEAD + "v: |\nw: 1\n",
    "plain over lines": _HEAD + "v: a\n  b\n\n  c\n",
    "double quoted over lines": _HEAD + 'v: "a\n  b\\\n  c\n\n  d"\n',
    "single quoted over lines": _HEAD + "v: 'a\n  b\n\n  c'\n",
    "quoted over lines, not indented": _HEAD + 'v: "a\nb"\n',
    "comments": "# first\n" + _HEAD + "# here\nv: 1 # and here\n  # and here\n",
    "tab after the colon": _HEAD + "v:\t1\n",
    "tab as indentation": _HEAD + "v:\n\ta: 1\n",
    "tab after a dash": _HEAD + "v:\n-\t1\n",
    "trailing spaces": _HEAD + "v: a   \n",
    "list at its key's column": _HEAD + "v:\n- 1\n- 2\n",
    "list indented": _HEAD + "v:\n  - 1\n  - 2\n",
    "lists in lists": _HEAD + "v:\n- - 1\n  - 2\n- - 3\n",
    "explicit key": _HEAD + "? v\n: 1\n",
    "empty value at the end": _HEAD + "v:",
    "wrong indentation": _HEAD + "v:\n  a: 1\n b: 2\n",
    "colon in a value": _HEAD + "v: a: b\n",
    "quote left open": _HEAD + 'v: "a\n',
    "bracket left open": _HEAD + "v: [1, 2\n",
    "flow over lines": _HEAD + "v: {a: 1,\n  b: [2,\n  3]}\n",
    "flow, not indented": _HEAD + "v: {a: 1,\nb: 2}\n",
    "windows lines": (_HEAD + "v: |\n  a\n  b\n").replace("\n", "\r\n"),
    "old mac lines": (_HEAD + "v: 1\n").replace("\n", "\r"),
    "byte order mark": b"\xef\xbb\xbf" + (_HEAD + "v: 1\n").encode(),
    "utf-16 le": codecs.BOM_UTF16_LE + (_HEAD + "v: \u00e9\n").encode("utf-16-le"),
    "utf-16 be": codecs.BOM_UTF16_BE + (_HEAD + "v: \u00e9\n").encode("utf-16-be"),
    "latin-1": _HEAD.encode() + b"v: caf\xe9\n",
    "nul": _HEAD + "v: a\0b\n",
    "control character": _HEAD + "v: a\x01b\n",
    "delete character": _HEAD + "v: a\x7fb\n",
    "escape character": _HEAD + "v: a\x1b[31mb\n",
    "next line character": _HEAD + "v: a\x85b\n",
    "line separator in a block": _HEAD + "v: |\n  a\u2028  b\n",
    "no-break space": _HEAD + "v: a\u00a0b\n",
    "byte order mark inside": _HEAD + "v: a\ufeffb\n",
    "two documents": _two("---\n"),
    "divider with a comment": _two("--- # next\n"),
    "divider with spaces": _two("---   \n"),
    "divider with content": _two("--- \n").replace("--- \napiVersion", "--- {}\n---\napiVersion"),
    "object on the divider line": "--- {apiVersion: t.io/v1, kind: T, metadata: {name: a}}\n",
    "four dashes": _two("----\n"),
    "empty documents": "---\n---\n# nothing\n---\n" + _HEAD + "---\n\n---\n",
    "null document": "null\n---\n" + _HEAD,
    "document end": _HEAD + "...\n",
    "document after a document end": _two("...\n"),
    "yaml directive": "%YAML 1.1\n---\n" + _HEAD,
    "tag directive": "%TAG ! tag:x.io,2000:\n---\n" + _HEAD + "v: !a b\n",
    "list": "apiVersion: v1\nkind: List\nitems:\n"
    + "".join(f"- apiVersion: t.io/v1\n  kind: T\n  metadata:\n    name: {name}\n" for name in ("a", "b")),
    "list, indented": "apiVersion: v1\nkind: List\nitems:\n"
    "  - apiVersion: t.io/v1\n    kind: T\n    metadata: {name: a}\n",
    "typed list": "apiVersion: t.io/v1\nkind: TList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n",
    "typed list, one item with its own kind": "apiVersion: t.io/v1\nkind: TList\nitems:\n"
    "- {apiVersion: o.io/v1, kind: O, metadata: {name: a}}\n- metadata: {name: b}\n",
    "typed list, one item with half its own": "apiVersion: t.io/v1\nkind: TList\nitems:\n"
    "- {kind: O, metadata: {name: a}}\n",
    "list in a list": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n"
    "  - {apiVersion: t.io/v1, kind: T, metadata: {name: a}}\n",
    "alias across items": "apiVersion: v1\nkind: List\nitems:\n"
    "- &x {apiVersion: t.io/v1, kind: T, metadata: {name: a}}\n- *x\n",
    "list with a scalar": "apiVersion: v1\nkind: List\nitems:\n- foo\n",
    "json": '{"apiVersion": "t.io/v1", "kind": "T", "metadata": {"name": "a"}, '
    '"v": [1e3, 1.0, 0.5, true, null, "yes"]}',
    "json after blank lines": '\n\n  {"apiVersion": "t.io/v1", "kind": "T", "metadata": {"name": "a"}}',
    "json stream": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"}}\n'
    '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"b"}}',
    "json stream without a break": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"}}'
    '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"b"}}',
    "json list": '{"kind":"List","apiVersion":"v1",'
    '"items":[{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"}}]}',
    "json typed list": '{"kind":"TList","apiVersion":"t.io/v1","items":[{"metadata":{"name":"a"}}]}',
    "json duplicate keys": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":1,"v":2}',
    "json surrogates": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":"\\ud83d\\ude00"}',
    "json half a surrogate": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":"\\ud83d"}',
    "json slash escape": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":"a\\/b"}',
    "json big integers": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},'
    '"v":[9223372036854775807,9223372036854775808,123456789012345678901234567890,-9223372036854775809]}',
    "json number too large": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":1e400}',
    "json NaN": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":NaN}',
    "json with a trailing comma": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},}',
    "json with a comment": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"}} # that was it',
    "json with bare keys": "{apiVersion: t.io/v1, kind: T, metadata: {name: a}, v: y}",
    "json over dividers": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"}}\n---\n'
    '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"b"}}\n',
    "json, then yaml": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"}}\n---\n' + _HEAD.replace(" a", " b"),
    "yaml, then json": _HEAD + '---\n{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"b"}}\n',
    "json with a byte order mark": b"\xef\xbb\xbf" + b'{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"}}',
    "json cut off": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":"abc',
    "json with a tab in a string": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":"a\tb"}',
    "json nested 250 deep": '{"apiVersion":"t.io/v1","kind":"T","metadata":{"name":"a"},"v":'
    + "[" * 250
    + "]" * 250
    + "}",
    "yaml nested 250 deep": _HEAD + "v: " + "[" * 250 + "]" * 250 + "\n",
    "yaml nested 3000 deep": _HEAD + "v: " + "[" * 3000 + "]" * 3000 + "\n",
    "key of 1100 characters": _HEAD + "v:\n  " + "a" * 1100 + ": 1\n",
    "scalar document": "hello\n",
    "list document": "- a\n- b\n",
    "unrendered template": _HEAD + "{{- if .Values.x }}\nv: 1\n{{- end }}\n",
}


def text_of(group: str, case: str) -> bytes:
    """What kubectl is given for one case."""
    if group == "scalars":
        return (_HEAD + f"v: {case}\n").encode()
    if group == "keys":
        return (_HEAD + f"v:\n  {case}: x\n").encode()
    text = DOCUMENTS[case]
    return text if isinstance(text, bytes) else text.encode()


def cases() -> list[tuple[str, str]]:
    """Every case as its group and name; of scalars and keys the name is the text itself."""
    scalars = dict.fromkeys([*SCALARS, *SCALAR_TEXTS])
    return [
        *(("scalars", text) for text in scalars),
        *(("keys", text) for text in KEYS),
        *(("documents", name) for name in DOCUMENTS),
    ]
