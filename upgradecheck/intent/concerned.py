"""Which components the arguments are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..checks.roles import playing, plays
from ..cluster import Cluster
from ..errors import UsageError
from ..model import Chart, Command, Component, Object
from ..packs.detect import main_release, present
from .asked import Asked

if TYPE_CHECKING:
    from .helm import HelmFacts


def concerned(
    cluster: Cluster,
    components: Sequence[Component],
    asked: Asked,
    applied: Sequence[Object],
    facts: HelmFacts | None,
    chart: Chart | None,
) -> list[Component]:
    """The components that the arguments name, or else all that are present. Raises UsageError for an unknown one.

    A Helm chart that no pack speaks about is a component of its own, without rules.
    """
    names = {c.name: c for c in components if not c.always}
    for name in (*asked.to, *asked.start):
        if name not in names:
            raise UsageError(f"unknown component {name!r}", f"known are {', '.join(sorted(names))}")
    chosen = [c for c in names.values() if c.name in asked.to or c.name in asked.start]
    if asked.command is not None:
        meant = _of_command(cluster, list(names.values()), asked.command, applied, facts, chart)
    else:
        meant = [c for c in names.values() if _applies(c, applied)]
    chosen += [c for c in meant if c not in chosen]
    return chosen or [c for c in names.values() if present(cluster, c)]


def targeted(asked: Asked, chosen: Sequence[Component]) -> Asked:
    """`-t VERSION` means the one component that is there. Raises UsageError where it is not one."""
    if not asked.target:
        return asked
    if len(chosen) != 1:
        names = ", ".join(c.name for c in chosen) or "none"
        raise UsageError("-t/--target-version needs one component", f"found {names}; say --to COMPONENT=VERSION")
    return replace(asked, to={**asked.to, chosen[0].name: asked.target})


def _of_command(
    cluster: Cluster,
    components: list[Component],
    command: Command,
    applied: Sequence[Object],
    facts: HelmFacts | None,
    chart: Chart | None,
) -> list[Component]:
    by_tool = [c for c in components if command.tool in c.tools]
    if by_tool:
        return by_tool
    if command.tool == "kubectl" or facts is None:
        return [c for c in components if _applies(c, applied) or _touches(cluster, c, command)]
    release = main_release(cluster, Component("", "", Path()), facts.release, facts.namespace)
    charts = {chart.name if chart else "", facts.chart_name, release.chart if release else ""} - {""}
    by_chart = [c for c in components if charts.intersection(c.charts)]
    name = next(iter(sorted(charts)), "") or facts.release or command.tool
    return by_chart or [Component(name, name, Path(), charts=(name,))]


def _applies(component: Component, applied: Sequence[Object]) -> bool:
    """An object of the component's own kinds, or one that plays one of its roles, is about to be applied."""
    if any(found.group_kind in component.kinds for found in applied):
        return True
    roles = component.roles.values()
    return any(found.group_kind == role.kind and plays(found, role) for found in applied for role in roles)


def _touches(cluster: Cluster, component: Component, command: Command) -> bool:
    """`kubectl set image` and `kubectl patch` on an object that plays one of the component's roles."""
    named = {word.rpartition("/")[2] for word in command.positionals}
    return any(o.name in named for role in component.roles for o in playing(cluster, component, role))
