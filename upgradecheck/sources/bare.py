"""Looks at a document that is no Kubernetes object: something that a tool printed, values, or nothing of use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..model import Object, Origin, Release
from . import helm_output
from .helm_output import Locate
from .manifests import stripped
from .sniff import USE_INSTEAD, What
from .versions_told import Told, versions_in


@dataclass(frozen=True, slots=True)
class Bare:
    """What a bare document holds. `releases` None: nothing about releases; empty: a list of none.

    `refused` says why it is of no use, and what to give instead.
    """

    versions: Sequence[tuple[Origin, Told]] = ()
    releases: Sequence[Release] | None = None
    objects: Sequence[Object] = ()
    refused: tuple[str, str] = ("", "")


def look_at(told: Any, origin: Origin, locate: Locate, name: str) -> Bare:
    """What a built document is, whose first line is `origin`'s, in a file of this name."""
    if told is None:
        return Bare()
    versions = versions_in(told)
    if versions is not None:
        return Bare([(origin, versions)])
    releases = helm_output.releases_in(told, origin, locate)
    if releases is not None:
        return Bare(releases=releases)
    if _all_objects(told):
        return Bare(objects=[_in_array(data, origin, number, locate) for number, data in enumerate(told)])
    return Bare(refused=_of_no_use(told, name))


def _in_array(data: dict[str, Any], origin: Origin, number: int, locate: Locate) -> Object:
    """One object of a bare array, as older support bundles write it."""
    first = origin.at(locate((number,)) or origin.line)
    return stripped(Object.of(data, first, lambda path: locate((number, *path))))


def _all_objects(told: Any) -> bool:
    return (
        isinstance(told, list)
        and bool(told)
        and all(isinstance(i, dict) and isinstance(i.get("kind"), str) and "apiVersion" in i for i in told)
    )


def _of_no_use(told: Any, name: str) -> tuple[str, str]:
    if helm_output.is_history(told):
        return "helm history, which does not name its release", "helm list -o json"
    if isinstance(told, list) and name.endswith("-errors.json"):
        return "what the support bundle could not collect", USE_INSTEAD[What.OTHER]
    looks = not name.endswith(".json") or "values" in name
    if isinstance(told, dict) and looks and not ("kind" in told or "apiVersion" in told):
        return What.VALUES.value, USE_INSTEAD[What.VALUES]
    return What.OTHER.value, USE_INSTEAD[What.OTHER]
