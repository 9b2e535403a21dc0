"""A small cluster, and the many ways in which a person may have written it down. For the tests of what is read."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from upgradecheck.cluster import Cluster

SHARED_DUMPS = Path(__file__).parents[2] / "shared" / "dumps"
CANARY = "hunter2-canary"


def obj(api: str, kind: str, name: str, namespace: str = "", version: int = 1, **more: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "resourceVersion": str(version)}
    if namespace:
        metadata["namespace"] = namespace
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **more}


STATE = [
    obj("v1", "Namespace", "kube-system"),
    obj("v1", "Namespace", "shop"),
    obj("v1", "Node", "node-1", status={"nodeInfo": {"kubeletVersion": "v1.33.1"}}),
    obj("v1", "Node", "node-2", status={"nodeInfo": {"kubeletVersion": "v1.32.9"}}),
    obj(
        "v1", "Pod", "agent-x", "kube-system", spec={"nodeName": "node-1"}, status={"startTime": "2026-11-21T10:00:00Z"}
    ),
    obj("v1", "Pod", "web-1", "shop", spec={"nodeName": "node-2"}),
    obj("v1", "Pod", "web-2", "shop", spec={"nodeName": "node-2"}),
    obj("apps/v1", "DaemonSet", "agent", "kube-system", spec={"replicas": None}),
    obj("v1", "Event", "web-1.17", "shop", reason="FailedScheduling", lastTimestamp="2026-11-21T12:30:00Z"),
    obj("v1", "Secret", "login", "shop", data={"password": base64.b64encode(CANARY.encode()).decode()}),
    obj("example.io/v1", "Thing", "one", "shop", spec={"on": True}),
]


def as_list(objects: list[dict[str, Any]]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": objects}


def typed(api: str, kind: str, objects: list[dict[str, Any]]) -> dict[str, Any]:
    """A typed list as the API itself gives it: its items carry neither kind nor apiVersion."""
    items = [{k: v for k, v in o.items() if k not in ("kind", "apiVersion")} for o in objects]
    return {"kind": kind, "apiVersion": api, "metadata": {"resourceVersion": "9"}, "items": items}


def to_yaml(*documents: Any) -> str:
    return "---\n".join(yaml.safe_dump(d) for d in documents)


def tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def tar(files: Mapping[str, str | bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def shown(cluster: Cluster) -> dict[str, Any]:
    """Everything in a cluster that does not depend on where it was read."""
    return {
        "objects": {kind: [o.data for o in cluster.of(kind)] for kind in cluster.kinds()},
        "releases": [(r.namespace, r.name, r.chart, r.version, r.status) for r in cluster.releases],
        "logs": [(g.namespace, g.pod, g.container, g.previous, list(g.lines())) for g in cluster.logs()],
        "server": cluster.server,
        "newest": cluster.newest,
    }


def record(
    name: str,
    revision: int,
    status: str = "deployed",
    *,
    namespace: str = "kube-system",
    version: str = "1.0.0",
    chart: str = "tiny-chart",
    config: Mapping[str, Any] | None = None,
    manifest: str = "",
    configmap: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """A Helm release record, encoded as Helm does it."""
    told = {
        "name": name,
        "namespace": namespace,
        "version": revision,
        "info": {"status": status},
        "chart": {"metadata": {"name": chart, "version": version, "appVersion": "9"}, "values": {"colour": "blue"}},
        "config": config or {},
        "manifest": manifest,
        **more,
    }
    encoded = base64.b64encode(gzip.compress(json.dumps(told).encode(), mtime=0)).decode()
    made = obj("v1", "ConfigMap" if configmap else "Secret", f"sh.helm.release.v1.{name}.v{revision}", namespace)
    made["metadata"]["labels"] = {"name": name, "owner": "helm", "status": status, "version": str(revision)}
    made["data"] = {"release": encoded if configmap else base64.b64encode(encoded.encode()).decode()}
    return made
