"""What every check is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..cluster import Cluster
from ..model import Component, Evidence, Object, Release, Rule, Subject, Sureness, Upgrade

BASE_FACTS: Mapping[str, str] = {
    "component": "the component's name",
    "title": "the component as people write it",
    "from": "the version that runs now, or several joined by a comma",
    "to": "the target version, `unknown` where none is known",
    "target": "the target version, empty where none is known, for `only`",
    "release": "the Helm release of the upgrade",
    "helm_release": "the Helm release of the upgrade, empty where there is none, for `only`",
    "revision": "the revision of the release that runs now, empty where unknown",
    "namespace": "the namespace of the upgrade, or of the subject where it has one",
    "next": "the version of the next step: the first of the route, or the target",
    "route": "the versions to pass through, the target last; empty where one step will do",
    "chart": "the chart as the person's command names it, or as the component's own repository does",
    "command": "the person's own command as typed",
    "tool": "the tool of the command, `helm` where none was given",
    "doing": "the tool with its sub-command, such as `osm mesh upgrade`",
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing that a check saw, before the rule's words are put to it.

    `facts` fill the rule's texts; `case` picks one of the rule's cases; `when_unknown` is not for here: a
    check that cannot see yields `Unseen`.
    """

    subject: Subject
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    objects: tuple[Object, ...] = ()
    sure: Sureness = "observed"
    case: str = ""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A check could not look: what was missing, why, and the command that collects it."""

    what: str
    why: str
    collect: str = ""


Looking = Iterator[Sighting | Unseen]


@dataclass(frozen=True, slots=True)
class Given:
    """The cluster, the one upgrade, and the component whose rule is judged."""

    cluster: Cluster
    upgrade: Upgrade
    component: Component
    rule: Rule
    after: Callable[[], Cluster]
    refs: Mapping[str, Any]

    @property
    def release(self) -> Release | None:
        return self.upgrade.release
