"""The files of a bundle, named by the API path whose answer each one holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...model import Object
from ...model.log import Log
from ..records import is_record
from .records import saved
from .redacting import redacted
from .tokens import Tokens

if TYPE_CHECKING:
    from ..live import Live

MOST = 50_000
"""Beyond so many files a kind is one file, not one for each namespace: an archive holds no more than 200,000."""

Build = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Member:
    """One file. `parts` are its bytes in pieces, made when they are asked for."""

    path: str
    parts: Callable[[], Iterator[bytes]]


def members(live: Live, tokens: Tokens) -> list[Member]:
    """Every file but the manifest, in the order of their paths."""
    files = _files(live, tokens, apart=True)
    if len(files) > MOST:
        files = _files(live, tokens, apart=False)
    found = [_list(path, entries) for path, entries in files.items()]
    found += [_log(log, tokens) for logs in live.logs.values() for log in logs]
    if live.server:
        version = json.dumps({"serverVersion": {"gitVersion": live.server}}) + "\n"
        found.append(Member("version.json", lambda: iter([version.encode()])))
    return sorted({member.path: member for member in found}.values(), key=lambda member: member.path)


def _files(live: Live, tokens: Tokens, *, apart: bool) -> dict[str, list[tuple[tuple[str, str], Object, Build]]]:
    """The objects of each file, each with its place in it. One that was read twice is saved once."""
    files: dict[str, list[tuple[tuple[str, str], Object, Build]]] = {}
    done: set[tuple[str, str, str]] = set()
    for found, build in _objects(live, tokens):
        resource = live.catalogue.find(found.group_kind)
        if found.key in done or resource is None:
            continue
        done.add(found.key)
        path = resource.path(found.namespace if apart else "")
        if apart and found.group_kind == "Namespace":
            path = resource.item(found.name)
        files.setdefault(f"{_inside(path)}.json", []).append(((found.namespace, found.name), found, build))
    for entries in files.values():
        entries.sort(key=lambda entry: entry[0])
    return files


def _objects(live: Live, tokens: Tokens) -> Iterator[tuple[Object, Build]]:
    for found, whole in live.records.values():
        yield found, lambda whole=whole: saved(whole(), tokens)  # type: ignore[misc]
    for several in (*live.objects.values(), *live.events.values()):
        for found in several:
            keep = saved if is_record(found) else redacted
            yield found, lambda found=found, keep=keep: keep(found.data, tokens)  # type: ignore[misc]


def _list(path: str, entries: list[tuple[tuple[str, str], Object, Build]]) -> Member:
    """A list as the API server answers it, one object a line, so that a line of evidence is an object."""
    first = entries[0][1]
    head = {"apiVersion": first.api_version, "kind": f"{first.kind}List", "metadata": {}}

    def parts() -> Iterator[bytes]:
        yield json.dumps(head, separators=(",", ":")).encode()[:-1] + b',"items":[\n'
        for number, (_, found, build) in enumerate(entries):
            typed = {"apiVersion": found.api_version, "kind": found.kind, **build()}
            yield (b",\n" if number else b"") + json.dumps(typed, separators=(",", ":"), default=str).encode()
        yield b"\n]}\n"

    return Member(path, parts)


def _log(log: Log, tokens: Tokens) -> Member:
    def parts() -> Iterator[bytes]:
        text = tokens.text("".join(f"{line}\n" for _, line in log.lines()))
        yield text.encode("utf-8", "replace")

    pod = f"/api/v1/namespaces/{_step(log.namespace)}/pods/{_step(log.pod)}"
    return Member(f"{_inside(pod)}/log/{_step(log.container)}.log", parts)


def _step(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")


def _inside(path: str) -> str:
    """A path of the API as one inside an archive, which no name leads out of."""
    return "/".join(part.replace(".", "%2E") if part in (".", "..") else part for part in path.split("/") if part)
