"""Keeps what is being unpacked within bounds: a stream that counts, and member names that stay inside."""

from __future__ import annotations

import gzip
import io
import posixpath
import tarfile
from collections.abc import Callable

from .limits import TooLarge, size_text


class BoundedStream(io.RawIOBase):
    """A stream that is being unpacked. `grown` is told of every new byte; one read is never larger than `most`."""

    def __init__(self, stream: gzip.GzipFile, most: int, grown: Callable[[int], None]) -> None:
        super().__init__()
        self._stream, self._most, self._grown, self._furthest = stream, most, grown, 0

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self._most:
            raise TooLarge(f"a member is larger than {size_text(self._most)}")
        return self._counted(self._stream.read(size))

    def seek(self, offset: int, whence: int = 0) -> int:
        while whence == 0 and offset > self._stream.tell():
            if not self._counted(self._stream.read(min(1 << 20, offset - self._stream.tell()))):
                raise EOFError
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def _counted(self, data: bytes) -> bytes:
        at = self._stream.tell()
        if at > self._furthest:
            self._grown(at - self._furthest)
            self._furthest = at
        return data


def climbs(name: str) -> bool:
    """True for a path that would leave the folder it is unpacked in."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or posixpath.normpath(plain).split("/")[0] == ".."


def link_of(member: tarfile.TarInfo) -> str:
    """Where a link points, from the top of the archive; empty for anything else."""
    if member.islnk():
        return member.linkname
    if member.issym():
        absolute = member.linkname.startswith("/")
        return member.linkname if absolute else posixpath.join(posixpath.dirname(member.name), member.linkname)
    return ""


def parts_of(name: str) -> tuple[str, ...]:
    """The folders and the name of a member, whatever slashes its maker used."""
    return tuple(p for p in name.replace("\\", "/").split("/") if p not in ("", "."))


def shown(name: str) -> str:
    """A member's name without anything that could harm a terminal."""
    return "".join(c if c.isprintable() else "?" for c in name)[:300]
