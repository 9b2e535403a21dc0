"""What PyYAML says about broken text, in words that help."""

from __future__ import annotations

import re

import yaml

from .chunk import YamlError

_KINDER = (
    ("found character that cannot start any token", "a character that cannot start a value here (a tab, @, ` or %?)"),
    ("found character '\\t' that cannot start any token", "a tab, where only spaces may indent"),
    ("mapping values are not allowed", "a colon and a space inside a value; a quote or a line break is missing"),
    ("did not find expected key", "no key where one must stand; check the indentation, and for quotes left open"),
    ("did not find expected '-' indicator", "no list entry where one must stand; check the indentation"),
    ("could not find expected ':'", "no colon after a key"),
    ("found undefined alias", "an alias to an anchor that is not there"),
    ("found unexpected end of stream", "the text ends inside a quoted value; is the file cut off?"),
    ("found unexpected document indicator", "a new document begins inside a quoted value"),
    ("did not find expected node content", "no value where one must stand"),
    ("control characters are not allowed", "a control character"),
)

_GLUED = re.compile(rb"\s*(?:- )?([A-Za-z_][\w.-]*):(?=[^\s:/])")


def in_words(error: yaml.YAMLError, text: bytes) -> YamlError:
    """The same error as one plain line; `text` is what was read."""
    if isinstance(error, yaml.reader.ReaderError):
        return _unreadable(error, text)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "context", None) or error)
    return explain(mark.line + 1 if mark else 0, _kinder(problem), text)


def explain(line: int, problem: str, text: bytes) -> YamlError:
    """An error, or where the text is an unrendered Helm template, that instead."""
    template = text.find(b"{{")
    glued = _glued(text, line) if template < 0 else None
    if glued:
        return YamlError(glued[0], f"no space after the colon of {glued[1]}")
    if template < 0:
        return YamlError(line, problem)
    return YamlError(
        text.count(b"\n", 0, template) + 1,
        "looks like an unrendered Helm template ({{ in it)",
        "rendered YAML; render it with `helm template`",
    )


def _glued(text: bytes, line: int) -> tuple[int, str] | None:
    """The first of the lines above a mistake whose colon has no space after it, with its key: YAML takes the whole
    for one word, and complains about the line after."""
    lines = text.split(b"\n")
    at = min(line, len(lines)) - 1
    if at > 0 and not _GLUED.match(lines[at]):
        at -= 1
    while at > 0 and _GLUED.match(lines[at]) and _GLUED.match(lines[at - 1]):
        at -= 1
    found = _GLUED.match(lines[at]) if at >= 0 else None
    return (at + 1, found[1].decode()) if found else None


def _kinder(problem: str) -> str:
    return next((kind for found, kind in _KINDER if found in problem), problem)


def _unreadable(error: yaml.reader.ReaderError, text: bytes) -> YamlError:
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        return YamlError(text.count(b"\n", 0, wrong.start) + 1, "bytes that are no UTF-8", "UTF-8 text")
    character = error.character if isinstance(error.character, int) else ord(str(error.character)[:1] or "\0")
    before = text[: max(text.find(chr(character).encode(errors="replace")), 0)]
    return YamlError(before.count(b"\n") + 1, f"the control character U+{character:04X}", "text without it")
