"""Measures and wraps text by terminal columns: wide characters count two, combining ones none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_ITEM = re.compile(r" *([-*]|\d{1,2}[.)]) +")
# Line breaking in Chinese and Japanese: what may not begin a line, and what may not end one.
_NEVER_FIRST = frozenset(",.:;?!)]}、。，．：；？！）」』】》〉〕”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ")
_NEVER_LAST = frozenset("([{（「『【《〈〔“‘")


def columns(text: str) -> int:
    """How many columns a terminal takes for it."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def pad(text: str, wide: int) -> str:
    """Blanks behind it up to so many columns."""
    return text + " " * (wide - columns(text))


def fit(text: str, wide: int) -> str:
    """At most so many columns; a cut is marked and never falls inside a wide character."""
    if columns(text) <= wide:
        return text
    kept, used = "", 0
    for cluster in _clusters(text):
        used += columns(cluster)
        if used > wide - 3:
            break
        kept += cluster
    return f"{kept}..."


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `width` columns, the first begun with `first`, the others with `rest`.

    Breaks at blanks and beside wide characters. A longer run without either (a path, an image, a digest)
    stays whole on a line of its own, so that it can still be copied.
    """
    lines: list[str] = []
    line, begun = first, False
    for glue, piece in _pieces(text):
        if begun and columns(line) + len(glue) + columns(piece) > width:
            lines.append(line)
            line, begun = rest, False
        line += (glue if begun else "") + piece
        begun = True
    return [*lines, line] if begun or first.strip() else lines


def prose(text: str, width: int, indent: str) -> list[str]:
    """Paragraphs wrapped one by one. List items hang; lines indented by four or more (commands) stay as they are."""
    lines: list[str] = []
    for mark, words in _paragraphs(text):
        if mark is None:
            lines.append(f"{indent}{words}".rstrip())
        else:
            lines += wrap(words, width, first=indent + mark, rest=indent + " " * len(mark))
    return lines


def _paragraphs(text: str) -> Iterator[tuple[str | None, str]]:
    """Each paragraph with the mark that it hangs from; None where it is blank or must stay as it is."""
    mark, words = "", list[str]()
    for raw in text.strip("\n").split("\n"):
        item = _ITEM.match(raw)
        untouched = not raw.strip() or (raw.startswith("    ") and not mark)
        if (untouched or item) and words:
            yield mark, " ".join(words)
            words = []
        if untouched:
            mark = ""
            yield None, raw.rstrip()
        elif item:
            mark, words = f"{item[1]} ", [raw[item.end() :]]
        else:
            words.append(raw.strip())
    if words:
        yield mark, " ".join(words)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The parts between which a line may end, each with what joins it to the one before."""
    for word in text.split():
        glue = " "
        for piece in [word] if word.isascii() else _breakable(word):
            yield glue, piece
            glue = ""


def _breakable(word: str) -> Iterator[str]:
    piece, last = "", ""
    for cluster in _clusters(word):
        if piece and _may_break(last, cluster):
            yield piece
            piece = ""
        piece += cluster
        last = cluster
    yield piece


def _may_break(before: str, after: str) -> bool:
    if after[0] in _NEVER_FIRST or before[0] in _NEVER_LAST:
        return False
    return _columns(before[0]) == 2 or _columns(after[0]) == 2


def _clusters(text: str) -> Iterator[str]:
    """Each character with the marks that stand on it; what a joiner binds stays together."""
    cluster = ""
    for character in text:
        if cluster and _columns(character) and not cluster.endswith(_JOINER):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster
