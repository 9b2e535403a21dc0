"""The values on a command line, merged in Helm's order, each leaf with the file or flag that set it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import InputError, UsageError
from ..model import Command, Origin, Problem, Values, leaves, value_at
from ..model import Path as ValuePath
from ..sources.values import LIMIT, laid_over, read_values
from .grammar import listed
from .set_grammar import set_into
from .set_parser import SetKind

SET_ORDER: tuple[SetKind, ...] = ("set-json", "set", "set-string", "set-file", "set-literal")
"""The order in which Helm lays the flags over the files, wherever they stand on the command line."""

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def values_given(
    command: Command | None,
    *,
    files: Sequence[str | Path] = (),
    sets: Sequence[tuple[str, str]] = (),
    cwd: Path | None = None,
    stdin: BinaryIO | None = None,
    known: Mapping[str, Values] | None = None,
) -> tuple[Values, tuple[Problem, ...]]:
    """The values of a command and those given beside it, merged as Helm does, and what could not be read.

    `files` and `sets`, pairs such as ("set", "a=b"), come after the command's own of the same group. Paths
    are relative to `cwd`. `known` holds files that need no reading, by their name. What cannot be read is left
    out and is a problem; nothing is fetched from a URL.
    """
    named = [*_files_of(command), *(str(file) for file in files)]
    expressions = [*_sets_of(command), *sets]
    order = [(kind, text) for kind in SET_ORDER for given, text in expressions if given == kind]
    gathering = _Gathering(cwd or Path(), stdin, dict(known or {}))
    gathering.read(named)
    for kind, text in order:
        gathering.lay(kind, text)
    return gathering.values(), tuple(gathering.problems)


def _files_of(command: Command | None) -> list[str]:
    if command is None or command.tool not in ("helm", "cilium"):
        return []
    return [file for text in command.all("values") for file in listed(text)]


def _sets_of(command: Command | None) -> list[tuple[str, str]]:
    """The set expressions of a command; a flag that the tool does not have sets nothing."""
    if command is None or command.tool == "kubectl":
        return []
    kinds = [kind for kind in SET_ORDER if f"--{kind}" not in command.unknown]
    return [(flag.name, flag.value or "") for flag in command.flags if flag.name in kinds]


@dataclass
class _Gathering:
    """Values in the making. The tree is its own, deeply, before the first expression changes it in place."""

    cwd: Path
    stdin: BinaryIO | None
    known: dict[str, Values]
    problems: list[Problem] = field(default_factory=list)
    tree: dict[str, Any] = field(default_factory=dict)
    origins: dict[ValuePath, Origin] = field(default_factory=dict)

    def read(self, names: Sequence[str]) -> None:
        values = Values()
        for name in names:
            try:
                values = laid_over(values, self._file(name))
            except InputError as error:
                self.problems.append(Problem(_origin(error.where), error.text, error.expected))
        self.tree, self.origins = copy.deepcopy(dict(values.tree)), dict(values.origins)

    def lay(self, kind: SetKind, text: str) -> None:
        """One expression over all before; one that Helm would refuse changes nothing."""
        tree = copy.deepcopy(self.tree)
        try:
            touched = set_into(tree, text, kind, self._content)
        except UsageError as error:
            self.problems.append(Problem(Origin(f"--{kind} {text}"), error.text))
            return
        except InputError as error:
            self.problems.append(Problem(Origin(f"--{kind} {text}"), str(error)))
            return
        self.tree = tree
        for path in touched:
            self._set_by(path, Origin(f"--{kind} {text}"))

    def values(self) -> Values:
        return Values(self.tree, self.origins)

    def _set_by(self, path: ValuePath, origin: Origin) -> None:
        """Everything that stood at, below or above a path is no leaf of its own any more."""
        size = len(path)
        self.origins = {p: o for p, o in self.origins.items() if p[:size] != path and path[: len(p)] != p}
        value = value_at(self.tree, path)
        below = leaves(value, path) if isinstance(value, Mapping) and value else [(path, value)]
        self.origins.update((leaf, origin) for leaf, _ in below)

    def _file(self, name: str) -> Values:
        if name in self.known:
            return self.known[name]
        name = name.strip() if name.strip() == "-" else name
        path = self._local(name)
        return read_values(name, self.stdin) if path is None else read_values(name, data=_bytes(path, name))

    def _content(self, name: str) -> str:
        path = self._local(name)
        raw = _bytes(path, name) if path else self.stdin.read(LIMIT + 1) if self.stdin else b""
        return raw.decode("utf-8", "replace")

    def _local(self, name: str) -> Path | None:
        """Where a named file lies, None for standard input. Raises InputError for a URL."""
        if name.strip() == "-":
            return None
        path = self.cwd / name
        if _REMOTE.match(name) and not path.exists():
            raise InputError(name, "is not on this machine and is not fetched", "a copy in a file")
        return path


def _bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise InputError(name, "no such file", "a values file") from None
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(name, f"cannot be read: {words}", "a values file") from None
    if len(raw) > LIMIT:
        raise InputError(name, f"is larger than {LIMIT // 1024 // 1024} MiB", "a values file")
    return raw


def _origin(where: str) -> Origin:
    """The origin in an error's `file:line`."""
    file, colon, line = where.rpartition(":")
    return Origin(file, int(line)) if colon and line.isdecimal() else Origin(where)
