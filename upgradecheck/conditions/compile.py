"""`where` mappings compiled to closures."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Path
from .comparisons import equal
from .each import at_path
from .members import MEMBER_OPERATORS, Context, compile_members
from .nodes import Judge, Node, both, defaulting, either, inverse, leaf
from .operators import OPERATORS, Operator, wording
from .paths import compile_path
from .presence import PRESENCE, compile_presence
from .references import Reference, Refs, compile_reference, is_reference, literal
from .roots import refers_of, roots_of
from .truth import ABSENT, UNKNOWN, ConditionError, Truth, unless_hidden

NAMES = (*OPERATORS, *PRESENCE, *MEMBER_OPERATORS, "and", "or", "not", "default")
"""Every operator, `default` among them since it stands beside one."""
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """`truth` None is unknown. `paths` lead to the leaves that decided, in the order of the condition; `path`
    is the last of them, which is what the earlier ones lead up to."""

    truth: Truth
    trace: Path | Callable[[], list[Path]] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys(self.trace())) if callable(self.trace) else (self.trace,)

    @property
    def path(self) -> Path:
        return self.paths[-1]


@dataclass(frozen=True, slots=True)
class Where:
    """A compiled condition. `holds(data, refs)` is the bare closure, for whoever needs no evidence."""

    holds: Judge
    _node: Node
    roots: frozenset[str | None] = frozenset()
    """The first steps of its paths; None where one cannot be told."""
    refers: frozenset[str | None] = frozenset()
    """The first steps of the paths by which it refers to the subject (`$.spec.x`)."""

    def judge(self, data: Any, refs: Refs) -> Judged:
        """Judge data. `refs` hold what `$` references mean; a root that is missing there is unknown."""
        return Judged(self.holds(data, refs), lambda: self._node.trace(data, refs, ()))

    def sentence(self) -> str:
        """The condition in English, without a full stop."""
        return self._node.say(True)


def compile_where(where: Mapping[str, Any]) -> Where:
    """Compile a `where`. Raises ConditionError with the place inside it."""
    node = _fields(where, 0)
    return Where(node.judge, node, frozenset(roots_of(where)), frozenset(refers_of(where)))


def _fields(where: Any, depth: int) -> Node:
    """Paths and what must hold there, all of them."""
    if not isinstance(where, Mapping) or not where:
        raise ConditionError("a condition is a mapping of paths to what must hold there")
    if depth > _DEEPEST:
        raise ConditionError(f"conditions nest more than {_DEEPEST} deep")
    return both([_within(key, lambda key=key, value=value: _field(key, value, depth)) for key, value in where.items()])  # type: ignore[misc]


def _field(key: Any, value: Any, depth: int) -> Node:
    if key in ("and", "or"):
        return _several(value, key, lambda item: _fields(item, depth + 1))
    if key == "not":
        return inverse(_fields(value, depth + 1))
    if key in NAMES and isinstance(value, Mapping):
        raise ConditionError(f"{key} stands beside no path; write path: {{{key}: …}}")
    return at_path(compile_path(key), _operand(value, depth + 1))


def _operand(operand: Any, depth: int) -> Node:
    """What must hold at a path: a bare value, or operators that must all hold."""
    if depth > _DEEPEST:
        raise ConditionError(f"conditions nest more than {_DEEPEST} deep")
    if isinstance(operand, list):
        raise ConditionError("a list stands alone here; write {in: […]} for one of them, {equals: […]} for all of it")
    if not isinstance(operand, Mapping):
        return _comparison("equals", operand)
    names = [name for name in operand if name != "default"]
    if not names:
        raise ConditionError("there is no operator here; expected one of " + ", ".join(NAMES[:-1]))
    node = both([_within(name, lambda name=name: _operator(name, operand[name], depth)) for name in names])  # type: ignore[misc]
    return defaulting(node, literal(operand["default"])) if "default" in operand else node


def _operator(name: str, operand: Any, depth: int) -> Node:
    if name in OPERATORS:
        return _comparison(name, operand)
    if name in PRESENCE:
        return compile_presence(name, operand)
    if name in MEMBER_OPERATORS:
        return compile_members(name, operand, Context(_operand, _fields, NAMES, depth + 1))
    if name in ("and", "or"):
        return _several(operand, name, lambda item: _operand(item, depth + 1))
    if name == "not":
        return inverse(_operand(operand, depth + 1))
    near = difflib.get_close_matches(str(name), NAMES, 1)
    meant = f"did you mean {near[0]}?" if near else f"a field below is written path.{name}; there is {', '.join(NAMES)}"
    raise ConditionError(f"unknown operator {name!r}; {meant}")


def _several(items: Any, name: str, compile_one: Callable[[Any], Node]) -> Node:
    if not isinstance(items, list) or not items:
        raise ConditionError(f"{name} takes a list of conditions")
    nodes = [_within(index, lambda item=item: compile_one(item)) for index, item in enumerate(items)]  # type: ignore[misc]
    return both(nodes) if name == "and" else either(nodes)


def _within(step: str | int, compile_one: Callable[[], Node]) -> Node:
    """Compile a part, and say in which part an error was."""
    try:
        return compile_one()
    except ConditionError as error:
        raise error.below(step) from None
    except ValueError as error:
        raise ConditionError(str(error), (step,)) from None


def _comparison(name: str, operand: Any) -> Node:
    chosen = OPERATORS[name]
    if operand is None:
        raise ConditionError(f"{name} has no value; for a field that is not there write {{absent: true}}")
    if chosen.refers and is_reference(operand):
        reference = compile_reference(operand)
        return leaf(_with_reference(chosen, reference), lambda truth: wording(name, reference, truth))
    plain = [literal(item) for item in operand] if isinstance(operand, list) else literal(operand)
    return leaf(_with_literal(chosen, chosen.prepare(plain)), lambda truth: wording(name, plain, truth))


def _with_literal(chosen: Operator, operand: Any) -> Judge:
    compare = chosen.compare
    if compare is equal and isinstance(operand, (str, bool)):
        return _equals_plain(operand)
    if chosen.on_text is not None:
        return _on_text(chosen.on_text, operand)

    def judge(value: Any, refs: Refs) -> Truth:
        if value is ABSENT:
            return False
        return None if value is UNKNOWN else unless_hidden(compare(value, operand), value)

    return judge


def _equals_plain(operand: str | bool) -> Judge:
    kind = type(operand)

    def judge(value: Any, refs: Refs) -> Truth:
        if type(value) is kind:
            return value == operand or unless_hidden(False, value)
        return None if value is UNKNOWN else unless_hidden(False, value)

    return judge


def _on_text(check: Callable[[str, str], bool], operand: str) -> Judge:
    def judge(value: Any, refs: Refs) -> Truth:
        if isinstance(value, str):
            return check(value, operand) or unless_hidden(False, value)
        return None if value is UNKNOWN else False

    return judge


def _with_reference(chosen: Operator, reference: Reference) -> Judge:
    compare, prepare, find = chosen.compare, chosen.prepare, reference.find

    def judge(value: Any, refs: Refs) -> Truth:
        if value is ABSENT or value is None:
            return False
        other = find(refs)
        if value is UNKNOWN or other is UNKNOWN:
            return None
        if other is ABSENT or other is None:
            return False
        try:
            return unless_hidden(compare(value, prepare(other)), value)
        except (ValueError, TypeError):
            return False

    return judge
