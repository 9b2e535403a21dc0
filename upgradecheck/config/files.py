"""Finds the configuration file, and reads it as plain data with the lines of its keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..model import Path as KeyPath
from .tomllines import toml_lines

NAMES = ("upgradecheck.yaml", "upgradecheck.yml", "pyproject.toml")
TABLE = ("tool", "upgradecheck")
MOST_BYTES = 1 << 20
_AT = re.compile(r"(.*) \(at line (\d+), column \d+\)", re.DOTALL)

Locate = Callable[[KeyPath], int]


def find(start: Path) -> Path | None:
    """The file of the nearest folder that has one, from `start` upwards to the root of a repository. Raises
    InputError where a folder has two."""
    folder = start.resolve()
    for above in (folder, *folder.parents):
        found = [above / name for name in NAMES if _is_one(above / name)]
        if len(found) > 1:
            raise InputError(str(found[0]), f"{found[1].name} beside it configures upgradecheck too", "one of them")
        if found:
            return found[0]
        if (above / ".git").exists() or (above / ".hg").exists():
            return None
    return None


def read(file: Path, name: str) -> tuple[Mapping[str, Any], Locate]:
    """The keys of a file and where they stand; `name` is what the person is told. Raises InputError."""
    text = _text(file, name)
    data, locate = _toml(text, name) if file.suffix == ".toml" else _yaml(text, name)
    if not isinstance(data, Mapping):
        raise InputError(f"{name}:{locate(()) or 1}", "no configuration", "keys with their values")
    return data, locate


def _is_one(file: Path) -> bool:
    """A pyproject.toml is one where it has our table; whether that is right shows when it is read."""
    if file.suffix != ".toml" or not file.is_file():
        return file.is_file()
    import tomllib

    head = _head(file)
    try:
        return b"upgradecheck" in head and _table(tomllib.loads(head.decode())) is not None
    except (ValueError, RecursionError):
        return b"[tool.upgradecheck" in head


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES)
    except OSError:
        return b""


def _text(file: Path, name: str) -> bytes:
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(name, f"cannot be read: {error.strerror}", "a configuration file") from None
    if len(text) > MOST_BYTES:
        raise InputError(name, "larger than 1 MiB", "a configuration file")
    return text


def _yaml(text: bytes, name: str) -> tuple[Any, Locate]:
    from ..yaml import Broken, YamlError, chunks

    documents = list(chunks(text, name=name))
    if not documents:
        return {}, lambda _path: 1
    if len(documents) > 1:
        raise InputError(f"{name}:{documents[1].line}", f"{len(documents)} documents", "one")
    [document] = documents
    if isinstance(document, Broken):
        raise InputError(f"{name}:{document.line}", document.text)
    try:
        data, twice = document.build(), document.duplicates
    except YamlError as error:
        raise InputError(f"{name}:{error.line}", error.text) from None
    for key, line in twice:
        raise InputError(f"{name}:{line}", f"{'.'.join(map(str, key))} stands twice")
    return data, document.locate


def _toml(text: bytes, name: str) -> tuple[Any, Locate]:
    import tomllib

    try:
        data = tomllib.loads(text.decode())
    except UnicodeDecodeError:
        raise InputError(name, "not UTF-8", "TOML") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = _AT.fullmatch(str(error))
        raise InputError(f"{name}:{said[2]}" if said else name, said[1] if said else str(error), "TOML") from None
    table = _table(data)
    if table is None:
        raise InputError(name, "no [tool.upgradecheck] in it", "that table, or a YAML file")
    lines = toml_lines(text.decode(), TABLE)
    return table, lambda path: next((lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in lines), 0)


def _table(data: Mapping[str, Any]) -> Any:
    tool = data.get(TABLE[0])
    return tool.get(TABLE[1]) if isinstance(tool, Mapping) else None
