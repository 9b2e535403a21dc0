"""An API server on loopback that serves the objects of a dump, and misbehaves as it is told.

It knows discovery (of both kinds), lists with `limit`, `continue`, label and field selectors, metadata alone, single
objects and logs: what a real one answers to `upgradecheck`. `tests/test_live_cluster.py` asks a real one.
"""

from __future__ import annotations

import functools
import json
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import yaml

from upgradecheck.sources.live.resources import namespaced, resource_of

Objects = list[dict[str, Any]]
Fault = Callable[["Handler"], None]


@functools.cache
def dumped(folder: Path) -> Objects:
    """The objects of a recorded dump, its Helm records too."""
    found: Objects = []
    for name in ("objects.yaml", "events.yaml", "records.yaml"):
        if (folder / name).is_file():
            found += yaml.load((folder / name).read_text(encoding="utf-8"), yaml.CSafeLoader)["items"]
    return found


@dataclass
class Asked:
    """One request as it came."""

    path: str
    query: dict[str, str]
    headers: list[tuple[str, str]]

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class ApiServer:
    """`faults` by path, used up one by one; the last of `always` stays. `seen` is every request in order."""

    objects: Objects
    version: str = "v1.33.13"
    aggregated: bool = True
    absent: frozenset[str] = frozenset()
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    logs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    page: int = 0
    tls: ssl.SSLContext | None = None
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    always: dict[str, Fault] = field(default_factory=dict)
    seen: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> ApiServer:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, self))
        self._http.daemon_threads = True
        if self.tls is not None:
            self._http.socket = self.tls.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._http.server_port}"

    def kubeconfig(self, folder: Path, *, user: Mapping[str, Any] | None = None, **cluster: Any) -> Path:
        """A kubeconfig with the one context `test`."""
        path = folder / "kubeconfig"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": self.address, **cluster}}],
            "users": [{"name": "u", "user": dict(user or {"token": "the-token"})}],
        }
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        return path

    def paths(self) -> list[str]:
        return [asked.path for asked in self.seen]

    def kinds(self) -> dict[str, bool]:
        """Every kind that is served, and whether it lives in namespaces."""
        kinds = {_kind(o): namespaced(_kind(o)) for o in self.objects if _kind(o) not in self.absent}
        standard = ("Pod", "Event", "Secret", "ConfigMap", "Node", "Namespace", "DaemonSet.apps", "Deployment.apps")
        crd = "CustomResourceDefinition.apiextensions.k8s.io"
        return {**{kind: namespaced(kind) for kind in {*standard, crd} - self.absent}, **kinds}

    def versions_of(self, kind: str) -> tuple[str, ...]:
        told = {o["apiVersion"].rpartition("/")[2] for o in self.objects if _kind(o) == kind}
        return self.versions.get(kind) or (next(iter(sorted(told)), "v1"),)


