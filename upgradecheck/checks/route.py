"""The way through versions: minors that must not be skipped, and patches to pass through first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..model import Evidence, Subject
from ..versions import Version
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Params:
    """`look` for `skipped` minors, for a start that is not the newest `patch` of its minor before the minor
    changes, for a change of `major`, or for a `downgrade`. The newest patch of each
    minor stands in component.yaml under `route`."""

    look: Literal["skipped", "patch", "major", "downgrade"]


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
    if target is None:
        return
    for start in given.upgrade.start:
        sighting = _look(params.look, start, target, given)
        if sighting is not None:
            yield sighting


def _look(look: str, start: Version, target: Version, given: Given) -> Sighting | None:
    newest = _newest(given, start)
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
    }
    if not found[look]:
        return None
    hops = _hops(given, start, target)
    return Sighting(subject, facts | {"hops": ", ".join(hops), "next": hops[0]}, evidence, sure="computed")


def _newest(given: Given, start: Version) -> Version | None:
    text = given.component.route.get("newest", {}).get(f"{start.major}.{start.minor}")
    return Version.parse(text) if text else None


def _hops(given: Given, start: Version, target: Version) -> list[str]:
    """Newest patch of the present minor, then the newest patch of each minor between, then the target."""
    hops = []
    for line, text in given.component.route.get("newest", {}).items():
        version = Version.parse(text)
        if start < version < target and Version.parse(f"{line}.0").line != target.line:
            hops.append(version)
    return [str(version) for version in sorted(hops)] + [str(target)]
