"""`-o`: several formats at once, each where it was asked for, and refused before the scan where that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scanning import upgradecheck

from upgradecheck.report import FORMATS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n")
    return tmp_path


def scan(folder: Path, *words: str) -> tuple[int, str, str]:
    ran = upgradecheck("scan", "pod.yaml", *words, cwd=folder)
    return ran.code, ran.out, ran.err


def test_several_formats_each_in_its_place(folder: Path) -> None:
    code, out, err = scan(folder, "-o", "text", "-o", "sarif=x.sarif", "-o", "junit=x=y.xml", "-o", "json=x.json")
    assert (code, err) == (3, "")
    assert out.startswith("STOP")
    assert json.loads((folder / "x.sarif").read_text())["version"] == "2.1.0"
    assert (folder / "x=y.xml").read_text().startswith("<?xml")
    assert json.loads((folder / "x.json").read_text())["exit_code"] == 3


def test_files_alone_leave_standard_output_empty(folder: Path) -> None:
    assert scan(folder, "-o", "sarif=x.sarif") == (3, "", "")
    assert scan(folder, "-o", "sarif=-")[1] == (folder / "x.sarif").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "text", "-o", "json"], "-o text and -o json both go to standard output"),
        (["-o", "json", "-o", "json=-"], "both go to standard output"),
        (["-o", "json=a", "-o", "sarif=./a"], "-o json and -o sarif both go to ./a"),
        (["-o", "sarf"], "unknown format 'sarf' (did you mean sarif?"),
        (["-o", "xml"], "known are text, json, sarif, junit, github, gitlab, markdown"),
        (["-o", "sarif="], "-o sarif=: no file"),
        (["-o", "sarif=no/such/x.sarif"], "cannot write no/such/x.sarif: there is no folder no/such"),
        (["-o", "sarif=."], "cannot write .: it is a folder"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(folder: Path, words: list[str], said: str) -> None:
    code, out, err = scan(folder, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert [each.name for each in folder.iterdir()] == ["pod.yaml"]


def test_a_file_that_fails_late_costs_no_other_format(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    code, out, err = scan(folder, "-o", "sarif=/dev/full", "-o", "text")
    assert (code, out[:4]) == (2, "STOP")
    assert err == "upgradecheck: cannot write /dev/full: No space left on device\n"


def test_the_help_names_every_format() -> None:
    told = upgradecheck("scan", "--help").out
    assert all(name in told for name in FORMATS)
