"""Writes what could not be read, what wants tidying up, and everything that was examined."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Origin, Report
from .clean import clean
from .evidence import place
from .html_plan import section
from .markup import Child, Markup, element


def problem_section(report: Report) -> Markup | None:
    """Inputs that could not be read: where, what was found, what was expected."""
    if not report.problems:
        return None
    entries = [
        _entry(each.origin, each.text + (f"; expected {each.expected}" if each.expected else ""))
        for each in report.problems
    ]
    return section("problems", "Cannot read", element("ul", entries, class_="list"), count=len(report.problems))


def notice_section(report: Report) -> Markup | None:
    """Suppressions that have expired, suppress nothing, or name no rule."""
    if not report.notices:
        return None
    entries = [_entry(each.origin, each.text) for each in report.notices]
    return section("notices", "Tidy up", element("ul", entries, class_="list"), count=len(report.notices))


def examined_section(report: Report) -> Markup:
    """Everything that was looked at, and every rule that was not asked, with the reason."""
    examined = report.examined
    kinds = [f"{kind} {number}" for kind, number in sorted(examined.kinds.items())]
    parts = [
        _part("Inputs", examined.inputs, len(examined.inputs)),
        _part("Objects", kinds, sum(examined.kinds.values())),
        _part("Releases", examined.releases, len(examined.releases)),
        _part("Rules judged", examined.judged, len(examined.judged)),
        _part("Rules passed", examined.passed, len(examined.passed)),
        _part(
            "Rules left out",
            [f"{rule}: {why}" for rule, why in sorted(examined.left_out.items())],
            len(examined.left_out),
        ),
        _part("Files skipped", [f"{path}: {why}" for path, why in examined.skipped], len(examined.skipped)),
    ]
    newest = f"Newest entry: {clean(examined.newest)}. " if examined.newest else ""
    told = element("p", f"{newest}Exit code: {report.exit_code}.", class_="hint")
    return section("examined", "Examined", told, *parts)


def _entry(origin: Origin, text: str) -> Markup:
    where = place(origin)
    return element("li", [element("code", where), " "] if where else None, clean(text))


def _part(title: str, entries: Iterable[str], number: int) -> Child:
    told = [element("li", clean(each)) for each in entries]
    if not told:
        return None
    counted = [" ", element("span", str(number), class_="count")] if number else None
    return element("details", element("summary", title, counted), element("ul", told, class_="list"))
