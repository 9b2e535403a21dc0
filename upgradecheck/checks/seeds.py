"""Values that only seed an object at installation: where it is there already, the upgrade leaves it as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..cluster import Coverage
from ..model import Evidence, Object, Path, Subject, Values, dotted
from ..model.redact import redact
from ..tables import split_key
from .defaults import ABSENT, target_defaults
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Row:
    """A values key, or all keys below it, and the `path` in the object that it seeds. `also` says what else the
    key does, which an upgrade does apply. `only_if` is a key that has to be true for it to count at all.
    `source` is where the fact is written."""

    key: str
    path: str
    also: str = ""
    only_if: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`kind` and `name` are the object in the namespace of the upgrade, `rows` the keys that seed it; of several that
    fit a key the longest counts. Keys in `besides` seed nothing. `collect` is the command that gets the object."""

    kind: str
    name: str
    rows: tuple[Row, ...]
    besides: tuple[str, ...] = ()
    collect: str = ""


FACTS: Mapping[str, str] = {
    "name": "the object's name",
    "namespace": "its namespace",
    "keys": "the keys that the command gives and the object does not take",
    "what": "each key with what is given and what stays",
    "also": "what some of the keys do besides, which takes effect",
    "patch": "the merge patch that brings the given values into the object",
    "count": "how many keys there are",
}


@dataclass(frozen=True, slots=True)
class _Lost:
    key: Path
    value: Any
    place: tuple[str, ...]
    live: Any
    row: Row


def reads(params: Params) -> frozenset[str]:
    return frozenset({"values", params.kind})


def run(params: Params, given: Given) -> Looking:
    meant = list(_meant(params, given.upgrade.given))
    counted = [(key, value, row) for key, value, row in meant if not row.only_if or _is_on(row.only_if, given)]
    if not counted:
        return
    space = given.upgrade.namespace
    found = given.cluster.get(params.kind, params.name, space)
    if found is None:
        if given.cluster.coverage(params.kind, space or None) is not Coverage.COMPLETE:
            collect = params.collect or f"kubectl get {params.kind.lower()} -A -o yaml"
            yield Unseen(params.kind, given.cluster.why(params.kind), collect)
        return
    lost = [one for one in _compared(counted, found) if not _same(one.value, one.live)]
    if lost:
        yield _sighting(given, found, lost)


def _meant(params: Params, values: Values) -> Iterator[tuple[Path, Any, Row]]:
    """The given leaves that some row is about."""
    besides = [split_key(key) for key in params.besides]
    rows = sorted(params.rows, key=lambda row: -len(split_key(row.key)))
    for path, value in values.leaves():
        row = next((row for row in rows if path[: len(split_key(row.key))] == split_key(row.key)), None)
        if row is not None and value is not None and not any(path[: len(key)] == key for key in besides):
            yield path, value, row


def _is_on(key: str, given: Given) -> bool:
    """Whether a key is true after the command; it counts as true where nothing tells."""
    path, after, defaults = split_key(key), given.upgrade.after, target_defaults(given)
    if after is not None and after.has(*path):
        return after.get(*path) is True
    default = defaults(path) if defaults is not None else ABSENT
    return default is ABSENT or default is True


def _compared(counted: list[tuple[Path, Any, Row]], found: Object) -> Iterator[_Lost]:
    for key, value, row in counted:
        below = tuple(str(step) for step in key[len(split_key(row.key)) :])
        place = (*row.path.split("."), *below)
        yield _Lost(key, value, place, found.get(*place), row)


def _same(value: Any, live: Any) -> bool:
    """An absent field is as false, empty or zero as a given value that says so."""
    if live is None:
        return not value
    return bool(value == live) and isinstance(value, bool) == isinstance(live, bool)


def _sighting(given: Given, found: Object, lost: list[_Lost]) -> Sighting:
    values = given.upgrade.given
    facts = {
        "name": found.name,
        "namespace": found.namespace,
        "keys": [dotted(one.key) for one in lost],
        "what": [_words(one) for one in lost],
        "also": list(dict.fromkeys(one.row.also for one in lost if one.row.also)),
        "patch": _patch(lost),
        "count": len(lost),
    }
    evidence = [Evidence(dotted(one.key), values.origin(one.key)) for one in lost[:2]]
    evidence += [Evidence(".".join(one.place), found.at(*one.place)) for one in lost[:2] if one.live is not None]
    subject = Subject(found.group_kind, found.name, found.namespace)
    return Sighting(subject, facts, tuple(evidence), (found,), sure="computed")


def _words(one: _Lost) -> str:
    shown = _short(redact(one.place, one.live))
    stays = f"stays {shown}" if one.live is not None else "stays unset"
    return f"{'.'.join(one.place)} {stays}"


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, Mapping)):
        return "as it is" if value else "empty"
    return str(value) if value != "" else "empty"


def _patch(lost: list[_Lost]) -> dict[str, Any]:
    """All given values as one merge patch; a secret is left for the person to fill in."""
    patch: dict[str, Any] = {}
    for one in lost:
        below = patch
        for step in one.place[:-1]:
            below = below.setdefault(step, {})
        hidden = redact(one.place, one.value) != one.value
        below[one.place[-1]] = f"<{one.place[-1]}>" if hidden else one.value
    return patch
