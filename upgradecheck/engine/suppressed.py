"""Opens the ledger of a scan, and tells at the end what of it wants tidying up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ..cluster import Cluster
from ..intent.asked import Asked
from ..model import Notice, Report
from ..packs import Pack, earlier_ids, rule_ids
from ..suppress import Ledger, RuleNames, notices, read_baseline
from .outcome import Part


def open_ledger(asked: Asked, now: datetime | None) -> Ledger:
    """`now` decides which entries have expired, by the day in UTC. Raises InputError for a bad baseline."""
    baseline = read_baseline(asked.baseline) if asked.baseline else None
    return Ledger(asked.suppress, baseline, now.astimezone(UTC).date() if now else None)


def told(
    ledger: Ledger, packs: Sequence[Pack], cluster: Cluster, parts: Sequence[Part], report: Report
) -> tuple[Notice, ...]:
    """What is expired, unused, or for no rule. Where something could not be read, nothing is called unused."""
    names = RuleNames(
        ids=[rule for pack in packs for rule in rule_ids(pack)],
        retired=[f"{pack.name}/{name}" for pack in packs for name in pack.component.retired],
        renamed=lambda: {old: new for pack in packs for old, new in earlier_ids(pack).items()},
    )
    judged = {} if report.problems else {rule.id: rule for part in parts for rule in part.choice.chosen}
    silent = {rule for gap in report.gaps for rule in gap.silences}
    applied = (one for part in parts for one in part.upgrade.applied if one.built)
    return notices(ledger, names, tuple(judged.values()), silent, (*cluster.looked_into(), *applied))
