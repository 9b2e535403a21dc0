"""The calls that a live scan would make and the role that they need, told without asking the cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..cluster import Cluster
from ..coverage import names_of
from ..intent.asked import Asked
from ..intent.wanted import Wanted, known_of, read_wanted
from ..model import Component, Rule, Upgrade
from ..packs import Pack, load_components, load_rules
from ..sources.live import Access, Wants
from ..sources.live.listing import PAGE
from ..sources.live.podlogs import BYTES, LINES, PODS
from ..sources.live.resources import namespaced, resource_of
from .choose import choose
from .wants import candidates, detection, of_rules

Grant = tuple[str, str, str]
"""API group, resource and verb."""

_HEAD = """\
# A live scan with these arguments sends GET and nothing else:
"""
_ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata:
  name: upgradecheck{namespace}
rules:
"""
_OPEN = """\
  - nonResourceURLs: [/version, /api, /api/*, /apis, /apis/*]
    verbs: [get]
"""


def explain_access(asked: Asked) -> str:
    """The calls as comments, then the role as YAML, fit for `kubectl apply -f -`. Raises as `scan` does."""
    packs = load_components(asked.rules)
    wanted = read_wanted(asked)
    wants, rules = planned(asked, packs, wanted)
    access = asked.live or Access()
    kinds = _kinds(wants, packs)
    calls = ["/version", "/api and /apis", *_calls(wants, kinds, access)]
    text = _HEAD + "".join(f"#   {call}\n" for call in calls)
    unknown = sorted(w for w in wants.words if not _meant(w, packs))
    text += "".join(
        f"# and lists what the API server takes `{word}` for, which cannot be told here\n" for word in unknown
    )
    return text + f"# {len(rules)} rules may read them.\n" + _roles(wants, kinds, access)


def planned(asked: Asked, packs: Sequence[Pack], wanted: Wanted) -> tuple[Wants, list[Rule]]:
    """What a live scan may read at most: of the rules whose version range is not known beforehand every one."""
    components = [pack.component for pack in packs]
    few, named = candidates(components, asked, wanted)
    wants = detection(few, asked)
    found: list[Rule] = []
    for component in few:
        rules = [r for p in packs if p.component.always or p.component is component for r in load_rules(p)]
        choice = choose(rules, _upgrade(component, asked, wanted, named), asked.select, asked.ignore)
        chosen = [*choice.chosen, *(rule for rule, _ in choice.unknown)]
        wants = wants | of_rules(chosen, component)
        found += chosen
    return wants, found


def _upgrade(component: Component, asked: Asked, wanted: Wanted, named: bool) -> Upgrade:
    """What can be told of an upgrade without the cluster: often its target."""
    if not named:
        return Upgrade(component.name)
    from ..intent.worked_out import worked_out

    facts = None
    if asked.command is not None:
        from ..intent.helm import helm_facts

        facts = helm_facts(asked.command)
    return worked_out(Cluster(), component, asked, known_of(wanted, ()), facts)[0]


def _kinds(wants: Wants, packs: Iterable[Pack]) -> list[str]:
    typed = {kind for word in wants.words for kind in _meant(word, packs)}
    return sorted(wants.kinds | typed)


def _meant(word: str, packs: Iterable[Pack]) -> set[str]:
    """The kinds that a person means by a word, as far as the packs know any."""
    known = {role.kind for pack in packs for role in pack.component.roles.values()}
    known |= {kind for pack in packs for kind in pack.component.kinds}
    return {kind for kind in known if word.lower() in names_of(kind) | {resource_of(kind)[1]}}


def _calls(wants: Wants, kinds: Sequence[str], access: Access) -> Iterator[str]:
    for kind in kinds:
        label = f"&labelSelector={access.selector}" if access.selector and namespaced(kind) else ""
        slim = ", metadata alone" if kind in wants.slim else ""
        yield from (f"{path}?limit={PAGE}{label}{slim}" for path in _paths(kind, access))
    for selector in sorted(wants.events):
        asked = f"&fieldSelector={selector}" if selector else ""
        yield from (f"{path}?limit={PAGE}{asked}" for path in _paths("Event", access))
    for kind in ("Secret", "ConfigMap") if wants.records else ():
        for path in _paths(kind, access):
            yield f"{path}?limit={PAGE}&labelSelector=owner=helm, metadata alone"
        one = f"/api/v1/namespaces/<namespace>/{resource_of(kind)[1]}/sh.helm.release.v1.<release>.v<revision>"
        yield f"{one}, the revision that runs"
    for want in sorted(wants.logs):
        names = ", ".join(f"{pod}*" for pod in want.pods)
        yield (
            f"/api/v1/namespaces/<namespace>/pods/<pod>/log?container={want.container or '<each>'}"
            f"&tailLines={LINES}&limitBytes={BYTES} of up to {PODS} Pods {names}"
        )


def _paths(kind: str, access: Access) -> Iterator[str]:
    group, plural = resource_of(kind)
    root = f"/apis/{group}/<version>" if group else "/api/v1"
    for namespace in (access.namespaces if namespaced(kind) else ()) or ("",):
        yield f"{root}/namespaces/{namespace}/{plural}" if namespace else f"{root}/{plural}"


def _roles(wants: Wants, kinds: Sequence[str], access: Access) -> str:
    """One ClusterRole; where the scan is limited to namespaces a Role in each besides."""
    grants = _grants(wants, kinds)
    if not access.namespaces:
        return _ROLE.format(kind="ClusterRole", namespace="") + _OPEN + _rules(g for _, g in grants)
    text = _ROLE.format(kind="ClusterRole", namespace="") + _OPEN + _rules(g for inside, g in grants if not inside)
    for namespace in access.namespaces:
        head = _ROLE.format(kind="Role", namespace=f"\n  namespace: {namespace}")
        text += "---\n" + head + _rules(g for inside, g in grants if inside)
    return text


def _grants(wants: Wants, kinds: Iterable[str]) -> list[tuple[bool, Grant]]:
    """Each with whether it is about a kind that lives in namespaces."""
    found = [(namespaced(kind), (*resource_of(kind), "list")) for kind in kinds]
    found += [(True, ("", "events", "list"))] if wants.events else []
    found += [(True, ("", "pods/log", "get"))] if wants.logs else []
    for name in ("configmaps", "secrets") if wants.records else ():
        found += [(True, ("", name, "list")), (True, ("", name, "get"))]
    return found


def _rules(grants: Iterable[Grant]) -> str:
    verbs: dict[tuple[str, str], set[str]] = {}
    for group, resource, verb in grants:
        verbs.setdefault((group, resource), set()).add(verb)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (group, resource), some in sorted(verbs.items()):
        together.setdefault((group, tuple(sorted(some))), []).append(resource)
    return "".join(
        f'  - apiGroups: ["{group}"]\n    resources: [{", ".join(names)}]\n    verbs: [{", ".join(some)}]\n'
        for (group, some), names in sorted(together.items())
    )
