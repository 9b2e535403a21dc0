"""A finding keeps its fingerprint while it is the same one, and gets another when it is not."""

from __future__ import annotations

import dataclasses

import pytest
from canned_reports import CILIUM, seen

from upgradecheck.fingerprint import fingerprint, parts, steady
from upgradecheck.model import Finding, Origin, Subject

FINDING = CILIUM.findings[0]


def changed(**changes: object) -> Finding:
    return dataclasses.replace(FINDING, **changes)  # type: ignore[arg-type]


def test_it_is_pinned() -> None:
    """Who changes this breaks every baseline and doubles every alert: raise VERSION, and say so in the changelog."""
    assert fingerprint(FINDING) == "b0f608ea7c9757269a85febc1f7a506d"


@pytest.mark.parametrize(
    "same",
    [
        changed(severity="info", message="otherwise", title="x", why="y", number=9, objects=(), remedy=()),
        changed(evidence=(seen(1, "6/7", "/builds/x/objects.yaml"), seen(2, "8/8"))),
        changed(evidence=(*reversed(FINDING.evidence), *FINDING.evidence)),
        changed(evidence=tuple(dataclasses.replace(e, origin=Origin("a.tgz", 1, "m.yaml")) for e in FINDING.evidence)),
    ],
)
def test_the_same(same: Finding) -> None:
    assert fingerprint(same) == fingerprint(FINDING)


@pytest.mark.parametrize(
    "other",
    [
        changed(rule="cilium/other"),
        changed(subject=Subject("DaemonSet.apps", "cilium-pre-flight-check", "other")),
        changed(subject=Subject("DaemonSet.apps", "other", "kube-system")),
        changed(evidence=(seen(1, "taint of node-2"),)),
    ],
)
def test_another(other: Finding) -> None:
    assert fingerprint(other) != fingerprint(FINDING)


def test_pods_of_one_workload_are_one_subject() -> None:
    def pod(name: str) -> Finding:
        return changed(subject=Subject("Pod", name, "a"), evidence=())

    assert fingerprint(pod("web-7d79cf6697-xgvq6")) == fingerprint(pod("web-6c5bd94d8c-2x9zk"))
    assert fingerprint(pod("agent-x2k9d,agent-b7k2d")) == fingerprint(pod("agent-q8k9d"))
    assert fingerprint(pod("web-0")) != fingerprint(pod("web-1"))
    node = changed(subject=Subject("Node", "pool-x2k9d"), evidence=())
    assert parts(node)[1] == "Node /pool-x2k9d"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cilium 5/8", "cilium N/N"),
        ("9 Pods of 12 wait", "N Pods of N wait"),
        ("0/1 nodes are available: 1 Insufficient cpu.", "N/N nodes are available: N Insufficient cpu."),
        ("spec.ingress.0.fromCIDRSet.3.cidr", "spec.ingress.*.fromCIDRSet.*.cidr"),
        ("list[12].name", "list.*.name"),
        ("[2026-11-21T09:00:02Z ERROR a::b] failed", "[TIME ERROR a::b] failed"),
        ("E1121 09:00:02.123456       1 main.go:123] failed (x12 over 3h2m)", "TIME main.go] failed (N LONG)"),
        ("Pod web-7d79cf6697-xgvq6 waits", "Pod web-* waits"),
        ("helm upgrade a b -f /builds/1/values.yaml -f ci/x.yaml", "helm upgrade a b -f values.yaml -f x.yaml"),
        ("trace 4bf92f3577b34da6a3ce929d0e0e4736 lost", "trace ID lost"),
    ],
)
def test_what_changes_from_run_to_run_is_taken_out(text: str, told: str) -> None:
    assert steady(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "Kubernetes v1.33.13",
        "target 1.12.0",
        "w-1: 5.10.0-60.18.0.50.oe2203.x86_64",
        "shop/web-a",
        "replicas: 3",
        "port 8080 is taken",
        "http://10.0.0.5:8080/update.img",
        "kubeVersion: >= 1.21.0-0",
        "quay.io/cilium/cilium:v1.12.0@sha256:0123456789abcdef",
        "cilium_policy_import_errors_total",
    ],
)
def test_what_makes_it_another_finding_stays(text: str) -> None:
    assert steady(text) == text


def test_text_that_is_no_text_is_no_obstacle() -> None:
    assert len(fingerprint(changed(evidence=(seen(1, "\ud800\x00"),)))) == 32
