"""A tree of files to read manifests from: a folder, or one commit of a git repository."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from ...model import Origin

LIMIT = 16 * 1024 * 1024
"""The largest file that is read, in bytes."""
COUNT = 20_000
"""The most files of one tree that are looked at."""
MANIFESTS = (".yaml", ".yml", ".json")


class Tree(Protocol):
    """Files by their path from the root of the tree, with `/`."""

    def names(self, below: str) -> Sequence[str]:
        """Every file at or below a path, in order; none where it is not there."""
        ...

    def read(self, name: str) -> bytes | None:
        """The content of a file, None where there is none or it is too large."""
        ...

    def origin(self, name: str) -> Origin:
        """How a person would name the file."""
        ...


@dataclass(frozen=True, slots=True)
class FolderTree:
    """Files on disk below `root`. `shown` maps paths from the root to how the person named them."""

    root: Path
    shown: Mapping[str, str] = field(default_factory=dict)

    def names(self, below: str) -> Sequence[str]:
        start = self.root / below
        if start.is_file():
            return [below] if self._inside(start) else []
        return sorted(self._walk(start)) if start.is_dir() else []

    def _walk(self, start: Path) -> Iterator[str]:
        count = 0
        for folder, below, files in os.walk(start):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(files):
                path = Path(folder, name)
                if not name.startswith(".") and path.is_file() and self._inside(path):
                    count += 1
                    if count > COUNT:
                        return
                    yield path.relative_to(self.root).as_posix()

    def read(self, name: str) -> bytes | None:
        path = self.root / name
        try:
            if not self._inside(path) or not path.is_file() or path.stat().st_size > LIMIT:
                return None
            return path.read_bytes()
        except (OSError, ValueError):
            return None

    def origin(self, name: str) -> Origin:
        for prefix in sorted(self.shown, key=len, reverse=True):
            if prefix in ("", ".") or name == prefix or name.startswith(f"{prefix}/"):
                rest = name if prefix in ("", ".") else name[len(prefix) :].lstrip("/")
                return Origin(os.path.normpath(f"{self.shown[prefix]}/{rest}") if rest else self.shown[prefix])
        return Origin(os.path.relpath(self.root / name))

    def _inside(self, path: Path) -> bool:
        """False for a link that leads out of the tree."""
        try:
            return path.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):
            return False


def joined(folder: str, path: str) -> str:
    """A path as written in a file of `folder`, from the root of the tree; "" where it leads out of it."""
    parts: list[str] = []
    for part in (
        (*PurePosixPath(folder).parts, *PurePosixPath(path).parts)
        if not path.startswith("/")
        else (PurePosixPath(path).parts[1:])
    ):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def matching(tree: Tree, pattern: str) -> list[str]:
    """The files that a glob of Argo CD names: `*` inside a folder, `**` below any number of them."""
    steps = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    text = "".join(steps.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern))
    start = folder_of(re.split(r"[*?\[]", pattern)[0])
    return [name for name in tree.names(start) if re.fullmatch(text, name)]
