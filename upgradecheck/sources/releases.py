"""Puts together what records, Helm's output and named values files say about each release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..model import Object, Origin, Problem, Release, Revision, Values, group_kind
from .evidence import NAMESPACED
from .helm_output import from_release
from .manifests import object_of
from .records import Record

Key = tuple[str, str]
"""Namespace and name of a release."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What `helm get manifest` or `helm template` printed: of which chart, and its objects."""

    chart: str
    versions: frozenset[str]
    objects: tuple[Object, ...]
    origin: Origin
    named: bool = False


@dataclass(slots=True)
class Releases:
    """Collects what is said about releases. Records win over anything that Helm printed."""

    records: list[Record] = field(default_factory=list)
    told: list[Release] = field(default_factory=list)
    rendered: list[Rendered] = field(default_factory=list)
    named: list[tuple[str, Values, Origin]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    def all(self) -> tuple[Release, ...]:
        """Every release, at its newest deployed revision."""
        found: dict[Key, Release] = {}
        for key, records in _grouped(self.records).items():
            found[key] = _from_records(records)
        for told in sorted(self.told, key=_richness, reverse=True):
            key = (told.namespace, told.name)
            found[key] = _joined(found[key], told) if key in found else _alone(told)
        self._attach(found)
        for name, values, origin in self.named:
            self._set_values(found, name, values, origin)
        return tuple(found[key] for key in sorted(found))

    def _attach(self, found: dict[Key, Release]) -> None:
        for rendered in sorted(self.rendered, key=lambda r: r.origin):
            fitting = [k for k, r in found.items() if r.chart == rendered.chart and r.manifest is None]
            same = [k for k in fitting if not rendered.versions or found[k].version in rendered.versions]
            if len(same) == 1:
                found[same[0]] = replace(found[same[0]], manifest=rendered.objects)
            elif fitting and not same:
                self._refuse(rendered, f"a Helm manifest of another version of {rendered.chart} than is installed")
            else:
                self._refuse(rendered, f"a Helm manifest of chart {rendered.chart}, but not clear of which release")

    def _refuse(self, rendered: Rendered, why: str) -> None:
        """What Helm rendered is not what runs, so without its release it is of no use."""
        instead = "helm list -o json beside what helm get manifest prints"
        if rendered.named:
            self.problems.append(Problem(rendered.origin, why, instead))
        else:
            self.skipped.append((str(rendered.origin), f"{why}: {instead}"))

    def _set_values(self, found: dict[Key, Release], name: str, values: Values, origin: Origin) -> None:
        space, _, plain = name.rpartition("/")
        fitting = [k for k in found if k[1] == plain and space in ("", k[0])]
        if len(fitting) > 1:
            spaces = ", ".join(k[0] for k in sorted(fitting))
            self.problems.append(Problem(origin, f"release {plain} is in {spaces}", f"NAMESPACE/{plain}=FILE"))
        elif fitting:
            found[fitting[0]] = replace(found[fitting[0]], values=values)
        else:
            found[space, plain] = Release(plain, space, "", "", "unknown", values=values, origin=origin)


def manifest_of(told: str, origin: Origin, namespace: str, *, lined: bool = False) -> tuple[Object, ...]:
    """The objects of a release's manifest. One of Kubernetes' own kinds without a namespace gets the release's.

    `lined`: the text stands in a file with the same line numbers.
    """
    from ..yaml import Broken, chunks

    objects = []
    for chunk in chunks(told.encode(), name=str(origin)):
        if not isinstance(chunk, Broken) and chunk.kind and chunk.api_version and not chunk.is_list:
            own = group_kind(chunk.api_version, chunk.kind) in NAMESPACED
            objects.append(object_of(chunk, origin, namespace if own else "", lined=lined))
    return tuple(objects)


def _grouped(records: Iterable[Record]) -> dict[Key, list[Record]]:
    groups: dict[Key, list[Record]] = {}
    for record in records:
        groups.setdefault((record.namespace, record.name), []).append(record)
    return groups


def _from_records(records: Sequence[Record]) -> Release:
    newest_first = sorted(records, key=lambda r: (-r.revision, r.origin))
    deployed = (r for r in newest_first if r.status == "deployed")
    current = next(deployed, newest_first[0])
    history = tuple(Revision(r.revision, r.status, _version(r), r.origin) for r in newest_first)
    if current.told is None:
        return Release(
            current.name,
            current.namespace,
            "",
            "",
            current.status,
            current.revision,
            history=history,
            origin=current.origin,
        )
    manifest = current.told.get("manifest")
    objects = manifest_of(manifest if isinstance(manifest, str) else "", current.origin, current.namespace)
    release = from_release(current.told, current.origin, objects)
    return replace(release, namespace=current.namespace, status=current.status, history=history)


def _version(record: Record) -> str:
    chart = (record.told or {}).get("chart")
    metadata = chart.get("metadata") if isinstance(chart, Mapping) else None
    version = metadata.get("version") if isinstance(metadata, Mapping) else None
    return version if isinstance(version, str) else ""


def _alone(told: Release) -> Release:
    """A release that only Helm's output names. A status other than deployed says what its newest revision is."""
    if told.history or told.status == "deployed":
        return told
    return replace(told, history=(Revision(told.revision, told.status, told.version, told.origin),))


def _joined(known: Release, told: Release) -> Release:
    """What one more output adds to a release: what was missing, and newer revisions that did not come to pass."""
    same = told.revision == known.revision or not known.revision
    return replace(
        known,
        chart=known.chart or told.chart,
        version=known.version or told.version,
        app_version=known.app_version or told.app_version,
        revision=known.revision or told.revision,
        values=known.values if known.values is not None or not same else told.values,
        manifest=known.manifest if known.manifest is not None or not same else told.manifest,
        defaults=known.defaults if known.defaults is not None or not same else told.defaults,
        applied=known.applied or told.applied,
        history=tuple(_history(known, told)),
    )


def _history(known: Release, told: Release) -> Iterator[Revision]:
    numbers = {r.number: r for r in _alone(told).history}
    numbers |= {r.number: r for r in known.history}
    for number in sorted(numbers, reverse=True):
        yield numbers[number]


def _richness(told: Release) -> tuple[int, Origin]:
    """Which output says more of a release: values and manifest first, then a history, then a bare row."""
    return (4 * (told.values is not None) + 2 * (told.manifest is not None) + bool(told.history), told.origin)
