"""The sidecar image that the injector gives to new Pods: what it is, and which Pods run another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from upgradecheck.checks.defaults import target_defaults
from upgradecheck.checks.given import Given, Looking, Sighting, Unseen
from upgradecheck.checks.roles import owners_of, playing
from upgradecheck.cluster import Coverage
from upgradecheck.images import Image
from upgradecheck.model import Evidence, Object, Path, Subject
from upgradecheck.scheduling import alive

KIND = "MeshConfig.config.openservicemesh.io"
COLLECT = "kubectl get meshconfig -A -o yaml"
CHOSEN: Path = ("spec", "sidecar", "sidecarImage")
OUTSIDE = frozenset({"kube-system", "kube-public"})


@dataclass(frozen=True, slots=True)
class Params:
    """`look` for an image whose tag may come to mean another one (`mutable`), for Pods that run another sidecar than
    new ones get (`old-pods`), or for an image that stays behind the one of the target's chart (`behind`).

    Cases: `mutable` has `tag` for a plain tag that somebody chose; `old-pods` has `init` where only the init image
    differs; `behind` has `chosen` where somebody set spec.sidecar.sidecarImage."""

    look: Literal["mutable", "old-pods", "behind"]


FACTS: Mapping[str, str] = {
    "image": "the image that new Pods get",
    "field": "the field that says so",
    "wanted": "the image of the target's chart, empty where unknown",
    "index": "the place of the driver in the list, empty where the image is not a driver's",
    "namespace": "the namespace of the MeshConfig",
    "count": "how many Pods there are",
    "pods": "the Pods, as namespace/name",
    "old": "the images that they run",
    "owners": "what has to be restarted, for `each`",
    "bare": "Pods without an owner, for `each`",
}
EACH: Mapping[str, str] = {
    "owner_kind": "deployment, statefulset, daemonset or pod",
    "owner_name": "its name",
    "owner_namespace": "its namespace",
}


@dataclass(frozen=True, slots=True)
class _Image:
    """An image and where it stands."""

    text: str
    path: Path
    source: Object
    index: int | None = None


def reads(params: Params) -> frozenset[str]:
    return frozenset({KIND, "injector", "controller", "Pod", "ReplicaSet.apps", "values"})


def run(params: Params, given: Given) -> Looking:
    if not playing(given.cluster, given.component, "controller", given.upgrade.namespace):
        return
    configs = [c for c in given.after().of(KIND) if c.name == "osm-mesh-config"]
    if not configs and given.cluster.coverage(KIND) is not Coverage.COMPLETE:
        yield Unseen("MeshConfig", given.cluster.why(KIND), COLLECT)
        return
    for config in configs:
        image = _effective(config, given)
        if image is None:
            continue
        if params.look == "old-pods":
            yield from _old_pods(config, image, given)
        elif params.look == "mutable":
            yield from _mutable(config, image)
        else:
            yield from _behind(config, image, given)


def _effective(config: Object, given: Given, field: str = "sidecarImage") -> _Image | None:
    """As pkg/configurator/methods.go has it: the field itself, the driver of the class, the injector's variable."""
    own = ("spec", "sidecar", field)
    if config.get(*own):
        return _Image(str(config.get(*own)), own, config)
    wanted = str(config.get("spec", "sidecar", "sidecarClass") or "").lower()
    for index, driver in enumerate(config.get("spec", "sidecar", "sidecarDrivers") or []):
        if wanted and str(driver.get("sidecarName", "")).lower() == wanted and driver.get(field):
            path = ("spec", "sidecar", "sidecarDrivers", index, field)
            return _Image(str(driver[field]), path, config, index)
    variable = "OSM_DEFAULT_SIDECAR_IMAGE" if field == "sidecarImage" else "OSM_DEFAULT_INIT_CONTAINER_IMAGE"
    return _variable(variable, given)


def _variable(name: str, given: Given) -> _Image | None:
    for injector in playing(given.cluster, given.component, "injector", given.upgrade.namespace):
        containers = injector.get("spec", "template", "spec", "containers") or []
        for place, container in enumerate(containers):
            for index, one in enumerate(container.get("env") or []):
                if one.get("name") == name and one.get("value"):
                    path = ("spec", "template", "spec", "containers", place, "env", index, "value")
                    return _Image(str(one["value"]), path, injector)
    return None


def _facts(config: Object, image: _Image) -> dict[str, Any]:
    index = "" if image.index is None else image.index
    return {"image": image.text, "field": _dotted(image), "index": index, "namespace": config.namespace}


