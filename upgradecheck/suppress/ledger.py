"""Keeps the books of one scan: what is accepted, what of that was used, and the findings that it took out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ..model import Finding, Object, Rule, Subject, Suppression
from ..model.redact import redact_text
from .annotations import by_annotation
from .baseline import Accepted, Baseline, marks
from .entries import fits, fits_rule, names_of


@dataclass(frozen=True, slots=True)
class Held:
    """Why a finding is suppressed, and what says so."""

    by: Literal["annotation", "config", "baseline"]
    reason: str


class Ledger:
    """One scan's suppressions. It is the only thing that remembers across the rounds of judging.

    `today` decides which entries have expired; where it is None nobody can tell, and none that expires counts.
    """

    def __init__(
        self, entries: Iterable[Suppression] = (), baseline: Baseline | None = None, today: date | None = None
    ) -> None:
        self.today = today
        self.entries = tuple(entries)
        self.counting = tuple(e for e in self.entries if e.expires is None or (today and today <= e.expires))
        self.baseline = baseline or Baseline("")
        self.suppressed: list[Finding] = []
        self.used: set[Suppression] = set()
        self.noted: set[tuple[tuple[str, str, str], str]] = set()
        self.met: Counter[str] = Counter()
        self._accepted = {one.fingerprint: one for one in self.baseline.entries}
        self._counts: Counter[str] = Counter()
        for one in self.baseline.entries:
            self._counts[one.fingerprint] += one.count

    def round(self) -> Round:
        """One judging of one command; the same finding may come up in each."""
        return Round(self, Counter(self._counts), {(f.rule, str(f.subject)) for f in self.suppressed})

    def waived(self, rule: Rule) -> Suppression | None:
        """The entry that accepts what a rule could not look at. It counts as used."""
        for entry in self.counting:
            if entry.gaps and fits_rule(entry, names_of(rule)):
                self.used.add(entry)
                return entry
        return None

    def by_config(self, rule: Rule, subject: Subject) -> Held | None:
        """What an entry of the configuration says; every one that fits counts as used."""
        fitting = [entry for entry in self.counting if fits(entry, rule, subject)]
        self.used.update(fitting)
        return Held("config", fitting[0].reason) if fitting else None

    def accepted(self, mark: str) -> Accepted | None:
        return self._accepted.get(mark)


class Round:
    """One judging. What a baseline holds of a finding is used up here, and there again in the next."""

    def __init__(self, ledger: Ledger, left: Counter[str], told: set[tuple[str, str]]) -> None:
        self._ledger = ledger
        self._left = left
        self._told = told
        self._met: Counter[str] = Counter()

    def holds(
        self, rule: Rule, subject: Subject, objects: Sequence[Object], alone: Callable[[], Finding]
    ) -> Held | None:
        """Why a thing that a rule saw is suppressed, or None. `alone` makes the finding that it would be."""
        noted = by_annotation(rule, subject, objects)
        self._ledger.noted.update((one, key) for one, key, _ in noted)
        if noted:
            return Held("annotation", noted[0][2])
        return self._ledger.by_config(rule, subject) or self._by_baseline(rule, alone)

    def suppress(self, finding: Finding, held: Held) -> None:
        """Keep a finding apart. One that an earlier round has told is not counted again."""
        if (finding.rule, str(finding.subject)) not in self._told:
            reason = " ".join(redact_text(held.reason).split())
            self._ledger.suppressed.append(replace(finding, reason=reason, by=held.by))

    def _by_baseline(self, rule: Rule, alone: Callable[[], Finding]) -> Held | None:
        if not self._left:
            return None
        for mark in marks(alone(), rule):
            held = self._ledger.accepted(mark)
            if held is not None and self._left[mark] > 0:
                self._left[mark] -= 1
                self._met[mark] += 1
                self._ledger.met[mark] = max(self._ledger.met[mark], self._met[mark])
                return Held("baseline", held.reason or f"in {self._ledger.baseline.file}")
        return None
