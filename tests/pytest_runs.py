"""Runs pytest with the plugin as a person does: in a process of its own, inside a copy of tests/data/repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scanning import PROJECT

REPOSITORY = PROJECT / "tests" / "data" / "repository"
_OWN = ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST")


def copied(tmp_path: Path) -> Path:
    """A fresh copy of the repository."""
    return Path(shutil.copytree(REPOSITORY, tmp_path / "repository"))


def run_pytest(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`pytest WORDS…` in a folder, 80 columns wide."""
    environment = {name: value for name, value in os.environ.items() if name not in _OWN} | {"COLUMNS": "80"}
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
