"""Cuts a command line into flags and positionals as cobra and pflag do, by one command's table."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import UsageError
from ..model import Flag
from .tables import TABLES, Table, Takes

_BOOLEANS = frozenset(["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"])


@dataclass(frozen=True, slots=True)
class Piece:
    """What belongs together on a command line: a positional, or a flag with its value, as typed.

    `flags` is empty for a positional; combined one-letter flags (`-if FILE`) are one piece with several.
    `unknown` names those that the command does not have; `end` marks the `--` that ends all flags.
    """

    words: tuple[str, ...]
    flags: tuple[Flag, ...] = ()
    unknown: tuple[str, ...] = ()
    end: bool = False

    @property
    def positional(self) -> bool:
        return not self.flags and not self.end


def cut(words: Sequence[str], table: Table, verb_words: int = 0) -> tuple[Piece, ...]:
    """The pieces of all words after the tool. Raises UsageError where a flag lacks its value.

    An unknown flag takes the next word where that flag does so elsewhere, or where one positional more than
    the command and the words of its verb have room for would be left over.
    """
    pieces = _Cutter(words, table).pieces()
    if table.most is None:
        return pieces
    excess = sum(p.positional for p in pieces) - table.most - verb_words
    fitted: list[Piece] = []
    for piece in pieces:
        if excess > 0 and piece.positional and fitted and _could_take(fitted[-1]):
            fitted[-1] = _with_value(fitted[-1], piece.words[0])
            excess -= 1
        else:
            fitted.append(piece)
    return tuple(fitted)


def listed(text: str) -> list[str]:
    """The items of a comma list, quoted as CSV where they hold commas themselves."""
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise UsageError(f"{text!r} is not a list separated by commas", "quotes do not match") from None


def _could_take(piece: Piece) -> bool:
    return bool(piece.unknown) and len(piece.words) == 1 and "=" not in piece.words[0]


def _with_value(piece: Piece, value: str) -> Piece:
    last = piece.flags[-1]
    flag = replace(last, value=value, typed=(*last.typed, value))
    return replace(piece, words=(*piece.words, value), flags=(*piece.flags[:-1], flag))


def _elsewhere(name: str, table: Table) -> Takes | None:
    """What a flag takes in any other command, the commands of the same tool first."""
    groups = sorted(TABLES.values(), key=lambda verbs: table not in verbs.values())
    found = (t.flags[name] for verbs in groups for t in verbs.values() if name in t.flags)
    return next(found, None)


def _letters_elsewhere() -> Mapping[str, str]:
    return {letter: name for verbs in TABLES.values() for t in verbs.values() for letter, name in t.letters.items()}


class _Cutter:
    def __init__(self, words: Sequence[str], table: Table) -> None:
        self._words = words
        self._table = table
        self._at = 0

    def pieces(self) -> tuple[Piece, ...]:
        found: list[Piece] = []
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if word == "--":
                found.append(Piece((word,), end=True))
                found += [Piece((rest,)) for rest in self._words[self._at :]]
                break
            if word.startswith("--"):
                found.append(self._long(word))
            elif word.startswith("-") and word != "-":
                found.append(self._letters(word))
            else:
                found.append(Piece((word,)))
        return tuple(found)

    def _long(self, word: str) -> Piece:
        typed, equals, value = word[2:].partition("=")
        if not typed or typed.startswith("-"):
            raise UsageError(f"bad flag syntax: {word}")
        name = self._table.name(typed)
        known = name in self._table.flags
        takes = self._table.flags[name] if known else _elsewhere(name, self._table)
        unknown = () if known else (f"--{typed}",)
        if equals:
            self._accept(takes if known else None, word, value)
            return Piece((word,), (Flag(name, value, (word,)),), unknown)
        if takes in ("value", "list"):
            taken = self._next(f"--{typed}", required=known)
            return Piece((word, *taken), (Flag(name, taken[0] if taken else None, (word, *taken)),), unknown)
        return Piece((word,), (Flag(name, None, (word,)),), unknown)

    def _letters(self, word: str) -> Piece:
        """One-letter flags in one word; the first that takes a value takes the rest of the word, or the next."""
        flags: list[Flag] = []
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            name = self._table.letters.get(letter)
            if name is None:
                return self._unknown_letter(word, letter, letters, flags)
            takes = self._table.flags[name]
            if letters.startswith("="):
                self._accept(takes, f"-{letter}{letters}", letters[1:])
                flags.append(Flag(name, letters[1:], (f"-{letter}{letters}",)))
                break
            if takes in ("value", "list"):
                taken = (letters,) if letters else self._next(f"-{letter}", required=True)
                flags.append(Flag(name, taken[0], (f"-{letter}", taken[0])))
                return Piece((word,) if letters else (word, *taken), tuple(flags))
            flags.append(Flag(name, None, (f"-{letter}",)))
        return Piece((word,), tuple(flags))

    def _unknown_letter(self, word: str, letter: str, rest: str, flags: list[Flag]) -> Piece:
        name = _letters_elsewhere().get(letter, "")
        takes = _elsewhere(name, self._table) if name else None
        taken = self._next(f"-{letter}", required=False) if takes in ("value", "list") and not rest else ()
        value = rest.removeprefix("=") if rest else (taken[0] if taken else None)
        flag = Flag(letter, value, (f"-{letter}{rest}", *taken))
        return Piece((word, *taken), (*flags, flag), (f"-{letter}",))

    def _next(self, flag: str, *, required: bool) -> tuple[str, ...]:
        """The next word as a value. An unknown flag does not swallow another flag."""
        if self._at >= len(self._words):
            if required:
                raise UsageError(f"flag needs an argument: {flag}")
            return ()
        if not required and self._words[self._at].startswith("-"):
            return ()
        self._at += 1
        return (self._words[self._at - 1],)

    def _accept(self, takes: Takes | None, word: str, value: str) -> None:
        if takes == "nothing" and value not in _BOOLEANS:
            raise UsageError(f"{word}: {value!r} is neither true nor false")
