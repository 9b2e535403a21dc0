"""The JSON Schema of the rule file, from the classes that the loader builds by. `python -m` writes it to docs/."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from .. import checks
from ..conditions import PathExpr, Where
from ..conditions.schema import where_definitions
from ..versions import Range
from .params import required
from .shape import RuleShape, StepShape

_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    object: {},
    Any: {},
    Where: {"$ref": "#/$defs/where"},
    Range: {"type": "string", "description": 'A version range: "0.5.0..0.8.7 || >=0.9.0-rc0 <0.9.5".'},
    PathExpr: {"type": "string", "minLength": 1, "description": 'A path: spec.containers[name=agent], a["x.io/y"].'},
    re.Pattern: {"type": "string", "format": "regex"},
}
_TABLE: Mapping[str, Any] = {
    "type": "object",
    "description": "The rows of tables/NAME.yaml beside the rule file.",
    "properties": {"table": {"type": "string"}},
    "required": ["table"],
    "additionalProperties": False,
}


def rule_schema() -> dict[str, Any]:
    """The schema of a rule file, draft 2020-12. It imports every check."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "upgradecheck rule",
        **_schema(RuleShape),
    }
    schema["properties"]["check"]["enum"] = list(checks.every_name())
    schema["allOf"] = [_params_of(name) for name in checks.every_name()]
    schema["$defs"] = where_definitions()
    return schema


def _params_of(name: str) -> dict[str, Any]:
    kind = checks.find(name).Params
    then: dict[str, Any] = {"properties": {"params": _schema(kind)}}
    if required(kind):
        then["required"] = ["params"]
    chosen = {"required": ["check"], "properties": {"check": {"const": name}}}
    return {"if": chosen, "then": then}


def _schema(kind: Any) -> dict[str, Any]:
    """The schema of an annotated type."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, about = get_args(kind)
        return {"description": about, **_schema(inner)}
    if origin is Literal:
        return {"enum": list(get_args(kind))}
    if origin in (Union, types.UnionType):
        return _either([_schema(one) for one in get_args(kind) if one is not type(None)], type(None) in get_args(kind))
    if origin is tuple:
        entry = get_args(kind)[0]
        several = {"type": "array", "items": _schema(entry)}
        return {"anyOf": [several, _TABLE]} if is_dataclass(entry) and entry not in (StepShape, *_PLAIN) else several
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(get_args(kind)[1])}
    plain = _PLAIN.get(origin or kind)
    if plain is not None:
        return dict(plain)
    if is_dataclass(kind):
        return _object(kind)
    raise TypeError(f"{kind} is no type that a rule file can hold")


def _either(schemas: list[dict[str, Any]], nothing: bool) -> dict[str, Any]:
    # A lone `null` is how YAML writes an empty case; it takes no part elsewhere, but does no harm.
    alternatives = [*schemas, *([{"type": "null"}] if nothing else [])]
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}


def _object(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    extra = getattr(kind, "EXTRA", "")
    needed = list(required(kind))
    schema: dict[str, Any] = {
        "description": " ".join((kind.__doc__ or "").split()),
        "type": "object",
        "properties": {
            field.name.rstrip("_"): _schema(hints[field.name]) for field in fields(kind) if field.name != extra
        },
        "additionalProperties": {"type": ["object", "array"]} if extra else False,
    }
    return {**schema, "required": needed} if needed else schema


def target() -> Path:
    """Where the written schema stands in a checkout."""
    return Path(__file__).resolve().parents[2] / "docs" / "schema" / "rule.json"


def text() -> str:
    """The schema as it is written."""
    import json

    return json.dumps(rule_schema(), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the schema."""
    target().parent.mkdir(parents=True, exist_ok=True)
    target().write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
