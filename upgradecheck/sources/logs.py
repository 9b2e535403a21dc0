"""Pod logs: whole files, and the sections of `kubectl cluster-info dump`. Lines are read when they are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from ..cluster import Log
from ..model import Origin
from .layouts import Whose

_LINE = 8192
"""The most of one line that is kept, in characters."""

_MARK = re.compile(
    rb"^==== (?P<mark>START|END) logs for container (?P<container>\S+) of pod (?P<space>[^/\s]+)/(?P<pod>\S+) ====\r?$",
    re.M,
)


def log_of(whose: Whose, origin: Origin, read: Callable[[], Iterator[tuple[int, str]]]) -> Log:
    return Log(whose.namespace, whose.pod, whose.container, whose.previous, origin, read)


def on_disk(path: Path, limit: int) -> Callable[[], Iterator[tuple[int, str]]]:
    """The lines of a file, its newest `limit` bytes, opened when they are asked for; none where it has gone."""

    def read() -> Iterator[tuple[int, str]]:
        try:
            with path.open("rb") as file:
                line, text = _newest(file, limit)
        except OSError:
            return
        yield from _lines(text, line)

    return read


def in_memory(text: bytes, line: int = 1) -> Callable[[], Iterator[tuple[int, str]]]:
    """The lines of a text whose first one has this number."""
    return lambda: _lines(text, line)


def newest_part(text: bytes, limit: int) -> tuple[int, bytes]:
    """The number of the first line that is kept, and the newest `limit` bytes from a line's start."""
    if len(text) <= limit:
        return 1, text
    cut = text.find(b"\n", len(text) - limit) + 1
    return text.count(b"\n", 0, cut) + 1, text[cut:]


def sections(data: bytes, origin: Origin, limit: int) -> Iterator[Log]:
    """The logs inside the output of cluster-info dump. An empty log is one too: it was collected."""
    line, at = 1, 0
    for whose, start, end in _sections(data):
        text_at = min(data.find(b"\n", start, end) + 1 or end, end)
        line += data.count(b"\n", at, text_at)
        at = text_at
        skipped, text = newest_part(data[text_at:end], limit)
        if not text.startswith(b"Request log error"):
            yield log_of(whose, origin.at(line), in_memory(text, line + skipped - 1))


def sections_on_disk(path: Path, origin: Origin, limit: int) -> Iterator[Log]:
    """The logs inside a file of cluster-info dump, of which nothing is kept but where they are. Raises OSError."""
    for number, log in enumerate(sections(path.read_bytes(), origin, limit)):
        yield replace(log, read=_section_reader(path, origin, limit, number))


def _section_reader(path: Path, origin: Origin, limit: int, number: int) -> Callable[[], Iterator[tuple[int, str]]]:
    def read() -> Iterator[tuple[int, str]]:
        try:
            found = next(islice(sections(path.read_bytes(), origin, limit), number, None), None)
        except OSError:
            return
        yield from found.lines() if found else ()

    return read


def without_sections(data: bytes) -> bytes:
    """The output of cluster-info dump with its logs blanked out, so that every other line keeps its number."""
    kept, at = [], 0
    for _, start, end in _sections(data):
        end = data.find(b"\n", end)
        end = len(data) if end < 0 else end
        kept += [data[at:start], b"\n" * data.count(b"\n", start, end)]
        at = end
    return b"".join([*kept, data[at:]])


def _sections(data: bytes) -> Iterator[tuple[Whose, int, int]]:
    """Each section: whose log, where its START line begins, where its END line begins or the text breaks off."""
    opened: re.Match[bytes] | None = None
    for found in _MARK.finditer(data):
        if opened is None:
            opened = found if found["mark"] == b"START" else None
        elif found["mark"] == b"END" and found.groups()[1:] == opened.groups()[1:]:
            yield _whose(opened), opened.start(), found.start()
            opened = None
    if opened is not None:
        yield _whose(opened), opened.start(), len(data)


def _whose(found: re.Match[bytes]) -> Whose:
    space, pod, container = (found[part].decode("utf-8", "replace") for part in ("space", "pod", "container"))
    return Whose(space, pod, container)


def _newest(file: BinaryIO, limit: int) -> tuple[int, bytes]:
    size = file.seek(0, 2)
    start = max(0, size - limit)
    file.seek(0)
    line, left = 1, start
    while left > 0 and (block := file.read(min(left, 1 << 20))):
        line += block.count(b"\n")
        left -= len(block)
    text = file.read(limit)
    if not start:
        return line, text
    cut = text.find(b"\n") + 1
    return line + 1, text[cut:]


def _lines(text: bytes, first: int) -> Iterator[tuple[int, str]]:
    at, line = 0, first
    while at < len(text):
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        yield line, text[at : min(end, at + 4 * _LINE)].decode("utf-8", "replace").rstrip("\r")[:_LINE]
        at, line = end + 1, line + 1
