"""A step that every such upgrade needs: always there, part of the plan, never a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Subject
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Params:
    """`tools` limits the advice to commands of these tools; empty means any, or none typed. `release` limits it to
    upgrades of a Helm release that is known."""

    tools: tuple[str, ...] = ()
    release: bool = False


FACTS: Mapping[str, str] = {"revision": "the revision of the release that runs now, empty where unknown"}


def reads(params: Params) -> frozenset[str]:
    return frozenset()


def run(params: Params, given: Given) -> Looking:
    command = given.upgrade.command
    if params.tools and (command is None or command.tool not in params.tools):
        return
    if params.release and given.upgrade.release is None:
        return
    revision = given.upgrade.release.revision if given.upgrade.release else 0
    yield Sighting(Subject("upgrade", given.component.name), {"revision": revision or ""}, sure="computed")
