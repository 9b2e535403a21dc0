"""`--base`: what a folder or a git ref had before, against what is there now."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import UsageError
from ...model import Gap, Object, Problem
from ...model.declared import Declared
from .git import CommitTree, commit_of, toplevel
from .manifests import read_manifests
from .state import State, changes, state_of
from .tree import FolderTree, Tree


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed since the base. `under` are the objects as the base has them; `told` says it in a few words."""

    declared: tuple[Declared, ...]
    applied: tuple[Object, ...]
    under: tuple[Object, ...]
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]
    told: str


def compare(base: str, paths: Sequence[str]) -> Compared:
    """The manifests at these paths now, against the base. Raises UsageError where the base cannot be read."""
    befores, nows = [], []
    folder = Path(base)
    for root, below, shown in _grouped(paths, by_git=not folder.is_dir()):
        nows.append(state_of(read_manifests(FolderTree(root, shown), below, problems=True)))
        tree, old = _tree(base, root, below)
        befores.append(state_of(read_manifests(tree, old, problems=False)))
    found = [changes(was, now) for was, now in zip(befores, nows, strict=True)]
    moved = tuple(one for each in found for one in each.moved)
    gone = tuple(one for each in found for one in each.gone)
    objects = tuple(one for each in found for one in each.objects)
    every = sum(len(now.releases) for now in nows)
    return Compared(
        declared=moved,
        applied=objects,
        under=tuple(one for was in befores for one in was.read.objects),
        gaps=(*_gaps(nows, befores), *map(_gone, gone), *(g for one in moved for g in unread(one))),
        problems=tuple(p for now in nows for p in now.problems) + tuple(p for each in found for p in each.problems),
        told=f"compared with {base}: {len(moved)} of {every} releases and {len(objects)} objects changed",
    )


def in_repository(path: str) -> bool:
    """Whether git knows the folder of a path. Raises UsageError without git."""
    return toplevel(Path(path)) is not None


def unread(one: Declared) -> list[Gap]:
    """The sources of values that are not among the manifests."""
    if not one.missing:
        return []
    reason = "not among the manifests; what it gives is taken to be as it is now"
    return [Gap(f"values of {one.title} from {', '.join(one.missing)}", reason)]


def _gone(one: Declared) -> Gap:
    return Gap(f"{one.title} ({one.origin})", f"deleted: what {one.carrier} then removes is not judged")


def _gaps(nows: Sequence[State], befores: Sequence[State]) -> list[Gap]:
    """What could not be worked out, unless the base had the same already."""
    known = {(gap.what.partition(" (")[0], gap.why) for was in befores for gap in was.gaps}
    return [gap for now in nows for gap in now.gaps if (gap.what.partition(" (")[0], gap.why) not in known]


def _tree(base: str, root: Path, below: Sequence[str]) -> tuple[Tree, Sequence[str]]:
    """The base of a root, and the same paths in it. A folder is a copy of the root, or of the one path in it."""
    if not Path(base).is_dir():
        return CommitTree(root, commit_of(root, base), base), below
    copy = Path(base)
    if len(below) == 1 and below[0] not in ("", ".") and not (copy / below[0]).exists():
        return FolderTree(copy, {"": base}), [""]
    return FolderTree(copy, {"": base}), below


def _grouped(paths: Sequence[str], *, by_git: bool) -> list[tuple[Path, list[str], dict[str, str]]]:
    """The paths by the root that they lie in: the repository, or with a folder as base the present folder or they
    themselves."""
    groups: dict[Path, tuple[list[str], dict[str, str]]] = {}
    for path in paths:
        if not Path(path).exists():
            # A folder that a change removed whole is still there in the base.
            root = toplevel(Path(path).absolute().parent) if by_git else None
            if root is None:
                raise UsageError(f"{path}: no such file or folder", "the manifests to compare with --base")
        else:
            root = toplevel(Path(path)) if by_git else _root(Path(path))
        if root is None:
            raise UsageError(f"{path} lies in no git repository", "give --base a folder with the files as they were")
        below = os.path.relpath(os.path.realpath(path), os.path.realpath(root)).replace(os.sep, "/")
        name = "" if below == "." else below
        held, shown = groups.setdefault(root, ([], {}))
        held.append(name)
        shown[name] = path
    return [(root, below, shown) for root, (below, shown) in groups.items()]


def _root(path: Path) -> Path:
    """The present folder where the path lies in it, else the path itself."""
    here = Path.cwd().resolve()
    real = path.resolve()
    if real.is_relative_to(here) and real != here:
        return here
    return real if real.is_dir() else real.parent
