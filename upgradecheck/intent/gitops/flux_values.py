"""Flux: the values of a HelmRelease, from what valuesFrom names, what stands inline, and values files of a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import InputError
from ...model import Object, Origin, Problem, Values
from ..set_parser import SetKind
from .layers import inline, over, setting, text_values
from .manifests import Data, Manifests


@dataclass(frozen=True, slots=True)
class Layered:
    """One HelmRelease, with the patches of an overlay that lie over it; what a later one says counts."""

    objects: tuple[Object, ...]

    def get(self, *path: str | int, default: Any = None) -> Any:
        return next((v for o in reversed(self.objects) if (v := o.get(*path)) is not None), default)

    def text(self, *path: str | int) -> str:
        found = self.get(*path)
        return found if isinstance(found, str) else str(found) if isinstance(found, int | float) else ""

    def at(self, *path: str | int) -> Origin:
        holding = next((o for o in reversed(self.objects) if o.get(*path) is not None), self.objects[-1])
        return holding.at(*path)

    @property
    def top(self) -> Object:
        return self.objects[-1]


def merged(read: Manifests, found: Layered, namespace: str, chart: Values) -> tuple[Values, list[str], list[Problem]]:
    """As Flux merges them: what valuesFrom names in order, then what stands inline, then single paths."""
    listed = found.get("spec", "valuesFrom")
    references: Sequence[Any] = listed if isinstance(listed, list) else []
    values, missing, problems = chart, [], []
    late: list[tuple[Mapping[str, Any], Data]] = []
    for reference in references:
        if not isinstance(reference, Mapping):
            continue
        kind, name = str(reference.get("kind")), str(reference.get("name"))
        key = str(reference.get("valuesKey") or "values.yaml")
        data = read.data_of(kind, name, namespace, key)
        if data is None:
            missing.append(f"{kind} {namespace}/{name}")
        elif reference.get("targetPath"):
            late.append((reference, data))
        else:
            try:
                values = over(values, text_values(data))
            except InputError as error:
                problems.append(Problem(data.origin, error.text, error.expected))
    for one in found.objects:
        values = over(values, inline(one, "spec", "values"))
    for reference, data in late:
        try:
            values = _targeted(values, reference, data)
        except InputError as error:
            problems.append(Problem(data.origin, error.text, error.expected))
    return values, missing, problems


def _targeted(values: Values, reference: Mapping[str, Any], data: Data) -> Values:
    """One value at a path, parsed as `--set` does, or as a text where it is quoted or meant literally."""
    text = data.text
    kind: SetKind = "set"
    if reference.get("literal") is True:
        kind = "set-literal"
    elif len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text, kind = text.strip("'\""), "set-string"
    return setting(values, str(reference["targetPath"]), text, data.origin, kind, secret=data.secret)


def chart_files(read: Manifests, found: Layered, path: tuple[str, ...], folder: str) -> Values:
    """The values files of a chart in the repository that its release names besides values.yaml."""
    named = found.get(*path, "valuesFiles")
    values = Values()
    for name in named if isinstance(named, list) else []:
        whole = str(name).removeprefix("./")
        data = read.tree.read(whole)
        if data is not None and whole != f"{folder.removeprefix('./').rstrip('/')}/values.yaml":
            values = over(values, text_values(Data(data.decode("utf-8", "replace"), read.tree.origin(whole), 1)))
    return values
