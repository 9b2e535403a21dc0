"""`-o script`: what it runs is exactly what the plan says, and whatever others wrote stays a word or a comment."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from canned_reports import CALM, SCREENS, SPIDERPOOL
from scanning import FIXTURES, scan_case, upgradecheck

import upgradecheck.engine.part as part
from upgradecheck.model import Finding, Gap, Report, Subject, Typed
from upgradecheck.report import FORMATS
from upgradecheck.report.script import runner

FAKES = ("kubectl", "helm", "osm", "cilium", "crictl")
OPERATORS = ("|", ">", ">>", "<", "&&", "||")
NASTY = (
    "$(touch pwned)", "`touch pwned`", "a; touch pwned", "'; touch pwned; '", '"; touch pwned; "', "x\ntouch pwned",
    "COMMAND\ntouch pwned", "COMMAND", "a && touch pwned", "a | touch pwned", "> pwned", "${HOME}", "$IFS", "*", "~",
    "-n", "--kubeconfig=/x", "\\", "\\'", 'a\\"b', "# no comment", "!!", "%s%n", "a\tb", "{a,b}", "é 带 😀", "",
)  # fmt: skip


@dataclass
class Shell:
    """A folder in which scripts run, and the arguments that the fake programs were called with there."""

    folder: Path

    def __call__(self, script: str, *words: str, shell: str = "sh", fail: str = "", **environment: str) -> Any:
        (self.folder / "fix.sh").write_text(script, encoding="utf-8")
        (self.folder / "record").write_bytes(b"")
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            [*shell.split(), "fix.sh", *words],
            cwd=self.folder,
            env={"PATH": path, "RECORD": str(self.folder / "record"), "FAIL": fail, **environment},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    @property
    def called(self) -> list[list[str]]:
        calls = (self.folder / "record").read_bytes().decode().split("\x1e\0")
        return [call.split("\0")[:-1] for call in calls[:-1]]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "bin").mkdir()
    for name in FAKES:
        fake = tmp_path / "bin" / name
        fake.write_text(
            "#!/bin/sh\n"
            """{ printf '%s\\0' "${0##*/}" "$@"; printf '\\036\\0'; } >> "$RECORD"\n"""
            """case " $* " in *" $FAIL "*) [ -z "$FAIL" ] || exit 7 ;; esac\n"""
        )
        fake.chmod(0o755)
    return Shell(tmp_path)


def script_of(*plan: Typed, report: Report = CALM) -> str:
    return FORMATS["script"].render(replace(report, plan=plan))


@dataclass(frozen=True)
class Case:
    """What one fixture gives: its script, and the plan of the same report."""

    name: str
    script: str
    plan: tuple[Typed, ...]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Every rule's bad case, and every cluster. The rules of a pack are read once instead of once a case."""
    kept: dict[str, Any] = {}
    read = part.load_rules
    with pytest.MonkeyPatch.context() as patch:

        def once(pack: Any) -> Any:
            if pack.component.name not in kept:
                kept[pack.component.name] = read(pack)
            return kept[pack.component.name]

        patch.setattr(part, "load_rules", once)
        out = tmp_path_factory.mktemp("scripts") / "fix.sh"
        return [_case(folder, out) for folder in _folders()]


def _folders() -> Iterator[Path]:
    yield from sorted((FIXTURES / "rules").glob("*/*/bad"))
    yield from sorted(p.parent for p in (FIXTURES / "clusters").glob("*/README.md"))


def _case(folder: Path, out: Path) -> Case:
    ran = scan_case(folder, "-o", "json", "-o", f"script={out}")
    assert ran.code in (0, 1, 2, 3, 4), ran.err
    assert ran.out, f"{folder}: {ran.err}"
    plan = tuple(Typed(**{**step, "answers": tuple(step["answers"])}) for step in ran.report["plan"])
    name = str(folder.relative_to(FIXTURES))
    return Case(name.removesuffix("/bad").replace("/", "-"), out.read_text(encoding="utf-8"), plan)


