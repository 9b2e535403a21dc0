"""Where in a repository a finding can be shown: code hosts want a file, and know it by its path in the repository."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from ..model import NOWHERE, Finding, Origin, Report
from .clean import clean

CONFIGURATION = "upgradecheck.yaml"
"""The file of findings about a live cluster or a command, for readers that refuse one without a file: there it could
be accepted."""

_NO_FILE = re.compile(r"<|-|/apis?/|kubectl |[a-z][a-z0-9+.]*://", re.IGNORECASE)


def is_file(origin: Origin) -> bool:
    """False for flags, standard input, and what an API server or a command gave."""
    return bool(origin.file) and not _NO_FILE.match(origin.file)


def file_of(finding: Finding) -> Origin:
    """The first file that a finding was seen in; NOWHERE where it was seen in none."""
    seen = [each.origin for each in finding.evidence] + [each.origin for each in finding.objects]
    return next((origin for origin in seen if is_file(origin)), NOWHERE)


def stand_in(report: Report) -> str:
    """The file for findings without one: the first input that is a path, else the configuration."""
    named = (repository_path(name) for name in report.examined.inputs if is_file(Origin(name)))
    return next((path for path in named if path != "."), CONFIGURATION)


def repository_path(file: str) -> str:
    """A path with slashes and without `./`; one below the working directory is made relative to it. What lies
    outside of it stays as it is."""
    path = posixpath.normpath(clean(Path(file).as_posix()) or ".")
    here = f"{Path.cwd().as_posix()}/"
    return path.removeprefix(here) or "."
