"""Helm's release records: what there is by their labels, and whole only the revision that runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from ...model import Object, Origin
from ..manifests import RECORD_PREFIX, stripped
from .discovery import Resource
from .faults import Absent, Fault
from .transport import Transport

SELECTOR = {"labelSelector": "owner=helm"}

Item = dict[str, Any]


def needed(items: Collection[Item], whole: Collection[str]) -> list[Item]:
    """The records that have to be read whole: of each release the one that is deployed, or else the newest; every one
    of the releases in `whole`, where "" stands for all."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault((_space(item), _label(item, "name") or _name(item)), []).append(item)
    chosen: list[Item] = []
    for (_, name), group in sorted(groups.items()):
        newest_first = sorted(group, key=_revision, reverse=True)
        if "" in whole or name in whole:
            chosen += newest_first
        else:
            chosen.append(next((i for i in newest_first if _label(i, "status") == "deployed"), newest_first[0]))
    return chosen


def records(
    transport: Transport,
    resource: Resource,
    items: Collection[Item],
    whole: Collection[str],
    failed: Callable[[str, Fault], None],
) -> Iterator[tuple[Object, Callable[[], Item]]]:
    """Each record as an object without its data, and what builds it, with its data where that was read.

    `failed` is told the namespace and the fault of one that could not be read.
    """
    items = [item for item in items if _name(item).startswith(RECORD_PREFIX)]
    wanted = {id(item) for item in needed(items, whole)}
    for item in items:
        path = resource.item(_name(item), _space(item))
        data = item
        if id(item) in wanted:
            try:
                data = transport.json(path)
            except Absent:
                continue  # gone since it was listed
            except Fault as fault:
                failed(_space(item), fault)
        typed = {**data, "apiVersion": resource.api_version, "kind": resource.kind}
        yield stripped(Object.of(typed, Origin(path))), lambda typed=typed: typed  # type: ignore[misc]


def _metadata(item: Item) -> Mapping[str, Any]:
    found = item.get("metadata")
    return found if isinstance(found, Mapping) else {}


def _name(item: Item) -> str:
    return str(_metadata(item).get("name") or "")


def _space(item: Item) -> str:
    return str(_metadata(item).get("namespace") or "")


def _label(item: Item, name: str) -> str:
    labels = _metadata(item).get("labels")
    return str(labels.get(name) or "") if isinstance(labels, Mapping) else ""


def _revision(item: Item) -> int:
    told = _label(item, "version") or _name(item).rpartition(".v")[2]
    return int(told) if told.isascii() and told.isdigit() else 0