needs_shellcheck = pytest.mark.skipif(not shutil.which("shellcheck"), reason="needs shellcheck")


@needs_shellcheck
def test_shellcheck_has_nothing_to_say_about_any_fixtures_script(cases: list[Case], tmp_path: Path) -> None:
    """The part that is the same in all stands in one of them only, which saves most of the time."""
    same = runner()
    stub = "step() { cat; }\nnote() { :; }\nbefore\nupgrade\nafter\nrollback\n"
    for number, case in enumerate(cases):
        assert same in case.script
        text = case.script.replace(same, stub) if number else case.script
        (tmp_path / f"{case.name}.sh").write_text(text, encoding="utf-8")
    checked = subprocess.run(["shellcheck", *sorted(tmp_path.glob("*.sh"))], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout[:4000]


@needs_shellcheck
def test_shellcheck_has_nothing_to_say_about_any_command(cases: list[Case], tmp_path: Path) -> None:
    """The commands stand in here-documents, into which shellcheck does not look, so they are shown to it as code."""
    runs = sorted({typed.run for case in cases for typed in case.plan if typed.run})
    script = tmp_path / "commands.sh"
    script.write_text("#!/bin/sh\nset -e\n" + "\n".join(runs) + "\n", encoding="utf-8")
    # They would have find in place of `ls | xargs`, for file names that no chart of a known component has.
    checked = subprocess.run(["shellcheck", "-e", "SC2011,SC2012", script], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout[:4000]


def expected_calls(run: str) -> list[list[str]]:
    """The first program of each line of a command with its words, where that is one of the fakes."""
    calls = []
    for line in run.replace("\\\n", " ").split("\n"):
        words = shlex.split(line, comments=True)
        cut = next((i for i, word in enumerate(words) if word in OPERATORS), len(words))
        calls += [words[:cut]] if words and words[0] in FAKES else []
    return calls


@pytest.mark.parametrize("name", ["sh", "bash --posix"])
def test_every_command_of_every_fixture_runs_with_exactly_its_words(cases: list[Case], shell: Shell, name: str) -> None:
    every = {typed.run: typed for case in cases for typed in case.plan if typed.run}
    ready = [replace(t, phase="before", stage="repair", answers=()) for t in every.values() if "<" not in t.run]
    plain = [t for t in ready if not any(f" {sign} " in t.run for sign in OPERATORS) and "crictl" not in t.run]
    assert len(plain) > 50
    ran = shell(script_of(*plain), "--apply", "--allow-no-undo", "before", shell=name)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert shell.called == [call for typed in plain for call in expected_calls(typed.run)]


def test_every_script_shows_its_commands_and_runs_none(cases: list[Case], shell: Shell) -> None:
    for case in cases[::10]:
        ran = shell(case.script)
        assert ran.returncode == 0, (case.name, ran.stderr)
        assert shell.called == []
        shown = shlex.split(ran.stdout.replace("\\\n", " "), comments=True)
        planned = shlex.split("\n".join(typed.run for typed in case.plan).replace("\\\n", " "), comments=True)
        assert shown == planned, case.name


def test_what_is_left_to_fill_in_is_refused_before_anything_runs(cases: list[Case], shell: Shell) -> None:
    every = {typed.run: replace(typed, phase="before", undo=True) for c in cases for typed in c.plan if typed.fill}
    assert every
    for typed in every.values():
        ran = shell(script_of(Typed("before", "kubectl get ns"), typed), "--apply", "before")
        assert ran.returncode == 2, typed.run
        assert "step 2: put what belongs there in place of <" in ran.stderr
        assert shell.called == [], typed.run


def test_once_filled_in_it_runs(shell: Shell) -> None:
    script = script_of(Typed("before", "kubectl drain '<node>' --selector '<label of it>'", fill=True))
    ran = shell(script.replace("<node>", "node-1"), "--apply", "before")
    assert ran.returncode == 2
    assert "in place of <label of it> " in ran.stderr
    ran = shell(script.replace("<node>", "node-1").replace("<label of it>", "a=b"), "--apply", "before")
    assert ran.returncode == 0, ran.stderr
    assert shell.called == [["kubectl", "drain", "node-1", "--selector", "a=b"]]


RULE = """
title: A map that is named badly
severity: error
check: object
params: {kind: ConfigMap, where: {data.bad: "yes"}}
message: "{name} in {namespace}"
remedy:
  - phase: before
    run: kubectl patch configmap {name} -n {namespace} --type=merge -p {patch}
    patch: {data: {told: "{name}"}}
    note: About {name}.
  - phase: after
    run: helm test --logs --namespace={namespace} {name}
    undo: false
why: Because.
"""


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_object_name_reaches_the_program_as_one_word_or_not_at_all(
    name: str, shell: Shell, tmp_path: Path
) -> None:
    """From a dump, through the real scan, into a real shell."""
    metadata = {"name": name, "namespace": name}
    namespace = name or "default"
    bad = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"bad": "yes"}}
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "n"},
        "status": {"nodeInfo": {"osImage": "KubeOS 1"}},
    }
    (tmp_path / "dump.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [bad, node]}))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "named-badly.yaml").write_text(RULE)
    words = ("--to", "kubeos=2.0.0", "--rules", "mine", "--select", "mine/named-badly", "-o", "script")
    ran = upgradecheck("scan", "dump.json", *words, cwd=tmp_path)
    assert "mine/named-badly" in ran.out, ran.out + ran.err
    applied = shell(ran.out, "--apply", "before", "after", "--allow-no-undo")
    assert not (tmp_path / "pwned").exists()
    if name.startswith("-") or "\n" in name or "\t" in name:
        assert applied.returncode == 2, applied.stderr
        assert "fill in" not in applied.stderr
        assert shell.called == []
        return
    assert applied.returncode == 0, applied.stderr
    patch = json.dumps({"data": {"told": name}}, separators=(",", ":"))
    assert shell.called == [
        ["kubectl", "patch", "configmap", name, "-n", namespace, "--type=merge", "-p", patch],
        ["helm", "test", "--logs", f"--namespace={namespace}", name],
    ]


def test_ten_thousand_hostile_words_arrive_as_they_are(shell: Shell) -> None:
    dice = random.Random(5)  # noqa: S311 - the same words in every run
    signs = "ab$`\\'\"(){}[]<|>&;#!*?~ \n\t%=-é带"
    rows = [
        ["kubectl", "get", *("".join(dice.choices(signs, k=dice.randrange(9))) for _ in range(50))] for _ in range(200)
    ]
    rows += [["kubectl", "get", *NASTY]]
    plan = [Typed("before", shlex.join(row)) for row in rows]
    script = script_of(*plan)
    # Whatever looks as if it was to be filled in is refused; somebody who says that it is meant goes on.
    meant = re.sub(r"(?m)^(  step \d+) --fill .* <<'", r"\1 <<'", script)
    ran = shell(meant, "--apply", "before")
    assert ran.returncode == 0, ran.stderr[-1000:]
    assert shell.called == rows
    assert not (shell.folder / "pwned").exists()


def test_hostile_texts_stay_comments(shell: Shell) -> None:
    plan, findings = [], []
    for number, word in enumerate(NASTY, start=1):
        word = f"{word}\r{word}\x1b]0;{word}\x07\u2028{word}\x85{word}"
        findings.append(
            Finding(word, word, "error", word, "observed", Subject(word, word), word, says=word, number=number)
        )
        plan.append(Typed("before", "kubectl get ns", note=word, answers=(number,)))
        plan.append(Typed("before", "", note=word, answers=(number,)))
    gaps = tuple(Gap(word, word, word) for word in NASTY)
    script = script_of(*plan, report=replace(SPIDERPOOL, findings=tuple(findings), gaps=gaps))
    for words in ((), ("--apply", "before")):
        ran = shell(script, *words)
        assert ran.returncode == 0, ran.stderr
        assert "\x1b" not in ran.stdout + ran.stderr + script
    assert shell.called == [["kubectl", "get", "ns"]] * len(NASTY)
    assert not (shell.folder / "pwned").exists()
    if shutil.which("shellcheck"):
        checked = subprocess.run(["shellcheck", "fix.sh"], cwd=shell.folder, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout


def test_it_stops_at_the_first_failure_and_says_how_to_go_on(shell: Shell) -> None:
    script = script_of(
        Typed("before", "kubectl get one"),
        Typed("before", "kubectl get two\nkubectl get three"),
        Typed("before", "helm list"),
    )
    ran = shell(script, "--apply", "before", fail="two")
    assert ran.returncode == 1
    assert shell.called == [["kubectl", "get", "one"], ["kubectl", "get", "two"]]
    assert "step 2 failed with exit code 7" in ran.stderr
    assert "sh fix.sh --apply --from 3 before" in ran.stderr
    ran = shell(script, "--apply", "--from", "3", "before")
    assert (ran.returncode, shell.called) == (0, [["helm", "list"]])


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_a_pipe_whose_first_program_fails_stops(shell: Shell) -> None:
    script = script_of(Typed("before", "kubectl get one | cat > got"), Typed("before", "helm list"))
    ran = shell(script, "--apply", "before", fail="one")
    assert (ran.returncode, shell.called) == (1, [["kubectl", "get", "one"]])


PHASES = tuple(Typed(phase, f"kubectl get {phase}") for phase in ("before", "upgrade", "after", "rollback"))


@pytest.mark.parametrize(
    ("words", "ran"),
    [
        (["before"], ["before"]),
        (["rollback"], ["rollback"]),
        (["before", "after"], ["before", "after"]),
        (["all"], ["before", "upgrade", "after"]),
    ],
)
def test_a_phase_is_chosen(words: list[str], ran: list[str], shell: Shell) -> None:
    script = script_of(*PHASES)
    assert shell(script, *words, APPLY="1").returncode == 0
    assert [call[2] for call in shell.called] == ran
    assert shell(script, *words).returncode == 0
    assert shell.called == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--apply"], "say what to run: before, upgrade, after, rollback"),
        (["--aply", "before"], "--aply: expected --apply"),
        (["--apply", "--from", "x", "before"], "--from x: expected the number of a step"),
        (["--from"], "the number of a step is missing"),
    ],
)
def test_a_slip_runs_nothing(words: list[str], said: str, shell: Shell) -> None:
    ran = shell(script_of(*PHASES), *words)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert shell.called == []


