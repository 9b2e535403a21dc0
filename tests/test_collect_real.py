"""`upgradecheck collect` on a real control plane with a real Helm release: the same report, and no secret in it."""

from __future__ import annotations

import base64
import json
import shutil
import tarfile
from pathlib import Path

import pytest
from bundles import files_of, helm_records, less_origins
from control_plane import ControlPlane, Starting
from scanning import FIXTURES, Ran, upgradecheck

from upgradecheck.report import FORMATS

CHARTS = FIXTURES / "clusters" / "charts"
CANARY = "canary-9d27e0b1"
ENCODED = base64.b64encode(CANARY.encode()).decode().rstrip("=")
COMMAND = [
    "--",
    "helm",
    "upgrade",
    "cilium",
    "cilium/cilium",
    "--version",
    "1.12.0",
    "-n",
    "kube-system",
    "--reuse-values",
]

WORKLOAD = {
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"},
    "spec": {
        "selector": {"matchLabels": {"app": "shop"}},
        "template": {
            "metadata": {"labels": {"app": "shop"}},
            "spec": {"containers": [{
                "name": "web", "image": "shop:1", "args": [f"--api-token={CANARY}"],
                "env": [{"name": "DB_PASSWORD", "value": CANARY}, {"name": "DB", "value": f"pg://u:{CANARY}@db/x"}],
            }]},
        },
    },
}  # fmt: skip
SECRET = {
    "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login", "annotations": {"note": CANARY}},
    "stringData": {"password": CANARY},
}  # fmt: skip
SETTINGS = {
    "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"},
    "data": {"db-password": CANARY, "app.yaml": f"db:\n  password: {CANARY}\n"},
}  # fmt: skip


def packed(folder: Path, name: str, version: str) -> str:
    """One of our charts as Helm installs it."""
    chart = folder / name
    shutil.copytree(CHARTS / name / "templates", chart / "templates")
    shutil.copy(CHARTS / name / "values" / f"{version}.yaml", chart / "values.yaml")
    text = (CHARTS / name / "Chart.yaml").read_text(encoding="utf-8")
    (chart / "Chart.yaml").write_text(text.replace("VERSION", version), encoding="utf-8")
    return str(chart)


@pytest.fixture(scope="module")
def cluster(start_control_plane: Starting, tmp_path_factory: pytest.TempPathFactory) -> ControlPlane:
    """A release of Cilium with a password in its values, and the canary wherever a secret may be."""
    plane = start_control_plane(NODES="3")
    folder = tmp_path_factory.mktemp("charts")
    chart = packed(folder, "cilium", "1.11.7")
    set_ = ["--set", f"db.password={CANARY},db.url=https://u:{CANARY}@h/,k8sServiceHost=192.0.2.1,k8sServicePort=6443"]
    plane.run("helm", "install", "cilium", chart, "-n", "kube-system", *set_)
    plane.run("helm", "upgrade", "cilium", chart, "-n", "kube-system", *set_)
    for one in (SECRET, SETTINGS, WORKLOAD):
        plane.kubectl("apply", "-n", "kube-system", "-f", "-", text=json.dumps(one))
    plane.kubectl("rollout", "status", "-n", "kube-system", "daemonset/cilium", "--timeout=90s")
    plane.kubectl("rollout", "status", "-n", "kube-system", "deployment/shop", "--timeout=90s")
    return plane


@pytest.fixture(scope="module")
def bundle(cluster: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("collected") / "bundle.tar.gz"
    saved = upgradecheck("collect", str(path), "--kubeconfig", str(cluster.kubeconfig), *COMMAND)
    assert saved.code == 0, saved.err
    assert CANARY not in saved.out + saved.err
    return path


def scan(*options: str) -> Ran:
    return upgradecheck("scan", *options, *COMMAND)


def test_the_bundle_says_what_the_cluster_says(cluster: ControlPlane, bundle: Path) -> None:
    """All but the time: the two were not read in the same second."""
    live, kept = (scan("-o", "json", *source) for source in (["--kubeconfig", str(cluster.kubeconfig)], [str(bundle)]))
    reports = [live.report, kept.report]
    for report in reports:
        del report["examined"]["age"], report["examined"]["newest"]
    assert less_origins(reports[1]) == less_origins(reports[0])
    assert "cilium/reuse-values" in kept.rules
    assert live.code == kept.code == 1


def test_no_canary_in_the_bundle(bundle: Path) -> None:
    everything = "\n".join([*files_of(bundle).values(), *map(json.dumps, helm_records(bundle))])
    assert [found for found in (CANARY, ENCODED) if found in everything] == []
    (release,) = helm_records(bundle)
    assert release["version"] == 2
    assert release["config"]["db"]["password"].startswith("redacted-")
    pods = json.loads(files_of(bundle)["api/v1/namespaces/kube-system/pods.json"])["items"]
    (shop,) = [pod for pod in pods if pod["metadata"]["name"].startswith("shop-")]
    assert shop["spec"]["containers"][0]["env"][0]["value"] == release["config"]["db"]["password"]


def test_no_canary_in_any_output(cluster: ControlPlane, bundle: Path, tmp_path: Path) -> None:
    outputs = [word for kind in FORMATS for word in ("-o", f"{kind}={tmp_path / f'report.{kind}'}")]
    for source in (["--kubeconfig", str(cluster.kubeconfig)], [str(bundle)]):
        ran = scan("-v", *outputs, *source)
        assert ran.code == 1, ran.err
        reports = [path.read_text(encoding="utf-8") for path in tmp_path.glob("report.*")]
        assert len(reports) == len(FORMATS)
        assert [found for found in (CANARY, ENCODED) if found in "".join([*reports, ran.out, ran.err])] == []


def test_kubectl_reads_its_files(cluster: ControlPlane, bundle: Path, tmp_path: Path) -> None:
    with tarfile.open(bundle) as tar:
        tar.extractall(tmp_path, filter="data")
    folder = tmp_path / "bundle" / "apis" / "apps" / "v1" / "namespaces" / "kube-system"
    told = cluster.kubectl("create", "--dry-run=client", "-o", "name", "-f", str(folder / "daemonsets.json"))
    assert told.split() == ["daemonset.apps/cilium"]
    records = tmp_path / "bundle" / "api" / "v1" / "namespaces" / "kube-system" / "secrets.json"
    told = cluster.kubectl("create", "--dry-run=client", "-o", "name", "-f", str(records))
    assert len(told.split()) == 2
