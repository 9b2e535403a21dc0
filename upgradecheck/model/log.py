"""The log of one container, not read before somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .objects import Origin


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one container. `previous` is that of its run before; nothing is read before `lines`."""

    namespace: str
    pod: str
    container: str
    previous: bool
    origin: Origin
    read: Callable[[], Iterator[tuple[int, str]]] = field(repr=False, compare=False)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line number in the file, from 1, and text; the newest lines of a log that is too large to read whole."""
        return self.read()
