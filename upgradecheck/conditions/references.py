"""`$` references: values of a condition that stand elsewhere, in the subject, the upgrade, the release."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .paths import PathExpr, compile_path, path_of
from .truth import ABSENT, UNKNOWN, ConditionError

Refs = Mapping[str, Any]

ROOTS: Mapping[str, str] = {
    "$values": "the values",
    "$upgrade": "the upgrade",
    "$release": "the release",
    "$command": "the command",
    "$server": "the server",
    "$": "the subject",
}
"""What a reference may begin with, and how a sentence calls it. `$$` begins a text with a literal `$`."""

VALUES: Mapping[str, str] = {
    "given": "the values given on the command",
    "before": "the values of the release now",
    "after": "the values of the release after the command",
}
"""What `$values` has below it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A compiled reference. `find(refs)` gives its value: ABSENT where it is not there, UNKNOWN where its root
    was not collected, and a list where its path has `[*]`."""

    text: str
    root: str
    path: PathExpr
    find: Callable[[Refs], Any]

    def words(self) -> str:
        """How a sentence calls it."""
        steps, owner, text = self.path.steps, ROOTS[self.root], self.path.text
        if self.root == "$values":
            owner, steps, text = VALUES[str(steps[0])], steps[1:], text.partition(".")[2]
        return f"{text} of {owner}" if steps else owner


def is_reference(value: Any) -> bool:
    """True for text that begins with a `$` that is not doubled."""
    return isinstance(value, str) and value.startswith("$") and not value.startswith("$$")


def literal(value: Any) -> Any:
    """A value as meant: `$$` at the beginning of a text is one `$`."""
    return value[1:] if isinstance(value, str) and value.startswith("$$") else value


def compile_reference(text: str) -> Reference:
    """Read a reference. Raises ConditionError."""
    root = next((root for root in ROOTS if _begins(text, root)), None)
    if root is None:
        name = text.partition(".")[0]
        near = difflib.get_close_matches(name, ROOTS, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise ConditionError(f"{name!r} refers to nothing; {meant}there is {', '.join(ROOTS)}; a literal $ is $$")
    rest = text[len(root) :].removeprefix(".")
    path = compile_path(rest) if rest else path_of("", ())
    if root == "$values" and (not path.steps or path.steps[0] not in VALUES):
        raise ConditionError(f"{text!r} refers to nothing; there is " + ", ".join(f"$values.{name}" for name in VALUES))
    return Reference(text, root, path, _finder(root, path))


def _begins(text: str, root: str) -> bool:
    return text == root or text.startswith((f"{root}.", f"{root}["))


def _finder(root: str, path: PathExpr) -> Callable[[Refs], Any]:
    def find(refs: Refs) -> Any:
        data = refs.get(root, UNKNOWN)
        if data is None:
            return UNKNOWN
        if not path.steps:
            return data
        if not path.many:
            return path.get(data)
        values = [value for _, value in path.places(data) if value is not ABSENT]
        return UNKNOWN if any(value is UNKNOWN for value in values) else values

    return find
