"""Writes what wants tidying up: suppressions that have expired, suppress nothing, or name no rule."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Notice
from .clean import clean
from .evidence import place
from .paint import Paint
from .width import wrap

_INDENT = "  "
_DEEPER = "    "


def notice_lines(notices: Sequence[Notice], width: int, paint: Paint) -> list[str]:
    """One entry for each, with its place. They count for no exit code."""
    if not notices:
        return []
    lines = [paint("head", "TIDY UP")]
    for notice in notices:
        where = f"{place(notice.origin)}: " if place(notice.origin) else ""
        lines += wrap(where + clean(notice.text), width, first=_INDENT, rest=_DEEPER)
    return lines
