"""What a condition is compiled to: a closure that judges, one that traces what decided, and its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..model import Path
from .references import Refs
from .sentences import show
from .truth import ABSENT, Truth, every, some

Judge = Callable[[Any, Refs], Truth]
Trace = Callable[[Any, Refs, Path], list[Path]]
Say = Callable[[bool], str]


@dataclass(frozen=True, slots=True)
class Node:
    """One compiled condition on a value.

    `trace` gives the leaves that made it judge as it did, below the path it is told; it runs only where
    somebody asks for evidence. `say(True)` is a predicate as "is x", `say(False)` its opposite.
    """

    judge: Judge
    trace: Trace
    say: Say


def leaf(judge: Judge, say: Say) -> Node:
    """A condition on one value, decided by that value alone."""
    return Node(judge, lambda value, refs, at: [at], say)


def both(nodes: Sequence[Node], glue: tuple[str, str] = (" and ", " or ")) -> Node:
    """All of these on the same value."""
    if len(nodes) == 1:
        return nodes[0]
    return Node(_and([node.judge for node in nodes]), _tracing(nodes, True), _joined(nodes, *glue))


def either(nodes: Sequence[Node], glue: tuple[str, str] = (" or ", " and ")) -> Node:
    """At least one of these on the same value."""
    judges = [node.judge for node in nodes]

    def judge(value: Any, refs: Refs) -> Truth:
        known: Truth = False
        for one in judges:
            truth = one(value, refs)
            if truth:
                return True
            if truth is None:
                known = None
        return known

    return Node(judge, _tracing(nodes, False), _joined(nodes, *glue))


def inverse(node: Node) -> Node:
    """Not this."""
    inner = node.judge

    def judge(value: Any, refs: Refs) -> Truth:
        truth = inner(value, refs)
        return None if truth is None else not truth

    return Node(judge, node.trace, lambda truth: node.say(not truth))


def defaulting(node: Node, default: Any) -> Node:
    """The same, where an absent value counts as its documented default."""
    inner = node.judge

    def judge(value: Any, refs: Refs) -> Truth:
        return inner(default if value is ABSENT or value is None else value, refs)

    def trace(value: Any, refs: Refs, at: Path) -> list[Path]:
        return [at] if value is ABSENT or value is None else node.trace(value, refs, at)

    return Node(judge, trace, lambda truth: f"{node.say(truth)} (it is {show(default)} where absent)")


def _and(judges: list[Judge]) -> Judge:
    if len(judges) == 2:
        first, second = judges

        def two(value: Any, refs: Refs) -> Truth:
            one = first(value, refs)
            if one is False:
                return False
            other = second(value, refs)
            return other if one or other is False else None

        return two

    def judge(value: Any, refs: Refs) -> Truth:
        known: Truth = True
        for one in judges:
            truth = one(value, refs)
            if truth is False:
                return False
            if truth is None:
                known = None
        return known

    return judge


def _tracing(nodes: Sequence[Node], conjunction: bool) -> Trace:
    """Where all hold (or none of the alternatives does) every one of them counts; otherwise those that decided."""

    def trace(value: Any, refs: Refs, at: Path) -> list[Path]:
        truths = [node.judge(value, refs) for node in nodes]
        wanted = every(truths) if conjunction else some(truths)
        pairs = zip(nodes, truths, strict=True)
        return [path for node, truth in pairs if truth is wanted for path in node.trace(value, refs, at)] or [at]

    return trace


def _joined(nodes: Sequence[Node], glue: str, opposite: str) -> Say:
    def say(truth: bool) -> str:
        chosen = glue if truth else opposite
        words = chosen.join(node.say(truth) for node in nodes)
        return f"either {words}" if chosen == " or " and len(nodes) > 1 else words

    return say
