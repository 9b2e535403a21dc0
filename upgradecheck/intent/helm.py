"""What a parsed command means for a Helm release, whichever tool types it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Command
from .merge import Reuse
from .wrappers import head

_PACKAGE = re.compile(r"(?P<name>.+?)-(?P<version>v?[0-9]+\.[0-9]+\S*)\.t(?:ar\.)?gz\Z")


@dataclass(frozen=True, slots=True)
class HelmFacts:
    """The release that a command changes, and how.

    `release`, `namespace`, `chart` and `version` are "" where the command does not say; a namespace is then
    that of the kubeconfig. `chart` is as typed; `chart_name` its name alone, without repository and version.
    `install` is true where a missing release would be installed; `revision` is what `helm rollback` goes to,
    0 for the one before.
    """

    release: str = ""
    namespace: str = ""
    chart: str = ""
    chart_name: str = ""
    version: str = ""
    install: bool = False
    reuse: Reuse = "none"
    dry_run: bool = False
    revision: int = 0


def helm_facts(command: Command) -> HelmFacts:
    """The same facts for `helm`, `osm` and `cilium`; for kubectl only the namespace and the dry run."""
    if command.tool == "helm":
        return _helm(command)
    if command.tool == "osm":
        return _osm(command)
    if command.tool == "cilium":
        return _cilium(command)
    return HelmFacts(namespace=command.last("namespace") or "", dry_run=_dry_run(command))


def reuse_of(command: Command) -> Reuse:
    """The rule by which Helm keeps the values of the release; the first of these flags wins, wherever it stands."""
    if command.has("reset-values"):
        return "reset"
    if command.has("reuse-values"):
        return "reuse"
    return "reset-then-reuse" if command.has("reset-then-reuse-values") else "none"


def _helm(command: Command) -> HelmFacts:
    namespace = command.last("namespace") or head(command.words).environment.get("HELM_NAMESPACE", "")
    dry_run = _dry_run(command)
    if command.verb == "rollback":
        number = command.positionals[1] if len(command.positionals) > 1 else ""
        revision = int(number) if number.isdecimal() and len(number) < 10 else 0
        return HelmFacts(command.positionals[0], namespace, dry_run=dry_run, revision=revision)
    install = command.verb == "install"
    chart = command.positionals[-1]
    release = command.positionals[0] if len(command.positionals) > 1 else command.last("name-template") or ""
    name, version = _chart(chart)
    return HelmFacts(
        release,
        namespace,
        chart,
        name,
        version or command.last("version") or "",
        install or command.has("install"),
        "reset" if install else reuse_of(command),
        dry_run,
    )


def _osm(command: Command) -> HelmFacts:
    chart = command.last("osm-chart-path") or ""
    name, version = _chart(chart)
    return HelmFacts(
        command.last("mesh-name") or "osm",
        command.last("osm-namespace") or "osm-system",
        chart,
        name,
        version,
        command.verb == "install",
        "reset",
    )


def _cilium(command: Command) -> HelmFacts:
    environment = head(command.words).environment
    install = command.verb == "install"
    reuse = reuse_of(command)
    if reuse == "none" and command.last("reset-then-reuse-values") is None:
        reuse = "reset-then-reuse"
    return HelmFacts(
        command.last("helm-release-name") or "cilium",
        command.last("namespace") or environment.get("CILIUM_NAMESPACE") or "kube-system",
        command.last("chart-directory") or "",
        "cilium",
        command.last("version") or "",
        install,
        "reset" if install else reuse,
        command.has("dry-run") or command.has("dry-run-helm-values") or command.has("list-versions"),
    )


def _dry_run(command: Command) -> bool:
    return command.last("dry-run") not in (None, "none", "false")


def _chart(typed: str) -> tuple[str, str]:
    """The name of a chart, and the version that a package or an OCI tag fixes whatever --version says."""
    reference = typed.partition("@")[0].rstrip("/")
    last = re.split(r"[/\\]", reference)[-1]
    package = _PACKAGE.match(last)
    if package:
        return package["name"], package["version"]
    if typed.startswith("oci://"):
        name, _, tag = last.partition(":")
        return name, tag
    return ("" if last in (".", "..") else last), ""
