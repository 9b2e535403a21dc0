"""One Helm release, and values that know where each of their keys was set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .objects import NOWHERE, Object, Origin, Path, value_at


@dataclass(frozen=True, slots=True)
class Values:
    """Helm values: the tree, and for each leaf where a person set it (file and line, `--set`, or record)."""

    tree: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[Path, Origin] = field(default_factory=dict)

    def get(self, *path: str | int, default: Any = None) -> Any:
        return value_at(self.tree, path, default)

    def has(self, *path: str | int) -> bool:
        missing = object()
        return value_at(self.tree, path, missing) is not missing

    def origin(self, path: Path) -> Origin:
        """Where a path, or the nearest map above it, was set."""
        for end in range(len(path), 0, -1):
            found = self.origins.get(path[:end])
            if found is not None:
                return found
        below = (o for p, o in self.origins.items() if p[: len(path)] == path)
        return next(below, NOWHERE)

    def leaves(self) -> Iterator[tuple[Path, Any]]:
        """Every leaf with its path: scalars, lists and empty maps."""
        return leaves(self.tree)


def leaves(tree: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf of a tree of maps with its path; a list and an empty map count as one leaf."""
    for key, value in tree.items():
        path = (*above, key)
        if isinstance(value, Mapping) and value:
            yield from leaves(value, path)
        else:
            yield path, value


def dotted(path: Path) -> str:
    """A values path as Helm's --set writes it; a dot inside a key is escaped."""
    return ".".join(str(step).replace(".", "\\.") for step in path)


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a release, as a fact about its history."""

    number: int
    status: str
    version: str = ""
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Release:
    """One Helm release at its newest deployed revision, decoded from a record or told by `helm list`.

    `values` is what the person set (`helm get values`), None where it was not collected; `defaults` the
    values.yaml of the deployed chart; `manifest` the objects that Helm holds it responsible for, None where
    not collected. `history` has every revision that was seen, newest first, pending and failed ones included.
    `applied` is Helm 4's apply method, "ssa" or "csa", "" where the record says nothing.
    """

    name: str
    namespace: str
    chart: str
    version: str
    status: str = "deployed"
    revision: int = 0
    app_version: str = ""
    values: Values | None = None
    defaults: Mapping[str, Any] | None = None
    manifest: tuple[Object, ...] | None = None
    history: tuple[Revision, ...] = ()
    applied: str = ""
    origin: Origin = NOWHERE

    @property
    def newest(self) -> Revision:
        """The newest revision of all, which decides whether Helm accepts an upgrade."""
        return self.history[0] if self.history else Revision(self.revision, self.status, self.version, self.origin)
