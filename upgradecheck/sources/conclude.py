"""Makes the one cluster of everything that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..cluster import Cluster, Coverage, Log
from ..coverage import Collected, Known
from ..model import Object, Problem, Release
from .evidence import prove
from .gather import Gathering
from .layouts import Pods, whose
from .logs import log_of
from .pieces import Piece
from .records import RecordError, record_of
from .releases import Releases
from .sniff import USE_INSTEAD, What
from .stamps import as_time
from .sysdump import paired

_Build = Callable[[], Any]


def conclude(taken: Gathering, releases: Releases, collected: Collected) -> Cluster:
    """The cluster of what was taken. What shows only now to be of no use lands in its problems and skipped files."""
    _leave_out_charts(taken)
    every = [found for reading in taken.readings for found in reading.objects]
    known = _known(taken, every, collected)
    found = _releases(taken, releases)
    versions = sorted((v for r in taken.readings for v in r.versions), key=lambda v: v[0])
    return Cluster(
        every,
        known=known,
        releases=found,
        releases_coverage=_releases_coverage(taken, found, known),
        logs=[*(log for r in taken.readings for log in r.logs), *_logs(taken, every)],
        server=next((told.server for _, told in versions if told.server), ""),
        tools={name: version for _, told in reversed(versions) for name, version in told.tools.items()},
        newest=as_time(max((r.newest for r in taken.readings), default=b"")),
    )


def _leave_out_charts(taken: Gathering) -> None:
    """Files below a folder that holds a Chart.yaml are a chart's, not a cluster's."""
    charts = {parts[:-1] for parts in taken.seen if parts[-1:] == ("Chart.yaml",)}

    def inside(piece: Piece) -> bool:
        return any(piece.parts[:end] in charts for end in range(len(piece.parts)))

    for reading in [r for r in taken.readings if charts and inside(r.piece)]:
        taken.readings.remove(reading)
        gone = {id(problem) for problem in reading.problems}
        taken.problems = [p for p in taken.problems if id(p) not in gone]
        taken.skip(reading.piece, "part of a Helm chart: name it with --target-chart")


def _known(taken: Gathering, every: list[Object], collected: Collected) -> Known:
    present: dict[str, set[str]] = {}
    for found in every:
        present.setdefault(found.group_kind, set()).add(found.namespace)
    namespaces = {o.name for o in every if o.group_kind == "Namespace"}
    return prove([one for r in taken.readings for one in r.lists], taken.seen, present, namespaces, collected)


def _releases(taken: Gathering, releases: Releases) -> tuple[Release, ...]:
    for reading in taken.readings:
        releases.told += reading.releases
        releases.rendered += reading.rendered
    values = [(r.piece.parts, one) for r in taken.readings for one in r.values]
    releases.told += paired(values, [(r.piece.parts, one) for r in taken.readings for one in r.releases])
    copies: dict[tuple[str, str, str], list[tuple[Object, _Build]]] = {}
    for found, build in (r for reading in taken.readings for r in reading.records):
        copies.setdefault(found.key, []).append((found, build))
    for same in copies.values():
        _record(taken, releases, same)
    every = releases.all()
    taken.problems += releases.problems
    taken.skipped += releases.skipped
    return every


def _record(taken: Gathering, releases: Releases, same: list[tuple[Object, _Build]]) -> None:
    """Decodes the newest copy of one record."""
    chosen = Cluster(found for found, _ in same).of(same[0][0].group_kind)[0]
    whole = next(build for found, build in same if found is chosen)
    try:
        releases.records.append(record_of(chosen, whole, taken.limits))
    except RecordError as error:
        taken.problems.append(Problem(chosen.origin, f"{chosen.kind} {chosen.name}: {error}"))


def _releases_coverage(taken: Gathering, releases: tuple[Release, ...], known: Known) -> Coverage:
    """Complete where every Secret was collected with its data, or a list of releases spans namespaces."""
    if known.collected.has("release") or known.collected.has("helm"):
        return Coverage.COMPLETE
    records = known.complete("Secret", None) and not any(r.values is None for r in releases)
    listed = {r.namespace for reading in taken.readings if reading.listed_releases for r in reading.releases}
    if records or len(listed) > 1:
        return Coverage.COMPLETE
    told = releases or any(r.listed_releases for r in taken.readings)
    return Coverage.PARTIAL if told else Coverage.UNKNOWN


def _logs(taken: Gathering, every: list[Object]) -> Iterator[Log]:
    """The logs whose Pod is certain, now that every Pod is known; the others are refused."""
    spaces: dict[str, set[str]] = {}
    for pod in (o for o in every if o.group_kind == "Pod"):
        spaces.setdefault(pod.name, set()).add(pod.namespace)
    for piece, read, what in taken.unnamed_logs:
        found = whose(piece.parts, Pods(spaces))
        if found is not None:
            yield log_of(found, piece.origin, read)
        elif what is What.OTHER and piece.suffix == "log":
            taken.refuse(piece, "a log, but it is not clear of which Pod", "NAMESPACE/POD_CONTAINER.log and its Pods")
        else:
            taken.refuse(piece, what.value, USE_INSTEAD[what])
