"""The facts that every rule's texts may use, from the upgrade alone."""

from __future__ import annotations

from typing import Any

from ..model import Component, Upgrade
from ..model.redact import redact_words
from .declared import declared_facts


def base_facts(component: Component, upgrade: Upgrade) -> dict[str, Any]:
    """One value for each name of BASE_FACTS in checks/given.py."""
    release = upgrade.release
    return {
        "component": component.name,
        "title": component.title,
        "from": ", ".join(str(version) for version in upgrade.start) or "unknown",
        "to": str(upgrade.to) if upgrade.to else "unknown",
        "target": str(upgrade.to) if upgrade.to else "",
        "release": release.name if release else component.name,
        "helm_release": release.name if release else "",
        "revision": str(release.revision) if release and release.revision else "",
        "namespace": upgrade.namespace or (release.namespace if release else "") or "default",
        "next": str(upgrade.route[0] if upgrade.route else upgrade.to or "unknown"),
        "route": [str(version) for version in upgrade.route],
        "chart": chart_words(component, upgrade),
        "tool": upgrade.command.tool if upgrade.command else "helm",
        "doing": f"{upgrade.command.tool} {upgrade.command.verb}" if upgrade.command else "helm upgrade",
        "command": " ".join(redact_words(upgrade.command.words)) if upgrade.command else "",
        **(declared_facts(upgrade.declared, component) if upgrade.declared else {}),
    }


def chart_words(component: Component, upgrade: Upgrade) -> str:
    """The chart as the person's command names it, or as the component's own repository does."""
    command = upgrade.command
    if command is not None and command.tool == "helm" and command.verb != "rollback" and len(command.positionals) > 1:
        return command.positionals[1]
    return component.chart or component.name
