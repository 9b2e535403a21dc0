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
    }
)
"""Every format by the name that a person types. A new one is one module and one line here."""

__all__ = ["FORMATS", "Format"]
