"""A pack of one rule and a dump of ConfigMaps, for the tests of what is accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scanning import NOW, Ran, upgradecheck

RULE = """\
title: A ConfigMap has the old key
severity: error
aliases: [mine/earlier-name]
check: object
params:
  kind: ConfigMap
  where: {data.old: {exists: true}}
message: "{name} has the old key"
many: "{count} ConfigMaps have the old key: {names}"
outcome: breaks
says: it breaks
remedy:
  - {phase: before, run: "kubectl delete configmap {name}"}
why: Because.
"""
PREFIX = "ignore.upgradecheck.io/"


def config_map(name: str, namespace: str = "shop", key: str = "old", **annotations: str) -> dict[str, Any]:
    """A ConfigMap. Annotations are given by the end of their key, `__` for a dot and `_` for a dash."""
    told = {PREFIX + end.replace("__", ".").replace("_", "-"): reason for end, reason in annotations.items()}
    metadata = {"name": name, "namespace": namespace, "annotations": told}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {key: "1"}}


def write(folder: Path, *maps: dict[str, Any], rule: str = RULE) -> None:
    """The dump `dump.json` and the pack `mine` in a folder."""
    listed = {"apiVersion": "v1", "kind": "List", "items": list(maps)}
    (folder / "dump.json").write_text(json.dumps(listed, indent=1))
    (folder / "mine").mkdir(exist_ok=True)
    (folder / "mine" / "old-key.yaml").write_text(rule)


def words(*options: str) -> list[str]:
    """The arguments of a scan of that folder by that rule."""
    return ["dump.json", "--rules", "mine", "--select", "mine", "--to", "cilium=1.12.0", "--now", NOW, *options]


def scan(folder: Path, *options: str) -> Ran:
    return upgradecheck("scan", *words("-o", "json", *options), cwd=folder)


def entries(folder: Path, *entries: dict[str, Any], **more: Any) -> None:
    """An upgradecheck.yaml with these entries; JSON is YAML."""
    (folder / "upgradecheck.yaml").write_text(json.dumps({"suppress": list(entries), **more}, indent=1))


def names(ran: Ran) -> list[str]:
    """The names of the objects of every finding."""
    return sorted(one["name"] for finding in ran.report["findings"] for one in finding["objects"])


def held(ran: Ran) -> list[tuple[str, str, str]]:
    """Subject, reason and means of everything that is suppressed."""
    return [(one["subject"]["name"], one["reason"], one["by"]) for one in ran.report["suppressed"]]


def told(ran: Ran) -> list[tuple[str, str]]:
    return [(one["kind"], one["text"]) for one in ran.report["notices"]]
