"""The recorded clusters, end to end: each with the command that a person is about to type."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scanning import DUMPS, FIXTURES, NOW, _words, scan_case, upgradecheck

from upgradecheck.yaml import load

CLUSTERS = FIXTURES / "clusters"
CASES = sorted(path.parent for path in CLUSTERS.glob("*/dump"))
BAD = [case for case in CASES if not case.name.endswith("-good")]
GOOD = [case for case in CASES if case.name.endswith("-good")]
LISTS = ("objects.yaml", "events.yaml", "records.yaml")
TRUE_OF_THE_TWIN = {
    "cilium-preflight-good": {"cilium/kubernetes-untested", "cilium/preflight-left-behind"},
    "cilium-removed-values-good": {"cilium/kubernetes-untested"},
    "helm-less-good": {"cilium/kubernetes-untested", "cilium/preflight-manifest-left-behind"},
    "osm-cli-mismatch-good": {"osm-edge/kubernetes-untested"},
    "osm-cpu-predicted-good": {"osm-edge/kubernetes-untested"},
    "osm-helm-less-good": {"osm-edge/kubernetes-untested"},
    "osm-insufficient-cpu-good": {"osm-edge/kubernetes-untested"},
    "osm-to-1.3-good": {"osm-edge/kubernetes-untested"},
}
"""Warnings that are so: no server old enough for these can be recorded, and the pre-flight still stands."""
MUST_FIND = {
    "cilium-policies": {
        "cilium/mutual-authentication-off",
        "cilium/policy-field-removed",
        "cilium/resource-removed",
        "cilium/values-refused",
    },
    "cilium-preflight": {"cilium/preflight-nodes-missing", "cilium/reuse-values"},
    "cilium-removed-values": {
        "cilium/cidr-deny-wins",
        "cilium/minor-skipped",
        "cilium/policy-turns-deny-all",
        "cilium/removed-values",
        "cilium/resource-removed",
    },
    "helm-less": {"cilium/preflight-nodes-missing"},
    "kubeos-config": {"kubeos/config-before-upgrade", "kubeos/config-model-unknown", "kubeos/osinstances-forbidden"},
    "kubeos-http": {"kubeos/http-without-flagsafe"},
    "kubeos-old": {"kubeos/eviction-blocked-by-budget", "kubeos/local-data-stops-drain"},
    "kubeos-two-pools": {
        "kubeos/evict-not-forced",
        "kubeos/os-resources-compete",
        "kubeos/proxy-missing-on-node",
        "kubeos/timewindow-unusable",
    },
    "osm-cli-mismatch": {"osm-edge/cli-image-mismatch", "osm-edge/cli-chart-skew"},
    "osm-cpu-predicted": {"osm-edge/insufficient-cpu"},
    "osm-helm-less": {"osm-edge/crd-without-labels", "osm-edge/multicluster-dropped", "osm-edge/split-root-apart"},
    "osm-insufficient-cpu": {"osm-edge/insufficient-cpu"},
    "osm-to-1.3": {
        "osm-edge/header-limits-dropped",
        "osm-edge/interception-mode-missing",
        "osm-edge/plugin-chains-missing",
        "osm-edge/removed-values",
        "osm-edge/selector-changed",
    },
    "spiderpool-crds-missing": {"spiderpool/crds-missing", "spiderpool/multus-crd-missing"},
    "spiderpool-detection-off": {
        "spiderpool/controller-ports-taken",
        "spiderpool/crds-behind",
        "spiderpool/multus-image-too-old",
        "spiderpool/rdma-isolation-lost",
        "spiderpool/subnet-key-unread",
    },
    "spiderpool-helm-less": {"spiderpool/coordinator-values-refused", "spiderpool/init-pod-patched"},
    "spiderpool-reuse-values": {
        "spiderpool/crds-behind",
        "spiderpool/multus-crd-deleted",
        "spiderpool/reuse-values",
        "spiderpool/subnet-key-unread",
    },
}


def name(case: Path) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_screen_is_the_reviewed_one(case: Path, accepted: Callable[[Path, str], None]) -> None:
    accepted(case / "expected.txt", scan_case(case).out)


@pytest.mark.parametrize("case", BAD, ids=name)
def test_the_errors_are_found_and_nothing_else(case: Path) -> None:
    ran = scan_case(case, "-o", "json")
    errors = {f["rule"] for f in ran.report["findings"] if f["severity"] == "error"}
    assert ran.code == 1
    assert errors == {rule for rule in MUST_FIND[case.name] if rule != "osm-edge/cli-chart-skew"}
    assert MUST_FIND[case.name] <= set(ran.rules)


@pytest.mark.parametrize("case", GOOD, ids=name)
def test_the_healthy_twin_is_silent(case: Path) -> None:
    ran = scan_case(case, "-o", "json")
    assert ran.code == 0, ran.out
    assert {f["rule"] for f in ran.report["findings"]} == TRUE_OF_THE_TWIN.get(case.name, set())
    assert [gap for gap in ran.report["gaps"] if gap["blocks"]] == []


def as_json(dump: Path, folder: Path) -> list[str]:
    """Every YAML List as one JSON List."""
    for file in LISTS:
        if (dump / file).is_file():
            (folder / file.replace(".yaml", ".json")).write_text(json.dumps(load((dump / file).read_bytes()), indent=4))
    return [str(folder), *rest(dump)]


def as_tree(dump: Path, folder: Path) -> list[str]:
    """One file an object, in a folder a namespace."""
    for number, item in enumerate(items(dump)):
        space = folder / item["metadata"].get("namespace", "_cluster")
        space.mkdir(parents=True, exist_ok=True)
        (space / f"{item['kind']}-{number}.json").write_text(json.dumps(item))
    return [str(folder), *rest(dump)]


def as_archive(dump: Path, folder: Path) -> list[str]:
    with tarfile.open(folder / "dump.tar.gz", "w:gz") as archive:
        archive.add(dump, "dump")
    return [str(folder / "dump.tar.gz")]


def as_zip(dump: Path, folder: Path) -> list[str]:
    return [shutil.make_archive(str(folder / "dump"), "zip", dump)]


def on_stdin(dump: Path, folder: Path) -> list[str]:
    return ["-", *rest(dump)]


def items(dump: Path) -> Iterator[dict[str, Any]]:
    for file in LISTS:
        if (dump / file).is_file():
            yield from load((dump / file).read_bytes())["items"]


def rest(dump: Path) -> list[str]:
    return [str(path) for path in sorted(dump.iterdir()) if path.name not in LISTS and path.name != "helm-values.yaml"]


def heard(dump: Path) -> bytes:
    texts = ((dump / file).read_bytes() for file in LISTS if (dump / file).is_file())
    return b"\n---\n".join(texts)


@pytest.mark.parametrize("shape", [as_json, as_tree, as_archive, as_zip, on_stdin], ids=lambda f: f.__name__)
@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_same_dump_in_another_shape_gives_the_same_findings(
    case: Path, shape: Callable[[Path, Path], list[str]], tmp_path: Path
) -> None:
    stdin = heard(case / "dump") if shape is on_stdin else b""
    arguments, command = (_words(case / file) for file in ("arguments.txt", "command.txt"))
    tail = [*arguments, "--collected", "all", "--now", NOW, "-o", "json", *(["--", *command] if command else [])]
    plain = upgradecheck("scan", "dump", *tail, cwd=case).report
    other = upgradecheck("scan", *shape(case / "dump", tmp_path), *tail, cwd=case, stdin=stdin).report
    assert said(other) == said(plain)


def said(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Findings and plan as words: origins differ from shape to shape, nothing else."""
    findings = [(finding["rule"], finding["message"]) for finding in report["findings"]]
    return findings + [(step["phase"], step["run"]) for step in report["plan"]]


