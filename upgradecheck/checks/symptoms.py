"""Known lines in Pod logs, each with what it means and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..cluster import Log
from ..model import Evidence, Subject
from .given import Given, Looking, Sighting, Unseen

SHOWN = 1
"""As many lines are shown as evidence, the newest."""


@dataclass(frozen=True, slots=True)
class Row:
    """A `line` (a regular expression; its first group is the placeholder `{part}`) in a log, what it `means`, and what
    to `do`. `case` picks one of the rule's cases. `source` says where it was found."""

    line: re.Pattern[str]
    means: str
    do: str
    case: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`pods` are the beginnings of the Pods' names. The first of `rows` that a line fits counts. Lines before the last
    one that fits `well` are over and done with. `what` names the logs where they were not collected, and `collect` is
    what gets them, with `{namespace}`."""

    pods: tuple[str, ...]
    rows: tuple[Row, ...]
    well: re.Pattern[str] | None = None
    what: str = "Pod logs"
    collect: str = ""


FACTS: Mapping[str, str] = {
    "line": "the newest such line",
    "means": "what it means",
    "do": "what to do",
    "part": "the first group of the pattern in the newest such line",
    "pods": "the Pods whose logs have such lines",
    "number": "how many such lines there are",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"log"})


def run(params: Params, given: Given) -> Looking:
    logs = [log for prefix in params.pods for log in given.cluster.logs(None, prefix) if not log.previous]
    if not logs:
        yield Unseen(params.what, "no log in the input", params.collect)
    found: dict[int, list[tuple[Log, int, str]]] = {}
    for log in logs:
        for row, number, text in _told(params, log):
            found.setdefault(row, []).append((log, number, text))
    for row, told in sorted(found.items()):
        yield _sighting(params.rows[row], told)


def _told(params: Params, log: Log) -> Iterator[tuple[int, int, str]]:
    """Row, line number and text of each line that says something, after the last one that says all is well."""
    said: list[tuple[int, int, str]] = []
    for number, text in log.lines():
        if params.well is not None and params.well.search(text):
            said = []
            continue
        row = next((index for index, one in enumerate(params.rows) if one.line.search(text)), None)
        if row is not None:
            said.append((row, number, text))
    yield from said


def _sighting(row: Row, told: list[tuple[Log, int, str]]) -> Sighting:
    last, _, text = told[-1]
    found = row.line.search(text)
    facts = {
        "line": text.strip(),
        "means": row.means,
        "do": row.do,
        "part": (found[1] or "") if found and row.line.groups else "",
        "pods": list(dict.fromkeys(log.pod for log, _, _ in told)),
        "number": len(told),
        "namespace": last.namespace,
    }
    evidence = tuple(
        Evidence(line.strip(), log.origin.at(log.origin.line + number if log.origin.line else number))
        for log, number, line in told[-SHOWN:]
    )
    return Sighting(Subject("Pod", last.pod, last.namespace), facts, evidence, case=row.case)
