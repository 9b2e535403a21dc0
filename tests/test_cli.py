"""The command line as a person meets it: help, arguments, what is refused and how, formats and exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from scanning import FIXTURES, NOW, PROJECT, RULES, upgradecheck

from upgradecheck import __version__
from upgradecheck.packs import load_all

CLUSTERS = FIXTURES / "clusters"
CILIUM = CLUSTERS / "cilium-preflight"
EVERY = sorted(rule.id for pack in load_all() for rule in pack.rules)
HELM = ("helm", "upgrade", "cilium", "cilium/cilium", "--version", "1.12.0", "-n", "kube-system")

OWN_RULE = """\
title: A Deployment with one replica
severity: error
check: object
params:
  kind: Deployment.apps
  where: {spec.replicas: 1}
message: "{name} has one replica"
why: |
  It is away while its Pod moves.
"""


def scan_cilium(*words: str) -> tuple[int, dict[str, object]]:
    """Scan with JSON out, from inside the fixture: exit code and report."""
    ran = upgradecheck("scan", "dump", "--now", NOW, "-o", "json", *words, cwd=CILIUM)
    return ran.code, ran.report


def rules_in(report: dict[str, object]) -> set[str]:
    return {finding["rule"] for finding in report["findings"]}  # type: ignore[attr-defined]


# Help and version


@pytest.mark.parametrize(
    "verb", [[], ["scan"], ["rules"], ["explain"], ["version"]], ids=lambda v: v[0] if v else "top"
)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_everywhere_and_fits_100_columns(verb: list[str], flag: str) -> None:
    ran = upgradecheck(*verb, flag)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: upgradecheck")
    assert max(map(len, ran.out.splitlines())) <= 100


def test_every_option_of_scan_says_what_it_is_for() -> None:
    text = upgradecheck("scan", "-h").out
    options = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, re.M)
    assert {"--to", "--from", "--collected", "--current-values", "--allow-gaps", "--fail-on"} <= set(options)
    for option in options:
        assert re.search(rf"{option}\b[^\n]*(?:  \S|\n {{20,}}\S)", text), f"{option} has no help"


@pytest.mark.parametrize("words", [["--version"], ["-V"], ["version"]])
def test_version_is_one_line(words: list[str]) -> None:
    ran = upgradecheck(*words)
    assert (ran.code, ran.out) == (0, f"upgradecheck {__version__}\n")


def test_python_m_is_the_same_program() -> None:
    done = subprocess.run([sys.executable, "-m", "upgradecheck", "--version"], capture_output=True, text=True)
    assert done.stdout == f"upgradecheck {__version__}\n"


# Rules and explain


def test_rules_lists_every_rule_for_people_and_for_programs() -> None:
    on_disk = {f"{path.parent.name}/{path.stem}" for path in RULES.glob("*/*.yaml") if path.name != "component.yaml"}
    text, data = upgradecheck("rules"), upgradecheck("rules", "-o", "json")
    assert text.code == data.code == 0
    assert {rule["rule"] for rule in json.loads(data.out)["rules"]} == on_disk
    assert on_disk <= set(re.findall(r"\S+/\S+", text.out))
    assert max(map(len, text.out.splitlines())) <= 80


@pytest.mark.parametrize("rule", EVERY)
def test_explain_knows_every_rule(rule: str) -> None:
    ran = upgradecheck("explain", rule)
    assert (ran.code, ran.err) == (0, "")
    assert rule in ran.out.splitlines()[0]


def test_explain_suggests_near_rules() -> None:
    ran = upgradecheck("explain", "cilium/reuse-value")
    assert (ran.code, ran.out) == (2, "")
    assert "unknown rule 'cilium/reuse-value'" in ran.err
    assert "cilium/reuse-values" in ran.err.replace("'cilium/reuse-value'", "")


# Arguments that do not fit together: one line, exit code 2, nothing on stdout

REFUSED: dict[str, tuple[list[str], str]] = {
    "unknown option": (["scan", "dump", "--bogus"], "--bogus"),
    "unknown verb": (["scann", "dump"], "scann"),
    "no input": (["scan"], "no input (name a dump: a file, a folder, an archive, or - for standard"),
    "unknown component": (
        ["scan", "dump", "--to", "cilum=1.12.0"],
        "unknown component 'cilum' (known are cilium, kubeos, osm-edge, spiderpool)",
    ),
    "no version": (["scan", "dump", "--to", "cilium=latest"], "--to cilium: 'latest' is not a version"),
    "no version in --from": (["scan", "dump", "--from", "cilium=old"], "--from cilium: 'old' is not a version"),
    "no version in --tool": (["scan", "dump", "-t", "1.12.0", "--tool", "osm=x"], "--tool osm: 'x' is not a version"),
    "no pair": (["scan", "dump", "--to", "cilium"], "--to cilium: expected NAME=VERSION"),
    "unknown format": (["scan", "dump", "-o", "xml"], "unknown format 'xml' (known are text, json, sarif, "),
    "unknown limit": (["scan", "dump", "--fail-on", "bad"], "'bad' is not one of 'error', 'warning', 'info', 'never'"),
    "no time": (["scan", "dump", "--now", "soon"], "--now 'soon' is not a time"),
    "no kind": (["scan", "dump", "--collected", "a b"], "--collected: 'a b' is no kind"),
    "selected nothing": (["scan", "dump", "--select", "cilium/reuse-value"], "did you mean cilium/reuse-values?"),
    "ignored nothing": (["scan", "dump", "--ignore", "cilum"], "--ignore cilum: no such rule (did you mean cilium?)"),
    "no rules there": (["scan", "dump", "--rules", "nowhere"], "--rules nowhere: no such folder"),
    "file in no folder": (["scan", "dump", "-o", "json=nowhere/report.json"], "cannot write nowhere/report.json"),
    "no tool": (["scan", "dump", "--", "terraform", "apply"], "terraform: not a command that upgradecheck understands"),
    "no verb": (["scan", "dump", "--", "helm", "upgrad", "a", "b"], "did you mean helm upgrade?"),
    "flag without value": (["scan", "dump", "--", *HELM[:4], "--version"], "flag needs an argument: --version"),
    "two targets": (["scan", "dump", "--to", "cilium=1.13.0", "--", *HELM], "contradict each other"),
    "values before and inside": (
        ["scan", "dump", "-f", "values.yaml", "--", *HELM],
        "values are given both before and",
    ),
    "sets before and inside": (["scan", "dump", "--set", "a=b", "--", *HELM], "give them in the command alone"),
    "no upgrade": (["scan", "dump", "--", "osm", "install"], "osm install is no upgrade"),
    "kustomization": (["scan", "dump", "--", "kubectl", "apply", "-k", "."], "kubectl kustomize . > built.yaml"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_in_one_clear_line(name: str) -> None:
    words, said = REFUSED[name]
    ran = upgradecheck(*words, cwd=CILIUM)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) == 1 or ran.err.startswith("Usage: ")


def test_the_command_after_the_dashes_is_taken_as_typed() -> None:
    """The same flags mean upgradecheck's before `--` and the tool's after."""
    code, report = scan_cilium("-t", "1.12.0", "--", *HELM, "-f", "-h.yaml", "--set", "a=b", "-v", "9")
    assert report["upgrades"][0]["command"].startswith(" ".join(HELM))  # type: ignore[index]
    assert code == 2, "-h.yaml is a values file that is not there, not a request for help"
    assert [problem["text"] for problem in report["problems"]] == ["no such file"]  # type: ignore[attr-defined]


def test_a_second_pair_of_dashes_belongs_to_the_command() -> None:
    code, report = scan_cilium("--", "helm", "upgrade", *HELM[4:], "--", "cilium", "cilium/cilium")
    assert code == 1
    assert report["upgrades"][0]["to"] == "1.12.0"  # type: ignore[index]


def test_nothing_after_the_dashes_is_no_command() -> None:
    _, report = scan_cilium("-t", "1.12.0", "--")
    assert report["upgrades"][0]["command"] is None  # type: ignore[index]


def test_objects_given_as_values_are_refused_with_a_hint(tmp_path: Path) -> None:
    manifest = tmp_path / "pod.yaml"
    manifest.write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
    code, report = scan_cilium("-t", "1.12.0", "-f", str(manifest))
    [problem] = report["problems"]  # type: ignore[misc]
    assert code == 2
    assert problem["text"] == "holds a Kubernetes object (Pod), not values"
    assert "kubectl apply -f" in problem["expected"]
    assert "cilium/preflight-nodes-missing" in rules_in(report), "the rest is judged all the same"


# Which rules


@pytest.mark.parametrize(
    ("words", "speaks"),
    [
        (["--select", "cilium/preflight-nodes-missing"], {"cilium/preflight-nodes-missing"}),
        (["--select", "cilium/preflight"], {"cilium/preflight-nodes-missing", "cilium/preflight-left-behind"}),
        (["--select", "*/preflight-*", "--ignore", "cilium/preflight-left-behind"], {"cilium/preflight-nodes-missing"}),
        (["--select", "cilium/not-newest-patch, cilium/preflight-left-behind"],
         {"cilium/not-newest-patch", "cilium/preflight-left-behind"}),
        (["--ignore", "cilium"], set()),
        (["--ignore", "cilium/*-missing", "--ignore", "cilium/kubernetes-untested"],
         {"cilium/not-newest-patch", "cilium/preflight-left-behind"}),
    ],
)  # fmt: skip
def test_rules_are_chosen_by_id_beginning_or_glob(words: list[str], speaks: set[str]) -> None:
    _, report = scan_cilium("-t", "1.12.0", *words)
    assert rules_in(report) == speaks


def test_a_rule_that_was_ignored_is_told() -> None:
    _, report = scan_cilium("-t", "1.12.0", "--ignore", "cilium/minor-skipped")
    assert report["examined"]["left_out"]["cilium/minor-skipped"] == "ignored"  # type: ignore[index]


# Packs of one's own


@pytest.fixture
def own_pack(tmp_path: Path) -> Path:
    pack = tmp_path / "mine"
    pack.mkdir()
    (pack / "one-replica.yaml").write_text(OWN_RULE)
    return pack


def test_an_own_pack_is_judged_listed_and_explained(own_pack: Path) -> None:
    code, report = scan_cilium("-t", "1.12.0", "--rules", str(own_pack), "--select", "mine")
    assert code == 1
    assert rules_in(report) == {"mine/one-replica"}
    assert "mine/one-replica" in upgradecheck("rules", "--rules", str(own_pack)).out
    assert (
        "It is away while its Pod moves."
        in upgradecheck("explain", "mine/one-replica", "--rules", str(own_pack.parent)).out
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("severity: error", "severity: eror", 2, "did you mean error?"),
        ("check: object", "check: objekt", 3, "did you mean object?"),
        ("spec.replicas: 1", "spec.replicas: {atleast: 1}", 6, "unknown operator 'atleast'"),
        ("spec.replicas: 1", "'spec.replicas[': 1", 6, "spec.replicas["),
        ("{name} has", "{nam} has", 7, "did you mean name?"),
        ("why: |", "upgrade: {to: 1.30}\nwhy: |", 8, "is a number here, since YAML reads 1.30 as 1.3; quote it"),
        ("title:", "titel:", 1, "did you mean title?"),
        ("params:", "\tparams:", 4, ""),
    ],
    ids=["choice", "check", "operator", "path", "placeholder", "unquoted version", "key", "no YAML"],
)
def test_a_broken_rule_is_told_with_file_and_line(own_pack: Path, old: str, new: str, line: int, said: str) -> None:
    file = own_pack / "one-replica.yaml"
    file.write_text(OWN_RULE.replace(old, new))
    for verb in (["scan", "dump", "-t", "1.12.0"], ["rules"], ["explain", "mine/one-replica"]):
        ran = upgradecheck(*verb, "--rules", str(own_pack), cwd=CILIUM)
        assert (ran.code, ran.out) == (2, ""), verb
        assert f"{file}:{line}: " in ran.err
        assert said in ran.err
        assert "Traceback" not in ran.err


def test_every_error_of_a_pack_is_told_at_once(own_pack: Path) -> None:
    (own_pack / "one-replica.yaml").write_text(OWN_RULE.replace("error", "eror") + "whi: x\n")
    (own_pack / "second.yaml").write_text("title: x\n")
    err = upgradecheck("rules", "--rules", str(own_pack)).err
    for place in ("one-replica.yaml:2", "one-replica.yaml:10", "second.yaml:1"):
        assert f"{own_pack / place}: " in err


# Output


def test_several_outputs_at_once(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    ran = upgradecheck("scan", "dump", "-t", "1.12.0", "-o", "text", "-o", f"json={target}", cwd=CILIUM)
    assert ran.out.startswith("STOP cilium 1.11.7 -> 1.12.0")
    report = json.loads(target.read_text(encoding="utf-8"))
    assert report["exit_code"] == ran.code == 1
    assert upgradecheck("scan", "dump", "-t", "1.12.0", "-o", f"json={target}", cwd=CILIUM).out == ""


def test_quiet_is_a_line_each_and_verbose_says_everything() -> None:
    words = ("scan", "dump", "-t", "1.12.0", "--now", NOW)
    plain, quiet, loud = (upgradecheck(*words, *more, cwd=CILIUM) for more in ([], ["-q"], ["-v"]))
    _, report = scan_cilium("-t", "1.12.0")
    assert len(quiet.out.splitlines()) == 1 + len(report["findings"])  # type: ignore[arg-type]
    assert "BEFORE" in plain.out
    assert "EXAMINED" not in plain.out
    assert "EXAMINED" in loud.out
    assert "Why:" in loud.out
    assert quiet.code == plain.code == loud.code == 1


def test_colour_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = ("scan", "dump", "-t", "1.12.0", "--now", NOW)
    plain = upgradecheck(*words, cwd=CILIUM).out
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = upgradecheck(*words, "-o", "text", "-o", f"text={tmp_path / 'report.txt'}", cwd=CILIUM).out
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain, "colour never changes the layout"
    assert (tmp_path / "report.txt").read_text() == plain, "a file is never coloured"
    monkeypatch.setenv("NO_COLOR", "1")
    assert upgradecheck(*words, cwd=CILIUM).out == plain


def test_the_report_alone_is_on_stdout() -> None:
    ran = upgradecheck("scan", "dump", "nowhere.yaml", "-t", "1.12.0", "-o", "json", cwd=CILIUM)
    assert ran.report["problems"][0]["text"] == "no such file or folder"
    assert ran.code == 2


def test_the_same_scan_is_the_same_text() -> None:
    words = ["-m", "upgradecheck", "scan", "dump", "-t", "1.12.0", "--now", NOW, "-o", "json"]
    runs = [
        subprocess.run(
            [sys.executable, *words], cwd=CILIUM, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout


@pytest.mark.parametrize("words", [["rules", "-o", "json"], ["scan", str(CILIUM / "dump"), "-t", "1.12.0"]])
def test_a_reader_that_goes_away_is_no_traceback(words: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "upgradecheck", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""


# Exit codes, the same in every format

SPIDERPOOL = "helm upgrade spiderpool spiderpool/spiderpool -n kube-system --version 0.9.5"
CRDS = "dump/helm-list.json --select spiderpool/crds-missing"
CODES = {
    "go": (0, "cilium-preflight-good", "dump -t 1.12.19 --collected all --ignore cilium/kubernetes-untested"),
    "go although a warning": (0, "cilium-preflight", "dump -t 1.12.0 --select cilium/not-newest"),
    "an error": (1, "cilium-preflight", "dump -t 1.12.0"),
    "fail-on warning": (1, "cilium-preflight", "dump -t 1.12.0 --select cilium/not-newest --fail-on warning"),
    "fail-on never": (0, "cilium-preflight", "dump -t 1.12.0 --fail-on never --allow-gaps"),
    "exit-zero": (0, "cilium-preflight", "dump -t 1.12.0 --exit-zero"),
    "not there": (2, "cilium-preflight", "dump nowhere -t 1.12.0 --ignore cilium"),
    "not there and exit-zero": (2, "cilium-preflight", "dump nowhere -t 1.12.0 --exit-zero"),
    "nothing examined": (3, "cilium-preflight", "EMPTY --to cilium=1.12.0 --allow-gaps"),
    "gap": (4, "spiderpool-crds-missing", f"{CRDS} -- {SPIDERPOOL}"),
    "gap and allow-gaps": (0, "spiderpool-crds-missing", f"{CRDS} --allow-gaps -- {SPIDERPOOL}"),
}


@pytest.mark.parametrize("name", CODES)
def test_exit_codes_are_the_same_in_every_format(name: str, tmp_path: Path) -> None:
    code, case, typed = CODES[name]
    words = ["--now", NOW, *typed.replace("EMPTY", str(tmp_path)).split()]
    text, quiet, data = (
        upgradecheck("scan", *more, *words, cwd=CLUSTERS / case) for more in (["-o", "text"], ["-q"], ["-o", "json"])
    )
    assert (text.code, quiet.code, data.code, data.report["exit_code"]) == (code,) * 4, text.out + text.err
    assert text.out.split()[0].rstrip(":") == ("GO" if data.report["verdict"]["go"] else "STOP")


@pytest.mark.parametrize("name", ["not there", "nothing examined", "gap"])
def test_go_never_stands_above_what_could_not_be_seen(name: str, tmp_path: Path) -> None:
    _, case, typed = CODES[name]
    ran = upgradecheck("scan", *typed.replace("EMPTY", str(tmp_path)).split(), cwd=CLUSTERS / case)
    assert ran.out.startswith("STOP ")
    assert "nothing found" in ran.out.splitlines()[0]


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("upgradecheck.cli_scan.scan", interrupt)
    ran = upgradecheck("scan", "dump", "-t", "1.12.0", cwd=CILIUM)
    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "interrupted")


def test_what_nobody_foresaw_is_one_line_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom\nat night")

    monkeypatch.setattr("upgradecheck.cli_scan.scan", broken)
    ran = upgradecheck("scan", "x")
    assert ran.code == 2
    assert ran.err == "upgradecheck: internal error: RuntimeError: boom at night (UPGRADECHECK_DEBUG=1 shows where)\n"


def test_a_folder_with_things_that_may_not_be_looked_at_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n")
    (tmp_path / "held.yaml").write_text("kind: X\n")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "held.yaml")
    real = Path.stat

    def stat(path: Path, **how: bool) -> object:
        if path.name == "held.yaml" and how.get("follow_symlinks", True):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **how)

    monkeypatch.setattr(Path, "stat", stat)
    ran = upgradecheck("scan", str(tmp_path), "-o", "json")
    assert ran.report["examined"]["kinds"] == {"Pod": 1}
    assert "Traceback" not in ran.err
