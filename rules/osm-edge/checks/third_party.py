"""Images of Prometheus, Grafana and Jaeger: what was set by hand and the chart puts back, and what goes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from upgradecheck.checks.collecting import NO_VALUES
from upgradecheck.checks.defaults import ABSENT, Defaults, start_keys, target_defaults
from upgradecheck.checks.given import Given, Looking, Sighting
from upgradecheck.checks.roles import playing
from upgradecheck.images import Image
from upgradecheck.model import Evidence, Object, Path, Subject, Values
from upgradecheck.tables import split_key
from upgradecheck.versions import Version


@dataclass(frozen=True, slots=True)
class Row:
    """The values `key` that is the image of a `container` in the Deployments that play a `role`.
    `source` is where the fact is written."""

    role: str
    container: str
    key: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`look` for images that were set by hand and that the upgrade puts `back`, or for a command that sets an image
    `older` than the one that runs. `rows` say where the images stand."""

    look: Literal["back", "older"]
    rows: tuple[Row, ...]


FACTS: Mapping[str, str] = {
    "name": "the Deployment",
    "namespace": "its namespace",
    "container": "the container",
    "image": "the image that runs",
    "then": "the image after the command",
    "key": "the values key that keeps the image",
    "count": "how many there are, where the rule has `many`",
    "names": "the names of all, where the rule has `many`",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"values", *(row.role for row in params.rows)})


def run(params: Params, given: Given) -> Looking:
    for row in params.rows:
        for workload in playing(given.cluster, given.component, row.role, given.upgrade.namespace):
            for path, image in _images(workload, row.container):
                yield from (_back if params.look == "back" else _older)(row, workload, path, image, given)


def _images(workload: Object, container: str) -> Iterator[tuple[Path, str]]:
    for index, one in enumerate(workload.get("spec", "template", "spec", "containers") or []):
        if one.get("name") == container and one.get("image"):
            yield ("spec", "template", "spec", "containers", index, "image"), str(one["image"])


def _back(row: Row, workload: Object, path: Path, image: str, given: Given) -> Looking:
    """What runs is neither what the release has nor what it will have."""
    upgrade, start = given.upgrade, start_keys(given)
    command = upgrade.command
    if command is not None and command.tool == "kubectl":
        return
    chart = _wanted(row.key, None, start.default if start is not None else None)
    if upgrade.before is None and image != chart:
        yield NO_VALUES
        return
    now = _wanted(row.key, upgrade.before, start.default if start is not None else None)
    then = _wanted(row.key, upgrade.after, target_defaults(given))
    if "" not in (now, then) and image not in (now, then):
        yield _sighting(row, workload, path, image, then, given)


def _wanted(key: str, values: Values | None, defaults: Defaults | None) -> str:
    """The image by the values, or else by the chart; empty where nothing tells."""
    place = split_key(key)
    if values is not None and values.has(*place):
        return str(values.get(*place))
    found = defaults(place) if defaults is not None else ABSENT
    return "" if found is ABSENT else str(found)


def _older(row: Row, workload: Object, path: Path, image: str, given: Given) -> Looking:
    for applied in given.upgrade.applied:
        if applied.key == workload.key:
            then = str(applied.get(*path) or "")
            before, after = Version.read(Image.parse(image).tag), Version.read(Image.parse(then).tag)
            if before is not None and after is not None and after < before:
                yield _sighting(row, workload, path, image, then, given)


def _sighting(row: Row, workload: Object, path: Path, image: str, then: str, given: Given) -> Sighting:
    facts: dict[str, Any] = {
        "name": workload.name,
        "namespace": workload.namespace,
        "container": row.container,
        "image": image,
        "then": then,
        "key": row.key,
    }
    evidence = (Evidence(f"{workload.name}: image", workload.at(*path)),)
    subject = Subject(workload.group_kind, workload.name, workload.namespace)
    return Sighting(subject, facts, evidence, (workload,))
