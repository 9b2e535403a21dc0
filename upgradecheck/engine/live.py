"""A live cluster read in two steps: what shows which components are there, then what the chosen rules look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..cluster import Cluster
from ..errors import UsageError
from ..intent.asked import Asked, Known
from ..intent.upgrades import understand
from ..intent.wanted import Wanted, known_of
from ..model import Command, Component, Origin, Problem, Rule, Upgrade, Values
from ..packs import Pack, load_rules
from ..sources import Loaded, named_values
from ..sources.live import Access, Fault, Live, Wants, Watch, cluster_of, together
from .choose import choose
from .wants import candidates, detection, of_rules


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A cluster that was read for what was asked: `live` holds what came, `loaded` the same as any other input.

    `wants` is what was read, both steps together.
    """

    live: Live
    loaded: Loaded
    wants: Wants


def survey(
    asked: Asked, packs: Sequence[Pack], wanted: Wanted, watch: Watch | None = None, *, to_keep: bool = False
) -> Surveyed:
    """Read what this scan needs of the cluster, and nothing else. Raises UsageError, InputError where the configuration
    leads nowhere, and RuleError; that the server does not answer is a problem of `loaded`.

    `to_keep`: somebody saves it, for a scan that may know more: rules that wait for a version read too, objects are
    whole.
    """
    live = Live(access_of(asked), watch)
    live.keeps_secrets = to_keep
    named, unnamed, _, problems = named_values(asked.current_values, asked.stdin)
    frame = Loaded(
        Cluster(),
        inputs=(live.address,),
        source=f"cluster {live.context} at {live.address}",
        unnamed_values=tuple(unnamed),
    )
    try:
        live.open()
    except Fault as fault:
        problem = Problem(Origin(live.address), fault.words, f"the API server of context {live.context}")
        return Surveyed(live, replace(frame, problems=(*problems, problem)), Wants())
    wants, undecided = _read(live, asked, packs, wanted, (named, unnamed), to_keep)
    cluster, wrong = cluster_of(live, named)
    refusals = [replace(r, detects=i < undecided) for i, r in enumerate(live.extent.refusals)]
    problems += [*wrong, *_interrupted(live)]
    loaded = replace(
        frame, cluster=cluster, problems=tuple(problems), refusals=tuple(refusals), interrupted=live.interrupted
    )
    return Surveyed(live, loaded, wants)


def _read(
    live: Live,
    asked: Asked,
    packs: Sequence[Pack],
    wanted: Wanted,
    values: tuple[list[tuple[str, Values, Origin]], list[Values]],
    to_keep: bool,
) -> tuple[Wants, int]:
    """Both steps: what was asked for, and how many refusals leave open which components are there. `values` are those
    of releases that the arguments name, and those without a name."""
    named, unnamed = values
    components = [pack.component for pack in packs]
    few, told = candidates(components, asked, wanted)
    wants = _as_kept(detection(few, asked), to_keep)
    live.read(wants)
    undecided = 0 if told else len(live.extent.refusals)
    cluster, _ = cluster_of(live, named)
    known = known_of(wanted, unnamed)
    chosen = _as_kept(chosen_wants(cluster, packs, components, asked, known, to_keep=to_keep), to_keep)
    live.read(chosen)
    return wants | chosen, undecided


def _as_kept(wants: Wants, to_keep: bool) -> Wants:
    return replace(wants, slim=frozenset()) if to_keep else wants


def chosen_wants(
    cluster: Cluster,
    packs: Sequence[Pack],
    components: Sequence[Component],
    asked: Asked,
    known: Known,
    *,
    to_keep: bool = False,
) -> Wants:
    """What the rules read that apply to the upgrades of this cluster, and `to_keep` those that may."""
    understood = understand(cluster, components, asked, known)
    return together(of_rules(_chosen(packs, pair, asked, to_keep), pair[1]) for pair in understood.upgrades)


def _chosen(
    packs: Sequence[Pack], pair: tuple[Upgrade, Component], asked: Asked, to_keep: bool = False
) -> tuple[Rule, ...]:
    upgrade, component = pair
    speaking = [p for p in packs if p.component.always or (p.component is component and not upgrade.aside)]
    rules = [rule for pack in speaking for rule in load_rules(pack)]
    choice = choose(rules, upgrade, asked.select, asked.ignore)
    return (*choice.chosen, *(rule for rule, _ in choice.unknown)) if to_keep else choice.chosen


def access_of(asked: Asked) -> Access:
    """The way to the cluster, by the arguments and by the command, which may name its own.

    Raises UsageError where the two differ: the wrong cluster would be judged.
    """
    access = asked.live or Access()
    context = _agreed("context", access.context, asked.command, ("kube-context", "context"))
    kubeconfig = _agreed("kubeconfig", access.kubeconfig, asked.command, ("kubeconfig",))
    return replace(access, context=context, kubeconfig=kubeconfig)


def _agreed(what: str, told: str, command: Command | None, flags: Sequence[str]) -> str:
    typed = next((value for flag in flags if command is not None and (value := command.last(flag))), "")
    if told and typed and told != typed:
        raise UsageError(f"--{what} {told} and {typed} in the command contradict each other")
    return told or typed


def _interrupted(live: Live) -> list[Problem]:
    if not live.interrupted:
        return []
    return [Problem(Origin(live.address), "interrupted: what was not read is not judged", "a scan that ends")]
