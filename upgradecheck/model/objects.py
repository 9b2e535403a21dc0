"""What was read: a Kubernetes object, and the place where it was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Path = tuple[str | int, ...]
"""A path into an object: keys of maps and indexes of lists, as ("spec", "taints", 0, "key")."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read.

    `file` is the path as the person named it (or found below a named folder), `<stdin>`, or a flag such
    as `--set a=b`; `member` the file inside an archive; `line` counts from 1, 0 where there is none.
    """

    file: str
    line: int = 0
    member: str = ""

    def __lt__(self, other: Origin) -> bool:
        """By file, then by member, then by line, so that the lines of one member stay together."""
        return (self.file, self.member, self.line) < (other.file, other.member, other.line)

    def __str__(self) -> str:
        place = f"{self.file}!{self.member}" if self.member else self.file
        return f"{place}:{self.line}" if self.line else place

    def at(self, line: int) -> Origin:
        """The same file at another line."""
        return replace(self, line=line)


NOWHERE = Origin("")


def group_kind(api_version: str, kind: str) -> str:
    """The name of a kind with its group, as kubectl writes it: `Pod`, `DaemonSet.apps`."""
    group, slash, _ = api_version.partition("/")
    return f"{kind}.{group}" if slash else kind


class Object:
    """One Kubernetes object. Its `data` is built on first use, so an object nobody asks about costs little.

    `build` returns the whole object as plain maps, lists and scalars; `locate` gives the line of a path.
    """

    __slots__ = ("_build", "_data", "_locate", "api_version", "kind", "name", "namespace", "origin")

    def __init__(
        self,
        api_version: str,
        kind: str,
        namespace: str,
        name: str,
        origin: Origin,
        build: Callable[[], dict[str, Any]],
        locate: Callable[[Path], int] | None = None,
    ) -> None:
        self.api_version = api_version
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.origin = origin
        self._build = build
        self._data: dict[str, Any] | None = None
        self._locate = locate

    @classmethod
    def of(
        cls,
        data: Mapping[str, Any],
        origin: Origin = NOWHERE,
        locate: Callable[[Path], int] | None = None,
    ) -> Object:
        """An object that is already built, as `import upgradecheck` and JSON inputs give it."""
        found = data.get("metadata")
        metadata = found if isinstance(found, Mapping) else {}
        return cls(
            _text(data.get("apiVersion")),
            _text(data.get("kind")),
            _text(metadata.get("namespace")),
            _text(metadata.get("name")),
            origin,
            lambda: dict(data),
            locate,
        )

    @property
    def data(self) -> dict[str, Any]:
        """The whole object. Never change it: the same one is handed to every rule."""
        if self._data is None:
            self._data = self._build()
        return self._data

    @property
    def built(self) -> bool:
        """True once somebody has looked into it."""
        return self._data is not None

    @property
    def group_kind(self) -> str:
        return group_kind(self.api_version, self.kind)

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies it in a cluster: kind with group, namespace, name."""
        return (self.group_kind, self.namespace, self.name)

    def get(self, *path: str | int, default: Any = None) -> Any:
        """The value at a path, or `default` where any step is absent."""
        return value_at(self.data, path, default)

    def at(self, *path: str | int) -> Origin:
        """Where a path of this object stands; the object's own first line where that is not known."""
        line = self._locate(path) if self._locate and path else 0
        return self.origin.at(line) if line else self.origin

    def __repr__(self) -> str:
        return f"<{self.group_kind} {self.namespace}/{self.name} from {self.origin}>"


def value_at(data: Any, path: Sequence[str | int], default: Any = None) -> Any:
    """The value at a path inside plain maps and lists, or `default` where any step is absent."""
    for step in path:
        if isinstance(data, Mapping):
            if step not in data:
                return default
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and -len(data) <= step < len(data):
            data = data[step]
        else:
            return default
    return data


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
