"""The images of the target as each node would pull them, mirrors and pinned tags of the values included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..images import Image
from ..model import Evidence, Object, Subject
from ..tables import split_key
from ..versions import Range, Version
from .defaults import ABSENT, target_defaults
from .given import Given, Looking, Sighting

RUNTIMES: Mapping[str, str] = {"docker": "docker", "containerd": "crictl", "cri-o": "crictl"}
"""The first part of `containerRuntimeVersion` of a node, and the program that pulls there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One image of the targets in `by`. `registry`, `repository` and `tag` are the chart's; the keys of the same names
    below `values` go before them, and a `digest` there before the tag. `{to}` in the tag is the target.
    With `if_any` the image is there only where one of these keys is true. A tag of the values outside `takes` cannot
    stay, as another rule says, and the chart's is meant. `source` is where the fact is written."""

    repository: str
    tag: str
    values: str = ""
    registry: str = ""
    by: Range | None = None
    if_any: tuple[str, ...] = ()
    takes: Range | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`entries` are the images of the target. `mirror` is the values key that replaces every registry. An image that
    each node already names is left out, and nothing is said where none is left or the version stays."""

    entries: tuple[Entry, ...]
    mirror: str = ""


FACTS: Mapping[str, str] = {
    "images": "the images that some node lacks",
    "count": "how many these are",
    "docker": "the same list where nodes run Docker, else empty",
    "crictl": "the same list where nodes run containerd or CRI-O, or where their runtime is not known, else empty",
    "nodes": "the nodes that lack one, empty where they do not tell",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"Node", "values"})


def run(params: Params, given: Given) -> Looking:
    to = given.upgrade.to
    if to is None or set(given.upgrade.start) == {to}:
        return
    nodes = [node for node in given.cluster.of("Node") if _linux(node)]
    images = list(dict.fromkeys(_wanted(params, given)))
    lacking = {image: [node.name for node in nodes if not _has(node, image)] for image in images}
    missing = [image for image in images if lacking[image] or not nodes]
    if not missing:
        return
    programs = {RUNTIMES.get(_runtime(node), "") for node in nodes} - {""} or {"crictl"}
    facts = {
        "images": missing,
        "count": len(missing),
        **{program: missing if program in programs else [] for program in ("docker", "crictl")},
        "nodes": sorted({name for image in missing for name in lacking[image]}),
    }
    evidence = tuple(Evidence(image) for image in missing)
    yield Sighting(Subject("images", str(to)), facts, evidence, sure="computed")


def _wanted(params: Params, given: Given) -> Iterator[str]:
    to = given.upgrade.to
    for entry in params.entries:
        inside = entry.by is None or (to is not None and to in entry.by)
        if inside and (not entry.if_any or any(_value(key, given) is True for key in entry.if_any)):
            yield _reference(params, entry, given)


def _reference(params: Params, entry: Entry, given: Given) -> str:
    registry = _text(params.mirror, given) or _own(entry, "registry", given) or entry.registry
    repository = _own(entry, "repository", given) or entry.repository
    digest = _own(entry, "digest", given)
    tag = _own_tag(entry, given) or entry.tag.replace("{to}", str(given.upgrade.to))
    name = "/".join(part for part in (registry, repository) if part)
    return f"{name}@{digest}" if digest else f"{name}:{tag}"


def _own(entry: Entry, leaf: str, given: Given) -> str:
    return _text(f"{entry.values}.{leaf}", given) if entry.values else ""


def _own_tag(entry: Entry, given: Given) -> str:
    tag = _own(entry, "tag", given)
    version = Version.read(tag)
    return "" if entry.takes is not None and version is not None and version not in entry.takes else tag


def _text(key: str, given: Given) -> str:
    found = _value(key, given) if key else None
    return str(found) if found not in (None, "", "…") else ""


def _value(key: str, given: Given) -> Any:
    """The value after the command, or else the target chart's default."""
    path = split_key(key)
    values = given.upgrade.after or given.upgrade.before or given.upgrade.given
    if values.has(*path):
        return values.get(*path)
    defaults = target_defaults(given)
    found = defaults(path) if defaults is not None else ABSENT
    return None if found is ABSENT else found


def _runtime(node: Object) -> str:
    return str(node.get("status", "nodeInfo", "containerRuntimeVersion", default="")).partition(":")[0]


def _linux(node: Object) -> bool:
    labels = node.get("metadata", "labels", default={}) or {}
    return bool(labels.get("kubernetes.io/os", "linux") == "linux")


def _has(node: Object, reference: str) -> bool:
    """Whether a node names the image. It lists its largest 50 only."""
    wanted = Image.parse(reference)
    names = (name for one in node.get("status", "images") or [] for name in one.get("names") or [])
    return any(_same(Image.parse(str(name)), wanted) for name in names)


def _same(have: Image, wanted: Image) -> bool:
    if have.repository != wanted.repository:
        return False
    return have.digest == wanted.digest if wanted.digest else have.tag == wanted.tag
