"""What bundles among the inputs say: joined with what other inputs prove."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from ...coverage import Coverage, Known
from ...model import Problem
from ..pieces import Piece
from .manifest import Manifest

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One bundle: where its manifest stands, and what it says."""

    place: Place
    piece: Piece
    manifest: Manifest

    def holds(self, piece: Piece) -> bool:
        return place_of(piece)[: len(self.place)] == self.place

    @property
    def when(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.manifest.collected)
        except ValueError:
            return None


def place_of(piece: Piece) -> Place:
    """The folders that a piece is in: the archive's name first where it comes out of one."""
    if piece.origin.member:
        return (piece.origin.file, *piece.parts[:-1])
    return PurePath(piece.origin.file).parent.parts


def held(found: Iterable[tuple[Piece, Manifest]], there: Collection[Place]) -> tuple[list[Held], list[Problem]]:
    """Every bundle, and what is wrong with it. One that lost a file proves nothing, since any kind may be in it.
    `there` are the places of all files."""
    every = [Held(place_of(piece), piece, manifest) for piece, manifest in found]
    problems = []
    for number, one in enumerate(every):
        missing = [f for f in one.manifest.files if (*one.place, *f.split("/")) not in there]
        if missing:
            told = f"{missing[0]} of the bundle is missing" + (f", and {len(missing) - 1} more" if missing[1:] else "")
            problems.append(Problem(one.piece.origin, told, "the bundle as it was collected"))
            bare = replace(one.manifest, whole=frozenset(), spaces={}, releases=Coverage.UNKNOWN)
            every[number] = replace(one, manifest=bare)
    return every, problems


def joined(known: Known, bundles: Sequence[Held]) -> Known:
    """What is known about completeness with what bundles say: whole in one input is whole."""
    for one in bundles:
        told = one.manifest
        known = replace(
            known,
            whole=known.whole | told.whole,
            spaces=_both(known.spaces, told.spaces),
            denied=_both(known.denied, told.denied),
            reasons={**known.reasons, **told.reasons},
        )
    return known


def _both(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {kind: one.get(kind, frozenset()) | other.get(kind, frozenset()) for kind in {**one, **other}}
