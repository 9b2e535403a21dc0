"""The operators that compare one value with one operand. A new one is one entry of the table."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .comparisons import (
    TYPES,
    Compare,
    contains,
    equal,
    in_text,
    is_in,
    matches,
    several,
    size_of,
    sized,
    some_text,
    typed,
    types,
    version_range,
    within,
)
from .patterns import safe_pattern
from .sentences import listed, show


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    `prepare` turns the operand into what `compare(value, operand)` takes, raising ValueError with a plain
    message; a reference's value goes through it as well. `compare` never sees an absent or unknown value.
    `on_text` is `compare` where both are surely text, for speed.
    `accepts` is the JSON Schema of the operand, `example` one line for the docs.
    """

    compare: Compare
    words: tuple[str, str]
    accepts: Mapping[str, Any]
    about: str
    example: str
    prepare: Callable[[Any], Any] = lambda operand: operand
    refers: bool = True
    on_text: Callable[[str, str], bool] | None = None


_SCALAR = {"type": ["string", "number", "boolean"]}
_SIZE = {"type": ["string", "number"]}
_TEXT = {"type": "string", "minLength": 1}

OPERATORS: Mapping[str, Operator] = {
    "equals": Operator(
        equal, ("is {}", "is not {}"), {"not": {"type": "null"}},
        "The same value of the same type; lists and maps whole. A bare value means the same.",
        "spec.opstype: {equals: upgrade}",
    ),
    "in": Operator(
        is_in, ("is one of {}", "is none of {}"),
        {"anyOf": [{"type": "array", "minItems": 1}, {"$ref": "#/$defs/reference"}]},
        "One of a list. A reference to a map means its keys.",
        "spec.opstype: {in: [upgrade, rollback]}", several,
    ),
    "matches": Operator(
        matches, ("matches {}", "does not match {}"), _TEXT,
        "A regular expression that is found somewhere in the text; ^ and $ anchor it. "
        "A repeat inside a repeat is refused, and a very long text is unknown.",
        "spec.imageurl: {matches: '^https?://'}", safe_pattern, refers=False,
    ),
    "starts": Operator(
        in_text(str.startswith), ("starts with {}", "does not start with {}"), _TEXT,
        "The text begins so.", 'spec.imageurl: {starts: "http://"}', some_text, on_text=str.startswith,
    ),
    "ends": Operator(
        in_text(str.endswith), ("ends with {}", "does not end with {}"), _TEXT,
        "The text ends so.", "spec.imageurl: {ends: .img}", some_text, on_text=str.endswith,
    ),
    "contains": Operator(
        contains, ("contains {}", "does not contain {}"), _SCALAR,
        "The text has this inside, the list has this element, or the map has this key.",
        "metadata.finalizers: {contains: kubernetes.io/pvc-protection}",
    ),
    "type": Operator(
        typed, ("is of type {}", "is not of type {}"),
        {"anyOf": [{"enum": list(TYPES)}, {"type": "array", "items": {"enum": list(TYPES)}, "minItems": 1}]},
        "The YAML type, or one of a list of types.", "ipam.enableIPv4: {type: boolean}", types, refers=False,
    ),
    "lt": Operator(
        sized(operator.lt), ("is less than {}", "is not less than {}"), _SIZE,
        "A smaller number or quantity.", "spec.replicas: {lt: 2}", size_of,
    ),
    "le": Operator(
        sized(operator.le), ("is at most {}", "is more than {}"), _SIZE,
        "A number or quantity that is not greater.", "status.allocatable.cpu: {le: 500m}", size_of,
    ),
    "gt": Operator(
        sized(operator.gt), ("is more than {}", "is not more than {}"), _SIZE,
        "A greater number or quantity.", "spec.maxUnavailable: {gt: 1}", size_of,
    ),
    "ge": Operator(
        sized(operator.ge), ("is at least {}", "is less than {}"), _SIZE,
        "A number or quantity that is not smaller.", "status.allocatable.memory: {ge: 1Gi}", size_of,
    ),
    "within": Operator(
        within, ("is a version within {}", "is a version outside {}"), _TEXT,
        "A version inside a range. A text that is no version is unknown.",
        'status.nodeInfo.kubeletVersion: {within: "1.28.0..1.30.2"}', version_range,
    ),
}  # fmt: skip


def wording(name: str, operand: Any, truth: bool) -> str:
    """What an operator says, as "is 3", or its opposite."""
    chosen = OPERATORS[name].words[0 if truth else 1]
    if name == "type":
        return chosen.format(listed(operand if isinstance(operand, list) else [operand]))
    if name == "in" and isinstance(operand, list):
        return chosen.format(listed([show(item) for item in operand]))
    return chosen.format(show(operand))
