"""What judging brings: findings, edits of the command, gaps, and what waits behind a repair."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model import Command, Component, Edit, Finding, Gap, Hop, Problem, Upgrade
from .choose import Choice


@dataclass(frozen=True, slots=True)
class Change:
    """A finding's edit of the person's own command, with the finding it belongs to."""

    finding: Finding
    edit: Edit
    note: str = ""


@dataclass(slots=True)
class Judged:
    """What judging one upgrade brought: findings with their edits, gaps, crashed rules, and ids by outcome."""

    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    advice: list[Finding] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Repaired:
    """The command with every edit, and what only came to light behind the repair."""

    command: Command | None
    changes: tuple[Change, ...] = ()
    behind: tuple[Finding, ...] = ()
    worse: Finding | None = None
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One upgrade judged. `known` is false for a chart that no pack speaks about."""

    upgrade: Upgrade
    component: Component
    choice: Choice
    typed: Judged
    repaired: Repaired
    known: bool
    hops: tuple[Hop, ...] = ()


def harm(finding: Finding) -> tuple[int, int, int, str, str]:
    """Sort key, worst first: severity, then what happens to the cluster, then the rule's own rank."""
    severity = ("error", "warning", "info", "advice").index(finding.severity)
    outcome = ("breaks", "loses", "refused", "fine").index(finding.outcome)
    return (severity, outcome, finding.rank, finding.rule, str(finding.subject))
