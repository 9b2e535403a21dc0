"""One piece of input: a file, a member of an archive or standard input, not yet read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..model import Origin


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that can be read once.

    `parts` are the folders and the name that its meaning may depend on (`pods/logs/NS/POD/C.log`). `named`: a
    person named it, so it must be readable. `disk` is the file itself where there is one, for logs, which are
    read late. `size` is its size on disk in bytes. `nested`: it already came out of an archive. `read` raises OSError
    and TooLarge.
    """

    origin: Origin
    parts: tuple[str, ...]
    read: Callable[[], bytes]
    named: bool = False
    nested: bool = False
    disk: Path | None = None
    size: int = 0

    @property
    def name(self) -> str:
        return self.parts[-1] if self.parts else ""

    @property
    def suffix(self) -> str:
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""