def test_apply_is_1_or_0(shell: Shell) -> None:
    ran = shell(script_of(*PHASES), "before", APPLY="yes")
    assert (ran.returncode, shell.called) == (2, [])
    assert shell(script_of(*PHASES), "before", APPLY="0").returncode == 0
    assert shell.called == []


def test_what_cannot_be_undone_needs_its_own_word(shell: Shell) -> None:
    script = script_of(Typed("before", "kubectl get ns"), Typed("before", "kubectl delete crd x", undo=False))
    ran = shell(script, "--apply", "before")
    assert (ran.returncode, shell.called) == (2, [])
    assert "step 2: cannot be undone: say --allow-no-undo" in ran.stderr
    assert shell(script, "--apply", "--allow-no-undo", "before").returncode == 0
    assert len(shell.called) == 2


def test_here_documents_and_several_lines_are_run_as_they_are(shell: Shell) -> None:
    run = "cat > got <<'EOF'\nCOMMAND\n  indented: \"$HOME\" `x`\nEOF\nkubectl apply \\\n  -f got"
    ran = shell(script_of(Typed("before", run), Typed("before", "helm list")), "--apply", "before")
    assert ran.returncode == 0, ran.stderr
    assert (shell.folder / "got").read_text() == 'COMMAND\n  indented: "$HOME" `x`\n'
    assert shell.called == [["kubectl", "apply", "-f", "got"], ["helm", "list"]]


