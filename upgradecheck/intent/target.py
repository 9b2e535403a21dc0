"""The version that an upgrade goes to, from the arguments, the command, the chart, the CLI, or the objects applied."""

from __future__ import annotations

from collections.abc import Iterator

from ..checks.roles import plays
from ..errors import UsageError
from ..model import Component, Object, Upgrade, VersionSource
from ..packs.detect import parsed, tags
from ..versions import Version
from .asked import Asked
from .helm import HelmFacts


def target_of(component: Component, asked: Asked, upgrade: Upgrade, facts: HelmFacts | None) -> Version | None:
    """The target, None where nobody says. Raises UsageError where the arguments contradict the command."""
    told = asked.to.get(component.name, "")
    typed = facts.version if facts else ""
    if told and parsed(told) is None:
        raise UsageError(f"--to {component.name}: {told!r} is not a version", "expected such as 1.12.0")
    if told and typed and parsed(told) != parsed(typed):
        raise UsageError(f"--to {component.name}={told} and --version {typed} in the command contradict each other")
    if told or typed:
        # A constraint such as ^1.12 resolves to another version tomorrow: unknown today.
        return parsed(told or typed)
    if upgrade.command is not None and upgrade.command.verb == "rollback":
        return _rolled_back(upgrade, facts.revision if facts else 0)
    if upgrade.chart is not None and (not component.charts or upgrade.chart.name in component.charts):
        return parsed(upgrade.chart.version)
    return _by_component(component, upgrade)


def _rolled_back(upgrade: Upgrade, number: int) -> Version | None:
    """The version of a revision; without a number the one before."""
    history = upgrade.release.history if upgrade.release else ()
    wanted = number or (history[0].number - 1 if history else 0)
    return next((parsed(r.version) for r in history if r.number == wanted), None)


def _by_component(component: Component, upgrade: Upgrade) -> Version | None:
    texts = (text for source in component.target for text in _told(source, upgrade))
    found = next((version for text, prefix in texts if (version := parsed(text, prefix))), None)
    return found or next(_by_image(component, upgrade), None) or _as_it_is(component, upgrade)


def _as_it_is(component: Component, upgrade: Upgrade) -> Version | None:
    """A patch of something that carries no version leaves the version as it is."""
    command = upgrade.command
    if command is None or command.tool != "kubectl" or command.verb == "apply" or not upgrade.applied:
        return None
    roles = [component.roles[source.role] for source in component.running if source.role in component.roles]
    kinds = [source.kind for source in component.target]
    carried = any(
        found.group_kind in kinds or any(found.group_kind == role.kind and plays(found, role) for role in roles)
        for found in upgrade.applied
    )
    return None if carried or len(upgrade.start) != 1 else upgrade.start[0]


def _told(source: VersionSource, upgrade: Upgrade) -> Iterator[tuple[str, str]]:
    command = upgrade.command
    if source.source == "tool" and command is not None and command.tool == source.tool:
        # With a chart of its own the CLI's version says nothing.
        if source.tool in upgrade.tools and not command.has("osm-chart-path"):
            yield str(upgrade.tools[source.tool]), ""
    elif source.source == "applied":
        for found in upgrade.applied:
            if found.group_kind == source.kind:
                yield str(found.get(*source.path.split("."), default="")), source.prefix


def _by_image(component: Component, upgrade: Upgrade) -> Iterator[Version]:
    """The image tag of a part that is about to be applied."""
    for source in component.running:
        role = component.roles.get(source.role)
        if source.source != "image" or role is None:
            continue
        played: list[Object] = [o for o in upgrade.applied if o.group_kind == role.kind and plays(o, role)]
        yield from (version for tag in tags(played, source.container) if (version := parsed(tag)))
