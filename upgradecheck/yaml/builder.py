"""Nodes to plain maps, lists and scalars, as kubectl makes them: string keys, its merges, its limit on aliases."""

from __future__ import annotations

from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from . import scalars
from .chunk import YamlError
from .nodes import DEPTH, PLAIN, TOO_DEEP

_MERGE_TAG = "tag:yaml.org,2002:merge"
_KEYS_KEPT = 4096
_keys: dict[str, str] = {}
"""Plain keys seen so far, so that ten thousand Pods share one "metadata"."""


def build(node: Node, text: bytes) -> tuple[Any, bool]:
    """The value of a node, and whether some map may hold a key twice. Raises YamlError, its line counted in `text`."""
    aliased = b"*" in text and b"&" in text
    builder = _Careful() if aliased else Builder()
    try:
        return builder.value(node), builder.twice
    except RecursionError:
        raise YamlError(0, *TOO_DEEP) from None


class Builder:
    """Builds what has no aliases. `twice` is true once a map may have held a key twice."""

    def __init__(self) -> None:
        self.twice = False

    def value(self, node: Node) -> Any:
        if type(node) is MappingNode:
            return self.mapping(node)
        return self.sequence(node) if isinstance(node, SequenceNode) else self.scalar(node)

    def scalar(self, node: Node) -> scalars.Scalar:
        tag: Any = node.tag
        try:
            if tag is PLAIN:
                return scalars.plain(node.value)
            return node.value if tag is None else scalars.tagged(node.value, tag)
        except scalars.BadScalarError as error:
            raise YamlError(node.start_mark.line + 1, str(error)) from None

    def sequence(self, node: SequenceNode) -> list[Any]:
        out = []
        for entry in node.value:
            out.append(self.mapping(entry) if type(entry) is MappingNode else self.value(entry))
        return out

    def mapping(self, node: MappingNode) -> dict[str, Any]:
        out: dict[str, Any] = {}
        merged, hints = False, scalars.HINTS
        for key_node, entry in node.value:
            key = _keys.get(key_node.value) if key_node.tag is PLAIN else None
            if key is None:
                key = _key(key_node)
                if key is None:
                    self.merge(entry, out)
                    merged = True
                    continue
            if type(entry) is ScalarNode:
                text = entry.value
                # The two common cases stand here and not in scalar(): this loop is where the time goes.
                tag: Any = entry.tag
                as_it_is = tag is None or (tag is PLAIN and text and text[0] not in hints)
                out[key] = text if as_it_is else self.scalar(entry)
            else:
                out[key] = self.mapping(entry) if type(entry) is MappingNode else self.sequence(entry)
        if merged or len(out) != len(node.value):
            self.twice = True
        return out

    def merge(self, node: Node, out: dict[str, Any]) -> None:
        """Lays a merge over what stands so far: with kubectl it wins over earlier keys, and later keys over it."""
        found = [node] if type(node) is MappingNode else node.value if type(node) is SequenceNode else [None]
        for entry in reversed(found):
            if type(entry) is not MappingNode:
                raise YamlError(node.start_mark.line + 1, "a merge key (<<) without a map", "a map or a list of maps")
            out.update(self.mapping(entry))


class _Careful(Builder):
    """Builds what has aliases: each anchor once, none inside itself, and no more of them than kubectl takes."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[int, tuple[Any, int, int]] = {}
        self.open: set[int] = set()
        self.count = self.repeated = self.level = self.deepest = 0

    def mapping(self, node: MappingNode) -> dict[str, Any]:
        known = self.made.get(id(node))
        if known is not None:
            return self._again(node, *known)  # type: ignore[no-any-return]
        before = self._enter(node)
        return self._leave(node, super().mapping(node), *before)  # type: ignore[no-any-return]

    def sequence(self, node: SequenceNode) -> list[Any]:
        known = self.made.get(id(node))
        if known is not None:
            return self._again(node, *known)  # type: ignore[no-any-return]
        before = self._enter(node)
        return self._leave(node, super().sequence(node), *before)  # type: ignore[no-any-return]

    def _enter(self, node: Node) -> tuple[int, int]:
        if id(node) in self.open:
            raise YamlError(node.start_mark.line + 1, "an anchor that holds itself", "data without a loop")
        self.open.add(id(node))
        before = self.count, self.deepest
        self.level += 1
        self.deepest = self.level
        self.count += 1 + len(node.value) * (2 if type(node) is MappingNode else 1)
        return before

    def _leave(self, node: Node, value: Any, count: int, deepest: int) -> Any:
        self.made[id(node)] = (value, self.count - count, self.deepest - self.level + 1)
        self.level -= 1
        self.deepest = max(self.deepest, deepest)
        self.open.discard(id(node))
        return value

    def _again(self, node: Node, value: Any, count: int, height: int) -> Any:
        self.repeated += count
        self.count += count
        self.deepest = max(self.deepest, self.level + height)
        if self.deepest > DEPTH:
            raise YamlError(node.start_mark.line + 1, *TOO_DEEP)
        self._spend(node)
        return value

    def _spend(self, node: Node) -> None:
        if self.repeated > 100 and self.count > 1000 and self.repeated / self.count > _allowed(self.count):
            raise YamlError(node.start_mark.line + 1, "aliases that repeat too much (an alias bomb)", "fewer aliases")


def _allowed(count: int) -> float:
    """The share of a document that may come from aliases, as kubectl's library has it."""
    few, many = 400_000, 4_000_000
    if count <= few:
        return 0.99
    return 0.10 if count >= many else 0.99 - 0.89 * (count - few) / (many - few)


def _key(node: Node) -> str | None:
    """The key that a node becomes; None for a merge."""
    if type(node) is not ScalarNode:
        raise YamlError(node.start_mark.line + 1, "a map or list as a key", "a scalar as a key")
    tag: Any = node.tag
    if node.value == "<<" and (tag is PLAIN or tag == _MERGE_TAG):
        return None
    try:
        key = scalars.key(node.value, tag)
    except scalars.BadScalarError as error:
        raise YamlError(node.start_mark.line + 1, str(error)) from None
    if tag is PLAIN and len(_keys) < _KEYS_KEPT:
        _keys[node.value] = key
    return key


def key_of(node: Node) -> str | None:
    """The key that a node becomes; None for a merge and for what is no key."""
    try:
        return _key(node)
    except YamlError:
        return None
