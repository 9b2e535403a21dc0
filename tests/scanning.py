"""Runs the program as a person does: the real command line, in a folder, and hands back what they would get."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from upgradecheck.cli import main

PROJECT = Path(__file__).parents[1]
RULES = PROJECT / "rules"
FIXTURES = PROJECT / "fixtures"
DUMPS = PROJECT.parent / "shared" / "dumps"
NOW = "2026-11-21T18:00:00Z"


@dataclass(frozen=True)
class Ran:
    """What one run of the program gave."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        return dict(json.loads(self.out))

    @property
    def rules(self) -> list[str]:
        return [finding["rule"] for finding in self.report["findings"]]


def upgradecheck(*words: str, cwd: Path | None = None, stdin: bytes = b"") -> Ran:
    """Run the command line in this process."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    held = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    try:
        with _inside(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = _code(words)
    finally:
        sys.stdin = held
    out.flush()
    return Ran(code, out.buffer.getvalue().decode(), err.getvalue())  # type: ignore[attr-defined]


def _code(words: Sequence[str]) -> int:
    try:
        main(list(words))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@contextlib.contextmanager
def _inside(folder: Path | None) -> Iterator[None]:
    before = Path.cwd()
    if folder is not None:
        os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def case_words(folder: Path) -> list[str]:
    """The arguments of `upgradecheck scan` for a fixture: its input, arguments.txt, and after -- command.txt."""
    arguments, command = (_words(folder / name) for name in ("arguments.txt", "command.txt"))
    data = "dump" if (folder / "dump").is_dir() else "."
    return [data, *arguments, "--now", NOW, *(["--", *command] if command else [])]


def _words(path: Path) -> list[str]:
    return shlex.split(path.read_text(encoding="utf-8")) if path.is_file() else []


def scan_case(folder: Path, *options: str) -> Ran:
    """Scan a fixture from inside its folder."""
    words = case_words(folder)
    return upgradecheck("scan", *options, *words, cwd=folder)
