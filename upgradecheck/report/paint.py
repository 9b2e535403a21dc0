"""Colours, put on finished text only, so that they can never move anything."""

from __future__ import annotations

from dataclasses import dataclass

_CODES = {
    "stop": "1;31",
    "go": "1;32",
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "advice": "1;36",
    "head": "1",
    "rule": "1",
    "dim": "2",
}


@dataclass(frozen=True, slots=True)
class Paint:
    """Paints by role when it is on, and gives the text back untouched when it is off."""

    on: bool = False

    def __call__(self, role: str, text: str) -> str:
        if not (self.on and text):
            return text
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m"

    def lines(self, role: str, lines: list[str]) -> list[str]:
        """Each line for itself, its indent left bare."""
        bare = (line.lstrip(" ") for line in lines)
        return [line[: len(line) - len(text)] + self(role, text) for line, text in zip(lines, bare, strict=True)]
