"""One condition put to several values: to every place of a path, to the members of a list or map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..model import Path
from .nodes import Judge, Node, Say
from .paths import Each, Found, PathExpr, Pick, Step, getter, members, picked
from .references import Refs
from .truth import ABSENT, UNKNOWN, Truth, every, negated, some


class Entry(dict[str, Any]):
    """A member of a map, with the fields `key` and `value`."""


def at_path(path: PathExpr, node: Node) -> Node:
    """The condition on what a path finds; with several places it holds where any of them holds."""
    inner = node.judge

    def trace(data: Any, refs: Refs, at: Path) -> list[Path]:
        judged = [(below, value, inner(value, refs)) for below, value in path.places(data)]
        wanted = some(truth for _, _, truth in judged)
        decisive = [(below, value) for below, value, truth in judged if truth is wanted]
        return [found for below, value in decisive for found in node.trace(value, refs, (*at, *below))] or [at]

    return Node(_along(path.steps, inner), trace, lambda truth: f"{path.text} {node.say(truth)}")


def _along(steps: tuple[Step, ...], inner: Judge) -> Judge:
    """A closure that walks the steps and judges what it finds."""
    many = next((n for n, step in enumerate(steps) if isinstance(step, (Each, Pick))), None)
    if many is None:
        return _at_one(steps, inner)
    get, step, rest = getter(steps[:many]), steps[many], _along(steps[many + 1 :], inner)

    def judge(data: Any, refs: Refs) -> Truth:
        value = get(data)
        if value is UNKNOWN:
            return rest(UNKNOWN, refs)
        found: Iterable[Any] = value if type(value) is list else [member for _, member in members(value)]
        if isinstance(step, Pick):
            found = [member for member in found if picked(member, step)] or [ABSENT]
        return _any(found, rest, refs)

    return judge


def _at_one(steps: tuple[Step, ...], inner: Judge) -> Judge:
    if not steps:
        return inner
    get = getter(steps)
    if len(steps) != 2:
        return lambda data, refs: inner(get(data), refs)
    first, second = steps

    # The commonest path has its walk written out: it saves one call of three.
    def judge(data: Any, refs: Refs) -> Truth:
        if type(data) is dict:
            below = data.get(first)
            if type(below) is dict:
                return inner(below.get(second, ABSENT), refs)
        return inner(get(data), refs)

    return judge


def _any(values: Iterable[Any], judge: Judge, refs: Refs) -> Truth:
    known: Truth = False
    for value in values:
        truth = judge(value, refs)
        if truth:
            return True
        if truth is None:
            known = None
    return known


def _all(values: Iterable[Any], judge: Judge, refs: Refs) -> Truth:
    known: Truth = True
    for value in values:
        truth = judge(value, refs)
        if truth is False:
            return False
        if truth is None:
            known = None
    return known


def over_members(node: Node, rule: str, by_entry: bool, say: Say) -> Node:
    """`any`, `all` or `none` over the members of a list or map; `by_entry`: a map's members are its entries."""
    inner = node.judge
    fold: Callable[[Iterable[Any], Judge, Refs], Truth] = _all if rule == "all" else _any
    none = rule == "none"

    def judge(value: Any, refs: Refs) -> Truth:
        if value is UNKNOWN:
            return None
        if type(value) is not list:
            found = entries(value, by_entry)
            if found is None:
                return False
            value = [member for _, member in found]
        truth = fold(value, inner, refs)
        return negated(truth) if none else truth

    def trace(value: Any, refs: Refs, at: Path) -> list[Path]:
        judged = [(below, member, inner(member, refs)) for below, member in entries(value, by_entry) or []]
        wanted = (every if rule == "all" else some)(truth for _, _, truth in judged)
        if wanted is (rule == "all"):
            return [at]
        decisive = [(below, member) for below, member, truth in judged if truth is wanted]
        return [path for below, member in decisive for path in node.trace(member, refs, (*at, *below))] or [at]

    return Node(judge, trace, say)


def entries(value: Any, by_entry: bool) -> Found | None:
    """The members with their steps; none for what is absent, None for what has no members."""
    if value is ABSENT or value is None:
        return []
    if isinstance(value, Mapping) and by_entry:
        return [((key,), Entry(key=key, value=inner)) for key, inner in value.items()]
    if not isinstance(value, (list, tuple, Mapping)):
        return None
    return [((step,), inner) for step, inner in members(value)]
