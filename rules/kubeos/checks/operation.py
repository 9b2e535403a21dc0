"""OS resources that still have nodes to move, as they will be after the command, with those nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from upgradecheck.checks.given import Given, Looking, Sighting, Unseen
from upgradecheck.cluster import CRD, Coverage
from upgradecheck.conditions import UNKNOWN, Judged, PathExpr, Where
from upgradecheck.model import Evidence, Object, Path, Subject, Sureness
from upgradecheck.model.redact import redact
from upgradecheck.versions import Version

OS = "OS.upgrade.openeuler.org"
CONTROL_PLANE, SELECTOR = "node-role.kubernetes.io/control-plane", "upgrade.openeuler.org/node-selector"
ADDED: Mapping[str, Any] = {"containerimage": "", "evictpodforce": True, "mtls": False}
TOLD = {"versions": "osImage", "runtimes": "containerRuntimeVersion", "kernels": "kernelVersion"}
BESIDE = {"nodes": ("Node", "Node", "nodes"), "crd": (CRD, "CRDs", "crd"), "live": (OS, OS, "os -A")}
"""What lies beside an OS: its kind, how a gap calls that, and how kubectl collects it."""
NONE: Mapping[str, Any] = {"all": [], "left": [], "versions": [], "size": 0, "count": 0}


@dataclass(frozen=True, slots=True)
class Params:
    """`where` has to hold of an OS, and then the first of `cases` that holds picks the case; where none does there
    is nothing to tell. `facts` give names to paths. `change` are the fields of spec that mend it.

    Beside its own fields an OS has here `nodes`, those that it selects: `all` their names, `left` those that are not
    on its osversion, `older` those below it, `versions`, `runtimes` and `kernels` of what is left; how many `size` is
    in all, half of it `half`, and left `count`; `live`, the same OS as it is now; `crd.fields`, the fields of spec in
    the CRD; and `place`. Its container image is `spec.containerimage`, under the older name `dockerimage` as well.

    An OS whose nodes are all on its osversion does nothing and is passed over, unless `finished`. What the CRD
    refuses in `field`, the field of spec that the rule is about, is told by kubeos/os-refused alone.
    """

    where: Where | None = None
    cases: Mapping[str, Where] = field(default_factory=dict)
    facts: Mapping[str, PathExpr] = field(default_factory=dict)
    change: Mapping[str, object] = field(default_factory=dict)
    field: str = ""
    finished: bool = False


FACTS: Mapping[str, str] = {
    "name": "the name of the OS",
    "namespace": "its namespace",
    "place": "the file that brings it, or your patch; empty where it is in the cluster only",
    "file": "the same where it is a file, empty otherwise",
    "live": "true where it is in the cluster only",
    "nodes": "the nodes that are not on its osversion; `its nodes` where no node is known",
    "workers": "how many nodes it selects",
    "now": "what these run",
    "value": "what stands in the field that decided the case",
    "change": "`change`, with what the CRD requires and the OS lacks: without it every patch is refused",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({OS, CRD, "Node"})


def run(params: Params, given: Given) -> Looking:
    found, schema = given.after().of(OS), _schema(given)
    for one in found:
        seen = _seen(one, given, schema)
        done = seen["nodes"] is not UNKNOWN and not seen["nodes"]["left"] and one.get("spec", "opstype") != "config"
        if done and not params.finished:
            continue
        if not (params.field and seen["place"] and schema and _refused(schema["properties"], one, params.field)):
            yield from _judge(params, given, one, seen)
    if not found and given.cluster.coverage(OS) is not Coverage.COMPLETE:
        yield Unseen(OS, given.cluster.why(OS), "kubectl get os -A -o yaml")


def _judge(params: Params, given: Given, one: Object, seen: Mapping[str, Any]) -> Looking:
    refs = {**given.refs, "$": seen}
    first = params.where.judge(seen, refs) if params.where else Judged(True)
    judged = [(name, where.judge(seen, refs)) for name, where in params.cases.items()] or [("", Judged(True))]
    case, second = next((pair for pair in judged if pair[1].truth is not False), ("", Judged(False)))
    if False in (truths := (first.truth, second.truth)):
        return
    paths = tuple(path for path in dict.fromkeys((*second.paths, *first.paths)) if path)
    # What is in the cluster only may long be done: without the nodes nobody knows.
    lost = not (seen["place"] or params.finished) and seen["nodes"] is UNKNOWN
    if None in truths or lost:
        roots = {path[0] for path in paths}
        asked = [name for name in BESIDE if seen[name] is UNKNOWN and (lost or name in roots)]
        kind, what, words = BESIDE[next(iter(asked), "live")]
        yield Unseen(what, given.cluster.why(kind), f"kubectl get {words} -o yaml")
    else:
        mine = [[path for path in some.paths if path and path[0] in one.data][-2:] for some in (second, first)]
        own = [Evidence(".".join(map(str, path)), one.at(*path)) for path in mine[0] or mine[1]]
        value = next((redact(path, one.get(*path)) for path in mine[0]), "")
        shown = sorted((*own, *_told(given, paths, seen["nodes"])), key=lambda e: e.origin)
        yield _sighting(params, one, {**seen, "value": value}, tuple(shown), case)


def _sighting(
    params: Params, one: Object, seen: Mapping[str, Any], evidence: tuple[Evidence, ...], case: str
) -> Sighting:
    nodes: Mapping[str, Any] = NONE if seen["nodes"] is UNKNOWN else seen["nodes"]
    facts: dict[str, Any] = {
        **{name: seen[name] for name in ("place", "value")},
        "name": one.name,
        "namespace": one.namespace or "default",
        "file": seen["place"].removeprefix("your patch"),
        "live": not seen["place"],
        "nodes": nodes["left"] or ["its nodes"],
        "workers": nodes["size"],
        "now": nodes["versions"],
        "change": {**{name: ADDED[name] for name in seen["lacks"] if name in ADDED}, **params.change},
    }
    for name, expression in params.facts.items():
        facts[name] = next((redact(path, value) for path, value in expression.find(seen)), "")
    sure: Sureness = "computed" if seen["place"] else "observed"
    return Sighting(Subject(OS, one.name, one.namespace), facts, evidence, (one,), sure, case)


def _told(given: Given, paths: tuple[Path, ...], nodes: Any) -> Iterator[Evidence]:
    """Two of the nodes, where they decided."""
    asked = next((str(path[1]) for path in paths if path[0] == "nodes" and len(path) > 1), "")
    key = TOLD.get(asked, TOLD["versions"])
    for node in [given.cluster.get("Node", name) for name in nodes["left"][:2]] if asked else ():
        if node is not None:
            yield Evidence(f"{node.name}: {_info(node, key)}", node.at("status", "nodeInfo", key))


def _seen(one: Object, given: Given, schema: Mapping[str, Any] | None) -> dict[str, Any]:
    """The OS with what lies beside it, UNKNOWN where that was not collected."""
    spec, fields = one.get("spec", default={}) or {}, schema["properties"] if schema else {}
    absent = None if given.cluster.coverage(OS) is Coverage.COMPLETE else UNKNOWN
    live = next((found.data for found in given.cluster.of(OS) if _key(found) == _key(one)), absent)
    return {
        **one.data,
        "crd": {"fields": fields} if schema else UNKNOWN,
        "spec": {"containerimage": spec.get("dockerimage"), **spec},
        "lacks": [name for name in schema["required"] if spec.get(name) is None] if schema else [],
        "live": live,
        "place": _place(one, given),
        "nodes": _nodes(spec, given, "nodeselector" in fields or not schema),
    }


def _nodes(spec: Mapping[str, Any], given: Given, selects: bool) -> Any:
    """The nodes that the operator chooses; UNKNOWN where not all were collected."""
    told, nodes = spec.get("nodeselector"), given.cluster.of("Node")
    if not nodes or given.cluster.coverage("Node") is not Coverage.COMPLETE:
        return UNKNOWN
    wanted = "all-label" if not selects else "no-label" if told is None else told
    chosen = [node for node in nodes if _chosen(node.get("metadata", "labels") or {}, wanted)]
    left = [node for node in chosen if _info(node, "osImage") != spec.get("osversion")]
    older = [node.name for node in left if _below(_info(node, "osImage"), spec.get("osversion"))]
    info = {name: sorted({_info(node, key) for node in left} - {""}) for name, key in TOLD.items()}
    names = {"all": [node.name for node in chosen], "left": [node.name for node in left], "older": older}
    return {**names, **info, "size": len(chosen), "half": (len(chosen) + 1) // 2, "count": len(left)}


def _below(text: str, target: Any) -> bool:
    read = [Version.read(str(one).removeprefix("KubeOS ")) for one in (text, target)]
    return read[0] is not None and read[1] is not None and read[0] < read[1]


def _chosen(labels: Mapping[str, str], wanted: str) -> bool:
    if CONTROL_PLANE in labels:
        return False
    return wanted == "all-label" or (SELECTOR not in labels if wanted == "no-label" else labels.get(SELECTOR) == wanted)


def _info(node: Object, key: str) -> str:
    return str(node.get("status", "nodeInfo", key, default="") or "")


def _place(one: Object, given: Given) -> str:
    """Where the person has it from: a file, or the patch in the command."""
    if _key(one) not in map(_key, given.upgrade.applied):
        return ""
    return "your patch" if one.origin.file.startswith("kubectl ") else one.origin.file


def _key(one: Object) -> tuple[str, str, str]:
    return (one.group_kind, one.namespace or "default", one.name)


def _schema(given: Given) -> Mapping[str, Any] | None:
    """The schema of spec in the CRD; None where the CRD was not collected."""
    crd = given.cluster.get(CRD, "os.upgrade.openeuler.org")
    version = crd.get("spec", "versions", 0, "schema", "openAPIV3Schema", "properties", "spec") if crd else None
    return {"properties": {}, "required": [], **version} if version else None


def _refused(fields: Mapping[str, Any], one: Object, name: str) -> bool:
    """Whether the API server refuses the value: by its type, or as none of the few that it knows."""
    value, schema = one.get("spec", name), fields.get(name)
    if schema is None:
        return value is not None
    kind, few = {"string": str, "boolean": bool, "integer": int}.get(schema.get("type", "")), schema.get("enum")
    return (kind is not None and type(value) is not kind) or (few is not None and value not in few)
