"""A rule as data: when it bites, what it looks for, what it says, and what to type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..versions import Range
from .objects import NOWHERE, Origin

Severity = Literal["error", "warning", "info", "advice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info", "advice")

Phase = Literal["before", "upgrade", "after", "rollback"]
PHASES: tuple[Phase, ...] = ("before", "upgrade", "after", "rollback")

Stage = Literal["save", "repair", "clean", "values", "hop"]
STAGES: tuple[Stage, ...] = ("save", "repair", "clean", "values", "hop")
"""The order of typing inside one phase: copies first, then repairs, then what is cleared away, then the
values that the upgrade needs, then the steps through other versions."""

Outcome = Literal["fine", "loses", "breaks", "refused"]
OUTCOMES: tuple[Outcome, ...] = ("fine", "loses", "breaks", "refused")


@dataclass(frozen=True, slots=True)
class Edit:
    """How a remedy changes the person's own command: flags dropped by name, words added, values set, and words that are
    no flags swapped for others."""

    drop: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    set: Mapping[str, str] = field(default_factory=dict)
    swap: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a remedy, not yet filled in. `run` is a command template, `edit` changes the upgrade command.

    `each` names a list fact: the step is repeated for every entry, whose fields become placeholders.
    `payloads` are the mappings beside `run` that become JSON words. `undo` false: it cannot be undone.
    `only` names facts that must be true (or absent-false) for the step to be printed.
    """

    phase: Phase
    run: str = ""
    note: str = ""
    stage: Stage = "repair"
    each: str = ""
    only: str = ""
    undo: bool = True
    tried: bool = True
    edit: Edit | None = None
    payloads: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule says in one of its cases. An empty text means: as the rule itself says; `says` None does too."""

    message: str = ""
    many: str = ""
    severity: Severity | None = None
    outcome: Outcome | None = None
    says: str | None = None
    remedy: tuple[Step, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `id` is `<pack>/<name>`, from its path. `params` is what its check takes.

    `many` is the message where several sightings become one finding. `outcome` and `says` tell what happens to the
    command as typed when the rule finds something: `refused` changes nothing in the cluster; `perhaps` says that
    it may not come. `rank` orders findings of the same severity and outcome, lower is worse. `start` and `to` gate
    it by version; None means any.
    """

    id: str
    title: str
    severity: Severity
    check: str
    params: Any
    message: str
    why: str
    remedy: tuple[Step, ...] = ()
    cases: Mapping[str, Case] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    start: Range | None = None
    to: Range | None = None
    outcome: Outcome = "fine"
    says: str = ""
    fine_when: str = ""
    many: str = ""
    rank: int = 50
    perhaps: bool = False
    aliases: tuple[str, ...] = ()
    origin: Origin = NOWHERE

    @property
    def pack(self) -> str:
        return self.id.partition("/")[0]
