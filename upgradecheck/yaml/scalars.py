"""What kubectl makes of a scalar: the rules of its Go library, then the way through JSON that every value takes."""

from __future__ import annotations

import base64
import re
import struct
from math import inf, isfinite, isinf, isnan

Scalar = str | int | float | bool | None

_TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE = ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
_NULL = ("", "~", "null", "Null", "NULL")
_UNWRITABLE = (".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF")

WORDS: dict[str, Scalar] = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False), **dict.fromkeys(_NULL)}
"""Plain scalars that are no strings, by their exact spelling."""

HINTS = frozenset("yYnNtTfFoO~+-.0123456789")
"""The first characters of plain scalars that may be something else than a string."""

_NUMERIC = frozenset("+-0123456789")

_INTEGER = re.compile(
    "(?P<sign>[-+]?)(?:(?P<decimal>0|[1-9][0-9]*)|0[xX](?P<hex>[0-9a-fA-F]+)"
    "|0[bB](?P<binary>[01]+)|0[oO]?(?P<octal>[0-7]+))"
)
_BASES = {"decimal": 10, "hex": 16, "binary": 2, "octal": 8}
_SIGN_INSIDE = re.compile("0b([-+][01]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOTTED = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]| +)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?")
_LONGEST_INTEGER = 4000
"""Digits beyond which nothing is 64 bits wide any more; Python itself stops a little later."""

_LONG_TAG = "tag:yaml.org,2002:"


class BadScalarError(ValueError):
    """A scalar that kubectl refuses, in words."""


def plain(text: str) -> Scalar:
    """The value of a plain scalar. Raises BadScalarError on infinity and NaN, which JSON cannot hold."""
    if text and text[0] not in HINTS:
        return text
    kind, value = _resolve(text)
    return _through_json(text, value) if kind in ("int", "float") else value


def key(text: str, tag: str | bool | None = True) -> str:
    """The key that a scalar becomes; `tag` as in `tagged`, True for plain, None for quoted."""
    if tag is None or (tag is True and text and text[0] not in HINTS):
        return text
    kind, value = _resolve(text) if tag is True else _by_tag(text, str(tag))
    if kind == "float":
        return _short_float(float(value or 0))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or (isinstance(value, int) and value >= 1 << 63):
        raise BadScalarError(f"{text or 'an empty scalar'} is no key of a map")
    return str(value)


def tagged(text: str, tag: str) -> Scalar:
    """The value of a scalar with an explicit tag; tags of others are ignored. Raises BadScalarError."""
    kind, value = _by_tag(text, tag)
    return _through_json(text, value) if kind in ("int", "float") else value


def _by_tag(text: str, tag: str) -> tuple[str, Scalar]:
    name = tag.removeprefix(_LONG_TAG) if tag.startswith(_LONG_TAG) else ""
    if name == "binary":
        return "str", _from_base64(text)
    if name not in ("bool", "int", "float", "null", "timestamp"):
        return "str", text
    kind, value = _resolve(text)
    if name == "timestamp" and kind == "str" and _TIMESTAMP.fullmatch(text):
        return kind, text
    if name == "float" and isinstance(value, int) and kind == "int":
        return "float", float(value)
    if kind != name:
        raise BadScalarError(f"{text!r} is no !!{name}")
    return kind, value


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text.replace("\n", ""), validate=True).decode(errors="replace")
    except ValueError:
        raise BadScalarError("a !!binary value is not base64") from None


def _resolve(text: str) -> tuple[str, Scalar]:
    """The kind of a plain scalar, and its value before JSON."""
    if text in WORDS:
        value = WORDS[text]
        return ("null" if value is None else "bool"), value
    if text in _UNWRITABLE:
        return "float", float(text.lower().replace(".", ""))
    if text[:1] == ".":
        return _float(text, text.replace("_", "")) if _DOTTED.fullmatch(text) else ("str", text)
    if text[:1] not in _NUMERIC:
        return "str", text
    bare = text.replace("_", "")
    whole = _integer(bare)
    if whole is not None:
        return "int", whole
    return _float(text, bare) if _FLOAT.fullmatch(bare) else ("str", text)


def _integer(bare: str) -> int | None:
    """A 64-bit integer, signed or not, as Go's ParseInt and ParseUint read it with base 0."""
    if len(bare) > _LONGEST_INTEGER:
        return None
    found = _INTEGER.fullmatch(bare)
    if found and found.lastgroup:
        value = int(found["sign"] + found[found.lastgroup], _BASES[found.lastgroup])
        top = 1 << (63 if found["sign"] else 64)
        return value if -(1 << 63) <= value < top else None
    odd = _SIGN_INSIDE.fullmatch(bare)
    value = int(odd[1], 2) if odd else 1 << 63
    return value if -(1 << 63) <= value < 1 << 63 else None


def _float(text: str, bare: str) -> tuple[str, Scalar]:
    value = float(bare)
    return ("str", text) if isinf(value) else ("float", value)


def _through_json(text: str, value: Scalar) -> Scalar:
    """A number as it comes back from JSON: a whole number of 64 bits is an integer, any other a float."""
    if isinstance(value, float):
        if not isfinite(value):
            raise BadScalarError(f"{text} is no number that JSON can hold")
        return whole(value)
    return float(value) if isinstance(value, int) and value >= 1 << 63 else value


def whole(value: float) -> int | float:
    """A float as it comes back from JSON, where Go writes its shortest digits and fills up with zeros."""
    if not value.is_integer() or abs(value) >= 1 << 64:
        return value
    digits, _, power = repr(value).partition("e")
    front, _, back = digits.partition(".")
    found = int(front + back[: int(power)].ljust(int(power), "0")) if power else int(value)
    return found if -(1 << 63) <= found < 1 << 63 else value


def _short_float(value: float) -> str:
    """A float key as Go writes it: the shortest form that keeps 32 bits."""
    narrow = _narrow(value)
    if not isfinite(narrow):
        return ".nan" if isnan(narrow) else ".inf" if narrow > 0 else "-.inf"
    digits = next((d for d in range(1, 9) if _narrow(float(f"{narrow:.{d - 1}e}")) == narrow), 9)
    text = f"{narrow:.{digits - 1}e}"
    power = int(text.partition("e")[2])
    return f"{narrow:.{max(digits - 1 - power, 0)}f}" if -4 <= power < 6 else text


def _narrow(value: float) -> float:
    try:
        narrow: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return inf if value > 0 else -inf
    return narrow
