"""The `where` conditions of rules: data, compiled once to closures that know what decided."""

from __future__ import annotations

from .compile import Judged, Where, compile_where
from .paths import PathExpr, compile_path
from .patterns import safe_pattern
from .truth import ABSENT, UNKNOWN, ConditionError, Truth, every, negated, some

__all__ = [
    "ABSENT", "UNKNOWN", "ConditionError", "Judged", "PathExpr", "Truth", "Where", "compile_path", "compile_where",
    "every", "negated", "safe_pattern", "some",
]  # fmt: skip
