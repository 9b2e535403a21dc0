"""Decodes Helm's own release records, which it keeps in Secrets or ConfigMaps."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Object, Origin, value_at
from .limits import Limits, size_text
from .manifests import RECORD_PREFIX


class RecordError(Exception):
    """A record cannot be decoded. The text never holds anything of its content."""


@dataclass(frozen=True, slots=True)
class Record:
    """One revision of a release. `told` is the decoded release, None where the record's data was left out.

    `name`, `revision` and `status` are those of the object's labels, which redacting tools leave.
    """

    name: str
    namespace: str
    revision: int
    status: str
    told: Mapping[str, Any] | None
    origin: Origin


def is_record(found: Object) -> bool:
    """By kind and name alone, so that other Secrets need not be built."""
    return found.kind in ("Secret", "ConfigMap") and found.name.startswith(RECORD_PREFIX)


def record_of(found: Object, whole: Callable[[], Any], limits: Limits) -> Record:
    """The record in one object, `whole` building it with its data. Raises RecordError."""
    data = whole()
    name, _, revision = found.name.removeprefix(RECORD_PREFIX).rpartition(".v")
    labels = value_at(data, ("metadata", "labels"), {})
    labels = labels if isinstance(labels, Mapping) else {}
    encoded = value_at(data, ("data", "release"))
    told = None
    if isinstance(encoded, str) and len(encoded) > 64:
        told = decode(encoded, twice=found.kind == "Secret", limits=limits)
    return Record(
        str((told or {}).get("name") or labels.get("name") or name),
        found.namespace or str((told or {}).get("namespace") or ""),
        _number((told or {}).get("version") or labels.get("version") or revision),
        str(labels.get("status") or value_at(told or {}, ("info", "status")) or "unknown"),
        told,
        found.origin,
    )


def decode(encoded: str, *, twice: bool, limits: Limits) -> dict[str, Any]:
    """The release in a record: base64, in a Secret twice, of gzip, or of plain JSON. Raises RecordError."""
    try:
        packed = base64.b64decode(encoded, validate=False)
        if twice:
            packed = base64.b64decode(packed, validate=False)
        text = _unpacked(packed, limits.record) if packed.startswith(b"\x1f\x8b\x08") else packed
        told = json.loads(text)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise RecordError("a Helm release record that cannot be decoded") from None
    if not isinstance(told, dict) or not isinstance(told.get("name"), str):
        raise RecordError("a Helm release record without a release in it")
    return told


def _unpacked(packed: bytes, limit: int) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    text = unpack.decompress(packed, limit + 1)
    if len(text) > limit:
        raise RecordError(f"a Helm release record that unpacks to more than {size_text(limit)}")
    if not unpack.eof:
        raise RecordError("a Helm release record that is cut off")
    return text


def _number(told: Any) -> int:
    try:
        return int(told)
    except (TypeError, ValueError):
        return 0
