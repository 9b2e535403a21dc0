"""Charts in a repository: what Chart.yaml says, and the charts that a wrapper only pulls in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import InputError
from ...model import Origin, Path, Problem, Values
from ...model.declared import Declared
from ..dependencies import Dependency, dependencies_in, enabled
from .layers import over, text_values
from .manifests import CHART, Data, Manifests
from .tree import Tree, joined


@dataclass(frozen=True, slots=True)
class Local:
    """A chart in a folder. `entries` are its dependencies: each with its version, repository, and place."""

    name: str
    version: str
    origin: Origin
    entries: tuple[tuple[Dependency, str, str, Origin], ...] = ()


def last_part(text: str) -> str:
    return text.rstrip("/").rpartition("/")[2].partition("@")[0]


def chart_in(tree: Tree, folder: str) -> Local | None:
    """The chart in a folder, None where there is none that can be read."""
    name = joined("", f"{folder}/{CHART}" if folder else CHART)
    loaded = _map(tree, name)
    if loaded is None:
        return None
    metadata, locate = loaded
    origin = tree.origin(name)
    locked = _locked(tree, folder)
    entries = []
    raw = [e for e in metadata.get("dependencies") or () if isinstance(e, Mapping)]
    for dependency, entry in zip(
        dependencies_in(metadata, {}), [e for e in raw if isinstance(e.get("name"), str)], strict=False
    ):
        written = str(entry.get("version") or "")
        place = origin.at(locate(("dependencies", raw.index(entry), "version")))
        repository = str(entry.get("repository") or "")
        entries.append((dependency, locked.get((dependency.name, repository), written), repository, place))
    place = origin.at(locate(("version",)))
    return Local(str(metadata.get("name") or ""), str(metadata.get("version") or ""), place, tuple(entries))


def _locked(tree: Tree, folder: str) -> dict[tuple[str, str], str]:
    """The versions that Chart.lock fixed, where Chart.yaml gives only a range."""
    loaded = _map(tree, joined("", f"{folder}/Chart.lock" if folder else "Chart.lock"))
    listed = loaded[0].get("dependencies") if loaded else None
    entries = [e for e in listed if isinstance(e, Mapping)] if isinstance(listed, list) else []
    return {(str(e.get("name")), str(e.get("repository") or "")): str(e.get("version") or "") for e in entries}


def _map(tree: Tree, name: str) -> tuple[Mapping[str, Any], Callable[[Path], int]] | None:
    from ...yaml import YamlError, load_with_lines

    data = tree.read(name)
    if data is None:
        return None
    try:
        loaded, locate = load_with_lines(data)
    except YamlError:
        return None
    return (loaded, locate) if isinstance(loaded, Mapping) else None


def own_values(tree: Tree, folder: str) -> tuple[Values, list[Problem]]:
    """The values.yaml of a chart in a folder."""
    name = joined("", f"{folder}/values.yaml" if folder else "values.yaml")
    data = tree.read(name)
    if data is None:
        return Values(), []
    try:
        return text_values(Data(data.decode("utf-8", "replace"), tree.origin(name), 1)), []
    except InputError as error:
        return Values(), [Problem(tree.origin(name), error.text, error.expected)]


def wrappers(read: Manifests, used: frozenset[str]) -> Iterator[Declared | Problem]:
    """Charts that depend on others and that no Application installs; each dependency is a release of its own."""
    for folder in read.charts:
        local = chart_in(read.tree, folder)
        if local is None or not local.entries or folder in used:
            continue
        values, problems = own_values(read.tree, folder)
        yield from problems
        whole = Declared("Helm", "Chart", local.name, "", "", "", local.name, local.version, origin=local.origin)
        yield from parts(local, values, whole)


def parts(local: Local, values: Values, whole: Declared) -> Iterator[Declared]:
    """One release for each dependency that is enabled, with the values that stand under its name or alias."""
    from dataclasses import replace

    for dependency, version, repository, place in local.entries:
        if not enabled(dependency, values.tree) or repository.startswith("file:"):
            continue
        below = _below(values, dependency.key)
        anchor = values.origin((dependency.key,)) if values.has(dependency.key) else whole.origin
        yield replace(
            whole,
            chart=dependency.name,
            version=version,
            repository=repository,
            values=below,
            part=dependency.key,
            fields=(
                ("version", f"the version of dependency {dependency.name}", place),
                ("values", dependency.key, anchor),
            ),
            files=frozenset({place.file, *(o.file for o in below.origins.values())}),
            origin=place,
        )


def _below(values: Values, key: str) -> Values:
    tree = values.get(key)
    shared = values.get("global")
    own = dict(tree) if isinstance(tree, Mapping) else {}
    origins = {path[1:]: origin for path, origin in values.origins.items() if path[0] == key and len(path) > 1}
    found = Values(own, origins)
    if not isinstance(shared, Mapping):
        return found
    globals_ = {path: origin for path, origin in values.origins.items() if path[0] == "global"}
    return over(Values({"global": shared}, globals_), found)
