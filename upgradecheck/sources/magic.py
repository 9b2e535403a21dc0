"""Archives by their first bytes, never by their names."""

from __future__ import annotations

GZIP, ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
OTHERS = {b"\xfd7zXZ\x00": "xz", b"BZh": "bzip2", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7z", b"Rar!": "rar"}


def is_tar(data: bytes) -> bool:
    return data[257:262] == b"ustar"


def is_archive(data: bytes) -> bool:
    return data.startswith((GZIP, *ZIP)) or is_tar(data)


def other_archive(data: bytes) -> str:
    """The name of a kind of archive that is not read; empty where it is none."""
    return next((name for magic, name in OTHERS.items() if data.startswith(magic)), "")
