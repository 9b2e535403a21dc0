"""Where the keys of a TOML file stand: `tomllib` tells what they hold, and nothing of lines.

Headers and the keys at the beginning of a line are seen. What stands inside an inline table or a list is found by
the key above it.
"""

from __future__ import annotations

import re

from ..model import Path

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_NAME = re.compile(rf"{_PART}(?:\s*\.\s*{_PART})*")
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_NAME.pattern})\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(rf"\s*({_NAME.pattern})\s*=")
_LONG = re.compile(r'"""|' + "'''")


def toml_lines(text: str, under: Path) -> dict[Path, int]:
    """The line, from 1, of each key below a table, by its path from there; an entry of a list of tables has its place
    in it, from 0."""
    lines: dict[Path, int] = {}
    table: Path = ()
    entries: dict[Path, int] = {}
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        begun = inside
        for mark in _LONG.findall(line):
            inside = mark if not inside else "" if inside == mark else inside
        if begun:
            continue
        header, key = _HEADER.fullmatch(line.rstrip("\r")), _KEY.match(line)
        if header:
            table = _names(header[2])
            if header[1] == "[[":
                entries[table] = entries.get(table, -1) + 1
                table = (*table, entries[table])
            lines.setdefault(table, number)
        elif key:
            lines.setdefault((*table, *_names(key[1])), number)
    return {path[len(under) :]: line for path, line in lines.items() if path[: len(under)] == under}


def _names(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
