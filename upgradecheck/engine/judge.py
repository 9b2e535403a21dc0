"""Rules × cluster × one upgrade → findings, gaps, and rules that crashed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from .. import checks
from ..checks.given import Given, Sighting, Unseen
from ..cluster import Cluster
from ..commands import fill_text, parse_template
from ..facts import references
from ..model import Case, Component, Edit, Evidence, Finding, Gap, Problem, Rule, Step, Subject, Typed, Upgrade
from ..model.redact import redact_assignments, redact_text
from ..suppress import Ledger, Round
from .choose import can_be_error
from .declared import as_declared
from .facts import base_facts
from .gaps import with_reason
from .outcome import Change, Judged


@dataclass(frozen=True, slots=True)
class Books:
    """What was accepted, and this round of it; `apart` true where every subject is a finding of its own."""

    ledger: Ledger
    round: Round
    apart: bool


def judge(
    cluster: Cluster, upgrade: Upgrade, component: Component, rules: Iterable[Rule], ledger: Ledger, apart: bool = False
) -> Judged:
    """Let each rule look. A rule that crashes is a problem of its own; the others still speak.

    What the ledger holds is taken out before many sightings become one finding; with `apart` they never do.
    """
    found, books = Judged(), Books(ledger, ledger.round(), apart)
    refs = references(cluster, upgrade)
    after = cache(lambda: cluster.overlaid(upgrade.applied))
    for rule in rules:
        given = Given(cluster, upgrade, component, rule, after, refs)
        found.judged.append(rule.id)
        try:
            sightings = list(checks.find(rule.check).run(rule.params, given))
        except Exception as error:  # a rule must never take the others down with it
            text = f"rule {rule.id} crashed: {type(error).__name__}: {error}"
            found.problems.append(Problem(rule.origin, text, "a report of this to the rule's authors"))
            continue
        _take(found, given, sightings, books)
    return found


def _take(found: Judged, given: Given, looked: list[Sighting | Unseen], books: Books) -> None:
    facts = base_facts(given.component, given.upgrade)
    for unseen in looked:
        if isinstance(unseen, Unseen):
            collect = fill_text(unseen.collect, facts)
            waived = books.ledger.waived(given.rule)
            blocks = can_be_error(given.rule) and waived is None
            why = with_reason(unseen.why, waived)
            found.gaps.append(Gap(unseen.what, why, collect, (given.rule.id,), blocks))
    sightings = [s for s in looked if isinstance(s, Sighting) and not _suppressed(given, s, facts, books.round)]
    for sighting in sightings if books.apart else _merged(given.rule, sightings):
        finding, edits = _finding(given, sighting, facts)
        finding = as_declared(finding, given.upgrade)
        (found.advice if finding.severity == "advice" else found.findings).append(finding)
        found.changes.extend(Change(finding, edit, note) for edit, note in edits)


def _suppressed(given: Given, sighting: Sighting, facts: dict[str, Any], books: Round) -> bool:
    """Whether someone accepted this one; advice is part of the plan and no finding, so nobody can."""
    rule = given.rule
    if (rule.cases.get(sighting.case, Case()).severity or rule.severity) == "advice":
        return False
    alone = cache(lambda: _finding(given, sighting, facts)[0])
    held = books.holds(rule, sighting.subject, sighting.objects, alone)
    if held is not None:
        books.suppress(alone(), held)
    return held is not None


def _merged(rule: Rule, sightings: list[Sighting]) -> list[Sighting]:
    """Many objects with the same problem are one finding, where the rule has words for many."""
    merged: list[Sighting] = []
    for case in dict.fromkeys(s.case for s in sightings):
        group = [s for s in sightings if s.case == case]
        many = (rule.cases[case].many if case in rule.cases else "") or rule.many
        if len(group) == 1 or not many:
            merged.extend(group)
            continue
        names = [str(s.facts.get("name", s.subject.name)) for s in group]
        merged.append(
            Sighting(
                Subject(group[0].subject.kind, ",".join(names)),
                {**group[0].facts, "count": len(group), "names": names, "every": [dict(s.facts) for s in group]},
                tuple(e for s in group for e in s.evidence),
                tuple(o for s in group for o in s.objects),
                group[0].sure,
                case,
            )
        )
    return merged


def _finding(given: Given, sighting: Sighting, base: dict[str, Any]) -> tuple[Finding, list[tuple[Edit, str]]]:
    rule = given.rule
    case = rule.cases.get(sighting.case, Case())
    facts = {**base, **sighting.facts, "case": sighting.case}
    text = case.message or rule.message
    if "every" in sighting.facts:
        text = case.many or rule.many
    remedy, edits = _remedy(rule.remedy if case.remedy is None else case.remedy, facts)
    finding = Finding(
        rule=rule.id,
        title=rule.title,
        severity=case.severity or rule.severity,
        component=given.component.name,
        sure=sighting.sure,
        subject=sighting.subject,
        message=redact_text(fill_text(text, facts)),
        outcome=case.outcome or rule.outcome,
        says=fill_text(rule.says if case.says is None else case.says, facts),
        objects=sighting.objects,
        evidence=tuple(_safe(evidence) for evidence in sighting.evidence),
        remedy=tuple(remedy),
        why=rule.why,
        references=rule.references,
        rank=rule.rank,
        perhaps=rule.perhaps,
    )
    return finding, edits


def _safe(evidence: Evidence) -> Evidence:
    """Log lines and `--set a=b` may hold secrets; nothing of them is shown."""
    origin = evidence.origin
    if origin.file.startswith("--"):
        origin = replace(origin, file=redact_assignments(origin.file))
    return Evidence(redact_text(evidence.text), origin)


def _remedy(steps: Iterable[Step], facts: dict[str, Any]) -> tuple[list[Typed], list[tuple[Edit, str]]]:
    typed, edits = [], []
    for step in steps:
        if not _wanted(step.only, facts):
            continue
        entries = facts.get(step.each) if step.each else None
        for entry in entries if isinstance(entries, list) else [{}]:
            filled = {**facts, **(entry if isinstance(entry, dict) else {"entry": entry})}
            if step.edit is not None:
                edits.append((_edit(step.edit, filled), fill_text(step.note, filled)))
            if step.run or (step.note and step.edit is None):
                typed.append(_typed(step, filled))
    return typed, edits


def _wanted(only: str, facts: dict[str, Any]) -> bool:
    names = only.split(" and ") if only else []
    return all(bool(facts.get(name.removeprefix("not "))) is not name.startswith("not ") for name in names)


def _typed(step: Step, facts: dict[str, Any]) -> Typed:
    filled = parse_template(step.run).fill({**facts, **step.payloads}) if step.run else None
    return Typed(
        phase=step.phase,
        run=filled.text if filled else "",
        note=fill_text(step.note, facts),
        stage=step.stage,
        undo=step.undo,
        tried=step.tried,
        fill=filled.fill if filled else False,
    )


def _edit(edit: Edit, facts: dict[str, Any]) -> Edit:
    return replace(
        edit,
        drop=tuple(fill_text(name, facts) for name in edit.drop),
        add=tuple(fill_text(word, facts) for word in edit.add),
        set={fill_text(key, facts): fill_text(value, facts) for key, value in edit.set.items()},
        swap={fill_text(key, facts): fill_text(value, facts) for key, value in edit.swap.items()},
    )
