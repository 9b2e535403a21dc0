"""`--base`: what a branch had before against what it has now."""

from __future__ import annotations

from pathlib import Path

import pytest
from gitops import git, release, repository, scan, upgrades, written
from scanning import FIXTURES, upgradecheck

from upgradecheck import UsageError
from upgradecheck import scan as library

DUMP = FIXTURES / "clusters" / "spiderpool-crds-missing" / "dump"


def gaps(ran: object) -> list[str]:
    return [f"{gap['what']}: {gap['why']}" for gap in ran.report["gaps"]]  # type: ignore[attr-defined]


def test_what_did_not_change_is_no_upgrade_and_that_is_an_answer(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"prod/a.yaml": release(), "prod/b.yaml": release("spiderpool", "0.9.5")})
    ran = upgradecheck("scan", "prod", "--base", "main", cwd=repo)
    assert ran.code == 0
    assert ran.out.startswith("GO")
    assert "prod compared with main: 0 of 2 releases and 0 objects changed" in " ".join(ran.out.split())


def test_another_interval_is_no_upgrade(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release()})
    written(repo, {"a.yaml": release().replace("10m", "1h")})
    assert upgrades(scan(repo, ".", "--base", "main")) == []


def test_values_alone_are_an_upgrade_too(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release(extra="  values: {tunnel: disabled}\n")})
    written(repo, {"a.yaml": release(extra="  values: {}\n")})
    ran = scan(repo, ".", "--base", "main")
    assert upgrades(ran) == [("cilium", ["1.14.19"], "1.14.19")]
    assert "cilium/values-dropped" in ran.rules


def test_several_upgrades_in_one_change_are_each_reported(tmp_path: Path) -> None:
    before = {"prod/a.yaml": release(), "prod/b.yaml": release("spiderpool", "0.8.9"), "stage/a.yaml": release()}
    repo = repository(tmp_path / "repo", before)
    now = {"prod/a.yaml": release(version="1.15.19"), "prod/b.yaml": release("spiderpool", "0.9.5")}
    written(repo, {**now, "stage/a.yaml": release(version="1.15.18", extra="  values: {tunnel: disabled}\n")})
    ran = scan(repo, ".", "--base", "main")
    assert upgrades(ran) == [
        ("cilium", ["1.14.19"], "1.15.19"),
        ("spiderpool", ["0.8.9"], "0.9.5"),
        ("cilium", ["1.14.19"], "1.15.18"),
    ]
    manifests = [each["manifest"] for each in ran.report["upgrades"]]
    assert [name.rpartition(", ")[2] for name in manifests] == ["prod/a.yaml:11", "prod/b.yaml:11", "stage/a.yaml:11"]
    removed = [each for each in ran.report["findings"] if each["rule"] == "cilium/removed-values"]
    assert [each["manifest"] for each in removed] == [manifests[2]]
    merges = [step["note"] for step in ran.report["plan"] if step["note"].startswith("merge the change of")]
    assert len(merges) == 3
    text = upgradecheck("scan", ".", "--base", "main", cwd=repo).out
    assert text.startswith("STOP 3 upgrades")
    assert "Asked for by HelmRelease kube-system/cilium, stage/a.yaml:11" in text


def test_an_upgrade_of_an_unknown_chart_is_named_and_has_no_rules(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release("podinfo", "6.5.0")})
    written(repo, {"a.yaml": release("podinfo", "6.6.0")})
    ran = scan(repo, ".", "--base", "main")
    assert upgrades(ran) == [("podinfo", ["6.5.0"], "6.6.0")]
    assert any(gap.startswith("chart podinfo: no rules for it yet") for gap in gaps(ran))


def test_a_release_that_is_new_is_an_installation(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"other.yaml": release("podinfo", "6.5.0")})
    written(repo, {"a.yaml": release()})
    ran = scan(repo, ".", "--base", "main")
    assert upgrades(ran) == [("cilium", [], "1.14.19")]
    assert any("HelmRelease kube-system/cilium, a.yaml:11 is an installation" in gap for gap in gaps(ran))
    assert not [rule for rule in ran.report["examined"]["judged"] if rule.startswith("cilium/")]


