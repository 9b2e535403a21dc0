"""How much an input may cost: files, archives and logs are untrusted and must not fill memory or never end."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. `ratio` is unpacked to packed, asked only from `ratio_from` bytes on, since YAML packs well."""

    file: int = 2048 * MIB
    archive: int = 4096 * MIB
    members: int = 200_000
    ratio: int = 250
    ratio_from: int = 64 * MIB
    record: int = 64 * MIB
    log: int = 16 * MIB
    logs: int = 512 * MIB
    files: int = 200_000


class TooLarge(Exception):  # noqa: N818  it says what is the matter
    """An input went over a limit; the text says which."""


def size_text(size: int) -> str:
    """A size for people: `64 MiB`, `512 KiB`, `12 bytes`."""
    if size >= MIB:
        return f"{size // MIB} MiB"
    return f"{size // 1024} KiB" if size >= 1024 else f"{size} bytes"
