"""What one state of a repository declares, and what changed from one state to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...errors import InputError
from ...model import Gap, Object, Origin, Problem
from ...model.declared import Declared
from .argo import argo_releases, folders_used
from .charts import wrappers
from .flux import flux_releases
from .manifests import Manifests

_Place = tuple[str, str]
"""The file from the root of its tree, and what is asked for there."""


@dataclass(slots=True)
class State:
    """Everything that the manifests of one tree ask for."""

    read: Manifests
    releases: list[Declared] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def file_of(self, origin: Origin) -> str:
        return self.read.files.get(origin.at(0), str(origin.at(0)))


def state_of(read: Manifests) -> State:
    """Releases with their charts, versions and values; what cannot be worked out is told."""
    state = State(read, problems=list(read.problems))
    told: list[Iterable[Declared | Gap | Problem]] = [
        flux_releases(read),
        argo_releases(read),
        wrappers(read, folders_used(read)),
    ]
    for one in told:
        _sort(state, one)
    return state


def _sort(state: State, told: Iterable[Declared | Gap | Problem]) -> None:
    try:
        for one in told:
            if isinstance(one, Declared):
                state.releases.append(one)
            elif isinstance(one, Gap):
                state.gaps.append(one)
            else:
                state.problems.append(one)
    except InputError as error:
        state.problems.append(Problem(Origin(error.where), error.text, error.expected))


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise than in the base: releases that moved or are new, each with what it was; those that are gone;
    and the objects that are written otherwise or are new."""

    moved: tuple[Declared, ...]
    gone: tuple[Declared, ...]
    objects: tuple[Object, ...]
    problems: tuple[Problem, ...] = ()


def changes(base: State, now: State) -> Changes:
    """A release is found again by kind, namespace and name, in the same file before in any other."""
    left = list(base.releases)
    pairs: list[tuple[Declared, Declared | None]] = []
    for exact in (True, False):
        for one in [d for d in now.releases if exact or all(d is not told for told, _ in pairs)]:
            held = _again(one, left, base, now, exact)
            if held is not None:
                left.remove(held)
            if held is not None or not exact:
                pairs.append((one, held))
    order = {id(one): place for place, one in enumerate(now.releases)}
    pairs.sort(key=lambda pair: order[id(pair[0])])
    moved = [replace(one, base=was, added=was is None) for one, was in pairs if was is None or not one.same(was)]
    objects, problems = _objects(base.read, now.read)
    return Changes(tuple(moved), tuple(left), tuple(objects), tuple(problems))


def _again(one: Declared, left: Sequence[Declared], base: State, now: State, exact: bool) -> Declared | None:
    same = [was for was in left if was.key == one.key]
    if exact:
        same = [was for was in same if base.file_of(was.origin) == now.file_of(one.origin)]
    return same[0] if len(same) == 1 or (exact and same) else None


def _objects(base: Manifests, now: Manifests) -> tuple[list[Object], list[Problem]]:
    problems: list[Problem] = []
    there: dict[tuple[str, tuple[str, str, str]], Any] = {}
    anywhere: dict[tuple[str, str, str], list[Any]] = {}
    for found in base.objects:
        data = _data(found, [])
        there[(base.name_of(found), found.key)] = data
        anywhere.setdefault(found.key, []).append(data)
    changed = []
    for found in now.objects:
        data = _data(found, problems)
        if data is None:
            continue
        place = (now.name_of(found), found.key)
        # A file that moved changes nothing.
        known = [there[place]] if place in there else anywhere.get(found.key, [])
        if data not in known:
            changed.append(found)
    return changed, problems


def _data(found: Object, problems: list[Problem]) -> Any:
    try:
        return found.data
    except InputError as error:
        problems.append(Problem(found.origin, error.text, error.expected))
        return None
