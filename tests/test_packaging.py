"""What is shipped: the wheel holds the rules and the type marker, and runs from another folder without a checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from scanning import PROJECT, RULES

import upgradecheck


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what it is built from, so that nothing appears in the checkout."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    for name in ("upgradecheck", "rules"):
        shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    subprocess.run(build, check=True, capture_output=True, cwd=source)
    [built] = out.glob("*.whl")
    return built


def test_the_wheel_holds_every_rule_and_the_type_marker(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    on_disk = {
        f"upgradecheck/rules/{path.relative_to(RULES).as_posix()}"
        for path in RULES.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }
    assert on_disk
    assert on_disk <= names
    assert "upgradecheck/py.typed" in names
    beside = (PROJECT / "upgradecheck" / "report" / "files").iterdir()
    assert {f"upgradecheck/report/files/{path.name}" for path in beside} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        inside = {name.split("/")[1] for name in archive.namelist() if name.startswith("upgradecheck/")}
    assert tops == {"upgradecheck", f"upgradecheck-{upgradecheck.__version__}.dist-info"}
    assert not inside & {"tests", "fixtures", "docs", "benchmarks"}


def test_the_wheel_says_what_it_is_and_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        told = f"upgradecheck-{upgradecheck.__version__}.dist-info"
        metadata = archive.read(f"{told}/METADATA").decode()
        entry = archive.read(f"{told}/entry_points.txt").decode()
    assert f"\nVersion: {upgradecheck.__version__}\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert "upgradecheck = upgradecheck.cli:main" in entry


def test_the_unpacked_wheel_runs_elsewhere_with_all_rules(wheel: Path, tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "import upgradecheck; assert upgradecheck.__file__.startswith(sys.path[0]), upgradecheck.__file__\n"
        "from upgradecheck.cli import main; main(['rules'])\n"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(installed)],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    listed = {word for word in done.stdout.split() if "/" in word}
    rules = {f"{p.parent.name}/{p.stem}" for p in RULES.glob("*/*.yaml") if p.name != "component.yaml"}
    assert rules <= listed


def test_the_public_names_are_these_and_no_others() -> None:
    assert upgradecheck.__all__ == [
        "Evidence", "Finding", "Gap", "InputError", "Object", "Origin", "Problem", "Report", "RuleError", "Typed",
        "UpgradecheckError", "UsageError", "Verdict", "__version__", "scan",
    ]  # fmt: skip
    for name in upgradecheck.__all__:
        assert getattr(upgradecheck, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'scann'"):
        _ = upgradecheck.scann  # type: ignore[attr-defined]
