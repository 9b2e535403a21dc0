"""What is wrong only between certain versions: patches to avoid or to pass through, words that one target refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..model import Evidence, Subject
from ..versions import Range
from . import object as objects
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Row:
    """Upgrades from `from` to `to`, any where one is left out, in which one of `look` sees something; without `look`
    the versions alone decide. Each entry of `look` takes what the check `object` takes. `case` picks the case of
    the rule, `text` says what happens, `instead` what to do. `source` is where the fact is written."""

    look: tuple[objects.Params, ...] = ()
    from_: Range | None = None
    to: Range | None = None
    case: str = ""
    text: str = ""
    instead: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """Each of the `rows` that fits the upgrade and sees something is one finding, whatever it sees of it."""

    rows: tuple[Row, ...]


FACTS: Mapping[str, str] = {
    "text": "what the row says of it",
    "instead": "what the row says to do, empty where nothing",
    "name": "the name of the first object",
    "names": "the names of all that were seen",
    "count": "how many were seen",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset(kind for row in params.rows for look in row.look for kind in objects.reads(look))


def run(params: Params, given: Given) -> Looking:
    unseen: dict[Unseen, None] = {}
    for row in params.rows:
        if not _concerned(row, given):
            continue
        seen: list[Sighting] = []
        for look in row.look:
            for one in objects.run(look, given):
                if isinstance(one, Sighting):
                    seen.append(one)
                else:
                    unseen[one] = None
        if seen or not row.look:
            yield _sighting(row, seen, given)
    yield from unseen


def _concerned(row: Row, given: Given) -> bool:
    upgrade = given.upgrade
    if row.to is not None and (upgrade.to is None or upgrade.to not in row.to):
        return False
    return row.from_ is None or any(version in row.from_ for version in upgrade.start)


def _sighting(row: Row, seen: list[Sighting], given: Given) -> Sighting:
    names = list(dict.fromkeys(str(one.facts.get("name") or one.subject.name) for one in seen))
    facts = {
        "text": row.text,
        "instead": row.instead,
        "name": names[0] if names else "",
        "names": names,
        "count": len(names),
    }
    evidence = tuple(dict.fromkeys(e for one in seen for e in one.evidence)) or tuple(_versions(given))
    subject = Subject(seen[0].subject.kind, ",".join(names), seen[0].subject.namespace) if seen else _route(given)
    found = tuple(o for one in seen for o in one.objects)
    return Sighting(subject, facts, evidence, found, seen[0].sure if seen else "computed", row.case)


def _route(given: Given) -> Subject:
    start = ", ".join(str(version) for version in given.upgrade.start)
    return Subject("route", f"{start} to {given.upgrade.to}")


def _versions(given: Given) -> Iterator[Evidence]:
    for version in given.upgrade.start:
        yield Evidence(f"{given.component.title} {version} runs")
    yield Evidence(f"target {given.upgrade.to}")
