"""Conditions on the members of lists and maps: any, all, none, count."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Path
from .each import Entry, entries, over_members
from .nodes import Node, Say, both, either, inverse, leaf
from .references import Refs, is_reference
from .truth import UNKNOWN, ConditionError, Truth


@dataclass(frozen=True, slots=True)
class MemberOperator:
    """One such operator, for the docs."""

    about: str
    example: str


MEMBER_OPERATORS: Mapping[str, MemberOperator] = {
    "any": MemberOperator("At least one member holds.", "spec.taints: {any: {key: dedicated, effect: NoSchedule}}"),
    "all": MemberOperator(
        "Every member holds; so it is for no members at all.",
        "spec.template.spec.containers[*].image: {all: {starts: quay.io/}}",
    ),
    "none": MemberOperator(
        "No member holds; so it is for no members at all.",
        'metadata.labels: {none: {key: {starts: "node-role.kubernetes.io/"}}}',
    ),
    "count": MemberOperator(
        "How many members there are: a number, or operators on it. Nothing counts as none.",
        "spec.tolerations: {count: {ge: 1}}",
    ),
}


_COMBINED = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class Context:
    """The compilers of what stands inside: operators on a value, paths into it; and how deep it is."""

    operand: Callable[[Any, int], Node]
    fields: Callable[[Any, int], Node]
    names: tuple[str, ...]
    depth: int

    def deeper(self) -> Context:
        return Context(self.operand, self.fields, self.names, self.depth + 1)


def compile_members(name: str, operand: Any, context: Context) -> Node:
    """Compile one of them. Raises ConditionError."""
    if name == "count":
        return _count(operand, context)
    if not isinstance(operand, Mapping) or _speaks_of_values(operand, context):
        node = context.operand(operand, context.depth)
        return over_members(node, name, False, _words(name, node.say, "that"))
    node = _member(operand, context)
    return over_members(node, name, True, _words(name, node.say, "where"))


def _speaks_of_values(operand: Mapping[str, Any], context: Context) -> bool:
    """True for operators on the member itself, false for paths into it or a combination."""
    names = {str(name) for name in operand if name != "default"}
    return names <= set(context.names) and not names <= _COMBINED


def _member(operand: Any, context: Context) -> Node:
    """The condition on one member, which is an entry where the members are those of a map."""
    if not isinstance(operand, Mapping) or _speaks_of_values(operand, context):
        return _on_value(context.operand(operand, context.depth))
    names = [str(name) for name in operand]
    if names and set(names) <= _COMBINED:
        return both([_combined(name, operand[name], context.deeper()) for name in names])
    _refuse_slips(names, context.names)
    return _on_fields(context.fields(operand, context.depth))


def _combined(name: str, operand: Any, context: Context) -> Node:
    if name == "not":
        return inverse(_member(operand, context))
    if not isinstance(operand, list) or not operand:
        raise ConditionError(f"{name} takes a list of conditions", (name,))
    nodes = [_member(item, context) for item in operand]
    return both(nodes) if name == "and" else either(nodes)


def _refuse_slips(names: list[str], operators: tuple[str, ...]) -> None:
    """A slip in an operator's name would otherwise be a field that no member has."""
    for name in names:
        near = difflib.get_close_matches(name, operators, 1, 0.8)
        if len(names) == 1 and near:
            raise ConditionError(
                f"unknown operator {name!r}; did you mean {near[0]}? A field of that name is written '[\"{name}\"]'",
                (name,),
            )


def _on_value(node: Node) -> Node:
    """A condition on the member itself; of a map's entry it means the value."""

    def judge(member: Any, refs: Refs) -> Truth:
        return node.judge(member["value"] if type(member) is Entry else member, refs)

    def trace(member: Any, refs: Refs, at: Path) -> list[Path]:
        return node.trace(member["value"] if type(member) is Entry else member, refs, at)

    return Node(judge, trace, node.say)


def _on_fields(node: Node) -> Node:
    """A condition on fields of the member; a map's entry has `key` and `value`, which are no steps of a path."""

    def trace(member: Any, refs: Refs, at: Path) -> list[Path]:
        if type(member) is not Entry:
            return node.trace(member, refs, at)
        return [(*at, *path[1:]) for path in node.trace(member, refs, ())]

    return Node(node.judge, trace, node.say)


def _words(name: str, say: Say, lead: str) -> Say:
    def words(truth: bool) -> str:
        if name == "all":
            each = "of which each" if lead == "that" else lead
            return f"has only members {each} {say(True)}" if truth else f"has a member {lead} {say(False)}"
        return f"has {'a' if truth is (name == 'any') else 'no'} member {lead} {say(True)}"

    return words


def _count(operand: Any, context: Context) -> Node:
    plain = isinstance(operand, int) and not isinstance(operand, bool)
    if not (plain or isinstance(operand, Mapping) or is_reference(operand)):
        raise ConditionError("count takes a whole number, or operators on it as {ge: 1}")
    node = context.operand(operand, context.depth)

    def judge(value: Any, refs: Refs) -> Truth:
        if value is UNKNOWN:
            return None
        found = entries(value, False)
        return False if found is None else node.judge(len(found), refs)

    return leaf(judge, lambda truth: f"has a count that {node.say(truth)}")
