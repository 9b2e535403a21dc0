"""Turns the documents of a text into objects, and says what the others are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, BinaryIO

from ..errors import InputError
from ..model import NOWHERE, Object, Origin, Path, Problem
from ..model.redact import without_secrets
from .limits import Limits, TooLarge
from .sniff import as_utf8, has_template
from .walk import STDIN, bounded, read_file, reason

if TYPE_CHECKING:
    from ..yaml import Broken, Chunk

RECORD_PREFIX = "sh.helm.release.v1."
TEMPLATE = ("a Helm template, not YAML", "what helm template or helm get manifest prints")
_MOST_PROBLEMS = 5
"""The most problems that are told of one file; the rest is counted."""


def object_of(chunk: Chunk, origin: Origin, namespace: str = "", *, lined: bool = True) -> Object:
    """The object of a chunk, built when it is looked into. Secret data is stripped before anyone sees it.

    Not `lined`: the text is not a file that a person could open, so `origin` stands for every line of it.
    """
    return Object(
        chunk.api_version,
        chunk.kind,
        chunk.namespace or namespace,
        chunk.name,
        origin.at(chunk.line) if lined else origin,
        builder(chunk.kind, chunk.name, chunk.build, origin),
        chunk.locate if lined else None,
    )


def stripped(found: Object) -> Object:
    """An object that a program handed over, without secret data."""
    build = builder(found.kind, found.name, lambda: found.data)
    locate: Callable[[Path], int] = lambda path: found.at(*path).line  # noqa: E731
    return Object(found.api_version, found.kind, found.namespace, found.name, found.origin, build, locate)


def builder(kind: str, name: str, build: Callable[[], Any], origin: Origin = NOWHERE) -> Callable[[], dict[str, Any]]:
    """What builds an object, less what is secret in it. It raises InputError for one that cannot be read."""
    from ..yaml import YamlError

    secret = kind == "Secret" or (kind == "ConfigMap" and name.startswith(RECORD_PREFIX))

    def whole() -> dict[str, Any]:
        try:
            built = build()
        except YamlError as error:
            raise InputError(str(origin.at(error.line)), error.text, error.expected) from None
        data = built if isinstance(built, dict) else {}
        return without_secrets(data) if secret else data

    return whole


def problems_of(broken: Sequence[Broken], data: bytes, origin: Origin) -> Iterator[Problem]:
    """One clear line for each document that could not be read; a template is told once."""
    if broken and has_template(data):
        line = data.count(b"\n", 0, data.find(b"{{")) + 1
        yield Problem(origin.at(line), *TEMPLATE)
        return
    for one in broken[:_MOST_PROBLEMS]:
        yield Problem(origin.at(one.line), one.text, one.expected)
    if len(broken) > _MOST_PROBLEMS:
        yield Problem(origin, f"and {len(broken) - _MOST_PROBLEMS} more documents that cannot be read")


def read_manifests(
    paths: Iterable[str | FilePath], *, recursive: bool = False, stdin: BinaryIO | None = None
) -> tuple[tuple[Object, ...], tuple[Problem, ...]]:
    """The objects that `kubectl apply -f` would send, in its order, and what could not be read.

    A folder gives its .yaml, .yml and .json files; those below it only where `recursive`. Lists are taken apart.
    """
    objects: list[Object] = []
    problems: list[Problem] = []
    for path in paths:
        for file in _files(path, recursive, problems):
            origin = Origin(STDIN if file == "-" else str(file))
            try:
                data = bounded(stdin, Limits().file) if file == "-" and stdin else read_file(FilePath(file), Limits())
            except (OSError, TooLarge) as error:
                problems.append(Problem(origin, reason(error) if isinstance(error, OSError) else str(error)))
                continue
            found, wrong = _manifest(as_utf8(data), origin)
            objects += found
            problems += wrong
    return tuple(objects), tuple(problems)


def _files(path: str | FilePath, recursive: bool, problems: list[Problem]) -> Iterator[str | FilePath]:
    if str(path) == "-":
        yield "-"
    elif str(path).startswith(("http://", "https://")):
        problems.append(Problem(Origin(str(path)), "nothing is fetched", "a file, downloaded before"))
    elif FilePath(path).is_dir():
        found = FilePath(path).rglob("*") if recursive else FilePath(path).glob("*")
        yield from sorted(f for f in found if f.suffix in (".json", ".yaml", ".yml") and f.is_file())
    else:
        yield path


def _manifest(data: bytes, origin: Origin) -> tuple[list[Object], list[Problem]]:
    from ..yaml import Broken, chunks

    objects, broken, other = [], [], []
    for chunk in chunks(data, name=str(origin)):
        if isinstance(chunk, Broken):
            broken.append(chunk)
        elif chunk.kind and chunk.api_version and not chunk.is_list:
            objects.append(object_of(chunk, origin))
        elif not chunk.is_list:
            other.append(chunk)
    problems = list(problems_of(broken, data, origin))
    for chunk in other[:_MOST_PROBLEMS]:
        problems.append(Problem(origin.at(chunk.line), "no Kubernetes object", "apiVersion and kind"))
    if not objects and not problems:
        problems.append(Problem(origin, "empty", "Kubernetes objects"))
    return objects, problems
