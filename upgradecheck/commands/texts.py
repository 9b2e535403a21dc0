"""Placeholders in texts, and how values read there."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

Piece = tuple[str, bool]
"""A part of a template: its text, and whether that is the name of a placeholder."""

_TOKEN = re.compile(r"(?P<brace>\{\{|\}\})|\{(?P<name>[A-Za-z_][A-Za-z0-9_-]{0,60})\}|(?P<text>[^{}]+)|(?P<stray>[{}])")
# Control characters, and those that turn the direction of writing or cannot be seen: a terminal obeys them.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_SHOWN = 5
_LONGEST = 400


class Words(tuple[str, ...]):
    """The words of a command: several words in a command, one shell line in a text."""

    __slots__ = ()


def pieces(template: str) -> list[Piece]:
    """Cut a template at its placeholders. Raises ValueError where a brace is neither doubled nor a placeholder's."""
    found: list[Piece] = []
    for token in _TOKEN.finditer(template):
        if token["stray"]:
            raise ValueError(f"stray {token['stray']} in {template.strip()[:60]!r}; a literal brace is doubled")
        if token["name"]:
            found.append((token["name"], True))
        else:
            found.append((token["brace"][0] if token["brace"] else token["text"], False))
    return found


def text_placeholders(template: str) -> frozenset[str]:
    """The names of the placeholders. Raises ValueError on a stray brace."""
    return frozenset(name for name, is_name in pieces(template) if is_name)


def fill_text(template: str, facts: Mapping[str, Any]) -> str:
    """A text with its placeholders filled: lists read "a, b and 3 more", control characters are gone.

    A fact that is not there reads as its name in angle brackets. Raises ValueError on a stray brace.
    """
    return "".join(
        text if not is_name else shown(facts[text]) if text in facts else f"<{text}>"
        for text, is_name in pieces(template)
    )


def shown(value: Any) -> str:
    """How a value reads in a text, on one line."""
    if isinstance(value, Words):
        return clean(shlex.join(value))
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [shown(item) for item in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
        if len(items) <= _SHOWN:
            return ", ".join(items)
        return f"{', '.join(items[: _SHOWN - 1])} and {len(items) - _SHOWN + 1} more"
    text = clean(plain(value))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def plain(value: Any) -> str:
    """A value as YAML and flags write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return str(value)


def clean(text: str) -> str:
    """A text without control characters; where they separated words a space remains."""
    return UNSAFE.sub(lambda found: " " if set(found[0]) & set("\n\r\t\v\f\u2028\u2029") else "", text)
