"""Takes in objects that a program hands over: maps as a client library gives them, or objects already."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..model import NOWHERE, Object, group_kind
from .evidence import Listed
from .manifests import stripped
from .pieces import Piece
from .reading import Reading
from .records import is_record
from .stamps import KINDS, newest_stamp


def reading_of(handed: Iterable[Mapping[str, Any] | Object]) -> Reading:
    """Everything in them. A List, typed or not, proves the same as one in a file."""
    reading = Reading(Piece(NOWHERE, (), bytes))
    for given in handed:
        if isinstance(given, Object):
            _add(reading, given, lambda given=given: given.data)  # type: ignore[misc]
        elif _is_list(given):
            _list(reading, given)
        else:
            _map(reading, given)
    return reading


def _is_list(given: Mapping[str, Any]) -> bool:
    kind = given.get("kind")
    return isinstance(kind, str) and kind.endswith("List") and isinstance(given.get("items"), list)


def _list(reading: Reading, given: Mapping[str, Any]) -> None:
    kind, api = given["kind"].removesuffix("List"), str(given.get("apiVersion") or "")
    typed = {"apiVersion": api, "kind": kind} if kind else {}
    listed = Listed((), empty=group_kind(api, kind) if kind and not given["items"] else "")
    for item in given["items"]:
        found = _map(reading, {**typed, **item})
        listed.add(found.group_kind, found.namespace)
    reading.lists.append(listed)


def _map(reading: Reading, given: Mapping[str, Any]) -> Object:
    if given.get("kind") in KINDS:
        reading.newest = max(reading.newest, newest_stamp(json.dumps(given, default=str).encode()))
    return _add(reading, Object.of(given), lambda: given)


def _add(reading: Reading, found: Object, whole: Callable[[], Any]) -> Object:
    kept = stripped(found)
    reading.objects.append(kept)
    if is_record(found):
        reading.records.append((kept, whole))
    return kept
