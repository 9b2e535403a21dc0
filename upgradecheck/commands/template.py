"""Commands to type: each word is quoted after it was filled, so no value can become more than one word.

What a value may not do, and what happens instead:

- A newline or another control character inside a word would hide what is typed: it becomes `<?>`.
- A value that begins with a dash, at the beginning of a word, would be a flag: it becomes `<-value>`.
- A value longer than 2000 characters becomes `<2345 characters>`.

In all three cases `fill` tells that the command is not ready to type.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .split import Line, Word, split_line
from .texts import UNSAFE, fill_text, pieces, plain, text_placeholders

_LONGEST = 2000
_WHOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_-]*)\}")
_TO_FILL = re.compile(r'"<[^<>"]+>"')
"""A text of a payload that is left for the person."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A command line. `fill`: something in it, in angle brackets, is left for the person."""

    text: str
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Payload:
    """A mapping or list beside `run`, printed as one JSON word. Texts inside it may hold placeholders; one that
    is nothing but a placeholder takes the value as it is, a number stays a number."""

    tree: Any

    @property
    def placeholders(self) -> frozenset[str]:
        """The names inside it. Raises ValueError on a stray brace."""
        return frozenset(name for text in _texts(self.tree) for name in text_placeholders(text))

    def fill(self, facts: Mapping[str, Any]) -> str:
        # ASCII keeps every control character and odd letter visible as an escape.
        return json.dumps(_filled(self.tree, facts), separators=(",", ":"), default=str)


class Template:
    """A parsed `run`."""

    __slots__ = ("_lines", "placeholders", "text")

    def __init__(self, text: str, lines: list[Line]) -> None:
        self.text = text
        self._lines = lines
        words = (name for line in lines for word in line.words for name, is_name in word.pieces if is_name)
        comments = (name for line in lines for name in text_placeholders(line.comment))
        self.placeholders = frozenset((*words, *comments))

    def fill(self, facts: Mapping[str, Any]) -> Filled:
        """The command with its placeholders filled."""
        filled = [_line(line, facts) for line in self._lines]
        return Filled("\n".join(one.text for one in filled), any(one.fill for one in filled))


def parse_template(text: str) -> Template:
    """Read a `run`; each of its lines is a command of its own. Raises ValueError with a plain message."""
    lines = [split_line(line.strip()) for line in text.strip().splitlines()]
    if not any(line.words for line in lines):
        raise ValueError("there is no command in it")
    for line in lines:
        pieces(line.comment)
    return Template(text, lines)


def _line(line: Line, facts: Mapping[str, Any]) -> Filled:
    words = [filled for word in line.words for filled in _words(word, facts)]
    text = " ".join(word.text for word in words)
    if line.comment:
        # Two spaces, as people set a comment off; clean text cannot end the line and so the comment.
        text = f"{text}  {fill_text(line.comment, facts)}".lstrip()
    return Filled(text, any(word.fill for word in words))


def _words(word: Word, facts: Mapping[str, Any]) -> Iterator[Filled]:
    if word.operator:
        yield Filled(word.operator)
        return
    name, is_name = word.pieces[0] if len(word.pieces) == 1 else ("", False)
    value = facts.get(name) if is_name else None
    if isinstance(value, (list, tuple)):
        for item in value:
            text, fill = _safe(plain(item), True)
            yield Filled(shlex.quote(text), fill)
        return
    yield _word(word, facts)


def _word(word: Word, facts: Mapping[str, Any]) -> Filled:
    """One word: quoted as a whole, or around the `*` that the shell shall expand."""
    fill = word.person
    shell, run = "", ""
    for index, (text, is_name) in enumerate(word.pieces):
        if index in word.globs:
            shell, run = shell + (shlex.quote(run) if run else "") + text, ""
            continue
        if is_name:
            text, unsafe = _value(text, facts, index == 0)
            fill = fill or unsafe
        run += text
    return Filled(shell + (shlex.quote(run) if run or not shell else ""), fill)


def _value(name: str, facts: Mapping[str, Any], first: bool) -> tuple[str, bool]:
    if name not in facts:
        return f"<{name}>", True
    value = facts[name]
    if isinstance(value, Payload):
        text = value.fill(facts)
        return text, bool(_TO_FILL.search(text))
    if isinstance(value, Mapping):
        return json.dumps(value, separators=(",", ":"), default=str), False
    if isinstance(value, (list, tuple)):
        return _safe(",".join(plain(item) for item in value), first)
    return _safe(plain(value), first)


def _safe(text: str, first: bool) -> tuple[str, bool]:
    if len(text) > _LONGEST:
        return f"<{len(text)} characters>", True
    cleaned = UNSAFE.sub("<?>", text)
    if first and cleaned.startswith("-"):
        return f"<{cleaned}>", True
    return cleaned, cleaned != text


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _texts(key)
            yield from _texts(value)
    elif isinstance(tree, (list, tuple)):
        for item in tree:
            yield from _texts(item)


def _filled(tree: Any, facts: Mapping[str, Any]) -> Any:
    if isinstance(tree, str):
        whole = _WHOLE.fullmatch(tree)
        if whole and whole[1] in facts:
            return facts[whole[1]]
        return "".join(plain(facts.get(t, f"<{t}>")) if is_name else t for t, is_name in pieces(tree))
    if isinstance(tree, Mapping):
        return {_filled_key(key, facts): _filled(value, facts) for key, value in tree.items()}
    return [_filled(item, facts) for item in tree] if isinstance(tree, (list, tuple)) else tree


def _filled_key(key: Any, facts: Mapping[str, Any]) -> str:
    return plain(_filled(key, facts)) if isinstance(key, str) else plain(key)
