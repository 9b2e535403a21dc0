"""Whether something is there: exists, absent, empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .nodes import Node, leaf
from .references import Refs
from .truth import ABSENT, UNKNOWN, ConditionError, Truth


@dataclass(frozen=True, slots=True)
class Presence:
    """One such operator: what its `true` says, and its `false`."""

    words: tuple[str, str]
    about: str
    example: str


PRESENCE: Mapping[str, Presence] = {
    "exists": Presence(
        ("is set", "is not set"),
        "The field is there (true) or is not (false). A null is not there.",
        "spec.flagSafe: {exists: true}",
    ),
    "absent": Presence(
        ("is not set", "is set"),
        "The field is not there (true) or is (false).",
        "spec.cacert: {absent: true}",
    ),
    "empty": Presence(
        ("is empty", "is not empty"),
        "Not there, or an empty text, list or map (true), or anything else (false).",
        "spec.tolerations: {empty: true}",
    ),
}


def compile_presence(name: str, wanted: Any) -> Node:
    """Compile one of them. Raises ConditionError unless the operand is true or false."""
    if not isinstance(wanted, bool):
        raise ConditionError(f"{name} takes true or false")
    words = PRESENCE[name].words
    if name == "empty":
        return leaf(_emptiness(wanted), lambda truth: words[truth is not wanted])
    return leaf(_presence(wanted is (name == "exists")), lambda truth: words[truth is not wanted])


def _presence(wanted: bool) -> Any:
    def judge(value: Any, refs: Refs) -> Truth:
        if value is UNKNOWN:
            return None
        return (value is not ABSENT and value is not None) is wanted

    return judge


def _emptiness(wanted: bool) -> Any:
    def judge(value: Any, refs: Refs) -> Truth:
        if value is UNKNOWN:
            return None
        nothing = value is ABSENT or value is None
        return (nothing or (isinstance(value, (str, list, tuple, Mapping)) and not value)) is wanted

    return judge
