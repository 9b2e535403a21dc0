"""How conditions read in English."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .references import Reference


def show(value: Any) -> str:
    """A literal or a reference inside a sentence."""
    if isinstance(value, Reference):
        return value.words()
    if isinstance(value, str):
        return f'"{value}"'
    return json.dumps(value, ensure_ascii=False, default=str)


def listed(items: Sequence[str], last: str = "or") -> str:
    """`a, b or c`."""
    return f" {last} ".join(part for part in (", ".join(items[:-1]), items[-1]) if part) if items else "nothing"
