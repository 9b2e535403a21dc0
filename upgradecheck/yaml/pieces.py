"""The places that chunks are built from: a byte range of YAML, or a part of a document that was built whole."""

from __future__ import annotations

import re
from typing import Any

from yaml.nodes import Node, SequenceNode

from ..model.objects import Path, value_at
from . import lines
from .builder import build
from .chunk import Duplicates, YamlError
from .nodes import compose_all

_RARE_BREAK = re.compile(rb"\xc2\x85|\xe2\x80[\xa8\xa9]")
_ANY_BREAK = re.compile(rb"\n|\xc2\x85|\xe2\x80[\xa8\xa9]")


class Place:
    """A byte range of what was read; `line` is the line of its first byte in the file."""

    __slots__ = ("data", "end", "line", "start")

    def __init__(self, data: bytes, start: int, end: int, line: int) -> None:
        self.data = data
        self.start = start
        self.end = end
        self.line = line

    def text(self) -> bytes:
        return self.data[self.start : self.end]

    def in_file(self, error: YamlError) -> YamlError:
        """An error of this text with its line in the file."""
        return YamlError(self.at(max(error.line - 1, 0)), error.text, error.expected)

    def at(self, line: int) -> int:
        """The line in the file of a line that libyaml counted in this text; it counts more breaks than editors do."""
        text = self.text()
        if _RARE_BREAK.search(text):
            return self.line + _ANY_BREAK.findall(text)[:line].count(b"\n")
        return self.line + line


class Piece(Place):
    """YAML that holds one object: a document, or one item of a list together with its dash (`dashed`).

    `plain` once its text is known to be that; `twice` once it is known whether a key may stand twice.
    """

    __slots__ = ("dashed", "plain", "twice")

    def __init__(self, data: bytes, start: int, end: int, line: int, dashed: bool = False) -> None:
        super().__init__(data, start, end, line)
        self.dashed = dashed
        self.plain = False
        self.twice: bool | None = None

    def node(self) -> Node | None:
        roots = compose_all(self.text(), self.plain)
        node = roots[0] if roots else None
        if node is None or not self.dashed:
            return node
        if not isinstance(node, SequenceNode) or len(node.value) != 1:
            raise YamlError(1, "more than one item where one must stand")
        return node.value[0]  # type: ignore[no-any-return]

    def build(self) -> Any:
        try:
            node = self.node()
            value, self.twice = build(node, self.text()) if node is not None else (None, False)
        except YamlError as error:
            raise self.in_file(error) from None
        return value

    def locate(self, path: Path) -> int:
        node = self.node()
        return self.at(lines.line_of(node, path)) if node is not None else 0

    def duplicates(self) -> Duplicates:
        if self.twice is None:
            self.build()
        node = self.node() if self.twice else None
        return [(path, self.at(line)) for path, line in lines.duplicates(node)] if node is not None else []


class Whole(Place):
    """A document whose text cannot be cut: it is built once, and its parts are handed out."""

    __slots__ = ("number", "root", "value")

    def __init__(self, place: Place, number: int, value: Any) -> None:
        super().__init__(place.data, place.start, place.end, place.line)
        self.number = number
        self.value = value
        self.root: Node | None = None

    def node(self) -> Node:
        if self.root is None:
            self.root = compose_all(self.text())[self.number]
        return self.root


class Part:
    """One object inside a whole document, at `above`."""

    __slots__ = ("above", "whole")

    def __init__(self, whole: Whole, above: Path) -> None:
        self.whole = whole
        self.above = above

    def build(self) -> Any:
        return value_at(self.whole.value, self.above)

    def locate(self, path: Path) -> int:
        return self.whole.at(lines.line_of(self.whole.node(), self.above + path))

    def text(self) -> bytes:
        return self.whole.text()

    def duplicates(self) -> Duplicates:
        deep = len(self.above)
        found = lines.duplicates(self.whole.node())
        return [(path[deep:], self.whole.at(line)) for path, line in found if path[:deep] == self.above]
