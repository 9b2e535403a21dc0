"""Taints, selection and requests, as the scheduler of Kubernetes 1.33 has them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from upgradecheck.model import Object
from upgradecheck.scheduling import cores, fits, requests, taint_text, tolerates, untolerated

TAINT = {"key": "dedicated", "value": "db", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    ("toleration", "expected"),
    [
        ({"operator": "Exists"}, True),
        ({"key": "dedicated", "operator": "Exists"}, True),
        ({"key": "dedicated", "operator": "Exists", "effect": "NoExecute"}, False),
        ({"key": "dedicated", "value": "db"}, True),
        ({"key": "dedicated", "operator": "Equal", "value": "web"}, False),
        ({"key": "other", "operator": "Exists"}, False),
        ({"key": "dedicated", "value": "db", "effect": "NoSchedule"}, True),
    ],
)
def test_a_toleration_covers_a_taint(toleration: dict[str, str], expected: bool) -> None:
    assert tolerates(toleration, TAINT) is expected


def affinity(key: str, operator: str, values: list[str]) -> dict[str, Any]:
    term = {"matchExpressions": [{"key": key, "operator": operator, "values": values}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}}


def node(**spec: Any) -> Object:
    labels = {"kubernetes.io/os": "linux", "zone": "a"}
    return Object.of({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": labels}, "spec": spec})


def test_prefer_no_schedule_keeps_nobody_away() -> None:
    assert untolerated(node(taints=[{"key": "a", "effect": "PreferNoSchedule"}]), {}) == ()


def test_the_daemonset_controller_tolerates_the_taints_of_node_trouble() -> None:
    pressed = node(taints=[{"key": "node.kubernetes.io/disk-pressure", "effect": "NoSchedule"}])
    assert untolerated(pressed, {}, daemon=True) == ()
    assert [taint_text(t) for t in untolerated(pressed, {})] == ["node.kubernetes.io/disk-pressure:NoSchedule"]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, True),
        ({"nodeSelector": {"zone": "b"}}, False),
        ({"nodeSelector": {"zone": "a", "kubernetes.io/os": "linux"}}, True),
        ({"affinity": affinity("zone", "In", ["a", "b"])}, True),
        ({"affinity": affinity("zone", "NotIn", ["a"])}, False),
        ({"affinity": affinity("gpu", "Exists", [])}, False),
        ({"affinity": affinity("gpu", "DoesNotExist", [])}, True),
    ],
)
def test_a_pod_fits_a_node(spec: dict[str, Any], expected: bool) -> None:
    assert fits(node(), spec) is expected


def test_a_cordoned_node_takes_nobody() -> None:
    assert not fits(node(unschedulable=True), {"tolerations": [{"operator": "Exists"}]})


def asks(cpu: str) -> dict[str, Any]:
    return {"resources": {"requests": {"cpu": cpu}}}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"containers": [asks("500m"), asks("0.25")]}, Fraction(3, 4)),
        ({"containers": [asks("100m")], "initContainers": [asks("1")]}, Fraction(1)),
        ({"containers": [asks("100m")], "initContainers": [asks("1") | {"restartPolicy": "Always"}]}, Fraction(11, 10)),
        ({"containers": [{"resources": {"limits": {"cpu": "2"}}}]}, Fraction(2)),
        ({"containers": [{}], "overhead": {"cpu": "250m"}}, Fraction(1, 4)),
    ],
)
def test_what_a_pod_asks_for(spec: dict[str, Any], expected: Fraction) -> None:
    assert requests(spec, "cpu") == expected


def test_cpu_is_written_as_kubernetes_does() -> None:
    assert [cores(Fraction(n, 1000)) for n in (500, 2000, 1100)] == ["500m", "2", "1100m"]
