"""From what a person asked and what is running to the upgrades that are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..cluster import Cluster
from ..errors import UsageError
from ..model import Component, Problem, Upgrade
from .asked import Asked, Known
from .concerned import concerned, targeted


@dataclass(frozen=True, slots=True)
class Understood:
    """The upgrades with their components, and what could not be read on the way."""

    upgrades: tuple[tuple[Upgrade, Component], ...]
    problems: tuple[Problem, ...] = ()


def understand(cluster: Cluster, components: Sequence[Component], asked: Asked, known: Known) -> Understood:
    """Work out each upgrade. Raises UsageError for a component that nobody knows or a version that is none."""
    facts = None
    if asked.command is not None:
        from .helm import helm_facts
        from .patched import patched

        _refuse_misfits(asked)
        facts = helm_facts(asked.command)
        known = replace(known, applied=(*known.applied, *patched(cluster, asked.command)))
    chosen = concerned(cluster, components, asked, known.applied, facts, known.chart)
    asked = targeted(asked, chosen)
    if not chosen:
        return Understood(())
    # What reads values and versions is only paid for by those who have an upgrade.
    from .worked_out import worked_out

    pairs = [(worked_out(cluster, component, asked, known, facts), component) for component in chosen]
    problems = dict.fromkeys(problem for (_, troubles), _ in pairs for problem in troubles)
    return Understood(tuple((upgrade, component) for (upgrade, _), component in pairs), tuple(problems))


def _refuse_misfits(asked: Asked) -> None:
    command = asked.command
    if command is None:
        return
    if command.tool in ("osm", "cilium") and command.verb == "install":
        raise UsageError(f"{command.tool} install is no upgrade", "give the command that upgrades")
    if asked.values or asked.sets:
        raise UsageError("values are given both before and inside the command", "give them in the command alone")
