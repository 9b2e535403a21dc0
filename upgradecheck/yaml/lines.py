"""Finds the line of a path, and keys that stand twice, in a tree of nodes. Lines here count from 0."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..model.objects import Path
from .builder import key_of


def line_of(node: Node, path: Path) -> int:
    """The line of a path; where it is absent, that of the nearest part above it."""
    line: int = node.start_mark.line
    for step in path:
        found = _below(node, step)
        if found is None:
            break
        line, node = found
    return line


def duplicates(node: Node) -> list[tuple[Path, int]]:
    """Every key that stands twice in one map, with the line of the one that lost."""
    return list(_duplicates(node, (), set()))


def _below(node: Node, step: str | int) -> tuple[int, Node] | None:
    if isinstance(node, SequenceNode):
        inside = isinstance(step, int) and -len(node.value) <= step < len(node.value)
        return (node.value[step].start_mark.line, node.value[step]) if inside else None
    return _in_mapping(node, step) if isinstance(node, MappingNode) else None


def _in_mapping(node: MappingNode, step: str | int) -> tuple[int, Node] | None:
    """The entry that won: the last with this key, a merge counting where it stands."""
    for key, value in reversed(node.value):
        name = key_of(key)
        if name == step and name is not None:
            return key.start_mark.line, value
        if name is None and not isinstance(value, ScalarNode):
            merged = value.value if isinstance(value, SequenceNode) else [value]
            found = next(filter(None, (_in_mapping(entry, step) for entry in merged)), None)
            if found is not None:
                return found
    return None


def _duplicates(node: Node, above: Path, seen: set[int]) -> Iterator[tuple[Path, int]]:
    if isinstance(node, ScalarNode) or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, SequenceNode):
        for index, entry in enumerate(node.value):
            yield from _duplicates(entry, (*above, index), seen)
        return
    last: dict[str, int] = {}
    for key, value in node.value:
        name = key_of(key)
        if name is None:
            continue
        if name in last:
            yield (*above, name), last[name]
        last[name] = key.start_mark.line
        yield from _duplicates(value, (*above, name), seen)
