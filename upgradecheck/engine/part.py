"""One upgrade judged by the rules of its component, as typed and as repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..cluster import Cluster
from ..intent.asked import Asked, Known
from ..intent.upgrades import understand
from ..model import Command, Component, Hop, Rule, Upgrade
from ..packs import Pack, load_rules
from ..suppress import Ledger
from .choose import Choice, choose
from .hops import judge_hops
from .judge import judge
from .outcome import Judged, Part
from .repair import repair


def judge_one(
    cluster: Cluster,
    packs: Sequence[Pack],
    pair: tuple[Upgrade, Component],
    asked: Asked,
    known: Known,
    ledger: Ledger,
) -> Part:
    """Judge one upgrade. Packs that are always asked speak about it beside the component's own."""
    upgrade, component = pair
    own = [pack for pack in packs if pack.component is component]
    always = [pack for pack in packs if pack.component.always]
    # An installation, or a pre-flight's own release, changes nothing that runs: only the command itself is judged.
    speaking = always if upgrade.aside else own + always
    rules = [rule for pack in speaking for rule in load_rules(pack)]
    aside = {rule.id: upgrade.aside for pack in own if upgrade.aside for rule in load_rules(pack)}

    def chosen(changed: Upgrade) -> Choice:
        return choose(rules, changed, asked.select, asked.ignore)

    def judged(changed: Upgrade) -> Judged:
        return judge(cluster, changed, component, chosen(changed).chosen, ledger, asked.apart)

    def on_a_hop(changed: Upgrade, asking: list[Rule]) -> Judged:
        few = choose(asking, changed, asked.select, asked.ignore).chosen
        return judge(cluster, changed, component, few, ledger, asked.apart)

    def rework(changed: Upgrade, command: Command) -> Upgrade:
        if changed.declared is not None:
            from ..intent.gitops.upgrade import declared_upgrade

            old = replace(asked, old=changed.before)
            return declared_upgrade(cluster, component, old, known, changed.declared, command)[0]
        again = understand(cluster, [component], replace(asked, command=command, old=changed.before), known)
        return again.upgrades[0][0]

    typed = judged(upgrade)
    choice = chosen(upgrade)
    choice.left_out.update(aside)
    repaired = repair(upgrade, typed, judged, rework)
    if upgrade.declared is not None and repaired.dropped:
        repaired = replace(repaired, dropped=("spec.upgrade.preserveValues",))
    hops: tuple[Hop, ...] = ()
    if upgrade.route:
        command = repaired.command
        whole = rework(upgrade, command) if command is not None else upgrade
        hops = judge_hops(whole, component, rules, (*typed.findings, *repaired.behind), on_a_hop)
    return Part(upgrade, component, choice, typed, repaired, bool(own), hops)
