"""docs/checks.md is what the checks say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from upgradecheck import checks
from upgradecheck.packs.check_docs import target, text


def test_the_page_of_all_checks_is_current(accepted: Callable[[Path, str], None]) -> None:
    accepted(target(), text())


@pytest.mark.parametrize("name", checks.names())
def test_every_parameter_is_spoken_of(name: str) -> None:
    """A parameter that only stands in a table has no meaning: the docstring names each."""
    check = checks.find(name)
    section = text().partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    for field in fields(check.Params):
        assert f"| `{field.name.rstrip('_')}` |" in section
        assert f"`{field.name.rstrip('_')}`" in " ".join(check.Params.__doc__.split())
    assert all(f"`{{{fact}}}`" in section for fact in check.FACTS)
    assert "a value |" not in section, "a type without words"
    assert "list of values" not in section
