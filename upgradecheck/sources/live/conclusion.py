"""Makes the one cluster of everything that was read live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...cluster import Cluster, Coverage
from ...coverage import EVENTS, Known
from ...model import Object, Origin, Problem, Release, Values
from ..limits import Limits
from ..records import RecordError, record_of
from ..releases import Releases
from .reader import Live
from .refusals import Extent

Named = Sequence[tuple[str, Values, Origin]]


def cluster_of(live: Live, named: Named = ()) -> tuple[Cluster, tuple[Problem, ...]]:
    """The cluster, and what could not be understood. `named` are values of releases that a person gave beside it."""
    releases, problems = _releases(live, named)
    cluster = Cluster(
        _objects(live),
        known=known_of(live.extent),
        releases=releases,
        releases_coverage=coverage_of(live, releases),
        logs=dict.fromkeys(log for logs in live.logs.values() for log in logs),
        server=live.server,
        newest=live.now,
    )
    return cluster, problems


def known_of(extent: Extent) -> Known:
    """Completeness by kind. Events are never complete, since they age out."""
    reasons = {**dict.fromkeys(EVENTS, "events age out"), **extent.reasons}
    return Known(
        frozenset(extent.whole - EVENTS),
        {kind: frozenset(found) for kind, found in extent.spaces.items() if kind not in EVENTS},
        {kind: frozenset(found) for kind, found in extent.denied.items()},
        reasons=reasons,
    )


def _objects(live: Live) -> Iterator[Object]:
    """Every object once: an event fits several selectors, a record is a Secret that may be listed besides."""
    for objects in live.objects.values():
        yield from objects
    yield from {found.key: found for events in live.events.values() for found in events}.values()
    listed = {found.key for kind in ("Secret", "ConfigMap") for found in live.objects.get(kind, ())}
    yield from (found for key, (found, _) in live.records.items() if key not in listed)


def _releases(live: Live, named: Named) -> tuple[tuple[Release, ...], tuple[Problem, ...]]:
    releases = Releases(named=list(named))
    for found, whole in live.records.values():
        try:
            releases.records.append(record_of(found, whole, Limits()))
        except RecordError as error:
            releases.problems.append(Problem(found.origin, f"{found.kind} {found.name}: {error}"))
    every = releases.all()
    return every, tuple(releases.problems)


def coverage_of(live: Live, releases: Sequence[Release]) -> Coverage:
    """Complete where every namespace was asked and nothing was refused."""
    if any(refusal.kind == "release" for refusal in live.extent.refusals):
        return Coverage.PARTIAL if releases else Coverage.DENIED
    if live.access.namespaces:
        return Coverage.PARTIAL
    return Coverage.COMPLETE if live.recorded else Coverage.UNKNOWN
