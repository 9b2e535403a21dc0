"""Finds the files behind the paths that a person named, in an order that never depends on the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ..model import Origin, Problem
from .limits import Limits, TooLarge, size_text
from .pieces import Piece

STDIN = "<stdin>"
_BLOCK = 1 << 20
_DEEPEST = 64


@dataclass(slots=True)
class Walk:
    """Walks inputs. What could not be read lands in `problems`, what is no data in `skipped`.

    `apart` are resolved paths that are not part of what is running. Links are never followed out of the folder
    that was named; hidden files, which editors and git leave behind, are not looked at.
    """

    limits: Limits
    apart: frozenset[Path] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    _seen: set[Path] = field(default_factory=set)
    _stdin_taken: bool = False

    def pieces(self, inputs: Sequence[str | Path], stdin: BinaryIO) -> Iterator[Piece]:
        for path in (Path(i) for i in inputs if str(i) != "-"):
            found = status(path)
            if found is not None and not stat.S_ISDIR(found.st_mode):
                self._seen.add(_resolved(path))
        done: set[Path | str] = set()
        for given in inputs:
            key = "-" if str(given) == "-" else _resolved(Path(given))
            if key in done:
                continue
            done.add(key)
            if key == "-":
                yield self._standard_input(stdin)
            else:
                yield from self._named(Path(given))

    def _standard_input(self, stdin: BinaryIO) -> Piece:
        return Piece(Origin(STDIN), (STDIN,), lambda: bounded(stdin, self.limits.file), named=True)

    def _named(self, path: Path) -> Iterator[Piece]:
        try:
            found = path.stat()
        except (OSError, ValueError) as error:
            self.problems.append(Problem(Origin(str(path)), reason(error)))
            return
        if stat.S_ISDIR(found.st_mode):
            yield from self._folder(path, path.resolve(), (path.resolve().name,))
        else:
            folders = path.absolute().parts[-5:-1]
            yield Piece(
                Origin(str(path)),
                (*folders, path.name),
                lambda: read_file(path, self.limits),
                named=True,
                disk=path if stat.S_ISREG(found.st_mode) else None,
                size=found.st_size,
            )

    def _folder(self, folder: Path, root: Path, parts: tuple[str, ...]) -> Iterator[Piece]:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda e: e.name)
        except OSError as error:
            self.problems.append(Problem(Origin(str(folder)), reason(error)))
            return
        if len(parts) > _DEEPEST:
            self.skipped.append((str(folder), "folders nested too deep"))
            return
        if {"Chart.yaml", "templates"} <= {e.name for e in entries}:
            self.skipped.append((str(folder), "a Helm chart: name it with --target-chart"))
            return
        for entry in entries:
            if not entry.name.startswith("."):
                yield from self._entry(folder / entry.name, entry, root, parts)

    def _entry(self, path: Path, entry: os.DirEntry[str], root: Path, parts: tuple[str, ...]) -> Iterator[Piece]:
        if entry.is_symlink():
            target = _resolved(path)
            if root not in target.parents or not _is_file(target):
                why = "a link to a folder" if root in target.parents else "a link out of the folder"
                self.skipped.append((str(path), f"{why}: not followed"))
                return
        elif _is_folder(entry):
            yield from self._folder(path, root, (*parts, entry.name))
            return
        resolved = _resolved(path)
        if resolved in self.apart or resolved in self._seen:
            return
        self._seen.add(resolved)
        if len(self._seen) > self.limits.files:
            self._stop(root)
            return
        if not _is_file(path):
            self.skipped.append((str(path), "not a regular file"))
            return
        size = entry.stat().st_size
        origin, full = Origin(str(path)), (*parts, entry.name)
        yield Piece(origin, full, lambda: read_file(path, self.limits), disk=path, size=size)

    def _stop(self, root: Path) -> None:
        problem = Problem(Origin(str(root)), f"more than {self.limits.files} files", "a smaller folder")
        if problem not in self.problems:
            self.problems.append(problem)


def read_file(path: Path, limits: Limits) -> bytes:
    """The whole file. Pipes are read too, as `<(kubectl get …)` gives them. Raises OSError and TooLarge."""
    with path.open("rb") as file:
        return bounded(file, limits.file)


def bounded(file: BinaryIO, limit: int) -> bytes:
    """Everything that is left in a stream. Raises TooLarge beyond the limit, before memory is full."""
    blocks, size = [], 0
    while block := file.read(_BLOCK):
        blocks.append(block)
        size += len(block)
        if size > limit:
            raise TooLarge(f"larger than {size_text(limit)}")
    return blocks[0] if len(blocks) == 1 else b"".join(blocks)


def _is_file(path: Path) -> bool:
    found = status(path)
    return found is not None and stat.S_ISREG(found.st_mode)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def status(path: Path) -> os.stat_result | None:
    """What the file system says of a path; None where it says nothing, for whatever reason."""
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def reason(error: OSError | ValueError) -> str:
    """What went wrong with a file, in plain words."""
    match error:
        case FileNotFoundError():
            return "no such file or folder"
        case PermissionError():
            return "permission denied"
    told = error.strerror if isinstance(error, OSError) else None
    return (told or "cannot be read").lower()


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()
