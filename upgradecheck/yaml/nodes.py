"""Text to a tree of nodes that know their lines, by libyaml's composer under a budget of depth."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .chunk import YamlError
from .words import in_words

DEPTH = 300
"""Levels of nesting that are read: several times what any object has, and well within Python's own stack."""

TOO_DEEP = (f"nested deeper than {DEPTH} levels", "an object of sane depth")

HAS_LIBYAML: bool = yaml.__with_libyaml__

PLAIN = True
"""The tag of a scalar whose type its text decides; quoted scalars have None, all others their tag."""


class _Budget:
    """What both parsers share: nesting is counted, and nothing is resolved while composing."""

    depth = 0

    def descend_resolver(self, parent: Any, _index: Any) -> None:
        self.depth += 1
        if self.depth > DEPTH:
            raise YamlError(parent.start_mark.line + 1, *TOO_DEEP)

    def ascend_resolver(self) -> None:
        self.depth -= 1

    def resolve(self, kind: type[Node], _text: str | None, implicit: Any) -> bool | None:
        return PLAIN if kind is ScalarNode and implicit[0] else None


class _Slow(_Budget):
    """A composer over events that lets an anchor be set again, as kubectl does; libyaml's own refuses that."""

    anchors: dict[str, Node]

    def trees(self: Any) -> Iterator[Node]:
        self.get_event()
        while not self.check_event(yaml.StreamEndEvent):
            self.anchors = {}
            self.get_event()
            yield self._compose(None, None)
            self.get_event()

    def _compose(self: Any, parent: Any, index: Any) -> Node:
        event: Any = self.get_event()
        line: int = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise YamlError(line, "an alias to an anchor that is not there")
            return self.anchors[event.anchor]  # type: ignore[no-any-return]
        self.descend_resolver(parent, index)
        node = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else self._collection(event)
        self.ascend_resolver()
        return node  # type: ignore[no-any-return]

    def _scalar(self: Any, event: Any) -> Node:
        tag = event.tag if event.tag not in (None, "!") else self.resolve(ScalarNode, event.value, event.implicit)
        node = ScalarNode(tag, event.value, event.start_mark, event.end_mark, event.style)
        self._name(event, node)
        return node

    def _collection(self: Any, event: Any) -> Node:
        mapping = isinstance(event, yaml.MappingStartEvent)
        end = yaml.MappingEndEvent if mapping else yaml.SequenceEndEvent
        node: Any = (MappingNode if mapping else SequenceNode)(event.tag, [], event.start_mark, None)
        self._name(event, node)
        while not self.check_event(end):
            entry = self._compose(node, None)
            node.value.append((entry, self._compose(node, entry)) if mapping else entry)
        node.end_mark = self.get_event().end_mark
        return node  # type: ignore[no-any-return]

    def _name(self, event: Any, node: Node) -> None:
        if event.anchor is not None:
            self.anchors[event.anchor] = node


class _PureSlow(_Slow, yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """Everything in Python, for a PyYAML that was built without libyaml. About ten times slower."""

    def __init__(self, text: bytes) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)

    def raw_parse(self) -> None:
        while self.check_event():
            self.get_event()  # type: ignore[no-untyped-call]


if HAS_LIBYAML:
    _CParser: Any = yaml.cyaml.CParser  # type: ignore[attr-defined]

    class _Fast(_Budget, _CParser):  # type: ignore[misc]
        def __init__(self, text: bytes) -> None:
            _CParser.__init__(self, text)

        def trees(self) -> Iterator[Node]:
            while self.check_node():
                yield self.get_node()

    class _Unguarded(_Fast):
        """For plain text, which cannot nest deeply: hooks that cost nothing, a fifth of the time of composing."""

        descend_resolver = staticmethod(operator.is_)  # type: ignore[assignment]
        ascend_resolver = staticmethod(bool)  # type: ignore[assignment]

    class _FastSlow(_Slow, _CParser):  # type: ignore[misc]
        def __init__(self, text: bytes) -> None:
            _CParser.__init__(self, text)


def compose_all(text: bytes, plain: bool = False) -> list[Node]:
    """The root node of every document that is not empty; `plain` as the grammar has it.

    Raises YamlError, its line counted in `text`.
    """
    try:
        if not HAS_LIBYAML:
            return list(_PureSlow(text).trees())
        try:
            return list((_Unguarded if plain else _Fast)(text).trees())
        except yaml.composer.ComposerError as error:
            if "duplicate anchor" not in str(error.context):
                raise
            return list(_FastSlow(text).trees())
    except yaml.YAMLError as error:
        raise in_words(error, text) from None
    except RecursionError:
        raise YamlError(0, *TOO_DEEP) from None


def check(text: bytes) -> None:
    """Raises YamlError where the text is no YAML at all. Looks at syntax alone, and makes nothing."""
    try:
        (_Fast if HAS_LIBYAML else _PureSlow)(text).raw_parse()
    except yaml.YAMLError as error:
        raise in_words(error, text) from None


def deep(text: bytes) -> bool:
    """Whether the brackets of a text may nest beyond DEPTH; libyaml's scanner is slow there, so ask before `check`."""
    steps = (1 if bracket in b"[{" else -1 for bracket in text.translate(None, _NO_BRACKETS))
    return max(accumulate(steps), default=0) > DEPTH


_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
