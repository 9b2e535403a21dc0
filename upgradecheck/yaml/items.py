"""Cuts a `kind: List` document into its items by text, and proves that the cut is where YAML has it.

The proof: what stands around the items, read alone, is a map with `items:` at that very line. Each item, read
alone, is whole YAML, so no quote or bracket reaches over its end; then the next one begins where it seems to.
Where any step fails the document is read whole instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from yaml.nodes import MappingNode

from .builder import build, key_of
from .chunk import YamlError
from .heads import Head, from_data, from_text
from .nodes import check, compose_all
from .pieces import Piece, Place
from .plain import is_plain

_ITEMS = re.compile(rb"\n(items):[ ]*\n(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)-[ ][^ #\n]")


class Cut(NamedTuple):
    """A list that was cut: its own kind and apiVersion, and its items with their heads."""

    kind: str
    api_version: str
    items: list[tuple[Piece, Head]]


def cut(place: Place) -> Cut | None:
    """The items of a list document, or None where it is no list or not plain enough."""
    text = place.text()
    found = _ITEMS.search(text)
    if found is None:
        return None
    first, column = found.start(2), len(found[2])
    starts, tail = _starts(text, column, first)
    around = _around(text[:first] + text[tail:], text.count(b"\n", 0, found.start(1)))
    if around is None or not (tail == len(text) or text[tail : tail + 1].isalpha()):
        return None
    try:
        items = list(_proven(place, text, [*starts, tail], column))
    except YamlError:
        return None
    return Cut(*around, items) if all(_flat(piece, head) for piece, head in items) else None


def head_of(piece: Piece, column: int) -> Head:
    """The head of a piece whose keys stand at `column`, from its text where that is plain. Raises YamlError."""
    text = piece.text()
    piece.plain = is_plain(text)
    if piece.plain:
        check(text)
        found = from_text(text, column, piece.dashed)
        if found is not None:
            return found
    return from_data(piece.build())


def _starts(text: bytes, column: int, first: int) -> tuple[list[int], int]:
    """Where each item begins, and where the first line after the list does."""
    after = re.compile(rb"\n(?![ ]{%d})(?![ ]{%d}-[ ][^ #\n]|[ ]*(?:[#\n]|\Z))" % (column + 1, column))
    found = after.search(text, first)
    tail = found.start() + 1 if found else len(text)
    dashes = re.compile(rb"\n" + b" " * column + rb"-[ ](?=[^ #\n])").finditer(text, first, tail)
    return [first, *(dash.start() + 1 for dash in dashes)], tail


def _around(text: bytes, items_line: int) -> tuple[str, str] | None:
    """Kind and apiVersion of the list, if what stands around the items is a map that lacks just them."""
    try:
        roots = compose_all(text)
        if len(roots) != 1 or not isinstance(roots[0], MappingNode):
            return None
        data, _twice = build(roots[0], text)
    except YamlError:
        return None
    lines = [key.start_mark.line for key, _ in roots[0].value if key_of(key) == "items"]
    api, kind, _, _ = from_data(data)
    fits = lines == [items_line] and data["items"] is None and kind.endswith("List")
    return (kind, api) if fits else None


def _proven(place: Place, text: bytes, ends: list[int], column: int) -> Iterator[tuple[Piece, Head]]:
    """Each item with its head. Raises YamlError at the first that is no whole YAML, or cannot be built."""
    line = place.line + text.count(b"\n", 0, ends[0])
    for start, end in pairwise(ends):
        piece = Piece(place.data, place.start + start, place.start + end, line, dashed=True)
        yield piece, head_of(piece, column + 2)
        line += text.count(b"\n", start, end)


def _flat(piece: Piece, head: Head) -> bool:
    """Whether an item is one object: no list in its turn, and no scalar."""
    return not head[1].endswith("List") and (bool(head[1]) or isinstance(piece.build(), dict))
