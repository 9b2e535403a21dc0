"""Takes every piece of input in, and makes the one cluster of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..model import Problem
from .bundle.joining import Place, place_of
from .bundle.manifest import Manifest, Told
from .layouts import is_container_log, is_dump_log, why_skipped
from .limits import Limits, TooLarge
from .logs import in_memory, newest_part, on_disk, sections, sections_on_disk
from .pieces import Piece
from .reading import Reading
from .sniff import DATA_SUFFIXES, USE_INSTEAD, What, as_utf8, look
from .walk import reason

_NEVER_DATA = frozenset({
    "7z", "c", "class", "cpp", "crt", "css", "db", "dll", "doc", "docx", "exe", "gif", "go", "h", "htm", "html", "ico",
    "jar", "java", "jpeg", "jpg", "js", "key", "lock", "md", "mod", "pcap", "pdf", "pem", "png", "pprof", "py", "pyc",
    "rb", "rs", "rst", "sh", "so", "sum", "svg", "tpl", "ts", "whl", "xls", "xlsx", "xml",
})  # fmt: skip
"""Suffixes of files that are not even opened in a folder."""

Reader = Callable[[], Iterator[tuple[int, str]]]


@dataclass(slots=True)
class Gathering:
    """Everything read so far. `unnamed_logs` wait until every Pod is known. `refusals` and `clusters` are what bundles
    say that they were not given, and where they come from."""

    limits: Limits
    readings: list[Reading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    seen: set[tuple[str, ...]] = field(default_factory=set)
    places: set[Place] = field(default_factory=set)
    unnamed_logs: list[tuple[Piece, Reader, What]] = field(default_factory=list)
    refusals: list[Told] = field(default_factory=list)
    clusters: list[Manifest] = field(default_factory=list)
    _log_bytes: int = 0

    def take(self, piece: Piece) -> None:
        """Reads one piece; whatever is wrong with it becomes a problem or a skipped file."""
        self.seen.add(piece.parts)
        self.places.add((*place_of(piece), piece.name))
        copy = why_skipped(piece.parts)
        if copy and not piece.named:
            self.skip(piece, copy)
        elif piece.suffix in _NEVER_DATA and not piece.named:
            self.skip(piece, What.OTHER.value)
        elif piece.disk and piece.suffix == "log" and not piece.named:
            self.unnamed_logs.append((piece, on_disk(piece.disk, self.limits.log), What.OTHER))
        else:
            self._read(piece)

    def _read(self, piece: Piece) -> None:
        try:
            data = as_utf8(piece.read())
        except (OSError, TooLarge) as error:
            text = reason(error) if isinstance(error, OSError) else str(error)
            self.problems.append(Problem(piece.origin, text))
            return
        what = look(data, piece.suffix)
        if is_container_log(piece.parts):
            self._log(piece, data, What.OTHER)
        elif what is What.ARCHIVE:
            self._unpack(piece, data)
        elif is_dump_log(piece.parts) and what is What.DUMP:
            self._dump_log(piece, data)
        elif what in (What.OTHER, What.TABLE, What.EMPTY) or (piece.suffix == "log" and what is not What.DUMP):
            self._log(piece, data, what)
        else:
            reading = Reading(piece)
            reading.read(data, what, self.limits)
            self._judge(reading)

    def _judge(self, reading: Reading) -> None:
        self.readings.append(reading)
        self.problems += reading.problems
        why, instead = reading.refused
        if why and reading.useful:
            self.skip(reading.piece, f"in part: {why}")
        elif why or not (reading.useful or reading.problems):
            self.refuse(reading.piece, why or What.EMPTY.value, instead or USE_INSTEAD[What.EMPTY])

    def _unpack(self, piece: Piece, data: bytes) -> None:
        if piece.nested:
            self.skip(piece, "an archive inside an archive: unpack it first")
            return
        from .archives import Unpacking

        unpacking = Unpacking(piece, self.limits, len(data))
        count = 0
        for count, member in enumerate(unpacking.pieces(data), 1):  # noqa: B007
            self.take(member)
        self.problems += unpacking.problems
        self.skipped += unpacking.skipped
        if not count and not unpacking.problems:
            self.refuse(piece, "an archive without files", USE_INSTEAD[What.EMPTY])

    def _dump_log(self, piece: Piece, data: bytes) -> None:
        reading = Reading(piece)
        if piece.disk is not None:
            reading.logs += sections_on_disk(piece.disk, piece.origin, self.limits.log)
        elif self._fits(piece, len(data)):
            reading.logs += sections(data, piece.origin, self.limits.log)
        self.readings.append(reading)

    def _fits(self, piece: Piece, size: int) -> bool:
        """False, and a skipped file, for a log that would be one too many to keep in memory."""
        self._log_bytes += size
        if self._log_bytes > self.limits.logs:
            self.skip(piece, "a log beyond what fits into memory")
        return self._log_bytes <= self.limits.logs

    def _log(self, piece: Piece, data: bytes, what: What) -> None:
        """A text that may be a Pod's log; whose it is shows when every object is known."""
        if piece.disk is not None:
            self.unnamed_logs.append((piece, on_disk(piece.disk, self.limits.log), what))
            return
        line, text = newest_part(data, self.limits.log)
        if self._fits(piece, len(text)):
            self.unnamed_logs.append((piece, in_memory(text, line), what))

    def refuse(self, piece: Piece, why: str, instead: str) -> None:
        """Of no use: a problem where a person named it, or where its name promises data; otherwise a skipped file."""
        broken = why == What.BINARY.value and piece.suffix in DATA_SUFFIXES
        if piece.named or broken:
            self.problems.append(Problem(piece.origin, why, instead))
        else:
            short = why in (What.OTHER.value, What.EMPTY.value, What.BINARY.value)
            self.skip(piece, why if short else f"{why}: {instead}")

    def skip(self, piece: Piece, why: str) -> None:
        self.skipped.append((str(piece.origin), why))
