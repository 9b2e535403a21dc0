"""An upgrade that a manifest asks for, so that nobody types a command: Flux, Argo CD, or a chart that wraps others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .objects import NOWHERE, Origin
from .release import Values

Carrier = Literal["Flux", "Argo CD", "Helm"]
"""Who carries it out; "Helm" where only a chart with dependencies says so, whoever installs it."""

CrdPolicy = Literal["never", "create", "replace"]
"""What happens to the CRDs of a chart's crds/ on an upgrade: nothing, missing ones are made, or all are brought up."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One release as a manifest wants it.

    `name` and `namespace` are the manifest's own, `release` and `target` those of the Helm release, `storage` the
    namespace of its record. `version` is as written, a range included. `values` are what the manifest gives, each leaf
    with its file and line; `missing` names sources of values that could not be read. `fields` says where the manifest
    holds what a person may have to change: `version`, `values`, `chart`, `reuse`, each as its path with its place.
    `flags` are helm's flags for what it asks besides. `base` is the same release as it was before this change, None
    where nobody told; `added` true where a base was given and did not have it.
    """

    carrier: Carrier
    kind: str
    name: str
    namespace: str
    release: str
    target: str
    chart: str
    version: str
    repository: str = ""
    values: Values = field(default_factory=Values)
    storage: str = ""
    crds: CrdPolicy = "never"
    reuse: bool = False
    flags: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    fields: tuple[tuple[str, str, Origin], ...] = ()
    files: frozenset[str] = frozenset()
    origin: Origin = NOWHERE
    part: str = ""
    base: Declared | None = None
    added: bool = False

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What stays the same from one state of a repository to the next."""
        return (self.kind, self.namespace, self.name, self.part)

    @property
    def title(self) -> str:
        """`HelmRelease kube-system/cilium`."""
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {name}"

    def at(self, what: str) -> tuple[str, Origin]:
        """The path of something in the manifest, and its place; the manifest's own where it is not written there."""
        return next(((path, origin) for name, path, origin in self.fields if name == what), (what, self.origin))

    def same(self, other: Declared) -> bool:
        """Whether nothing that an upgrade is made of differs."""
        return all(getattr(self, name) == getattr(other, name) for name in _MATTERS) and (
            self.values.tree == other.values.tree
        )


_MATTERS = ("release", "target", "chart", "version", "repository", "crds", "reuse", "flags", "missing")
