"""The test items: what a scan found, and the cases of a pack of rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .told import Telling, Told


class Found(Exception):  # noqa: N818  it names what was found, which is no error of the program
    """What a failing item prints, whole: a line for each line."""


class Plain(pytest.Item):
    """An item that fails with text alone, never with a traceback. `file` and `line` are where to look."""

    brief = ""
    file = ""
    line = 0

    def reportinfo(self) -> tuple[Path, int, str]:
        place = Path(self.file) if self.file else self.path / str(self.parent.name if self.parent else "")
        return place.absolute(), max(self.line - 1, 0), self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        if not isinstance(excinfo.value, Found):
            return super().repr_failure(excinfo)
        shown = excinfo.getrepr(style="value")
        if shown.reprcrash is not None:
            # The one line of the summary and of JUnit's message, and the place that editors jump to.
            shown.reprcrash.message = self.brief
            shown.reprcrash.path = str(self.reportinfo()[0])
            shown.reprcrash.lineno = self.line
        return shown


class Upgrade(pytest.Collector):
    """The items of one scan."""

    @classmethod
    def of(cls, session: pytest.Session, telling: Telling) -> Upgrade:
        made: Upgrade = cls.from_parent(session, name="upgradecheck", nodeid="upgradecheck")
        made.telling = telling
        return made

    telling: Telling

    def collect(self) -> Iterator[Judged]:
        for told in self.telling.items:
            yield Judged.of(self, told)


class Judged(Plain):
    """One rule on one group of objects, or the inputs."""

    told: Told

    @classmethod
    def of(cls, parent: pytest.Collector, told: Told) -> Judged:
        # The id is given as text: --lf reads it back from text, and would not know it otherwise.
        made: Judged = cls.from_parent(parent, name=told.name, nodeid=f"{parent.nodeid}::{told.name}")
        made.told = told
        made.brief, made.file, made.line = told.brief, told.file, told.line
        made.user_properties.extend(told.properties)
        made.add_marker("upgradecheck")
        if told.outcome == "skipped":
            made.add_marker(pytest.mark.skip(reason=told.text))
        return made

    def runtest(self) -> None:
        if self.told.outcome == "failed":
            raise Found(self.told.text)


class Folder(pytest.Collector):
    """The cases of the packs of `--upgradecheck-pack DIR`."""

    given = ""

    @classmethod
    def of(cls, session: pytest.Session, given: str) -> Folder:
        made: Folder = cls.from_parent(
            session, name="upgradecheck-pack", nodeid=f"upgradecheck-pack/{Path(given).name}"
        )
        made.given = given
        return made

    def collect(self) -> Iterator[Case]:
        from ..errors import UpgradecheckError
        from .pack import cases

        try:
            found = cases(self.given)
        except UpgradecheckError as error:
            raise self.CollectError(str(error)) from None
        for rule, name, folder in found:
            yield Case.of(self, rule, name, folder)


class Case(Plain):
    """One fixture of a rule: it is judged when the item runs."""

    given = ""
    rule = ""
    kind = ""
    folder = Path()

    @classmethod
    def of(cls, parent: Folder, rule: str, kind: str, folder: Path) -> Case:
        name = f"{rule}[{kind}]"
        made: Case = cls.from_parent(parent, name=name, nodeid=f"{parent.nodeid}::{name}")
        made.given, made.rule, made.kind = parent.given, rule, kind
        made.folder, made.file = folder, str(folder)
        made.add_marker("upgradecheck")
        return made

    def runtest(self) -> None:
        from .pack import wrong

        text = wrong(self.given, self.rule, self.kind, self.folder)
        if text:
            self.brief = text.splitlines()[0]
            raise Found(text)
