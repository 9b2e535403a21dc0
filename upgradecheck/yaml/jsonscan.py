"""Walks JSON text without building more than one value at a time, so that each part knows where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from json.decoder import scanstring  # type: ignore[attr-defined]
from math import isinf
from typing import Any

from .chunk import FinalError, YamlError
from .nodes import DEPTH, TOO_DEEP
from .scalars import whole

_SPACE = re.compile(r"[ \t\n]*")
_SPACE_OR_COMMENT = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")


def skip(text: str, at: int) -> int:
    """The place of the next character that is no white space."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def past_comments(text: str, at: int) -> int:
    """The same past comments too, which kubectl passes over between objects."""
    found = _SPACE_OR_COMMENT.match(text, at)
    return found.end() if found else at


def decoder_for(text: str) -> json.JSONDecoder:
    """What `read` may read a text with: whole numbers need working out only where some are long."""
    return _CAREFUL if _LONG_NUMBER.search(text) else _SCANNER


def read(text: str, at: int, decoder: json.JSONDecoder | None = None) -> tuple[Any, int]:
    """The value at a place, its numbers perhaps not worked out, and where it ends. Raises YamlError."""
    value, end = _decode(decoder or _SCANNER, text, at)
    if text.count("{", at, end) + text.count("[", at, end) > DEPTH:
        _measure(value)
    return value, end


def members(text: str, at: int, visit: Callable[[str, int, int], int]) -> int:
    """Visits each member of the object at `at` with its key, the place of key and value; gives the end.

    `visit` returns where the value ends. Raises YamlError.
    """
    at = skip(text, at + 1)
    if text[at : at + 1] == "}":
        return at + 1
    while True:
        start = at
        if text[at : at + 1] != '"':
            raise broken(text, at, "no quoted key where one must stand")
        try:
            key, at = scanstring(text, at + 1, True)
        except json.JSONDecodeError as error:
            raise broken(text, error.pos, error.msg) from None
        at = skip(text, at)
        if text[at : at + 1] != ":":
            raise broken(text, at, "no colon after a key")
        at, more = _next(text, visit(key, start, skip(text, at + 1)), "}")
        if not more:
            return at


def elements(text: str, at: int, visit: Callable[[int, int], int]) -> int:
    """Visits each element of the array at `at` with its index and place; gives the end. Raises YamlError."""
    at = skip(text, at + 1)
    if text[at : at + 1] == "]":
        return at + 1
    index, more = 0, True
    while more:
        at, more = _next(text, visit(index, at), "]")
        index += 1
    return at


def broken(text: str, at: int, problem: str) -> YamlError:
    """A fault of JSON, in one line."""
    line = text.count("\n", 0, min(at, len(text.rstrip()))) + 1
    return YamlError(line, f"broken JSON: {problem[:1].lower()}{problem[1:]}", "whole JSON")


def build(text: str) -> Any:
    """The one value of a text, its numbers as kubectl has them. Raises YamlError."""
    decoder = _CAREFUL if _LONG_NUMBER.search(text) else _BUILDER
    value = _decode(decoder, text, 0)[0]
    return _mended(value) if "\\u" in text and _HALF_ESCAPE.search(text) else value


def has_twice(text: str) -> bool:
    """Whether any object of a text holds a key twice."""
    seen = False

    def pairs(found: list[tuple[str, Any]]) -> None:
        nonlocal seen
        seen = seen or len({key for key, _ in found}) < len(found)

    _decode(json.JSONDecoder(object_pairs_hook=pairs, parse_int=len), text, 0)
    return seen


def _next(text: str, at: int, close: str) -> tuple[int, bool]:
    """Past the comma or the closing bracket after a value, and whether another value follows."""
    at = skip(text, at)
    found = text[at : at + 1]
    if found == close:
        return at + 1, False
    if found != ",":
        raise broken(text, at, "the text ends too early" if not found else f"no comma and no {close} after a value")
    return skip(text, at + 1), True


def _decode(decoder: json.JSONDecoder, text: str, at: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        problem = "the text ends too early" if error.pos >= len(text) else error.msg
        raise broken(text, error.pos, problem) from None
    except RecursionError:
        raise FinalError(text.count("\n", 0, at) + 1, *TOO_DEEP) from None
    except _TooLargeError as error:
        raise FinalError(text.count("\n", 0, at) + 1, str(error), "numbers of 64 bits") from None
    except ValueError as error:
        raise broken(text, at, str(error)) from None


def _measure(value: Any) -> None:
    """Raises YamlError on nesting beyond DEPTH."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEPTH:
            raise FinalError(0, *TOO_DEEP)
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]


class _TooLargeError(ValueError):
    """A number that no float holds."""


def _fraction(text: str) -> int | float:
    value = float(text)
    if isinf(value):
        raise _TooLargeError(f"the number {text[:20]} is too large")
    return whole(value)


def _integer(text: str) -> int | float:
    value = int(text) if len(text) <= 20 else 1 << 63
    return value if -(1 << 63) <= value < 1 << 63 else _fraction(text)


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _mended(value: Any) -> Any:
    """The same data with halves of surrogate pairs replaced, as Go does it; they could not be printed."""
    if isinstance(value, dict):
        return {_mended(key): _mended(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


_LONG_NUMBER = re.compile("[0-9]{19}")
_HALF_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")
_SCANNER = json.JSONDecoder(parse_int=len, parse_float=_fraction, parse_constant=_refuse)
_BUILDER = json.JSONDecoder(parse_float=_fraction, parse_constant=_refuse)
_CAREFUL = json.JSONDecoder(parse_float=_fraction, parse_int=_integer, parse_constant=_refuse)
