"""Values of a configuration checked against their kind, and as plain data."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..suppress.entries import called
from .keys import Key

Say = Callable[[str], None]
WRONG: Any = object()
"""Stands for a value that is wrong; the complaint about it was made."""


def checked(key: Key, value: Any, say: Say) -> Any:
    """A value of its kind: a text, a tuple of texts, a dict, true or false. WRONG where it is of another kind."""
    if key.kind == "flag":
        return value if isinstance(value, bool) else _wrong(say, "true or false", value)
    if key.kind == "pairs":
        return _pairs(value, say)
    if key.kind in ("texts", "outputs"):
        several = [value] if isinstance(value, str) else value
        if not isinstance(several, list):
            return _wrong(say, "a list of texts", value)
        texts = tuple(_text(one, say) for one in several)
        return WRONG if any(one is WRONG for one in texts) else texts
    text = _text(value, say)
    if key.choices and text is not WRONG and text not in key.choices:
        near = get_close_matches(text, key.choices, 1)
        say(f"{text!r} is none of {', '.join(key.choices)}" + (f"; did you mean {near[0]}?" if near else ""))
        return WRONG
    return text


def unknown_format(text: str) -> str:
    """What is wrong with the format of an output; empty where nothing is."""
    from ..report import FORMATS

    name = text.partition("=")[0]
    return "" if name in FORMATS else f"unknown format {name!r}; known are {', '.join(FORMATS)}"


def placed(key: Key, text: str, folder: Path) -> str:
    """A text whose path, if it holds one, is taken from a folder and told from the current one."""
    before, equals, path = text.partition("=") if key.path == "behind" else ("", "", text)
    if key.path == "behind" and not equals:
        if key.kind == "outputs":
            return text
        before, path = "", text
    elsewhere = path in ("", "-") or "://" in path
    if not key.path or elsewhere or (key.path == "perhaps" and not (folder / path).exists()):
        return text
    return before + equals + _from_here(folder, path)


def _from_here(folder: Path, path: str) -> str:
    whole = folder / path
    if Path(path).is_absolute() or folder == Path.cwd():
        return path
    try:
        return os.path.relpath(whole)
    except ValueError:  # another drive of Windows
        return str(whole)


def _pairs(value: Any, say: Say) -> Any:
    if not isinstance(value, Mapping):
        return _wrong(say, "a mapping of names to versions", value)
    pairs = {str(name): _text(version, _named(str(name), say)) for name, version in value.items()}
    return WRONG if any(one is WRONG for one in pairs.values()) else pairs


def _named(name: str, say: Say) -> Say:
    return lambda text: say(f"{name}: {text}")


def _text(value: Any, say: Say) -> Any:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        say(f"{value} is a number here, since 1.30 is read as 1.3; quote it")
        return WRONG
    return _wrong(say, "a text", value)


def _wrong(say: Say, expected: str, value: Any) -> Any:
    say(f"expected {expected}, not {called(value) if value != '' else 'an empty text'}")
    return WRONG
