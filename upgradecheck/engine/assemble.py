"""The parts of a scan put together: findings numbered worst first, one plan, gaps grouped, verdict, exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ..intent.asked import Asked
from ..intent.wanted import Wanted
from ..model import Examined, Finding, Gap, Problem, Report, Typed, UpgradeSummary
from ..model.redact import redact_words
from ..packs.detect import node_texts
from ..sources import Loaded
from ..suppress import Ledger
from .choose import can_be_error
from .declared import place_of
from .gaps import grouped, with_reason
from .outcome import Part, harm
from .plan import plan
from .refused import not_told, refused_gaps
from .verdict import INTERRUPTED, exit_code, verdict


def assemble(
    asked: Asked,
    loaded: Loaded,
    parts: Sequence[Part],
    problems: Iterable[Problem],
    now: datetime | None,
    ledger: Ledger,
    wanted: Wanted,
) -> Report:
    """The report of one scan."""
    findings = _numbered(parts)
    told = [g for p in parts for g in (*p.typed.gaps, *_version_gaps(p, ledger), *_pack_gaps(p))]
    gaps = grouped([*not_told([*told, *wanted.gaps], loaded), *refused_gaps(loaded, parts, ledger)])
    every = (*problems, *(problem for p in parts for problem in p.typed.problems))
    examined = _examined(loaded, parts, now, ledger)
    # That nothing changed since the base is an answer too.
    seen = bool(examined.judged and (examined.kinds or examined.releases)) or bool(wanted.compared and not parts)
    return Report(
        verdict=verdict(
            findings,
            gaps,
            every,
            [p.repaired for p in parts],
            typed=asked.command is not None or any(p.upgrade.declared for p in parts),
            examined=seen,
        ),
        upgrades=tuple(_summary(loaded, p) for p in parts),
        findings=findings,
        suppressed=tuple(sorted(ledger.suppressed, key=harm)),
        plan=_plans(parts, findings),
        hops=tuple(hop for p in parts for hop in p.hops),
        gaps=gaps,
        problems=every,
        examined=examined,
        exit_code=INTERRUPTED if loaded.interrupted else _code(asked, findings, gaps, every, seen),
        fail_on="never" if asked.exit_zero else asked.fail_on,
    )


def _numbered(parts: Sequence[Part]) -> tuple[Finding, ...]:
    """Every finding, worst first. What two releases of one component share is told once."""
    every = (f for p in parts for f in (*p.typed.findings, *p.repaired.behind))
    first: dict[tuple[object, ...], Finding] = {}
    for finding in every:
        first.setdefault(_key(finding), finding)
    found = sorted(first.values(), key=lambda f: (f.behind, harm(f)))
    return tuple(replace(f, number=n) for n, f in enumerate(found, 1))


def _key(finding: Finding) -> tuple[object, ...]:
    where = (finding.component, finding.manifest, finding.behind)
    return (*where, finding.rule, str(finding.subject), finding.message)


def _code(
    asked: Asked, findings: Sequence[Finding], gaps: Sequence[Gap], problems: Sequence[Problem], seen: bool
) -> int:
    return exit_code(
        findings,
        gaps,
        problems,
        examined=seen,
        fail_on=asked.fail_on,
        exit_zero=asked.exit_zero,
        allow_gaps=asked.allow_gaps,
    )


def _plans(parts: Sequence[Part], findings: Sequence[Finding]) -> tuple[Typed, ...]:
    steps: list[Typed] = []
    planned: set[tuple[object, ...]] = set()
    for part in parts:
        manifest = part.upgrade.declared
        keys = {_key(f) for f in (*part.typed.findings, *part.repaired.behind)} - planned
        planned |= keys
        own = [f for f in findings if _key(f) in keys]
        if manifest is not None:
            from .manifest_plan import manifest_plan

            steps += manifest_plan(part, own)
            continue
        steps += plan(own, part.typed.advice, part.repaired.command, part.repaired.changes, part.hops)
    return tuple(steps)


def _version_gaps(part: Part, ledger: Ledger) -> list[Gap]:
    """Rules that ask for a version which nobody knows are one gap a side."""
    gaps = []
    for side, what in (("from", "version that runs"), ("to", "target version")):
        rules = [rule for rule, missing in part.choice.unknown if missing == side]
        if rules:
            collect = _tell(part, side)
            waived = {rule.id: ledger.waived(rule) for rule in rules}
            blocking = [rule for rule in rules if can_be_error(rule)]
            blocks = any(waived[rule.id] is None for rule in blocking)
            why = with_reason("not known", None if blocks else next(filter(None, waived.values()), None))
            gaps.append(Gap(what, why, collect, tuple(waived), blocks))
    if part.upgrade.to is None and not part.choice.unknown and part.known and not part.upgrade.aside:
        gaps.append(Gap("target version", "not known", _tell(part, "to"), (), False))
    return gaps


def _tell(part: Part, side: str) -> str:
    tools = part.component.tools
    command = part.upgrade.command
    if side == "to" and command is not None and command.tool in tools:
        asks = "osm version --client-only" if command.tool == "osm" else f"{command.tool} version --client"
        return f"{asks}  # then scan with --tool {command.tool}=VERSION"
    other = ", or give --base" if side == "from" and part.upgrade.declared and not part.upgrade.declared.base else ""
    return f"say --{side} {part.component.name}=VERSION{other}"


def _pack_gaps(part: Part) -> list[Gap]:
    if part.upgrade.aside:
        return [Gap(part.component.title, f"not judged: {_asks(part)} is {part.upgrade.aside}", "", (), False)]
    if part.known:
        return []
    return [Gap(f"chart {part.component.name}", "no rules for it yet", "", (), False)]


def _asks(part: Part) -> str:
    return place_of(part.upgrade.declared) or "the command"


def _summary(loaded: Loaded, part: Part) -> UpgradeSummary:
    upgrade = part.upgrade
    nodes = {n.name for s in part.component.running if s.source == "nodes" for n, _ in node_texts(loaded.cluster, s)}
    return UpgradeSummary(
        component=part.component.title if part.component.title.lower() != part.component.name else part.component.name,
        start=tuple(str(version) for version in upgrade.start),
        to=str(upgrade.to) if upgrade.to else "",
        command=" ".join(redact_words(upgrade.command.words)) if upgrade.command and not upgrade.declared else "",
        manifest=place_of(upgrade.declared),
        route=tuple(str(version) for version in upgrade.route),
        nodes=len(nodes),
    )


def _examined(loaded: Loaded, parts: Sequence[Part], now: datetime | None, ledger: Ledger) -> Examined:
    cluster = loaded.cluster
    judged = tuple(dict.fromkeys(rule for p in parts for rule in p.typed.judged))
    spoke = {f.rule for f in (*(f for p in parts for f in p.typed.findings), *ledger.suppressed)}
    spoke |= {s for p in parts for g in p.typed.gaps for s in g.silences}
    newest = cluster.newest
    return Examined(
        inputs=loaded.inputs,
        source=loaded.source,
        newest=newest.isoformat() if newest else "",
        age=(now - newest).total_seconds() if now and newest else None,
        kinds=cluster.kinds(),
        releases=tuple(f"{r.namespace}/{r.name} {r.chart}-{r.version}" for r in cluster.releases),
        skipped=tuple(loaded.skipped),
        judged=judged,
        passed=tuple(rule for rule in judged if rule not in spoke),
        left_out={rule: why for p in parts for rule, why in p.choice.left_out.items()},
    )
