"""What Helm's own commands print about releases: list, get metadata, status, get all; and a support bundle's copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..model import Object, Origin, Path, Release, Revision, Values, leaves

_SEMVER = re.compile(r"v?\d+\.\d+\.\d+(?:[-+].*)?")
_DIGIT = re.compile(r"v?\d.*")
_HEADER = re.compile(r"^(NAME|NAMESPACE|STATUS|REVISION|CHART|VERSION|APP_VERSION): *(.*?)\r?$", re.M)
_SECTION = re.compile(r"^(USER-SUPPLIED VALUES|COMPUTED VALUES|HOOKS|MANIFEST|NOTES):\r?$", re.M)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

Locate = Callable[[Path], int]


def split_chart(text: str) -> tuple[str, str]:
    """`name-1.2.3` into name and version, at the last `-` that a semantic version follows."""
    dashes = [at for at, letter in enumerate(text) if letter == "-" and at]
    for version in (_SEMVER, _DIGIT):
        for at in reversed(dashes):
            if version.fullmatch(text, at + 1):
                return text[:at], text[at + 1 :]
    return text, ""


def releases_in(told: Any, origin: Origin, locate: Locate) -> list[Release] | None:
    """The releases in what `-o json|yaml` printed; None where it is nothing of Helm's."""
    if isinstance(told, list):
        return _from_rows(told, origin, locate)
    if not isinstance(told, Mapping):
        return None
    if {"name", "chart", "version", "namespace", "revision", "status"} <= told.keys():
        return [_from_metadata(told, origin)]
    if {"name", "info", "version", "namespace"} <= told.keys() and isinstance(told["info"], Mapping):
        return [from_release(told, origin)]
    return None


def is_history(told: Any) -> bool:
    """True for `helm history -o json`, which does not name its release."""
    return _rows(told, {"revision", "chart", "description"}) and "name" not in told[0]


def from_release(told: Mapping[str, Any], origin: Origin, manifest: tuple[Object, ...] | None = None) -> Release:
    """A release as Helm's own JSON has it (a record, or `helm status -o json`). Absent parts stay None."""
    chart = _map(told.get("chart"))
    metadata, info = _map(chart.get("metadata")), _map(told.get("info"))
    config = told.get("config")
    return Release(
        _text(told.get("name")),
        _text(told.get("namespace")),
        _text(metadata.get("name")),
        _text(metadata.get("version")),
        _text(info.get("status")) or "unknown",
        _whole(told.get("version")),
        _text(metadata.get("appVersion")),
        values_at(_map(config), origin),
        _map(chart.get("values")) if chart else None,
        manifest,
        applied=_text(told.get("apply_method")),
        origin=origin,
    )


def values_at(tree: Mapping[str, Any], origin: Origin) -> Values:
    """Values that were all set in one place."""
    return Values(tree, {path: origin for path, _ in leaves(tree)})


def text_header(text: str, origin: Origin) -> Release | None:
    """The release that the text of `helm get all`, `status` or `get metadata` names."""
    end = _SECTION.search(text)
    plain = _COLOUR.sub("", text[: end.start() if end else len(text)])
    told: dict[str, str] = {}
    for key, value in _HEADER.findall(plain):
        told.setdefault(key, value)
    if not told.get("NAME") or not told.get("NAMESPACE"):
        return None
    chart, version = told.get("CHART", ""), told.get("VERSION", "")
    if chart and not version:
        chart, version = split_chart(chart)
    status, app = told.get("STATUS", "unknown"), told.get("APP_VERSION", "")
    return Release(
        told["NAME"], told["NAMESPACE"], chart, version, status, _whole(told.get("REVISION")), app, origin=origin
    )


def text_sections(text: str) -> dict[str, str]:
    """The parts of `helm get all`, each with as many blank lines before it as keep its line numbers."""
    found = list(_SECTION.finditer(text))
    parts: dict[str, str] = {}
    ends = [mark.start() for mark in found[1:]] + [len(text)]
    for mark, end in zip(found, ends, strict=False):
        parts.setdefault(mark[1], "\n" * text.count("\n", 0, mark.end()) + text[mark.end() : end])
    return parts


def _from_rows(rows: list[Any], origin: Origin, locate: Locate) -> list[Release] | None:
    if not rows:
        return []
    if _rows(rows, {"name", "namespace", "chart", "revision", "status"}):
        return [_from_row(row, origin.at(locate((i, "name")) or origin.line)) for i, row in enumerate(rows)]
    if _rows(rows, {"releaseName", "releaseHistory", "namespace"}):
        return list(_from_bundle(rows, origin, locate))
    return None


def _from_row(row: Mapping[str, Any], origin: Origin) -> Release:
    chart, version = split_chart(_text(row["chart"]))
    name, space, status = _text(row["name"]), _text(row["namespace"]), _text(row["status"])
    return Release(
        name, space, chart, version, status, _whole(row["revision"]), _text(row.get("app_version")), origin=origin
    )


def _from_metadata(told: Mapping[str, Any], origin: Origin) -> Release:
    return Release(
        _text(told["name"]),
        _text(told["namespace"]),
        _text(told["chart"]),
        _text(told["version"]),
        _text(told["status"]),
        _whole(told["revision"]),
        _text(told.get("appVersion")),
        applied=_text(told.get("applyMethod")),
        origin=origin,
    )


def _from_bundle(rows: list[Any], origin: Origin, locate: Locate) -> Iterator[Release]:
    """What troubleshoot.sh writes: every revision with its values, no manifest; only the current chart version."""
    for number, row in enumerate(rows):
        place = origin.at(locate((number, "releaseName")) or origin.line)
        told = [r for r in row["releaseHistory"] or [] if isinstance(r, Mapping)]
        told.sort(key=lambda r: _whole(r.get("revision")), reverse=True)
        history = tuple(
            Revision(_whole(r.get("revision")), _text(r.get("status")) or "unknown", "", place) for r in told
        )
        current = next((r for r in told if r.get("status") == "deployed"), told[0] if told else {})
        values = current.get("values")
        yield Release(
            _text(row["releaseName"]),
            _text(row["namespace"]),
            _text(row.get("chart")),
            _text(row.get("chartVersion")),
            _text(current.get("status")) or "unknown",
            _whole(current.get("revision")),
            _text(row.get("appVersion")),
            values_at(values, place) if isinstance(values, Mapping) else None,
            history=history,
            origin=place,
        )


def _rows(told: Any, keys: set[str]) -> bool:
    return isinstance(told, list) and bool(told) and all(isinstance(r, Mapping) and keys <= r.keys() for r in told)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
