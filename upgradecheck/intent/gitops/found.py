"""Releases that manifests ask for where no base is given: among those to be applied, or in what was scanned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...cluster import Cluster
from ...model import Component, Gap, Object, Origin, Problem
from ...model.declared import Declared
from ...packs.detect import present, running
from ..asked import Asked, Known
from .argo import APPLICATION
from .base import unread
from .flux import RELEASE
from .manifests import KUSTOMIZATION, of_objects, read_manifests
from .state import state_of
from .tree import FolderTree
from .upgrade import component_of, exact, recorded, settled

_SOURCES = tuple(
    f"{kind}.source.toolkit.fluxcd.io" for kind in ("HelmRepository", "HelmChart", "OCIRepository", "GitRepository")
)


@dataclass(frozen=True, slots=True)
class Found:
    """What manifests declare, and what could not be read of it."""

    declared: tuple[Declared, ...] = ()
    gaps: tuple[Gap, ...] = ()
    problems: tuple[Problem, ...] = ()


def to_be_applied(paths: Sequence[Path]) -> Found:
    """The releases among manifests that are about to be applied, folders with all that is below them."""
    declared: list[Declared] = []
    gaps: list[Gap] = []
    problems: list[Problem] = []
    for path in paths:
        if not path.exists():
            continue
        root = _repository(path)
        below = path.resolve().relative_to(root).as_posix()
        name = "" if below == "." else below
        state = state_of(read_manifests(FolderTree(root, {name: str(path)}), [name], problems=False))
        declared += state.releases
        gaps += [*state.gaps, *(gap for one in state.releases for gap in unread(one))]
        problems += state.problems
    return Found(tuple(declared), tuple(gaps), tuple(problems))


def declared_in(
    cluster: Cluster, components: Sequence[Component], asked: Asked, known: Known
) -> list[tuple[Declared, Component]]:
    """What is an upgrade of what manifests ask for. Where neither a base nor anything to be applied was given, that is
    what a scanned manifest has and the cluster has not yet."""
    if known.declared or known.compared:
        pairs = [(one, component_of(components, one)) for one in known.declared]
        if known.compared:
            return pairs
        standing = {one.key: one for one in _standing(cluster)}
        pairs = [(replace(one, base=standing.get(one.key)), component) for one, component in pairs]
        return [(one, c) for one, c in pairs if c in components and not settled(cluster, c, one)]
    told = [(one, component_of(components, one)) for one in _standing(cluster)]
    return [pair for one, c in told if c in components and (pair := _meant(cluster, c, asked, one))]


def _meant(cluster: Cluster, component: Component, asked: Asked, one: Declared) -> tuple[Declared, Component] | None:
    """A scanned manifest: with `--to` it is what there is now, and without it what is wanted."""
    if component.name in asked.to or asked.target:
        if recorded(cluster, component, one) or present(cluster, component):
            return None
        version = asked.to.get(component.name) or asked.target
        return replace(one, version=version, base=one), component
    seen = running(cluster, component, recorded(cluster, component, one))
    return (
        None if exact(one.version) in {str(v) for v in seen} or settled(cluster, component, one) else (one, component)
    )


def _standing(cluster: Cluster) -> list[Declared]:
    """The releases that manifests in the input ask for."""
    wanted = [found for kind in (RELEASE, APPLICATION) for found in cluster.of(kind)]
    if not wanted:
        return []
    others = [found for kind in (*_SOURCES, KUSTOMIZATION, "ConfigMap") for found in cluster.of(kind)]
    start = next((Path(o.origin.file) for o in wanted if Path(o.origin.file).exists()), None)
    root = _repository(start) if start is not None else Path().resolve()
    return state_of(of_objects(FolderTree(root), [*wanted, *others], _names([*wanted, *others], root))).releases


def _names(objects: Sequence[Object], root: Path) -> dict[Origin, str]:
    names = {}
    for found in objects:
        path = Path(found.origin.file)
        if found.origin.file and not found.origin.member and path.exists() and path.resolve().is_relative_to(root):
            names[found.origin.at(0)] = path.resolve().relative_to(root).as_posix()
    return names


def _repository(path: Path) -> Path:
    """The folder with a .git that a path lies in, or else the path's own."""
    real = path.resolve()
    folder = real if real.is_dir() else real.parent
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
