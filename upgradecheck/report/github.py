"""Writes workflow commands, which GitHub Actions shows as annotations of the run and of the files in a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..model import NOWHERE, Finding, Origin, Report, Severity
from .clean import clean, clean_command, clip
from .head import verdict_lines
from .paint import Paint
from .places import file_of, is_file, repository_path
from .troubles import TITLES, troubles

MOST = 10
"""Annotations of each level that GitHub shows for one step; what comes after them is dropped without a word."""

_LONGEST = 4_000
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice", "advice": "notice"}
_WIDEST = 100_000


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: str
    title: str
    text: str
    origin: Origin = NOWHERE


def render(report: Report) -> str:
    """The verdict, then one workflow command a finding, worst first, then whatever had no room as plain log lines."""
    every = sorted(_annotations(report), key=lambda each: ("error", "warning", "notice").index(each.level))
    lines = [harmless(line) for line in verdict_lines(report, _WIDEST, Paint(False))]
    left: list[_Annotation] = []
    for level, group in groupby(every, key=lambda each: each.level):
        same = list(group)
        room = len(same) if len(same) <= MOST else MOST - 1
        lines += [_command(each) for each in same[:room]]
        left += same[room:]
        if same[room:]:
            lines.append(_command(_more(level, same[room:])))
    if left:
        lines += ["::group::without an annotation of their own", *map(_plain, left), "::endgroup::"]
    return "\n".join(lines) + "\n"


def escape_data(text: str) -> str:
    """As the toolkit of GitHub escapes what stands behind the second `::`."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """As the toolkit of GitHub escapes the value of a property."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def harmless(text: str) -> str:
    """A plain line of the log that no runner takes for a command: neither form of it can begin in there."""
    return " " * text.startswith("::") + text.replace("##[", "## [")


def _annotations(report: Report) -> Iterable[_Annotation]:
    for finding in report.findings:
        title = clean(f"{finding.rule}: {finding.title}")
        yield _Annotation(_LEVELS[finding.severity], title, _told(finding), file_of(finding))
    for trouble in troubles(report):
        yield _Annotation(_LEVELS[trouble.level], TITLES[trouble.id], trouble.text, trouble.origin)


def _told(finding: Finding) -> str:
    """The message, and what to type before the upgrade, which a person reading the annotation wants next."""
    steps = [clean_command(step.run).strip() for step in finding.remedy if step.phase == "before" and step.run.strip()]
    return "\n".join([clean(f"{finding.subject}: {finding.message}"), *(f"First: {step}" for step in steps)])


def _command(each: _Annotation) -> str:
    properties = []
    if is_file(each.origin):
        properties.append(f"file={escape_property(repository_path(each.origin.file))}")
        if each.origin.line and not each.origin.member:
            properties.append(f"line={each.origin.line}")
    properties.append(f"title={escape_property(clip(each.title, 250))}")
    return f"::{each.level} {','.join(properties)}::{escape_data(clip(each.text, _LONGEST))}"


def _more(level: str, left: Sequence[_Annotation]) -> _Annotation:
    titles = [each.title.partition(": ")[0] for each in left]
    told = "\n".join(dict.fromkeys(titles))
    return _Annotation(level, f"and {len(left)} more", f"GitHub shows {MOST} of a kind; the log has them all:\n{told}")


def _plain(each: _Annotation) -> str:
    where = f" ({clean(str(each.origin))})" if each.origin != NOWHERE else ""
    return harmless(clean(f"{each.level.upper()} {each.title}: {each.text}{where}"))
