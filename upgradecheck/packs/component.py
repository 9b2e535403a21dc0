"""component.yaml: how a component is recognised, which part plays which role, where its versions stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import RuleError
from ..model import Component, Role, VersionSource
from .reading import read_mapping, refuse_unknown

Locate = Callable[[tuple[str | int, ...]], int]

LISTS = ("charts", "detect", "tools", "retired", "kinds")
TEXTS = ("title", "chart", "requires")
MAPPINGS = ("route", "not_covered")
KEYS = (*LISTS, *TEXTS, *MAPPINGS, "roles", "running", "target", "always")


def load_component(folder: Path) -> Component:
    """The component of a pack. Raises RuleError with file and line; a pack without the file is its rules alone."""
    path = folder / "component.yaml"
    if not path.is_file():
        return Component(folder.name, folder.name, folder)
    data, locate = read_mapping(path)
    refuse_unknown(path, data, KEYS, locate)
    _refuse_newer(path, _text(path, data, "requires", locate), locate)
    plain: dict[str, Any] = {key: _list(path, data, key, locate) for key in LISTS}
    plain |= {key: _text(path, data, key, locate) for key in TEXTS}
    plain |= {key: _mapping(path, data, key, locate) for key in MAPPINGS}
    return Component(
        name=folder.name,
        folder=folder,
        roles={name: _role(path, name, role, locate) for name, role in _mapping(path, data, "roles", locate).items()},
        running=_sources(path, data, "running", locate),
        target=_sources(path, data, "target", locate),
        always=data.get("always") is True,
        **plain,
    )


def _refuse_newer(path: Path, requires: str, locate: Locate) -> None:
    """A pack may ask for a version of upgradecheck, in the terms of Python packages: `>=0.2`."""
    if not requires:
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    from .. import __version__

    where = f"{path}:{locate(('requires',))}"
    try:
        fits = SpecifierSet(requires).contains(__version__, prereleases=True)
    except InvalidSpecifier:
        raise RuleError(where, f"requires: {requires!r} is no version specifier; expected such as >=0.2") from None
    if not fits:
        raise RuleError(where, f"this pack requires upgradecheck {requires}, and this is {__version__}")


def _role(path: Path, name: str, role: Any, locate: Locate) -> Role:
    where = f"{path}:{locate(('roles', name))}"
    if not isinstance(role, Mapping) or not isinstance(role.get("kind"), str):
        raise RuleError(where, f"role {name}: expected a mapping with kind, and labels or name")
    unknown = sorted(set(role) - {"kind", "labels", "name"})
    if unknown:
        raise RuleError(where, f"role {name}: unknown key {unknown[0]}; a role has kind, labels, name")
    return Role(role["kind"], dict(role.get("labels") or {}), role.get("name") or "")


def _sources(path: Path, data: Mapping[str, Any], key: str, locate: Locate) -> tuple[VersionSource, ...]:
    known = {f.name for f in fields(VersionSource)}
    found = []
    for index, entry in enumerate(data.get(key) or []):
        if not isinstance(entry, Mapping) or "source" not in entry or set(entry) - known:
            raise RuleError(
                f"{path}:{locate((key, index))}", f"{key}: expected source and of {', '.join(sorted(known))}"
            )
        found.append(VersionSource(**entry))
    return tuple(found)


def _list(path: Path, data: Mapping[str, Any], key: str, locate: Locate) -> tuple[str, ...]:
    value = data.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RuleError(f"{path}:{locate((key,))}", f"{key}: expected a list of texts")
    return tuple(value)


def _text(path: Path, data: Mapping[str, Any], key: str, locate: Locate) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise RuleError(f"{path}:{locate((key,))}", f"{key}: expected a text")
    return value


def _mapping(path: Path, data: Mapping[str, Any], key: str, locate: Locate) -> Mapping[str, Any]:
    value = data.get(key) or {}
    if not isinstance(value, Mapping):
        raise RuleError(f"{path}:{locate((key,))}", f"{key}: expected a mapping")
    return value
