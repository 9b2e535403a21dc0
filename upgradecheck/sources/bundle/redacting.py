"""An object as it is saved: whole, but for what is secret in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...coverage import OWN_GROUPS
from ...model import group_kind
from ...model.redact import looks_secret
from .texts import arguments, as_json, configuration
from .tokens import Tokens

_KEPT = ("ignore.upgradecheck.io/", "meta.helm.sh/", "helm.sh/")
"""Annotations that decide or accept something, and are no secrets on a Secret either."""
_APPLIED = "last-applied"


def redacted(data: Mapping[str, Any], tokens: Tokens) -> dict[str, Any]:
    """A copy of an object. What counts as secret: `model/redact.py`, and docs/bundles.md."""
    kind = group_kind(str(data.get("apiVersion") or ""), str(data.get("kind") or ""))
    told = {key: _part(key, value, kind, tokens) for key, value in data.items()}
    metadata = told.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("annotations"), Mapping):
        metadata["annotations"] = {
            key: _annotation(str(key), value, tokens, every=kind == "Secret")
            for key, value in metadata["annotations"].items()
        }
    return told


def _part(key: str, value: Any, kind: str, tokens: Tokens) -> Any:
    if kind == "Secret" and key in ("data", "stringData"):
        return _every(value, tokens)
    if kind == "ConfigMap" and key in ("data", "binaryData"):
        return _every(value, tokens) if key == "binaryData" else _entries(value, tokens)
    group = kind.partition(".")[2]
    own = "." not in group or group in OWN_GROUPS
    return _walk(value, tokens, custom=not own and key != "metadata")


def _every(value: Any, tokens: Tokens) -> Any:
    return {key: tokens.of(inner) for key, inner in value.items()} if isinstance(value, Mapping) else tokens.of(value)


def _entries(value: Any, tokens: Tokens) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {
        key: tokens.of(inner)
        if looks_secret((str(key),))
        else configuration(inner, tokens)
        if isinstance(inner, str)
        else inner
        for key, inner in value.items()
    }


def _annotation(key: str, value: Any, tokens: Tokens, *, every: bool) -> Any:
    if not isinstance(value, str) or key.startswith(_KEPT):
        return value
    if every:
        return tokens.of(value)
    if _APPLIED in key:
        told = as_json(value, lambda tree: redacted(tree, tokens) if isinstance(tree, dict) else tree)
        return tokens.of(value) if told is None else told
    if looks_secret((key.rpartition("/")[2],)):
        return tokens.of(value)
    return configuration(value, tokens) if value[:1] in ("{", "[") else tokens.text(value)


def _walk(value: Any, tokens: Tokens, *, custom: bool) -> Any:
    """`custom`: of a custom kind, where nobody knows which field holds a secret, texts under secret words count. The
    kinds of Kubernetes itself have none but in `env` and in the arguments of containers."""
    if isinstance(value, dict):
        return _map(value, tokens, custom)
    if isinstance(value, list):
        return [_walk(inner, tokens, custom=custom) for inner in value]
    return tokens.text(value) if isinstance(value, str) else value


def _map(value: dict[str, Any], tokens: Tokens, custom: bool) -> dict[str, Any]:
    name = value.get("name", value.get("key"))
    beside = isinstance(name, str) and isinstance(value.get("value"), str) and looks_secret((name,))
    container = "image" in value
    told: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, str):
            hidden = (beside and key == "value") or (custom and _secret_field(key))
            told[key] = tokens.of(inner) if hidden else tokens.text(inner)
        elif container and key in ("args", "command") and isinstance(inner, list):
            told[key] = arguments(inner, tokens)
        elif custom and isinstance(inner, list) and _secret_field(key):
            told[key] = [tokens.of(one) if isinstance(one, str) else _walk(one, tokens, custom=True) for one in inner]
        else:
            told[key] = _walk(inner, tokens, custom=custom) if isinstance(inner, dict | list) else inner
    return told


def _secret_field(key: str) -> bool:
    """A field that is called `key` and nothing else names something in custom kinds, as in label selectors."""
    return key not in ("key", "keys") and looks_secret((key,))
