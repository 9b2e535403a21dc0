"""A target that is a pre-release, not the newest patch of its minor, or of a minor that nobody maintains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Evidence, Subject
from ..routes import newest_patch
from ..versions import Version
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Params:
    """`maintained` are the minors that still get patches. The newest patch of each minor stands in component.yaml
    under `route`; a target that is newer than the list is welcome. Cases: `pre-release`, `patch`, and `ended` for a
    minor without patches to come, told before the others."""

    maintained: tuple[str, ...]


FACTS: Mapping[str, str] = {
    "line": "the minor of the target",
    "newest": "its newest patch",
    "maintained": "the minors that are maintained",
    "latest": "the newest version of those",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset()


def run(params: Params, given: Given) -> Looking:
    target = given.upgrade.to
    newest = newest_patch(given.component, target) if target is not None else None
    if target is None or newest is None or set(given.upgrade.start) == {target}:
        return
    lines = [Version.parse(f"{line}.0") for line in params.maintained]
    patches = [patch for line in lines if (patch := newest_patch(given.component, line))]
    ended = all(target.line != line.line for line in lines) and target < max(patches, default=target)
    case = "ended" if ended else "pre-release" if target.pre else "patch" if target < newest else ""
    if case:
        facts = {
            "line": f"{target.major}.{target.minor}",
            "newest": str(newest),
            "maintained": list(params.maintained),
            "latest": str(max(patches, default=newest)),
        }
        evidence = (Evidence(f"target {target}"),)
        yield Sighting(Subject("route", str(target)), facts, evidence, sure="computed", case=case)
