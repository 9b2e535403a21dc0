"""From what a person asked and what is running to the upgrades that are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..cluster import Cluster
from ..errors import UsageError
from ..model import Component, Declared, Problem, Release, Upgrade
from ..packs.detect import owned_releases
from .asked import Asked, Known
from .concerned import concerned, targeted

_MANIFESTS = frozenset({"HelmRelease.helm.toolkit.fluxcd.io", "Application.argoproj.io"})


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
    declared = _declared(cluster, components, asked, known)
    # What manifests ask for is all that happens: nothing else is about to be upgraded only because it runs.
    seen = Cluster() if declared or known.compared else cluster
    chosen = concerned(seen, components, asked, known.applied, facts, known.chart)
    told = list(dict.fromkeys(component.name for _, component in declared))
    chosen = [component for component in chosen if component.name not in told]
    asked = targeted(asked, [*{c.name: c for _, c in declared}.values(), *chosen])
    if not chosen and not declared:
        return Understood(())
    # What reads values and versions is only paid for by those who have an upgrade.
    from .worked_out import worked_out

    pairs = _each_declared(cluster, asked, known, declared) + [
        (worked_out(cluster, component, asked, known, facts, release), component)
        for component in chosen
        for release in _each_release(cluster, component, asked)
    ]
    problems = dict.fromkeys(problem for (_, troubles), _ in pairs for problem in troubles)
    return Understood(tuple((upgrade, component) for (upgrade, _), component in pairs), tuple(problems))


def _each_release(cluster: Cluster, component: Component, asked: Asked) -> list[Release | None]:
    """Each of several releases of one component is an upgrade of its own, unless a command names one."""
    if asked.command is not None:
        return [None]
    owned = owned_releases(cluster, component)
    return [*owned] if len(owned) > 1 else [None]


def _declared(
    cluster: Cluster, components: Sequence[Component], asked: Asked, known: Known
) -> list[tuple[Declared, Component]]:
    """What manifests ask for; a command that upgrades a release says all there is."""
    command = asked.command
    if command is not None and (command.tool, command.verb) != ("kubectl", "apply"):
        return []
    if not (known.declared or known.compared or _MANIFESTS.intersection(cluster.kinds())):
        return []
    from .gitops.found import declared_in

    return declared_in(cluster, components, asked, known)


def _each_declared(
    cluster: Cluster, asked: Asked, known: Known, declared: Sequence[tuple[Declared, Component]]
) -> list[tuple[tuple[Upgrade, tuple[Problem, ...]], Component]]:
    if not declared:
        return []
    from .gitops.upgrade import declared_upgrade

    return [(declared_upgrade(cluster, c, asked, known, one), c) for one, c in declared]


def _refuse_misfits(asked: Asked) -> None:
    command = asked.command
    if command is None:
        return
    if command.tool in ("osm", "cilium") and command.verb == "install":
        raise UsageError(f"{command.tool} install is no upgrade", "give the command that upgrades")
    if asked.values or asked.sets:
        raise UsageError("values are given both before and inside the command", "give them in the command alone")
