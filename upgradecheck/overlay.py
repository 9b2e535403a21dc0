"""What an object becomes when another is applied over it, as `kubectl apply` computes it on the client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .model import Object

_STRATEGIC = frozenset({"", "apps", "batch", "policy", "autoscaling", "networking.k8s.io", "storage.k8s.io"})
"""Groups of Kubernetes' own kinds whose lists are joined by name; those of custom resources are replaced."""

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def overlay(applied: Object, live: Object | None) -> Object:
    """`applied` over `live`: what the file names is set, what an earlier apply set and the file no longer has goes.

    Lists are replaced, except lists of maps with a `name` in Kubernetes' own kinds, which are joined by it.
    """
    if live is None:
        return applied
    origin, locate = applied.origin, lambda path: applied.at(*path).line
    strategic = applied.group_kind.partition(".")[2] in _STRATEGIC

    def build() -> dict[str, Any]:
        merged = _merge(live.data, applied.data, _last_applied(live), strategic)
        return merged if isinstance(merged, dict) else {}

    return Object(applied.api_version, applied.kind, live.namespace, live.name, origin, build, locate)


def _last_applied(live: Object) -> Any:
    told = live.get("metadata", "annotations", LAST_APPLIED)
    if not isinstance(told, str):
        return None
    try:
        return json.loads(told)
    except (ValueError, RecursionError):
        return None


def _merge(live: Any, applied: Any, last: Any, strategic: bool) -> Any:
    if isinstance(live, Mapping) and isinstance(applied, Mapping):
        return _merge_maps(live, applied, last if isinstance(last, Mapping) else {}, strategic)
    if strategic and _named(live) and _named(applied):
        return _merge_named(live, applied, last if _named(last) else [])
    return applied


def _merge_maps(
    live: Mapping[str, Any], applied: Mapping[str, Any], last: Mapping[str, Any], strategic: bool
) -> dict[str, Any]:
    merged = {key: value for key, value in live.items() if key in applied or key not in last}
    for key, value in applied.items():
        if value is None:
            merged.pop(key, None)
        elif key in live:
            merged[key] = _merge(live[key], value, last.get(key), strategic)
        else:
            merged[key] = value
    return merged


def _merge_named(live: list[Any], applied: list[Any], last: list[Any]) -> list[Any]:
    there = {item["name"]: item for item in live}
    named = {item["name"] for item in applied}
    before = {item["name"]: item for item in last}
    merged = [_merge(there[i["name"]], i, before.get(i["name"]), True) if i["name"] in there else i for i in applied]
    return merged + [i for i in live if i["name"] not in named and i["name"] not in before]


def _named(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(i, Mapping) and isinstance(i.get("name"), str) for i in value)
