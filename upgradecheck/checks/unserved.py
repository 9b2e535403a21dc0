"""Objects that the chart renders, or that the release holds, in API versions that this Kubernetes does not serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..model import Evidence, Object, Path, Subject, Values, dotted
from ..tables import split_key
from ..versions import Range, Version
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Row:
    """Charts in `charts` render `kind` in `api` where one of the values `keys` is true; Kubernetes serves it no longer
    from the minor `gone` on. `source` is where the fact is written."""

    kind: str
    api: str
    gone: str
    keys: tuple[str, ...]
    charts: Range
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """The `rows` say which values make the chart render such an object. Cases: `rendered` where the values after the
    command ask for one, `stored` where the manifest of the release holds one already, which Helm reads before it does
    anything (told by the manifest, or by the values of the release)."""

    rows: tuple[Row, ...]


FACTS: Mapping[str, str] = {
    "server": "the version of the API server, or of the newest kubelet where that was not collected",
    "keys": "the values keys that ask for such objects",
    "apis": "the kinds with their API versions",
    "gone": "the first Kubernetes minor without them",
    "words": "what Helm will say",
    "entries": "the keys as entries, for `each`",
}
EACH: Mapping[str, str] = {"key": "the dotted key"}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"server", "Node", "values", "release"})


def run(params: Params, given: Given) -> Looking:
    upgrade = given.upgrade
    after = upgrade.after or upgrade.before
    to = upgrade.to
    rendered = [(r, p) for r in params.rows for p in _asked(r, after) if to is not None and to in r.charts]
    stored = [(row, path, found) for row in params.rows for path, found in _stored(row, given)]
    if not rendered and not stored:
        return
    server = Version.read(given.cluster.server_or_kubelet)
    if server is None:
        yield Unseen("Kubernetes version", "not in the input", "kubectl version -o json")
        return
    rendered = [(row, path) for row, path in rendered if _lacks(server, row)]
    stored = [(row, path, found) for row, path, found in stored if _lacks(server, row)]
    if rendered and after is not None:
        evidence = tuple(Evidence(dotted(path), after.origin(path)) for _, path in rendered)
        yield _sighting("rendered", [row for row, _ in rendered], [p for _, p in rendered], server, evidence)
    if stored:
        evidence = tuple(_evidence(path, found, given) for _, path, found in stored)
        yield _sighting("stored", [row for row, *_ in stored], [p for _, p, _ in stored if p], server, evidence)


def _lacks(server: Version, row: Row) -> bool:
    return server.line >= Version.parse(row.gone).line


def _asked(row: Row, values: Values | None) -> Iterator[Path]:
    """The keys of a row that are true in these values."""
    if values is not None:
        yield from (path for key in row.keys if values.get(*(path := split_key(key))) is True)


def _stored(row: Row, given: Given) -> Iterator[tuple[Path, Object | None]]:
    """What the release holds of a row's kind: by its manifest, or else by its values where its chart is such a one."""
    release = given.release
    if release is None:
        return
    if release.manifest is not None:
        yield from (((), o) for o in release.manifest if (o.kind, o.api_version) == (row.kind, row.api))
        return
    version = Version.read(release.version)
    if version is not None and version in row.charts:
        yield from ((path, None) for path in _asked(row, given.upgrade.before))


def _evidence(path: Path, found: Object | None, given: Given) -> Evidence:
    if found is not None:
        return Evidence(f"manifest of the release: {found.kind} {found.name}", found.origin)
    before = given.upgrade.before
    return Evidence(dotted(path), before.origin(path)) if before is not None else Evidence(dotted(path))


def _sighting(
    case: str, rows: list[Row], paths: list[Path], server: Version, evidence: tuple[Evidence, ...]
) -> Sighting:
    keys = list(dict.fromkeys(dotted(path) for path in paths))
    apis = list(dict.fromkeys(f"{row.api} {row.kind}" for row in rows))
    facts = {
        "server": str(server),
        "keys": keys,
        "apis": apis,
        "gone": rows[0].gone,
        "words": f'no matches for kind "{rows[0].kind}" in version "{rows[0].api}"',
        "entries": [{"key": key} for key in keys],
    }
    return Sighting(Subject("release", f"{case}: {', '.join(apis)}"), facts, evidence, sure="computed", case=case)
