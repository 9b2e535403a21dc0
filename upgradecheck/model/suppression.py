"""What someone chose to accept: findings, or gaps, of some rules, for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .objects import NOWHERE, Origin


@dataclass(frozen=True, slots=True)
class Suppression:
    """One accepted thing. `rule` is an id or a glob; `kind`, `namespace` and `name` are globs over the subject of a
    finding, empty for any. `expires` is the last day on which it counts, in UTC. `gaps` true: it is about what these
    rules could not look at, and never about a finding."""

    rule: str
    reason: str
    kind: str = ""
    namespace: str = ""
    name: str = ""
    expires: date | None = None
    gaps: bool = False
    origin: Origin = NOWHERE
