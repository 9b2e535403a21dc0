"""Objects, or our own facts, of which a condition holds, beside which others must or must not stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..cluster import Cluster, Coverage
from ..conditions import Judged, PathExpr, Where
from ..facts import Fact, own_facts
from ..model import Evidence, Object, Path, Subject
from ..model.redact import redact
from .collecting import NO_VALUES, TELLS, listing, no_releases
from .given import Given, Looking, Sighting, Unseen
from .roles import candidates, kind_of

Among = Literal["running", "applied", "after"]
_METADATA = frozenset({"metadata"})
MOST = 2
"""As many deciding fields are shown as evidence, the last ones, where conditions name the particular."""


@dataclass(frozen=True, slots=True)
class When:
    """A further fact: objects of `kind` (or a role, or one of our own facts) for which `where` holds. There has
    to be at least one; none at all with `none: true`; at least or at most so many with `least` and `most`."""

    kind: str
    where: Where | None = None
    none: bool = False
    least: int | None = None
    most: int | None = None
    among: Among = "running"


@dataclass(frozen=True, slots=True)
class Params:
    """`kind` is a Kubernetes kind with its group, a role of the component, or in lower case one of our own facts.
    `where` has to hold of it, and every entry of `when` beside it.

    `among` says which population: what is `running`, what is about to be `applied`, or the cluster `after` it.
    `facts` give names to paths in the subject, for messages and remedies. `shows` says in a few words what the
    evidence shows, where the deciding path does not speak for itself. `collect` is the command that gets the
    objects where they were not collected.
    """

    kind: str
    where: Where | None = None
    when: tuple[When, ...] = ()
    among: Among = "running"
    facts: Mapping[str, PathExpr] = field(default_factory=dict)
    collect: str = ""
    shows: str = ""


FACTS: Mapping[str, str] = {
    "kind": "the kind of the object",
    "name": "its name",
    "namespace": "its namespace",
    "file": "the file that it was read from",
    "path": "the path that decided",
    "count": "how many there are, where the rule has `many`",
    "names": "the names of all, where the rule has `many`",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({params.kind, *(when.kind for when in params.when)})


def metadata_only(params: Params) -> frozenset[str]:
    """The kinds of which nothing but metadata decides or is shown. A role is found by more than its metadata."""
    asked: dict[str, list[Where | None]] = {params.kind: [params.where]}
    for when in params.when:
        asked.setdefault(when.kind, []).append(when.where)
    found = {kind for kind, wheres in asked.items() if all(w is None or w.roots <= _METADATA for w in wheres)}
    shown = {path.steps[0] for path in params.facts.values()}
    referred = {root for wheres in asked.values() for where in wheres if where for root in where.refers}
    return frozenset(found if shown <= _METADATA and referred <= _METADATA else found - {params.kind})


def run(params: Params, given: Given) -> Looking:
    for subject, cluster_object in _population(params.kind, params.among, given):
        refs = {**given.refs, "$": subject.data}
        judged = params.where.judge(subject.data, refs) if params.where else Judged(True, ())
        if judged.truth is False:
            continue
        besides = [_holds(when, given, refs) for when in params.when]
        if judged.truth and all(besides):
            yield _sighting(params, subject, cluster_object, judged)
        elif False not in besides:
            yield _unknown(params, given, subject)
    if False not in [_holds(when, given, given.refs) for when in params.when]:
        yield from _not_collected(params, given)


def _population(kind: str, among: Among, given: Given) -> Iterator[tuple[Fact, Object | None]]:
    if kind == "values" and given.upgrade.is_plain:
        return
    if kind[:1].islower() and kind not in given.component.roles:
        yield from ((fact, None) for fact in own_facts(kind, given.cluster, given.upgrade))
        return
    for found in _objects(kind, among, given):
        yield Fact(found.data, found.at), found


def _objects(kind: str, among: Among, given: Given) -> tuple[Object, ...]:
    if among == "applied":
        wanted = kind_of(given.component, kind)
        return tuple(o for o in given.upgrade.applied if o.group_kind == wanted)
    cluster: Cluster = given.after() if among == "after" else given.cluster
    return candidates(cluster, given.component, kind, given.upgrade)


def _holds(when: When, given: Given, refs: Mapping[str, Any]) -> bool | None:
    """Whether the further fact is so; None where it cannot be known."""
    truths = [
        when.where.judge(fact.data, refs).truth if when.where else True
        for fact, _ in _population(when.kind, when.among, given)
    ]
    sure, perhaps = truths.count(True), truths.count(None)
    if not _complete(when.kind, when.among, given):
        perhaps += 1_000_000  # as many as there may be: what was not collected is never absent
    least = 0 if when.none else 1 if when.least is None and when.most is None else when.least or 0
    most = 0 if when.none else when.most
    if sure + perhaps < least or (most is not None and sure > most):
        return False
    if sure >= least and (most is None or sure + perhaps <= most):
        return True
    return None


def _complete(kind: str, among: Among, given: Given) -> bool:
    if kind == "release":
        return given.cluster.releases_coverage is Coverage.COMPLETE
    if among == "applied" or (kind[:1].islower() and kind not in given.component.roles):
        return True
    role = given.component.roles.get(kind)
    namespace = given.upgrade.namespace if role else None
    return given.cluster.coverage(kind_of(given.component, kind), namespace or None) is Coverage.COMPLETE


def _sighting(params: Params, subject: Fact, found: Object | None, judged: Judged) -> Sighting:
    facts: dict[str, Any] = {"path": ".".join(str(step) for step in judged.path)}
    for name, expression in params.facts.items():
        values = [redact(path, value) for path, value in expression.find(subject.data)]
        facts[name] = values[0] if len(values) == 1 else values
    paths = [judged.path] if params.shows else list(dict.fromkeys(judged.paths)) or [()]
    named = 1 if params.kind == "values" else 0  # `before` and `after` are our words, not theirs
    seen = (Evidence(params.shows or _shown(path[named:]), subject.at(*path)) for path in paths[-MOST:])
    evidence = tuple(sorted(seen, key=lambda one: one.origin))
    if found is None:
        return Sighting(Subject(params.kind, subject.name), facts | {"name": subject.name}, evidence, sure="computed")
    facts |= {"kind": found.kind, "name": found.name, "file": found.origin.file}
    if found.namespace:
        facts["namespace"] = found.namespace
    sure: Literal["observed", "computed"] = "observed" if params.among == "running" else "computed"
    return Sighting(Subject(found.group_kind, found.name, found.namespace), facts, evidence, (found,), sure)


def _shown(path: Path) -> str:
    """The deciding field, never its value: that may be a secret, and file and line say where to look."""
    return ".".join(str(step) for step in path) if path else "present"


def _unknown(params: Params, given: Given, subject: Fact) -> Unseen:
    missing = [when.kind for when in params.when if not _complete(when.kind, when.among, given)]
    if "release" in missing or (not missing and given.upgrade.release is None):
        return no_releases()
    if not missing and given.upgrade.before is None and "values" in reads(params):
        return NO_VALUES
    if not missing and given.upgrade.to is None:
        return Unseen("target version", "not known")
    kinds = [kind_of(given.component, kind) for kind in missing] or [kind_of(given.component, params.kind)]
    own = next((kind for kind in kinds if kind in TELLS), "")
    if own:
        return Unseen(*TELLS[own])
    return Unseen(", ".join(kinds), given.cluster.why(kinds[0]), params.collect or listing(kinds))


def _not_collected(params: Params, given: Given) -> Looking:
    """A kind that this rule asks about and of which the input says nothing is a gap, not silence."""
    if params.kind == "release" and not given.cluster.releases and not _complete(params.kind, params.among, given):
        yield no_releases()
    if params.among == "applied" or (params.kind[:1].islower() and params.kind not in given.component.roles):
        return
    kind = kind_of(given.component, params.kind)
    if not given.cluster.of(kind) and not _complete(params.kind, params.among, given):
        yield Unseen(kind, given.cluster.why(kind), params.collect or listing([kind]))
