"""Compiled conditions against the same tests written by hand in Python. Prints ratios; lower is better.

Usage: python benchmarks/conditions.py [ROUNDS]
"""

from __future__ import annotations

import sys
import timeit
from typing import Any

from upgradecheck.conditions import compile_where

PODS: list[dict[str, Any]] = [
    {
        "metadata": {"name": f"pod-{n}", "labels": {"app": "a" if n % 3 else "b"}},
        "spec": {
            "nodeName": f"node-{n % 7}",
            "hostNetwork": n % 5 == 0,
            "containers": [
                {"name": "agent", "image": f"quay.io/x:v1.{n % 20}.0", "resources": {"requests": {"cpu": "100m"}}},
                {"name": "side", "image": "docker.io/y:1"},
            ],
            "tolerations": [{"key": "k", "operator": "Exists"}] * (n % 3),
        },
        "status": {"phase": "Running" if n % 4 else "Pending"},
    }
    for n in range(2000)
]


def phase(pod: dict[str, Any]) -> bool:
    return pod.get("status", {}).get("phase") == "Pending"


def three(pod: dict[str, Any]) -> bool:
    spec = pod.get("spec", {})
    return (
        pod.get("status", {}).get("phase") == "Running"
        and spec.get("hostNetwork") is not True
        and str(spec.get("nodeName", "")).startswith("node-1")
    )


def images(pod: dict[str, Any]) -> bool:
    return any(c.get("image", "").startswith("ghcr.io/") for c in pod.get("spec", {}).get("containers", []))


def tolerations(pod: dict[str, Any]) -> bool:
    return any(
        t.get("key") == "k" and t.get("operator") == "Exists" for t in pod.get("spec", {}).get("tolerations", [])
    )


CASES = [
    ("one comparison", phase, {"status.phase": "Pending"}),
    (
        "three comparisons",
        three,
        {"status.phase": "Running", "spec.hostNetwork": {"not": True}, "spec.nodeName": {"starts": "node-1"}},
    ),
    ("path over a list", images, {"spec.containers[*].image": {"starts": "ghcr.io/"}}),
    ("any member", tolerations, {"spec.tolerations": {"any": {"key": "k", "operator": "Exists"}}}),
]


def main(rounds: int) -> None:
    for name, by_hand, where in CASES:
        compiled = compile_where(where).holds
        assert [compiled(pod, {}) for pod in PODS] == [by_hand(pod) for pod in PODS], name
        hand = min(timeit.repeat(lambda f=by_hand: [f(pod) for pod in PODS], number=10, repeat=rounds))
        ours = min(timeit.repeat(lambda f=compiled: [f(pod, {}) for pod in PODS], number=10, repeat=rounds))
        print(f"{name:20} {ours / hand:5.2f} x by hand   {ours / 10 / len(PODS) * 1e6:6.2f} us an object")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
