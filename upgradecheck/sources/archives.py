"""Reads tar, gzip and zip members in memory, within bounds. Nothing is ever written to disk."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, cast

from ..model import Problem
from .bounds import BoundedStream, climbs, link_of, parts_of, shown
from .limits import Limits, TooLarge, size_text
from .magic import GZIP, ZIP, is_tar
from .pieces import Piece

_BROKEN = (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, gzip.BadGzipFile, ValueError, OSError)


@dataclass(slots=True)
class Unpacking:
    """One archive on its way out: how much has come out, and what was wrong with it.

    `wanted` says of a member, by its parts, whether it is worth unpacking.
    """

    piece: Piece
    limits: Limits
    packed: int
    wanted: Callable[[tuple[str, ...]], bool] = lambda parts: True
    out: int = 0
    problems: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def pieces(self, data: bytes) -> Iterator[Piece]:
        """Every regular member, in the order of the archive. What is broken becomes one problem; the rest is read."""
        try:
            if data.startswith(ZIP):
                yield from self._zip(data)
            elif data.startswith(GZIP):
                yield from self._gzip(data)
            else:
                yield from self._tar(io.BytesIO(data))
        except TooLarge as error:
            self._wrong(str(error), "an archive of a cluster dump")
        except _BROKEN:
            self._wrong("truncated or damaged archive: what came before is read", "a whole .tar, .tar.gz, .tgz or .zip")

    def _gzip(self, data: bytes) -> Iterator[Piece]:
        stream = BoundedStream(
            gzip.GzipFile(fileobj=io.BytesIO(data)), self.limits.file, lambda size: self.grow(size, self.packed)
        )
        head = stream.read(512)
        stream.seek(0)
        if is_tar(head):
            yield from self._tar(stream)
        else:
            name = self.piece.name.removesuffix(".gz")
            text = b"".join(iter(lambda: stream.read(1 << 20), b""))
            yield replace(self.piece, parts=(*self.piece.parts[:-1], name), read=lambda: text, nested=True, disk=None)

    def _tar(self, stream: io.BytesIO | BoundedStream) -> Iterator[Piece]:
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r:") as tar:
            for number, member in enumerate(tar, 1):
                self._count(number)
                tar.members = []  # type: ignore[attr-defined]  # tarfile keeps every member otherwise
                if member.isdir() or not self._inside(member.name, link_of(member)):
                    continue
                if not member.isreg():
                    self._skip(member.name, "a link inside the archive" if link_of(member) else "not a regular file")
                    continue
                if member.size > self.limits.file:
                    raise TooLarge(f"{shown(member.name)} is larger than {size_text(self.limits.file)}")
                parts = parts_of(member.name)
                if self.wanted(parts):
                    file = tar.extractfile(member)
                    yield self._member(member.name, file.read(member.size) if file else b"")
            stream.seek(tar.offset)
            if stream.read(512) != bytes(512):
                raise EOFError

    def _zip(self, data: bytes) -> Iterator[Piece]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for number, info in enumerate(sorted(archive.infolist(), key=lambda i: i.filename), 1):
                self._count(number)
                link = (info.external_attr >> 16) & 0o170000 == 0o120000
                if info.is_dir() or not self._inside(info.filename, ""):
                    continue
                if link or info.flag_bits & 1:
                    self._skip(info.filename, "a link inside the archive" if link else "encrypted")
                elif self.wanted(parts_of(info.filename)):
                    yield from self._unzip(archive, info)

    def _unzip(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[Piece]:
        try:
            with archive.open(info) as file:
                blocks = []
                while block := file.read(1 << 20):
                    blocks.append(block)
                    self.grow(len(block), max(info.compress_size, self.packed // 4))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            self._wrong(f"member {shown(info.filename)} is damaged", "a whole .zip")
            return
        yield self._member(info.filename, b"".join(blocks))

    def _member(self, name: str, data: bytes) -> Piece:
        origin = replace(self.piece.origin, member=shown(name))
        return Piece(origin, parts_of(name), lambda: data, nested=True)

    def _inside(self, name: str, link: str) -> bool:
        """False, and a problem, for a member that would climb out of the folder it is unpacked in."""
        out = any(climbs(n) for n in (name, link) if n)
        if out:
            self._wrong(f"member {shown(name)} climbs out of the archive: not read", "paths inside the archive")
        return not out

    def _count(self, number: int) -> None:
        if number > self.limits.members:
            raise TooLarge(f"more than {self.limits.members} members")

    def grow(self, size: int, packed: int) -> None:
        self.out += size
        if self.out > self.limits.archive:
            raise TooLarge(f"unpacks to more than {size_text(self.limits.archive)}")
        if self.out > self.limits.ratio_from and self.out > self.limits.ratio * max(packed, 1):
            raise TooLarge(f"unpacks to more than {self.limits.ratio} times its size, as no real dump does")

    def _wrong(self, text: str, expected: str) -> None:
        self.problems.append(Problem(self.piece.origin, text, expected))

    def _skip(self, name: str, why: str) -> None:
        self.skipped.append((str(replace(self.piece.origin, member=shown(name))), why))
