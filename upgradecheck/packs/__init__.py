"""Rule files → rules, component files → components, and which of them a cluster has."""

from __future__ import annotations

from ..builtin import builtin_rules
from .loader import Pack, earlier_ids, load_all, load_components, load_pack, load_rules, rule_ids
from .reading import BadRulesError

__all__ = [
    "BadRulesError",
    "Pack",
    "builtin_rules",
    "earlier_ids",
    "load_all",
    "load_components",
    "load_pack",
    "load_rules",
    "rule_ids",
]
