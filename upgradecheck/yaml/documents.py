"""A file to chunks: cut at its document lines, each document read as JSON or YAML, each list taken apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any, TypeVar

from .builder import build
from .chunk import Broken, Chunk, FinalError, YamlError
from .encode import clean
from .heads import from_data, from_text
from .items import cut
from .jsontext import objects
from .lists import Listed, empty, is_list, item
from .nodes import check, compose_all, deep
from .pieces import Part, Piece, Place, Whole
from .plain import is_plain

Read = TypeVar("Read")

_DIVIDER = re.compile(rb"\n(---)(?:[ \t\n]|\Z)")
_ONLY_DIRECTIVES = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\n)*%[^\n]*\n(?:(?:[%#][^\n]*)?\n)*")
_NOTHING = re.compile(rb"(?:---)?(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))*")

_JSON_FIRST = re.compile(rb"(?:---)?\s*[\[{]")
_JSON_SURELY = re.compile(rb"(?:---)?\s*(?:\[|\{\s*(?:\"|\}|\Z))")


def chunks(data: bytes, *, name: str) -> Iterator[Chunk | Broken]:
    """Every object or bare document of a file, and one Broken for each document that cannot be read.

    A `kind: List` and typed lists such as PodList come as their items; without items, as one Chunk with
    `is_list`. Documents that hold nothing are left out. `name` only helps to word errors.
    """
    try:
        text = clean(data, ended=True)
    except YamlError as error:
        yield Broken(error.line, error.text, error.expected)
        return
    lists = count(1)
    for place in places(text):
        try:
            as_json, as_yaml = partial(objects, lists=lists), partial(_yaml, lists=lists)
            yield from json_or_yaml(place, as_json, as_yaml)
        except YamlError as error:
            told = place.in_file(error)
            yield Broken(told.line, told.text, told.expected)


def places(text: bytes) -> Iterator[Place]:
    """The documents of a text, each with the `---` before it; those without content are left out."""
    start, line = 0, 1
    ends = (found.start(1) for found in _DIVIDER.finditer(text))
    for end in (*ends, len(text)):
        if end < len(text) and _ONLY_DIRECTIVES.fullmatch(text, start, end):
            continue
        if not _NOTHING.fullmatch(text, start, end):
            yield Place(text, start, end, line)
        line += text.count(b"\n", start, end)
        start = end


def json_or_yaml(
    place: Place, as_json: Callable[[Place], Iterator[Read]], as_yaml: Callable[[Place], Iterator[Read]]
) -> Iterator[Read]:
    """Reads a document that begins as JSON does as JSON; where that fails, and all others, as YAML.

    What stood before a fault is yielded first. Raises YamlError, its line counted in the document.
    """
    if not _JSON_FIRST.match(place.data, place.start, place.end):
        yield from as_yaml(place)
        return
    seen = False
    try:
        for found in as_json(place):
            seen = True
            yield found
    except YamlError as error:
        if seen or isinstance(error, FinalError):
            raise
        text = place.text()
        try:
            if not deep(text):
                check(text)
            yield from as_yaml(place)
        except YamlError as other:
            raise (error if _JSON_SURELY.match(text) else other) from None


def _yaml(place: Place, lists: Iterator[int]) -> Iterator[Chunk]:
    found = cut(place)
    if found is None:
        yield from _uncut(place, lists)
        return
    listed = Listed(found.kind, found.api_version, next(lists))
    for piece, head in found.items:
        yield item(piece, piece.line, head, listed)


def _uncut(place: Place, lists: Iterator[int]) -> Iterator[Chunk]:
    """A document that is no list, or a list that only building can take apart."""
    text = place.text()
    piece = Piece(place.data, place.start, place.end, place.line)
    piece.plain = is_plain(text)
    if piece.plain:
        check(text)
        head = from_text(text, 0)
        if head is not None and head[1] and not head[1].endswith("List"):
            yield Chunk(piece, _first_line(place), head)
            return
    roots = compose_all(text)
    for number, root in enumerate(roots):
        value, _twice = build(root, text)
        if value is None:
            continue
        if len(roots) == 1 and not is_list(value):
            yield Chunk(piece, _first_line(place), from_data(value))
        else:
            yield from parts(Whole(place, number, value), value, lists)


def parts(whole: Whole, value: Any, lists: Iterator[int], above: tuple[str | int, ...] = ()) -> Iterator[Chunk]:
    """The objects inside a document that was built whole, lists inside lists included. Raises YamlError."""
    source = Part(whole, above)
    if not is_list(value):
        yield Chunk(source, source.locate(()), from_data(value))
        return
    head = from_data(value)
    listed = Listed(head[1], head[0], next(lists))
    if not value["items"]:
        yield empty(source, source.locate(()), head, listed)
    for index, entry in enumerate(value["items"] or ()):
        path = (*above, "items", index)
        part = Part(whole, path)
        if not isinstance(entry, dict):
            line = part.locate(()) - whole.line + 1
            raise YamlError(line, "a list whose items are not all objects", "objects with apiVersion and kind")
        if is_list(entry):
            yield from parts(whole, entry, lists, path)
        else:
            yield item(part, part.locate(()), from_data(entry), listed)


def _first_line(place: Place) -> int:
    """The line of the first content, past the divider, comments and blank lines."""
    found = _NOTHING.match(place.data, place.start, place.end)
    return place.line + place.data.count(b"\n", place.start, found.end() if found else place.start)
