"""Whether Helm takes the target chart on this Kubernetes: the chart's `kubeVersion` against the API server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Evidence, Subject
from ..versions import helm_constraint_holds
from .defaults import table_of
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Params:
    """No parameters. The constraint comes from the target chart (--target-chart) or the pack's chart table. The
    case is `older-helm` where only Helm before 3.19 refuses, which compares a vendor's suffix as well."""


FACTS: Mapping[str, str] = {
    "constraint": "what the chart asks for",
    "server": "the version of the API server, or of the newest kubelet where that was not collected",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"server", "Node"})


def run(params: Params, given: Given) -> Looking:
    constraint = _constraint(given) if _by_helm(given) else ""
    if not constraint:
        return
    server = given.cluster.server_or_kubelet
    if not server:
        yield Unseen("Kubernetes version", "not in the input", "kubectl version -o json")
        return
    now, before = (helm_constraint_holds(constraint, server, normalise=kind) for kind in (True, False))
    if now and before:
        return
    facts = {"constraint": constraint, "server": server}
    evidence = (Evidence(f"Kubernetes {server}"), Evidence(f"kubeVersion: {constraint}"))
    yield Sighting(Subject("server", server), facts, evidence, sure="computed", case="older-helm" if now else "")


def _by_helm(given: Given) -> bool:
    """kubectl compares nothing; without a command it depends on whether a release is there."""
    command = given.upgrade.command
    return command.tool != "kubectl" if command is not None else given.upgrade.release is not None


def _constraint(given: Given) -> str:
    if given.upgrade.chart is not None:
        return given.upgrade.chart.kube_version
    table = table_of(given)
    if table is None or given.upgrade.to is None:
        return ""
    return str(table.about.get(str(given.upgrade.to), {}).get("kubeVersion") or "")
