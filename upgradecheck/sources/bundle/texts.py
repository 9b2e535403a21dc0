"""Secrets inside texts: configuration that a ConfigMap holds, arguments of a program, JSON in an annotation."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...model.redact import looks_secret
from .tokens import Tokens

_ENTRY = re.compile(
    r"(?P<head>(?P<indent>[ \t]*)(?:- )?[\"']?(?P<key>[\w./-]+)[\"']?[ \t]*[:=][ \t]*)(?P<value>.*?)(?P<end>,?\s*)"
)
_ASSIGNMENT = re.compile(r"(?P<head>(?P<key>[A-Za-z_][\w.-]*)=)(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"']+)")
_QUOTED = re.compile(r"([\"'])(.*)\1", re.DOTALL)
_BLOCK = re.compile(r"[|>][+-]?\d?|")
_OPENS = ("{", "[", "&", "*")


def configuration(text: str, tokens: Tokens) -> str:
    """A text that may be JSON, YAML, properties or anything else, line by line where it is not JSON."""
    if text.lstrip()[:1] in ("{", "["):
        told = as_json(text, lambda tree: tree_of(tree, tokens))
        if told is not None:
            return told
    if ":" not in text and "=" not in text:
        return text
    return tokens.text("\n".join(_lines(text.split("\n"), tokens)))


def as_json(text: str, change: Callable[[Any], Any]) -> str | None:
    """The text with its JSON changed, as it was where nothing changes; None where it is no JSON."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return None
    changed = change(tree)
    if changed == tree:
        return text
    end = "\n" if text.endswith("\n") else ""
    return _in_place(text, list(_pairs(tree, changed))) or json.dumps(changed, separators=(",", ":")) + end


def _pairs(old: Any, new: Any) -> Iterator[tuple[Any, Any]]:
    """Every leaf that was changed, as it was and as it is."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old:
            yield from _pairs(old[key], new.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        for before, after in zip(old, new, strict=False):
            yield from _pairs(before, after)
    elif old != new:
        yield old, new


def _in_place(text: str, pairs: Sequence[tuple[Any, Any]]) -> str:
    """The text as its author set it, but for what was changed; empty where that cannot be told apart."""
    for (old, new), count in Counter((json.dumps(old), json.dumps(new)) for old, new in pairs).items():
        if not old.startswith('"') or text.count(old) != count:
            return ""
        text = text.replace(old, new)
    return text


def tree_of(value: Any, tokens: Tokens, path: tuple[str | int, ...] = ()) -> Any:
    """Values as Helm has them, by the same rules as what a report shows: see `model/redact.py`."""
    if isinstance(value, dict):
        told = value.get("name", value.get("key"))
        beside = isinstance(told, str) and "value" in value and looks_secret((told,))
        return {
            key: tokens.of(inner)
            if beside and key == "value" and isinstance(inner, str | int | float)
            else tree_of(inner, tokens, (*path, str(key)))
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [tree_of(inner, tokens, (*path, index)) for index, inner in enumerate(value)]
    if looks_secret(path):
        return tokens.of(value)
    return tokens.text(value) if isinstance(value, str) else value


def arguments(words: Sequence[Any], tokens: Tokens) -> list[Any]:
    """The words of a command: `--password=x`, `--password x`, and assignments in the text of a shell."""
    told: list[Any] = []
    before = ""
    for word in words:
        if not isinstance(word, str):
            told.append(word)
            before = ""
            continue
        flag = before.startswith("-") and "=" not in before and not word.startswith("-")
        told.append(tokens.of(word) if flag and _secret(before) else _assigned(word, tokens))
        before = word
    return told


def _assigned(word: str, tokens: Tokens) -> str:
    return tokens.text(_ASSIGNMENT.sub(lambda found: found["head"] + _value(found, tokens), word))


def _value(found: re.Match[str], tokens: Tokens) -> str:
    return _in_quotes(found["value"], tokens) if _secret(found["key"]) else found["value"]


def _lines(lines: Sequence[str], tokens: Tokens) -> list[str]:
    """Each line with its value as a token where its key is a secret word, and every line that hangs below one."""
    told: list[str] = []
    below: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if below is not None and (not line.strip() or indent > below):
            told.append(line[:indent] + str(_in_quotes(line.strip(), tokens)) if line.strip() else line)
            continue
        below = None
        found = _ENTRY.fullmatch(line)
        if found is None or not _secret(found["key"]) or found["value"].startswith(_OPENS):
            told.append(line)
        elif _BLOCK.fullmatch(found["value"]):
            below = len(found["indent"])
            told.append(line)
        else:
            told.append(found["head"] + _in_quotes(found["value"], tokens) + found["end"])
    return told


def _in_quotes(value: str, tokens: Tokens) -> str:
    quoted = _QUOTED.fullmatch(value)
    return f"{quoted[1]}{tokens.of(quoted[2])}{quoted[1]}" if quoted else str(tokens.of(value))


def _secret(key: str) -> bool:
    return looks_secret((key.lstrip("-"),))
