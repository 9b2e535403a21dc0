"""Objects by kind, namespace and name, and which of several readings of one object is believed."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Object

Key = tuple[str, str, str]
"""Namespace, name, and, for an object without a name, its origin, so that such objects do not hide each other."""


def index(objects: Iterable[Object]) -> dict[str, dict[Key, tuple[Object, ...]]]:
    """Every reading of every object, by kind and key."""
    kinds: dict[str, dict[Key, tuple[Object, ...]]] = {}
    for found in objects:
        key = (found.namespace, found.name, "" if found.name else str(found.origin))
        keys = kinds.setdefault(found.group_kind, {})
        keys[key] = (*keys.get(key, ()), found)
    return kinds


def newest(same: tuple[Object, ...]) -> Object:
    """Of the same object from several files the one with the greatest resourceVersion; never merged."""
    if len(same) == 1:
        return same[0]
    return max(sorted(same, key=lambda o: o.origin), key=_revision)


def _revision(found: Object) -> int:
    told = str(found.get("metadata", "resourceVersion", default=""))
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 20 else -1


def version_order(told: str) -> tuple[bool, object]:
    """Sort key for versions as told; what is no version comes before all that are."""
    from .versions import Version

    version = Version.read(told)
    return (version is not None, version or told)
