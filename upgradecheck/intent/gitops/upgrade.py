"""One upgrade that a manifest asks for, worked out as if helm had been typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...cluster import Cluster
from ...errors import UsageError
from ...model import Command, Component, Problem, Release, Upgrade, Values
from ...model.declared import Declared
from ...packs.detect import main_release, owning, parsed, present, running
from ...routes import route
from ...versions import Version
from ..asked import OLD_VALUES, Asked, Known
from ..command_line import parse_command
from ..given import values_given
from ..helm import HelmFacts, reuse_of
from ..merge import effective
from ..target import target_of
from ..worked_out import version_of
from .layers import over

MANIFEST = "values-of-the-manifest"
"""Stands for the values of the manifest in helm's command."""
_EXACT = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+[^\s,|*]*")


def component_of(components: Sequence[Component], declared: Declared) -> Component:
    """The component whose chart it is; a chart that no pack knows is one of its own, without rules."""
    known = next((c for c in components if declared.chart in c.charts), None)
    name = declared.chart or declared.name
    return known or Component(name, name, Path(), charts=(name,))


def exact(text: str) -> str:
    """A version as written, empty for a range, which resolves to another version tomorrow."""
    return text if _EXACT.fullmatch(text.strip()) and " " not in text.strip() else ""


def command_of(declared: Declared) -> Command:
    """helm's own command for the same: what edits change, and what rules about flags read."""
    words = ["helm", "upgrade", _word(declared.release), _word(declared.chart or declared.name)]
    words += ["-n", declared.target] if declared.target else []
    words += ["--version", declared.version] if exact(declared.version) else []
    words += ["--repo", declared.repository] if declared.repository.startswith("https://") else []
    words += ["-f", MANIFEST, "--reuse-values" if declared.reuse else "--reset-values"]
    return parse_command([*words, *declared.flags])


def _word(text: str) -> str:
    """A name that cannot be taken for a flag."""
    return f"<{text}>" if text.startswith("-") or not text else text


def declared_upgrade(
    cluster: Cluster,
    component: Component,
    asked: Asked,
    known: Known,
    declared: Declared,
    command: Command | None = None,
) -> tuple[Upgrade, tuple[Problem, ...]]:
    """The upgrade; `command` is helm's for it where a repair has changed it. Raises UsageError where the arguments say
    otherwise than the manifest."""
    typed = command or command_of(declared)
    facts = _facts(declared, typed)
    _refuse_contradiction(component, asked, declared)
    record = recorded(cluster, component, declared)
    before = _before(record, known, declared)
    given, problems = values_given(
        typed,
        files=asked.values,
        sets=asked.sets,
        stdin=asked.stdin,
        known={MANIFEST: _own(declared, before), OLD_VALUES: before or Values()},
    )
    after, base = effective(before, given, facts.reuse)
    fits = known.chart is not None and known.chart.name in (declared.chart, *component.charts)
    upgrade = Upgrade(
        component=component.name,
        start=_start(cluster, component, asked, record, declared),
        command=typed,
        release=record or _as_release(declared, before),
        namespace=declared.target or (record.namespace if record else ""),
        before=before,
        given=given,
        after=after,
        base=base,
        chart=known.chart if fits else None,
        applied=known.applied,
        tools={name: version_of(text, f"--tool {name}") for name, text in asked.tools.items() if name != "helm"},
        aside=_aside(cluster, component, record, declared),
        declared=declared,
    )
    target = target_of(component, asked, upgrade, facts)
    return replace(upgrade, to=target, route=() if upgrade.aside else route(component, upgrade.start, target)), problems


def _facts(declared: Declared, command: Command) -> HelmFacts:
    return HelmFacts(
        declared.release,
        declared.target,
        declared.chart,
        declared.chart,
        exact(command.last("version") or ""),
        declared.added,
        reuse_of(command),
    )


def _refuse_contradiction(component: Component, asked: Asked, declared: Declared) -> None:
    told, written = asked.to.get(component.name, ""), exact(declared.version)
    if told and written and parsed(told) != parsed(written):
        place = declared.at("version")[1]
        raise UsageError(f"--to {component.name}={told} and {written} in {place} contradict each other", "give one")


def recorded(cluster: Cluster, component: Component, declared: Declared) -> Release | None:
    """The Helm release as it was collected; Argo CD makes none."""
    if declared.carrier == "Argo CD":
        return None
    if not declared.release:
        return main_release(cluster, component)
    spaces = dict.fromkeys((declared.target, declared.storage))
    return next((r for n in spaces if (r := main_release(cluster, component, declared.release, n))), None)


def _before(record: Release | None, known: Known, declared: Declared) -> Values | None:
    if record is not None and record.values is not None:
        return record.values
    if known.unnamed:
        return known.unnamed[0]
    return declared.base.values if declared.base is not None else None


def _own(declared: Declared, before: Values | None) -> Values:
    """What a source gives that is not among the manifests is taken to be as it is now."""
    return over(before, declared.values) if declared.missing and before is not None else declared.values


def _as_release(declared: Declared, before: Values | None) -> Release | None:
    """The release as the base asks for it, where none was collected."""
    was = declared.base
    if was is None:
        return None
    place = was.at("version")[1]
    name = was.release or was.part or was.name
    return Release(name, was.target, was.chart, was.version, values=before, origin=place)


def _start(
    cluster: Cluster, component: Component, asked: Asked, record: Release | None, declared: Declared
) -> tuple[Version, ...]:
    told = asked.start.get(component.name)
    if told:
        return (version_of(told, f"--from {component.name}"),)
    seen = running(cluster, component, record)
    was = parsed(exact(declared.base.version)) if declared.base is not None else None
    return seen or ((was,) if was is not None else ())


def _aside(cluster: Cluster, component: Component, record: Release | None, declared: Declared) -> str:
    """Why the rules about what runs have nothing to say; empty where they have."""
    if record is None and declared.added and not present(cluster, component):
        return "an installation"
    owners = owning(cluster, component) if record is not None or declared.added else frozenset()
    if declared.release and owners and all(name != declared.release for _, name in owners):
        return f"another release of the chart, {declared.release}"
    return ""


def settled(cluster: Cluster, component: Component, declared: Declared) -> bool:
    """True where what the manifest asks for is what runs already."""
    record = recorded(cluster, component, declared)
    wanted = parsed(exact(declared.version))
    if wanted is None:
        return False
    if record is not None:
        same = record.values is None or declared.missing or record.values.tree == declared.values.tree
        return parsed(record.version) == wanted and bool(same)
    return declared.base is not None and declared.same(declared.base)
