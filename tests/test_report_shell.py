"""Commands as printed: pasted, they are the same words as before."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from canned_reports import SCREENS

from upgradecheck.report.shell import lay_out
from upgradecheck.report.width import columns

LONG = "'a very long argument that does not fit'"
COMMANDS = [
    "helm upgrade cilium cilium/cilium --version 1.12.0 -n kube-system --set 'a[0].b=c d' --set \"x=$HOME\" -f o.yaml",
    'kubectl patch os.upgrade.openeuler.org os-sample -n default --type=merge -p \'{"spec": {"flagSafe": true}}\'',
    "ls spiderpool/crds/spiderpool.spidernet.io_* | xargs -n1 kubectl apply --server-side --force-conflicts -f",
    r"kubectl get pods -o jsonpath=\{.items\ \[0\]\} --sort-by '.metadata name' && echo it\'s done > /dev/null 2>&1",
    "kubectl get pod '带有 空格的名字' --namespace 'name with # and a very long tail of words in it' -o yaml",
    "printf '%s\\n' \"a # b\" 'it'\\''s' c#d \"$HOME/x\" -- --flag-like 'and more' 'and more' 'and more' 'and more'",
    f'printf "%s" "$(echo "two  words" x)" {LONG} {LONG}',
    "helm upgrade a b/c \\\n  --set x=1 \\\n  --set 'y=2 3' --version 1.2.3 --set-string a.very.long.path.of.values=3",
    "kubectl get ns",
]
ANSI_C = rf"printf '%s' $'tab\tquote\'s' {LONG} {LONG}"


def as_pasted(lines: list[str]) -> list[str]:
    return shlex.split("\n".join(lines).replace("\\\n", " "))


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("spare", [0, 6])
@pytest.mark.parametrize("command", COMMANDS)
def test_words_stay_the_same(command: str, width: int, spare: int) -> None:
    laid = lay_out(command, width, spare=spare)
    assert as_pasted(laid.lines) == as_pasted(command.split("\n"))
    assert not [line for line in laid.lines if line != line.rstrip()]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_real_shell_sees_the_same_words(width: int, tmp_path: Path) -> None:
    """Functions named like the tools print their words, so quotes, pipes and breaks are the shell's own business."""
    tools = "".join(f'{tool}() {{ printf "<%s>" "$@"; echo; }}\n' for tool in ("helm", "kubectl", "ls", "xargs"))
    for command in [*COMMANDS, ANSI_C]:
        laid = lay_out(command, width, spare=4)
        before, after = (
            subprocess.run(
                ["bash", "-c", tools + text], capture_output=True, text=True, cwd=tmp_path, check=False
            ).stdout
            for text in (command, "\n".join(laid.lines))
        )
        assert after == before, command


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", SCREENS)
def test_every_planned_command_stays_the_same(name: str, width: int) -> None:
    for step in SCREENS[name].plan:
        if "<<" not in step.run:
            assert as_pasted(lay_out(step.run, width, spare=4).lines) == as_pasted(step.run.split("\n"))


def test_a_flag_keeps_its_value_beside_it() -> None:
    assert lay_out("helm upgrade a b/c --version 1.12.0 -n kube-system -f old.yaml", 40).lines == [
        "  helm upgrade a b/c --version 1.12.0 \\",
        "    -n kube-system -f old.yaml",
    ]


def test_room_for_a_number_is_left_where_that_can_be() -> None:
    lines = lay_out("helm upgrade a b/c --version 1.12.0", 40, spare=4).lines
    assert lines == ["  helm upgrade a b/c \\", "    --version 1.12.0"]
    long = "ls " + "x" * 33
    assert lay_out(long, 40, spare=4).lines == [f"  {long}"]


@pytest.mark.parametrize(
    "command",
    [
        "kubectl apply -f - <<'EOF'\nkind: ConfigMap\ndata:\n  a: b\nEOF",
        "kubectl patch x -p 'spec:\n  a: b'",
        "printf 'one'\\\n'two'",
    ],
)
def test_what_an_indent_would_change_stands_as_it_is(command: str) -> None:
    laid = lay_out(command, 30)
    assert "\n".join(laid.lines) == command
    assert not laid.open


def test_several_commands_are_laid_out_one_by_one() -> None:
    run = 'for n in a b; do\n  kubectl drain "$n"  # mind the budgets\ndone'
    assert lay_out(run, 80).lines == [
        "  for n in a b; do",
        '    kubectl drain "$n"  # mind the budgets',
        "  done",
    ]


def test_own_comment_is_taken_off_the_last_line() -> None:
    laid = lay_out("kubectl get ds  # want 8, 8", 80)
    assert (laid.lines, laid.comment) == (["  kubectl get ds"], "# want 8, 8")


def test_no_line_is_too_wide_that_could_be_broken() -> None:
    for width in (30, 40, 80):
        for command in COMMANDS[:5]:
            for line in lay_out(command, width).lines:
                assert columns(line) <= width or len(shlex.split(line.removesuffix("\\"))) <= 2, line
