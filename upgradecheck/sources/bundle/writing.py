"""Writes a bundle: all of it or nothing, for its owner's eyes alone."""

from __future__ import annotations

import contextlib
import os
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from ...errors import InputError, UsageError
from .manifest import NAME, Manifest
from .members import Member

TOP = "bundle"
"""The folder that everything in the archive is in, so that unpacking it litters nothing."""
_IN_MEMORY = 8 << 20
"""Bytes of one file that are held before the disk is used: an archive has to know the size of a file beforehand."""


def refuse_existing(file: Path, *, force: bool) -> None:
    """Raises UsageError where a bundle could not be written there, before the cluster is asked for anything."""
    if file.is_dir():
        raise UsageError(f"cannot write {file}: it is a folder")
    if not file.parent.is_dir():
        raise UsageError(f"cannot write {file}: there is no folder {file.parent}")
    if file.exists() and not force:
        raise UsageError(f"{file} is there already", "--force writes it anew")
    if not os.access(file.parent, os.W_OK):
        raise UsageError(f"cannot write {file}: no permission")


def write_file(file: Path, members: Sequence[Member], manifest: Manifest, *, force: bool) -> None:
    """Write under another name first; what is interrupted leaves nothing. Raises InputError where it cannot be
    written, UsageError where somebody else has written it meanwhile."""
    try:
        with _beside(file) as half:
            with half.open("wb") as stream:
                write_stream(stream, members, manifest)
            if force:
                half.replace(file)
            else:
                _move(half, file)
    except FileExistsError:
        raise UsageError(f"{file} is there already", "--force writes it anew") from None
    except OSError as error:
        raise InputError(str(file), f"cannot be written: {error.strerror or error}") from None


def _move(half: Path, file: Path) -> None:
    """Like a rename that never overwrites. Raises FileExistsError."""
    try:
        os.link(half, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if file.exists():
            raise FileExistsError from None
        half.replace(file)


@contextlib.contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A file of its own in the same folder, mode 0600, which is gone in the end."""
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    os.close(number)
    try:
        yield Path(name)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def write_stream(stream: BinaryIO, members: Sequence[Member], manifest: Manifest) -> None:
    """The archive, its files in the order of their paths. The manifest is the first, so that one that is cut off still
    says what is missing."""
    when = _seconds(manifest.collected)
    with tarfile.open(fileobj=stream, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
        text = replace(manifest, files=tuple(member.path for member in members)).text().encode()
        tar.addfile(_info(NAME, len(text), when), BytesIO(text))
        for member in members:
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as held:
                for part in member.parts():
                    held.write(part)
                size = held.tell()
                held.seek(0)
                tar.addfile(_info(member.path, size, when), cast(BinaryIO, held))


def _info(path: str, size: int, when: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(f"{TOP}/{path}")
    info.size, info.mtime, info.mode = size, when, 0o600
    return info


def _seconds(stamp: str) -> int:
    try:
        return int(datetime.fromisoformat(stamp).timestamp())
    except ValueError:
        return 0
