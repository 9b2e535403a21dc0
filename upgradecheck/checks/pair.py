"""Each Pod of one role needs a ready Pod of another role on the same node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..cluster import Coverage
from ..images import Image
from ..model import Evidence, Object, Subject
from ..scheduling import ready as is_ready
from ..scheduling import selects, taint_text, untolerated
from .given import Given, Looking, Sighting, Unseen
from .roles import playing, pods_of, template_spec


@dataclass(frozen=True, slots=True)
class Params:
    """`each` and `needs` are roles played by DaemonSets: on each node where an `each` Pod runs, a `needs` Pod
    has to be ready. Where the second is not there at all, another rule speaks.

    The case is `untolerated` where a taint keeps it away, `not-ready` where nothing does; none where nodes or
    Pods were not collected.
    """

    each: str
    needs: str


FACTS: Mapping[str, str] = {
    "have": "how many nodes have a ready Pod of the second role",
    "want": "how many nodes run a Pod of the first role",
    "missing": "the names of the nodes that lack it",
    "taints": "the taints on those nodes that the second role does not tolerate",
    "needs_name": "the name of the DaemonSet that has to be there",
    "needs_namespace": "its namespace",
    "needs_release": "the Helm release that owns it, empty where none does",
    "needs_version": "its image tag without a leading v",
    "each_name": "the name of the DaemonSet whose nodes count",
    "each_namespace": "its namespace",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({params.each, params.needs, "Pod", "Node"})


def run(params: Params, given: Given) -> Looking:
    firsts = playing(given.cluster, given.component, params.each, given.upgrade.namespace)
    seconds = playing(given.cluster, given.component, params.needs, given.upgrade.namespace)
    if not firsts or not seconds:
        return
    first, second = firsts[0], seconds[0]
    if given.cluster.coverage("Pod", first.namespace) is not Coverage.COMPLETE:
        yield from _by_status(first, second)
        return
    running = {
        p.get("spec", "nodeName") for p in pods_of(given.cluster, [first]) if p.get("status", "phase") == "Running"
    }
    ready = {p.get("spec", "nodeName") for p in pods_of(given.cluster, [second]) if is_ready(p)}
    missing = sorted((str(node) for node in running - ready if node), key=_natural)
    if missing:
        yield _sighting(given, first, second, len(running), len(running & ready), missing)


def _sighting(given: Given, first: Object, second: Object, want: int, have: int, missing: list[str]) -> Sighting:
    taints, tainted = _taints(given, second, missing)
    facts = _facts(first, second) | {"want": want, "have": have, "missing": missing, "taints": taints}
    evidence = (_ready_evidence(second), _ready_evidence(first), *tainted)
    subject = Subject("DaemonSet.apps", second.name, second.namespace)
    seen = all(given.cluster.get("Node", name) for name in missing)
    case = "untolerated" if taints else "not-ready" if seen else ""
    return Sighting(subject, facts, evidence, (second, first), case=case)


def _taints(given: Given, second: Object, missing: Iterable[str]) -> tuple[list[str], list[Evidence]]:
    """The taints that keep the second role from the missing nodes, and where the first of each stands."""
    found: dict[str, Evidence] = {}
    spec = template_spec(second)
    for name in missing:
        node = given.cluster.get("Node", name)
        if node is None or not selects(node.get("metadata", "labels", default={}) or {}, spec):
            continue
        for taint in untolerated(node, spec, daemon=True):
            found.setdefault(taint_text(taint), Evidence(f"taint of {name}", node.at("spec", "taints")))
    return list(found), list(found.values())


def _by_status(first: Object, second: Object) -> Looking:
    """Without the Pods only the two READY columns can be compared."""
    want, have = first.get("status", "numberReady"), second.get("status", "numberReady")
    if not isinstance(want, int) or not isinstance(have, int):
        yield Unseen("nodes of the pre-flight", "Pods not in the dump", "kubectl get pods -A -o yaml")
    elif have < want:
        facts = _facts(first, second) | {"want": want, "have": have, "missing": [], "taints": []}
        evidence = (_ready_evidence(second), _ready_evidence(first))
        subject = Subject("DaemonSet.apps", second.name, second.namespace)
        yield Sighting(subject, facts, evidence, (second, first))


def _ready_evidence(workload: Object) -> Evidence:
    ready = workload.get("status", "numberReady", default="?")
    wanted = workload.get("status", "desiredNumberScheduled", default="?")
    return Evidence(f"{workload.name} {ready}/{wanted}", workload.at("status", "numberReady"))


def _facts(first: Object, second: Object) -> dict[str, Any]:
    containers = template_spec(second).get("containers")
    image = containers[0].get("image", "") if isinstance(containers, list) and containers else ""
    return {
        "needs_name": second.name,
        "needs_namespace": second.namespace,
        "needs_release": second.get("metadata", "annotations", "meta.helm.sh/release-name", default=""),
        "needs_version": Image.parse(image).tag.removeprefix("v"),
        "each_name": first.name,
        "each_namespace": first.namespace,
    }


def _natural(name: str) -> tuple[str, int, str]:
    """node-2 before node-10."""
    head = name.rstrip("0123456789")
    digits = name[len(head) :]
    return (head, int(digits) if digits else -1, name)
