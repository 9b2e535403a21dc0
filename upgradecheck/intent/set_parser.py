"""Helm's parser for one --set expression, as pkg/strvals has it, its odd corners included.

One difference: an index that is never closed (`a[0`) is refused as Helm 3 does, where Helm 4 silently sets
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from ..model import Path
from .json_text import first_value
from .set_values import SetError, list_at, number_in, said, typed, with_item

SetKind = Literal["set", "set-string", "set-file", "set-json", "set-literal"]

MAX_NAMES = 30
MAX_LISTS = 100
"""How many indexes one key may have; Helm has no limit, a person no use for it."""

Reader = Callable[[str], str]
"""Gives the text of the file that --set-file names; raises UsageError."""


class Parser:
    """One pass over one expression. Methods answer True where the text ended where Helm's parser stops."""

    def __init__(self, text: str, kind: SetKind, read: Reader | None) -> None:
        self._text = text
        self.at = 0
        self._kind = kind
        self._read = read
        self._escapes = kind != "set-literal"
        self._key_stops = "=[,." if self._escapes else "=[."
        self._lists = 0
        self.touched: list[Path] = []

    def key(self, data: dict[str, Any], names: int, path: Path | None) -> bool:
        """One key and what follows it. `path` is that of `data`; None inside a list, which is touched whole."""
        if path == ():
            self._lists = 0
        name, stop = self._until(self._key_stops)
        if stop == "":
            if name:
                raise SetError(f'key "{name}" has no value')
            return True
        if stop == ",":
            raise SetError(f'key "{name}" has no value (cannot end with ,)')
        if stop == "=":
            value, end = self._value()
            self._put(data, name, value, path)
            return end
        if stop == "[":
            listed, end = self._item(list_at(data, name), self._index(), names)
            self._put(data, name, listed, path)
            return end
        return self._deeper(data, name, names + 1, path)

    def _deeper(self, data: dict[str, Any], name: str, names: int, path: Path | None) -> bool:
        if names > MAX_NAMES:
            raise SetError(f"value name nested level is greater than maximum supported nested level of {MAX_NAMES}")
        inner = data.get(name, {})
        if not isinstance(inner, dict):
            raise SetError(f'unable to parse key: "{name}" is {said(inner)}, not a map')
        end = self.key(inner, names, None if path is None else (*path, name))
        if not inner and not end:
            raise SetError(f'key map "{name}" has no value')
        if inner and name:
            data[name] = inner
        return end

    def _put(self, data: dict[str, Any], name: str, value: Any, path: Path | None) -> None:
        if not name:
            return
        data[name] = value
        if path is not None:
            self.touched.append((*path, name))

    def _item(self, listed: list[Any], index: int, names: int) -> tuple[list[Any], bool]:
        """What follows `]`: the list with the item set, and whether the text ended too early to set it."""
        if index < 0:
            raise SetError(f"negative {index} index not allowed")
        self._lists += 1
        if self._lists > MAX_LISTS:
            raise SetError(f"more than {MAX_LISTS} indexes in one key")
        name, stop = self._until("[.=")
        if name:
            raise SetError(f'unexpected data at end of array index: "{name}"')
        if stop == "":
            return listed, True
        if stop == "=":
            return with_item(listed, index, self._value()[0]), False
        if stop == "[":
            below = listed[index] if index < len(listed) else None
            if below is not None and not isinstance(below, list):
                raise SetError(f"unable to parse key: item {index} is {said(below)}, not a list")
            value, end = self._item(below or [], self._index(), names)
            return (listed, True) if end else (with_item(listed, index, value), False)
        return self._map_item(listed, index, names)

    def _map_item(self, listed: list[Any], index: int, names: int) -> tuple[list[Any], bool]:
        inner: dict[str, Any] = {}
        if index < len(listed):
            if not isinstance(listed[index], dict):
                listed[index] = {}
            inner = listed[index]
        if self.key(inner, names, None):
            return listed, True
        return with_item(listed, index, inner), False

    def _index(self) -> int:
        digits, stop = self._until("]")
        if stop == "":
            raise SetError("error parsing index: no closing ]")
        number = number_in(digits)
        if number is None:
            raise SetError(f'error parsing index: "{digits}" is not a number')
        return number

    def _value(self) -> tuple[Any, bool]:
        """The value after `=`, and whether nothing at all stood there."""
        if self._kind == "set-literal":
            value, self.at = self._text[self.at :], len(self._text)
            return value, False
        if self._kind == "set-json":
            return self._json(), False
        if self.at >= len(self._text):
            return "", True
        if self._text[self.at] == "{":
            self.at += 1
            return self._braces(), False
        return self._scalar(self._until(",")[0]), False

    def _braces(self) -> list[Any]:
        items = []
        while True:
            text, stop = self._until(",}")
            if stop == "":
                raise SetError("list must terminate with '}'")
            items.append(self._scalar(text))
            if stop == "}":
                if self._text.startswith(",", self.at):
                    self.at += 1
                return items

    def _scalar(self, text: str) -> Any:
        if self._kind == "set-string":
            return text
        if self._kind == "set-file":
            return self._read(text) if self._read else ""
        return typed(text)

    def _json(self) -> Any:
        if self._blank():
            return None
        value, self.at = first_value(self._text, self.at)
        self._blank()
        return value

    def _blank(self) -> bool:
        """Skips spaces and one comma; True where nothing else stood before the comma or the end."""
        while self.at < len(self._text):
            letter = self._text[self.at]
            if letter != "," and not letter.isspace():
                return False
            self.at += 1
            if letter == ",":
                return True
        return True

    def _until(self, stops: str) -> tuple[str, str]:
        """The text up to a stop sign, and the sign, which is consumed; "" where the text ended first."""
        letters: list[str] = []
        while self.at < len(self._text):
            letter = self._text[self.at]
            self.at += 1
            if letter in stops:
                return "".join(letters), letter
            if letter == "\\" and self._escapes:
                if self.at >= len(self._text):
                    break
                letter = self._text[self.at]
                self.at += 1
            letters.append(letter)
        return "".join(letters), ""
