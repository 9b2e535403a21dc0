"""The folders that collecting tools write: what they cover is believed, what they left out is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scanning import FIXTURES, PROJECT, upgradecheck
from state import obj, tar, to_yaml, tree, typed, zipped

from upgradecheck import checks
from upgradecheck.cluster import Cluster, Coverage
from upgradecheck.conditions import compile_where
from upgradecheck.model import Component, Rule
from upgradecheck.packs import load_components, load_rules
from upgradecheck.sources import load
from upgradecheck.sources.carried import LAYOUTS, Layout, Share
from upgradecheck.sources.carried import MUST_GATHER as MUST_GATHER_LAYOUT
from upgradecheck.yaml import load_all

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


LOGIN = obj("v1", "Secret", "login", "shop", data={"password": "aHVudGVyMi1jYW5hcnk="})
QUEUE = obj("autoscaling/v2", "HorizontalPodAutoscaler", "web", "shop")
OLD_QUEUE = obj("autoscaling/v1", "HorizontalPodAutoscaler", "web", "shop", spec={"targetCPU": 1})

VELERO: dict[str, str | bytes] = {
    "metadata/version": "1.1.0\n",
    "resources/nodes/cluster/node-1.json": json.dumps(NODES[0]),
    "resources/pods/namespaces/shop/web-1.json": json.dumps(WEB),
    "resources/pods/v1-preferredversion/namespaces/shop/web-1.json": json.dumps(WEB),
    "resources/daemonsets.apps/namespaces/kube-system/cilium.json": json.dumps(DAEMONSET),
    "resources/daemonsets.apps/v1-preferredversion/namespaces/kube-system/cilium.json": json.dumps(DAEMONSET),
    "resources/horizontalpodautoscalers.autoscaling/namespaces/shop/web.json": json.dumps(QUEUE),
    "resources/horizontalpodautoscalers.autoscaling/v2-preferredversion/namespaces/shop/web.json": json.dumps(QUEUE),
    "resources/horizontalpodautoscalers.autoscaling/v1/namespaces/shop/web.json": json.dumps(OLD_QUEUE),
    "resources/secrets/namespaces/shop/login.json": json.dumps(LOGIN),
}


def test_a_velero_backup(read: Any) -> None:
    cluster = read("backup", VELERO)
    assert told(cluster) == {
        "kinds": {"DaemonSet.apps": 1, "HorizontalPodAutoscaler.autoscaling": 1, "Node": 1, "Pod": 1, "Secret": 1},
        "logs": [],
        "server": "",
    }
    (queue,) = cluster.of("HorizontalPodAutoscaler.autoscaling")
    assert queue.api_version == "autoscaling/v2", "the copy at another version is left out"
    assert {cluster.coverage(kind) for kind in ("Pod", "Node", "DaemonSet.apps")} == {P}, "a backup may leave out any"
    assert "aHVudGVyMi1jYW5hcnk=" not in str(cluster.of("Secret")[0].data)


def test_helm_records_in_a_velero_backup_are_decoded(tmp_path: Path) -> None:
    records = next(iter(sorted((FIXTURES / "clusters").glob("cilium-preflight/dump/records.yaml"))))
    files: dict[str, str | bytes] = dict(VELERO)
    for secret in load_all(records.read_bytes())[0]["items"]:
        metadata = secret["metadata"]
        path = f"resources/secrets/namespaces/{metadata['namespace']}/{metadata['name']}.json"
        files[path] = json.dumps(secret, default=str)
    loaded = load([tree(tmp_path, {"backup.tar.gz": tar(files)}) / "backup.tar.gz"])
    found = {release.name: release.version for release in loaded.cluster.releases}
    assert found == {"cilium": "1.11.7", "cilium-preflight": "1.12.0"}
    assert loaded.cluster.releases_coverage is P


def test_a_must_gather_of_several_images_is_one_cluster(tmp_path: Path) -> None:
    second = {path.replace("img/", "other-image/"): text for path, text in MUST_GATHER.items()}
    second["other-image/namespaces/kube-system/apps/daemonsets.yaml"] = to_yaml(
        typed("apps/v1", "DaemonSetList", [DAEMONSET])
    )
    files = {f"must-gather.local.1/{path}": text for path, text in {**MUST_GATHER, **second}.items()}
    loaded = load([tree(tmp_path, {"m.tar.gz": tar(files)}) / "m.tar.gz"])
    assert loaded.problems == ()
    assert loaded.cluster.kinds() == {"DaemonSet.apps": 1, "Namespace": 1, "Node": 1, "Pod": 1}
    assert loaded.cluster.coverage("DaemonSet.apps", "kube-system") is C


@pytest.mark.parametrize(
    ("files", "kind", "says"),
    [
        (TROUBLESHOOT, "PodDisruptionBudget.policy", "not in this support bundle"),
        (TROUBLESHOOT, "HorizontalPodAutoscaler.autoscaling", "never in a support bundle"),
        (SYSDUMP, "Deployment.apps", "not in this Cilium sysdump"),
        (SYSDUMP, "DaemonSet.apps", "a Cilium sysdump holds only some"),
        (SYSDUMP, "SpiderIPPool.spiderpool.spidernet.io", "never in a Cilium sysdump"),
        (MUST_GATHER, "Node", "a must-gather holds only some"),
        (VELERO, "Pod", "a Velero backup holds only some"),
        (VELERO, "StatefulSet.apps", "not in this Velero backup"),
    ],
)
def test_the_gap_says_what_the_input_at_hand_is(read: Any, files: dict[str, str | bytes], kind: str, says: str) -> None:
    assert read("cilium-sysdump-1" if files is SYSDUMP else "x", files).why(kind) == says


def test_several_tools_together_are_no_one_tools_words(tmp_path: Path) -> None:
    both = {**{f"a/{p}": t for p, t in TROUBLESHOOT.items()}, **{f"b/{p}": t for p, t in MUST_GATHER.items()}}
    cluster = load([tree(tmp_path, both)]).cluster
    assert cluster.why("HorizontalPodAutoscaler.autoscaling") == "no such kind in the dump"


def test_what_a_tool_has_hidden_is_unknown_and_not_another_value() -> None:
    where = compile_where({"spec.url": {"starts": "http://"}})
    hidden = {"spec": {"url": "***HIDDEN***"}}
    assert where.judge(hidden, {}).truth is None
    assert compile_where({"not": {"spec.url": "x"}}).judge(hidden, {}).truth is None
    assert where.judge({"spec": {"url": "http://***HIDDEN***/a.img"}}, {}).truth is True
    assert where.judge({"spec": {"url": "ftp://x"}}, {}).truth is False
    assert compile_where({"spec.url": "a"}).judge({"spec": {"url": "redacted-0123456789abcdef"}}, {}).truth is None


PAGE = PROJECT / "docs" / "bundles.md"
START, END = "<!-- which rules: generated -->\n", "<!-- end -->\n"
WORST: tuple[Share, ...] = ("whole", "part", "none")
CELLS = {"whole": "yes", "part": "in part", "none": "no"}


def answers(layout: Layout, rule: Rule, component: Component) -> Share:
    """The least of what a layout holds of anything that a rule reads."""
    return max((layout.holds(kind) for kind in checks.reads_of(rule, component)), key=WORST.index, default="whole")


def page() -> str:
    """Which layout can answer which rules, from what the rules declare."""
    names = [layout.name for layout in LAYOUTS]
    lines = [f"| rule | {' | '.join(names)} |", "|---" * (len(LAYOUTS) + 1) + "|"]
    for pack in load_components(()):
        for rule in load_rules(pack):
            cells = [CELLS[answers(layout, rule, pack.component)] for layout in LAYOUTS]
            lines.append(f"| {rule.id} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_the_page_says_which_layout_can_answer_which_rules(accepted: Callable[[Path, str], None]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.partition(START)[0], text.partition(END)[2]
    accepted(PAGE, f"{before}{START}\n{page()}\n{END}{after}")


def test_a_rule_that_a_layout_cannot_answer_is_a_gap_and_not_silence(tmp_path: Path) -> None:
    """What the page calls "no" silences the rule in the report of such an input, in the words of the input."""
    files = {f"must-gather.local.1/{path}": text for path, text in MUST_GATHER.items()}
    loaded = upgradecheck("scan", str(tree(tmp_path, files)), "-o", "json", "--to", "spiderpool=0.9.5")
    gaps = [gap for gap in loaded.report["gaps"] if "must-gather" in gap["why"]]
    silenced = {rule for gap in gaps for rule in gap["silences"]}
    judged = set(loaded.report["examined"]["judged"])
    packs = {pack.component.name: pack for pack in load_components(())}
    rules = [rule for rule in load_rules(packs["spiderpool"]) if rule.id in judged]
    partial = {r.id for r in rules if answers(MUST_GATHER_LAYOUT, r, packs["spiderpool"].component) != "whole"}
    assert silenced
    assert silenced <= partial | {rule for rule in judged if not rule.startswith("spiderpool/")}
