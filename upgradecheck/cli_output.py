"""Where each format goes: understood before the scan, so that nobody waits for a report that cannot be written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .errors import UsageError
from .model import Report
from .terminal import colour, width


@dataclass(frozen=True, slots=True)
class Output:
    """One `-o FORMAT[=FILE]`. An empty file is standard output."""

    format: str
    file: str = ""


def outputs_of(texts: Sequence[str]) -> list[Output]:
    """What the `-o` of a command line ask for, `text` where there is none.

    Raises UsageError for a format that is not known, for two that would be mixed up in one place, and for a file that
    cannot be written.
    """
    outputs = [_output(text) for text in texts] or [Output("text")]
    places: dict[str, Output] = {}
    for output in outputs:
        place = os.path.realpath(output.file) if output.file else ""
        if place in places:
            where = output.file or "standard output"
            told = f"-o {places[place].format} and -o {output.format} both go to {where}"
            raise UsageError(told, f"a file of its own for each: -o {output.format}=FILE")
        places[place] = output
        if output.file:
            _refuse(output.file)
    return outputs


def write_all(report: Report, outputs: Iterable[Output], options: Mapping[str, Any]) -> None:
    """Write every format, and only then raise UsageError for those whose file could not be written."""
    failed: list[UsageError] = []
    for output in outputs:
        try:
            write(_render(output, report, options), output.file)
        except UsageError as error:
            failed.append(error)
    if failed:
        raise failed[0]


def write(text: str, file: str = "") -> None:
    """To a file or to standard output, as UTF-8. Raises UsageError where the file cannot be written."""
    written = text.encode("utf-8", "replace")
    if not file:
        sys.stdout.buffer.write(written)
        sys.stdout.flush()
        return
    try:
        Path(file).write_bytes(written)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot write {file}: {getattr(error, 'strerror', None) or error}") from None


def _output(text: str) -> Output:
    from .report import FORMATS

    name, equals, file = text.partition("=")
    if name not in FORMATS:
        near = get_close_matches(name, FORMATS, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"unknown format {name!r}", f"{hint}known are {', '.join(FORMATS)}")
    if equals and not file:
        raise UsageError(f"-o {text}: no file", f"expected -o {name}=FILE, or -o {name} for standard output")
    return Output(name, "" if file == "-" else file)


def _refuse(file: str) -> None:
    folder = Path(file).parent
    reason = ""
    if Path(file).is_dir():
        reason = "it is a folder"
    elif not folder.is_dir():
        reason = f"there is no folder {folder}"
    elif not os.access(file if Path(file).exists() else folder, os.W_OK):
        reason = "no permission"
    if reason:
        raise UsageError(f"cannot write {file}: {reason}")


def _render(output: Output, report: Report, options: Mapping[str, Any]) -> str:
    from .report import FORMATS

    return FORMATS[output.format].render(
        report,
        width=width(),
        colour=colour() and not output.file,
        verbose=options["verbose"],
        quiet=options["quiet"],
    )
