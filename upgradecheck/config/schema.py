"""The JSON Schema of a configuration file, from the table of its keys. `python -m` writes it to docs/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..suppress.entries import KEYS as ENTRY_KEYS
from ..suppress.entries import REQUIRED
from .keys import KEYS, SUPPRESS, Key

_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}


def config_schema() -> dict[str, Any]:
    """The schema of upgradecheck.yaml and of [tool.upgradecheck], draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "upgradecheck configuration",
        "description": "upgradecheck.yaml, or the table [tool.upgradecheck] of pyproject.toml.",
        "type": "object",
        "properties": {
            **{key.name: {"description": key.about, **_schema(key)} for key in KEYS.values() if not key.why},
            SUPPRESS: {
                "description": "What is accepted, and why.",
                "type": "array",
                "items": _entry(),
            },
        },
        "additionalProperties": False,
    }


def _schema(key: Key) -> dict[str, Any]:
    if key.kind == "flag":
        return {"type": "boolean"}
    if key.kind == "pairs":
        return {"type": "object", "additionalProperties": _TEXT}
    if key.kind in ("texts", "outputs"):
        return {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    return {"enum": list(key.choices)} if key.choices else _TEXT


def _entry() -> dict[str, Any]:
    kinds: dict[str, Any] = {"gaps": {"type": "boolean"}, "expires": {"type": "string", "format": "date"}}
    selectors = ("kind", "namespace", "name")
    return {
        "type": "object",
        "properties": {key: {"description": about, **kinds.get(key, _TEXT)} for key, about in ENTRY_KEYS.items()},
        "required": list(REQUIRED),
        "additionalProperties": False,
        "if": {"required": ["gaps"], "properties": {"gaps": {"const": True}}},
        "then": {"properties": dict.fromkeys(selectors, False)},
    }


def target() -> Path:
    """Where the written schema stands in a checkout."""
    return Path(__file__).resolve().parents[2] / "docs" / "schema" / "config.json"


def text() -> str:
    """The schema as it is written."""
    import json

    return json.dumps(config_schema(), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the schema."""
    target().write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
