"""The way through versions: minors that must not be skipped, and patches to pass through first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..conditions import Where
from ..model import Evidence, Subject
from ..routes import hops, newest_patch
from ..versions import Version
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Params:
    """`look` for `skipped` minors, for a start that is not the newest `patch` of its minor before the minor
    changes, for a change of `major`, for a `downgrade`, or for one that goes `back` over more than one minor. The
    newest patch of each minor stands in component.yaml under `route`. Where objects are applied, `applied` has to
    hold of one of them."""

    look: Literal["skipped", "patch", "major", "downgrade", "back"]
    applied: Where | None = None


FACTS: Mapping[str, str] = {
    "newest": "the newest patch of the minor that runs now",
    "line": "the minor that runs now",
    "hops": "the versions to pass through, in order, the target last",
    "next": "the first version to go to",
    "distance": "how many minors lie between",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset()


def run(params: Params, given: Given) -> Looking:
    target = given.upgrade.to
    if target is None or not _meant(params.applied, given):
        return
    for start in given.upgrade.start:
        sighting = _look(params.look, start, target, given)
        if sighting is not None:
            yield sighting


def _meant(applied: Where | None, given: Given) -> bool:
    objects = given.upgrade.applied
    return not (applied and objects) or any(applied.judge(o.data, given.refs).truth for o in objects)


def _look(look: str, start: Version, target: Version, given: Given) -> Sighting | None:
    newest = newest_patch(given.component, start)
    distance = (target.major - start.major) * 1000 + target.minor - start.minor
    facts = {
        "line": f"{start.major}.{start.minor}",
        "newest": str(newest) if newest else "",
        "distance": distance,
    }
    evidence = (Evidence(f"{given.component.title} {start} runs"), Evidence(f"target {target}"))
    subject = Subject("route", f"{start} to {target}")
    found = {
        "skipped": distance > 1,
        "patch": newest is not None and start.line != target.line and start < newest and start < target,
        "major": target.major != start.major,
        "downgrade": target < start,
        "back": distance < -1,
    }
    if not found[look]:
        return None
    way = [str(version) for version in hops(given.component, start, target)]
    return Sighting(subject, facts | {"hops": ", ".join(way), "next": way[0]}, evidence, sure="computed")
