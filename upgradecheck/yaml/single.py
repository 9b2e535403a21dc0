"""Reads a text as its documents, lists left whole: values files, rule files, charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .builder import build
from .chunk import Locate, YamlError
from .documents import json_or_yaml, places
from .encode import clean
from .jsontext import values
from .nodes import compose_all
from .pieces import Part, Place, Whole


def load(text: bytes | str) -> Any:
    """The only document of a text; None where it holds nothing. Raises YamlError."""
    return load_with_lines(text)[0]


def load_all(text: bytes | str) -> list[Any]:
    """Every document of a text that holds something. Raises YamlError."""
    return [value for value, _ in _documents(text)]


def load_with_lines(text: bytes | str) -> tuple[Any, Locate]:
    """The only document of a text, and what gives the line of each of its paths. Raises YamlError."""
    found = list(_documents(text))
    if len(found) > 1:
        raise YamlError(found[1][1](()), f"{len(found)} documents", "one document")
    return found[0] if found else (None, lambda _path: 0)


def _documents(text: bytes | str) -> Iterator[tuple[Any, Locate]]:
    for place in places(clean(text.encode(errors="replace") if isinstance(text, str) else text)):
        try:
            yield from json_or_yaml(place, _from_json, _from_yaml)
        except YamlError as error:
            raise place.in_file(error) from None


def _from_json(place: Place) -> Iterator[tuple[Any, Locate]]:
    for piece in values(place):
        yield piece.build(), piece.locate


def _from_yaml(place: Place) -> Iterator[tuple[Any, Locate]]:
    text = place.text()
    for number, root in enumerate(compose_all(text)):
        value, _twice = build(root, text)
        if value is not None:
            yield value, Part(Whole(place, number, value), ()).locate
