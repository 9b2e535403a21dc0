"""What the engine makes of rules: refusals that hide something, plans in one order, gaps, exit codes."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scanning import FIXTURES, scan_case, upgradecheck

import upgradecheck as package
from upgradecheck.engine import judge as judging

BAD = FIXTURES / "rules"
SPIDER = FIXTURES / "clusters" / "spiderpool-reuse-values"
CILIUM = FIXTURES / "clusters" / "cilium-preflight"


def test_a_refusal_comes_first_in_the_verdict_and_what_waits_behind_is_said() -> None:
    verdict = scan_case(SPIDER, "-o", "json").report["verdict"]
    assert verdict["go"] is False
    assert verdict["as_typed"] == "refused"
    assert "helm refuses" in verdict["says"]
    assert "Only dropping --reuse-values is WORSE" in verdict["behind"]
    assert "deletes networks" in verdict["behind"]


def test_the_printed_command_was_judged_too() -> None:
    """Dropping the flag and giving one value would lose the others, so the plan gives them back."""
    case = BAD / "spiderpool" / "values-dropped" / "bad"
    upgrade = [s for s in scan_case(case, "-o", "json").report["plan"] if s["phase"] == "upgrade"]
    assert "-f old.yaml" in upgrade[-1]["run"]
    assert "--set ipam.enableSpiderSubnet=true" in upgrade[-1]["run"]


def test_what_the_repair_itself_brings_is_shown_as_waiting_behind(tmp_path: Path) -> None:
    rules = tmp_path / "own"
    rules.mkdir()
    (rules / "told-old-values.yaml").write_text(
        "title: A values file is given\nseverity: warning\ncheck: object\n"
        "params: {kind: command, where: {flags.values: {exists: true}}}\n"
        "message: a values file is given\nwhy: Because.\n"
    )
    ran = scan_case(CILIUM, "--rules", str(rules), "-o", "json")
    behind = [f for f in ran.report["findings"] if f["rule"] == "own/told-old-values"]
    assert [finding["behind"] for finding in behind] == [True]


def test_each_command_stands_once_in_the_plan_with_all_that_it_answers() -> None:
    plan = scan_case(SPIDER, "-o", "json").report["plan"]
    runs = [(step["phase"], step["run"]) for step in plan if step["run"]]
    assert len(runs) == len(set(runs))
    values = next(step for step in plan if step["run"].startswith("helm get values"))
    assert len(values["answers"]) == 3


def test_copies_are_made_before_repairs_and_the_way_back_comes_last() -> None:
    plan = scan_case(SPIDER, "-o", "json").report["plan"]
    runs = [step["run"] for step in plan]
    saved = next(i for i, run in enumerate(runs) if "> nad.yaml" in run)
    kept = next(i for i, run in enumerate(runs) if "resource-policy=keep" in run)
    assert saved < kept
    assert plan[-1]["phase"] == "rollback"
    assert not any(run.startswith("helm rollback") for run in runs), "it fails on the kept CRD"


def test_a_crashing_rule_is_a_problem_and_the_others_still_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    real = judging.checks.find

    def find(name: str) -> Any:
        found = real(name)
        if name != "pair":
            return found

        def run(*_: Any) -> Any:
            raise RuntimeError("boom")

        return SimpleNamespace(**{**vars(found), "run": run})

    monkeypatch.setattr(judging.checks, "find", find)
    ran = scan_case(CILIUM, "-o", "json")
    assert ran.code == 2
    assert ["preflight-nodes-missing" in p["text"] and "boom" in p["text"] for p in ran.report["problems"]] == [True]
    assert "cilium/reuse-values" in ran.rules


def test_a_target_that_nobody_knows_is_a_gap_that_names_its_rules() -> None:
    case = BAD / "spiderpool" / "multus-crd-deleted" / "bad"
    ran = upgradecheck("scan", ".", "--collected", "all", "-o", "json", cwd=case)
    gap = next(gap for gap in ran.report["gaps"] if "target version" in gap["what"])
    assert "spiderpool/multus-crd-deleted" in gap["silences"]
    assert gap["blocks"] is True
    assert ran.report["verdict"]["go"] is False
    assert ran.code == 4
    assert upgradecheck("scan", ".", "--collected", "all", "--allow-gaps", cwd=case).code == 0


def test_a_chart_that_no_pack_knows_is_said_to_be_unknown(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n")
    ran = upgradecheck("scan", str(tmp_path), "-o", "json", "--", "helm", "upgrade", "web", "acme/web", "--oops")
    assert ran.rules == ["command/unknown-flag"]
    assert any("no rules for it yet" in gap["why"] for gap in ran.report["gaps"])


def test_an_installation_is_no_upgrade(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n")
    words = ["helm", "upgrade", "--install", "spiderpool", "spiderpool/spiderpool", "--version", "0.9.5"]
    ran = upgradecheck("scan", str(tmp_path), "--collected", "all", "-o", "json", "--", *words)
    assert ran.rules == []


def test_helm_rollback_is_judged_by_the_revision_it_goes_to() -> None:
    case = FIXTURES / "rules" / "osm-edge" / "release-not-upgradable" / "good" / "deployed"
    ran = upgradecheck("scan", ".", "-o", "json", "--", "helm", "rollback", "osm", "1", "-n", "osm-system", cwd=case)
    assert ran.report["upgrades"][0]["to"] == "1.2.3"


def test_kubectl_patch_is_judged_by_what_it_makes() -> None:
    case = BAD / "kubeos" / "http-without-flagsafe" / "good" / "flagsafe"
    os_file = (case / "os.yaml").read_text()
    objects = (case / "objects.yaml").read_text() + "---\n" + os_file
    patch = json.dumps({"spec": {"flagSafe": False, "osversion": "KubeOS 1.0.1"}})
    words = ["kubectl", "patch", "os", "os-sample", "--type=merge", "-p", patch]
    ran = upgradecheck("scan", "-", "--collected", "all", "-o", "json", "--", *words, stdin=objects.encode())
    assert "kubeos/http-without-flagsafe" in ran.rules
    assert ran.report["upgrades"][0]["to"] == "1.0.1"


def test_kubectl_set_image_tells_the_target() -> None:
    case = BAD / "cilium" / "minor-skipped" / "bad"
    words = ["kubectl", "set", "image", "-n", "kube-system", "ds/cilium", "cilium-agent=quay.io/cilium/cilium:v1.15.0"]
    ran = upgradecheck("scan", ".", "--collected", "all", "-o", "json", "--", *words, cwd=case)
    assert ran.report["upgrades"][0]["to"] == "1.15.0"
    assert "cilium/minor-skipped" in ran.rules


@pytest.mark.parametrize("enabled", [True, False])
def test_the_library_leaves_the_process_as_it_found_it(enabled: bool, capsys: pytest.CaptureFixture[str]) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        frozen, before = gc.get_freeze_count(), Path.cwd()
        report = package.scan(CILIUM / "dump", to={"cilium": "1.12.0"})
        assert gc.isenabled() is enabled
        assert gc.get_freeze_count() == frozen
        assert Path.cwd() == before
        assert "cilium/preflight-nodes-missing" in [finding.rule for finding in report.findings]
        assert capsys.readouterr() == ("", "")
    finally:
        gc.enable()


def test_the_library_takes_parsed_objects_and_paths_alike() -> None:
    from upgradecheck.yaml import load

    dump = CILIUM / "dump"
    objects = load((dump / "objects.yaml").read_bytes())
    others = [path for path in dump.iterdir() if path.name != "objects.yaml"]
    parsed = package.scan(objects, *others, to={"cilium": "1.12.0"}, collected=["all"])
    read = package.scan(dump, to={"cilium": "1.12.0"}, collected=["all"])
    assert [(f.rule, f.message) for f in parsed.findings] == [(f.rule, f.message) for f in read.findings]


def test_the_same_scan_twice_is_the_same_to_the_byte() -> None:
    assert scan_case(SPIDER, "-o", "json").out == scan_case(SPIDER, "-o", "json").out


@pytest.mark.parametrize(
    "typed",
    [
        "helm upgrade cilium-preflight cilium/cilium --version 1.12.0 -n kube-system --reset-then-reuse-values",
        "helm install cilium-again cilium/cilium --version 1.12.0 -n kube-system --set preflight.enabled=true",
    ],
)
def test_a_pre_flight_of_its_own_is_not_judged_as_the_upgrade(typed: str) -> None:
    """The command is one that we print ourselves: it must not be told to stop by the rule that asks for it."""
    ran = upgradecheck("scan", "dump", "--collected", "all", "-o", "json", "--", *typed.split(), cwd=CILIUM)
    assert ran.report["findings"] == []
    assert "another release of the chart" in ran.report["examined"]["left_out"]["cilium/preflight-nodes-missing"]
    assert ran.code == 0


def test_a_dump_without_a_known_component_is_not_given_a_go(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n")
    ran = upgradecheck("scan", str(tmp_path), "-o", "json")
    assert ran.code == 3
    assert ran.report["verdict"]["go"] is False


def test_a_release_that_was_not_collected_is_a_gap_not_a_finding() -> None:
    case = BAD / "osm-edge" / "release-not-found" / "bad"
    typed = (case / "command.txt").read_text().split()
    ran = upgradecheck("scan", ".", "--tool", "osm=1.3.9", "-o", "json", "--", *typed, cwd=case)
    assert "osm-edge/release-not-found" not in ran.rules
    gap = next(gap for gap in ran.report["gaps"] if gap["what"] == "Helm releases")
    assert "osm-edge/release-not-found" in gap["silences"]


def test_the_target_chart_itself_says_which_crds_it_brings(tmp_path: Path) -> None:
    """A chart that nobody published yet: its own crds/ are believed, those of other groups are their owners'."""
    chart = tmp_path / "spiderpool"
    (chart / "crds").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: spiderpool\nversion: 9.9.9\n")
    (chart / "values.yaml").write_text("multus: {multusCNI: {install: false}}\n")
    for name in ("spidernews.spiderpool.spidernet.io", "others.example.org"):
        plural, _, group = name.partition(".")
        crd = f"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: {name}}}\n"
        (chart / "crds" / f"{plural}.yaml").write_text(f"{crd}spec: {{group: {group}, names: {{plural: {plural}}}}}\n")
    case = BAD / "spiderpool" / "crds-missing" / "bad"
    ran = upgradecheck("scan", ".", "--collected", "all", "--target-chart", str(chart), "-o", "json", cwd=case)
    found = {finding["rule"]: finding["message"] for finding in ran.report["findings"]}
    assert ran.report["upgrades"][0]["to"] == "9.9.9"
    assert "spidernews" in found["spiderpool/crds-missing"]
    assert "others" not in found["spiderpool/crds-missing"]
    assert "spiderpool/multus-crd-missing" not in found
