"""What a condition looks at in the large: the first steps of its paths, so that no more need be collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .paths import compile_path


def roots_of(where: Mapping[str, Any]) -> Iterator[str | None]:
    """Where the paths of a `where` begin, None for one that begins anywhere. Only for what has been compiled."""
    for key, value in where.items():
        if key in ("and", "or"):
            for item in value:
                yield from roots_of(item)
        elif key == "not":
            yield from roots_of(value)
        else:
            yield _first(key)


def refers_of(operand: Any) -> Iterator[str | None]:
    """Where the references to the subject (`$.spec.x`) begin that stand among operands."""
    if isinstance(operand, Mapping):
        for item in operand.values():
            yield from refers_of(item)
    elif isinstance(operand, list):
        for item in operand:
            yield from refers_of(item)
    elif operand == "$":
        yield None
    elif isinstance(operand, str) and operand.startswith(("$.", "$[")):
        yield _first(operand.removeprefix("$").removeprefix("."))


def _first(path: str) -> str | None:
    step = compile_path(path).steps[0]
    return step if isinstance(step, str) else None
