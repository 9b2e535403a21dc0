"""Reads what an object is called: from plain text alone, or from its data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from . import scalars

Head = tuple[str, str, str, str]
"""apiVersion, kind, namespace, name; "" for each that is not there."""

NO_HEAD: Head = ("", "", "", "")

_VALUE = rb"""(?:([A-Za-z0-9](?:[A-Za-z0-9._/-]|:[A-Za-z0-9])*)|"([A-Za-z0-9._:/ -]*)"|'([A-Za-z0-9._:/ -]*)')"""
_FIRST_BELOW = re.compile(rb"(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)")


def from_text(text: bytes, column: int, dashed: bool = False) -> Head | None:
    """The head of an object whose keys stand at `column` of plain text; None where only building can tell.

    `dashed` where the text is an item of a list, so that the first key stands after its dash.
    """
    dash = text.find(b"-") if dashed else -1
    text = b"\n" + text[:dash] + b" " + text[dash + 1 :] if dashed else b"\n" + text
    found = _entries(text, column, b"apiVersion|kind|metadata")
    if found is None:
        return None
    below = _metadata(text, column, found.pop(b"metadata", None))
    if below is None:
        return None
    words = {key: _word(text, end, column) for key, end in found.items()}
    if None in words.values():
        return None
    return words.get(b"apiVersion") or "", words.get(b"kind") or "", *below


def from_data(data: Any) -> Head:
    """The head of an object that is built."""
    if not isinstance(data, Mapping):
        return NO_HEAD
    metadata = data.get("metadata")
    inner = metadata if isinstance(metadata, Mapping) else {}
    found = (data.get("apiVersion"), data.get("kind"), inner.get("namespace"), inner.get("name"))
    api, kind, namespace, name = (value if isinstance(value, str) else "" for value in found)
    return api, kind, namespace, name


def _metadata(text: bytes, column: int, end: int | None) -> tuple[str, str] | None:
    """Namespace and name from the map that begins after `metadata:`; None where they are not to be read."""
    if end is None:
        return "", ""
    if text[end : end + 1] != b"\n":
        return None
    first = _FIRST_BELOW.match(text, end + 1)
    inner = len(first[1]) if first else 0
    if inner <= column:
        return None
    close = _line_at_most(column).search(text, end)
    block = text[end : close.start() + 1 if close else len(text)]
    found = _entries(block, inner, b"name|namespace")
    words = {key: _word(block, at, inner) for key, at in found.items()} if found is not None else {b"": None}
    return None if None in words.values() else (words.get(b"namespace") or "", words.get(b"name") or "")


def _entries(text: bytes, column: int, keys: bytes) -> dict[bytes, int] | None:
    """Where the colon of each of these keys ends, the last where one stands twice; None where any key is quoted."""
    ends: dict[bytes, int] = {}
    for found in _key_lines(column, keys).finditer(text):
        if found[1] is None:
            return None
        ends[found[1]] = found.end()
    return ends


def _word(text: bytes, end: int, column: int) -> str | None:
    found = _values(column).match(text, end)
    if found is None:
        return None
    if found[1] is None:
        return (found[2] if found[2] is not None else found[3]).decode()
    word = found[1].decode()
    return word if scalars.plain(word) == word else None


@lru_cache(64)
def _key_lines(column: int, keys: bytes) -> re.Pattern[bytes]:
    return re.compile(b"\n" + b" " * column + b"(?:(" + keys + rb"):(?=[ \n])|[\"'])")


@lru_cache(64)
def _values(column: int) -> re.Pattern[bytes]:
    """A value that ends in its line: what follows is neither blank nor deeper, so no part of it."""
    return re.compile(b"[ ]+" + _VALUE + b"[ ]*(?:\n(?![ ]{%d}|[ ]*\n)|\\Z)" % (column + 1))


@lru_cache(64)
def _line_at_most(column: int) -> re.Pattern[bytes]:
    return re.compile(b"\n[ ]{0,%d}[^ \n#]" % column)
