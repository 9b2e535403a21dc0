"""Versions as people and clusters write them, ranges of them, and Helm's own constraints."""

from __future__ import annotations

from .constraint import helm_constraint_holds
from .range import Range
from .version import Version

__all__ = ["Range", "Version", "helm_constraint_holds"]
