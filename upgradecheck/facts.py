"""Our own facts in the shape of objects: release, command, values, server, tool. Rules ask about them by path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .cluster import Cluster
from .conditions import UNKNOWN
from .model import NOWHERE, Command, Origin, Release, Upgrade, Values

NAMES = ("command", "release", "server", "tool", "values")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something with paths, and the place of each path."""

    data: Mapping[str, Any]
    at: Callable[..., Origin]
    name: str = ""


def own_facts(kind: str, cluster: Cluster, upgrade: Upgrade) -> Iterator[Fact]:
    """Every fact of a kind. `release` gives each Helm release, `values` and `command` those of the upgrade."""
    if kind == "release":
        for release in cluster.releases:
            yield Fact(release_data(release), lambda *_, r=release: r.origin, release.name)
    elif kind == "command" and upgrade.command is not None:
        # The person has the command before their eyes: it is evidence without a place.
        yield Fact(command_data(_typed(upgrade)), lambda *_: NOWHERE, upgrade.command.tool)
    elif kind == "values":
        yield Fact(values_data(upgrade), lambda *path: _values_origin(upgrade, path), "values")
    elif kind == "server":
        yield Fact({"version": cluster.server or UNKNOWN}, lambda *_: NOWHERE, "server")
    elif kind == "tool":
        for name, version in upgrade.tools.items():
            origin = Origin(f"--tool {name}={version}")
            yield Fact({"name": name, "version": str(version)}, lambda *_, o=origin: o, name)


def references(cluster: Cluster, upgrade: Upgrade) -> dict[str, Any]:
    """What `$upgrade`, `$release`, `$command`, `$values` and `$server` stand for in conditions."""
    return {
        "$upgrade": {
            "component": upgrade.component,
            "from": str(upgrade.start[0]) if upgrade.start else UNKNOWN,
            "to": str(upgrade.to) if upgrade.to else UNKNOWN,
            "namespace": upgrade.namespace,
        },
        "$release": release_data(upgrade.release) if upgrade.release else UNKNOWN,
        "$command": command_data(_typed(upgrade)) if upgrade.command else {},
        "$values": values_data(upgrade),
        "$server": {"version": cluster.server or UNKNOWN},
    }


def release_data(release: Release) -> dict[str, Any]:
    """A release as paths: name, namespace, chart, version, status, revision, newest.status, values."""
    return {
        "name": release.name,
        "namespace": release.namespace,
        "chart": release.chart,
        "version": release.version,
        "appVersion": release.app_version,
        "status": release.status,
        "revision": release.revision,
        "newest": {"revision": release.newest.number, "status": release.newest.status},
        "values": release.values.tree if release.values is not None else UNKNOWN,
    }


def _typed(upgrade: Upgrade) -> Command:
    """The command; what a manifest asks for of Argo CD is no command of helm."""
    command = upgrade.command or Command("", "", ())
    by_argo = upgrade.declared is not None and upgrade.declared.carrier == "Argo CD"
    return replace(command, tool="argocd") if by_argo else command


def command_data(command: Command) -> dict[str, Any]:
    """A command as paths: tool, verb, positionals, and flags by long name with a list of their values."""
    flags: dict[str, list[str]] = {}
    for flag in command.flags:
        flags.setdefault(flag.name, []).append("true" if flag.value is None else flag.value)
    return {
        "tool": command.tool,
        "verb": command.verb,
        "release": release_named(command),
        "positionals": list(command.positionals),
        "flags": flags,
        "unknown": list(command.unknown),
    }


def release_named(command: Command) -> str:
    """The release that the command names: a positional of helm, --mesh-name of osm, --helm-release-name of cilium."""
    if command.tool == "osm":
        return command.last("mesh-name") or "osm"
    if command.tool == "cilium":
        return command.last("helm-release-name") or "cilium"
    return command.positionals[0] if command.tool == "helm" and command.positionals else ""


def values_data(upgrade: Upgrade) -> dict[str, Any]:
    """Values as paths: `before` the command, `given` on it, `after` it, and whether those before are `known`.

    What was not collected is unknown.
    """
    return {
        "known": upgrade.before is not None,
        "before": upgrade.before.tree if upgrade.before is not None else UNKNOWN,
        "given": upgrade.given.tree,
        "after": upgrade.after.tree if upgrade.after is not None else UNKNOWN,
    }


def _values_origin(upgrade: Upgrade, path: tuple[Any, ...]) -> Origin:
    known: dict[str, Values | None] = {"before": upgrade.before, "given": upgrade.given, "after": upgrade.after}
    values = known.get(str(path[0])) if path else None
    return values.origin(tuple(path[1:])) if values is not None else NOWHERE
