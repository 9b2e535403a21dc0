"""What a bundle says about itself: what was asked of the cluster, what came whole, what was refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...coverage import Coverage

SCHEMA = "upgradecheck.bundle"
VERSION = 1
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was refused: as `live.Refusal`."""

    kind: str
    why: str
    collect: str = ""
    detects: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """`collected` is the API server's clock, RFC 3339, empty where it has none. `arguments` is what was asked, as told
    to people. `whole`, `spaces`, `denied` and `reasons` are those of `coverage.Known`. `files` are paths from the
    manifest's own folder."""

    tool: str = ""
    collected: str = ""
    context: str = ""
    server: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    spaces: Mapping[str, frozenset[str]] = field(default_factory=dict)
    denied: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    releases: Coverage = Coverage.UNKNOWN
    refused: tuple[Told, ...] = ()
    files: tuple[str, ...] = ()

    def text(self) -> str:
        """As the file of a bundle."""
        return json.dumps(self._document(), indent=2, ensure_ascii=True) + "\n"

    def _document(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "version": VERSION,
            "tool": self.tool,
            "collected": self.collected,
            "cluster": {"context": self.context, "server": self.server},
            "asked": dict(self.arguments),
            "complete": {"everywhere": sorted(self.whole), "namespaces": _lists(self.spaces)},
            "releases": self.releases.value,
            "denied": _lists(self.denied),
            "reasons": dict(sorted(self.reasons.items())),
            "refused": [
                {"kind": one.kind, "why": one.why, "collect": one.collect, "detects": one.detects}
                for one in self.refused
            ],
            "files": sorted(self.files),
        }


def manifest_in(told: Any) -> Manifest | str | None:
    """The manifest in a document; None where it is none, and what is wrong where it cannot be used."""
    if not isinstance(told, Mapping) or told.get("schema") != SCHEMA:
        return None
    if told.get("version") != VERSION:
        return f"a bundle of layout {str(told.get('version'))[:20]}, which this version of upgradecheck does not know"
    complete, cluster = _map(told.get("complete")), _map(told.get("cluster"))
    try:
        releases = Coverage(told.get("releases"))
    except ValueError:
        return "the manifest of a bundle that is damaged"
    return Manifest(
        _text(told.get("tool")),
        _text(told.get("collected")),
        _text(cluster.get("context")),
        _text(cluster.get("server")),
        _map(told.get("asked")),
        _names(complete.get("everywhere")),
        _spaces(complete.get("namespaces")),
        _spaces(told.get("denied")),
        {kind: why for kind, why in _map(told.get("reasons")).items() if isinstance(why, str)},
        releases,
        tuple(_refusal(one) for one in _items(told.get("refused")) if isinstance(one, Mapping)),
        tuple(sorted(_names(told.get("files")))),
    )


def _refusal(one: Mapping[str, Any]) -> Told:
    return Told(_text(one.get("kind")), _text(one.get("why")), _text(one.get("collect")), one.get("detects") is True)


def _lists(spaces: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    return {kind: sorted(found) for kind, found in sorted(spaces.items())}


def _spaces(told: Any) -> dict[str, frozenset[str]]:
    return {kind: _names(found) for kind, found in _map(told).items()}


def _names(told: Any) -> frozenset[str]:
    return frozenset(name for name in _items(told) if isinstance(name, str))


def _items(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _map(told: Any) -> Mapping[str, Any]:
    return {key: value for key, value in told.items() if isinstance(key, str)} if isinstance(told, Mapping) else {}


def _text(told: Any) -> str:
    return told if isinstance(told, str) else ""
