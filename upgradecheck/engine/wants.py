"""What has to be read of a live cluster: for finding out what is there, and for each rule that is chosen.

Nothing here asks the cluster, so that the access which a scan needs can be told beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .. import checks
from ..cluster import Cluster
from ..coverage import EVENTS
from ..intent.asked import Asked
from ..intent.concerned import concerned
from ..intent.wanted import Wanted
from ..model import Command, Component, Rule
from ..sources.live.wants import LogWant, Wants, together

OF_RELEASES = frozenset({"release", "values"})
"""Our own facts that come out of Helm's records."""


def candidates(components: Sequence[Component], asked: Asked, wanted: Wanted) -> tuple[list[Component], bool]:
    """The components that may be meant, and whether the arguments name them: otherwise each has to be looked for."""
    facts = None
    if asked.command is not None:
        from ..intent.helm import helm_facts

        facts = helm_facts(asked.command)
    named = concerned(Cluster(), components, asked, wanted.applied, facts, wanted.chart)
    asking = [c for c in components if any(one.chart in c.charts for one in wanted.declared)]
    named = [*named, *(component for component in asking if component not in named)]
    if named and all(component in components for component in named):
        return named, True
    return [component for component in components if not component.always], False


def detection(components: Iterable[Component], asked: Asked) -> Wants:
    """What shows which of these components are there, where they are, and which versions of them run."""
    components = list(components)
    changes = asked.command is not None and asked.command.tool == "kubectl" and asked.command.verb != "apply"
    kinds = {kind for component in components for kind in _shown_by(component, everything=changes)}
    helm = asked.command is not None and asked.command.tool in ("helm", "osm", "cilium")
    return Wants(
        kinds=frozenset(kinds),
        words=frozenset(_words(asked.command) if changes else ()),
        records=helm or any(component.charts for component in components),
        history=frozenset(_rolled_back(asked.command)),
    )


def _shown_by(component: Component, *, everything: bool) -> set[str]:
    roles = component.roles if everything else {*component.detect, *(s.role for s in component.running)}
    kinds = {component.roles[name].kind for name in roles if name in component.roles}
    for source in component.running:
        kinds |= {"pods": {"Pod", "ReplicaSet.apps"}, "nodes": {"Node"}}.get(source.source, set())
    return kinds


def _words(command: Command | None) -> Iterable[str]:
    """The kinds of the objects that kubectl is about to change, as they were typed."""
    if command is None:
        return ()
    from ..intent.applied import applied_images, applied_patch

    targets = applied_patch(command).targets if command.verb == "patch" else applied_images(command).targets
    return {word for word, _ in targets}


def _rolled_back(command: Command | None) -> Iterable[str]:
    """The release whose every revision has to be known, since the command goes back to one of them."""
    if command is None or command.verb != "rollback":
        return ()
    return {command.positionals[0]} if command.positionals else {""}


def of_rules(rules: Iterable[Rule], component: Component) -> Wants:
    """What these rules declare that they look at."""
    return together(of_rule(rule, component) for rule in rules)


def of_rule(rule: Rule, component: Component) -> Wants:
    """What one rule declares. Logs are those of Pods, so that Pods are read for them."""
    check = checks.find(rule.check)
    reads = checks.reads_of(rule, component)
    kinds = {kind for kind in reads if kind[:1].isupper()} - EVENTS
    slim = frozenset(check.metadata_only(rule.params)) if hasattr(check, "metadata_only") else frozenset()
    by_role = {component.roles[name].kind for name in check.reads(rule.params) if name in component.roles}
    events: Iterable[str] = ()
    if reads & EVENTS:
        events = check.events(rule.params) if hasattr(check, "events") else ("",)
    logs = _logs(rule) if "log" in reads else ()
    return Wants(
        kinds=frozenset(kinds | ({"Pod"} if logs else set())),
        slim=(slim & kinds) - by_role,
        events=frozenset(events),
        logs=frozenset(logs),
        records=bool(reads & OF_RELEASES),
    )


def _logs(rule: Rule) -> tuple[LogWant, ...]:
    """The Pods and the container that a rule names in its parameters."""
    pods = tuple(getattr(rule.params, "pods", ()))
    return (LogWant(pods, str(getattr(rule.params, "container", ""))),) if pods else ()
