"""The connection that a configuration of the `kubernetes` client asks for: its certificates, names and proxy."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import should_bypass_proxies
from urllib3 import HTTPHeaderDict


def session_of(configuration: Any, groups: Sequence[str] = ()) -> requests.Session:
    """A session that takes nothing from the environment but what the configuration has taken from it."""
    session = requests.Session()
    session.trust_env = False  # a ~/.netrc would overrule the token
    session.verify = configuration.ssl_ca_cert or True if configuration.verify_ssl else False
    if configuration.cert_file:
        key = configuration.key_file
        session.cert = (configuration.cert_file, key) if key else configuration.cert_file
    if configuration.proxy and not should_bypass_proxies(configuration.host, configuration.no_proxy or ""):
        session.proxies = {"http": configuration.proxy, "https": configuration.proxy}
    adapter = _Adapter(_tls(configuration), groups)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _tls(configuration: Any) -> dict[str, Any]:
    names = {"server_hostname": configuration.tls_server_name, "assert_hostname": configuration.assert_hostname}
    pool = {name: value for name, value in names.items() if value is not None and value != ""}
    if configuration.verify_ssl and not configuration.ssl_ca_cert and configuration.host.startswith("https"):
        pool["ssl_context"] = ssl.create_default_context()  # the system's authorities, as kubectl has it
    return pool


class _Adapter(HTTPAdapter):
    """Knows the name that the server's certificate bears, and says each group that is impersonated in its own line."""

    def __init__(self, pool: dict[str, Any], groups: Sequence[str]) -> None:
        self._pool = pool
        self._groups = groups
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **{**more, **self._pool})

    def add_headers(self, request: requests.PreparedRequest, **_: Any) -> None:
        if self._groups:
            headers = HTTPHeaderDict(request.headers)
            for group in self._groups:
                headers.add("Impersonate-Group", group)
            request.headers = headers  # type: ignore[assignment]  # urllib3 takes its own map, which may repeat a name
