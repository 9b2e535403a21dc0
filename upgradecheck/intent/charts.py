"""Reads the chart that an upgrade goes to: defaults, definitions, schema."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..model import Chart, Object, Origin
from ..model import Path as ValuePath
from ..sources.values import read_values
from .chart_files import Budget, Files, chart_files, package_files
from .dependencies import Dependency, dependencies_in, enabled
from .merge import coalesce, coalesce_tables

MAX_DEPTH = 10
"""How deep charts may stand in charts."""


@dataclass(frozen=True, slots=True)
class _Folded:
    """A chart with its dependencies folded in: their defaults lie under the parent's."""

    defaults: Mapping[str, Any]
    crds: tuple[Object, ...]


_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def read_chart(path: str | Path, values: Mapping[str, Any] | None = None) -> Chart:
    """A chart in a folder or a .tgz package. Raises InputError, one line, with the file and line.

    `values` are the person's, which decide beside the chart's defaults whether a dependency is enabled; one
    that is disabled brings neither defaults nor definitions.
    """
    where = Origin(str(path))
    if _REMOTE.match(str(path)):
        raise InputError(str(path), "is not on this machine and is not fetched", "a copy, as helm pull makes one")
    budget = Budget()
    files = chart_files(Path(path), budget)
    folded = _folded(files, where, values or {}, (budget, 0))
    return Chart(
        name=_word(files, "name"),
        version=_word(files, "version"),
        app_version=_word(files, "appVersion", needed=False),
        kube_version=_word(files, "kubeVersion", needed=False),
        defaults=folded.defaults,
        crds=folded.crds,
        schema=_schema(files),
        origin=where,
    )


def _folded(files: Files, where: Origin, values: Mapping[str, Any], bounds: tuple[Budget, int]) -> _Folded:
    budget, depth = bounds
    if depth > MAX_DEPTH:
        raise InputError(str(where), f"holds charts nested deeper than {MAX_DEPTH}", "a chart")
    if "Chart.yaml" not in files:
        raise InputError(str(where), "holds no Chart.yaml", "a chart: a folder with Chart.yaml, or a .tgz")
    defaults = dict(read_values(_named(files, "values.yaml", where), data=_data(files, "values.yaml")).tree)
    crds = list(_crds(files))
    effective = coalesce(values, defaults)
    for dependency, below in _dependencies(files, budget):
        if not enabled(dependency, effective):
            continue
        given = effective.get(dependency.key)
        sub = _folded(below, where, given if isinstance(given, Mapping) else {}, (budget, depth + 1))
        defaults[dependency.key] = _under(defaults, dependency.key, sub.defaults)
        known = {crd.origin for crd in crds}
        crds += [crd for crd in sub.crds if crd.origin not in known]
    return _Folded(defaults, tuple(crds))


def _under(defaults: Mapping[str, Any], key: str, sub: Mapping[str, Any]) -> dict[str, Any]:
    """A dependency's defaults under what its parent says of them, the parent's globals over its own."""
    own, shared = defaults.get(key), defaults.get("global")
    values = dict(coalesce(own if isinstance(own, Mapping) else {}, sub))
    if isinstance(shared, Mapping):
        globals_ = values.get("global")
        values["global"] = coalesce_tables(shared, globals_ if isinstance(globals_, Mapping) else {})
    return values


def _dependencies(files: Files, budget: Budget) -> Iterator[tuple[Dependency, Files]]:
    """Each dependency with its files. One chart may serve several dependencies under different aliases."""
    charts = {_word(below, "name"): below for below in _below(files, budget) if "Chart.yaml" in below}
    requirements = _map(files, "requirements.yaml")[0] if "requirements.yaml" in files else {}
    declared = dependencies_in(_map(files, "Chart.yaml")[0], requirements)
    for dependency in declared:
        if dependency.name in charts:
            yield dependency, charts[dependency.name]
    names = {dependency.name for dependency in declared}
    for name, below in charts.items():
        if name not in names:
            yield Dependency(name, name), below


def _below(files: Files, budget: Budget) -> Iterator[Files]:
    """The files of every chart in charts/, in a folder or a package of its own."""
    groups: dict[str, dict[str, tuple[bytes, Origin]]] = {}
    for name, (data, origin) in files.items():
        top, _, rest = name.removeprefix("charts/").partition("/")
        if not name.startswith("charts/") or top.startswith(("_", ".")):
            continue
        if not rest:
            yield package_files(io.BytesIO(data), origin, budget)
        else:
            groups.setdefault(top, {})[rest] = (data, origin)
    yield from groups.values()


def _crds(files: Files) -> Iterator[Object]:
    from ..yaml import Broken, Chunk, chunks

    for name, (data, origin) in sorted(files.items()):
        if not name.startswith("crds/"):
            continue
        for chunk in chunks(data, name=str(origin)):
            if isinstance(chunk, Broken):
                raise InputError(str(origin.at(chunk.line)), chunk.text, chunk.expected)
            if isinstance(chunk, Chunk) and chunk.kind:
                yield _object(chunk, origin)


def _object(chunk: Any, origin: Origin) -> Object:
    def locate(path: ValuePath) -> int:
        return int(chunk.locate(path))

    place = origin.at(chunk.line)
    return Object(chunk.api_version, chunk.kind, chunk.namespace, chunk.name, place, chunk.build, locate)


def _map(files: Files, name: str) -> tuple[Mapping[str, Any], Callable[[ValuePath], int]]:
    from ..yaml import YamlError, load_with_lines

    data, origin = files[name]
    try:
        loaded, locate = load_with_lines(data)
    except YamlError as error:
        raise InputError(str(origin.at(error.line)), error.text, "a map") from None
    if not isinstance(loaded, Mapping):
        raise InputError(str(origin), "holds no map", f"{name} of a chart")
    return loaded, locate


def _word(files: Files, key: str, *, needed: bool = True) -> str:
    """A text in Chart.yaml. Helm refuses a number there: 1.10 without quotes would become 1.1."""
    metadata, locate = _map(files, "Chart.yaml")
    value = metadata.get(key)
    if isinstance(value, str) and (value or not needed):
        return value
    if value is None and not needed:
        return ""
    origin = files["Chart.yaml"][1].at(locate((key,)) if key in metadata else 0)
    said = "is missing" if value is None else f"is {value!r}, not a text"
    raise InputError(str(origin), f"{key} {said}", f'{key}: "…" in quotes')


def _schema(files: Files) -> Mapping[str, Any] | None:
    if "values.schema.json" not in files:
        return None
    data, origin = files["values.schema.json"]
    try:
        schema = json.loads(data)
    except json.JSONDecodeError as error:
        raise InputError(str(origin.at(error.lineno)), f"is not JSON: {error.msg}", "a JSON Schema") from None
    except (ValueError, RecursionError):
        raise InputError(str(origin), "is not JSON that can be read", "a JSON Schema") from None
    return schema if isinstance(schema, dict) else None


def _data(files: Files, name: str) -> bytes:
    return files[name][0] if name in files else b""


def _named(files: Files, name: str, where: Origin) -> str:
    return str(files[name][1]) if name in files else str(where)
