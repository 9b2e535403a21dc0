"""A live cluster as input: asked for what rules read, and for nothing else."""

from __future__ import annotations

from .access import Access, seconds
from .conclusion import cluster_of
from .faults import Fault
from .reader import Live
from .refusals import Refusal
from .wants import LogWant, Wants, together
from .watch import Watch

__all__ = ["Access", "Fault", "Live", "LogWant", "Refusal", "Wants", "Watch", "cluster_of", "seconds", "together"]
