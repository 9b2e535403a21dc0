"""What the pieces of a --set expression mean, and how they fit what is already set."""

from __future__ import annotations

import re
from typing import Any

MAX_INDEX = 65536

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,4000}\Z")
_INT64 = range(-(2**63), 2**63)


class SetError(Exception):
    """One expression does not follow the grammar, or does not fit what is already set. Its text is Helm's."""


def typed(text: str) -> Any:
    """What a bare value after `=` means: a boolean, null, a 64-bit whole number, or else the text."""
    folded = text.casefold()
    if folded in ("true", "false"):
        return folded == "true"
    if folded == "null":
        return None
    if text == "0":
        return 0
    if not text.startswith("0") and number_in(text) is not None:
        return number_in(text)
    return text


def number_in(text: str) -> int | None:
    if not _WHOLE_NUMBER.match(text):
        return None
    number = int(text)
    return number if number in _INT64 else None


def list_at(data: dict[str, Any], name: str) -> list[Any]:
    listed = data.get(name, [])
    if not isinstance(listed, list):
        raise SetError(f'unable to parse key: "{name}" is {said(listed)}, not a list')
    return listed


def with_item(listed: list[Any], index: int, value: Any) -> list[Any]:
    if index > MAX_INDEX:
        raise SetError(f"index of {index} is greater than maximum supported index of {MAX_INDEX}")
    listed.extend([None] * (index + 1 - len(listed)))
    listed[index] = value
    return listed


def said(value: Any) -> str:
    words = {dict: "a map", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return words.get(type(value), "a number")
