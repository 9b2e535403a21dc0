"""Reads the JSON inside --set-json and patches as strictly as Go does."""

from __future__ import annotations

import json
from typing import Any, NoReturn

MAX_DEPTH = 100
"""How deep maps and lists may stand in each other."""


class JsonError(Exception):
    """The text is not the JSON that was expected there."""


def first_value(text: str, at: int) -> tuple[Any, int]:
    """The value that starts at a place, and where it ends. Raises JsonError."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON at character {error.pos + 1}: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise JsonError(f"not JSON: {error}") from None
    return _plain(value, 0), end


def whole_object(text: str) -> dict[str, Any]:
    """A text that is one JSON object and nothing after it. Raises JsonError."""
    value, end = first_value(text, 0)
    if text[end:].strip():
        raise JsonError(f"more text after the JSON at character {end + 1}")
    if not isinstance(value, dict):
        raise JsonError("not a JSON object")
    return value


def _refuse(constant: str) -> NoReturn:
    raise JsonError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _plain(value: Any, depth: int) -> Any:
    """The same value without half characters, which no output could print; Go replaces them too."""
    if depth > MAX_DEPTH:
        raise JsonError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, dict):
        return {_text(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    return text if text.isprintable() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
