"""Which kinds the API server has, at which version each is best asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ...model import group_kind
from ...versions import Version
from .faults import Absent, Fault
from .transport import Transport

_AS = "application/json;g=apidiscovery.k8s.io;v={};as=APIGroupDiscoveryList"
AGGREGATED = f"{_AS.format('v2')},{_AS.format('v2beta1')},application/json"

DEPRECATED: Mapping[tuple[str, str], int] = {
    ("admissionregistration.k8s.io", "v1beta1"): 16, ("apiextensions.k8s.io", "v1beta1"): 16,
    ("apiregistration.k8s.io", "v1beta1"): 19, ("apps", "v1beta1"): 8, ("apps", "v1beta2"): 9,
    ("autoscaling", "v2beta1"): 22, ("autoscaling", "v2beta2"): 23, ("batch", "v1beta1"): 21,
    ("certificates.k8s.io", "v1beta1"): 19, ("coordination.k8s.io", "v1beta1"): 19,
    ("discovery.k8s.io", "v1beta1"): 21, ("events.k8s.io", "v1beta1"): 22,
    ("flowcontrol.apiserver.k8s.io", "v1beta1"): 23, ("flowcontrol.apiserver.k8s.io", "v1beta2"): 26,
    ("flowcontrol.apiserver.k8s.io", "v1beta3"): 29, ("networking.k8s.io", "v1beta1"): 19,
    ("node.k8s.io", "v1beta1"): 22, ("policy", "v1beta1"): 21, ("rbac.authorization.k8s.io", "v1beta1"): 17,
    ("resource.k8s.io", "v1beta1"): 35, ("scheduling.k8s.io", "v1beta1"): 14, ("storage.k8s.io", "v1beta1"): 19,
}  # fmt: skip
"""From which Kubernetes 1.x on a version is deprecated, whatever the server prefers. Asking for one of them would also
set the metric by which people look for clients that do."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind as the API server serves it. `names` are those that a person may type, in lower case."""

    kind: str
    group: str
    version: str
    plural: str
    namespaced: bool
    names: frozenset[str] = frozenset()

    def path(self, namespace: str = "") -> str:
        """Where it is listed: everywhere, or in one namespace."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        return f"{root}/namespaces/{quote(namespace, safe='')}/{self.plural}" if namespace else f"{root}/{self.plural}"

    def item(self, name: str, namespace: str = "") -> str:
        """Where one object is."""
        return f"{self.path(namespace)}/{quote(name, safe='')}"

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version


@dataclass(slots=True)
class Catalogue:
    """Every kind that can be listed. `stale` groups are served by another server, which does not answer now."""

    resources: dict[str, Resource] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)

    def find(self, kind: str) -> Resource | None:
        return self.resources.get(kind)

    def named(self, word: str) -> list[Resource]:
        """The kinds that kubectl takes a word for."""
        return [found for found in self.resources.values() if word.lower() in found.names]


def discover(transport: Transport, server: str) -> Catalogue:
    """Ask what is served: two requests, or, of servers before 1.26, one for each group and version. Raises Fault."""
    catalogue = Catalogue()
    minor = _minor(server)
    for root in ("/api", "/apis"):
        told = transport.json(root, accept=AGGREGATED)
        if told.get("kind") == "APIGroupDiscoveryList":
            served = [*_aggregated(told, catalogue)]
        else:
            served = [*_one_by_one(transport, told, catalogue)]
        for resource in sorted(served, key=lambda r: _deprecated(r, minor)):
            catalogue.resources.setdefault(resource.kind, resource)
    return catalogue


def _aggregated(told: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Resource]:
    for item in _maps(told.get("items")):
        group = str((item.get("metadata") or {}).get("name") or "")
        for version in _maps(item.get("versions")):
            if version.get("freshness") == "Stale":
                catalogue.stale.add(group)
            for one in _maps(version.get("resources")):
                kind = (one.get("responseKind") or {}).get("kind")
                scope = one.get("scope") == "Namespaced"
                found = _resource(one, group, str(version.get("version")), kind, str(one.get("resource")), scope)
                yield from [found] if found else []


def _one_by_one(transport: Transport, told: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Resource]:
    """The way of servers without aggregated discovery: every group and version by itself."""
    if "groups" not in told and "versions" not in told:
        raise Fault("the answer does not say what is served: not the API server", last=True)
    for group, version in [*_core(told), *_groups(told)]:
        root = f"/apis/{group}/{version}" if group else f"/api/{version}"
        try:
            listed = transport.json(root)
        except Absent:
            continue
        except Fault as fault:
            if fault.last:
                raise
            catalogue.stale.add(group)
            continue
        for one in _maps(listed.get("resources")):
            found = _resource(one, group, version, one.get("kind"), str(one.get("name")), bool(one.get("namespaced")))
            yield from [found] if found else []


def _core(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    versions = told.get("versions")
    return [("", str(version)) for version in versions] if isinstance(versions, list) and "groups" not in told else []


def _groups(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for group in _maps(told.get("groups")):
        first = str((group.get("preferredVersion") or {}).get("version") or "")
        every = [str(one.get("version")) for one in _maps(group.get("versions"))]
        for version in sorted(every, key=lambda v: v != first):
            yield str(group.get("name")), version


def _resource(
    one: Mapping[str, Any], group: str, version: str, kind: Any, plural: str, namespaced: bool
) -> Resource | None:
    """A kind that can be listed; None for another, and for what no path should be made of."""
    if "list" not in (one.get("verbs") or ()) or not isinstance(kind, str) or "/" in f"{plural}{group}{version}":
        return None
    short = one.get("shortNames")
    told = (plural, kind, one.get("singularResource") or one.get("singularName"))
    bare = {str(name).lower() for name in (*told, *(short if isinstance(short, list) else ())) if name}
    names = bare | {f"{name}.{group}" for name in bare if group}
    return Resource(
        group_kind(f"{group}/v" if group else "v", kind), group, version, plural, namespaced, frozenset(names)
    )


def _deprecated(resource: Resource, minor: int) -> bool:
    return DEPRECATED.get((resource.group, resource.version), 1000) <= minor


def _minor(server: str) -> int:
    """The minor of the API server; where it does not say, one that has deprecated everything."""
    version = Version.read(server)
    return version.minor if version is not None else 999


def _maps(told: Any) -> Iterable[Mapping[str, Any]]:
    return [one for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