def test_echo_hands_on_backslashes(shell: Shell) -> None:
    patch = json.dumps({"a": "x\ny\\z é"})
    ran = shell(script_of(Typed("before", f"echo {shlex.quote(patch)} > got")), "--apply", "before")
    assert ran.returncode == 0, ran.stderr
    assert (shell.folder / "got").read_text() == patch + "\n"


def test_each_hop_is_a_run_of_its_own(shell: Shell) -> None:
    hops = [Typed("upgrade", f"helm upgrade a b --version {v}", stage="hop") for v in ("1.1", "1.2", "1.3")]
    ran = shell(script_of(*hops), "--apply", "upgrade")
    assert (ran.returncode, len(shell.called)) == (3, 1)
    assert "Scan again, then: sh fix.sh --apply --from 2 upgrade" in ran.stderr
    assert shell(script_of(*hops), "--apply", "--from", "2", "upgrade").returncode == 3
    assert [call[-1] for call in shell.called] == ["1.2"]


def test_what_is_for_each_node_is_not_run_here(shell: Shell) -> None:
    script = script_of(Typed("before", "echo a b | xargs -n1 crictl pull"), Typed("before", "helm list"))
    ran = shell(script, "--apply", "before")
    assert (ran.returncode, shell.called) == (0, [["helm", "list"]])
    assert "step 1 is for each node and was not run from here" in ran.stderr


