"""What a live scan tells while it runs."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Somebody who waits. Nothing here may fail."""

    def connected(self, context: str, server: str) -> None:
        """Before anything is sent."""

    def listed(self, kind: str, count: int, *, done: bool) -> None:
        """So many of a kind were read."""

    def noted(self, text: str) -> None:
        """Something that a person may want to know, such as a list that was begun anew."""


class Silent:
    """Nobody waits."""

    def connected(self, context: str, server: str) -> None: ...

    def listed(self, kind: str, count: int, *, done: bool) -> None: ...

    def noted(self, text: str) -> None: ...
