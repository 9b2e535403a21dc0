"""One upgrade worked out: release, values before and after, versions, and what nobody has installed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..checks.roles import playing
from ..cluster import Cluster
from ..errors import UsageError
from ..model import Command, Component, Object, Problem, Release, Upgrade, Values
from ..packs.detect import main_release, owning, parsed, present, running
from ..routes import route
from ..versions import Version
from .asked import OLD_VALUES, Asked, Known
from .command_line import nearest_flag
from .given import values_given
from .helm import HelmFacts
from .merge import effective
from .target import target_of


def worked_out(
    cluster: Cluster,
    component: Component,
    asked: Asked,
    known: Known,
    facts: HelmFacts | None,
    chosen: Release | None = None,
) -> tuple[Upgrade, tuple[Problem, ...]]:
    """The upgrade of one component, or of one `chosen` release of several, and what could not be read for it.

    Raises UsageError for a bad version."""
    name, namespace = (facts.release, facts.namespace) if facts else ("", "")
    release = chosen or main_release(cluster, component, name, namespace)
    before = release.values if release is not None else None
    if before is None and known.unnamed:
        before = known.unnamed[0]
    given, problems = values_given(
        asked.command,
        files=asked.values,
        sets=asked.sets,
        stdin=asked.stdin,
        known={OLD_VALUES: asked.old} if asked.old is not None else {},
    )
    after, base = _after(asked.command, before, given, facts)
    upgrade = Upgrade(
        component=component.name,
        start=_start(cluster, component, asked, release) or _asked_before(component, known.under),
        command=_with_near(asked.command),
        release=release,
        namespace=_namespace(cluster, component, facts, release),
        before=before,
        given=given,
        after=after,
        base=base,
        chart=known.chart,
        applied=known.applied,
        tools={name: version_of(text, f"--tool {name}") for name, text in asked.tools.items()},
        aside=_aside(cluster, component, release, facts),
    )
    target = target_of(component, asked, upgrade, facts)
    way = () if upgrade.aside else route(component, upgrade.start, target)
    return replace(upgrade, to=target, route=way), problems


def _aside(cluster: Cluster, component: Component, release: Release | None, facts: HelmFacts | None) -> str:
    """Why the rules about what runs have nothing to say to the command; empty where they have."""
    if facts is None or not facts.release:
        return ""
    if facts.install and release is None and not present(cluster, component):
        return "an installation"
    owners = owning(cluster, component) if release is not None or facts.install else frozenset()
    if owners and all(name != facts.release for _, name in owners):
        return f"another release of the chart, {facts.release}"
    return ""


def _after(
    command: Command | None, before: Values | None, given: Values, facts: HelmFacts | None
) -> tuple[Values | None, str]:
    """The values after the command. A rollback brings back those of its revision, which nobody told."""
    if command is not None and command.verb == "rollback":
        return None, "new"
    return effective(before, given, facts.reuse if facts else "none")


def _with_near(command: Command | None) -> Command | None:
    if command is None or not command.unknown:
        return command
    return replace(command, near={flag: nearest_flag(command, flag) for flag in command.unknown})


def _start(cluster: Cluster, component: Component, asked: Asked, release: Release | None) -> tuple[Version, ...]:
    told = asked.start.get(component.name)
    if told:
        return (version_of(told, f"--from {component.name}"),)
    return running(cluster, component, release)


def _asked_before(component: Component, under: Sequence[Object]) -> tuple[Version, ...]:
    """What the base's own objects ask for, where nobody could tell what runs."""
    told = (
        parsed(str(found.get(*source.path.split("."), default="")), source.prefix)
        for source in component.target
        if source.source == "applied"
        for found in under
        if found.group_kind == source.kind
    )
    return tuple(sorted({version for version in told if version is not None}))


def _namespace(cluster: Cluster, component: Component, facts: HelmFacts | None, release: Release | None) -> str:
    """Where the component is: as the command says, as its release says, or where its first part runs."""
    told = (facts.namespace if facts else "") or (release.namespace if release else "")
    parts = (found.namespace for role in component.detect for found in playing(cluster, component, role))
    return told or next(parts, "")


def version_of(text: str, flag: str) -> Version:
    """A version that a person typed. Raises UsageError where it is none."""
    version = parsed(text)
    if version is None:
        raise UsageError(f"{flag}: {text!r} is not a version", "expected such as 1.12.0")
    return version
