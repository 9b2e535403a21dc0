"""Gaps of what a live cluster did not give: each with every rule that reads it, whether it complained or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model import Component, Gap, Rule
from ..sources import Loaded
from ..suppress import Ledger
from .choose import can_be_error
from .outcome import Part

_WORDS = {"release": "Helm releases", "log": "Pod logs", "server": "version of the API server"}


def refused_gaps(loaded: Loaded, parts: Sequence[Part], ledger: Ledger) -> list[Gap]:
    """One gap for each refusal. It blocks where an error rule reads it, or where it hides what is there at all."""
    rules = [(rule, part.component) for part in parts for rule in part.choice.chosen]
    found = []
    for refusal in loaded.refusals:
        silent = {rule.id: rule for rule, component in rules if _reads(rule, component, refusal.kind)}
        blocks = refusal.detects or any(can_be_error(r) and ledger.waived(r) is None for r in silent.values())
        what = _WORDS.get(refusal.kind, refusal.kind)
        found.append(Gap(what, refusal.why, refusal.collect, tuple(silent), blocks))
    return found


def not_told(gaps: Iterable[Gap], loaded: Loaded) -> list[Gap]:
    """The gaps of rules without those that say the same as a refusal."""
    whys = tuple(refusal.why for refusal in loaded.refusals)
    whats = {_WORDS.get(refusal.kind) for refusal in loaded.refusals}
    return [gap for gap in gaps if not whys or not (gap.why.startswith(whys) or gap.what in whats)]


def _reads(rule: Rule, component: Component, kind: str) -> bool:
    # Only a live cluster refuses: nobody else pays for what reads one.
    from .. import checks
    from .wants import OF_RELEASES

    reads = checks.reads_of(rule, component)
    return bool(reads & OF_RELEASES) if kind == "release" else kind in reads
