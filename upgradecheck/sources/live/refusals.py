"""What the cluster did not give, and what follows from it for what may be taken for absent."""

from __future__ import annotations

from dataclasses import dataclass, field

from .discovery import Resource
from .faults import Fault

INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was asked for and did not come, or not whole.

    `kind` is a kind with its group, or `release`, `log` or `server`. `why` names verb, resource and namespace.
    `collect` is the command that shows whether it may be read, or reads it. `detects`: it would have shown which
    components there are.
    """

    kind: str
    why: str
    collect: str = ""
    detects: bool = False


@dataclass(slots=True)
class Extent:
    """How far each kind was read."""

    whole: set[str] = field(default_factory=set)
    spaces: dict[str, set[str]] = field(default_factory=dict)
    denied: dict[str, set[str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def complete(self, kind: str, namespace: str = "") -> None:
        """Everything of a kind was read, everywhere or in one namespace."""
        if namespace:
            self.spaces.setdefault(kind, set()).add(namespace)
        else:
            self.whole.add(kind)

    def refused(self, kind: str, verb: str, resource: Resource, namespace: str, fault: Fault, read: int = 0) -> None:
        """A request that failed, after so many objects of the list had come."""
        if fault.denied:
            self.denied.setdefault(kind, set()).add(namespace)
        after = f" after {read} of them" if read else ""
        self.add(
            kind,
            f"{verb} {resource.plural}{where(resource, namespace)}: {fault.words}{after}",
            _collect(verb, resource, namespace, denied=fault.denied),
        )

    def add(self, kind: str, why: str, collect: str = "") -> None:
        self.refusals.append(Refusal(kind, why, collect))
        self.reasons[kind] = f"{self.reasons[kind]}; {why}" if kind in self.reasons else why


def where(resource: Resource, namespace: str) -> str:
    """` in every namespace`, ` in namespace x`, or nothing for what lives in none."""
    if not resource.namespaced:
        return ""
    return f" in namespace {namespace}" if namespace else " in every namespace"


def _collect(verb: str, resource: Resource, namespace: str, *, denied: bool) -> str:
    name = f"{resource.plural}.{resource.group}" if resource.group else resource.plural
    space = (f" -n {namespace}" if namespace else " -A") if resource.namespaced else ""
    verb, _, subresource = verb.partition(" ")
    if denied:
        return f"kubectl auth can-i {verb} {name}{' --subresource=log' if subresource else ''}{space}"
    return f"kubectl get {name}{space} -o yaml"
