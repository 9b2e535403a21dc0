"""A step that every such upgrade needs: always there, part of the plan, never a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Subject
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Params:
    """`tools` limits the advice to commands of these tools; empty means any, or none typed. `release` limits it to
    upgrades of a Helm release that is known, `repository` to charts that come from a repository by its name."""

    tools: tuple[str, ...] = ()
    release: bool = False
    repository: bool = False


FACTS: Mapping[str, str] = {
    "repository": "the name of the chart repository, empty where the chart is a file or an address",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset()


def run(params: Params, given: Given) -> Looking:
    command = given.upgrade.command
    if params.tools and (command is None or command.tool not in params.tools):
        return
    if params.release and given.upgrade.release is None:
        return
    repository = _repository(given)
    if params.repository and not repository:
        return
    yield Sighting(Subject("upgrade", given.component.name), {"repository": repository}, sure="computed")


def _repository(given: Given) -> str:
    """The first part of a chart that the command, or the component's own guide, names as REPOSITORY/CHART."""
    command = given.upgrade.command
    typed = command is not None and command.tool == "helm" and len(command.positionals) > 1
    name = command.positionals[1] if typed and command is not None else given.component.chart
    named = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9_.-]*)/[A-Za-z0-9][A-Za-z0-9_.-]*", name)
    return named[1] if named and not name.endswith(".tgz") else ""
