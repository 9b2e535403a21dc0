"""The way from one version to another where a component may not skip a minor: its newest patches in between.

A component says so in component.yaml: `route: {consecutive: true, newest: {"1.11": "1.11.20", …}}`.
"""

from __future__ import annotations

from collections.abc import Sequence

from .model import Component
from .versions import Version


def newest_patch(component: Component, version: Version) -> Version | None:
    """The newest known patch of the minor that a version belongs to."""
    text = component.route.get("newest", {}).get(f"{version.major}.{version.minor}")
    return Version.parse(text) if text else None


def hops(component: Component, start: Version, target: Version) -> tuple[Version, ...]:
    """Newest patch of the present minor, then the newest patch of each minor between, then the target."""
    between = [
        version
        for text in component.route.get("newest", {}).values()
        if start < (version := Version.parse(text)) < target and version.line != target.line
    ]
    return (*sorted(between), target)


def route(component: Component, start: Sequence[Version], target: Version | None) -> tuple[Version, ...]:
    """The hops of an upgrade that skips a minor; nothing where one step will do, or where minors may be skipped."""
    if not component.route.get("consecutive") or target is None or not start:
        return ()
    first = min(start)
    crossed = (target.major - first.major) * 1000 + target.minor - first.minor
    return hops(component, first, target) if crossed > 1 else ()
