"""The rolling update of a Deployment on the host network: whether its first new Pod finds a node with free ports."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..cluster import Coverage
from ..model import Evidence, Object, Subject, Values
from ..scheduling import alive, selects, tolerates, untolerated
from ..tables import split_key
from .defaults import ABSENT, start_keys, target_keys
from .given import Given, Looking, Sighting, Unseen
from .roles import playing, pods_of, template_spec

_CORDONED: Mapping[str, str] = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
_ON_HOST: Mapping[str, bool] = {"hostNetwork": True}


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the Pods under the values key `key`; with `if_true` only where that key is true. One that the Pods
    bind without declaring it (`declared: false`) is unknown to the scheduler, and the second Pod on a node crashes."""

    key: str
    declared: bool = True
    if_true: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`role` is played by a Deployment whose values keys are `replicas` and `host_network`; `ports` are those that it
    asks for; `shift` makes another port of one. Cases: `stuck` where the update never ends, `one-node` where that is
    because there is one node, `slow` where it ends only since old Pods go first, `crash` where the new Pod starts
    beside an old one and finds a port taken that nobody declared."""

    role: str
    ports: tuple[Port, ...]
    replicas: str = "replicas"
    host_network: str = "hostNetwork"
    shift: int = 100


FACTS: Mapping[str, str] = {
    "name": "the Deployment",
    "replicas": "its replicas after the command",
    "nodes": "how many nodes its Pods fit",
    "ports": "the ports that the new Pods ask for on a node",
    "fewer": "one replica fewer than Pods run now, which the update can live with",
    "words": "what the scheduler will say",
    "shifts": "the keys of all ports with other ones, for `each`",
}
EACH: Mapping[str, str] = {"key": "the values key of a port", "value": "another port"}


@dataclass(frozen=True, slots=True)
class _Bound:
    """One port now and after the command."""

    port: Port
    old: int
    new: int


def reads(params: Params) -> frozenset[str]:
    return frozenset({params.role, "Node", "Pod", "ReplicaSet.apps", "values", "release"})


def run(params: Params, given: Given) -> Looking:
    upgrade = given.upgrade
    before, after = upgrade.before, upgrade.after
    same = set(upgrade.start) == {upgrade.to} and before is not None and after is not None and before.tree == after.tree
    for workload in playing(given.cluster, given.component, params.role, upgrade.namespace):
        spec = template_spec(workload)
        strategy = workload.get("spec", "strategy", default={}) or {}
        told = _value(params.host_network, given) if after is not None else None
        on_host = told if isinstance(told, bool) else bool(spec.get("hostNetwork"))
        if not same and on_host and strategy.get("type") != "Recreate":
            yield from _judge(params, given, workload, strategy.get("rollingUpdate") or {})


def _judge(params: Params, given: Given, workload: Object, rolling: Mapping[str, Any]) -> Looking:
    missing = [kind for kind in ("Node", "Pod") if given.cluster.coverage(kind) is not Coverage.COMPLETE]
    if missing:
        kinds = ",".join(kind.lower() + "s" for kind in missing)
        yield Unseen("nodes with free ports", given.cluster.why(missing[0]), f"kubectl get {kinds} -A -o yaml")
        return
    told = _value(params.replicas, given) if given.upgrade.after is not None else None
    live = workload.get("spec", "replicas")
    replicas = told if isinstance(told, int) else 1 if live is None else int(live)
    up = _share(rolling.get("maxSurge", "25%"), replicas, math.ceil)
    down = _share(rolling.get("maxUnavailable", "25%"), replicas, math.floor) or int(up == 0)
    running = [pod for pod in pods_of(given.cluster, [workload]) if alive(pod) and pod.get("spec", "nodeName")]
    bound = list(_bound(params, given))
    fits = [node for node in given.cluster.of("Node") if _fits(node, template_spec(workload))]
    asked = {one.new for one in bound if one.port.declared}
    asked = asked if given.upgrade.after is not None else set(_ports({**template_spec(workload), **_ON_HOST}))
    held = _held(given, asked)
    free = [node for node in fits if node.name not in held]
    spare = len(running) - (replicas - down)
    if free:
        homes = {node.name for node in free}
        meets = {pod.get("spec", "nodeName") for pod in running} & homes
        if _crashes(bound) and meets == homes:
            yield _sighting(params, workload, "crash", replicas, running, fits, bound)
    elif fits and running and replicas:
        # Old Pods that may end first make room; with none the new Pod waits for ever.
        case = "slow" if spare > 0 and down else "" if spare > 0 else "one-node" if len(fits) == 1 else "stuck"
        if case:
            yield _sighting(params, workload, case, replicas, running, fits, bound)


def _crashes(bound: list[_Bound]) -> bool:
    """Whether a new Pod beside an old one meets a port that the scheduler knows nothing of."""
    old = {one.old for one in bound}
    return any(not one.port.declared and one.new in old for one in bound)


def _bound(params: Params, given: Given) -> Iterator[_Bound]:
    before = start_keys(given)
    for port in params.ports:
        if port.if_true and _value(port.if_true, given) is not True:
            continue
        new = _value(port.key, given)
        path = split_key(port.key)
        old = _of(given.upgrade.before, path, before.default(path) if before else ABSENT)
        if isinstance(new, int):
            yield _Bound(port, old if isinstance(old, int) else new, new)


def _value(key: str, given: Given) -> Any:
    """The value after the command, or else the target chart's default, or else what the old chart says."""
    path = split_key(key)
    charts = (target_keys(given), start_keys(given))
    defaults = (chart.default(path) for chart in charts if chart is not None)
    default = next((found for found in defaults if found is not ABSENT), ABSENT)
    upgrade = given.upgrade
    return _of(upgrade.after or upgrade.before, path, default)


