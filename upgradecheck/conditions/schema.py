"""The JSON Schema of a `where`, from the same tables that compile it: completion and errors in an editor."""

from __future__ import annotations

from typing import Any

from .members import MEMBER_OPERATORS
from .operators import OPERATORS
from .presence import PRESENCE

_MEMBER = {"anyOf": [{"$ref": "#/$defs/scalar"}, {"$ref": "#/$defs/operators"}, {"$ref": "#/$defs/where"}]}


def where_definitions() -> dict[str, Any]:
    """`$defs` for a schema that refers to `#/$defs/where`."""
    return {
        "scalar": {"type": ["string", "number", "boolean"]},
        "reference": {"type": "string", "pattern": r"^\$(?!\$)"},
        "operators": {"type": "object", "properties": _operators(), "additionalProperties": False, "minProperties": 1},
        "operand": {"anyOf": [{"$ref": "#/$defs/scalar"}, {"$ref": "#/$defs/operators"}]},
        "where": {
            "type": "object",
            "description": "Paths, and what must hold there. All of them must hold.",
            "properties": {
                "and": _several("where", "All of these conditions."),
                "or": _several("where", "At least one of these conditions."),
                "not": {"$ref": "#/$defs/where", "description": "This condition does not hold."},
            },
            "additionalProperties": {"$ref": "#/$defs/operand"},
            "minProperties": 1,
        },
    }


def _operators() -> dict[str, Any]:
    compared = {
        name: _described(dict(one.accepts), one.about, one.example, one.refers) for name, one in OPERATORS.items()
    }
    present = {name: _described({"type": "boolean"}, one.about, one.example) for name, one in PRESENCE.items()}
    members = {
        name: _described(dict(_MEMBER), one.about, one.example)
        for name, one in MEMBER_OPERATORS.items()
        if name != "count"
    }
    counted = {
        "anyOf": [{"type": "integer", "minimum": 0}, {"$ref": "#/$defs/operators"}, {"$ref": "#/$defs/reference"}]
    }
    count = MEMBER_OPERATORS["count"]
    return {
        **compared,
        **present,
        **members,
        "count": _described(counted, count.about, count.example),
        "and": _several("operand", "All of these hold for the value."),
        "or": _several("operand", "At least one of these holds for the value."),
        "not": {"$ref": "#/$defs/operand", "description": "This does not hold for the value."},
        "default": {"description": "What the field counts as where it is absent: its documented default."},
    }


def _described(schema: dict[str, Any], about: str, example: str, refers: bool = False) -> dict[str, Any]:
    more = " A value may be a $ reference." if refers else ""
    return {"description": f"{about}{more} Example: {example}", **schema}


def _several(what: str, about: str) -> dict[str, Any]:
    items = {"$ref": f"#/$defs/{what}"}
    if what == "operand":
        items = {"anyOf": [items, {"$ref": "#/$defs/where"}]}  # type: ignore[dict-item]
    return {"description": about, "type": "array", "minItems": 1, "items": items}
