"""A `run` template cut into shell words before anything is filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .texts import Piece, pieces

OPERATORS = frozenset({"|", "||", "&&", ">", ">>", "<"})
"""What stands between commands. Only as a word of its own, and only where the template itself has it."""

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t]+)
  | '(?P<single>[^']*)'
  | "(?P<double>(?:\\.|[^"\\$`])*)"
  | \\(?P<escaped>.)
  | (?P<person><[^<>\n]*[^<>\s][^<>\n]*>)
  | (?P<operator>\|\||&&|>>|[|><])(?=\s|$)
  | (?P<glob>\*+)
  | (?P<plain>[^\s'"\\|&;<>()$`*]+)
    """,
    re.VERBOSE,
)
_PERSON = re.compile(r"<[^<>\n]+>")
_IN_DOUBLE = re.compile(r'\\(["\\$`])')


@dataclass(slots=True)
class Word:
    """One word: its pieces, with `*` marked where the shell shall expand it. `operator`: no word but a sign."""

    pieces: list[Piece] = field(default_factory=list)
    globs: set[int] = field(default_factory=set)
    operator: str = ""
    person: bool = False


@dataclass(slots=True)
class Line:
    """One line of a template: its words, and the comment at its end."""

    words: list[Word]
    comment: str = ""


def split_line(text: str) -> Line:
    """Cut one line into words. Raises ValueError on what the shell would do more with than take it as a word."""
    words: list[Word] = []
    word: Word | None = None
    at = 0
    while at < len(text):
        if word is None and text[at] == "#":
            return Line(words, text[at:])
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(_complaint(text, at))
        at = found.end()
        if found["space"]:
            word = None
        elif found["operator"]:
            if word is not None:
                raise ValueError(f"put a space before {found['operator']} in {text.strip()!r}, or quote it")
            words.append(Word(operator=found["operator"]))
        else:
            if word is None:
                word = Word()
                words.append(word)
            _extend(word, found)
    return Line(words)


def _extend(word: Word, found: re.Match[str]) -> None:
    if found["glob"]:
        word.globs.add(len(word.pieces))
        word.pieces.append((found["glob"], False))
        return
    kind = found.lastgroup or ""
    text = found[kind]
    if kind == "double":
        text = _IN_DOUBLE.sub(r"\1", text)
    word.person = word.person or _PERSON.search(text) is not None
    word.pieces.extend(pieces(text) if kind != "escaped" else [(text, False)])
    if not word.pieces:
        word.pieces.append(("", False))


def _complaint(text: str, at: int) -> str:
    sign = text[at]
    if sign in "'\"" and "$" not in text and "`" not in text:
        return f"the quote {sign} in {text.strip()!r} is never closed"
    if sign in "$`'\"":
        return f"nothing is expanded in a command, so put what has $ or ` in single quotes: {text.strip()!r}"
    return f"{sign} in {text.strip()!r} means something to the shell; quote it, or leave spaces around |, > and &&"
