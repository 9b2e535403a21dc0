"""Policies that deny a range in which another rule for the same Pods allows a smaller one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import product
from typing import Any

from upgradecheck.checks.given import Given, Looking, Sighting, Unseen
from upgradecheck.cluster import Coverage
from upgradecheck.model import Evidence, Object, Path, Subject

KINDS = ("CiliumNetworkPolicy.cilium.io", "CiliumClusterwideNetworkPolicy.cilium.io")
PEERS = {"ingress": ("fromCIDR", "fromCIDRSet"), "egress": ("toCIDR", "toCIDRSet")}
SHOWN = 2
"""As many pairs are shown as evidence."""

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Params:
    """No parameters."""


FACTS: Mapping[str, str] = {
    "pairs": "each denied range with the allowed one inside it, and the policies of both",
    "count": "how many such pairs there are",
    "names": "the policies that allow",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Range:
    """One range of one rule."""

    policy: Object
    path: Path
    selector: Mapping[str, Any]
    side: str
    network: Network
    excepted: tuple[Network, ...]


def reads(params: Params) -> frozenset[str]:
    return frozenset(KINDS)


def run(params: Params, given: Given) -> Looking:
    allowed: list[_Range] = []
    denied: list[_Range] = []
    for kind in KINDS:
        for policy in given.cluster.of(kind):
            allowed += _ranges(policy, "")
            denied += _ranges(policy, "Deny")
        if given.cluster.coverage(kind) is not Coverage.COMPLETE and not given.cluster.of(kind):
            yield Unseen(kind, given.cluster.why(kind), "kubectl get cnp,ccnp -A -o yaml")
    pairs = [(deny, allow) for deny, allow in product(denied, allowed) if _covers(deny, allow)]
    if pairs:
        yield _sighting(pairs)


def _ranges(policy: Object, kind: str) -> Iterator[_Range]:
    specs: list[tuple[Path, Any]] = [(("spec",), policy.get("spec"))]
    specs += [(("specs", index), spec) for index, spec in enumerate(policy.get("specs") or [])]
    for base, spec in specs:
        if not isinstance(spec, Mapping):
            continue
        selector = spec.get("endpointSelector") or {}
        for side, fields in PEERS.items():
            for index, rule in enumerate(spec.get(side + kind) or []):
                for field in fields:
                    for place, peer in enumerate((rule or {}).get(field) or []):
                        found = _network(peer)
                        if found is not None:
                            path = (*base, side + kind, index, field, place)
                            yield _Range(policy, path, selector, side, found, _excepted(peer))


def _network(peer: Any) -> Network | None:
    text = peer.get("cidr") if isinstance(peer, Mapping) else peer
    try:
        return ip_network(str(text), strict=False)
    except ValueError:
        return None


def _excepted(peer: Any) -> tuple[Network, ...]:
    told = peer.get("except") or [] if isinstance(peer, Mapping) else []
    return tuple(found for found in map(_network, told) if found is not None)


def _covers(deny: _Range, allow: _Range) -> bool:
    """Whether the denied range holds the allowed one, for Pods that both may select."""
    inside = _within(allow.network, deny.network) and not any(_within(allow.network, out) for out in deny.excepted)
    return inside and deny.side == allow.side and _same_pods(deny, allow)


def _within(inner: Network, outer: Network) -> bool:
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _same_pods(deny: _Range, allow: _Range) -> bool:
    """False where the policies stand in two namespaces, or want two values of one label."""
    spaces = {deny.policy.namespace, allow.policy.namespace} - {""}
    first, second = (one.selector.get("matchLabels") or {} for one in (deny, allow))
    return len(spaces) < 2 and all(second.get(key, value) == value for key, value in first.items())


def _sighting(pairs: list[tuple[_Range, _Range]]) -> Sighting:
    policies = tuple(dict.fromkeys(one.policy for pair in pairs for one in pair))
    names = list(dict.fromkeys(_name(allow.policy) for _, allow in pairs))
    said = [f"{_name(a.policy)} allows {a.network}, {_name(d.policy)} denies {d.network}" for d, a in pairs]
    shown = [one for pair in pairs[:SHOWN] for one in pair]
    evidence = tuple(Evidence(str(one.network), one.policy.at(*one.path)) for one in dict.fromkeys(shown))
    facts = {"pairs": said, "count": len(pairs), "names": names}
    return Sighting(Subject("policies", ",".join(names)), facts, evidence, policies, "computed")


def _name(policy: Object) -> str:
    return f"{policy.namespace}/{policy.name}" if policy.namespace else policy.name
