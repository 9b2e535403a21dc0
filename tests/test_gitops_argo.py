"""Argo CD: what an Application among the manifests asks for, judged as the upgrade that it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from gitops import finding, notes, places, repository, scan, the_one, tree, upgrades, written
from scanning import FIXTURES, upgradecheck

from upgradecheck.intent.gitops.argo import argo_releases
from upgradecheck.intent.gitops.manifests import read_manifests
from upgradecheck.intent.gitops.tree import FolderTree
from upgradecheck.model import Declared, Gap, Problem

DUMP = FIXTURES / "clusters" / "spiderpool-crds-missing" / "dump"
HELM = ("helm get", "helm rollback", "helm history", "helm upgrade", "helm list")


def application(version: str = "0.8.9", helm: str = "", *, chart: str = "spiderpool", source: str = "") -> str:
    """An Application with one source; `helm` goes below spec.source.helm."""
    where = source or f"    chart: {chart}\n    repoURL: https://charts.example.com\n    targetRevision: {version}\n"
    below = f"    helm:\n{helm}" if helm else ""
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: pool\n  namespace: argocd\nspec:\n"
        "  destination: {namespace: kube-system, name: in-cluster}\n"
        f"  source:\n{where}{below}"
    )


def read(folder: Path) -> list[Declared | Gap | Problem]:
    return list(argo_releases(read_manifests(FolderTree(folder), [""], problems=True)))


def one(folder: Path) -> Declared:
    return the_one(read(folder))


def test_a_branch_that_moves_a_version_is_the_upgrade_that_it_is(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", tree("argo/before"))
    written(repo, tree("argo/after"))
    ran = scan(repo, "apps", "--base", "main")
    assert upgrades(ran) == [("spiderpool", ["0.8.9"], "1.0.0")]
    assert ran.report["upgrades"][0]["manifest"] == "Application argocd/spiderpool, apps/spiderpool.yaml:14"
    unread = finding(ran, "spiderpool/subnet-key-unread")
    assert places(unread) == ["values/common.yaml:4"]
    lost = finding(ran, "spiderpool/values-dropped")
    assert places(lost) == ["apps/spiderpool.yaml:14", "main:apps/spiderpool.yaml:24"]


def test_there_is_no_helm_release_and_nothing_is_said_of_one(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", tree("argo/before"))
    written(repo, tree("argo/after"))
    ran = upgradecheck("scan", "apps", "--base", "main", "-v", cwd=repo)
    plan = ran.out[ran.out.index("\nBEFORE") : ran.out.index("\nEXAMINED")]
    assert not [word for word in HELM if word in plan]
    words = " ".join(plan.replace("#", "").split())
    assert "Argo CD then syncs Application argocd/spiderpool to spiderpool 1.0.0" in words
    assert "As merged: Argo CD succeeds" in ran.out


def test_crds_come_with_the_rest_unless_they_are_skipped(tmp_path: Path) -> None:
    for helm, told in (("", False), ("      skipCrds: true\n", True)):
        written(tmp_path, {"a.yaml": application("0.9.5", helm)})
        ran = scan(tmp_path, str(DUMP), "--apply", "a.yaml")
        assert ("spiderpool/crds-missing" in ran.rules) is told, ran.rules
        if told:
            assert "Argo CD installs crds/" in finding(ran, "spiderpool/crds-missing")["message"]
            assert any("take out spec.source.helm.skipCrds" in note for note in notes(ran))


def test_beside_a_dump_the_images_say_what_runs(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": application("0.9.5")})
    ran = scan(tmp_path, str(DUMP), "--apply", "a.yaml")
    assert [(u[0], u[2]) for u in upgrades(ran)] == [("spiderpool", "0.9.5")]
    assert "0.5.1" in upgrades(ran)[0][1]


VALUES = {
    "files": "      valueFiles: [$own/values/a.yaml, $own/values/b.yaml]\n",
    "values": "      values: |\n        k: text\n        t: 1\n",
    "object": "      valuesObject: {k: object}\n",
    "parameters": "      parameters: [{name: k, value: 'x,y'}, {name: num, value: '1', forceString: true}]\n",
    "file": "      fileParameters: [{name: f, path: $own/values/raw.txt}]\n",
}


def several(*helm: str) -> str:
    lines = "".join(f"  {line}\n" for key in helm for line in VALUES[key].splitlines())
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: pool}\nspec:\n  sources:\n"
        "    - chart: spiderpool\n      repoURL: https://charts.example.com\n      targetRevision: 0.9.5\n"
        f"      helm:\n{lines}"
        "    - {repoURL: https://git.example.com/own.git, ref: own, targetRevision: main}\n"
    )


@pytest.mark.parametrize(
    ("helm", "key", "value"),
    [
        (["files"], "k", "b"),
        (["files", "values"], "k", "text"),
        (["files", "values"], "only", "a"),
        (["files", "values", "object"], "k", "object"),
        (["files", "values", "object"], "t", None),
        (["files", "object", "parameters"], "k", "x,y"),
        (["parameters"], "num", "1"),
        (["file"], "f", "one, two=3\n"),
    ],
)
def test_values_come_in_the_order_of_argo_cd(tmp_path: Path, helm: list[str], key: str, value: object) -> None:
    files = {"values/a.yaml": "k: a\nonly: a\n", "values/b.yaml": "k: b\n", "values/raw.txt": "one, two=3\n"}
    written(tmp_path, {"app.yaml": several(*helm), **files})
    found = one(tmp_path)
    assert found.values.get(key) == value
    assert found.missing == ()


def test_each_value_knows_its_file_and_line(tmp_path: Path) -> None:
    written(tmp_path, {"app.yaml": several("files", "values"), "values/a.yaml": "\nonly: a\n", "values/b.yaml": "{}\n"})
    values = one(tmp_path).values
    assert str(values.origin(("only",))).endswith("values/a.yaml:2")
    text = (tmp_path / "app.yaml").read_text(encoding="utf-8").splitlines()
    assert "k: text" in text[values.origin(("k",)).line - 1]


@pytest.mark.parametrize(("written_as", "missing"), [("$own/values/none.yaml", True), ("inside-the-chart.yaml", True)])
def test_a_values_file_that_is_not_here_is_told(tmp_path: Path, written_as: str, missing: bool) -> None:
    text = several("files").replace("$own/values/a.yaml, $own/values/b.yaml", written_as)
    written(tmp_path, {"app.yaml": text})
    assert bool(one(tmp_path).missing) is missing
    written(
        tmp_path, {"app.yaml": text.replace("      helm:\n", "      helm:\n        ignoreMissingValueFiles: true\n")}
    )
    assert one(tmp_path).missing == ()


def test_globs_name_files_in_order(tmp_path: Path) -> None:
    text = several("files").replace("$own/values/a.yaml, $own/values/b.yaml", "'$own/env/**/*.yaml', $own/env/a.yaml")
    written(tmp_path, {"app.yaml": text, "env/a.yaml": "k: a\n", "env/b/z.yaml": "k: z\nz: 1\n"})
    assert one(tmp_path).values.tree == {"k": "a", "z": 1}


def test_a_path_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    written(tmp_path, {"outside.yaml": "k: 1\n"})
    text = several("files").replace("$own/values/a.yaml, $own/values/b.yaml", "$own/../outside.yaml")
    written(tmp_path / "repo", {"app.yaml": text})
    (tmp_path / "repo" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert one(tmp_path / "repo").values.tree == {}
    written(tmp_path / "repo", {"app.yaml": text.replace("../outside", "link")})
    assert one(tmp_path / "repo").values.tree == {}


def test_a_chart_from_an_oci_address(tmp_path: Path) -> None:
    source = "    repoURL: oci://registry.example.com/charts/cilium\n    path: .\n    targetRevision: 1.15.19\n"
    written(tmp_path, {"a.yaml": application(source=source)})
    assert (one(tmp_path).chart, one(tmp_path).repository) == ("cilium", "oci://registry.example.com/charts")


def test_an_application_of_plain_manifests_is_no_upgrade_of_a_chart(tmp_path: Path) -> None:
    source = "    repoURL: https://git.example.com/own.git\n    path: manifests\n    targetRevision: main\n"
    written(tmp_path, {"a.yaml": application(source=source), "manifests/x.yaml": "apiVersion: v1\nkind: ConfigMap\n"})
    assert read(tmp_path) == []


def test_an_application_set_is_a_gap(tmp_path: Path) -> None:
    written(
        tmp_path,
        {"a.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec: {}\n"},
    )
    (gap,) = read(tmp_path)
    assert isinstance(gap, Gap)
    assert gap.what.startswith("ApplicationSet all")


UMBRELLA = {
    "Chart.yaml": (
        "apiVersion: v2\nname: network\nversion: 0.1.0\ndependencies:\n"
        "  - name: cilium\n    alias: cni\n    version: {version}\n    repository: https://helm.cilium.io\n"
        "    condition: cni.enabled\n"
    ),
    "values.yaml": "cni:\n  tunnel: disabled\nglobal:\n  zone: a\n",
}


def umbrella(version: str, folder: str = "charts/network") -> dict[str, str]:
    return {f"{folder}/{name}": text.replace("{version}", version) for name, text in UMBRELLA.items()}


def test_a_wrapper_chart_moves_what_it_depends_on(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", umbrella("1.14.19"))
    written(repo, umbrella("1.15.19"))
    ran = scan(repo, "charts", "--base", "main")
    assert upgrades(ran) == [("cilium", ["1.14.19"], "1.15.19")]
    assert ran.report["upgrades"][0]["manifest"] == "Chart network, charts/network/Chart.yaml:7"
    assert "charts/network/values.yaml:2" in places(finding(ran, "cilium/removed-values"))


def test_a_range_in_a_wrapper_chart_is_what_its_lock_fixes(tmp_path: Path) -> None:
    lock = "dependencies:\n- name: cilium\n  repository: https://helm.cilium.io\n  version: {v}\n"
    old = {**umbrella("1.x"), "charts/network/Chart.lock": lock.replace("{v}", "1.14.19")}
    repo = repository(tmp_path / "repo", old)
    written(repo, {"charts/network/Chart.lock": lock.replace("{v}", "1.15.19")})
    assert upgrades(scan(repo, "charts", "--base", "main")) == [("cilium", ["1.14.19"], "1.15.19")]


def test_a_dependency_that_is_disabled_is_not_installed(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", umbrella("1.14.19"))
    off = umbrella("1.15.19")
    off["charts/network/values.yaml"] = "cni: {enabled: false}\n"
    written(repo, off)
    ran = scan(repo, "charts", "--base", "main")
    assert upgrades(ran) == []
    assert any("deleted" in gap["why"] for gap in ran.report["gaps"])


def test_an_application_that_installs_a_wrapper_names_release_and_values(tmp_path: Path) -> None:
    source = "    repoURL: https://git.example.com/own.git\n    path: charts/network\n    targetRevision: main\n"
    helm = "      valueFiles: [prod.yaml]\n      valuesObject: {cni: {hubble: {enabled: true}}}\n"
    files = {
        "app.yaml": application(source=source, helm=helm),
        "charts/network/prod.yaml": "cni: {debug: {enabled: true}}\n",
    }
    written(tmp_path, {**umbrella("1.15.19"), **files})
    found = one(tmp_path)
    assert (found.kind, found.name, found.chart, found.part, found.version) == (
        "Application",
        "pool",
        "cilium",
        "cni",
        "1.15.19",
    )
    assert found.values.tree == {
        "tunnel": "disabled", "debug": {"enabled": True}, "hubble": {"enabled": True}, "global": {"zone": "a"},
    }  # fmt: skip
