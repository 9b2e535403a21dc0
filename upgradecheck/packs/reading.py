"""Rule and component files as mappings with lines, and errors in them collected rather than raised one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import RuleError
from ..model import Path as KeyPath

Locate = Callable[[KeyPath], int]

_LARGEST = 1 << 20
UNQUOTED = "is a number here, since YAML reads 1.30 as 1.3; quote it"


class BadRulesError(RuleError):
    """Every error of a pack at once, a line each."""

    def __init__(self, errors: Sequence[RuleError]) -> None:
        super().__init__(errors[0].where, errors[0].text)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(f"{error.where}: {error.text}" for error in self.errors)


def read_mapping(path: Path) -> tuple[dict[str, Any], Locate]:
    """A YAML file that holds one mapping, and where its keys stand. Raises RuleError with file and line."""
    return _read(path, dict, "one mapping")


def read_rows(path: Path) -> tuple[list[Any], Locate]:
    """A YAML file that holds one list: a table of facts. Raises RuleError with file and line."""
    return _read(path, list, "one list")


def _read(path: Path, kind: type, expected: str) -> tuple[Any, Locate]:
    from ..yaml import Broken, YamlError, chunks

    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1)
    except OSError as error:
        raise RuleError(str(path), f"cannot be read: {error.strerror}") from None
    if len(text) > _LARGEST:
        raise RuleError(str(path), "is larger than 1 MiB")
    documents = list(chunks(text, name=str(path)))
    if len(documents) != 1:
        raise RuleError(f"{path}:1", f"holds {len(documents)} documents; expected {expected}")
    [document] = documents
    if isinstance(document, Broken):
        raise RuleError(f"{path}:{document.line}", document.text)
    try:
        data, twice = document.build(), document.duplicates
    except YamlError as error:
        raise RuleError(f"{path}:{error.line}", error.text) from None
    if not isinstance(data, kind):
        raise RuleError(f"{path}:{document.line}", f"expected {expected}")
    for key, line in twice:
        raise RuleError(f"{path}:{line}", f"{dotted(key)} stands twice")
    return data, document.locate


def refuse_unknown(path: Path, data: Mapping[str, Any], known: Iterable[str], locate: Locate) -> None:
    """Raises RuleError for the first key that is not known."""
    names = tuple(known)
    for key in data:
        if key not in names:
            raise RuleError(f"{path}:{locate((key,))}", unknown("key", key, names))


def unknown(what: str, name: object, known: Iterable[str]) -> str:
    """The words for a name that is not known, with a near one that is."""
    import difflib

    names = sorted(known)
    near = difflib.get_close_matches(str(name), names, 1)
    return f"unknown {what} {str(name)!r}; " + (f"did you mean {near[0]}?" if near else f"there is {', '.join(names)}")


class Complaints:
    """Errors of one file, collected. A path that is not in the file is told by the nearest one above it."""

    def __init__(self, file: Path, locate: Locate) -> None:
        self.file = file
        self.errors: list[RuleError] = []
        self._locate = locate

    def say(self, path: KeyPath, text: str) -> None:
        lines = (self._locate(path[:end]) for end in range(len(path), 0, -1))
        line = next((line for line in lines if line), 1)
        name = dotted(path)
        self.errors.append(RuleError(f"{self.file}:{line}", f"{name}: {text}" if name else text))


def dotted(path: KeyPath) -> str:
    """A path into a rule file as people write it: `remedy[0].run`."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.removeprefix(".")
