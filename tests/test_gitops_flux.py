"""Flux: what a HelmRelease among the manifests asks for, judged as the upgrade that it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from gitops import finding, notes, places, release, repository, scan, the_one, tree, upgrades, written
from scanning import FIXTURES, upgradecheck

from upgradecheck.intent.gitops.flux import flux_releases
from upgradecheck.intent.gitops.manifests import read_manifests
from upgradecheck.intent.gitops.tree import FolderTree
from upgradecheck.model import Declared, Gap, Problem

DUMP = FIXTURES / "clusters" / "spiderpool-crds-missing" / "dump"


def read(folder: Path) -> list[Declared | Gap | Problem]:
    return list(flux_releases(read_manifests(FolderTree(folder), [""], problems=True)))


def one(folder: Path) -> Declared:
    return the_one(read(folder))


def test_a_branch_that_moves_a_version_is_the_upgrade_that_it_is(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", tree("flux/before"))
    written(repo, tree("flux/after"))
    ran = scan(repo, "clusters", "--base", "main")
    assert upgrades(ran) == [("cilium", ["1.14.19"], "1.15.19")]
    assert ran.report["upgrades"][0]["manifest"] == "HelmRelease kube-system/cilium, clusters/prod/cilium.yaml:20"
    assert ran.report["upgrades"][0]["command"] is None
    lost = finding(ran, "cilium/values-dropped")
    assert "The manifest leaves out the 1 set before: tunnel" in lost["message"]
    assert places(lost) == ["clusters/prod/cilium.yaml:20", "main:clusters/prod/cilium.yaml:32"]
    assert any("clusters/prod/cilium.yaml:28 write below spec.values as it is set now: tunnel" in n for n in notes(ran))
    assert ran.code == 1


def test_the_plan_types_no_helm_and_ends_with_the_merge(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", tree("flux/before"))
    written(repo, tree("flux/after"))
    ran = scan(repo, "clusters", "--base", "main")
    assert not [step for step in ran.report["plan"] if step["run"].startswith(("helm upgrade", "helm rollback"))]
    assert "old.yaml" not in ran.out
    assert "values-of-the-manifest" not in ran.out
    assert notes(ran)[-1].endswith("Flux then upgrades release kube-system/cilium to cilium 1.15.19")
    assert any("revert the change of clusters/prod/cilium.yaml:20" in note for note in notes(ran, "rollback"))


def test_the_screen_names_the_manifest(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", tree("flux/before"))
    written(repo, tree("flux/after"))
    out = upgradecheck("scan", "clusters", "--base", "main", cwd=repo).out
    assert out.startswith("STOP cilium 1.14.19 -> 1.15.19")
    assert "Asked for by HelmRelease kube-system/cilium, clusters/prod/cilium.yaml:20" in out
    assert "As merged: helm succeeds; routing goes back to a tunnel." in out
    assert "repair of the manifest" in out
    assert "The command" not in out
    assert "the command" not in out


def test_values_come_from_a_config_map_with_their_line_and_inline_ones_win(tmp_path: Path) -> None:
    values = "  valuesFrom:\n    - {kind: ConfigMap, name: more}\n  values:\n    hubble:\n      enabled: false\n"
    data = "data:\n  values.yaml: |\n    hubble:\n      enabled: true\n      relay:\n        enabled: true\n"
    config = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: more, namespace: kube-system}}\n{data}"
    written(tmp_path, {"a.yaml": release(extra=values), "b.yaml": config})
    found = one(tmp_path)
    assert found.values.tree == {"hubble": {"enabled": False, "relay": {"enabled": True}}}
    assert found.values.origin(("hubble", "relay", "enabled")).line == 9
    assert found.values.origin(("hubble", "relay", "enabled")).file.endswith("b.yaml")
    assert found.values.origin(("hubble", "enabled")).file.endswith("a.yaml")


@pytest.mark.parametrize(
    ("text", "more", "value"),
    [
        ("cluster-pool", "", "cluster-pool"),
        ("'true'", "", "true"),
        ("true", "", True),
        ("{a,b}", "", ["a", "b"]),
        ("a,b=c", ", literal: true", "a,b=c"),
    ],
)
def test_one_value_at_a_path_is_read_as_set_reads_it(tmp_path: Path, text: str, more: str, value: object) -> None:
    extra = f"  valuesFrom:\n    - {{kind: ConfigMap, name: more, valuesKey: k, targetPath: ipam.mode{more}}}\n"
    config = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: more}}\ndata:\n  k: |-\n    {text}\n"
    written(tmp_path, {"a.yaml": release(extra=extra), "b.yaml": config})
    assert one(tmp_path).values.get("ipam", "mode") == value


def test_a_config_map_that_a_kustomization_generates_is_read(tmp_path: Path) -> None:
    extra = "  valuesFrom:\n    - {kind: ConfigMap, name: made}\n"
    kustomization = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: network\n"
        "resources: [release.yaml]\n"
        "configMapGenerator:\n  - name: made\n    files: [values.yaml=prod.yaml]\n"
    )
    bare = release(extra=extra).replace("  namespace: kube-system\n", "")
    written(
        tmp_path, {"release.yaml": bare, "kustomization.yaml": kustomization, "prod.yaml": "debug:\n  enabled: true\n"}
    )
    found = one(tmp_path)
    assert found.values.tree == {"debug": {"enabled": True}}
    assert str(found.values.origin(("debug", "enabled"))).endswith("prod.yaml:2")
    assert (found.namespace, found.target) == ("network", "network")


SECRET = "hunter2-nobody-may-see-this"  # noqa: S105  it stands for one


def test_what_a_secret_sets_is_known_to_be_set_and_never_shown(tmp_path: Path) -> None:
    extra = "  valuesFrom:\n    - {kind: Secret, name: hidden}\n"
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: hidden, namespace: kube-system}\n"
        f"stringData:\n  values.yaml: |\n    tunnel: {SECRET}\n    kubeProxyReplacement: {SECRET}\n"
    )
    repo = repository(tmp_path / "repo", {"a.yaml": release(extra=extra), "b.yaml": secret})
    written(repo, {"a.yaml": release(version="1.15.19")})
    ran = scan(repo, ".", "--base", "main")
    assert "tunnel" in finding(ran, "cilium/values-dropped")["message"]
    for form in ("json", "text"):
        assert (
            SECRET
            not in upgradecheck(
                "scan", ".", "--base", "main", "-v" if form == "text" else "-q", "-o", form, cwd=repo
            ).out
        )


def test_a_source_of_values_that_is_not_there_is_told_and_no_value_of_it_is_called_lost(tmp_path: Path) -> None:
    extra = "  valuesFrom:\n    - {kind: Secret, name: elsewhere, optional: true}\n"
    text = release("spiderpool", "0.5.1", extra=extra)
    ran = scan(
        tmp_path, str(DUMP), "--apply", str(written(tmp_path, {"a.yaml": text.replace("0.5.1", "0.9.5")}) / "a.yaml")
    )
    assert "spiderpool/values-dropped" not in ran.rules
    gap = next(each for each in ran.report["gaps"] if "elsewhere" in each["what"])
    assert gap["why"].startswith("not among the manifests")
    assert not gap["blocks"]


def test_beside_a_dump_the_release_that_runs_is_what_it_comes_from(tmp_path: Path) -> None:
    written(tmp_path, {"prod/spiderpool.yaml": release("spiderpool", "0.9.5")})
    ran = scan(tmp_path, str(DUMP), "--apply", "prod")
    assert upgrades(ran) == [("spiderpool", ["0.5.1"], "0.9.5")]
    assert "spiderpool/crds-missing" in ran.rules
    assert any("set spec.upgrade.crds to CreateReplace" in note for note in notes(ran))
    assert not [step for step in ran.report["plan"] if "helm pull" in step["run"]]


@pytest.mark.parametrize(("policy", "told"), [("Skip", True), ("Create", False), ("CreateReplace", False)])
def test_crds_that_flux_brings_along_are_not_missing(tmp_path: Path, policy: str, told: bool) -> None:
    written(tmp_path, {"a.yaml": release("spiderpool", "0.9.5", extra=f"  upgrade:\n    crds: {policy}\n")})
    ran = scan(tmp_path, str(DUMP), "--apply", "a.yaml")
    assert ("spiderpool/crds-missing" in ran.rules) is told


def test_preserve_values_is_reuse_values_and_the_repair_takes_it_out(tmp_path: Path) -> None:
    extra = "  upgrade:\n    preserveValues: true\n"
    written(tmp_path, {"a.yaml": release("spiderpool", "0.9.5", extra=extra)})
    ran = scan(tmp_path, str(DUMP), "--apply", "a.yaml")
    assert "spiderpool/reuse-values" in ran.rules
    assert ran.report["verdict"]["as_typed"] == "refused"
    assert "Only dropping spec.upgrade.preserveValues is WORSE" in ran.report["verdict"]["behind"]
    assert any(note == "in a.yaml:17 take out spec.upgrade.preserveValues" for note in notes(ran))


def test_names_and_namespaces_follow_from_the_spec(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": release(extra="  targetNamespace: network\n  storageNamespace: flux\n")})
    found = one(tmp_path)
    assert (found.release, found.target, found.storage) == ("network-cilium", "network", "flux")
    written(
        tmp_path,
        {
            "a.yaml": release(extra="  targetNamespace: a-very-lengthy-target-namespace\n").replace(
                "name: cilium\n  namespace: kube", "name: with-a-nice-object-name\n  namespace: kube"
            )
        },
    )
    assert one(tmp_path).release == "a-very-lengthy-target-namespace-with-a-n-97af5d7f41f3"


OCI = """apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: chart, namespace: kube-system}
spec:
  url: oci://registry.example.com/charts/cilium
  ref:
    {ref}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: net, namespace: kube-system}
