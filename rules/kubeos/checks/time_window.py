"""The timewindow of an OS: what the operator cannot read, and windows that are over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from upgradecheck.checks import find
from upgradecheck.checks.given import Given, Looking, Unseen
from upgradecheck.conditions import compile_path, compile_where

_FORMATS = (
    (re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"), "%Y-%m-%d %H:%M:%S"),
    (re.compile(r"\d{2}:\d{2}:\d{2}"), "%H:%M:%S"),
)
_FARTHEST = timedelta(hours=14)
"""The operator reads its own local time, which nobody told: no zone on earth is farther from UTC."""


@dataclass(frozen=True, slots=True)
class Params:
    """No parameters. Cases: `unreadable` where the operator refuses the window, `over` where it ended before the newest
    timestamp of the dump in every time zone."""


FACTS: Mapping[str, str] = {
    **find("kubeos/operation").FACTS,
    "start": "the starttime",
    "end": "the endtime",
    "words": "what the operator says",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset(find("kubeos/operation").reads(_windows()))


def run(params: Params, given: Given) -> Looking:
    for found in find("kubeos/operation").run(_windows(), given):
        if isinstance(found, Unseen):
            yield found
            continue
        window = found.objects[0].get("spec", "timewindow", default={}) or {}
        start, end = (str(window.get(name) or "") for name in ("starttime", "endtime"))
        words = _refused(start, end)
        over = not words and _over(end, given.cluster.newest)
        if words or over:
            facts = {**found.facts, "start": start, "end": end, "words": words}
            yield replace(found, facts=facts, case="unreadable" if words else "over")


def _windows() -> object:
    return find("kubeos/operation").Params(
        where=compile_where({"spec.timewindow": {"type": "map"}}),
        facts={"start": compile_path("spec.timewindow.starttime")},
    )


def _refused(start: str, end: str) -> str:
    """What the operator says of a window, in its words; empty where it takes it."""
    if not start and not end:
        return ""
    if not start or not end:
        return "The start time and end time must be both empty or not empty"
    told = [_read(text) for text in (start, end)]
    if None in told:
        return "invalid date format, please use date format YYYY-MM-DD HH:MM:SS, or only HH:MM:SS"
    (first, first_form), (last, last_form) = (one for one in told if one is not None)
    if first_form != last_form:
        return "Start Time should have same time format with End Time"
    if first == last:
        return "start time is equal to end time"
    if last < first and first_form == _FORMATS[0][1]:
        return f"start time {start} is after end time {end}"
    return ""


def _read(text: str) -> tuple[datetime, str] | None:
    form = next((form for pattern, form in _FORMATS if pattern.fullmatch(text)), None)
    if form is None:
        return None
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC), form
    except ValueError:
        return None


def _over(end: str, newest: datetime | None) -> bool:
    told = _read(end)
    dated = told is not None and told[1] == _FORMATS[0][1]
    return bool(newest and told and dated and newest - told[0] > _FARTHEST)
