"""Three-valued truth: True, False, and None for what cannot be known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..model.redact import HIDDEN, TOKEN

Truth = bool | None


class _Sentinel:
    """A value that stands for itself and for no other."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name

    def __reduce__(self) -> str:
        return self._name


UNKNOWN: Final[Any] = _Sentinel("UNKNOWN")
"""Stands in data, or in what a `$` reference finds, for a field that the source did not collect."""
ABSENT: Final[Any] = _Sentinel("ABSENT")
"""What a path finds where there is nothing. A null counts as absent too, as the API server has it."""


class ConditionError(ValueError):
    """A condition is wrong. `path` leads to the place inside it: keys of maps and indexes of lists."""

    def __init__(self, text: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.path = path

    def below(self, *steps: str | int) -> ConditionError:
        """The same error, seen from further out."""
        return ConditionError(self.text, (*steps, *self.path))


def every(truths: Iterable[Truth]) -> Truth:
    """And: false beats unknown beats true."""
    known: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            known = None
    return known


def some(truths: Iterable[Truth]) -> Truth:
    """Or: true beats unknown beats false."""
    known: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is None:
            known = None
    return known


def unless_hidden(truth: Truth, value: Any) -> Truth:
    """A comparison that fails is unknown where a collecting tool has put something else in the place of a secret."""
    if truth is False and type(value) is str and (HIDDEN in value or ("redacted-" in value and TOKEN.search(value))):
        return None
    return truth


def negated(truth: Truth) -> Truth:
    """Not: unknown stays unknown."""
    return None if truth is None else not truth
