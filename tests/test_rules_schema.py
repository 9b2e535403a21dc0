"""Every built-in rule is held to the JSON Schema, and loads without an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from upgradecheck import packs
from upgradecheck.packs.schema import rule_schema

BUILT_IN = packs.builtin_rules()
RULES = sorted(path for path in BUILT_IN.glob("*/*.yaml") if path.name != "component.yaml")


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema.Draft202012Validator(rule_schema())


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_built_in_rule_fits_the_schema(validator: Any, path: Path) -> None:
    errors = validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in RULES}), ids=lambda folder: folder.name)
def test_a_built_in_pack_loads(folder: Path) -> None:
    _, errors = packs.load_pack(folder)
    assert [str(error) for error in errors] == []
