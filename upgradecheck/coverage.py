"""How much of each kind was collected, so that "none there" and "could not look" stay two different things."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from .errors import UsageError

_NAME = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9.-]+)?")


EVENTS = frozenset({"Event", "Event.events.k8s.io"})
"""Events age out, so that their absence proves nothing, however they were listed."""


_OWN = (
    "admissionregistration apiextensions apiregistration authentication authorization certificates coordination "
    "custom.metrics discovery events external.metrics flowcontrol.apiserver internal.apiserver metrics networking "
    "node rbac.authorization resource scheduling storage storagemigration"
)
OWN_GROUPS = frozenset(f"{name}.k8s.io" for name in _OWN.split())
"""API groups with a dot that come with the server, or beside it without a CRD."""


class Coverage(Enum):
    """Presence is always believed; absence only where coverage is COMPLETE."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNKNOWN = "unknown"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Collected:
    """What a person says that the dump holds (`--collected`), or what a live scan listed.

    `names` are in lower case, as kubectl takes them: `pods`, `po`, `daemonsets.apps`, `CiliumNetworkPolicy`.
    """

    everything: bool = False
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Iterable[str]) -> Collected:
        """From the values of `--collected`, each one name, a list joined by commas, or `all`. Raises UsageError."""
        names = frozenset(n.strip().lower() for word in words for n in word.split(",") if n.strip())
        for name in sorted(names):
            if not _NAME.fullmatch(name):
                raise UsageError(f"--collected: {name!r} is no kind", "pods,daemonsets.apps,crd or all")
        return cls("all" in names, names - {"all"})

    def has(self, kind: str) -> bool:
        return self.everything or (bool(self.names) and not self.names.isdisjoint(names_of(kind)))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about the completeness of each kind, apart from the objects themselves.

    `whole` kinds are complete everywhere; `spaces` complete in these namespaces; `denied` says, by kind, the
    namespaces that refused to be listed, where "" stands for the whole cluster. `reasons` say, by kind, why it is not
    complete, where something better is known than what the objects show. `words` are those for a kind that the input
    at hand does not hold, or not whole; empty where it knows none.
    """

    whole: frozenset[str] = frozenset()
    spaces: Mapping[str, frozenset[str]] = field(default_factory=dict)
    denied: Mapping[str, frozenset[str]] = field(default_factory=dict)
    collected: Collected = field(default_factory=Collected)
    reasons: Mapping[str, str] = field(default_factory=dict)
    words: Callable[[str, Coverage], str] = field(default=lambda kind, coverage: "", compare=False)

    def complete(self, kind: str, namespace: str | None) -> bool:
        if self.collected.has(kind) or kind in self.whole:
            return True
        return namespace is not None and namespace in self.spaces.get(kind, ())

    def refused(self, kind: str, namespace: str | None) -> bool:
        found = self.denied.get(kind, frozenset())
        return bool(found) and (namespace is None or "" in found or namespace in found)


def words_for_gap(kind: str, coverage: Coverage, spaces: Collection[str]) -> str:
    """Why the absence of a kind cannot be believed, seen or listed in these namespaces; empty where it can."""
    match coverage:
        case Coverage.COMPLETE:
            return ""
        case Coverage.DENIED:
            return "access denied"
        case Coverage.UNKNOWN:
            return "no such kind in the dump"
    if kind in EVENTS:
        return "events age out"
    if len(spaces) == 1:
        return f"only namespace {next(iter(spaces))}"
    return "only some namespaces" if spaces else "single objects, not a list"


def names_of(kind: str) -> frozenset[str]:
    """Every name, in lower case, by which kubectl takes a kind: singular, plural and short, with group or without."""
    name, dot, group = kind.lower().partition(".")
    short = {s for s, long in SHORT_NAMES.items() if long == name}
    bare = {name, plural(name), *short}
    return frozenset(bare | {f"{b}.{group}" for b in bare} if dot else bare)


def plural(name: str) -> str:
    """The resource name that Kubernetes makes of a kind in lower case."""
    if name.endswith(("s", "x", "ch", "sh")):
        return name if name == "endpoints" else f"{name}es"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"


SHORT_NAMES: Mapping[str, str] = {
    "cm": "configmap", "cj": "cronjob", "crd": "customresourcedefinition", "crds": "customresourcedefinition",
    "csr": "certificatesigningrequest", "deploy": "deployment", "ds": "daemonset", "ep": "endpoints", "ev": "event",
    "hpa": "horizontalpodautoscaler", "ing": "ingress", "limits": "limitrange", "netpol": "networkpolicy",
    "no": "node", "ns": "namespace", "pc": "priorityclass", "pdb": "poddisruptionbudget", "po": "pod",
    "pv": "persistentvolume", "pvc": "persistentvolumeclaim", "quota": "resourcequota",
    "rc": "replicationcontroller", "rs": "replicaset", "sa": "serviceaccount", "sc": "storageclass",
    "sts": "statefulset", "svc": "service",
    "cnp": "ciliumnetworkpolicy", "ccnp": "ciliumclusterwidenetworkpolicy", "cep": "ciliumendpoint",
    "cn": "ciliumnode", "net-attach-def": "networkattachmentdefinition", "sp": "spiderippool",
    "ss": "spidersubnet", "se": "spiderendpoint", "smc": "spidermultusconfig", "src": "spiderreservedip",
}  # fmt: skip
