"""Helm's release records as they are saved: what a scan reads of them, without what is secret."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...model.redact import looks_secret
from ..limits import Limits
from ..records import RecordError, decode
from .redacting import redacted
from .texts import tree_of
from .tokens import Tokens

_KEPT = ("name", "namespace", "version", "apply_method")
_UNREADABLE = "!" * 80
"""No base64: a record that could not be read is saved as one that cannot be read either."""
_LONG = 8
"""Characters from which on a secret of the values is looked for in what the chart rendered."""


def saved(data: Mapping[str, Any], tokens: Tokens) -> dict[str, Any]:
    """The Secret or ConfigMap of a record. Of the release stay its values and manifest; its templates, notes and hooks
    go, since nothing reads them and each may hold anything."""
    told = redacted({key: value for key, value in data.items() if key not in ("data", "stringData")}, tokens)
    inner = data.get("data")
    encoded = inner.get("release") if isinstance(inner, Mapping) else None
    if not isinstance(encoded, str):
        return told
    secret = data.get("kind") == "Secret"
    try:
        release = decode(encoded, twice=secret, limits=Limits())
    except RecordError:
        return {**told, "data": {"release": _UNREADABLE}}
    packed = base64.b64encode(gzip.compress(_json(_release(release, tokens)), 6, mtime=0))
    return {**told, "data": {"release": (base64.b64encode(packed) if secret else packed).decode("ascii")}}


def _release(told: Mapping[str, Any], tokens: Tokens) -> dict[str, Any]:
    kept = {key: told[key] for key in _KEPT if key in told}
    info, chart, config = told.get("info"), told.get("chart"), told.get("config")
    if isinstance(info, Mapping):
        kept["info"] = {key: info[key] for key in ("status", "first_deployed", "last_deployed") if key in info}
    if isinstance(chart, Mapping):
        kept["chart"] = {
            "metadata": tree_of(chart.get("metadata"), tokens),
            "values": tree_of(chart.get("values"), tokens),
        }
    if "config" in told:
        kept["config"] = tree_of(config, tokens)
    if isinstance(told.get("manifest"), str):
        kept["manifest"] = _manifest(told["manifest"], tuple(dict.fromkeys(_secrets(config))), tokens)
    return kept


def _manifest(text: str, secrets: tuple[str, ...], tokens: Tokens) -> str:
    """The objects of a manifest as JSON. What cannot be read as an object is left out, as a scan leaves it out."""
    from ...yaml import Broken, YamlError, chunks

    documents = []
    for chunk in chunks(text.encode(), name="manifest"):
        if isinstance(chunk, Broken) or chunk.is_list or not (chunk.kind and chunk.api_version):
            continue
        try:
            built = chunk.build()
        except YamlError:
            continue
        typed = {**built, "apiVersion": chunk.api_version, "kind": chunk.kind}
        documents.append(_json(_without(redacted(typed, tokens), secrets, tokens)).decode("ascii"))
    return "".join(f"---\n{document}\n" for document in documents)


def _secrets(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[str]:
    """The long texts under secret words of the values, the longest first in no order that matters."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _secrets(inner, (*path, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _secrets(inner, (*path, index))
    elif isinstance(value, str) and len(value) >= _LONG and looks_secret(path):
        yield value


def _without(value: Any, secrets: tuple[str, ...], tokens: Tokens) -> Any:
    """Wherever a chart rendered a secret of the values, as in an address or under a harmless key."""
    if not secrets:
        return value
    if isinstance(value, dict):
        return {key: _without(inner, secrets, tokens) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, secrets, tokens) for inner in value]
    if isinstance(value, str):
        for secret in sorted(secrets, key=len, reverse=True):
            if secret in value:
                value = value.replace(secret, str(tokens.of(secret)))
    return value


def _json(told: Any) -> bytes:
    return json.dumps(told, separators=(",", ":"), default=str).encode("ascii")
