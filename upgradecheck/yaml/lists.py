"""What a list of objects is, and what its items take from it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..model.objects import Path
from .chunk import Chunk, Duplicates, Source
from .heads import Head


class Listed(NamedTuple):
    """The list that an item came from."""

    kind: str
    api_version: str
    number: int


def is_list(value: Any) -> bool:
    """Whether an object is a list of objects, as kubectl would take it apart."""
    if not isinstance(value, dict) or not isinstance(value.get("items", 0), list | None):
        return False
    kind = value.get("kind")
    return isinstance(kind, str) and kind.endswith("List")


def item(source: Source, line: int, head: Head, listed: Listed) -> Chunk:
    """One item of a list. In a typed list it takes apiVersion and kind from there, as kubectl has it."""
    if not head[0] and not head[1] and listed.kind != "List":
        head = (listed.api_version, listed.kind.removesuffix("List"), head[2], head[3])
        source = _Typed(source, head[0], head[1])
    return Chunk(source, line, head, listed.kind, listed.api_version, listed.number)


def empty(source: Source, line: int, head: Head, listed: Listed) -> Chunk:
    """A list that holds nothing, which says that there is nothing of its kind."""
    return Chunk(source, line, head, listed.kind, listed.api_version, listed.number, is_list=True)


class _Typed:
    """A source whose object gets its apiVersion and kind from outside."""

    __slots__ = ("api_version", "kind", "source")

    def __init__(self, source: Source, api_version: str, kind: str) -> None:
        self.source = source
        self.api_version = api_version
        self.kind = kind

    def build(self) -> Any:
        return {**self.source.build(), "apiVersion": self.api_version, "kind": self.kind}

    def locate(self, path: Path) -> int:
        return self.source.locate(path)

    def text(self) -> bytes:
        return self.source.text()

    def duplicates(self) -> Duplicates:
        return self.source.duplicates()