def _kind(found: Mapping[str, Any]) -> str:
    group, slash, _ = str(found["apiVersion"]).partition("/")
    return f"{found['kind']}.{group}" if slash else str(found["kind"])


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def __init__(self, server: ApiServer, *args: Any) -> None:
        self.api = server
        super().__init__(*args)

    def log_message(self, *_: Any) -> None: ...

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        self.asked = Asked(split.path, dict(parse_qsl(split.query)), list(self.headers.items()))
        self.api.seen.append(self.asked)
        waiting = self.api.faults[split.path]
        fault = waiting.pop(0) if waiting else self.api.always.get(split.path)
        if fault is None:
            self.answer()
        else:
            fault(self)

    def answer(self) -> None:
        """What an API server that is well says."""
        parts = self.asked.path.strip("/").split("/")
        match parts:
            case ["version"]:
                self.send({"major": "1", "minor": "33", "gitVersion": self.api.version})
            case ["api"] | ["apis"]:
                self._discovery(parts[0])
            case ["api", version]:
                self._resources("", version)
            case ["apis", group, version]:
                self._resources(group, version)
            case ["api", _, *rest]:
                self._read("", rest)
            case ["apis", group, _, *rest]:
                self._read(group, rest)
            case _:
                self.refuse(404)

    def _discovery(self, root: str) -> None:
        kinds = [k for k in self.api.kinds() if ("." in k) == (root == "apis")]
        groups = sorted({kind.partition(".")[2] for kind in kinds})
        if self.api.aggregated and "APIGroupDiscoveryList" in self.headers["Accept"]:
            items = [{"metadata": {"name": g}, "versions": self._versions(g)} for g in groups]
            self.send({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": items})
        elif root == "api":
            self.send({"kind": "APIVersions", "versions": ["v1"]})
        else:
            groups_told = [
                {
                    "name": g,
                    "versions": [{"version": v["version"]} for v in self._versions(g)],
                    "preferredVersion": {"version": self._versions(g)[0]["version"]},
                }
                for g in groups
            ]
            self.send({"kind": "APIGroupList", "groups": groups_told})

    def _versions(self, group: str) -> list[dict[str, Any]]:
        """The versions of a group, the preferred one first, each with its resources."""
        found: dict[str, list[dict[str, Any]]] = {}
        for kind, inside in self.api.kinds().items():
            if kind.partition(".")[2] == group:
                for version in self.api.versions_of(kind):
                    found.setdefault(version, []).append(_resource(kind, inside))
        return [{"version": version, "freshness": "Current", "resources": one} for version, one in found.items()]

    def _resources(self, group: str, version: str) -> None:
        told = next((v["resources"] for v in self._versions(group) if v["version"] == version), None)
        if told is None:
            self.refuse(404)
            return
        plain = [
            {"name": r["resource"], "kind": r["responseKind"]["kind"], "namespaced": r["scope"] == "Namespaced"}
            | {"verbs": r["verbs"], "singularName": r["singularResource"]}
            for r in told
        ]
        self.send({"kind": "APIResourceList", "groupVersion": version, "resources": plain})

    def _read(self, group: str, rest: list[str]) -> None:
        match rest:
            case ["namespaces", space, "pods", pod, "log"]:
                self._log(space, pod)
            case ["namespaces", space, plural, name]:
                self._one(self._those(group, plural, space), name)
            case ["namespaces", space, plural]:
                self.list_those(self._those(group, plural, space), group, plural)
            case [plural]:
                self.list_those(self._those(group, plural, ""), group, plural)
            case _:
                self.refuse(404)

    def _those(self, group: str, plural: str, space: str) -> Objects | None:
        if (group, plural) not in {resource_of(kind) for kind in self.api.kinds()}:
            return None
        every = [o for o in self.api.objects if resource_of(_kind(o)) == (group, plural)]
        return [o for o in every if space in ("", o["metadata"].get("namespace"))]

    def list_those(self, found: Objects | None, group: str, plural: str) -> None:
        """One page of a list, typed and without the types of its items, as the real one has it."""
        if found is None:
            self.refuse(404)
            return
        query = self.asked.query
        chosen = [o for o in found if _fits(o, query.get("labelSelector", ""), query.get("fieldSelector", ""))]
        limit = min(int(query.get("limit", 0)) or len(chosen) or 1, self.api.page or 1_000_000)
        start = int(query.get("continue", "0").removeprefix("token-"))
        kind = next(k for k in self.api.kinds() if resource_of(k) == (group, plural)).partition(".")[0]
        slim = "PartialObjectMetadataList" in self.headers["Accept"]
        items = [_slim(o) if slim else _untyped(o) for o in chosen[start : start + limit]]
        more = f"token-{start + limit}" if start + limit < len(chosen) else ""
        version = f"{group}/v1" if group else "v1"
        self.send(
            {
                "kind": "PartialObjectMetadataList" if slim else f"{kind}List",
                "apiVersion": "meta.k8s.io/v1" if slim else version,
                "metadata": {"resourceVersion": "1", **({"continue": more} if more and "limit" in query else {})},
                "items": items if "limit" in query else [_untyped(o) for o in chosen],
            }
        )

    def _one(self, found: Objects | None, name: str) -> None:
        one = next((o for o in found or () if o["metadata"]["name"] == name), None)
        if one is None:
            self.refuse(404)
        else:
            self.send(one)

    def _log(self, space: str, pod: str) -> None:
        text = self.api.logs.get((pod, self.asked.query["container"]))
        if text is None:
            self.refuse(400)
        else:
            self.send_raw(200, text.encode(), "text/plain")

    def send(self, told: Any) -> None:
        self.send_raw(200, json.dumps(told, default=str).encode(), "application/json")

    def refuse(self, code: int, **headers: str) -> None:
        """A Status as the API server gives it."""
        told = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "message": "as it was told"}
        self.send_raw(code, json.dumps(told).encode(), "application/json", **headers)

    def send_raw(self, code: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response_only(code)
        self.send_header("Date", formatdate(1795269600, usegmt=True))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def _resource(kind: str, inside: bool) -> dict[str, Any]:
    return {
        "resource": resource_of(kind)[1],
        "responseKind": {"kind": kind.partition(".")[0]},
        "scope": "Namespaced" if inside else "Cluster",
        "singularResource": kind.partition(".")[0].lower(),
        "verbs": ["get", "list"],
    }


def _untyped(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in ("apiVersion", "kind")}


def _slim(found: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": found["metadata"]}


def _fits(found: Mapping[str, Any], labels: str, fields: str) -> bool:
    own = found["metadata"].get("labels") or {}
    return all(own.get(k) == v for k, v in _pairs(labels)) and all(str(found.get(k)) == v for k, v in _pairs(fields))


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    return [(key, value) for key, _, value in (part.partition("=") for part in text.split(",")) if key]


# What can go wrong. Each is a way to answer one request.


def status(code: int, **headers: str) -> Fault:
    return lambda handler: handler.refuse(code, **headers)


def raw(body: bytes, kind: str = "application/json", code: int = 200, **headers: str) -> Fault:
    return lambda handler: handler.send_raw(code, body, kind, **headers)


def well(handler: Handler) -> None:
    handler.answer()


def reset(handler: Handler) -> None:
    """Half a page, then the connection is torn down."""
    handler.send_response_only(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"kind": "PodList", "items": [' + b" " * 5000)
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def stall(handler: Handler) -> None:
    """Not a byte, until the test is over."""
    handler.api.closing.wait(30)
    handler.close_connection = True


def trickle(handler: Handler) -> None:
    """A byte now and then, which would reset a timeout that only counts silence."""
    handler.send_response_only(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.api.closing.wait(0.02):
        try:
            handler.wfile.write(b" ")
        except OSError:
            break
    handler.close_connection = True