def test_a_release_that_is_gone_is_told_and_not_judged(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release(), "b.yaml": release("podinfo", "6.5.0")})
    (repo / "a.yaml").unlink()
    ran = scan(repo, ".", "--base", "main")
    assert upgrades(ran) == []
    assert any("HelmRelease kube-system/cilium (main:a.yaml:1): deleted" in gap for gap in gaps(ran))


def test_a_file_that_moved_is_the_same_release(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"old/a.yaml": release()})
    written(repo, {"new/b.yaml": release(version="1.15.19")})
    (repo / "old" / "a.yaml").unlink()
    ran = scan(repo, ".", "--base", "main")
    assert upgrades(ran) == [("cilium", ["1.14.19"], "1.15.19")]
    assert not any("deleted" in gap for gap in gaps(ran))


OS = """apiVersion: upgrade.openeuler.org/v1alpha1
kind: OS
metadata: {name: os, namespace: default}
spec:
  opstype: upgrade
  osversion: KubeOS {version}
  imagetype: disk
  imageurl: http://images.example.com/os.img
  checksum: "123456"
  flagSafe: {safe}
  mtls: false
  maxunavailable: 1
"""


def test_custom_resources_that_changed_are_the_upgrade_of_their_operator(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"os.yaml": OS.replace("{version}", "1.0.0").replace("{safe}", "true")})
    written(repo, {"os.yaml": OS.replace("{version}", "1.0.1").replace("{safe}", "false")})
    ran = scan(repo, ".", "--base", "main")
    assert [(each["from"], each["to"]) for each in ran.report["upgrades"]] == [(["1.0.0"], "1.0.1")]


def test_a_folder_serves_as_the_base_without_git(tmp_path: Path) -> None:
    written(tmp_path / "old", {"prod/a.yaml": release()})
    written(tmp_path / "new", {"prod/a.yaml": release(version="1.15.19")})
    for words in (("new", "--base", "old"), ("new/prod", "--base", "old/prod")):
        assert upgrades(scan(tmp_path, *words)) == [("cilium", ["1.14.19"], "1.15.19")]
    assert upgrades(scan(tmp_path / "new", "prod", "--base", "../old")) == [("cilium", ["1.14.19"], "1.15.19")]


def test_beside_a_dump_what_runs_counts_and_the_base_says_what_changed(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release("spiderpool", "0.5.0"), "b.yaml": release()})
    written(repo, {"a.yaml": release("spiderpool", "0.9.5")})
    ran = scan(repo, str(DUMP), "--apply", ".", "--base", "main")
    assert upgrades(ran) == [("spiderpool", ["0.5.1"], "0.9.5")]
    assert "spiderpool/crds-missing" in ran.rules
    beside = scan(repo, str(DUMP), "a.yaml", "--base", "main") if not _in_git(DUMP) else ran
    assert upgrades(beside) == upgrades(ran)


def _in_git(path: Path) -> bool:
    return any((each / ".git").exists() for each in path.parents)


def test_the_branch_is_compared_with_where_it_left_the_base(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release(), "b.yaml": release("podinfo", "6.5.0")})
    git(repo, "checkout", "-q", "main")
    written(repo, {"b.yaml": release("podinfo", "6.6.0")})
    git(repo, "commit", "-q", "-am", "meanwhile")
    git(repo, "checkout", "-q", "change")
    written(repo, {"a.yaml": release(version="1.15.19")})
    git(repo, "commit", "-q", "-am", "bump")
    assert upgrades(scan(repo, ".", "--base", "main")) == [("cilium", ["1.14.19"], "1.15.19")]


def test_neither_the_work_tree_nor_the_index_is_touched(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release(), "b.yaml": "a: 1\n"})
    written(repo, {"a.yaml": release(version="1.15.19"), "c.yaml": "b: 2\n"})
    git(repo, "add", "c.yaml")
    index, status = (repo / ".git" / "index").read_bytes(), git(repo, "status", "--porcelain")
    scan(repo, ".", "--base", "main")
    assert (repo / ".git" / "index").read_bytes() == index
    assert git(repo, "status", "--porcelain") == status


