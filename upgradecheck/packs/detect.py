"""Which components are there, which versions of them run, and which Helm release holds each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..checks.roles import playing, pods_of, template_spec
from ..cluster import Cluster
from ..images import Image
from ..model import Component, Object, Release, VersionSource
from ..versions import Version


def present(cluster: Cluster, component: Component) -> bool:
    """True where a release of one of its charts, or something that plays one of its `detect` roles, is there."""
    if any(release.chart in component.charts for release in cluster.releases):
        return True
    return any(playing(cluster, component, role) for role in component.detect)


def main_release(cluster: Cluster, component: Component, name: str = "", namespace: str = "") -> Release | None:
    """The release that is meant: by name and namespace, or the one that owns the component's first role.

    A cluster can hold two releases of one chart, as a Cilium pre-flight does; Helm's own annotation on the
    live object says which one runs the component.
    """
    charts = [r for r in cluster.releases if not component.charts or r.chart in component.charts]
    if name:
        named = [r for r in cluster.releases if r.name == name and namespace in ("", r.namespace)]
        return named[0] if named else None
    chosen = owned_releases(cluster, component) or charts
    return chosen[0] if len(chosen) == 1 else None


def owned_releases(cluster: Cluster, component: Component) -> list[Release]:
    """The releases of the component's charts that own parts of it: two where two meshes stand side by side."""
    owners = owning(cluster, component)
    return [r for r in cluster.releases if r.chart in component.charts and (r.namespace, r.name) in owners]


def owning(cluster: Cluster, component: Component) -> frozenset[tuple[str, str]]:
    """Namespace and name of the releases that own the component's parts, by Helm's own marks on them."""
    marks = (_owner(o) for role in component.detect for o in playing(cluster, component, role))
    return frozenset(mark for mark in marks if mark[1])


def _owner(found: Object) -> tuple[str, str]:
    annotations = found.get("metadata", "annotations", default={}) or {}
    name = annotations.get("meta.helm.sh/release-name", "")
    return (annotations.get("meta.helm.sh/release-namespace", ""), name)


def running(cluster: Cluster, component: Component, release: Release | None) -> tuple[Version, ...]:
    """The versions that run, from the first source that knows one; several where nodes differ."""
    for source in component.running:
        versions = {v for text in _texts(cluster, component, source, release) if (v := parsed(text, source.prefix))}
        if versions:
            return tuple(sorted(versions))
    return ()


def parsed(text: str, prefix: str = "") -> Version | None:
    """A version after a prefix, None where it is none; a text without the prefix is another thing."""
    return Version.read(text.removeprefix(prefix)) if text.startswith(prefix) else None


def _texts(cluster: Cluster, component: Component, source: VersionSource, release: Release | None) -> Iterator[str]:
    if source.source == "release" and release is not None:
        yield release.version
    elif source.source == "label":
        for found in playing(cluster, component, source.role):
            yield str(found.get("metadata", "labels", source.label, default=""))
    elif source.source == "image":
        yield from tags(playing(cluster, component, source.role), source.container)
    elif source.source == "pods":
        yield from tags(pods_of(cluster, playing(cluster, component, source.role)), source.container)
    elif source.source == "nodes":
        yield from (text for _, text in node_texts(cluster, source))


def node_texts(cluster: Cluster, source: VersionSource) -> list[tuple[Object, str]]:
    """The nodes that tell a version at the source's path, with what they tell."""
    told = ((node, str(node.get(*source.path.split("."), default=""))) for node in cluster.of("Node"))
    return [(node, text) for node, text in told if text.startswith(source.prefix)]


def tags(objects: Iterable[Object], container: str) -> Iterator[str]:
    """The image tags of a container in Pods or workloads; an empty name means every container."""
    for found in objects:
        containers = template_spec(found).get("containers") or found.get("spec", "containers")
        for one in containers if isinstance(containers, list) else []:
            if container in ("", one.get("name")):
                yield Image.parse(str(one.get("image", ""))).tag
