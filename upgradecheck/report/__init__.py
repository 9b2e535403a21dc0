"""One module for each output format, all pure functions that return text; loaded only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from ..model import Report


@dataclass(frozen=True, slots=True)
class Format:
    """One output format: the module beside this one whose `render(report)` writes it.

    `screen` true where it is written for a terminal, so that its `render` also takes width, colour, verbose
    and quiet. Every other format looks the same wherever it is written.
    """

    module: str
    says: str
    screen: bool = False

    def render(
        self, report: Report, *, width: int = 80, colour: bool = False, verbose: bool = False, quiet: bool = False
    ) -> str:
        """The whole report as text that ends with one line break."""
        write = import_module(f"{__name__}.{self.module}").render
        if not self.screen:
            return str(write(report))
        return str(write(report, width=width, colour=colour, verbose=verbose, quiet=quiet))


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "text": Format("text", "a screen to read before typing the command", screen=True),
        "json": Format("json", "everything, for programs; described by docs/schema/report.json"),
        "sarif": Format("sarif", "SARIF 2.1.0, for GitHub code scanning and whatever reads SARIF"),
        "junit": Format("junit", "JUnit XML, a case for each rule, for the test reports of GitLab, Jenkins and GitHub"),
        "github": Format("github", "workflow commands, which GitHub Actions shows as annotations"),
        "gitlab": Format("gitlab", "a code quality report for merge requests of GitLab"),
        "markdown": Format("markdown", "a comment on a pull request"),
        "html": Format("html", "one page to read and print in a browser, on its own"),
        "script": Format("script", "the plan as a shell script: shows its commands, runs a phase when told to"),
    }
)
"""Every format by the name that a person types. A new one is one module and one line here."""

__all__ = ["FORMATS", "Format"]
