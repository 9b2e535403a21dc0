"""What reading a file yields: one Chunk for each object, one Broken for each document that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import UpgradecheckError
from ..model.objects import Path

Locate = Callable[[Path], int]
"""The line of a path, from 1; where the path is not there, the line of the nearest part above it; 0 unknown."""

Duplicates = list[tuple[Path, int]]
"""Keys that stand twice in one mapping: the path, and the line of the one that lost."""

YAML_OR_JSON = "YAML or JSON as kubectl reads it"


class YamlError(UpgradecheckError):
    """A document cannot be read. `line` counts from 1 in the text that was given, 0 where there is none."""

    def __init__(self, line: int, text: str, expected: str = YAML_OR_JSON) -> None:
        super().__init__(f"line {line}: {text}; expected {expected}" if line else f"{text}; expected {expected}")
        self.line = line
        self.text = text
        self.expected = expected


class FinalError(YamlError):
    """A document that no other way of reading it would mend, so none is tried."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A document that cannot be read: its line in the file, what is wrong, what was expected."""

    line: int
    text: str
    expected: str = YAML_OR_JSON


class Source(Protocol):
    """Where a chunk stands, and how it is built from there."""

    def build(self) -> Any: ...
    def locate(self, path: Path) -> int: ...
    def text(self) -> bytes: ...
    def duplicates(self) -> Duplicates: ...


class Chunk:
    """One Kubernetes object, or one bare document such as a values file, not built yet.

    `line` is its first line in the file. `api_version`, `kind`, `namespace` and `name` are "" where the
    document has none. `listed` is the kind of the list that it came from ("List", "PodList"), "" where it
    stood alone; `list_api` that list's apiVersion; `list_id` is the same for all items of one list and 0
    outside lists. `is_list` marks a list without items, which says that there are none.
    """

    __slots__ = (
        "_source",
        "api_version",
        "is_list",
        "kind",
        "line",
        "list_api",
        "list_id",
        "listed",
        "name",
        "namespace",
    )

    def __init__(
        self,
        source: Source,
        line: int,
        head: tuple[str, str, str, str],
        listed: str = "",
        list_api: str = "",
        list_id: int = 0,
        is_list: bool = False,
    ) -> None:
        self._source = source
        self.line = line
        self.api_version, self.kind, self.namespace, self.name = head
        self.listed = listed
        self.list_api = list_api
        self.list_id = list_id
        self.is_list = is_list

    def build(self) -> Any:
        """The whole object as plain maps, lists and scalars, built anew each time. Raises YamlError."""
        return self._source.build()

    def locate(self, path: Path) -> int:
        """The line in the file of a path; where it is absent, of the nearest part above it; 0 unknown."""
        return self._source.locate(path)

    def text(self) -> bytes:
        """The text it is built from: UTF-8, lines ended by a newline alone."""
        return self._source.text()

    @property
    def duplicates(self) -> Duplicates:
        """Keys that stand twice in one mapping, each with its line. The last one wins, as with kubectl."""
        return self._source.duplicates()

    def __repr__(self) -> str:
        return f"<chunk {self.kind or 'document'} {self.namespace}/{self.name} line {self.line}>"
