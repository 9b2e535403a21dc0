"""Writes a synthetic cluster dump of a wanted size, shaped as `kubectl get -A -o yaml` prints one.

By count: 45% Pods with status and managedFields, 18% Events, 12% Deployments with the last-applied
annotation, 9% Services, 8% custom resources, 7% ConfigMaps with embedded files, 1% CRDs of some 300 KB.
The same number always gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Tree = dict[str, Any]

SHAPES = ("list", "documents", "json")
_TEXT = "ready volume node image probe network policy agent limit cache update schema status field object list"
_WORDS = _TEXT.split()
_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9_./@%()=+ -]*(?<! )(?:[:,][A-Za-z0-9/@.]+)*")
_NOT_STRINGS = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|~|")


def objects(size: int) -> Iterator[Tree]:
    """Objects whose YAML is `size` bytes or a little more."""
    chance = random.Random(7)
    kinds: tuple[Callable[[random.Random, int], Tree], ...]
    kinds = (_pod, _event, _deployment, _service, _custom, _config, _crd)
    left, number = size, 0
    while left > 0:
        make = chance.choices(kinds, weights=(45, 18, 12, 9, 8, 7, 1))[0] if number else _crd
        made = make(chance, number)
        left -= len(as_yaml(made, 0)) + 4
        number += 1
        yield made


def write(path: Path, size: int, shape: str) -> int:
    """Writes one dump and gives the number of its objects; `shape` is one of SHAPES."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        if shape == "json":
            made = list(objects(size))
            whole = {"apiVersion": "v1", "items": made, "kind": "List", "metadata": {"resourceVersion": ""}}
            json.dump(whole, out, indent=4)
            return len(made)
        out.write("apiVersion: v1\nitems:\n" if shape == "list" else "")
        for count, made in enumerate(objects(size), 1):  # noqa: B007
            out.write(_item(made) if shape == "list" else f"---\n{as_yaml(made, 0)}")
        out.write('kind: List\nmetadata:\n  resourceVersion: ""\n' if shape == "list" else "")
    return count


def as_yaml(value: Any, indent: int) -> str:
    """A map or list in the layout that kubectl prints."""
    space = " " * indent
    if isinstance(value, list):
        return "".join(f"{space}- {_under_dash(entry, indent)}" for entry in value)
    return "".join(f"{space}{_scalar(key, 0)}:{_after_colon(entry, indent)}" for key, entry in sorted(value.items()))


def _item(made: Tree) -> str:
    return "- " + as_yaml(made, 2)[2:]


def _under_dash(entry: Any, indent: int) -> str:
    if isinstance(entry, dict | list) and entry:
        return as_yaml(entry, indent + 2)[indent + 2 :]
    return _scalar(entry, indent) + "\n"


def _after_colon(entry: Any, indent: int) -> str:
    if isinstance(entry, dict) and entry:
        return "\n" + as_yaml(entry, indent + 2)
    if isinstance(entry, list) and entry:
        return "\n" + as_yaml(entry, indent)
    return f" {_scalar(entry, indent)}\n"


def _scalar(value: Any, indent: int) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if "\n" in value and "\t" not in value:
        lines = value.rstrip("\n").split("\n")
        return ("|" if value.endswith("\n") else "|-") + "".join(f"\n{' ' * (indent + 2)}{line}" for line in lines)
    if _PLAIN.fullmatch(value) and not _NOT_STRINGS.fullmatch(value):
        return value
    return value if value.startswith(("f:", "k:", ".")) else json.dumps(value)


def _meta(chance: random.Random, name: str, number: int) -> Tree:
    return {
        "creationTimestamp": f"2026-10-{1 + number % 28:02d}T08:{number % 60:02d}:13Z",
        "labels": {"app.kubernetes.io/name": name, "tier": chance.choice(_WORDS), "track": "stable"},
        "name": f"{name}-{number}",
        "namespace": f"team-{number % 23}",
        "resourceVersion": str(1000 + number),
        "uid": f"{chance.getrandbits(64):016x}-{number:012d}",
    }


def _managed(chance: random.Random, depth: int = 3) -> Tree:
    if depth == 0:
        return {}
    fields = {f"f:{word}{depth}": _managed(chance, depth - 1) for word in chance.sample(_WORDS, 3)}
    return {".": {}, 'k:{"type":"Ready"}': {".": {}, "f:type": {}}, **fields}


def _container(chance: random.Random, name: str) -> Tree:
    return {
        "args": ["--config=/etc/app/config.yaml", "--v=2", f"--cache={chance.randrange(900)}"],
        "env": [{"name": word.upper(), "value": str(chance.randrange(99))} for word in chance.sample(_WORDS, 5)],
        "image": f"registry.example.com/shop/{name}:v1.{chance.randrange(40)}.{chance.randrange(9)}",
        "imagePullPolicy": "IfNotPresent",
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10},
        "name": name,
        "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
        "resources": {"limits": {"cpu": "1", "memory": "512Mi"}, "requests": {"cpu": "100m", "memory": "64Mi"}},
        "volumeMounts": [{"mountPath": "/var/run/secrets/token", "name": "token", "readOnly": True}],
    }


