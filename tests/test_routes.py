"""Upgrades that must pass through other versions, versions that nobody can read, and several releases at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scanning import FIXTURES, Ran, upgradecheck

from upgradecheck.model import Component
from upgradecheck.packs import load_components
from upgradecheck.routes import hops, route
from upgradecheck.versions import Version

CILIUM = next(pack.component for pack in load_components() if pack.name == "cilium")
V = Version.parse


def release(name: str, namespace: str, chart: str, version: str) -> dict[str, str]:
    return {
        "name": name,
        "namespace": namespace,
        "revision": "3",
        "updated": "2026-03-02 09:14:07.123 +0000 UTC",
        "status": "deployed",
        "chart": f"{chart}-{version}",
        "app_version": version,
    }


def scanned(folder: Path, version: str, target: str, values: str = "") -> Ran:
    (folder / "helm-list.json").write_text(json.dumps([release("cilium", "kube-system", "cilium", version)]))
    (folder / "values.yaml").write_text(values or "{}\n")
    typed = ["helm", "upgrade", "cilium", "cilium/cilium", "--version", target, "-n", "kube-system"]
    before = ["helm-list.json", "--current-values", "values.yaml", "-o", "json"]
    return upgradecheck("scan", *before, "--", *typed, "--reset-then-reuse-values", cwd=folder)


def test_the_hops_are_the_newest_patch_of_each_minor_and_the_target_last() -> None:
    found = [str(version) for version in hops(CILIUM, V("1.11.7"), V("1.15.0"))]
    assert found == ["1.11.20", "1.12.19", "1.13.18", "1.14.19", "1.15.0"]


@pytest.mark.parametrize(("start", "to"), [("1.11.7", "1.12.0"), ("1.15.0", "1.15.3"), ("1.15.0", "1.11.7")])
def test_one_step_is_no_route(start: str, to: str) -> None:
    assert route(CILIUM, [V(start)], V(to)) == ()


def test_a_component_that_may_skip_minors_has_no_route() -> None:
    assert route(Component("x", "x", Path()), [V("1.1.0")], V("1.9.0")) == ()


def test_each_hop_is_judged_by_what_bites_there_in_the_order_of_going(tmp_path: Path) -> None:
    values = "tunnel: geneve\nkubeProxyReplacement: strict\n"
    report = scanned(tmp_path, "1.13.18", "1.16.3", values).report
    assert report["upgrades"][0]["route"] == ["1.14.19", "1.15.19", "1.16.3"]
    assert [(hop["from"], hop["to"]) for hop in report["hops"]] == [
        ("1.13.18", "1.14.19"),
        ("1.14.19", "1.15.19"),
        ("1.15.19", "1.16.3"),
    ]
    dropped = [
        [f["message"].split(" (")[0] for f in hop["findings"] if f["rule"] == "cilium/removed-values"]
        for hop in report["hops"]
    ]
    assert dropped == [[], ["tunnel=geneve"], ["kubeProxyReplacement=strict"]]


def test_the_plan_types_every_hop_and_ends_with_the_target(tmp_path: Path) -> None:
    plan = scanned(tmp_path, "1.13.18", "1.16.3").report["plan"]
    typed = [step["run"] for step in plan if step["phase"] == "upgrade" and "helm upgrade cilium" in step["run"]]
    assert [run.split("--version ")[1].split()[0] for run in typed] == ["1.14.19", "1.15.19", "1.16.3"]


def test_hops_count_for_no_exit_code(tmp_path: Path) -> None:
    """What the typed command does not do is shown, and does not stop anybody."""
    ran = scanned(tmp_path, "1.13.18", "1.16.3", "tunnel: geneve\nkubeProxyReplacement: strict\n")
    numbered = [finding["number"] for hop in ran.report["hops"] for finding in hop["findings"]]
    assert numbered
    assert set(numbered) == {0}


@pytest.mark.parametrize("target", ["^1.12", "latest", "1.x"])
def test_a_target_that_is_no_one_version_is_unknown(tmp_path: Path, target: str) -> None:
    report = scanned(tmp_path, "1.13.18", target).report
    assert report["upgrades"][0]["to"] is None
    assert any("target version" in gap["what"] for gap in report["gaps"])
    assert report["hops"] == []


def controller(namespace: str, name: str) -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: osm-controller
  namespace: {namespace}
  labels: {{app: osm-controller, meshName: {name}}}
  annotations: {{meta.helm.sh/release-name: {name}, meta.helm.sh/release-namespace: {namespace}}}
spec: {{selector: {{matchLabels: {{app: osm-controller}}}}, template: {{spec: {{containers: []}}}}}}
---
"""


def test_each_of_several_releases_is_an_upgrade_of_its_own(tmp_path: Path) -> None:
    meshes = [("blue", "mesh-a", "1.1.0"), ("green", "mesh-b", "1.2.3")]
    listed = [release(name, namespace, "osm-edge", version) for name, namespace, version in meshes]
    (tmp_path / "helm-list.json").write_text(json.dumps(listed))
    (tmp_path / "objects.yaml").write_text("".join(controller(namespace, name) for name, namespace, _ in meshes))
    report = upgradecheck("scan", ".", "--to", "osm-edge=1.3.9", "-o", "json", cwd=tmp_path).report
    assert sorted(upgrade["from"] for upgrade in report["upgrades"]) == [["1.1.0"], ["1.2.3"]]


def test_a_command_names_one_of_several_releases(tmp_path: Path) -> None:
    meshes = [("blue", "mesh-a", "1.1.0"), ("green", "mesh-b", "1.2.3")]
    listed = [release(name, namespace, "osm-edge", version) for name, namespace, version in meshes]
    (tmp_path / "helm-list.json").write_text(json.dumps(listed))
    (tmp_path / "objects.yaml").write_text("".join(controller(namespace, name) for name, namespace, _ in meshes))
    words = ["helm", "upgrade", "green", "osm-edge/osm-edge", "-n", "mesh-b", "--version", "1.3.9"]
    report = upgradecheck("scan", ".", "-o", "json", "--", *words, cwd=tmp_path).report
    assert [upgrade["from"] for upgrade in report["upgrades"]] == [["1.2.3"]]


def test_what_two_releases_share_is_told_once_and_typed_once(tmp_path: Path) -> None:
    meshes = [("blue", "mesh-a", "1.1.0"), ("green", "mesh-b", "1.1.0")]
    listed = [release(name, namespace, "osm-edge", version) for name, namespace, version in meshes]
    (tmp_path / "helm-list.json").write_text(json.dumps(listed))
    crd = FIXTURES / "rules" / "osm-edge" / "crd-without-labels" / "bad" / "objects.yaml"
    crds = [part for part in crd.read_text().split("---\n") if "kind: CustomResourceDefinition" in part]
    objects = [controller(namespace, name) for name, namespace, _ in meshes]
    (tmp_path / "objects.yaml").write_text("".join(objects) + "---\n".join(crds))
    report = upgradecheck("scan", ".", "--to", "osm-edge=1.2.3", "-o", "json", cwd=tmp_path).report
    told = [(f["rule"], f["subject"]["name"], f["message"]) for f in report["findings"]]
    assert told
    assert len(told) == len(set(told))
    assert [f["number"] for f in report["findings"]] == list(range(1, len(told) + 1))
    typed = [(step["phase"], step["run"], step["note"]) for step in report["plan"] if step["answers"]]
    assert len(typed) == len(set(typed))