REAL = {
    "cilium-preflight": (
        {"cilium/preflight-nodes-missing", "cilium/reuse-values"},
        ["As typed: helm refuses, cluster unchanged.", "nil pointer", ".Values.ingressController.enabled"],
    ),
    "spiderpool-subnet": (
        MUST_FIND["spiderpool-reuse-values"],
        [
            "As typed: helm refuses, cluster unchanged.",
            "Only dropping --reuse-values is WORSE",
            ".Values.sriov.install",
        ],
    ),
    "osm-insufficient-cpu": (
        {"osm-edge/insufficient-cpu", "osm-edge/values-dropped"},
        ["As typed: osm waits in vain", "Prometheus is deleted, Grafana is deleted", 'mesh prod is renamed "osm"'],
    ),
    "kubeos-http": (
        {"kubeos/http-without-flagsafe"},
        ["As typed: accepted by the API server; no node will upgrade."],
    ),
}


@pytest.mark.parametrize("dump", sorted(REAL))
def test_the_real_dumps_are_told_beforehand(dump: str) -> None:
    """What really.txt of each says came of it is said before."""
    folder = DUMPS / dump
    if not folder.is_dir():
        pytest.skip("the real dumps are not beside the project")
    values = ["--current-values", "helm-values.yaml"] if (folder / "helm-values.yaml").is_file() else []
    command = _words(folder / "command.txt")
    ran = upgradecheck("scan", ".", *values, "-o", "json", "--", *command, cwd=folder)
    text = upgradecheck("scan", ".", *values, "--", *command, cwd=folder).out
    errors, words = REAL[dump]
    assert {f["rule"] for f in ran.report["findings"] if f["severity"] == "error"} == errors
    assert ran.code == 1
    flat = " ".join(text.split())
    for said in words:
        assert said in flat


def test_standard_input_alone_is_enough() -> None:
    case = CLUSTERS / "cilium-preflight"
    ran = upgradecheck(
        "scan", "-", "--to", "cilium=1.12.0", "-o", "json", stdin=io.BytesIO(heard(case / "dump")).getvalue()
    )
    assert "cilium/preflight-nodes-missing" in ran.rules
