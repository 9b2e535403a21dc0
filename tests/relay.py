"""Stands between the scan and a real API server: knows every request, and can do something before one goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import yaml
from control_plane import ControlPlane

PASSED = ("Authorization", "Accept", "Impersonate-User", "Impersonate-Group")


@dataclass(frozen=True)
class Passed:
    """One request, and of its answer the status, the bytes and what the server warns of."""

    path: str
    query: dict[str, str]
    status: int
    size: int
    warning: str


@dataclass
class Relay:
    """`before` is called with path and query of each request before it goes on to the API server."""

    plane: ControlPlane
    before: Callable[[str, dict[str, str]], None] = lambda path, query: None
    passed: list[Passed] = field(default_factory=list)

    def __enter__(self) -> Relay:
        relay = self
        entry = yaml.safe_load(self.plane.kubeconfig.read_text(encoding="utf-8"))["clusters"][0]["cluster"]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = entry["certificate-authority"]

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def log_message(self, *_: Any) -> None: ...

            def do_GET(self) -> None:
                relay.pass_on(self, entry["server"])

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self.session.close()

    def pass_on(self, handler: BaseHTTPRequestHandler, server: str) -> None:
        split = urlsplit(handler.path)
        query = dict(parse_qsl(split.query))
        self.before(split.path, query)
        headers = {name: handler.headers[name] for name in PASSED if name in handler.headers}
        told = self.session.get(server + handler.path, headers=headers, timeout=60)
        self.passed.append(
            Passed(split.path, query, told.status_code, len(told.content), told.headers.get("Warning", ""))
        )
        handler.send_response_only(told.status_code)
        for name in ("Content-Type", "Date", "Retry-After"):
            if name in told.headers:
                handler.send_header(name, told.headers[name])
        handler.send_header("Content-Length", str(len(told.content)))
        handler.end_headers()
        handler.wfile.write(told.content)

    def kubeconfig(self, folder: Path) -> Path:
        """The admin's kubeconfig, through here."""
        told = yaml.safe_load(self.plane.kubeconfig.read_text(encoding="utf-8"))
        told["clusters"][0]["cluster"] = {"server": f"http://127.0.0.1:{self._http.server_port}"}
        path = folder / "relayed"
        path.write_text(yaml.safe_dump(told), encoding="utf-8")
        return path

    def paths(self) -> list[str]:
        return [passed.path for passed in self.passed]
