"""The parts of a scan put together: findings numbered worst first, one plan, gaps grouped, verdict, exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from ..intent.asked import Asked
from ..model import Examined, Finding, Gap, Problem, Report, Typed, UpgradeSummary
from ..model.redact import redact_words
from ..packs.detect import node_texts
from ..sources import Loaded
from .choose import can_be_error
from .outcome import Part, harm
from .plan import plan
from .verdict import exit_code, verdict


def assemble(
    asked: Asked, loaded: Loaded, parts: Sequence[Part], problems: Iterable[Problem], now: datetime | None
) -> Report:
    """The report of one scan."""
    found = sorted(
        (f for p in parts for f in (*p.typed.findings, *p.repaired.behind)), key=lambda f: (f.behind, harm(f))
    )
    findings = tuple(replace(f, number=n) for n, f in enumerate(found, 1))
    gaps = _grouped([g for p in parts for g in (*p.typed.gaps, *_version_gaps(p), *_pack_gaps(p))])
    every = (*problems, *(problem for p in parts for problem in p.typed.problems))
    examined = _examined(loaded, parts, now)
    seen = bool(examined.judged and (examined.kinds or examined.releases))
    return Report(
        verdict=verdict(
            findings,
            gaps,
            every,
            [p.repaired for p in parts],
            typed=asked.command is not None,
            examined=seen,
        ),
        upgrades=tuple(_summary(loaded, p) for p in parts),
        findings=findings,
        plan=_plans(parts, findings),
        gaps=gaps,
        problems=every,
        examined=examined,
        exit_code=exit_code(
            findings,
            gaps,
            every,
            examined=seen,
            fail_on=asked.fail_on,
            exit_zero=asked.exit_zero,
            allow_gaps=asked.allow_gaps,
        ),
    )


def _plans(parts: Sequence[Part], findings: Sequence[Finding]) -> tuple[Typed, ...]:
    steps: list[Typed] = []
    for part in parts:
        own = [f for f in findings if f.component == part.component.name]
        steps += plan(own, part.typed.advice, part.repaired.command, part.repaired.changes)
    return tuple(steps)


def _version_gaps(part: Part) -> list[Gap]:
    """Rules that ask for a version which nobody knows are one gap a side."""
    gaps = []
    for side, what in (("from", "version that runs"), ("to", "target version")):
        rules = [rule for rule, missing in part.choice.unknown if missing == side]
        if rules:
            collect = _tell(part, side)
            blocks = any(can_be_error(rule) for rule in rules)
            gaps.append(Gap(what, "not known", collect, tuple(rule.id for rule in rules), blocks))
    if part.upgrade.to is None and not part.choice.unknown and part.known and not part.upgrade.aside:
        gaps.append(Gap("target version", "not known", _tell(part, "to"), (), False))
    return gaps


def _tell(part: Part, side: str) -> str:
    tools = part.component.tools
    command = part.upgrade.command
    if side == "to" and command is not None and command.tool in tools:
        asks = "osm version --client-only" if command.tool == "osm" else f"{command.tool} version --client"
        return f"{asks}  # then scan with --tool {command.tool}=VERSION"
    return f"say --{side} {part.component.name}=VERSION"


def _pack_gaps(part: Part) -> list[Gap]:
    if part.upgrade.aside:
        return [Gap(part.component.title, f"not judged: the command is {part.upgrade.aside}", "", (), False)]
    if part.known:
        return []
    return [Gap(f"chart {part.component.name}", "no rules for it yet", "", (), False)]


def _grouped(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Gaps that the same command closes are one gap."""
    merged: dict[tuple[str, str], Gap] = {}
    for gap in gaps:
        key = (gap.collect or gap.what, gap.why)
        held = merged.get(key)
        if held is None:
            merged[key] = gap
            continue
        what = held.what if gap.what in held.what.split(", ") else f"{held.what}, {gap.what}"
        silences = tuple(dict.fromkeys((*held.silences, *gap.silences)))
        merged[key] = replace(held, what=what, silences=silences, blocks=held.blocks or gap.blocks)
    return tuple(sorted(merged.values(), key=lambda gap: (not gap.blocks, gap.what)))


def _summary(loaded: Loaded, part: Part) -> UpgradeSummary:
    upgrade = part.upgrade
    nodes = {n.name for s in part.component.running if s.source == "nodes" for n, _ in node_texts(loaded.cluster, s)}
    return UpgradeSummary(
        component=part.component.title if part.component.title.lower() != part.component.name else part.component.name,
        start=tuple(str(version) for version in upgrade.start),
        to=str(upgrade.to) if upgrade.to else "",
        command=" ".join(redact_words(upgrade.command.words)) if upgrade.command else "",
        nodes=len(nodes),
    )


def _examined(loaded: Loaded, parts: Sequence[Part], now: datetime | None) -> Examined:
    cluster = loaded.cluster
    judged = tuple(dict.fromkeys(rule for p in parts for rule in p.typed.judged))
    spoke = {f.rule for p in parts for f in p.typed.findings} | {
        s for p in parts for g in p.typed.gaps for s in g.silences
    }
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
