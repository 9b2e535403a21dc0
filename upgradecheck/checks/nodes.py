"""Nodes that a resource is about: those of which a condition holds, and what stands beside each or lacks there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ..cluster import Coverage
from ..conditions import PathExpr, Where
from ..model import Evidence, Object
from ..scheduling import taint_text, toleration_of, untolerated
from . import object as object_check
from .given import Given, Looking, Sighting, Unseen
from .object import Among, When
from .pools import Pool, chosen, nodes_unseen
from .roles import playing, template_spec

SHOWN = 2
"""As many nodes are shown as evidence."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What has to stand beside a node after the command: an object of `kind` for which `where` holds, in which `$` is
    the node; with `none: true` there must be none. `collect` is the command that gets them."""

    kind: str
    where: Where
    none: bool = False
    collect: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`kind`, `where`, `when`, `among`, `facts`, `shows` and `collect` find the resource, as in the check `object`.

    The first `pool` that fits the resource says which nodes it is about; without any these are all nodes. Of them
    `nodes` has to hold (in it `$` is the resource) and every entry of `beside`, for `least` nodes; or, with `none`
    true, for none at all. `since` are paths in the node to times: the newest of them has to be `minutes` before the
    newest timestamp of the dump. `value` is a path in the node, for the placeholder `{values}`. `role` is what should
    run there, for its own placeholders.
    """

    kind: str
    where: Where | None = None
    when: tuple[When, ...] = ()
    among: Among = "running"
    facts: Mapping[str, PathExpr] = field(default_factory=dict)
    collect: str = ""
    shows: str = ""
    pool: tuple[Pool, ...] = ()
    nodes: Where | None = None
    beside: tuple[Beside, ...] = ()
    least: int = 1
    none: bool = False
    since: tuple[PathExpr, ...] = ()
    minutes: int = 0
    value: PathExpr | None = None
    role: str = ""


FACTS: Mapping[str, str] = {
    **{name: text for name, text in object_check.FACTS.items() if name not in ("count", "names")},
    "nodes": "the nodes of which it holds",
    "number": "how many nodes these are",
    "of": "how many nodes the resource is about",
    "values": "what stands at `value` in these nodes",
    "workload": "the name of what plays `role`",
    "workload_namespace": "its namespace",
    "taints": "the taints of these nodes that it does not tolerate",
    "tolerations": "the tolerations that it has, and those for these taints, as a payload",
}
EACH: Mapping[str, str] = {"node": "the node"}


def reads(params: Params) -> frozenset[str]:
    return object_check.reads(_subject(params)) | {
        *("Node", *(beside.kind for beside in params.beside)),
        *([params.role] if params.role else []),
    }


def run(params: Params, given: Given) -> Looking:
    for found in object_check.run(_subject(params), given):
        if isinstance(found, Unseen):
            yield found
        else:
            yield from _judge(params, given, found)


def _subject(params: Params) -> object_check.Params:
    return object_check.Params(
        params.kind, params.where, params.when, params.among, params.facts, params.collect, params.shows
    )


def _judge(params: Params, given: Given, found: Sighting) -> Looking:
    yield from nodes_unseen(given)
    resource = found.objects[0]
    pool = chosen(params.pool, resource, given)
    refs = {**given.refs, "$": resource.data}
    held, unknown = [], False
    for node in pool:
        truth = _holds(params, given, node, refs)
        unknown |= truth is None
        if truth:
            held.append(node)
    if unknown and len(held) < params.least:
        yield from _gaps(params, given)
    elif params.none:
        if not held and not unknown and given.cluster.coverage("Node") is Coverage.COMPLETE:
            yield _sighting(params, given, found, (), len(pool), refs)
    elif len(held) >= params.least:
        yield _sighting(params, given, found, tuple(held), len(pool), refs)


def _holds(params: Params, given: Given, node: Object, refs: Mapping[str, Any]) -> bool | None:
    truths = [params.nodes.judge(node.data, refs).truth if params.nodes else True]
    if truths != [False]:
        truths += [_beside(one, given, node) for one in params.beside]
        truths += [_long_ago(params, given, node)] if params.since else []
    return False if False in truths else None if None in truths else True


def _beside(beside: Beside, given: Given, node: Object) -> bool | None:
    refs = {**given.refs, "$": node.data}
    truths = [beside.where.judge(one.data, refs).truth for one in given.after().of(beside.kind)]
    if True in truths:
        return not beside.none
    if None in truths or given.cluster.coverage(beside.kind) is not Coverage.COMPLETE:
        return None
    return beside.none


def _long_ago(params: Params, given: Given, node: Object) -> bool | None:
    told = [_time(value) for path in params.since for _, value in path.find(node.data)]
    times = [time for time in told if time is not None]
    if not times or given.cluster.newest is None:
        return None
    return (given.cluster.newest - max(times)).total_seconds() >= params.minutes * 60


def _time(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


def _gaps(params: Params, given: Given) -> Looking:
    missing = {b.kind: b for b in params.beside if given.cluster.coverage(b.kind) is not Coverage.COMPLETE}
    for kind, beside in missing.items():
        yield Unseen(kind, given.cluster.why(kind), beside.collect or f"kubectl get {kind.lower()} -A -o yaml")
    if not missing:
        yield Unseen("fields of Node", "not in the input", "kubectl get nodes -o yaml")


def _sighting(
    params: Params, given: Given, found: Sighting, nodes: tuple[Object, ...], size: int, refs: Mapping[str, Any]
) -> Sighting:
    values = [value for node in nodes if params.value for _, value in params.value.find(node.data)]
    facts = {
        "nodes": [node.name for node in nodes],
        "number": len(nodes),
        "of": size,
        "values": list(dict.fromkeys(map(str, values))),
        **_workload(params, given, nodes),
    }
    return replace(
        found,
        facts={**found.facts, **facts},
        evidence=(*found.evidence, *(_evidence(params, node, refs) for node in nodes[:SHOWN])),
        objects=(*found.objects, *nodes),
    )


def _evidence(params: Params, node: Object, refs: Mapping[str, Any]) -> Evidence:
    path = params.nodes.judge(node.data, refs).path if params.nodes else ()
    return Evidence(f"node {node.name}", node.at(*path))


def _workload(params: Params, given: Given, nodes: Iterable[Object]) -> dict[str, Any]:
    """What should run on the nodes, and the taints that keep it away."""
    found = playing(given.cluster, given.component, params.role, given.upgrade.namespace) if params.role else ()
    spec = template_spec(found[0]) if found else {}
    taints = {taint_text(t): t for node in nodes for t in untolerated(node, spec, daemon=True)} if found else {}
    has = spec.get("tolerations")
    return {
        "workload": found[0].name if found else "",
        "workload_namespace": found[0].namespace if found else "",
        "taints": list(taints),
        "tolerations": [*(has if isinstance(has, list) else []), *map(toleration_of, taints.values())],
    }
