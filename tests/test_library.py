"""`import upgradecheck` as a program uses it: the examples of docs/library.md run and print what stands there."""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import os
import re
import signal
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scanning import FIXTURES, PROJECT

import upgradecheck

CILIUM = FIXTURES / "clusters" / "cilium-preflight"
PAGE = (PROJECT / "docs" / "library.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE, re.M | re.S)
COMMAND = "helm upgrade cilium cilium/cilium --version 1.12.0 -n kube-system"


def test_the_examples_print_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """They build on each other, so they run in one go."""
    monkeypatch.chdir(CILIUM)
    assert len(EXAMPLES) == PAGE.count("```python\n") >= 5, "every example is followed by what it prints"
    names: dict[str, Any] = {}
    for code, printed in EXAMPLES:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "docs/library.md", "exec"), names)  # noqa: S102  the project's own page
        assert out.getvalue() == printed


def test_every_argument_of_scan_is_on_the_page() -> None:
    import inspect

    for name in inspect.signature(upgradecheck.scan).parameters:
        assert f"`{name}`" in PAGE or f"`*{name}`" in PAGE, name


def test_a_scan_prints_nothing_and_leaves_the_process_alone(capfd: pytest.CaptureFixture[str]) -> None:
    def state() -> Any:
        handlers = [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)]
        return (
            Path.cwd(), dict(os.environ), list(sys.path), gc.isenabled(), gc.get_threshold(), handlers,
            list(logging.getLogger().handlers), list(warnings.filters), sys.getrecursionlimit(), sys.excepthook,
        )  # fmt: skip

    before = state()
    upgradecheck.scan(CILIUM / "dump", command=COMMAND)
    upgradecheck.scan(CILIUM / "nowhere", to={"cilium": "1.12.0"})
    assert state() == before
    assert capfd.readouterr() == ("", "")


def test_the_collector_stays_off_where_it_was_off() -> None:
    gc.disable()
    try:
        upgradecheck.scan(CILIUM / "dump" / "helm-list.json", to={"cilium": "1.12.0"})
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_command_as_text_and_as_words_is_the_same() -> None:
    text = upgradecheck.scan(CILIUM / "dump", command=COMMAND)
    words = upgradecheck.scan(str(CILIUM / "dump"), command=COMMAND.split())
    assert text.verdict == words.verdict
    assert [f.message for f in text.findings] == [f.message for f in words.findings]


@pytest.mark.parametrize("command", ["helm upgrade 'cilium", "rm -rf x", "helm", ["helm", "upgrade"]])
def test_a_command_that_is_none_is_a_usage_error(command: str | list[str]) -> None:
    with pytest.raises(upgradecheck.UsageError):
        upgradecheck.scan(CILIUM / "dump", command=command)


def test_paths_streams_and_lists_are_inputs_alike() -> None:
    dump = CILIUM / "dump"
    path = upgradecheck.scan(dump / "objects.yaml", to={"cilium": "1.12.0"})
    with (dump / "objects.yaml").open("rb") as stream:
        piped = upgradecheck.scan("-", to={"cilium": "1.12.0"}, stdin=stream)
    listed = upgradecheck.scan([dump / "objects.yaml"], to={"cilium": "1.12.0"})
    for other in (piped, listed):
        assert [(f.rule, f.message) for f in other.findings] == [(f.rule, f.message) for f in path.findings]


def test_the_age_is_told_by_the_clock_that_was_given() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    aged = upgradecheck.scan(CILIUM / "dump", to={"cilium": "1.12.0"}, now=now)
    assert aged.examined.age is not None
    assert 86_400 < aged.examined.age < 2 * 86_400
    assert upgradecheck.scan(CILIUM / "dump", to={"cilium": "1.12.0"}).examined.age is None


def test_inputs_are_not_changed() -> None:
    deployment: dict[str, Any] = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a"}, "spec": {}}
    copy = {**deployment, "metadata": dict(deployment["metadata"])}
    upgradecheck.scan(deployment, to={"cilium": "1.12.0"})
    assert deployment == copy


def test_a_broken_rule_is_raised_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("title: x\nseverity: eror\n")
    with pytest.raises(upgradecheck.RuleError) as raised:
        upgradecheck.scan(CILIUM / "dump", to={"cilium": "1.12.0"}, rules=[str(tmp_path)])
    assert f"{tmp_path / 'bad.yaml'}:2" in str(raised.value)
