"""How one value is compared with one operand, and how operands are made ready for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ..quantities import quantity
from ..versions import Range, Version
from .sentences import listed, show
from .truth import UNKNOWN, Truth, some

Compare = Callable[[Any, Any], Truth]

TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "list": (list, tuple),
    "map": (Mapping,),
    "null": (type(None),),
}


def same(value: Any, other: Any) -> bool:
    """Equality as YAML types see it: true is not 1, "1" is not 1, but 1 is 1.0."""
    if isinstance(value, (str, bool)) or isinstance(other, (str, bool)):
        return type(value) is type(other) and bool(value == other)
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return value.keys() == other.keys() and all(same(value[key], other[key]) for key in value)
    if isinstance(value, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(value) == len(other) and all(map(same, value, other))
    return bool(value == other)


def in_text(check: Callable[[str, str], bool]) -> Compare:
    return lambda value, other: isinstance(value, str) and isinstance(other, str) and check(value, other)


def equal(value: Any, other: Any) -> Truth:
    """`same`, but unknown where part of a list or map is."""
    return same(value, other) or (None if _partly_unknown(value) or _partly_unknown(other) else False)


def _partly_unknown(value: Any) -> bool:
    if isinstance(value, (list, tuple, Mapping)):
        return any(map(_partly_unknown, value.values() if isinstance(value, Mapping) else value))
    return value is UNKNOWN


def contains(value: Any, other: Any) -> Truth:
    if isinstance(value, str):
        return isinstance(other, str) and other in value
    return isinstance(value, (list, tuple, Mapping)) and some(equal(member, other) for member in value)


def is_in(value: Any, others: Any) -> Truth:
    return some(equal(value, other) for other in others)


def matches(value: Any, pattern: Any) -> Truth:
    found, longest = pattern
    if not isinstance(value, str):
        return False
    return found.search(value) is not None if len(value) <= longest else None


def sized(check: Callable[[Any, Any], bool]) -> Compare:
    def compare(value: Any, other: Any) -> bool:
        size = quantity(value)
        return size is not None and check(size, other)

    return compare


def within(value: Any, held: Any) -> Truth:
    version = value if isinstance(value, Version) else _version(value) if isinstance(value, str) else False
    return version in held if isinstance(version, Version) else version


@lru_cache(maxsize=1024)
def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except ValueError:
        return None


def version_range(operand: Any) -> Range:
    if isinstance(operand, Version):
        return _parsed(str(operand))
    return _parsed(operand) if isinstance(operand, str) else Range.parse(operand)


_parsed = lru_cache(maxsize=256)(Range.parse)


def size_of(operand: Any) -> Any:
    size = quantity(operand)
    if size is None:
        raise ValueError(f"{show(operand)} is neither a number nor a quantity like 500m or 1Gi; versions take `within`")
    return size


def some_text(operand: Any) -> str:
    if not isinstance(operand, str) or not operand:
        raise ValueError(f"{show(operand)} is no text; quote it")
    return operand


def several(operand: Any) -> tuple[Any, ...]:
    if isinstance(operand, Mapping):
        return tuple(operand)
    if not isinstance(operand, (list, tuple)):
        raise ValueError(f"{show(operand)} is no list")
    return tuple(operand)


def types(operand: Any) -> tuple[tuple[type, ...], bool]:
    names = operand if isinstance(operand, list) else [operand]
    unknown = [name for name in names if not isinstance(name, str) or name not in TYPES]
    if unknown or not names:
        hint = "; a field of that name is written '[\"type\"]'"
        raise ValueError(f"{show(unknown[0] if unknown else operand)} is no type; there is {listed(list(TYPES))}{hint}")
    return tuple(kind for name in names for kind in TYPES[name]), "boolean" in names


def typed(value: Any, kinds: Any) -> bool:
    # Python counts a bool as an int, YAML does not.
    return isinstance(value, kinds[0]) and (not isinstance(value, bool) or kinds[1])