def _dotted(image: _Image) -> str:
    return re.sub(r"\.(\d+)", r"[\1]", ".".join(str(step) for step in image.path))


def _mutable(config: Object, image: _Image) -> Looking:
    read = Image.parse(image.text)
    moving = read.tag in ("", "latest")
    if not read.digest and (moving or image.path == CHOSEN):
        yield _sighting(config, image, {}, "" if moving else "tag")


def _behind(config: Object, image: _Image, given: Given) -> Looking:
    defaults = target_defaults(given)
    drivers = defaults(("osm", "sidecarDrivers")) if defaults is not None else None
    held = Image.parse(image.text)
    for driver in drivers if isinstance(drivers, list) else []:
        wanted = Image.parse(str(driver.get("sidecarImage", "")))
        if image.source is config and wanted.name == held.name and _order(held.tag) < _order(wanted.tag):
            pods = [pod for pod, sidecar in _meshed(given) if Image.parse(str(sidecar.get("image"))).tag != wanted.tag]
            facts = _restarts(pods, given) | {"wanted": f"{held.repository}:{wanted.tag}"}
            yield _sighting(config, image, facts, "chosen" if image.path == CHOSEN else "")


def _order(tag: str) -> tuple[int, ...]:
    """`0.90.0-54` as numbers; what is no such tag (`latest`) comes after everything."""
    return tuple(int(part) for part in re.findall(r"\d+", tag)) if re.match(r"v?\d", tag) else (10**9,)


def _old_pods(config: Object, image: _Image, given: Given) -> Looking:
    init = _effective(config, given, "initContainerImage")
    found: dict[str, list[tuple[Object, str]]] = {"": [], "init": []}
    for pod, sidecar in _meshed(given):
        if sidecar.get("image") != image.text:
            found[""].append((pod, str(sidecar.get("image"))))
        elif init is not None and (other := _init_image(pod)) not in ("", init.text):
            found["init"].append((pod, other))
    for case, old in found.items():
        if old:
            pods = tuple(pod for pod, _ in old)
            facts = _facts(config, init if case and init is not None else image) | _restarts(pods, given)
            facts["old"] = list(dict.fromkeys(text for _, text in old))
            evidence = tuple(Evidence(f"{pod.namespace}/{pod.name}", pod.origin) for pod in pods[:2])
            yield Sighting(Subject("Pod", "sidecar", config.namespace), facts, evidence, pods, case=case)
    if given.cluster.coverage("Pod") is not Coverage.COMPLETE and not any(found.values()):
        yield Unseen("Pods of the mesh", given.cluster.why("Pod"), "kubectl get pods -A -o yaml")


def _meshed(given: Given) -> Iterator[tuple[Object, Mapping[str, Any]]]:
    """The Pods that carry a sidecar of the mesh, with that container."""
    spaces = OUTSIDE | {given.upgrade.namespace}
    for pod in given.cluster.of("Pod"):
        if pod.namespace in spaces or not alive(pod) or pod.get("metadata", "deletionTimestamp"):
            continue
        volumes = {v.get("name") for v in pod.get("spec", "volumes") or []}
        marked = pod.get("metadata", "labels", "osm-proxy-uuid") or "sidecar-bootstrap-config-volume" in volumes
        sidecar = next((c for c in pod.get("spec", "containers") or [] if c.get("name") == "sidecar"), None)
        if marked and sidecar is not None and not pod.get("spec", "hostNetwork"):
            yield pod, sidecar


def _init_image(pod: Object) -> str:
    images = [c.get("image", "") for c in pod.get("spec", "initContainers") or [] if c.get("name") == "osm-init"]
    return str(images[0]) if images else ""


def _restarts(pods: Sequence[Object], given: Given) -> dict[str, Any]:
    entries = [dict(zip(EACH, owner, strict=True)) for owner in owners_of(pods, given.cluster)]
    return {
        "count": len(pods),
        "pods": [f"{pod.namespace}/{pod.name}" for pod in pods],
        "owners": [entry for entry in entries if entry["owner_kind"] != "pod"],
        "bare": [entry for entry in entries if entry["owner_kind"] == "pod"],
    }


def _sighting(config: Object, image: _Image, facts: dict[str, Any], case: str) -> Sighting:
    evidence = (Evidence(f"{image.source.name}: {_dotted(image)}", image.source.at(*image.path)),)
    subject = Subject(KIND, config.name, config.namespace)
    return Sighting(subject, _facts(config, image) | facts, evidence, (image.source,), case=case)
