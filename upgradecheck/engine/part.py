"""One upgrade judged by the rules of its component, as typed and as repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..cluster import Cluster
from ..intent.asked import Asked, Known
from ..intent.upgrades import understand
from ..model import Command, Component, Hop, Rule, Upgrade
from ..packs import Pack, load_rules
from ..suppress import Ledger
from .choose import Choice, choose
from .hops import judge_hops
from .judge import judge
from .outcome import Judged, Part, Repaired
from .repair import repair


@dataclass(frozen=True, slots=True)
class _Judging:
    """One component's rules, ready to look at an upgrade, at the same one with another command, or at a hop of it."""

    cluster: Cluster
    component: Component
    asked: Asked
    known: Known
    ledger: Ledger
    rules: list[Rule]

    def chosen(self, upgrade: Upgrade, rules: list[Rule] | None = None) -> Choice:
        return choose(self.rules if rules is None else rules, upgrade, self.asked.select, self.asked.ignore)

    def judged(self, upgrade: Upgrade, rules: list[Rule] | None = None) -> Judged:
        chosen = self.chosen(upgrade, rules).chosen
        return judge(self.cluster, upgrade, self.component, chosen, self.ledger, self.asked.apart)

    def rework(self, upgrade: Upgrade, command: Command) -> Upgrade:
        """The same upgrade with another command."""
        asked = replace(self.asked, old=upgrade.before)
        if upgrade.declared is not None:
            from ..intent.gitops.upgrade import declared_upgrade

            return declared_upgrade(self.cluster, self.component, asked, self.known, upgrade.declared, command)[0]
        again = understand(self.cluster, [self.component], replace(asked, command=command), self.known)
        return again.upgrades[0][0]

    def repaired(self, upgrade: Upgrade, typed: Judged) -> Repaired:
        found = repair(upgrade, typed, self.judged, self.rework)
        if upgrade.declared is not None and found.dropped:
            return replace(found, dropped=("spec.upgrade.preserveValues",))
        return found

    def hops(self, upgrade: Upgrade, typed: Judged, repaired: Repaired) -> tuple[Hop, ...]:
        if not upgrade.route:
            return ()
        command = repaired.command
        whole = self.rework(upgrade, command) if command is not None else upgrade
        return judge_hops(whole, self.component, self.rules, (*typed.findings, *repaired.behind), self.judged)


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
    judging = _Judging(cluster, component, asked, known, ledger, rules)
    typed, choice = judging.judged(upgrade), judging.chosen(upgrade)
    if upgrade.aside:
        choice.left_out.update({rule.id: upgrade.aside for pack in own for rule in load_rules(pack)})
    repaired = judging.repaired(upgrade, typed)
    return Part(upgrade, component, choice, typed, repaired, bool(own), judging.hops(upgrade, typed, repaired))
