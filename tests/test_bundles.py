"""The folders that collecting tools write: what they cover is believed, what they left out is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from state import obj, tar, to_yaml, tree, typed, zipped

from upgradecheck.cluster import Cluster, Coverage
from upgradecheck.sources import load

C, P, U = Coverage.COMPLETE, Coverage.PARTIAL, Coverage.UNKNOWN
NODES = [obj("v1", "Node", "node-1"), obj("v1", "Node", "node-2")]
SPACES = [obj("v1", "Namespace", "kube-system"), obj("v1", "Namespace", "shop")]
WEB = obj("v1", "Pod", "web-1", "shop")
AGENT = obj("v1", "Pod", "cilium-x", "kube-system")
DAEMONSET = obj("apps/v1", "DaemonSet", "cilium", "kube-system")

NO_CILIUM_NODES = json.dumps(typed("cilium.io/v2", "CiliumNodeList", []))

TROUBLESHOOT: dict[str, str | bytes] = {
    "version.yaml": "apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\n",
    "analysis.json": '[{"name": "x", "severity": "warn"}]',
    "cluster-info/cluster_version.json": json.dumps({"info": {"gitVersion": "v1.30.2"}, "string": "v1.30.2"}),
    "cluster-resources/nodes.json": json.dumps(typed("v1", "NodeList", NODES)),
    "cluster-resources/namespaces.json": json.dumps(typed("v1", "NamespaceList", SPACES)),
    "cluster-resources/pods/shop.json": json.dumps(typed("v1", "PodList", [WEB])),
    "cluster-resources/pods/kube-system.json": json.dumps(typed("v1", "PodList", [AGENT])),
    "cluster-resources/daemonsets/shop.json": json.dumps(typed("apps/v1", "DaemonSetList", [])),
    "cluster-resources/daemonsets/kube-system.json": json.dumps(typed("apps/v1", "DaemonSetList", [DAEMONSET])),
    "cluster-resources/statefulsets/shop.json": json.dumps(typed("apps/v1", "StatefulSetList", [])),
    "cluster-resources/pod-disruption-budgets-errors.json": '["forbidden"]',
    "cluster-resources/auth-cani-list/shop.json": '{"resourceRules": []}',
    "cluster-resources/custom-resources/ciliumnodes.cilium.io.json": json.dumps(
        typed("cilium.io/v2", "CiliumNodeList", [])
    ),
    "pods/logs/shop/web-1/main.log": "hello\n",
}

MUST_GATHER: dict[str, str | bytes] = {
    "timestamp": "2026-11-21 10:00:00 +0000 UTC\n",
    "event-filter.html": "<html></html>",
    "img/version": "must-gather\n4.18\n",
    "img/cluster-scoped-resources/core/nodes/node-1.yaml": to_yaml(NODES[0]),
    "img/namespaces/shop/shop.yaml": to_yaml(SPACES[1]),
    "img/namespaces/shop/core/pods.yaml": to_yaml(typed("v1", "PodList", [WEB])),
    "img/namespaces/shop/apps/daemonsets.yaml": to_yaml(typed("apps/v1", "DaemonSetList", [])),
    "img/namespaces/shop/pods/web-1/web-1.yaml": to_yaml(WEB),
    "img/namespaces/shop/pods/web-1/main/main/logs/current.log": "hello\n",
}

SYSDUMP: dict[str, str | bytes] = {
    "k8s-version-20260101-000000.txt": 'version.Info{Major:"1", Minor:"30", GitVersion:"v1.30.2"}',
    "k8s-nodes-20260101-000000.yaml": to_yaml(typed("v1", "NodeList", NODES)),
    "k8s-pods-20260101-000000.yaml": to_yaml(typed("v1", "PodList", [WEB, AGENT])),
    "k8s-pods-20260101-000000.txt": "NAMESPACE     NAME    READY   STATUS\nshop   web-1  1/1  Running\n",
    "k8s-events-20260101-000000.html": "<html></html>",
    "ciliumnetworkpolicies-20260101-000000.yaml": to_yaml(typed("cilium.io/v2", "CiliumNetworkPolicyList", [])),
    "cilium-daemonset-20260101-000000.yaml": to_yaml(DAEMONSET),
    "cilium-bugtool-cilium-x-20260101-000000.tar.gz": tar({"cmd/a.md": "x"}),
    "logs-cilium-x-cilium-agent-20260101-000000.log": "hello\n",
    "cilium-sysdump.log": "collecting\n",
}


def told(cluster: Cluster) -> dict[str, Any]:
    return {
        "kinds": cluster.kinds(),
        "logs": [(g.namespace, g.pod, g.container, [text for _, text in g.lines()]) for g in cluster.logs()],
        "server": cluster.server,
    }


@pytest.fixture(params=["folder", "archive"])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    def whole(name: str, files: dict[str, str | bytes]) -> Cluster:
        under = {f"{name}/{path}": text for path, text in files.items()}
        if request.param == "folder":
            loaded = load([tree(tmp_path, under) / name])
        else:
            pack = zipped if "sysdump" in name else tar
            loaded = load([tree(tmp_path, {"bundle": pack(under)}) / "bundle"])
        assert loaded.problems == ()
        return loaded.cluster

    return whole


def test_a_support_bundle_of_troubleshoot(read: Any) -> None:
    cluster = read("support-bundle-2026", TROUBLESHOOT)
    assert told(cluster) == {
        "kinds": {"DaemonSet.apps": 1, "Namespace": 2, "Node": 2, "Pod": 2},
        "logs": [("shop", "web-1", "main", ["hello"])],
        "server": "v1.30.2",
    }
    assert cluster.coverage("Pod") is C, "every namespace was listed"
    assert cluster.coverage("DaemonSet.apps") is C
    assert cluster.coverage("StatefulSet.apps", "shop") is C
    assert cluster.coverage("StatefulSet.apps") is P, "kube-system was not listed"
    assert cluster.coverage("CiliumNode.cilium.io") is C
    assert cluster.coverage("PodDisruptionBudget.policy") is U


def test_must_gather(read: Any) -> None:
    cluster = read("must-gather.local.1", MUST_GATHER)
    assert told(cluster) == {
        "kinds": {"Namespace": 1, "Node": 1, "Pod": 1},
        "logs": [("shop", "web-1", "main", ["hello"])],
        "server": "",
    }
    assert cluster.coverage("Node") is P
    assert cluster.coverage("Pod", "shop") is C
    assert cluster.coverage("DaemonSet.apps", "shop") is C
    assert cluster.coverage("DaemonSet.apps") is P


def test_a_cilium_sysdump(read: Any) -> None:
    cluster = read("cilium-sysdump-20260101-000000", SYSDUMP)
    assert told(cluster) == {
        "kinds": {"DaemonSet.apps": 1, "Node": 2, "Pod": 2},
        "logs": [("kube-system", "cilium-x", "cilium-agent", ["hello"])],
        "server": "v1.30.2",
    }
    assert cluster.coverage("Pod") is C
    assert cluster.coverage("CiliumNetworkPolicy.cilium.io") is C, "listed, and there is none"
    assert cluster.coverage("DaemonSet.apps") is P, "only one was collected"
    assert cluster.coverage("Deployment.apps") is U
