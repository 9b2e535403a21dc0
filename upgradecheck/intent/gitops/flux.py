"""Flux: every HelmRelease among the manifests, with the chart, the version and the values that it asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...model import Gap, Object, Origin, Problem, Values, group_kind
from ...model.declared import CrdPolicy, Declared
from .charts import chart_in, last_part
from .flux_values import Layered, chart_files, merged
from .manifests import Manifests
from .tree import folder_of

RELEASE = "HelmRelease.helm.toolkit.fluxcd.io"
_SOURCE = "source.toolkit.fluxcd.io"
_POLICIES: Mapping[str, CrdPolicy] = {"Skip": "never", "Create": "create", "CreateReplace": "replace"}
_FLAGS = {
    "force": "--force",
    "cleanupOnFail": "--cleanup-on-fail",
    "disableHooks": "--no-hooks",
    "disableSchemaValidation": "--skip-schema-validation",
    "disableOpenAPIValidation": "--disable-openapi-validation",
}
"""Fields of spec.upgrade and the flag of helm that does the same."""
_NAME_LIMIT = 53


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chart of a release: its name, its version and where that is written, and where it comes from."""

    name: str
    version: str
    path: str
    origin: Origin
    repository: str = ""
    values: Values = field(default_factory=Values)


def flux_releases(read: Manifests) -> Iterator[Declared | Gap | Problem]:
    """Every release; what cannot be worked out is a gap, and what is written wrongly a problem."""
    every = list(read.of(RELEASE))
    whole = [found for found in every if _whole(found)]
    patches = [found for found in every if not _whole(found)]
    patched = set()
    for patch in patches:
        under = [found for found in whole if found.name == patch.name and found.namespace in ("", patch.namespace)]
        if len(under) == 1 and under[0].origin.file != patch.origin.file:
            patched.add(id(under[0]))
            yield from _release(read, Layered((under[0], patch)))
        else:
            yield _unbuilt(patch)
    for found in whole:
        if id(found) not in patched:
            yield from _release(read, Layered((found,)))


def _whole(found: Object) -> bool:
    return any(found.get("spec", key) is not None for key in ("chartRef",)) or bool(
        found.get("spec", "chart", "spec", "chart")
    )


def _unbuilt(patch: Object) -> Gap:
    folder = folder_of(patch.origin.file) or "."
    return Gap(
        f"HelmRelease {patch.name} ({patch.origin})",
        "a patch, and what it patches is not among the manifests or there more than once",
        f"kubectl kustomize {folder} > built.yaml",
    )


def _release(read: Manifests, found: Layered) -> Iterator[Declared | Gap | Problem]:
    namespace = next((n for o in reversed(found.objects) if (n := read.namespace(o))), "default")
    chart = _chart(read, found, namespace)
    if chart is None:
        yield Gap(f"HelmRelease {found.top.name} ({found.top.origin})", "its chart is not among the manifests")
        return
    values, missing, problems = merged(read, found, namespace, chart.values)
    yield from problems
    spec = ("spec", "upgrade")
    policy = found.get(*spec, "crds")
    target = found.text("spec", "targetNamespace") or namespace
    yield Declared(
        carrier="Flux",
        kind="HelmRelease",
        name=found.top.name,
        namespace=namespace,
        release=_release_name(found),
        target=target,
        storage=found.text("spec", "storageNamespace") or namespace,
        chart=chart.name,
        version=chart.version,
        repository=chart.repository,
        values=values,
        crds=_POLICIES.get(policy, "never") if isinstance(policy, str) else "never",
        reuse=found.get(*spec, "preserveValues") is True,
        flags=tuple(flag for key, flag in _FLAGS.items() if found.get(*spec, key) is True),
        missing=tuple(missing),
        fields=(
            ("version", chart.path, chart.origin),
            ("values", "spec.values", found.at("spec", "values")),
            ("reuse", "spec.upgrade.preserveValues", found.at("spec", "upgrade", "preserveValues")),
            ("crds", "spec.upgrade.crds", found.at("spec", "upgrade")),
            ("upgrade", "spec.upgrade", found.at("spec", "upgrade")),
        ),
        files=frozenset({*(o.origin.file for o in found.objects), *(o.file for o in values.origins.values())}),
        origin=found.top.origin,
    )


def _release_name(found: Layered) -> str:
    """As Flux makes it: the release's own name, or [target namespace-]name, shortened where it is too long."""
    told = found.text("spec", "releaseName")
    target = found.text("spec", "targetNamespace")
    name = told or (f"{target}-{found.top.name}" if target else found.top.name)
    if len(name) <= _NAME_LIMIT:
        return name
    return f"{name[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _chart(read: Manifests, found: Layered, namespace: str) -> Chosen | None:
    reference = found.get("spec", "chartRef")
    if isinstance(reference, Mapping):
        return _referenced(read, reference, namespace)
    name = found.text("spec", "chart", "spec", "chart")
    return _described(read, found, ("spec", "chart", "spec"), name, namespace)


def _referenced(read: Manifests, reference: Mapping[str, Any], namespace: str) -> Chosen | None:
    kind, name = str(reference.get("kind")), str(reference.get("name"))
    place = str(reference.get("namespace") or namespace)
    source = read.named(group_kind(f"{_SOURCE}/v1", kind), name, place)
    if source is None:
        return None
    if kind == "HelmChart":
        layer = Layered((source,))
        return _described(read, layer, ("spec",), layer.text("spec", "chart"), place)
    url = str(source.get("spec", "url", default=""))
    key = next((k for k in ("digest", "semver", "tag") if source.get("spec", "ref", k)), "tag")
    # A digest or a range says no version; a tag is one.
    version = str(source.get("spec", "ref", key, default="latest")) if key != "digest" else "digest"
    return Chosen(last_part(url), version, f"spec.ref.{key}", source.at("spec", "ref", key), url.rpartition("/")[0])


def _described(read: Manifests, found: Layered, path: tuple[str, ...], name: str, namespace: str) -> Chosen | None:
    """A chart by name, version and the repository that it comes from; one in a folder says its version itself."""
    kind = found.text(*path, "sourceRef", "kind")
    dotted = ".".join((*path, "version"))
    version, place = found.text(*path, "version") or "*", found.at(*path, "version")
    if kind not in ("", "HelmRepository"):
        local = chart_in(read.tree, name)
        if local is None:
            return Chosen(last_part(name), "", dotted, place) if last_part(name) else None
        return Chosen(local.name, local.version, "version", local.origin, values=chart_files(read, found, path, name))
    source = read.named(
        f"HelmRepository.{_SOURCE}",
        found.text(*path, "sourceRef", "name"),
        found.text(*path, "sourceRef", "namespace") or namespace,
    )
    url = str(source.get("spec", "url", default="")) if source is not None else ""
    return Chosen(name, version, dotted, place, url) if name else None
