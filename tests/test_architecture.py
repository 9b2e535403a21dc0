"""The import direction of the package, and what start-up pays for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from scanning import PROJECT

PACKAGE = PROJECT / "upgradecheck"
LAYERS = [
    {"errors", "builtin", "versions", "quantities", "images", "coverage"},
    {"model"},
    {"cluster", "index", "overlay", "conditions", "commands", "yaml", "tables", "scheduling", "routes", "fingerprint"},
    {"facts"},
    {"sources", "checks"},
    {"packs"},
    {"intent"},
    {"suppress"},
    {"engine"},
    {"report"},
    {"api"},
    {"config"},
    {"__init__", "terminal", "cli_live"},
    {"cli_output", "cli_options"},
    {"cli_scan", "cli_config", "cli_completion"},
    {"cli_baseline", "cli_collect"},
    {"cli", "__main__"},
    {"pytest_plugin", "kubectl_plugin"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def imports(path: Path) -> set[str]:
    """The top-level modules of the package that a file imports, inside functions too."""
    found = set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            if node.level == depth:
                names = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
                found.update(name for name in names if name in RANK)
            else:
                assert node.level < depth or node.module, f"{path} reaches out of the package"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("upgradecheck"):
            pytest.fail(f"{path}: write relative imports")
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert own in RANK, f"{own} has no place in the order of layers"
    if own == "__init__":
        return
    for name in imports(path) - {own, "__init__"}:
        assert RANK[name] <= RANK[own], f"{path.relative_to(PROJECT)} imports {name}, which lies above it"


def test_version_costs_no_library() -> None:
    code = (
        "import sys\nfrom upgradecheck.cli import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'yaml', 'jsonschema', 'kubernetes', 'rich', 'packaging', 'json'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_scan_of_a_small_file_costs_no_schema_library(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n")
    code = (
        "import sys\nfrom upgradecheck.cli import main\n"
        "try:\n    main(['scan', 'pod.yaml'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'jsonschema', 'kubernetes', 'rich', 'requests'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=tmp_path)
