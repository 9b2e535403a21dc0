"""The pytest plugin: `pytest --upgradecheck PATH…` judges an upgrade as test items. docs/pytest.md has the whole of it.

Every pytest run in an environment that holds upgradecheck loads this module, so it imports nothing but pytest, and the
engine only once somebody asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .options import add_options, inputs, packs, paths

if TYPE_CHECKING:
    from ..model import Report
    from .scanning import Scan

__all__ = ["pytest_addoption", "pytest_configure", "upgradecheck_report", "upgradecheck_scan"]


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "upgradecheck: what upgradecheck judged, one item for each rule and object group"
    )
    if inputs(config) or packs(config):
        from .run import Run

        config.pluginmanager.register(Run(config), "upgradecheck-run")


@pytest.fixture(scope="session")
def upgradecheck_scan(pytestconfig: pytest.Config) -> Scan:
    """A function that scans and returns the Report: `upgradecheck_scan("dump/", to={"cilium": "1.12.0"})`.

    It takes what `upgradecheck.scan` takes. What is not given is as the options of pytest say.
    """
    from .scanning import scanner

    return scanner(pytestconfig)


@pytest.fixture(scope="session")
def upgradecheck_report(pytestconfig: pytest.Config) -> Report:
    """The Report of `--upgradecheck PATH`, read once in a run. It fails where no PATH is given."""
    from .scanning import report_of

    if not paths(pytestconfig, ""):
        pytest.fail("upgradecheck_report needs an input: pytest --upgradecheck PATH", pytrace=False)
    return report_of(pytestconfig)
