"""Helm's --set, --set-string, --set-file, --set-json and --set-literal: parsed, taken apart, and written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import UsageError
from ..model import Path
from .json_text import JsonError, whole_object
from .set_parser import Parser, Reader, SetKind
from .set_values import SetError, typed


def parse_set(text: str, kind: SetKind = "set", read: Reader | None = None) -> dict[str, Any]:
    """The tree that one expression gives on its own. Raises UsageError."""
    tree: dict[str, Any] = {}
    set_into(tree, text, kind, read)
    return tree


def set_into(tree: dict[str, Any], text: str, kind: SetKind = "set", read: Reader | None = None) -> list[Path]:
    """Lays one expression over a tree, which is changed in place, as Helm does.

    Returns the paths that were set; a list counts as one with all that stands in it. Raises UsageError.
    """
    try:
        if kind == "set-json" and text.strip().startswith("{"):
            return _merge(tree, whole_object(text.strip()))
        parser = Parser(text, kind, read)
        while not parser.key(tree, 0, ()):
            pass
    except (SetError, JsonError) as error:
        raise UsageError(f"failed parsing --{kind} {text}: {error}") from None
    return parser.touched


def _merge(tree: dict[str, Any], over: Mapping[str, Any], above: Path = ()) -> list[Path]:
    """Lays a bare JSON object over a tree; the paths are those of its leaves."""
    touched: list[Path] = []
    for key, value in over.items():
        below = tree.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            touched += _merge(below, value, (*above, key))
        else:
            tree[key] = value
            touched.append((*above, key))
    return touched


def pairs(text: str, kind: SetKind = "set") -> list[str]:
    """The `key=value` parts of one expression, each as it was typed."""
    if kind == "set-literal" or (kind == "set-json" and text.strip().startswith("{")):
        return [text]
    parts: list[str] = []
    while text:
        parser = Parser(text, kind, None)
        try:
            parser.key({}, 0, ())
        except (SetError, JsonError):
            return [*parts, text]
        part, text = text[: parser.at], text[parser.at :]
        backslashes = len(part) - 1 - len(part[:-1].rstrip("\\"))
        parts.append(part[:-1] if part.endswith(",") and backslashes % 2 == 0 else part)
    return parts


def set_key(path: Path) -> str:
    """A values path as --set takes it: names escaped and joined by dots, indexes in brackets."""
    words = "".join(f"[{step}]" if isinstance(step, int) else "." + _escaped(step, "\\.,=[") for step in path)
    return words.removeprefix(".")


def pair(key: str, value: str) -> str:
    """One `key=value` part for --set, with the value escaped. `key` is written as --set takes it.

    A value in braces, `{a,b}`, is a list and stays as it is.
    """
    listed = value.startswith("{") and value.endswith("}")
    return f"{key}={value if listed else _literal(value)}"


def spelled(path: Path, value: Any) -> tuple[SetKind, str]:
    """The flag, without dashes, and the expression that set a path to exactly this value, type and all."""
    key = set_key(path)
    if value == "" and any(isinstance(step, int) for step in path):
        return "set-json", f'{key}=""'  # Helm forgets `a[0].b=` when nothing follows.
    if isinstance(value, str):
        return "set" if isinstance(typed(value), str) else "set-string", f"{key}={_literal(value)}"
    if value is None or isinstance(value, bool | int):
        return "set", f"{key}={json.dumps(value)}"
    return "set-json", f"{key}={json.dumps(value, separators=(',', ':'))}"


def _literal(value: str) -> str:
    text = _escaped(value, "\\,")
    return "\\" + text if text.startswith("{") else text


def _escaped(text: str, signs: str) -> str:
    return "".join("\\" + letter if letter in signs else letter for letter in text)
