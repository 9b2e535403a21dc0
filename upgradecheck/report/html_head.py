"""Writes the top of the page: the verdict, what it rests on, and the filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..model import PHASES, SEVERITIES, Report
from .clean import clean, clean_command
from .head import head_lines, verdict_lines
from .html_plan import command
from .markup import Markup, element
from .paint import Paint

_ONE_LINE = 100_000
NO_PHASE = "none"


def head(report: Report) -> Markup:
    """STOP or GO, what happens as typed, why, the command, and what was read."""
    plain = Paint(False)
    word = "GO" if report.verdict.go else "STOP"
    title, *each = verdict_lines(report, _ONE_LINE, plain)
    told = head_lines(report, _ONE_LINE, plain, verbose=False)[1 + len(each) :]
    what, _, counts = title.removeprefix(word).strip().rpartition(": ")
    typed = [clean_command(upgrade.command) for upgrade in report.upgrades if upgrade.command]
    return element(
        "header",
        element(
            "div",
            element("span", word, class_=f"verdict {word.lower()}"),
            element("h1", what.replace(" -> ", " \u2192 ") or "nothing to upgrade"),
            element("p", counts, class_="counts"),
            element("div", id="tools", class_="tools"),
            class_="headline",
        ),
        element("ul", [element("li", line.strip().replace(" -> ", " \u2192 ")) for line in each]) if each else None,
        [_line(line) for line in told],
        [command(text, "typed") for text in dict.fromkeys(typed)],
        class_="top",
    )


def _line(line: str) -> Markup:
    label, colon, rest = line.partition(": ")
    known = label in ("As typed", "Stops because", "Goes because", "Route", "Read")
    if not (colon and known):
        return element("p", line, class_="behind")
    return element("p", element("b", f"{label}:"), " ", rest, class_="read" if label == "Read" else None)


def filters(report: Report) -> Markup:
    """Hidden until the script shows it: without one, nothing can be filtered and everything is shown."""
    severities = Counter(finding.severity for finding in report.findings)
    components = Counter(finding.component for finding in report.findings)
    boxes = [
        element(
            "label",
            element("input", type="checkbox", name="severity", value=each, checked=True),
            element("span", f"{each} ", element("b", str(severities[each]))),
            class_=f"chip {each}",
        )
        for each in SEVERITIES
        if severities[each]
    ]
    return element(
        "form",
        element("label", element("span", "Search"), _search(), class_="field search"),
        element("fieldset", element("legend", "Severity"), boxes),
        _choice("component", "Component", [(each, f"{clean(each)} ({n})") for each, n in sorted(components.items())]),
        _choice("phase", "Phase", [*((each, each) for each in PHASES), (NO_PHASE, "nothing to type")]),
        element("output", aria_live="polite", id="shown"),
        element("button", "Show all", type="button", id="show-all", class_="plain", hidden=True),
        id="filters",
        class_="filters",
        role="search",
        aria_label="Filter the findings",
        hidden=True,
    )


def _search() -> Markup:
    return element("input", type="search", name="text", placeholder="rule, name, file, word", autocomplete="off")


def _choice(name: str, title: str, values: Iterable[tuple[str, str]]) -> Markup:
    options = [element("option", text, value=value) for value, text in values]
    chosen = element("select", element("option", f"every {name}", value=""), options, name=name)
    return element("label", element("span", title), chosen, class_="field")
