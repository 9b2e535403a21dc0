"""A JSON document to chunks: an object, a list, a typed list, or objects one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..model.objects import Path
from .chunk import Chunk, Duplicates, YamlError
from .heads import NO_HEAD, Head, from_data
from .jsonscan import build, decoder_for, elements, has_twice, members, past_comments, read
from .lists import Listed, empty, is_list, item
from .pieces import Place


class JsonPiece(Place):
    """A byte range that holds one JSON value."""

    __slots__ = ()

    def build(self) -> Any:
        try:
            return build(self.text().decode())
        except YamlError as error:
            raise self.in_file(error) from None

    def locate(self, path: Path) -> int:
        text = self.text().decode()
        at = place = 0
        for step in path:
            found = _below(text, at, step)
            if found is None:
                break
            place, at = found
        return self.line + text.count("\n", 0, place)

    def duplicates(self) -> Duplicates:
        text = self.text().decode()
        if not has_twice(text):
            return []
        found: list[tuple[Path, int]] = []
        _collect(text, 0, (), found)
        return [(path, self.line + text.count("\n", 0, at)) for path, at in found]


class _Entry(NamedTuple):
    """One item of a list: where it stands, its head, and whether it is one plain object."""

    start: int
    end: int
    head: Head
    flat: bool
    object: bool


def objects(place: Place, lists: Iterator[int]) -> Iterator[Chunk]:
    """Every object of a JSON document, lists taken apart. Raises YamlError, its line counted in the document."""
    stream = _Stream(place, lists)
    for at in stream.values():
        yield from stream.take(at)


def values(place: Place) -> Iterator[JsonPiece]:
    """Every value of a JSON document as it is. Raises YamlError, its line counted in the document."""
    stream = _Stream(place, iter(()))
    for at in stream.values():
        yield stream.piece(at, stream.pass_over(at))


class _Stream:
    """The values of a document one after another."""

    def __init__(self, place: Place, lists: Iterator[int]) -> None:
        divider = 3 if place.data.startswith(b"---", place.start) else 0
        self.place = Place(place.data, place.start + divider, place.end, place.line)
        self.text = _decoded(self.place)
        self.lists = lists
        self.decoder = decoder_for(self.text)
        self.ascii = self.text.isascii()
        self.seen = (0, self.place.start, place.line)
        self.end = 0

    def values(self) -> Iterator[int]:
        """Where each value begins; whoever asks takes it in or passes over it before asking for the next."""
        while (at := past_comments(self.text, self.end)) < len(self.text):
            yield at

    def pass_over(self, at: int) -> int:
        self.end = read(self.text, at, self.decoder)[1]
        return self.end

    def take(self, at: int) -> Iterator[Chunk]:
        """Makes chunks of the value at a place."""
        if self.text[at] != "{":
            piece = self.piece(at, self.pass_over(at))
            yield Chunk(piece, piece.line, NO_HEAD)
            return
        top: dict[str, Any] = {}
        entries: list[_Entry] = []

        def entry(_index: int, start: int) -> int:
            value, end = read(self.text, start, self.decoder)
            entries.append(_Entry(start, end, from_data(value), not is_list(value), isinstance(value, dict)))
            return end

        def member(key: str, _place: int, start: int) -> int:
            if key == "items":
                entries.clear()
                top[key] = None
                if self.text[start : start + 1] == "[":
                    return elements(self.text, start, entry)
            top[key], end = read(self.text, start, self.decoder)
            return end

        self.end = members(self.text, at, member)
        yield from self._object(at, self.end, top, entries)

    def _object(self, start: int, end: int, top: dict[str, Any], entries: list[_Entry]) -> Iterator[Chunk]:
        head = from_data(top)
        if not is_list(top):
            piece = self.piece(start, end)
            yield Chunk(piece, piece.line, head)
            return
        listed = Listed(head[1], head[0], next(self.lists))
        if not entries:
            piece = self.piece(start, end)
            yield empty(piece, piece.line, head, listed)
        for entry in entries:
            if not entry.object:
                line = self.text.count("\n", 0, entry.start) + 1
                raise YamlError(line, "a list whose items are not all objects", "objects with apiVersion and kind")
            if entry.flat:
                piece = self.piece(entry.start, entry.end)
                yield item(piece, piece.line, entry.head, listed)
            else:
                yield from self.take(entry.start)
        self.end = end

    def piece(self, start: int, end: int) -> JsonPiece:
        """The bytes between two places of the text. Asked in order, so each stretch is counted once."""
        first, line = self._position(start)
        return JsonPiece(self.place.data, first, self._position(end)[0], line)

    def _position(self, at: int) -> tuple[int, int]:
        known, byte, line = self.seen if self.seen[0] <= at else (0, self.place.start, self.place.line)
        byte += at - known if self.ascii else len(self.text[known:at].encode())
        line += self.text.count("\n", known, at)
        self.seen = (at, byte, line)
        return byte, line


def _decoded(place: Place) -> str:
    raw = place.text()
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise YamlError(line, "bytes that are no UTF-8", "UTF-8 text") from None


def _below(text: str, at: int, step: str | int) -> tuple[int, int] | None:
    """Where the key and the value of a step stand below the value at `at`; of a key that stands twice the last."""
    found: list[tuple[int, int]] = []

    def member(key: str, place: int, start: int) -> int:
        if key == step:
            found.append((place, start))
        return read(text, start)[1]

    def element(index: int, start: int) -> int:
        if index == step:
            found.append((start, start))
        return read(text, start)[1]

    if text[at] == "{" and isinstance(step, str):
        members(text, at, member)
    elif text[at] == "[" and isinstance(step, int):
        elements(text, at, element)
    return found[-1] if found else None


def _collect(text: str, at: int, above: Path, found: list[tuple[Path, int]]) -> int:
    """Adds every key below that stands twice, with the place of the one that lost; gives the end."""
    last: dict[str, int] = {}

    def member(key: str, place: int, start: int) -> int:
        if key in last:
            found.append(((*above, key), last[key]))
        last[key] = place
        return _collect(text, start, (*above, key), found)

    def element(index: int, start: int) -> int:
        return _collect(text, start, (*above, index), found)

    if text[at] == "{":
        return members(text, at, member)
    return elements(text, at, element) if text[at] == "[" else read(text, at)[1]