@pytest.mark.parametrize("left", ["helm upgrade a b --set x.password='***HIDDEN***'", "kubectl get pod 'a\x1b[31mb'"])
def test_what_was_left_out_of_a_command_is_never_run(left: str, shell: Shell) -> None:
    ran = shell(script_of(Typed("upgrade", left)), "--apply", "upgrade")
    assert (ran.returncode, shell.called) == (2, [])
    assert "step 1: " in ran.stderr


def test_a_secret_taken_out_of_the_middle_of_a_command_is_to_be_filled_in(shell: Shell) -> None:
    ran = shell(script_of(Typed("upgrade", "helm upgrade a b --set 'x.password=<password>,y=1'")), "--apply", "upgrade")
    assert (ran.returncode, shell.called) == (2, [])


def test_it_can_be_piped_and_is_not_run_in_half(shell: Shell) -> None:
    script = script_of(*PHASES)
    path = f"{shell.folder / 'bin'}:{os.environ['PATH']}"
    environment = {"PATH": path, "RECORD": str(shell.folder / "record")}
    run: Callable[[str], Any] = lambda text: subprocess.run(  # noqa: E731
        ["sh", "-s", "--", "--apply", "all"],
        input=text,
        env=environment,
        cwd=shell.folder,
        capture_output=True,
        text=True,
    )
    run(script[:-10])
    assert not (shell.folder / "record").exists()
    assert run(script).returncode == 0
    assert len(shell.called) == 3


@pytest.mark.parametrize("name", SCREENS)
def test_every_finding_and_every_command_of_the_plan_is_there(name: str) -> None:
    report = SCREENS[name]
    script = FORMATS["script"].render(report)
    for finding in report.findings:
        assert f" {finding.rule}" in script
    assert script.count("\n  step ") == sum(bool(typed.run) for typed in report.plan)


def test_the_exit_code_is_that_of_every_format() -> None:
    folder = FIXTURES / "rules" / "kubeos" / "http-without-flagsafe" / "bad"
    assert scan_case(folder, "-o", "script").code == scan_case(folder, "-o", "json").code == 1
