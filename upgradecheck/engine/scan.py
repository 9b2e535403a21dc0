"""One scan, from what was asked to the report. Nothing is printed, nothing exits, no clock is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..intent.asked import Asked, Known
from ..intent.upgrades import understand
from ..intent.wanted import files_apart, read_wanted
from ..model import Report
from ..packs import load_components, rule_ids
from ..sources import load
from ..yaml import collector
from .assemble import assemble
from .choose import refuse_strangers

Progress = Callable[[int, int], None]


def scan(asked: Asked, *, now: datetime | None = None, progress: Progress | None = None) -> Report:
    """Read, work out the upgrades, judge each, and put the report together.

    Raises UsageError where the arguments do not fit together and RuleError where a rule file is wrong; what
    could not be read is in the report's `problems`. `now` tells the age of a dump.
    """
    with collector():
        loaded = load(
            asked.inputs,
            stdin=asked.stdin,
            collected=asked.collected,
            current_values=asked.current_values,
            apart=files_apart(asked),
            progress=progress,
        )
        wanted = read_wanted(asked)
        known = Known(wanted.chart, wanted.applied, loaded.unnamed_values)
        packs = load_components(asked.rules)
        ids = [rule for pack in packs for rule in rule_ids(pack)]
        refuse_strangers("--select", asked.select, ids)
        refuse_strangers("--ignore", asked.ignore, ids)
        understood = understand(loaded.cluster, [pack.component for pack in packs], asked, known)
        parts = []
        if understood.upgrades:
            # Judging brings in every condition and check: nobody pays for that who asks about nothing known.
            from .part import judge_one

            parts = [judge_one(loaded.cluster, packs, pair, asked, known) for pair in understood.upgrades]
        problems = (*loaded.problems, *wanted.problems, *understood.problems)
        return assemble(asked, loaded, parts, problems, now)
