"""Versions that tools print: kubectl version, helm version, cluster_version.json, a sysdump's k8s-version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SERVER_TEXT = re.compile(r"^Server Version: *(?:version\.Info\{.*?GitVersion:\")?(v[\w.+-]+)", re.M)
_CLIENT_TEXT = re.compile(r"^Client Version: *(?:version\.Info\{.*?GitVersion:\")?(v[\w.+-]+)", re.M)
_SYSDUMP = re.compile(r"\A&?version\.Info\{.*?GitVersion:\"(v[\w.+-]+)\"")
_HELM = re.compile(r"\A&?version\.BuildInfo\{Version:\"(v[\w.+-]+)\"")


@dataclass(frozen=True, slots=True)
class Told:
    """The API server's version, and the versions of the tools, as far as one output says."""

    server: str = ""
    kubectl: str = ""
    helm: str = ""

    @property
    def tools(self) -> dict[str, str]:
        return {name: told for name, told in (("helm", self.helm), ("kubectl", self.kubectl)) if told}


def versions_in(told: Any) -> Told | None:
    """From what was printed as JSON or YAML; None where it is nothing of that kind."""
    if not isinstance(told, Mapping):
        return None
    if "serverVersion" in told or "clientVersion" in told:
        both = Told(_git(told.get("serverVersion")), _git(told.get("clientVersion")))
        return both if both.server or both.kubectl else None
    server = _git(told) if {"major", "minor"} <= told.keys() else _git(told.get("info"))
    return Told(server) if server else None


def versions_in_text(text: str) -> Told | None:
    """From what was printed as text."""
    server = _SERVER_TEXT.search(text) or _SYSDUMP.search(text)
    client, helm = _CLIENT_TEXT.search(text), _HELM.search(text)
    if not (server or client or helm):
        return None
    return Told(*(found[1] if found else "" for found in (server, client, helm)))


def _git(value: Any) -> str:
    told = value.get("gitVersion") if isinstance(value, Mapping) else None
    return told if isinstance(told, str) else ""