def _of(values: Values | None, path: tuple[str | int, ...], default: Any) -> Any:
    if values is not None and values.has(*path):
        return values.get(*path)
    return None if default is ABSENT else default


def _share(value: Any, count: int, rounded: Any) -> int:
    if isinstance(value, str) and value.endswith("%"):
        return int(rounded(count * int(value[:-1]) / 100))
    return int(value)


def _fits(node: Object, spec: Mapping[str, Any]) -> bool:
    """True where a Pod may be placed, ports left aside. A cordon is a taint, which some Pods tolerate."""
    cordoned = bool(node.get("spec", "unschedulable"))
    tolerated = any(tolerates(one, _CORDONED) for one in spec.get("tolerations") or [])
    labels = node.get("metadata", "labels", default={}) or {}
    return (not cordoned or tolerated) and not untolerated(node, spec) and selects(labels, spec)


def _held(given: Given, ports: set[int]) -> set[str]:
    """The nodes on which a Pod that is alive holds one of the ports."""
    placed = (pod for pod in given.cluster.of("Pod") if alive(pod) and pod.get("spec", "nodeName"))
    return {pod.get("spec", "nodeName") for pod in placed if ports & set(_ports(pod.get("spec", default={})))}


def _ports(spec: Mapping[str, Any]) -> Iterator[int]:
    """The ports of a Pod on its node: on the host network each container port is one."""
    for container in spec.get("containers") or []:
        for port in container.get("ports") or []:
            found = port.get("hostPort") or (port.get("containerPort") if spec.get("hostNetwork") else None)
            if isinstance(found, int):
                yield found


def _sighting(
    params: Params,
    workload: Object,
    case: str,
    replicas: int,
    running: list[Object],
    fits: list[Object],
    bound: list[_Bound],
) -> Sighting:
    count = len(fits)
    facts = {
        "name": workload.name,
        "namespace": workload.namespace,
        "replicas": replicas,
        "nodes": count,
        "ports": [str(one.new) for one in bound if one.port.declared or case == "crash"],
        "fewer": min(replicas, len(running)) - 1,
        "words": f"0/{count} nodes are available: {count} node(s) didn't have free ports for the requested pod ports",
        "shifts": [{"key": one.port.key, "value": str(one.old + params.shift)} for one in bound],
    }
    evidence = (Evidence(f"{len(running)} Pods run", workload.at("spec", "replicas")),)
    subject = Subject(workload.group_kind, workload.name, workload.namespace)
    return Sighting(subject, facts, evidence, (workload,), "computed", case)
