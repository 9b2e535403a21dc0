"""Edits of a manifest in words, each with its file and line."""

from __future__ import annotations

from ..model import Declared, Values
from ..model.redact import redact
from ..tables import split_key


def version_edit(version: str, declared: Declared) -> str:
    path, origin = declared.at("version")
    return f"in {origin} set {path} to {version}"


def value_edit(key: str, value: str, declared: Declared, values: Values) -> str:
    """Where a value is set already, the place of that; else the map that it belongs below."""
    path = split_key(key)
    origin = values.origin(path) if values.has(*path) else None
    above, anchor = declared.at("values")
    shown = str(redact(path, value))
    if origin is not None and origin.file in declared.files:
        name = f"{above}.{key}" if origin.file == anchor.file and declared.kind != "Chart" else key
        return f"in {origin} set {name} to {shown}"
    return f"in {anchor} set {above}.{key} to {shown}"
