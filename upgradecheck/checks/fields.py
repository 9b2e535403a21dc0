"""Custom resources that use what the target removed, refuses or reads as something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..conditions import PathExpr, Where
from ..model import Evidence, Object, Path, Subject
from ..versions import Range
from . import object as objects
from .defaults import first_inside
from .given import Given, Looking, Sighting, Unseen
from .roles import candidates

SHOWN = 3
"""As many objects are shown as evidence."""


@dataclass(frozen=True, slots=True)
class Row:
    """Objects of `kinds`, called `noun`, that targets in `gone` treat otherwise. An object counts where one of `fields`
    is there, below any of `under` where that is given, and `value` holds of what stands there; and where `where` holds
    of the whole object. Without `fields`, `where` alone decides, and without both its mere presence. `when` is as in
    the check `object`.

    `what` says what such objects do, beginning with a verb in the plural; `one` the same in the singular. `effect` is
    what happens to them, `instead` what to do. `weight` picks the case. `source` is where the fact is written.
    """

    kinds: tuple[str, ...]
    gone: Range
    what: str
    one: str
    effect: str
    noun: str = ""
    under: tuple[PathExpr, ...] = ()
    fields: tuple[PathExpr, ...] = ()
    value: Where | None = None
    where: Where | None = None
    when: tuple[objects.When, ...] = ()
    instead: str = ""
    weight: Literal["error", "warning", "info"] = "error"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """Each of the `rows` that fits the target, and not already every version that runs, is one finding about all
    objects that it sees; with `always` also where it was so before the upgrade. The cases are `error`, `warning` and
    `info`, by the weight of the row. `collect` is the command that gets the objects where they were not collected;
    rows of weight `info` do not miss them."""

    rows: tuple[Row, ...]
    collect: str = ""
    always: bool = False


FACTS: Mapping[str, str] = {
    "count": "how many objects use it",
    "total": "how many objects of these kinds there are",
    "of": "the same as words: `3 of 214 policies use Kafka rules`",
    "effect": "what happens to them",
    "instead": "what to do instead, empty where the row says nothing",
    "names": "the names of the objects, with their namespaces",
    "kinds": "the kinds of these objects",
    "resources": "the same as kubectl takes them",
    "since": "the first version that does so",
    "name": "the name of the first one",
    "field": "where in the first one it stands",
    "objects": "the objects as entries, for `each`",
}
EACH: Mapping[str, str] = {
    "kind": "the kind with its group, as kubectl takes it",
    "name": "the object's name",
    "namespace": "its namespace, empty where it has none",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset(kind for row in params.rows for look in _looks(row, params) for kind in objects.reads(look))


def run(params: Params, given: Given) -> Looking:
    unseen: dict[Unseen, None] = {}
    for row in params.rows:
        if not _concerned(row, params, given):
            continue
        found: list[tuple[Object, Path]] = []
        for one in (one for look in _looks(row, params) for one in objects.run(look, given)):
            if isinstance(one, Sighting):
                found += [(o, path) for o in one.objects for path in _using(row, o, given)]
            elif row.weight != "info":
                unseen[one] = None
        if found:
            yield _sighting(row, found, given)
    yield from unseen


def _looks(row: Row, params: Params) -> tuple[objects.Params, ...]:
    return tuple(objects.Params(kind, row.where, row.when, collect=params.collect) for kind in row.kinds)


def _concerned(row: Row, params: Params, given: Given) -> bool:
    """What was so before this upgrade is not its doing."""
    to, start = given.upgrade.to, given.upgrade.start
    before = bool(start) and all(version in row.gone for version in start)
    return to is not None and to in row.gone and (params.always or not before)


def _every(row: Row, given: Given) -> Iterator[Object]:
    for kind in row.kinds:
        yield from candidates(given.cluster, given.component, kind, given.upgrade)


def _using(row: Row, found: Object, given: Given) -> Iterator[Path]:
    """The first path at which an object uses it, none where it does not."""
    refs = {**given.refs, "$": found.data}
    if not row.fields:
        yield row.where.judge(found.data, refs).path if row.where is not None else ()
        return
    for base, inside in _below(row, found):
        for field in row.fields:
            for path, value in field.find(inside):
                if row.value is None or row.value.judge({"value": value}, refs).truth is True:
                    yield base + path
                    return


def _below(row: Row, found: Object) -> Iterator[tuple[Path, object]]:
    if not row.under:
        yield (), found.data
    for above in row.under:
        yield from above.find(found.data)


def _sighting(row: Row, found: list[tuple[Object, Path]], given: Given) -> Sighting:
    using = tuple(o for o, _ in found)
    total = sum(1 for _ in _every(row, given))
    first, path = found[0]
    noun = row.noun or ("object" if total == 1 else "objects")
    names = [f"{o.namespace}/{o.name}" if o.namespace else o.name for o in using]
    facts = {
        "count": len(found),
        "total": total,
        "of": f"{len(found)} of {total} {noun} {row.one if len(found) == 1 else row.what}",
        "effect": row.effect,
        "instead": row.instead,
        "names": names,
        "kinds": list(dict.fromkeys(o.kind for o in using)),
        "resources": list(dict.fromkeys(o.group_kind.lower() for o in using)),
        "since": first_inside(given, row.gone),
        "name": first.name,
        "field": ".".join(str(step) for step in path),
        "objects": [{"kind": o.group_kind.lower(), "name": o.name, "namespace": o.namespace} for o in using],
    }
    evidence = tuple(Evidence(_shown(o, path), o.at(*path)) for o, path in found[:SHOWN])
    subject = Subject(first.group_kind, ",".join(names), "")
    return Sighting(subject, facts, evidence, using, "observed", row.weight)


def _shown(found: Object, path: Path) -> str:
    return ".".join(str(step) for step in path) if path else f"{found.kind} {found.name}"
