"""What was accepted, and why: annotations on objects, entries of the configuration, and a baseline file."""

from __future__ import annotations

from .baseline import Accepted, Baseline, accepted, baseline_text, read_baseline
from .entries import read_entries, read_entry
from .ledger import Held, Ledger, Round
from .notices import RuleNames, notices

__all__ = [
    "Accepted",
    "Baseline",
    "Held",
    "Ledger",
    "Round",
    "RuleNames",
    "accepted",
    "baseline_text",
    "notices",
    "read_baseline",
    "read_entries",
    "read_entry",
]
