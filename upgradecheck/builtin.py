"""Where the built-in packs are."""

from __future__ import annotations

from pathlib import Path


def builtin_rules() -> Path:
    """The folder of the built-in packs: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"
