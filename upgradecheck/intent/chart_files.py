"""The files of a chart, from a folder or a package, read without ever unpacking anything to disk."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ..errors import InputError
from ..model import Origin

FILE_LIMIT = 5 * 1024 * 1024
CHART_LIMIT = 100 * 1024 * 1024
"""The sizes in bytes beyond which Helm refuses a file in a chart, and a chart."""
COUNT_LIMIT = 10_000
TOTAL_LIMIT = 4 * CHART_LIMIT
"""The size in bytes of everything that is unpacked for one chart, with all charts in it."""
_PACKAGES = (".tgz", ".tar.gz")

Files = Mapping[str, tuple[bytes, Origin]]
"""Path inside the chart, with `/`, to its content and where it was read."""


@dataclass
class Budget:
    """How many bytes may still be unpacked; one budget serves a chart with all charts in it."""

    left: int = TOTAL_LIMIT

    def spend(self, size: int, where: str) -> None:
        self.left -= size
        if self.left < 0:
            raise InputError(where, f"is larger than {TOTAL_LIMIT // 1024 // 1024} MiB unpacked", "a chart")


def chart_files(path: Path, budget: Budget) -> Files:
    """What a chart's judges need of its files. Raises InputError."""
    if not path.exists():
        raise InputError(str(path), "no such file or folder", "a chart: a folder with Chart.yaml, or a .tgz")
    if path.is_dir():
        return _bounded(_folder(path), str(path))
    with _opened(path) as file:
        return package_files(file, Origin(str(path)), budget)


def package_files(file: BinaryIO, origin: Origin, budget: Budget) -> Files:
    """The files in a package; the one folder that it holds is left off. Raises InputError."""
    try:
        # Helm marks its packages in gzip's extra field, which tarfile's own gzip reader cannot pass over.
        with gzip.GzipFile(fileobj=file) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            return _bounded(_package(archive, origin, budget), str(origin))
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise InputError(str(origin), f"is no readable package: {error}", "a chart as helm package writes it") from None


def needed(name: str) -> bool:
    """Whether a file says something about values or definitions; templates and documentation do not."""
    parts = PurePosixPath(name).parts
    while len(parts) > 2 and parts[0] == "charts":
        parts = parts[2:]
    if len(parts) == 2 and parts[0] == "charts":
        return parts[1].endswith(_PACKAGES)
    if parts and parts[0] == "crds":
        return parts[-1].endswith((".yaml", ".yml", ".json"))
    return parts in (("Chart.yaml",), ("values.yaml",), ("values.schema.json",), ("requirements.yaml",))


def _bounded(files: Iterator[tuple[str, Callable[[], bytes], Origin]], where: str) -> Files:
    found: dict[str, tuple[bytes, Origin]] = {}
    size = 0
    for count, (name, read, origin) in enumerate(files, 1):
        if count > COUNT_LIMIT:
            raise InputError(where, f"holds more than {COUNT_LIMIT} files", "a chart")
        if not needed(name):
            continue
        data = read()
        size += len(data)
        if len(data) > FILE_LIMIT:
            raise InputError(str(origin), "is larger than 5 MiB", "a file that Helm accepts in a chart")
        if size > CHART_LIMIT:
            raise InputError(where, "is larger than 100 MiB", "a chart that Helm accepts")
        found[name] = (data, origin)
    return found


def _folder(path: Path) -> Iterator[tuple[str, Callable[[], bytes], Origin]]:
    """Files below a folder. A link that leads out of the chart is left alone."""
    root = path.resolve()
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.resolve().is_relative_to(root):
            yield file.relative_to(path).as_posix(), partial(_start, file), Origin(str(file))


def _start(file: Path) -> bytes:
    with _opened(file) as opened:
        return opened.read(FILE_LIMIT + 1)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror or error}", "a file of a chart") from None


def _package(
    archive: tarfile.TarFile, origin: Origin, budget: Budget
) -> Iterator[tuple[str, Callable[[], bytes], Origin]]:
    for member in _limited(archive, origin, budget):
        name = _inside(member.name, origin)
        if name and member.isfile():
            yield name, partial(_content, archive, member), _member(origin, member.name)


def _limited(archive: tarfile.TarFile, origin: Origin, budget: Budget) -> Iterator[tarfile.TarInfo]:
    """The members, as long as all that must be unpacked to reach them stays within bounds."""
    size = 0
    for member in archive:
        size += member.size
        budget.spend(member.size, str(origin))
        if size > CHART_LIMIT:
            raise InputError(str(origin), "is larger than 100 MiB unpacked", "a chart that Helm accepts")
        yield member


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    opened = archive.extractfile(member)
    return opened.read(FILE_LIMIT + 1) if opened else b""


def _member(origin: Origin, name: str) -> Origin:
    return Origin(origin.file, 0, f"{origin.member}!{name}" if origin.member else name)


def _inside(name: str, origin: Origin) -> str:
    """The path inside the chart. Helm refuses names that climb out, and so is this chart refused."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or (parts and ":" in parts[0]):
        raise InputError(str(origin), f"holds a file outside of itself: {name!r}", "a chart as helm package writes it")
    return "/".join(parts[1:])