def _pod_spec(chance: random.Random) -> Tree:
    return {
        "containers": [_container(chance, word) for word in chance.sample(_WORDS, chance.randrange(1, 4))],
        "dnsPolicy": "ClusterFirst",
        "nodeName": f"node-{chance.randrange(200)}",
        "priority": 0,
        "serviceAccountName": "default",
        "terminationGracePeriodSeconds": 30,
        "tolerations": [{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists"}],
        "volumes": [{"name": "token", "projected": {"defaultMode": 420, "sources": [{"downwardAPI": {}}]}}],
    }


def _pod(chance: random.Random, number: int) -> Tree:
    meta = _meta(chance, "web", number)
    meta["managedFields"] = [{"apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": _managed(chance)}]
    types = ("Initialized", "Ready", "ContainersReady", "PodScheduled")
    conditions = [{"lastTransitionTime": "2026-10-02T10:00:00Z", "status": "True", "type": kind} for kind in types]
    status = {"conditions": conditions, "phase": "Running", "podIP": f"10.0.{number % 250}.7", "qosClass": "Burstable"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": _pod_spec(chance), "status": status}


def _deployment(chance: random.Random, number: int) -> Tree:
    meta = _meta(chance, "api", number)
    labels = {"app": "api"}
    spec = {
        "replicas": 3,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": _pod_spec(chance)},
    }
    made = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": meta["name"]}, "spec": spec}
    applied = json.dumps(made, separators=(",", ":")) + "\n"
    meta["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": applied}
    return {**made, "metadata": meta, "status": {"availableReplicas": 3, "observedGeneration": 4, "replicas": 3}}


def _event(chance: random.Random, number: int) -> Tree:
    return {
        "apiVersion": "v1",
        "count": chance.randrange(1, 90),
        "eventTime": None,
        "firstTimestamp": "2026-10-02T10:00:00Z",
        "involvedObject": {"kind": "Pod", "name": f"web-{number}", "namespace": "team-3", "fieldPath": "spec"},
        "kind": "Event",
        "message": "Readiness probe failed: " + " ".join(chance.choices(_WORDS, k=9)),
        "metadata": _meta(chance, "web", number),
        "reason": "Unhealthy",
        "source": {"component": "kubelet"},
        "type": "Warning",
    }


def _service(chance: random.Random, number: int) -> Tree:
    ports = [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080}]
    spec = {"clusterIP": f"10.1.{number % 250}.9", "ports": ports, "selector": {"app": "api"}, "type": "ClusterIP"}
    meta = _meta(chance, "svc", number)
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec, "status": {"loadBalancer": {}}}


def _custom(chance: random.Random, number: int) -> Tree:
    rules = [{"host": word, "weight": chance.random(), "enabled": chance.random() < 0.5} for word in _WORDS]
    meta = _meta(chance, "route", number)
    return {"apiVersion": "mesh.example.com/v1beta1", "kind": "Route", "metadata": meta, "spec": {"rules": rules}}


def _config(chance: random.Random, number: int) -> Tree:
    lines = [
        f"{word}: {{enabled: true, share: {chance.random():.3f}}}  # {word}" for word in chance.choices(_WORDS, k=60)
    ]
    tabs = "\n".join(f"{word}\t=\t{chance.random():.3f}" for word in chance.choices(_WORDS, k=20))
    data = {
        "app.conf": tabs,
        "config.yaml": "\n".join(lines) + "\n",
        "run.sh": "if ! test -f *.txt; then\n  exit 1\nfi\n",
    }
    return {"apiVersion": "v1", "data": data, "kind": "ConfigMap", "metadata": _meta(chance, "settings", number)}


def _schema(chance: random.Random, depth: int) -> Tree:
    text = " ".join(chance.choices(_WORDS, k=30)).capitalize()
    if depth == 0:
        return {"description": text, "type": chance.choice(("string", "integer", "boolean"))}
    below = {f"{word}{depth}": _schema(chance, depth - 1) for word in chance.sample(_WORDS, 6)}
    return {"description": text, "properties": below, "type": "object"}


def _crd(chance: random.Random, number: int) -> Tree:
    version = {"name": "v1", "schema": {"openAPIV3Schema": _schema(chance, 4)}, "served": True, "storage": True}
    names = {"kind": f"Route{number}", "plural": f"routes{number}", "singular": f"route{number}"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {**_meta(chance, "routes", number), "namespace": ""},
        "spec": {"group": "mesh.example.com", "names": names, "scope": "Namespaced", "versions": [version]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--shape", choices=SHAPES, default="list")
    given = parser.parse_args()
    count = write(given.path, int(given.megabytes * 1_000_000), given.shape)
    print(f"{given.path}: {count} objects, {given.path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
