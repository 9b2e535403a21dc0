"""Lays out shell commands so that they fit the page and still do the same when pasted."""

from __future__ import annotations

from dataclasses import dataclass

from .clean import clean_command
from .raw_words import Line, logical_lines
from .width import columns

CONTINUED = " \\"
_OPERATORS = frozenset(("|", "||", "&&", "&", ";", ">", ">>", "<"))


@dataclass(frozen=True, slots=True)
class Laid:
    """A command as printed. `comment` is its own last comment, taken off; `open` true where one may be added."""

    lines: list[str]
    comment: str = ""
    open: bool = True


def lay_out(run: str, width: int, indent: str = "  ", spare: int = 0) -> Laid:
    """The command on lines of at most `width` columns where its words allow it.

    `spare` columns of the last line are left free for a comment, where that can be had.

    A here-document, or a quoted text with line breaks, stands at the left edge as it is, since there an
    indent would change what it means.
    """
    text = clean_command(run).strip("\n")
    found = logical_lines(text)
    if found is None:
        return Laid(text.split("\n") if "\n" in text else [indent + text], open=False)
    if not found:
        return Laid([], open=False)
    lines = [line for each in found[:-1] for line in _commented(each, width, indent)]
    last = found[-1]
    roomy = _fold(last, width, indent, spare)
    ended = roomy if roomy and columns(roomy[-1]) + spare <= width else _fold(last, width, indent)
    return Laid(lines + ended, last.comment)


def _commented(line: Line, width: int, indent: str) -> list[str]:
    """A line before the last keeps its comment behind it, or above it where there is no room."""
    lines = _fold(line, width, indent)
    if not line.comment:
        return lines
    if len(lines) == 1 and columns(f"{lines[0]}  {line.comment}") <= width:
        return [f"{lines[0]}  {line.comment}"]
    return [indent + line.comment, *lines]


def _fold(line: Line, width: int, indent: str, spare: int = 0) -> list[str]:
    """As the line was written where that fits, otherwise folded anew."""
    if not line.words:
        return []
    lines = [(indent + part).rstrip() for part in line.uncommented.split("\n")]
    fits = all(columns(part) <= width for part in lines) and columns(lines[-1]) + spare <= width
    return lines if fits else fold_words(line.words, width, indent, spare)


def fold_words(words: tuple[str, ...], width: int, indent: str, spare: int = 0) -> list[str]:
    """Words, quoted already, on lines that a backslash continues; a flag keeps its value beside it."""
    deeper = indent + "  "
    units = _units(words)
    lines: list[str] = []
    line = indent
    for number, unit in enumerate(units):
        room = width - (spare if number == len(units) - 1 else len(CONTINUED))
        whole = columns(deeper + " ".join(unit)) <= room or columns(deeper + max(unit, key=columns)) > room
        parts = [" ".join(unit)] if whole else list(unit)
        for part in parts:
            begun = line.strip() != ""
            if begun and columns(f"{line} {part}") > room:
                lines.append(line + CONTINUED)
                line, begun = deeper, False
            line += f" {part}" if begun else part
    return [*lines, line]


def _units(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Words that read best on one line: an operator or a flag with the word behind it."""
    units: list[tuple[str, ...]] = []
    rest = list(words)
    while rest:
        leads = rest[0] in _OPERATORS or (rest[0].startswith("-") and "=" not in rest[0])
        pair = leads and len(rest) > 1 and not rest[1].startswith("-") and rest[1] not in _OPERATORS
        units.append(tuple(rest[: 2 if pair else 1]))
        del rest[: len(units[-1])]
    return units