def test_a_hook_that_points_git_elsewhere_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = repository(tmp_path / "other", {"x.yaml": "a: 1\n"})
    repo = repository(tmp_path / "repo", {"a.yaml": release()})
    written(repo, {"a.yaml": release(version="1.15.19")})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert upgrades(scan(repo, ".", "--base", "main")) == [("cilium", ["1.14.19"], "1.15.19")]


@pytest.mark.parametrize("ref", ["no-such-branch", "--upload-pack=x", "HEAD:a.yaml", " "])
def test_a_ref_that_is_not_there_is_one_clear_line(tmp_path: Path, ref: str) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release()})
    ran = upgradecheck("scan", ".", f"--base={ref}", cwd=repo)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"upgradecheck: --base {ref}: no such folder, and the repository of")
    assert ran.err.count("\n") == 1


def test_a_missing_git_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release()})
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = upgradecheck("scan", ".", "--base", "main", cwd=repo)
    assert ran.code == 2
    assert ran.err.startswith("upgradecheck: --base: the git program is not installed")


def test_a_path_outside_of_any_repository_is_one_clear_line(tmp_path: Path) -> None:
    written(tmp_path, {"plain/a.yaml": release()})
    for words in (("plain", "--base", "main"), (str(DUMP), "--apply", "plain", "--base", "main")):
        ran = upgradecheck("scan", *words, cwd=tmp_path)
        assert ran.code == 2
        assert "--base" in ran.err


def test_a_base_and_a_command_do_not_go_together(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release()})
    ran = upgradecheck("scan", ".", "--base", "main", "--", "helm", "upgrade", "cilium", "cilium/cilium", cwd=repo)
    assert ran.code == 2
    assert "--base is about manifests that changed, and a command is given" in ran.err


def test_a_manifest_that_cannot_be_read_is_told_with_its_line_and_the_rest_judged(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release(), "b.yaml": release("podinfo", "6.5.0")})
    written(repo, {"a.yaml": release(version="1.15.19"), "b.yaml": "kind: HelmRelease\n  bad: [\n"})
    ran = scan(repo, ".", "--base", "main")
    assert ran.code == 2
    assert ran.report["problems"][0]["origin"]["file"] == "b.yaml"
    assert ("cilium", ["1.14.19"], "1.15.19") in upgrades(ran)


def test_templates_of_charts_and_hidden_folders_are_left_alone(tmp_path: Path) -> None:
    chart = {
        "charts/x/Chart.yaml": "apiVersion: v2\nname: x\nversion: 1.0.0\n",
        "charts/x/templates/a.yaml": "{{ x }}\n",
    }
    repo = repository(tmp_path / "repo", {"a.yaml": release()})
    written(repo, {**chart, ".github/workflows/ci.yaml": "a: [\n", "a.yaml": release(version="1.15.19")})
    ran = scan(repo, ".", "--base", "main")
    assert ran.report["problems"] == []
    assert upgrades(ran) == [("cilium", ["1.14.19"], "1.15.19")]


def test_the_library_takes_the_same(tmp_path: Path) -> None:
    written(tmp_path / "old", {"a.yaml": release()})
    written(tmp_path / "new", {"a.yaml": release(version="1.15.19")})
    report = library(tmp_path / "new", base=tmp_path / "old")
    (one,) = report.upgrades
    assert (one.start, one.to, one.command) == (("1.14.19",), "1.15.19", "")
    assert one.manifest.startswith("HelmRelease kube-system/cilium, ")
    with pytest.raises(UsageError, match="no manifests to compare"):
        library({"kind": "Pod"}, base=tmp_path / "old")


def test_an_upgrade_through_other_versions_is_a_change_for_each(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", {"a.yaml": release(version="1.13.18")})
    written(repo, {"a.yaml": release(version="1.15.19")})
    ran = scan(repo, ".", "--base", "main")
    plan = [step["note"] for step in ran.report["plan"] if step["phase"] == "upgrade"]
    assert plan[-2].startswith("first in a.yaml:11 set spec.chart.spec.version to 1.14.19, merge that")
    assert all(hop["run"] is None for hop in ran.report["hops"])
