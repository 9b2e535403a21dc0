"""Frozen values that every part speaks in. They hold no behaviour beyond naming and finding themselves."""

from .component import Component, Role, VersionSource
from .declared import Declared
from .objects import NOWHERE, Object, Origin, Path, group_kind, value_at
from .release import Release, Revision, Values, dotted, leaves
from .report import (
    Evidence,
    Examined,
    Finding,
    Gap,
    Hop,
    Notice,
    Problem,
    Report,
    Subject,
    Sureness,
    Typed,
    UpgradeSummary,
    Verdict,
)
from .rule import OUTCOMES, PHASES, SEVERITIES, STAGES, Case, Edit, Outcome, Phase, Rule, Severity, Stage, Step
from .suppression import Suppression
from .upgrade import Chart, Command, Flag, Upgrade

__all__ = [
    "NOWHERE", "OUTCOMES", "PHASES", "SEVERITIES", "STAGES", "Case", "Chart", "Command", "Component", "Declared",
    "Edit", "Evidence", "Examined", "Finding", "Flag", "Gap", "Hop", "Notice", "Object", "Origin", "Outcome", "Path",
    "Phase", "Problem", "Release", "Report", "Revision", "Role", "Rule", "Severity", "Stage", "Step", "Subject",
    "Suppression", "Sureness", "Typed", "Upgrade", "UpgradeSummary", "Values", "Verdict", "VersionSource", "dotted",
    "group_kind", "leaves", "value_at",
]  # fmt: skip
