"""Paths of conditions: `a.b`, `a["x.io/y"]`, `list[*]`, `list[0]`, `list[name=agent]`, `map.*`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Path
from .truth import ABSENT, UNKNOWN, ConditionError

_STEP = re.compile(
    r"""
    (?:(?:^|\.)(?P<star>\*)(?=[.\[]|$))
  | (?:(?:^|\.)(?P<key>[^\s.\[\]"'*/$=]+))
  | \[(?P<each>\*)\]
  | \[(?P<index>[0-9]{1,6})\]
  | \[(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')\]
  | \[(?P<field>[^\s.\[\]"'*/$=]+)=(?:(?P<mark>["'])(?P<quoted>.*?)(?P=mark)|(?P<plain>[^\]"']+))\]
    """,
    re.VERBOSE,
)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Each:
    """`[*]` or `.*`: every element of a list, or every value of a map."""


@dataclass(frozen=True, slots=True)
class Pick:
    """`[name=agent]`: the elements of a list whose field reads so."""

    field: str
    value: str


Step = str | int | Each | Pick
Found = list[tuple[Path, Any]]


@dataclass(frozen=True, slots=True)
class PathExpr:
    """A compiled path. `many`: it may find more than one place. `get` is for a path that finds one."""

    text: str
    steps: tuple[Step, ...]
    many: bool
    get: Callable[[Any], Any]

    def find(self, data: Any) -> Found:
        """The places that are there, with their values."""
        return [(path, value) for path, value in self.places(data) if value is not ABSENT]

    def places(self, data: Any) -> Found:
        """The places that the path means. One that is not there has ABSENT as its value, but `[*]` and `.*`
        over nothing mean no place at all."""
        found: Found = [((), data)]
        for step in self.steps:
            found = [place for path, value in found for place in _below(path, value, step)]
        return found

    def __str__(self) -> str:
        return self.text


def compile_path(text: str) -> PathExpr:
    """Read a path. Raises ConditionError with a plain message."""
    if not isinstance(text, str) or not text or len(text) > _LONGEST:
        raise ConditionError(f"{str(text)[:60]!r} is no path; expected one like spec.template or list[name=agent]")
    steps = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise ConditionError(_complaint(text, at))
        steps.append(_step(found))
        at = found.end()
    return path_of(text, tuple(steps))


def path_of(text: str, steps: tuple[Step, ...]) -> PathExpr:
    """A path from its steps; without any it means the whole."""
    many = any(isinstance(step, (Each, Pick)) for step in steps)
    return PathExpr(text, steps, many, getter(steps))


def _step(found: re.Match[str]) -> Step:
    if found["star"] or found["each"]:
        return Each()
    if found["index"] is not None:
        return int(found["index"])
    if found["field"] is not None:
        return Pick(found["field"], found["quoted"] if found["quoted"] is not None else found["plain"])
    return next(found[name] for name in ("key", "double", "single") if found[name] is not None)


def _complaint(text: str, at: int) -> str:
    rest = text[at:]
    if rest[0] in "/$" or rest[:2] in (".$",):
        hint = 'a name with / or dots in it is written ["like.this/one"]' if rest[0] == "/" else "$ is for values"
        return f"path {text!r} stops making sense at {rest!r}: {hint}"
    return f'path {text!r} stops making sense at {rest!r}; expected .name, ["name"], [*], [0] or [field=value]'


def getter(steps: tuple[Step, ...]) -> Callable[[Any], Any]:
    """A closure for the value at plain steps. The short ones, which nearly all are, are written out."""
    if not steps:
        return lambda data: data
    if len(steps) == 1:
        return lambda data, a=steps[0]: data.get(a, ABSENT) if type(data) is dict else _slow(data, a)  # type: ignore[misc]
    if len(steps) == 2:
        return _two(*steps)
    if len(steps) == 3:
        return _three(*steps)

    def get(data: Any) -> Any:
        for step in steps:
            data = data.get(step, ABSENT) if type(data) is dict else _slow(data, step)
            if data is ABSENT:
                return ABSENT
        return data

    return get


def _two(first: Step, second: Step) -> Callable[[Any], Any]:
    def get(data: Any) -> Any:
        data = data.get(first) if type(data) is dict else _slow(data, first)
        return data.get(second, ABSENT) if type(data) is dict else _slow(data, second)

    return get


def _three(first: Step, second: Step, third: Step) -> Callable[[Any], Any]:
    def get(data: Any) -> Any:
        data = data.get(first) if type(data) is dict else _slow(data, first)
        data = data.get(second) if type(data) is dict else _slow(data, second)
        return data.get(third, ABSENT) if type(data) is dict else _slow(data, third)

    return get


def _slow(data: Any, step: Step) -> Any:
    if data is UNKNOWN:
        return UNKNOWN
    if isinstance(step, int):
        return data[step] if isinstance(data, (list, tuple)) and step < len(data) else ABSENT
    return data.get(step, ABSENT) if isinstance(data, Mapping) else ABSENT


def _below(path: Path, value: Any, step: Step) -> Found:
    if value is UNKNOWN:
        return [(path, UNKNOWN)]
    if isinstance(step, Each):
        return [((*path, key), inner) for key, inner in members(value)]
    if isinstance(step, Pick):
        chosen = [((*path, key), inner) for key, inner in members(value) if picked(inner, step)]
        return chosen or [(path, ABSENT)]
    return [((*path, step), _slow(value, step))]


def members(value: Any) -> list[tuple[str | int, Any]]:
    """The members of a list or map with their steps; none for anything else."""
    if isinstance(value, Mapping):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, (list, tuple)) else []


def picked(inner: Any, step: Pick) -> bool:
    """True for a member whose field reads as the step has it."""
    value = _slow(inner, step.field)
    if isinstance(value, bool):
        return step.value == str(value).lower()
    return isinstance(value, (str, int, float)) and str(value) == step.value
