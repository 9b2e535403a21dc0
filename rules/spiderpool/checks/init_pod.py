"""The Pod spiderpool-init that Helm would patch, although almost nothing in a Pod can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upgradecheck.checks.defaults import ABSENT, target_keys
from upgradecheck.checks.given import Given, Looking, Sighting, Unseen
from upgradecheck.checks.roles import playing
from upgradecheck.cluster import CRD, Coverage
from upgradecheck.images import Image
from upgradecheck.model import Evidence, Object, Subject, Values
from upgradecheck.tables import split_key
from upgradecheck.versions import Range, Version


@dataclass(frozen=True, slots=True)
class Rendered:
    """Targets in `to` render the Pod where one of the values keys `if_any` is true."""

    to: Range
    if_any: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Params:
    """`role` is played by the Pod. `alike` are spans of versions whose charts render the same Pod but for its image;
    `keys` are values keys that go into it. `doomed` is a CRD that Helm deletes once the Pod is out of the way, on the
    way from one version in `doomed_from` to one in `doomed_to`.

    Cases: `running` where the Pod has not ended yet, `hides` where the CRD goes with the next try, `applied` where
    there is no release, `values` where only changed values make the Pod differ."""

    role: str
    rendered: tuple[Rendered, ...]
    alike: tuple[Range, ...]
    keys: tuple[str, ...]
    doomed: str
    doomed_from: Range
    doomed_to: Range


FACTS: Mapping[str, str] = {
    "name": "the Pod",
    "changed": "the values keys that change and go into the Pod",
    "doomed": "the CRD that Helm deletes on the next try, empty where it does not",
    "kept": "the same CRD where it stays and keeps helm rollback from working, else empty",
    "rolled": "the release where helm rollback works, else empty",
    "plain": "the Pod where no release holds it, else empty",
    "running": "the phase of the Pod where it has not ended yet, else empty",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({params.role, CRD, "values", "release"})


def run(params: Params, given: Given) -> Looking:
    pods = playing(given.cluster, given.component, params.role, given.upgrade.namespace)
    left = [pod for pod in pods if _of_release(pod, given)]
    target = given.upgrade.to
    if target is None or not _is_rendered(params, given, target):
        return
    if not left and given.cluster.coverage("Pod", given.upgrade.namespace or None) is not Coverage.COMPLETE:
        yield Unseen("Pod spiderpool-init", given.cluster.why("Pod"), "kubectl get pods -n {namespace} -o yaml")
    for pod in left:
        changed = _changed(params, given)
        alike = _alike(params, given, pod, target)
        if not alike or changed:
            yield _sighting(params, given, pod, "values" if alike else "", changed)


def _of_release(pod: Object, given: Given) -> bool:
    """False for the Pods of the later Job, and for those of another release."""
    if pod.get("metadata", "ownerReferences") or pod.get("metadata", "deletionTimestamp"):
        return False
    owner = pod.get("metadata", "annotations", "meta.helm.sh/release-name")
    return given.release is None or owner in (None, given.release.name)


def _is_rendered(params: Params, given: Given, target: Version) -> bool:
    """Values that were not collected do not take the Pod away: it is there."""
    values, chart = given.upgrade.after or given.upgrade.before, target_keys(given)
    for one in params.rendered:
        if target in one.to:
            if values is None:
                return True
            return any(_value(values, chart.default if chart else None, key) is True for key in one.if_any)
    return False


def _value(values: Values, default: Any, key: str) -> Any:
    path = split_key(key)
    if values.has(*path):
        return values.get(*path)
    found = default(path) if default is not None else True
    return None if found is ABSENT else found


def _alike(params: Params, given: Given, pod: Object, target: Version) -> bool:
    start = given.upgrade.start or _told(pod)
    return bool(start) and any(target in span and all(version in span for version in start) for span in params.alike)


def _told(pod: Object) -> tuple[Version, ...]:
    """The version that the Pod's own image tells."""
    tags = (Image.parse(str(c.get("image", ""))).tag for c in pod.get("spec", "containers") or [])
    return tuple(version for tag in tags if (version := Version.read(tag)))


def _changed(params: Params, given: Given) -> list[str]:
    before, after = given.upgrade.before, given.upgrade.after
    if before is None or after is None:
        return []
    return [key for key in params.keys if before.get(*split_key(key)) != after.get(*split_key(key))]


def _sighting(params: Params, given: Given, pod: Object, case: str, changed: list[str]) -> Sighting:
    doomed, kept = _crd(params, given)
    plain = given.upgrade.is_plain
    running = pod.get("status", "phase", default="") if pod.get("status", "phase") in ("Running", "Pending") else ""
    facts = {
        "name": pod.name,
        "namespace": pod.namespace,
        "changed": changed,
        "running": running,
        "doomed": params.doomed if doomed else "",
        "kept": params.doomed if doomed or kept else "",
        "rolled": "" if plain or doomed or kept else "yes",
        "plain": pod.name if plain else "",
    }
    path = ("status", "phase") if pod.get("status", "phase") else ("metadata", "name")
    evidence = (Evidence(f"Pod {pod.name}", pod.at(*path)),)
    case = "running" if running else "hides" if doomed else "applied" if plain else case
    return Sighting(Subject("Pod", pod.name, pod.namespace), facts, evidence, (pod,), "computed", case)


def _crd(params: Params, given: Given) -> tuple[bool, bool]:
    """Whether the next try deletes the CRD, and whether it is kept. One that was not collected is better annotated
    than lost."""
    to, start = given.upgrade.to, given.upgrade.start
    if to is None or to not in params.doomed_to or not any(version in params.doomed_from for version in start):
        return False, False
    found = given.cluster.get(CRD, params.doomed)
    if found is None:
        return given.cluster.coverage(CRD) is not Coverage.COMPLETE, False
    marks = found.get("metadata", "annotations", default={}) or {}
    owner = marks.get("meta.helm.sh/release-name")
    ours = given.release is None or owner in (None, given.release.name)
    managed = owner or (found.get("metadata", "labels", "app.kubernetes.io/managed-by") == "Helm")
    kept = marks.get("helm.sh/resource-policy") == "keep"
    return bool(managed and ours and not kept), bool(managed and ours and kept)
