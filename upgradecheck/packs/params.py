"""Values of a rule file built by type annotations: a check's `Params` describes itself, nothing says it twice."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from keyword import iskeyword
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ..conditions import ConditionError, PathExpr, Where, compile_path, compile_where, safe_pattern
from ..errors import RuleError
from ..model import Path
from ..versions import Range
from .reading import UNQUOTED, Complaints, read_rows, unknown

_TABLE_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

WRONG: Any = object()
"""Stands for a value that could not be built; the complaint about it was made."""

Build = Callable[[Any], Any]


def build(kind: Any, value: Any, path: Path, complaints: Complaints) -> Any:
    """A value of an annotated type, or WRONG. Complaints name the place."""
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin in (Union, types.UnionType):
        return _optional(kind, value, path, complaints)
    if origin is tuple:
        return _several(get_args(kind)[0], value, path, complaints)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(get_args(kind)[1], value, path, complaints)
    if isinstance(kind, type) and is_dataclass(kind) and kind not in _COMPILED:
        return build_dataclass(kind, value, path, complaints)
    return _one(kind, value, path, complaints)


def build_dataclass(kind: Any, value: Any, path: Path, complaints: Complaints) -> Any:
    """An instance of a dataclass from a mapping of its fields, or WRONG."""
    if not isinstance(value, Mapping):
        complaints.say(path, f"expected a mapping of {', '.join(field_types(kind))}")
        return WRONG
    known = field_types(kind)
    extra = {key: value[key] for key in value if key not in known} if hasattr(kind, "EXTRA") else {}
    strange = [key for key in value if key not in known and not isinstance(extra.get(key), (dict, list))]
    for key in strange:
        complaints.say((*path, key), unknown("key", key, known))
    built = {name: build(known[name], value[name], (*path, name), complaints) for name in known if name in value}
    missing = [name for name in required(kind) if name not in value]
    for name in missing:
        complaints.say(path, f"{name} is missing")
    if strange or missing or any(one is WRONG for one in built.values()):
        return WRONG
    named = {f"{name}_" if iskeyword(name) else name: one for name, one in built.items()}
    return kind(**named, **({kind.EXTRA: extra} if extra else {}))


@cache
def field_types(kind: Any) -> Mapping[str, Any]:
    """The fields of a dataclass with their types, in order; `from_` is the key `from`."""
    hints = get_type_hints(kind)
    extra = getattr(kind, "EXTRA", "")
    return {field.name.rstrip("_"): hints[field.name] for field in fields(kind) if field.name != extra}


@cache
def required(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass that have no default."""
    return tuple(f.name.rstrip("_") for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)


def _optional(kind: Any, value: Any, path: Path, complaints: Complaints) -> Any:
    kinds = [one for one in get_args(kind) if one is not type(None)]
    if value is None and len(kinds) < len(get_args(kind)):
        return None
    for one in kinds[1:]:
        # A trial: what the first kind has to complain about is what the person is told.
        built = build(one, value, path, Complaints(complaints.file, lambda _: 0))
        if built is not WRONG:
            return built
    return build(kinds[0], value, path, complaints)


def _several(kind: Any, value: Any, path: Path, complaints: Complaints) -> Any:
    if isinstance(value, Mapping) and set(value) == {"table"} and path[:1] == ("params",):
        return _table(kind, value["table"], path, complaints)
    if not isinstance(value, list):
        complaints.say(path, "expected a list")
        return WRONG
    built = tuple(build(kind, item, (*path, index), complaints) for index, item in enumerate(value))
    return WRONG if any(one is WRONG for one in built) else built


def _table(kind: Any, name: Any, path: Path, complaints: Complaints) -> Any:
    """The rows of `tables/NAME.yaml` beside the rule file; what is wrong in them is told with their own lines."""
    if not (isinstance(name, str) and _TABLE_NAME.fullmatch(name)):
        complaints.say((*path, "table"), "expected the name of a file in tables/, without .yaml")
        return WRONG
    file = complaints.file.parent / "tables" / f"{name}.yaml"
    try:
        rows, locate = read_rows(file)
    except RuleError as error:
        complaints.errors.append(error)
        return WRONG
    inside = Complaints(file, locate)
    built = _several(kind, rows, (), inside)
    complaints.errors += inside.errors
    return built


def _mapping(kind: Any, value: Any, path: Path, complaints: Complaints) -> Any:
    if not isinstance(value, Mapping):
        complaints.say(path, "expected a mapping")
        return WRONG
    for key in value:
        if not isinstance(key, str):
            complaints.say(
                (*path, key), f"the name {key!r} is no text; quote it (YAML reads off, no and 1.10 as other things)"
            )
    built = {str(key): build(kind, item, (*path, key), complaints) for key, item in value.items()}
    strange = any(not isinstance(key, str) for key in value)
    return WRONG if strange or any(one is WRONG for one in built.values()) else built


def _one(kind: Any, value: Any, path: Path, complaints: Complaints) -> Any:
    if get_origin(kind) is Literal:
        if value in get_args(kind):
            return value
        complaints.say(path, unknown("choice", value, map(str, get_args(kind))))
        return WRONG
    try:
        return _MAKERS[get_origin(kind) or kind](value)
    except ConditionError as error:
        complaints.say((*path, *error.path), error.text)
    except ValueError as error:
        complaints.say(path, str(error))
    return WRONG


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise ValueError(f"{value} {UNQUOTED}")
    raise ValueError(f"expected a text, not {_called(value)}")


def _exactly(kind: type, words: str) -> Build:
    def make(value: Any) -> Any:
        if type(value) is kind or (kind is float and type(value) is int):
            return value
        raise ValueError(f"expected {words}, not {_called(value)}")

    return make


def _range(value: Any) -> Range:
    return Range.parse(_text(value))


def _pattern(value: Any) -> re.Pattern[str]:
    return safe_pattern(_text(value))[0]


def _called(value: Any) -> str:
    return {dict: "a mapping", list: "a list", type(None): "nothing"}.get(type(value), repr(value))


_COMPILED = frozenset({Where, Range, PathExpr})
_MAKERS: Mapping[Any, Build] = {
    str: _text,
    bool: _exactly(bool, "true or false"),
    int: _exactly(int, "a whole number"),
    float: _exactly(float, "a number"),
    object: lambda value: value,
    Where: compile_where,
    Range: _range,
    PathExpr: compile_path,
    re.Pattern: _pattern,
}
