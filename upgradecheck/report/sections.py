"""Parts of a text that must not grow beyond a limit: whole items are left out from the end, and how many is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """Lines before the items, the items, lines after them. `left` says what is missing, with `{}` for how many."""

    before: str
    items: Sequence[str]
    after: str = ""
    left: str = "and {} more"


def fit(section: Section, room: int) -> str:
    """The section in at most `room` bytes of UTF-8, empty where not even its frame fits."""
    whole = _joined(section, len(section.items))
    if _size(whole) <= room:
        return whole
    used = _size(_joined(section, 0))
    if used > room:
        return ""
    kept = 0
    for item in section.items:
        used += _size(item) + 1
        if used > room:
            break
        kept += 1
    return _joined(section, kept)


def _joined(section: Section, kept: int) -> str:
    missing = len(section.items) - kept
    left = [section.left.format(missing)] if missing else []
    return "\n".join(part for part in (section.before, *section.items[:kept], *left, section.after) if part)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
