"""The manifests of a tree: objects, the charts among the folders, and the data of ConfigMaps and Secrets."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...model import Object, Origin, Problem
from ...sources.manifests import object_of, problems_of
from ...sources.sniff import has_template
from .tree import MANIFESTS, Tree, folder_of, joined

KUSTOMIZATION = "Kustomization.kustomize.config.k8s.io"
CHART = "Chart.yaml"
Elsewhere = Callable[[str, str, str], Object | None]


@dataclass(frozen=True, slots=True)
class Data:
    """One entry of a ConfigMap or Secret: its text, where its first line stands, and whether nobody may see it."""

    text: str
    origin: Origin
    line: int = 0
    secret: bool = False


@dataclass(slots=True)
class Manifests:
    """What was read of a tree. `charts` are the folders that hold a Chart.yaml. `elsewhere` finds what is no manifest
    but runs, by kind, name and namespace."""

    tree: Tree
    objects: list[Object] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: dict[Origin, str] = field(default_factory=dict)
    whole: dict[int, Callable[[], Any]] = field(default_factory=dict)
    elsewhere: Elsewhere | None = None

    def of(self, *kinds: str) -> Iterator[Object]:
        """Objects by kind and group, whatever the version."""
        return (found for found in self.objects if found.group_kind in kinds)

    def named(self, kind: str, name: str, namespace: str) -> Object | None:
        """The object of a name; one written without a namespace may be in any, since a kustomization can set it."""
        same = [found for found in self.of(kind) if found.name == name]
        exact = [found for found in same if self.namespace(found) == namespace]
        loose = [found for found in same if not self.namespace(found)]
        return next(iter((*exact, *loose)), None)

    def namespace(self, found: Object) -> str:
        """An object's namespace: its own, or what the kustomization beside it sets."""
        return found.namespace or self.set_beside(found, "namespace")

    def set_beside(self, found: Object, key: str) -> str:
        folder = folder_of(self.name_of(found))
        told = (k.get(key, default="") for k in self.of(KUSTOMIZATION) if folder_of(self.name_of(k)) == folder)
        return next((text for text in told if isinstance(text, str) and text), "")

    def name_of(self, found: Object) -> str:
        """The file of an object, from the root of the tree; "" for one that came from elsewhere."""
        return self.files.get(found.origin.at(0), "")

    def data_of(self, kind: str, name: str, namespace: str, key: str) -> Data | None:
        """One entry of a ConfigMap or Secret among the manifests, or of one that a kustomization generates."""
        found = self.named(kind, name, namespace)
        generated = self._generated(kind, name, key) if found is None else None
        if generated is not None:
            return generated
        if found is None and self.elsewhere is not None:
            found = self.elsewhere(kind, name, namespace)
        if found is None:
            return None
        build = self.whole.get(id(found))
        return entry_of(found, build() if build else found.data, kind == "Secret", key)

    def _generated(self, kind: str, name: str, key: str) -> Data | None:
        generator = "configMapGenerator" if kind == "ConfigMap" else "secretGenerator"
        for kustomization in self.of(KUSTOMIZATION):
            entries = kustomization.get(generator, default=[])
            for entry in entries if isinstance(entries, list) else []:
                if isinstance(entry, Mapping) and entry.get("name") == name:
                    found = self._from_file(kustomization, entry, key, kind == "Secret")
                    if found is not None:
                        return found
        return None

    def _from_file(self, kustomization: Object, entry: Mapping[str, Any], key: str, secret: bool) -> Data | None:
        files = entry.get("files")
        for text in files if isinstance(files, list) else []:
            given, equals, path = str(text).partition("=")
            path = path if equals else given
            name = joined(folder_of(self.name_of(kustomization)), path)
            if (given if equals else path.rpartition("/")[2]) == key and name:
                data = self.tree.read(name)
                if data is not None:
                    return Data(data.decode("utf-8", "replace"), self.tree.origin(name), 1, secret)
        return None


def entry_of(found: Object, whole: Any, secret: bool, key: str) -> Data | None:
    """One entry of an object's data; None where it is not there, is encrypted, or was taken out as secret."""
    if not isinstance(whole, Mapping) or "sops" in whole:
        return None
    for part in ("stringData", "data"):
        held = whole.get(part)
        text = held.get(key) if isinstance(held, Mapping) else None
        if not isinstance(text, str):
            continue
        if secret and part == "data":
            try:
                text = base64.b64decode(text, validate=True).decode()
            except (binascii.Error, ValueError):
                return None
        place = found.at(part, key)
        block = "\n" in text and place.line
        return Data(text, place, place.line + 1 if block else 0, secret)
    return None


def read_manifests(tree: Tree, below: Sequence[str], *, problems: bool) -> Manifests:
    """Everything at or below these paths. Files of charts are left alone, but for what Chart.yaml says."""
    read = Manifests(tree)
    names = list(dict.fromkeys(name for path in below for name in tree.names(path)))
    read.charts = [folder_of(name) for name in names if name == CHART or name.endswith(f"/{CHART}")]
    inside = tuple(f"{folder}/" if folder else "" for folder in read.charts)
    for name in names:
        if name.endswith(MANIFESTS) and not (inside and name.startswith(inside)):
            _take(read, name, problems)
    return read


def of_objects(tree: Tree, objects: Sequence[Object], names: Mapping[Origin, str]) -> Manifests:
    """Objects that were read already, as those of a dump."""
    return Manifests(tree, list(objects), files=dict(names))


def _take(read: Manifests, name: str, problems: bool) -> None:
    from ...yaml import Broken, chunks

    data = read.tree.read(name)
    origin = read.tree.origin(name)
    if data is None:
        return
    read.files[origin] = name
    broken = []
    for chunk in chunks(data, name=str(origin)):
        if isinstance(chunk, Broken):
            broken.append(chunk)
        elif chunk.kind and chunk.api_version and not chunk.is_list:
            found = object_of(chunk, origin)
            read.objects.append(found)
            if found.group_kind in ("Secret", "ConfigMap"):
                read.whole[id(found)] = chunk.build
    # A template of some generator is no manifest yet, and nobody means it to be read.
    if broken and problems and not has_template(data):
        read.problems += problems_of(broken, data, origin)
