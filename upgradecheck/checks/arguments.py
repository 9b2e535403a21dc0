"""Arguments of programs, and settings in maps, that the target no longer has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..cluster import Coverage
from ..conditions import PathExpr
from ..model import Evidence, Object, Origin, Path, Subject
from ..tables import split_key
from ..versions import Range
from .collecting import NO_VALUES
from .defaults import first_inside
from .given import Given, Looking, Sighting, Unseen
from .roles import candidates, kind_of, template_spec


@dataclass(frozen=True, slots=True)
class Row:
    """One argument of the program `of`, by its long name without dashes, that targets in `gone` do not have.
    `instead` is what to write, `effect` what happens without it. `source` is where the fact is written."""

    name: str
    gone: Range
    of: str = ""
    instead: str = ""
    effect: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where arguments of the program `of` are given: a `values` key with a list of them or a map of settings; the
    `container` of what plays `role`, looked at only where no values tell what it will be given; a map of settings
    at `path` in objects of `kind`."""

    of: str = ""
    values: str = ""
    role: str = ""
    container: str = ""
    kind: str = ""
    path: PathExpr | None = None


@dataclass(frozen=True, slots=True)
class Params:
    """`rows` are the arguments that are gone, `places` where they may be given. The case is `matters` where a row
    with an effect is among those found."""

    rows: tuple[Row, ...]
    places: tuple[Place, ...]


FACTS: Mapping[str, str] = {
    "names": "the arguments that are gone",
    "what": "each with the version that dropped it, what to write instead, and what happens without it",
    "where": "what gives them: a values key, or an object",
    "count": "how many there are",
}


@dataclass(frozen=True, slots=True)
class _Given:
    """One argument as given, and where."""

    name: str
    origin: Origin


def reads(params: Params) -> frozenset[str]:
    looked = {name for place in params.places for name in (place.role, place.kind) if name}
    return frozenset({"values", "release", *looked})


def run(params: Params, given: Given) -> Looking:
    if given.upgrade.to is None:
        return
    for place in params.places:
        rows = [row for row in params.rows if row.of == place.of and _new(row, given)]
        if rows:
            yield from _at(place, {row.name: row for row in rows}, given)


def _new(row: Row, given: Given) -> bool:
    """Gone in the target, and not in what runs now: what is dead already changes nothing."""
    upgrade = given.upgrade
    dead = bool(upgrade.start) and all(version in row.gone for version in upgrade.start)
    return upgrade.to is not None and upgrade.to in row.gone and not dead


def _at(place: Place, rows: Mapping[str, Row], given: Given) -> Looking:
    if place.values:
        yield from _in_values(split_key(place.values), place.values, rows, given)
    elif not place.role or given.upgrade.after is None:
        yield from _in_objects(place, rows, given)


def _in_values(path: Path, key: str, rows: Mapping[str, Row], given: Given) -> Looking:
    values = given.upgrade.after
    if values is not None:
        found = _names(values.get(*path), lambda step: values.origin((*path, step)))
        yield from _sighting(found, rows, given, Subject("values", key), "computed")
    elif given.upgrade.release is not None:
        yield NO_VALUES


def _in_objects(place: Place, rows: Mapping[str, Row], given: Given) -> Looking:
    looked = place.role or place.kind
    kind, found = kind_of(given.component, looked), candidates(given.cluster, given.component, looked, given.upgrade)
    if not found and given.cluster.coverage(kind) is not Coverage.COMPLETE:
        yield Unseen(kind, given.cluster.why(kind), f"kubectl get {kind.lower()} -A -o yaml")
    for one in found:
        subject = Subject(one.group_kind, one.name, one.namespace)
        yield from _sighting(_in_object(place, one), rows, given, subject, "observed", (one,))


def _in_object(place: Place, one: Object) -> Iterator[_Given]:
    if place.path is not None:
        for path, found in place.path.find(one.data):
            yield from _names(found, lambda step, at=path: one.at(*at, step))
        return
    containers = template_spec(one).get("containers")
    for index, container in enumerate(containers if isinstance(containers, list) else []):
        if container.get("name") == place.container:
            at: Path = ("spec", "template", "spec", "containers", index, "args")
            yield from _names(container.get("args"), lambda step, at=at: one.at(*at, step))


def _names(found: Any, origin: Any) -> Iterator[_Given]:
    """The names in a list of arguments (`--a=b`, `--a`, `-a`) or a map of settings."""
    if isinstance(found, Mapping):
        for key in found:
            yield _Given(str(key), origin(key))
    for index, text in enumerate(found if isinstance(found, list) else []):
        if isinstance(text, str) and text.startswith("-"):
            yield _Given(text.lstrip("-").partition("=")[0], origin(index))


def _sighting(
    found: Iterator[_Given],
    rows: Mapping[str, Row],
    given: Given,
    subject: Subject,
    sure: Any,
    objects: tuple[Object, ...] = (),
) -> Iterator[Sighting]:
    hits = [(rows[one.name], one) for one in found if one.name in rows]
    if not hits:
        return
    names = list(dict.fromkeys(row.name for row, _ in hits))
    facts = {
        "names": names,
        "what": "; ".join(dict.fromkeys(_said(row, given) for row, _ in hits)),
        "where": " ".join([*(one.kind for one in objects), subject.name]),
        "count": len(names),
    }
    evidence = tuple(Evidence(one.name, one.origin) for _, one in hits)
    case = "matters" if any(row.effect for row, _ in hits) else ""
    yield Sighting(subject, facts, evidence, objects, sure, case)


def _said(row: Row, given: Given) -> str:
    instead = f"; write {row.instead}" if row.instead else ""
    effect = f": {row.effect}" if row.effect else ""
    return f"{row.name} (gone in {first_inside(given, row.gone)}{instead}){effect}"
