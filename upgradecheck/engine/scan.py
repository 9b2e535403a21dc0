"""One scan, from what was asked to the report. Nothing is printed, nothing exits, no clock is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..intent.asked import Asked
from ..intent.upgrades import understand
from ..intent.wanted import Wanted, files_apart, known_of, read_wanted
from ..model import Report
from ..packs import Pack, load_components, rule_ids
from ..sources import Loaded, load
from ..yaml import collector
from .assemble import assemble
from .choose import refuse_strangers
from .suppressed import open_ledger, told

if TYPE_CHECKING:
    from ..sources.live import Watch

Progress = Callable[[int, int], None]


def scan(
    asked: Asked, *, now: datetime | None = None, progress: Progress | None = None, watch: Watch | None = None
) -> Report:
    """Read, work out the upgrades, judge each, and put the report together.

    Raises UsageError where the arguments do not fit together and RuleError where a rule file is wrong; what
    could not be read is in the report's `problems`. `now` tells the age of a dump. `progress` is told
    of files, `watch` of a live cluster.
    """
    with collector():
        packs = load_components(asked.rules)
        ids = [rule for pack in packs for rule in rule_ids(pack)]
        refuse_strangers("--select", asked.select, ids)
        refuse_strangers("--ignore", asked.ignore, ids)
        wanted, loaded = _read(asked, packs, progress, watch)
        known = known_of(wanted, loaded.unnamed_values)
        understood = understand(loaded.cluster, [pack.component for pack in packs], asked, known)
        ledger = open_ledger(asked, now or loaded.cluster.newest)
        parts = []
        if understood.upgrades:
            # Judging brings in every condition and check: nobody pays for that who asks about nothing known.
            from .part import judge_one

            parts = [judge_one(loaded.cluster, packs, pair, asked, known, ledger) for pair in understood.upgrades]
        problems = (*loaded.problems, *wanted.problems, *understood.problems)
        report = assemble(asked, loaded, parts, problems, now, ledger, wanted)
        return replace(report, notices=told(ledger, packs, loaded.cluster, parts, report))


def _read(asked: Asked, packs: Sequence[Pack], progress: Progress | None, watch: Watch | None) -> tuple[Wanted, Loaded]:
    """What is about to happen, and what is running. Standard input is read where it is named first."""
    if asked.live is not None:
        from .live import survey

        wanted = read_wanted(asked)
        return wanted, survey(asked, packs, wanted, watch).loaded
    before = read_wanted(asked) if asked.base else None
    loaded = load(
        asked.inputs if before is None else before.inputs or before.under,
        stdin=asked.stdin,
        collected=asked.collected,
        current_values=asked.current_values,
        apart=files_apart(asked),
        progress=progress,
    )
    if before is not None and not before.inputs:
        loaded = replace(loaded, inputs=tuple(str(path) for path in asked.inputs), source=before.compared)
    return before or read_wanted(asked), loaded
