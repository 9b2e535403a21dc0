"""An upgrade that must pass through other versions, judged hop by hop in the order of going.

What runs now was judged with the command as typed; on the way only versions, values and the command can be judged,
since nobody can look at the cluster of tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from .. import checks
from ..intent import edit_command, flags_of
from ..model import Component, Edit, Finding, Hop, Rule, Upgrade
from ..model.redact import redact_words
from ..versions import Version
from .outcome import Judged, harm

OWN_FACTS = frozenset({"release", "command", "values", "server", "tool"})
NOT_ON_A_HOP = frozenset({"advice", "route"})

Judge = Callable[[Upgrade, list[Rule]], Judged]


def judge_hops(
    upgrade: Upgrade, component: Component, rules: Iterable[Rule], typed: Iterable[Finding], judge: Judge
) -> tuple[Hop, ...]:
    """Every hop with what bites on it and was not told before. `upgrade` is the one with the repaired command."""
    asking = [rule for rule in rules if _asks_no_cluster(rule, component)]
    told = {(finding.rule, finding.message) for finding in typed}
    found, before = [], min(upgrade.start, default=None)
    for version in upgrade.route:
        if before is None:
            break
        step = _one(upgrade, before, version)
        fresh = [f for f in judge(step, asking).findings if (f.rule, f.message) not in told]
        told |= {(f.rule, f.message) for f in fresh}
        found.append(Hop(component.title, str(before), str(version), _words(step), tuple(sorted(fresh, key=harm))))
        before = version
    return tuple(found)


def _asks_no_cluster(rule: Rule, component: Component) -> bool:
    return rule.check not in NOT_ON_A_HOP and checks.reads_of(rule, component) <= OWN_FACTS


def _one(upgrade: Upgrade, before: Version, version: Version) -> Upgrade:
    """One hop of the upgrade, as an upgrade of its own."""
    release = upgrade.release
    if release is not None and before not in upgrade.start:
        release = replace(release, version=str(before), defaults=None, manifest=None)
    command = upgrade.command
    if command is not None and "version" in flags_of(command):
        command = edit_command(command, Edit(add=("--version", str(version))))
    chart = upgrade.chart if version == upgrade.to else None
    return replace(upgrade, start=(before,), to=version, release=release, command=command, chart=chart, route=())


def _words(step: Upgrade) -> str:
    import shlex

    command = step.command if step.declared is None else None
    return shlex.join(redact_words(command.words)) if command is not None and command.has("version") else ""