spec:
  chartRef: {kind: OCIRepository, name: chart}
"""


@pytest.mark.parametrize(("ref", "version"), [("tag: 1.15.19", "1.15.19"), ('semver: ">=1.15"', ">=1.15")])
def test_a_chart_from_an_oci_repository(tmp_path: Path, ref: str, version: str) -> None:
    written(tmp_path, {"a.yaml": OCI.replace("{ref}", ref)})
    found = one(tmp_path)
    assert (found.chart, found.version, found.at("version")[1].line) == ("cilium", version, 7)
    assert found.release == "net"


def test_a_moved_tag_of_an_oci_repository_is_an_upgrade(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": OCI.replace("{ref}", "tag: 1.14.19")})
    written(repo, {"a.yaml": OCI.replace("{ref}", "tag: 1.15.19")})
    assert upgrades(scan(repo, ".", "--base", "main")) == [("cilium", ["1.14.19"], "1.15.19")]


CHART = """apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: HelmChart
metadata: {name: chart, namespace: flux-system}
spec: {chart: cilium, version: 1.15.19, sourceRef: {kind: HelmRepository, name: cilium}}
---
apiVersion: helm.toolkit.fluxcd.io/v2beta2
kind: HelmRelease
metadata: {name: cilium, namespace: kube-system}
spec:
  chartRef: {kind: HelmChart, name: chart, namespace: flux-system}
