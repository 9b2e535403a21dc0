"""Generated files that are reviewed and committed: `pytest --accept` writes them, a run without it compares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write generated files anew instead of comparing them")


@pytest.fixture
def accepted(pytestconfig: pytest.Config) -> Callable[[Path, str], None]:
    """Compare a text with its committed file, or write it with --accept."""

    def compare(path: Path, text: str) -> None:
        if pytestconfig.getoption("--accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        assert path.is_file(), f"{path.name} is missing: run ./run-tests --accept, then read what it wrote"
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is out of date: ./run-tests --accept, then read"

    return compare
