"""Reads one piece of input and says everything that it holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..cluster import Log
from ..model import Object, Origin, Problem, Release, Values, group_kind
from . import helm_output
from .bare import look_at
from .bundle import Manifest, manifest_in
from .evidence import Listed
from .limits import Limits
from .logs import sections, without_sections
from .manifests import object_of, problems_of
from .pieces import Piece
from .records import is_record
from .releases import Rendered, manifest_of
from .sniff import USE_INSTEAD, What
from .stamps import KINDS, newest_stamp
from .sysdump import helm_part
from .versions_told import Told, versions_in_text

if TYPE_CHECKING:
    from ..yaml import Chunk

_NOT_RUNNING = {
    "Config": "a kubeconfig: not read",
    "Kustomization.kustomize.config.k8s.io": "a kustomization: use what kubectl kustomize prints",
    "Status": "an error that the API server answered",
    "Table.meta.k8s.io": "a kubectl table: use -o yaml",
    "SupportBundle.troubleshoot.sh": "the version of the support bundle",
}
_CHART_LABEL = re.compile(rb"helm\.sh/chart[\"']?: *[\"']?([^\s\"']+)")
_CHART_SOURCE = re.compile(rb"^# Source: ([^\s/]+)/", re.M)


@dataclass(slots=True)
class Reading:
    """What one piece holds. `refused` says why (a part of) it is of no use, and what to give instead.

    `listed_releases`: a tool listed releases, be it none.
    """

    piece: Piece
    objects: list[Object] = field(default_factory=list)
    records: list[tuple[Object, Callable[[], Any]]] = field(default_factory=list)
    lists: list[Listed] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    listed_releases: bool = False
    values: list[Values] = field(default_factory=list)
    rendered: list[Rendered] = field(default_factory=list)
    logs: list[Log] = field(default_factory=list)
    versions: list[tuple[Origin, Told]] = field(default_factory=list)
    newest: bytes = b""
    bundle: Manifest | None = None
    problems: list[Problem] = field(default_factory=list)
    refused: tuple[str, str] = ("", "")
    _lists: dict[int, Listed] = field(default_factory=dict)

    @property
    def useful(self) -> bool:
        found = (self.objects, self.lists, self.releases, self.rendered, self.logs, self.versions, self.values)
        return self.listed_releases or self.bundle is not None or any(found)

    def read(self, data: bytes, what: What, limits: Limits) -> None:
        """Takes in the whole text. Never raises for what stands in it."""
        match what:
            case What.DATA:
                self._documents(data)
            case What.DUMP:
                self.logs += sections(data, self.piece.origin, limits.log)
                self._documents(without_sections(data))
            case What.MANIFEST:
                self._manifest(data)
            case What.HELM_TEXT:
                self._helm_text(data.decode("utf-8", "replace"))
            case What.VERSION:
                told = versions_in_text(data.decode("utf-8", "replace"))
                self.versions += [(self.piece.origin, told)] if told else []
            case _:
                self.refused = (what.value, USE_INSTEAD[what])
        if what is What.VERSION and not self.versions:
            self.refused = (What.OTHER.value, USE_INSTEAD[What.OTHER])

    def _documents(self, data: bytes) -> None:
        from ..yaml import Broken, chunks

        broken = []
        for chunk in chunks(data, name=str(self.piece.origin)):
            if isinstance(chunk, Broken):
                broken.append(chunk)
            elif chunk.is_list:
                self._empty_list(chunk)
            elif chunk.kind and chunk.api_version:
                self._object(chunk)
            else:
                self._bare(chunk)
        self.problems += problems_of(broken, data, self.piece.origin)

    def _empty_list(self, chunk: Chunk) -> None:
        name = chunk.kind.removesuffix("List")
        kind = group_kind(chunk.api_version, name) if name else ""
        self.lists.append(Listed(self.piece.parts, empty=kind))

    def _object(self, chunk: Chunk) -> None:
        found = object_of(chunk, self.piece.origin)
        if found.group_kind in _NOT_RUNNING:
            self.refused = (_NOT_RUNNING[found.group_kind], USE_INSTEAD[What.OTHER])
            return
        self.objects.append(found)
        if is_record(found):
            self.records.append((found, chunk.build))
        if chunk.listed:
            if chunk.list_id not in self._lists:
                self._lists[chunk.list_id] = Listed(self.piece.parts)
                self.lists.append(self._lists[chunk.list_id])
            self._lists[chunk.list_id].add(found.group_kind, found.namespace)
        if chunk.kind in KINDS:
            self.newest = max(self.newest, newest_stamp(chunk.text()))

    def _bare(self, chunk: Chunk) -> None:
        """A document that is no object: something that a tool printed, values, or nothing of use."""
        from ..yaml import YamlError

        try:
            told = chunk.build()
        except YamlError as error:
            self.problems.append(Problem(self.piece.origin.at(error.line), error.text, "YAML"))
            return
        if helm_part(self.piece.parts)[0] == "values" and (told is None or isinstance(told, dict)):
            self.values.append(helm_output.values_at(told or {}, self.piece.origin))
            return
        bundle = manifest_in(told)
        if isinstance(bundle, str):
            self.problems.append(Problem(self.piece.origin, bundle, "a bundle of upgradecheck collect"))
            return
        if bundle is not None:
            self.bundle = bundle
            return
        bare = look_at(told, self.piece.origin.at(chunk.line), chunk.locate, self.piece.name)
        self.versions += bare.versions
        self.releases += bare.releases or []
        self.listed_releases = self.listed_releases or bare.releases is not None
        self.refused = bare.refused if bare.refused[0] else self.refused
        if bare.objects:
            self.objects += bare.objects
            self.newest = max(self.newest, newest_stamp(chunk.text()))
            self.lists.append(Listed(self.piece.parts))
            for found in bare.objects:
                self.lists[-1].add(found.group_kind, found.namespace)

    def _manifest(self, data: bytes) -> None:
        whole = Reading(self.piece)
        whole._documents(data)
        self.problems += whole.problems
        source = _CHART_SOURCE.search(data)
        chart = source[1].decode("utf-8", "replace") if source else ""
        labels = {label.decode("utf-8", "replace") for label in _CHART_LABEL.findall(data)}
        versions = {v for name, v in map(helm_output.split_chart, labels) if name == chart}
        self.rendered.append(
            Rendered(chart, frozenset(versions), tuple(whole.objects), self.piece.origin, self.piece.named)
        )

    def _helm_text(self, text: str) -> None:
        from ..errors import InputError
        from .values import read_values

        origin = self.piece.origin
        release = helm_output.text_header(text, origin)
        if release is None:
            self.refused = ("the text of a Helm command that names no release", "helm get all, or helm list -o json")
            return
        parts = helm_output.text_sections(text)
        try:
            told = parts.get("USER-SUPPLIED VALUES")
            values = read_values(str(origin), data=told.encode()) if told is not None else None
        except InputError as error:
            self.problems.append(Problem(origin, error.text, error.expected))
            values = None
        manifest = parts.get("MANIFEST")
        objects = manifest_of(manifest, origin, release.namespace, lined=True) if manifest is not None else None
        self.releases.append(replace(release, values=values, manifest=objects))
