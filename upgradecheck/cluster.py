"""The read-only index over everything that is known about what is running."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from .coverage import OWN_GROUPS, Coverage, Known, words_for_gap
from .index import index, version_order
from .index import newest as newest_of
from .model import Object, Release
from .model.log import Log
from .overlay import overlay

__all__ = ["CRD", "Cluster", "Coverage", "Log", "UndeclaredRead"]


CRD = "CustomResourceDefinition.apiextensions.k8s.io"


class UndeclaredRead(Exception):  # noqa: N818  it names what happened, and only a test ever sees it
    """A check read a kind, or one of our own facts, that it did not declare."""


class Cluster:
    """Everything known about what is running. It never changes; objects are built when they are looked into."""

    def __init__(
        self,
        objects: Iterable[Object] = (),
        *,
        known: Known | None = None,
        releases: Iterable[Release] = (),
        releases_coverage: Coverage = Coverage.UNKNOWN,
        logs: Iterable[Log] = (),
        server: str = "",
        tools: Mapping[str, str] | None = None,
        newest: datetime | None = None,
    ) -> None:
        self._index = index(objects)
        self._chosen: dict[str, tuple[Object, ...]] = {}
        self._known = known or Known()
        self._releases = tuple(sorted(releases, key=lambda r: (r.namespace, r.name)))
        self._releases_coverage = releases_coverage
        self._logs = tuple(sorted(logs, key=lambda g: (g.namespace, g.pod, g.container, g.previous, g.origin)))
        self._server = server
        self._tools = dict(tools or {})
        self._declared: frozenset[str] | None = None
        self.newest = newest
        """The newest timestamp of the dump; None where it holds none. Serves as "now"."""

    def of(self, kind: str, namespace: str | None = None) -> tuple[Object, ...]:
        """The objects of a kind (`Pod`, `DaemonSet.apps`), by namespace and name; of one namespace where given."""
        self._read(kind)
        every = self._every(kind)
        return every if namespace is None else tuple(o for o in every if o.namespace == namespace)

    def get(self, kind: str, name: str, namespace: str = "") -> Object | None:
        self._read(kind)
        found = self._index.get(kind, {}).get((namespace, name, ""))
        return newest_of(found) if found else None

    def coverage(self, kind: str, namespace: str | None = None) -> Coverage:
        """Whether absence may be believed; `namespace` None asks about the whole cluster."""
        self._read(kind)
        if self._known.complete(kind, namespace) or self._without_crd(kind):
            return Coverage.COMPLETE
        if self._known.refused(kind, namespace):
            return Coverage.DENIED
        keys = self._index.get(kind, {})
        some = bool(self._known.spaces.get(kind)) if namespace is None else False
        if some or any(namespace is None or space == namespace for space, _, _ in keys):
            return Coverage.PARTIAL
        return Coverage.UNKNOWN

    def _without_crd(self, kind: str) -> bool:
        """True for a custom kind whose CRD is surely not there: none of it can be. Kubernetes' own groups have none."""
        name, _, group = kind.partition(".")
        if "." not in group or group in OWN_GROUPS or not self._known.complete(CRD, None):
            return False
        crds = self._every(CRD)
        return not any((c.get("spec", "group"), c.get("spec", "names", "kind")) == (group, name) for c in crds)

    def why(self, kind: str) -> str:
        """Why the absence of a kind cannot be believed, in a few words; empty where it can."""
        spaces = {space for space, _, _ in self._index.get(kind, {}) if space}
        coverage = self.coverage(kind)
        if coverage is not Coverage.COMPLETE and kind in self._known.reasons:
            return self._known.reasons[kind]
        told = "" if coverage is Coverage.COMPLETE else self._known.words(kind, coverage)
        return told or words_for_gap(kind, coverage, spaces | self._known.spaces.get(kind, frozenset()))

    @property
    def releases(self) -> tuple[Release, ...]:
        """Every Helm release, by namespace and name. An empty `history` means that pending revisions are unknown."""
        self._read("release")
        return self._releases

    @property
    def releases_coverage(self) -> Coverage:
        self._read("release")
        return self._releases_coverage

    def logs(self, namespace: str | None = None, pod_prefix: str = "", container: str = "") -> tuple[Log, ...]:
        """Pod logs; an empty container means any."""
        self._read("log")
        return tuple(
            log
            for log in self._logs
            if namespace in (None, log.namespace)
            and log.pod.startswith(pod_prefix)
            and (not container or log.container == container)
        )

    @property
    def server(self) -> str:
        """The API server's version as it says itself, empty where it was not collected."""
        self._read("server")
        return self._server

    @property
    def server_or_kubelet(self) -> str:
        """The API server's version, or that of the newest kubelet, which is never newer than its server."""
        self._read("server")
        if self._server:
            return self._server
        told = (str(n.get("status", "nodeInfo", "kubeletVersion", default="") or "") for n in self._every("Node"))
        return max(told, key=version_order, default="")

    @property
    def tools(self) -> Mapping[str, str]:
        """The versions of the tools that the person uses, by name, where their output was given."""
        self._read("tool")
        return self._tools

    def kinds(self) -> Mapping[str, int]:
        """How many objects there are of each kind. Builds nothing."""
        return {kind: len(keys) for kind, keys in sorted(self._index.items())}

    def looked_into(self) -> tuple[Object, ...]:
        """The objects that somebody has looked into so far. Builds nothing."""
        every = (one for keys in self._index.values() for same in keys.values() for one in same)
        return tuple(one for one in every if one.built)

    def only(self, kinds: Iterable[str]) -> Cluster:
        """The same cluster, which raises UndeclaredRead for any other kind.

        Our own facts count as kinds under their names: `release`, `log`, `server`, `tool`.
        """
        view = self._copy()
        view._declared = frozenset(kinds)
        return view

    def overlaid(self, objects: Iterable[Object]) -> Cluster:
        """The same cluster with these objects applied over it, as `kubectl apply` does."""
        view = self._copy()
        view._index = dict(self._index)
        view._chosen = {}
        for applied in objects:
            merged = overlay(applied, self._under(applied))
            kind = merged.group_kind
            view._index[kind] = {**view._index.get(kind, {}), (merged.namespace, merged.name, ""): (merged,)}
        return view

    def _under(self, applied: Object) -> Object | None:
        """The object that is applied over. One written without a namespace goes to `default` as kubectl has it."""
        keys = self._index.get(applied.group_kind, {})
        for space in (applied.namespace, *(() if applied.namespace else ("default",))):
            found = keys.get((space, applied.name, ""))
            if found:
                return newest_of(found)
        return None

    def _every(self, kind: str) -> tuple[Object, ...]:
        if kind not in self._chosen:
            keys = self._index.get(kind, {})
            self._chosen[kind] = tuple(newest_of(keys[key]) for key in sorted(keys))
        return self._chosen[kind]

    def _read(self, kind: str) -> None:
        if self._declared is not None and kind not in self._declared:
            raise UndeclaredRead(kind)

    def _copy(self) -> Cluster:
        view = Cluster.__new__(Cluster)
        view.__dict__.update(self.__dict__)
        return view
