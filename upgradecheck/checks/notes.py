"""The notes of an upgrade guide that lie between the two versions, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Evidence, Subject
from ..versions import Range
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Note:
    """One note of the guide: it concerns whoever leaves a version in `start` for one in `to`. `about` says it in a
    few words."""

    start: Range
    to: Range
    about: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`notes` in the order of the guide; fewer than `least` of them are not worth a word."""

    notes: tuple[Note, ...]
    least: int = 2


FACTS: Mapping[str, str] = {"notes": "the notes that concern this upgrade", "count": "how many there are"}


def reads(params: Params) -> frozenset[str]:
    return frozenset()


def run(params: Params, given: Given) -> Looking:
    to = given.upgrade.to
    if to is None:
        return
    found = [n.about for n in params.notes if to in n.to and any(version in n.start for version in given.upgrade.start)]
    if len(found) >= params.least:
        facts = {"notes": "; ".join(found), "count": len(found)}
        yield Sighting(Subject("upgrade", given.component.name), facts, (Evidence(f"target {to}"),), sure="computed")
