"""The documentation says what is so: the screen is what is printed, links lead somewhere, limits are the code's."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from scanning import FIXTURES, PROJECT, RULES, scan_case

from upgradecheck.intent.tables import TABLES
from upgradecheck.sources import Limits
from upgradecheck.sources.values import LIMIT

README = PROJECT / "README.md"
CASE = FIXTURES / "clusters" / "spiderpool-reuse-values"
SCREEN = re.compile(r"(?<=^```\n)\$ upgradecheck scan dump -- .*?(?=^```$)", re.M | re.S)
PAGES = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *FIXTURES.rglob("README.md")]


def screen() -> str:
    command = (CASE / "command.txt").read_text(encoding="utf-8").strip()
    return f"$ upgradecheck scan dump -- {command}\n{scan_case(CASE).out}"


def test_the_screen_in_the_readme_is_what_is_printed_now(accepted: Callable[[Path, str], None]) -> None:
    text = README.read_text(encoding="utf-8")
    assert len(SCREEN.findall(text)) == 1
    accepted(README, SCREEN.sub(lambda _: screen(), text))


def test_try_it_prints_that_screen() -> None:
    if not list(PROJECT.glob(".venv/.made-from-*")):
        pytest.skip("the environment of ./run-tests is not set up")
    done = subprocess.run([PROJECT / "try-it"], capture_output=True, text=True, cwd="/")
    printed = [line for line in done.stdout.splitlines() if not line.startswith("Read: ")]
    assert printed == [line for line in screen().splitlines() if not line.startswith("Read: ")]
    assert done.returncode == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"(?<!\\)\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(file), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_changelog_names_every_rule() -> None:
    told = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    rules = {f"{p.parent.name}/{p.stem}" for p in RULES.glob("*/*.yaml") if p.name != "component.yaml"}
    assert rules - set(re.findall(r"^- `(\S+/\S+)`: ", told, re.M)) == set()


def test_the_limits_are_those_of_the_code() -> None:
    page = (PROJECT / "docs" / "inputs.md").read_text(encoding="utf-8").partition("## Limits")[2]
    for field in fields(Limits):
        size = getattr(Limits(), field.name)
        assert (f"{size >> 20} MiB" if size >= 1 << 20 else str(size)) in page, field.name
    assert f"a values file | {LIMIT >> 20} MiB" in page


def test_every_command_that_is_understood_is_described() -> None:
    page = (PROJECT / "docs" / "intent.md").read_text(encoding="utf-8")
    for tool, verbs in TABLES.items():
        rows = " ".join(re.findall(rf"^\| `{tool}` \| .*$", page, re.M))
        for verb in verbs:
            assert f"`{verb}`" in rows, f"{tool} {verb}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_page_knows_the_machine_that_it_was_written_on(page: Path) -> None:
    told = page.read_text(encoding="utf-8")
    # Cilium and Multus keep their configuration below /tmp inside their containers.
    assert not re.search(r"(?<![\w.])/(?:(?:root|home|work)/|tmp/(?!cilium/|multus-conf/))", told)
