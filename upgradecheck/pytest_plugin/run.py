"""The hooks of a run that asks for upgradecheck. One scan serves it: with pytest-xdist the controller scans, and every
worker is handed the items."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from .options import HANDED, handed, inputs, packs

if TYPE_CHECKING:
    from .told import Telling


class Run:
    """Registered only where somebody asked."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.scans = bool(inputs(config))
        self.telling: Telling | None = None

    def pytest_report_header(self) -> list[str]:
        return [f"upgradecheck: {', '.join(inputs(self.config))}"] if self.scans else []

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """pytest-xdist starts a worker. Named by its hook, since the library may be absent."""
        telling = {"telling": self.told().plain()} if self.scans else {}
        node.workerinput[HANDED] = {**handed(self.config), **telling}

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        if isinstance(collector, pytest.Session) and report.passed:
            from .items import Folder, Upgrade

            own: list[pytest.Item | pytest.Collector] = []
            if self.scans:
                own.append(Upgrade.of(collector, self.told()))
            own += [Folder.of(collector, given) for given in packs(self.config)]
            report.result = [*report.result, *own]
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.telling is None or self.config.getoption("collectonly"):
            return
        quiet = self.config.get_verbosity() < 0
        if not quiet:
            terminalreporter.section("upgradecheck")
        for line in self.telling.verdict if quiet else self.telling.screen:
            terminalreporter.write_line(line)

    def told(self) -> Telling:
        """The items of this run. Raises pytest.UsageError where the options do not fit together."""
        if self.telling is None:
            self.telling = self._told()
        return self.telling

    def _told(self) -> Telling:
        from ..errors import UpgradecheckError
        from .told import Telling

        worker = getattr(self.config, "workerinput", None)
        if worker is not None:
            return Telling.of(worker[HANDED]["telling"])
        try:
            from .scanning import telling_of

            return telling_of(self.config, self.config.get_terminal_writer().fullwidth)
        except UpgradecheckError as error:
            raise pytest.UsageError(f"upgradecheck: {error}") from None
        except pytest.UsageError:
            raise
        except Exception as error:
            if os.environ.get("UPGRADECHECK_DEBUG"):
                raise
            told = " ".join(f"{type(error).__name__}: {error}".split())
            shown = f"upgradecheck: internal error: {told} (UPGRADECHECK_DEBUG=1 shows where)"
            raise pytest.UsageError(shown) from None