"""


def test_a_chart_by_reference_to_a_helm_chart(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": CHART})
    assert (one(tmp_path).chart, one(tmp_path).version) == ("cilium", "1.15.19")


def test_a_range_of_versions_is_an_unknown_target(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release()})
    written(repo, {"a.yaml": release(version="1.15.x")})
    ran = scan(repo, ".", "--base", "main")
    assert upgrades(ran) == [("cilium", ["1.14.19"], None)]
    assert any(gap["what"] == "target version" for gap in ran.report["gaps"])
    assert upgrades(scan(repo, ".", "--base", "main", "--to", "cilium=1.15.19")) == [("cilium", ["1.14.19"], "1.15.19")]


def test_an_overlay_that_patches_a_release_lies_over_it(tmp_path: Path) -> None:
    patch = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: cilium, namespace: kube-system}\n"
        "spec:\n  chart: {spec: {version: 1.15.19}}\n  values:\n    debug: {enabled: true}\n"
    )
    base = release(extra="  values:\n    tunnel: disabled\n")
    written(tmp_path, {"apps/base/cilium.yaml": base, "apps/prod/patch.yaml": patch})
    found = one(tmp_path)
    assert found.version == "1.15.19"
    assert found.values.tree == {"tunnel": "disabled", "debug": {"enabled": True}}
    assert found.at("version")[1].file.endswith("apps/prod/patch.yaml")


def test_a_patch_alone_is_a_gap_with_the_command_that_builds_it(tmp_path: Path) -> None:
    patch = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: cilium}\nspec:\n  values: {a: 1}\n"
    )
    written(tmp_path, {"prod/patch.yaml": patch})
    (gap,) = read(tmp_path)
    assert isinstance(gap, Gap)
    assert "kubectl kustomize" in gap.collect


def test_a_repository_alone_says_what_it_does_not_know(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": release(version="1.15.19")})
    ran = scan(tmp_path, "a.yaml")
    assert upgrades(ran) == [("cilium", [], "1.15.19")]
    assert any(gap["what"] == "version that runs" and "--base" in gap["collect"] for gap in ran.report["gaps"])
    assert ran.code == 4


def test_with_a_target_the_manifest_is_what_there_is_now(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": release(version="1.14.19", extra="  values:\n    tunnel: disabled\n")})
    ran = scan(tmp_path, "a.yaml", "--to", "cilium=1.15.19")
    assert upgrades(ran) == [("cilium", ["1.14.19"], "1.15.19")]
    assert "cilium/removed-values" in ran.rules
    assert "in a.yaml:11 set spec.chart.spec.version to 1.15.19" in notes(ran)


def test_a_manifest_in_a_dump_that_is_carried_out_already_is_no_upgrade(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": release("spiderpool", "0.5.1")})
    ran = scan(tmp_path, str(DUMP), "a.yaml")
    assert [(each["component"], each["to"], each["manifest"]) for each in ran.report["upgrades"]] == [
        ("spiderpool", None, None)
    ]


def test_a_version_that_arguments_and_manifest_say_otherwise_is_refused(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": release("spiderpool", "0.9.5")})
    ran = scan(tmp_path, str(DUMP), "--apply", "a.yaml", "--to", "spiderpool=1.0.0")
    assert ran.code == 2
    assert "--to spiderpool=1.0.0 and 0.9.5 in a.yaml:11 contradict each other" in ran.err


def test_hostile_names_stay_names(tmp_path: Path) -> None:
    bad = "--post-renderer=evil"
    text = (
        release(version="1.15.19")
        .replace("chart: cilium", f'chart: "{bad}"')
        .replace("  name: cilium\n  namespace: kube", f'  name: "{bad}"\n  namespace: kube')
    )
    written(tmp_path, {"a.yaml": text})
    ran = scan(tmp_path, str(DUMP), "--apply", "a.yaml")
    assert ran.code in (0, 3, 4), ran.err
    repo = repository(tmp_path / "repo", {"a.yaml": text})
    written(repo, {"a.yaml": text.replace("1.15.19", "1.16.1\\e[31m")})
    ran = scan(repo, ".", "--base", "main")
    assert "internal error" not in ran.err
