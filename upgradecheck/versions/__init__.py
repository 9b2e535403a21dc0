"""Versions as people and clusters write them, ranges of them, and Helm's own constraints."""

from __future__ import annotations

from .range import Range
from .version import Version

__all__ = ["Range", "Version", "helm_constraint_holds"]


def helm_constraint_holds(constraint: str, version: str, *, normalise: bool) -> bool:
    """Whether a version fulfils a `kubeVersion` constraint; see constraint.py, which is loaded when it is used."""
    from .constraint import helm_constraint_holds as holds

    return holds(constraint, version, normalise=normalise)
