"""Makes the one cluster of everything that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..cluster import Cluster, Coverage, Log
from ..coverage import Collected, Known
from ..model import Object, Problem, Release
from .bundle.joining import Held, held, joined
from .carried import words_of
from .evidence import prove
from .gather import Gathering
from .layouts import Pods, whose
from .logs import log_of
from .pieces import Piece
from .reading import Reading
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
    bundles, wrong = held(((r.piece, r.bundle) for r in taken.readings if r.bundle), taken.places)
    taken.problems += wrong
    taken.refusals += [refusal for one in bundles for refusal in one.manifest.refused]
    taken.clusters += [one.manifest for one in bundles]
    known = joined(_known(taken, every, collected, bundles), bundles)
    found = _releases(taken, releases)
    versions = sorted((v for r in taken.readings for v in r.versions), key=lambda v: v[0])
    return Cluster(
        every,
        known=known,
        releases=found,
        releases_coverage=_releases_coverage(taken, found, known, bundles),
        logs=[*(log for r in taken.readings for log in r.logs), *_logs(taken, every)],
        server=next((told.server for _, told in versions if told.server), ""),
        tools={name: version for _, told in reversed(versions) for name, version in told.tools.items()},
        newest=_newest(taken, bundles),
    )


def _newest(taken: Gathering, bundles: Sequence[Held]) -> datetime | None:
    """The newest stamp; of a bundle the time at which it was collected."""
    stamp = max((r.newest for r in taken.readings if not _inside(r, bundles)), default=b"")
    times = [time for time in (as_time(stamp), *(one.when for one in bundles)) if time is not None]
    return max(times, default=None)


def _inside(reading: Reading, bundles: Sequence[Held]) -> bool:
    return any(one.holds(reading.piece) for one in bundles)


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


def _known(taken: Gathering, every: list[Object], collected: Collected, bundles: Sequence[Held]) -> Known:
    """What the lists prove. Those of a bundle do not: its manifest says what was asked."""
    present: dict[str, set[str]] = {}
    for found in every:
        present.setdefault(found.group_kind, set()).add(found.namespace)
    namespaces = {o.name for o in every if o.group_kind == "Namespace"}
    lists = [one for r in taken.readings if not _inside(r, bundles) for one in r.lists]
    known = prove(lists, taken.seen, present, namespaces, collected)
    return replace(known, words=words_of(taken.seen, collected=bool(bundles)))


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


def _releases_coverage(
    taken: Gathering, releases: tuple[Release, ...], known: Known, bundles: Sequence[Held]
) -> Coverage:
    """Complete where every Secret was collected with its data, or a list of releases spans namespaces. A bundle says
    it itself."""
    told = [one.manifest.releases for one in bundles]
    if known.collected.has("release") or known.collected.has("helm") or Coverage.COMPLETE in told:
        return Coverage.COMPLETE
    if told and told[0] is not Coverage.UNKNOWN:
        return told[0]
    records = known.complete("Secret", None) and not any(r.values is None for r in releases)
    listed = {r.namespace for reading in taken.readings if reading.listed_releases for r in reading.releases}
    if records or len(listed) > 1:
        return Coverage.COMPLETE
    seen = releases or any(r.listed_releases for r in taken.readings)
    return Coverage.PARTIAL if seen else Coverage.UNKNOWN


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
