"""The version of Kubernetes against what the target says it was tested on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Evidence, Subject
from ..versions import Range, Version
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Row:
    """Targets in `to` were tested on Kubernetes from `first` to `last`, both minors included."""

    to: Range
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Params:
    """The first of the `rows` that fits the target counts. Its cases are `older` and `newer`."""

    rows: tuple[Row, ...]


FACTS: Mapping[str, str] = {
    "server": "the version of the API server, or of the newest kubelet where that was not collected",
    "first": "the first Kubernetes minor that the target was tested on",
    "last": "the last one",
    "line": "the target's minor",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"server", "Node"})


def run(params: Params, given: Given) -> Looking:
    to = given.upgrade.to
    row = next((row for row in params.rows if to is not None and to in row.to), None)
    if row is None or to is None:
        return
    told = given.cluster.server_or_kubelet
    server = Version.read(told)
    if server is None:
        yield Unseen("Kubernetes version", "not in the input", "kubectl version -o json")
        return
    older, newer = server.line < Version.parse(row.first).line, server.line > Version.parse(row.last).line
    if older or newer:
        facts = {"server": str(server), "first": row.first, "last": row.last, "line": f"{to.major}.{to.minor}"}
        evidence = (Evidence(f"Kubernetes {told}"),)
        yield Sighting(
            Subject("server", str(server)), facts, evidence, sure="computed", case="older" if older else "newer"
        )
