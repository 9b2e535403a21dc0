"""A target version that the chart's repository never had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Command, Evidence, Subject
from ..versions import Version
from .defaults import table_of
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Params:
    """The pack's table of published charts decides. `also` are published versions that it does not hold, such as
    pre-releases; without any no pre-release is judged. What is newer than all of them may be out by now."""

    also: tuple[str, ...] = ()


FACTS: Mapping[str, str] = {
    "below": "the newest published version before it, empty where there is none",
    "above": "the oldest published version after it",
    "words": "what Helm says",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"command"})


def run(params: Params, given: Given) -> Looking:
    upgrade, table = given.upgrade, table_of(given)
    target = upgrade.to
    if target is None or table is None or upgrade.chart is not None or not _from_repository(upgrade.command):
        return
    published = sorted({Version.parse(text) for text in (*table.positions, *params.also)})
    if target in published or (target.pre and not params.also) or not published or target > published[-1]:
        return
    below = [str(version) for version in published if version < target and not version.pre]
    above = next(str(version) for version in published if version > target)
    name = next(iter(given.component.charts), given.component.name)
    facts = {
        "below": below[-1] if below else "",
        "above": above,
        "words": f"no chart version found for {name}-{target}",
    }
    evidence = (Evidence(f"target {target}"),)
    yield Sighting(Subject("route", str(target)), facts, evidence, sure="computed")


def _from_repository(command: Command | None) -> bool:
    """False for a chart that is a file or folder of one's own, which may be any version."""
    if command is None:
        return True
    if command.tool != "helm" or len(command.positionals) < 2:
        return command.tool != "helm"
    chart = command.positionals[1]
    return not chart.startswith((".", "/", "~", "oci:", "http:", "https:")) and not chart.endswith((".tgz", ".tar.gz"))
