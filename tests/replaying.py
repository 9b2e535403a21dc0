"""Fills a real control plane as a recorded case was, by the case's own `record`, and dumps it to a scratch folder."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from control_plane import ControlPlane, Starting
from scanning import FIXTURES

CLUSTERS = FIXTURES / "clusters"
STAMP = "2026-11-21T10:00:00.000000000Z stderr F"


@dataclass(frozen=True)
class Replayed:
    """A case as it runs now. `folder` has `dump/` and everything that its command names."""

    case: str
    plane: ControlPlane
    folder: Path


def replay(case: str, start: Starting, folder: Path, namespace: str, logs: Mapping[str, str] | None = None) -> Replayed:
    """Run one case again on a control plane of its own.

    `logs` by container are what the Pods of `namespace` said; without them the case's kwok.yaml tells. The logs and
    the rest of that namespace are dumped by `kubectl cluster-info dump` besides.
    """
    for shared in ("charts", "noise"):
        shutil.copytree(CLUSTERS / shared, folder / shared)
    shutil.copy(CLUSTERS / "steps.sh", folder)
    copied = shutil.copytree(CLUSTERS / case, folder / case, ignore=shutil.ignore_patterns("dump", "expected.txt"))
    told = dict(word.split("=", 1) for word in shlex.split((copied / "cluster").read_text(encoding="utf-8")))
    if config := _kwok(copied, namespace, logs):
        told["KWOK_CONFIG"] = str(config)
    plane = start(**told)
    plane.run(str(copied / "record"))
    plane.kubectl(
        "cluster-info", "dump", "--namespaces", namespace, "--output-directory", str(copied / "dump" / "cluster-info")
    )
    return Replayed(case, plane, copied)


def _kwok(copied: Path, namespace: str, logs: Mapping[str, str] | None) -> Path | None:
    """The file that tells kwok what the Pods' logs say."""
    path = copied / "kwok.yaml"
    if logs is None:
        if not path.is_file():
            return None
        path.write_text(path.read_text(encoding="utf-8").replace("@case@", str(copied)), encoding="utf-8")
        return path
    entries = []
    for container, text in logs.items():
        file = copied / f"{container}.log"
        file.write_text("".join(f"{STAMP} {line}\n" for line in text.splitlines()), encoding="utf-8")
        entries.append({"containers": [container], "logsFile": str(file)})
    spec = {"selector": {"matchNamespaces": [namespace]}, "logs": entries}
    api = {"apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "ClusterLogs", "metadata": {"name": "said"}}
    path.write_text(yaml.safe_dump({**api, "spec": spec}), encoding="utf-8")
    return path
