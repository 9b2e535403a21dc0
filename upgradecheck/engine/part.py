"""One upgrade judged by the rules of its component, as typed and as repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..cluster import Cluster
from ..intent.asked import Asked, Known
from ..intent.upgrades import understand
from ..model import Command, Component, Upgrade
from ..packs import Pack, load_rules
from .choose import Choice, choose
from .judge import judge
from .outcome import Judged, Part
from .repair import repair


def judge_one(
    cluster: Cluster, packs: Sequence[Pack], pair: tuple[Upgrade, Component], asked: Asked, known: Known
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
        return judge(cluster, changed, component, chosen(changed).chosen)

    def rework(changed: Upgrade, command: Command) -> Upgrade:
        again = understand(cluster, [component], replace(asked, command=command, old=changed.before), known)
        return again.upgrades[0][0]

    typed = judged(upgrade)
    choice = chosen(upgrade)
    choice.left_out.update(aside)
    return Part(upgrade, component, choice, typed, repair(upgrade, typed, judged, rework), bool(own))
