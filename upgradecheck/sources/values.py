"""Reads Helm values files, with the line of every leaf."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from typing import Any, BinaryIO

from ..errors import InputError
from ..model import Origin, Path, Values, leaves

LIMIT = 16 * 1024 * 1024
"""The largest values file that is read, in bytes; Helm itself cannot store a release of more than about one MiB."""

_HEADER = re.compile(r"(?:USER-SUPPLIED|COMPUTED) VALUES:[ \t]*\r?(?=\n|\Z)")
_SEPARATOR = re.compile(r"^---[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_EXPECTED = "a map of Helm values"


def read_values(path: str | FilePath, stdin: BinaryIO | None = None, data: bytes | None = None) -> Values:
    """The values in one file, `-` for standard input, or in `data` already read from `path`.

    Accepts what `helm get values` prints, headed or not; `null` and an empty file are no values. Several
    documents are merged, later over earlier, as Helm 4 does. Raises InputError with file and line.
    """
    name = "<stdin>" if str(path) == "-" else str(path)
    raw = data if data is not None else _bytes(path, name, stdin)
    if len(raw) > LIMIT:
        raise InputError(name, f"is larger than {LIMIT // 1024 // 1024} MiB", "a Helm values file")
    text = _text(raw, name)
    header = _HEADER.match(text)
    if header:
        text = text[header.end() :]
    values = Values()
    for document in _documents(text):
        values = laid_over(values, _document(document, name))
    return values


def laid_over(under: Values, over: Values) -> Values:
    """Two values merged as Helm merges `-f` files: maps deeply, anything else replaced; null is kept."""
    kept = {path: origin for path, origin in under.origins.items() if not covers(over.tree, path)}
    return Values(merged(under.tree, over.tree), {**kept, **over.origins})


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Two trees merged as Helm's MergeMaps does. Neither is changed; sub-trees may be shared."""
    tree = dict(under)
    for key, value in over.items():
        below = tree.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            tree[key] = merged(below, value)
        else:
            tree[key] = value
    return tree


def covers(tree: Mapping[str, Any], path: Path) -> bool:
    """Whether a tree says anything about a path itself or replaces what it stands in."""
    at: Any = tree
    for step in path:
        if not isinstance(at, Mapping):
            return True
        if step not in at:
            return False
        at = at[step]
    return True


def _bytes(path: str | FilePath, name: str, stdin: BinaryIO | None) -> bytes:
    try:
        if str(path) == "-":
            if stdin is None:
                raise InputError(name, "no standard input was given", "a values file")
            return stdin.read(LIMIT + 1)
        with FilePath(path).open("rb") as file:
            return file.read(LIMIT + 1)
    except FileNotFoundError:
        raise InputError(name, "no such file", "a values file") from None
    except OSError as error:
        raise InputError(name, f"cannot be read: {error.strerror or error}", "a values file") from None


def _text(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}:{line}", "is not UTF-8 text", "a values file in YAML") from None


def _documents(text: str) -> list[str]:
    """Each document with as many blank lines before it as stood there, so that its lines keep their numbers.

    The line of a `helm get values` header was cut off without its line break, which keeps the numbers too.
    """
    documents = []
    start = 0
    for separator in [*_SEPARATOR.finditer(text), None]:
        end = separator.start() if separator else len(text)
        if text[start:end].strip():
            documents.append("\n" * text.count("\n", 0, start) + text[start:end])
        start = separator.end() if separator else end
    return documents


def _document(text: str, name: str) -> Values:
    from ..yaml import YamlError, load_with_lines

    try:
        tree, locate = load_with_lines(text)
    except YamlError as error:
        raise InputError(f"{name}:{error.line}" if error.line else name, error.text, "a values file in YAML") from None
    if tree is None:
        return Values()
    _refuse_others(tree, name, locate)
    file = Origin(name)
    return Values(tree, {path: file.at(locate(path)) for path, _ in leaves(tree)})


def _refuse_others(tree: Any, name: str, locate: Callable[[Path], int]) -> None:
    """Values are a map without a Kubernetes object's kind; anything else was meant for another flag."""
    if not isinstance(tree, Mapping):
        words = {list: "a list", str: "a text", bool: "true or false"}
        raise InputError(f"{name}:{locate(()) or 1}", f"holds {words.get(type(tree), 'a number')}", _EXPECTED)
    kind = tree.get("kind")
    if isinstance(kind, str) and isinstance(tree.get("apiVersion"), str):
        place = f"{name}:{locate(('apiVersion',)) or 1}"
        hint = f"{_EXPECTED}; a manifest belongs among the inputs, or after `-- kubectl apply -f`"
        raise InputError(place, f"holds a Kubernetes object ({kind}), not values", hint)
