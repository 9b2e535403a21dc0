"""Objects as they will be after `kubectl patch` and `kubectl set image`."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from ..cluster import Cluster
from ..coverage import names_of
from ..model import Command, Object, Origin
from .applied import Target, applied_images, applied_patch


def patched(cluster: Cluster, command: Command | None) -> tuple[Object, ...]:
    """Each object that the command names and the cluster has, as it will be. A JSON patch is not worked out here.

    Raises UsageError for a patch that cannot be read.
    """
    if command is None or command.tool != "kubectl" or command.verb not in ("patch", "set image"):
        return ()
    origin = Origin(f"kubectl {command.verb}")
    if command.verb == "patch":
        patch = applied_patch(command)
        if patch.type == "json" or not isinstance(patch.body, Mapping):
            return ()
        live = _named(cluster, patch.targets, patch.namespace)
        return tuple(Object.of(_merged(found.data, patch.body), origin) for found in live)
    wanted = applied_images(command)
    live = _named(cluster, wanted.targets, wanted.namespace)
    return tuple(Object.of(_with_images(found.data, wanted.images), origin) for found in live)


def _named(cluster: Cluster, targets: tuple[Target, ...], namespace: str) -> Iterator[Object]:
    """An object whose namespace is not said is taken where it is, if it is in one place only."""
    for word, name in targets:
        for kind in cluster.kinds():
            if word.lower() not in names_of(kind):
                continue
            found = [o for o in cluster.of(kind, namespace or None) if o.name == name]
            if len(found) == 1:
                yield found[0]


def _merged(live: Any, patch: Any) -> Any:
    """RFC 7386: maps are merged, null deletes, everything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(live) if isinstance(live, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged


def _with_images(live: Mapping[str, Any], images: Mapping[str, str]) -> dict[str, Any]:
    changed = copy.deepcopy(dict(live))
    spec = changed.get("spec") or {}
    pod = (spec.get("template") or {}).get("spec") or spec
    for container in [*(pod.get("containers") or []), *(pod.get("initContainers") or [])]:
        image = images.get(container.get("name"), images.get("*"))
        if image:
            container["image"] = image
    return changed
