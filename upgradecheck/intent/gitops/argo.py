"""Argo CD: every Application among the manifests that installs a chart. Argo CD renders with `helm template` and
applies the result, so there is no Helm release, and CRDs of the chart are applied with the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import InputError
from ...model import Gap, Object, Origin, Problem, Values
from ...model.declared import Declared
from ..set_parser import SetKind
from .charts import chart_in, last_part, own_values, parts
from .layers import inline, over, setting, text_values
from .manifests import Data, Manifests
from .tree import joined, matching

APPLICATION = "Application.argoproj.io"
APPLICATION_SET = "ApplicationSet.argoproj.io"
_Step = tuple[str | int, ...]


@dataclass(slots=True)
class _Values:
    """The values of one source in the making."""

    values: Values = field(default_factory=Values)
    missing: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def lay(self, data: Data) -> None:
        try:
            self.values = over(self.values, text_values(data))
        except InputError as error:
            self.problems.append(Problem(data.origin, error.text, error.expected))

    def set(self, key: str, text: str, origin: Origin, kind: SetKind) -> None:
        try:
            self.values = setting(self.values, key, text, origin, kind)
        except InputError as error:
            self.problems.append(Problem(origin, error.text, error.expected))


def argo_releases(read: Manifests) -> Iterator[Declared | Gap | Problem]:
    """Every chart that an Application installs, one for each of its sources."""
    for found in read.of(APPLICATION):
        for path in _sources(found):
            yield from _release(read, found, path)
    for found in read.of(APPLICATION_SET):
        yield Gap(
            f"ApplicationSet {found.name} ({found.origin})", "the Applications that it generates are not worked out"
        )


def folders_used(read: Manifests) -> frozenset[str]:
    """The folders with charts that Applications install themselves."""
    told = (found.get(*path, "path") for found in read.of(APPLICATION) for path in _sources(found))
    return frozenset(joined("", text) for text in told if isinstance(text, str))


def _sources(found: Object) -> list[_Step]:
    several = found.get("spec", "sources")
    if isinstance(several, list) and several:
        return [("spec", "sources", index) for index, one in enumerate(several) if isinstance(one, Mapping)]
    return [("spec", "source")] if isinstance(found.get("spec", "source"), Mapping) else []


def _release(read: Manifests, found: Object, path: _Step) -> Iterator[Declared | Gap | Problem]:
    chart, url = _text(found, *path, "chart"), _text(found, *path, "repoURL")
    folder = _text(found, *path, "path")
    local = chart_in(read.tree, folder) if folder and not chart else None
    if not chart and url.startswith("oci://"):
        chart, url = last_part(url), url.rpartition("/")[0]
    if not chart and local is None:
        return
    made = _values(read, found, path, joined("", folder) if local is not None else None)
    yield from made.problems
    helm = (*path, "helm")
    held = next(
        (k for k in ("valuesObject", "values", "parameters") if found.get(*helm, k) is not None), "valuesObject"
    )
    target = _text(found, *helm, "namespace") or _text(found, "spec", "destination", "namespace")
    dotted = _dotted(path)
    whole = Declared(
        carrier="Argo CD",
        kind="Application",
        name=found.name,
        namespace=read.namespace(found) or "argocd",
        release=_text(found, *helm, "releaseName") or found.name,
        target=target,
        chart=chart or (local.name if local else ""),
        version=_text(found, *path, "targetRevision") if local is None else local.version,
        repository=url,
        values=made.values,
        crds="never" if found.get(*helm, "skipCrds") is True else "replace",
        missing=tuple(made.missing),
        fields=(
            ("version", f"{dotted}.targetRevision", found.at(*path, "targetRevision")),
            ("values", f"{dotted}.helm.{held}", found.at(*helm, held)),
            ("chart", f"{dotted}.chart", found.at(*path, "chart")),
            ("crds", f"{dotted}.helm.skipCrds", found.at(*helm, "skipCrds")),
        ),
        files=frozenset({found.origin.file, *(o.file for o in made.values.origins.values())}),
        origin=found.at(*path) if path[-1] != "source" else found.origin,
        part="" if path[-1] == "source" else chart,
    )
    if local is not None and local.entries:
        yield from parts(local, made.values, whole)
    else:
        yield whole


def _values(read: Manifests, found: Object, path: _Step, folder: str | None) -> _Values:
    """In Argo CD's order: the chart's own, valueFiles, then valuesObject or else values, fileParameters, parameters."""
    made, helm = _Values(), (*path, "helm")
    if folder is not None:
        made.values, made.problems = own_values(read.tree, folder)
    for data in _files(read, found, path, folder, made):
        made.lay(data)
    whole = inline(found, *helm, "valuesObject")
    text = found.get(*helm, "values")
    if found.get(*helm, "valuesObject") is not None:
        made.values = over(made.values, whole)
    elif isinstance(text, str):
        place = found.at(*helm, "values")
        made.lay(Data(text, place, place.line + 1 if "\n" in text and place.line else 0))
    for at, entry in _entries(found, *helm, "fileParameters"):
        name = _resolved(read, found, path, folder, str(entry.get("path") or ""))
        raw = read.tree.read(name) if name else None
        if raw is None:
            made.missing.append(f"file {entry.get('path')}")
        else:
            made.set(str(entry.get("name") or ""), raw.decode("utf-8", "replace"), at, "set-literal")
    for at, entry in _entries(found, *helm, "parameters"):
        value = entry.get("value")
        words = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        kind: SetKind = "set-string" if entry.get("forceString") is True else "set"
        # Argo CD escapes the commas of a value, so that it stays one value.
        made.set(str(entry.get("name") or ""), _escaped(words), at, kind)
    return made


def _escaped(text: str) -> str:
    return text if text.startswith("{") and text.endswith("}") else text.replace("\\,", ",").replace(",", "\\,")


def _files(read: Manifests, found: Object, path: _Step, folder: str | None, made: _Values) -> Iterator[Data]:
    listed = found.get(*path, "helm", "valueFiles")
    named = [str(one) for one in listed] if isinstance(listed, list) else []
    optional = found.get(*path, "helm", "ignoreMissingValueFiles") is True
    explicit = {_resolved(read, found, path, folder, one) for one in named if not any(c in one for c in "*?[")}
    for one in named:
        name = _resolved(read, found, path, folder, one)
        glob = any(letter in one for letter in "*?[")
        names = [n for n in matching(read.tree, name) if n not in explicit] if glob and name else [name]
        for each in names:
            data = read.tree.read(each) if each else None
            if data is not None:
                yield Data(data.decode("utf-8", "replace"), read.tree.origin(each), 1)
            elif not optional:
                made.missing.append(f"file {one}")


def _resolved(read: Manifests, found: Object, path: _Step, folder: str | None, written: str) -> str:
    """A file of the repository, from its root; "" for one inside a chart that is pulled, or on another machine.

    `$ref/…` is a file of the source that has this ref: of this repository, as far as it is there.
    """
    if written.startswith("$"):
        ref, _, rest = written[1:].partition("/")
        known = [p for p in _sources(found) if found.get(*p, "ref") == ref]
        return joined("", rest) if known and rest else ""
    if "://" in written or folder is None:
        return ""
    return joined(folder, written)


def _entries(found: Object, *path: str | int) -> Iterator[tuple[Origin, Mapping[str, Any]]]:
    listed = found.get(*path)
    for index, entry in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(entry, Mapping):
            yield found.at(*path, index), entry


def _text(found: Object, *path: str | int) -> str:
    value = found.get(*path)
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _dotted(path: _Step) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
