"""OS resources that are about the same nodes, as they will be after the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upgradecheck.checks.given import Given, Looking, Sighting, Unseen
from upgradecheck.cluster import CRD, Coverage
from upgradecheck.model import Evidence, Object, Subject

OS = "OS.upgrade.openeuler.org"


@dataclass(frozen=True, slots=True)
class Params:
    """No parameters. Cases: `same` where nodeselectors are equal, `loop` where one selects all nodes and another wants
    another version or configuration for some of them, `alone` where the CRD knows no nodeselector."""


FACTS: Mapping[str, str] = {
    "rivals": "the OS resources, as namespace/name; in the case `loop` without the first",
    "count": "how many OS resources there are",
    "selector": "their nodeselector",
    "first": "the one that selects all nodes",
    "first_name": "its name",
    "first_namespace": "its namespace",
    "first_live": "true where it is in the cluster and the command leaves it as it is",
    "first_version": "its osversion",
    "version": "the osversion of the others",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({OS, CRD})


def run(params: Params, given: Given) -> Looking:
    every = given.after().of(OS)
    if len(every) < 2:
        if not given.cluster.of(OS) and given.cluster.coverage(OS) is not Coverage.COMPLETE:
            yield Unseen(OS, given.cluster.why(OS), "kubectl get os -A -o yaml")
        return
    fields = _fields(given)
    if fields is None:
        yield Unseen(CRD, given.cluster.why(CRD), "kubectl get crd -o yaml")
    elif "nodeselector" not in fields:
        yield _sighting(every, every, "alone")
    else:
        yield from _with_selectors(every, given.cluster.of(OS))


def _with_selectors(every: tuple[Object, ...], now: tuple[Object, ...]) -> Looking:
    groups: dict[str, list[Object]] = {}
    for one in every:
        groups.setdefault(_selector(one), []).append(one)
    for group in groups.values():
        if len(group) > 1:
            yield _sighting(every, tuple(group), "same")
    for first in groups.get("all-label", []):
        others = tuple(one for one in every if _selector(one) != "all-label" and _aim(one) != _aim(first))
        if others:
            live = any(one is first for one in now)
            yield _sighting(every, others, "loop", first, live)


def _sighting(
    every: tuple[Object, ...], rivals: tuple[Object, ...], case: str, first: Object | None = None, live: bool = False
) -> Sighting:
    shown = (*([first] if first else []), *rivals)
    facts: dict[str, Any] = {
        "rivals": [_name(one) for one in rivals],
        "count": len(every),
        "selector": _selector(rivals[0]),
        "first": _name(first) if first else "",
        "first_name": first.name if first else "",
        "first_namespace": (first.namespace or "default") if first else "",
        "first_live": live,
        "first_version": first.get("spec", "osversion", default="") if first else "",
        "version": list(dict.fromkeys(str(one.get("spec", "osversion", default="")) for one in rivals)),
    }
    evidence = tuple(Evidence(_name(one), one.at("spec", "nodeselector")) for one in shown[:3])
    return Sighting(Subject(OS, ",".join(_name(one) for one in shown)), facts, evidence, shown, "computed", case)


def _selector(one: Object) -> str:
    found = one.get("spec", "nodeselector")
    return "no-label" if found is None else str(found)


def _aim(one: Object) -> tuple[Any, Any]:
    """What it wants of its nodes."""
    return one.get("spec", "osversion"), one.get("spec", "sysconfigs", "version") or ""


def _name(one: Object) -> str:
    return f"{one.namespace or 'default'}/{one.name}"


def _fields(given: Given) -> Mapping[str, Any] | None:
    """The fields of spec in the CRD, None where it was not collected."""
    crd = next((c for c in given.cluster.of(CRD) if c.name == "os.upgrade.openeuler.org"), None)
    for version in (crd.get("spec", "versions") or []) if crd is not None else []:
        found = version.get("schema", {}).get("openAPIV3Schema", {}).get("properties", {}).get("spec")
        if isinstance(found, Mapping):
            return dict(found.get("properties") or {})
    return None
