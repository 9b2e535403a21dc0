"""What the tools that write dumps put into them: which kinds whole, which in part, and which never."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from ..coverage import EVENTS, OWN_GROUPS, Coverage
from .layouts import DUMP_LISTS

Share = Literal["whole", "part", "none"]

_RBAC, _WEBHOOKS = "rbac.authorization.k8s.io", "admissionregistration.k8s.io"
_DUMPED = frozenset({
    "Event", "ReplicationController", "Service", "DaemonSet.apps", "Deployment.apps", "ReplicaSet.apps", "Pod", "Node",
})  # fmt: skip
_BUNDLED = frozenset({
    "Node", "Namespace", "CustomResourceDefinition.apiextensions.k8s.io", "StorageClass.storage.k8s.io",
    "IngressClass.networking.k8s.io", "PriorityClass.scheduling.k8s.io", "PersistentVolume", "Pod", "Service",
    f"ClusterRole.{_RBAC}", f"ClusterRoleBinding.{_RBAC}", f"Role.{_RBAC}", f"RoleBinding.{_RBAC}",
    "VolumeAttachment.storage.k8s.io", "CertificateSigningRequest.certificates.k8s.io",
    f"ValidatingWebhookConfiguration.{_WEBHOOKS}", f"MutatingWebhookConfiguration.{_WEBHOOKS}",
    "PodDisruptionBudget.policy", "Deployment.apps", "ReplicaSet.apps", "StatefulSet.apps", "DaemonSet.apps",
    "Job.batch", "CronJob.batch", "Ingress.networking.k8s.io", "NetworkPolicy.networking.k8s.io", "ResourceQuota",
    "LimitRange", "Event", "PersistentVolumeClaim", "Endpoints", "EndpointSlice.discovery.k8s.io", "ServiceAccount",
    "Lease.coordination.k8s.io", "ConfigMap",
})  # fmt: skip
_SYSDUMPED = frozenset({
    "Node", "Pod", "Namespace", "Event", "Service", "Endpoints", "EndpointSlice.discovery.k8s.io",
    "Lease.coordination.k8s.io", "NetworkPolicy.networking.k8s.io",
})  # fmt: skip
_GATHERED = frozenset({
    "Node", "Namespace", "CustomResourceDefinition.apiextensions.k8s.io", "Pod", "Event", "Service", "ConfigMap",
    "Endpoints", "PersistentVolumeClaim", "ReplicationController", "Deployment.apps", "DaemonSet.apps",
    "ReplicaSet.apps", "StatefulSet.apps", "Job.batch", "CronJob.batch", "PodDisruptionBudget.policy",
    "EndpointSlice.discovery.k8s.io",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """What a tool writes. `whole` kinds it lists everywhere, of `part` it takes some, and of every kind of Kubernetes
    where it takes `everything` that it is told to. `custom` is what it takes of custom kinds whose group ends with
    `custom_group`. `releases`, `logs` and `server`: what it holds of Helm's releases, of logs, of the version."""

    name: str
    whole: frozenset[str] = frozenset()
    part: frozenset[str] = frozenset()
    custom: Share = "none"
    custom_group: str = ""
    everything: bool = False
    releases: Share = "none"
    logs: Share = "none"
    server: Share = "none"

    def holds(self, kind: str) -> Share:
        """How much it holds of a kind, or of one of our own facts."""
        match kind:
            case "release" | "values":
                return self.releases
            case "log":
                return self.logs
            case "server":
                return self.server
            case "command" | "tool":
                return "whole"
        if kind in self.whole:
            return "part" if kind in EVENTS else "whole"
        group = kind.partition(".")[2]
        if "." in group and group not in OWN_GROUPS:
            return self.custom if group.endswith(self.custom_group) else "none"
        return "part" if kind in self.part or self.everything else "none"


CLUSTER_DUMP = Layout("kubectl cluster-info dump", _DUMPED, logs="whole")
SUPPORT_BUNDLE = Layout(
    "support bundle", _BUNDLED, custom="whole", releases="part", logs="part", server="whole"
)  # Helm and logs where its own specification asks for them
SYSDUMP = Layout(
    "Cilium sysdump",
    _SYSDUMPED,
    frozenset({"DaemonSet.apps", "Deployment.apps", "ConfigMap"}),
    custom="whole",
    custom_group="cilium.io",
    releases="part",
    logs="part",
    server="whole",
)
MUST_GATHER = Layout("must-gather", part=_GATHERED, custom="part", logs="part")
VELERO = Layout("Velero backup", custom="part", everything=True, releases="part")
LAYOUTS = (CLUSTER_DUMP, SUPPORT_BUNDLE, SYSDUMP, MUST_GATHER, VELERO)


def layout_of(seen: Collection[tuple[str, ...]]) -> Layout | None:
    """The tool that wrote these files, by their paths; None for none, or for several."""
    found = {layout.name: layout for layout in map(_layout, seen) if layout is not None}
    if not found and _dumped(seen):
        return CLUSTER_DUMP
    return next(iter(found.values())) if len(found) == 1 else None


def _layout(parts: tuple[str, ...]) -> Layout | None:
    if "cluster-resources" in parts[:-1]:
        return SUPPORT_BUNDLE
    if "cluster-scoped-resources" in parts[:-1]:
        return MUST_GATHER
    if any(part.startswith("cilium-sysdump-") for part in parts[:-1]) or parts[-1].startswith("cilium-configmap-"):
        return SYSDUMP
    match parts:
        case (*_, "resources", _, "cluster", _) | (*_, "resources", _, "namespaces", _, _):
            return VELERO
    return None


def _dumped(seen: Iterable[tuple[str, ...]]) -> bool:
    """True for a folder as `kubectl cluster-info dump --output-directory` fills one for each namespace."""
    folders: dict[tuple[str, ...], set[str]] = {}
    for parts in seen:
        folders.setdefault(parts[:-1], set()).add(parts[-1].rpartition(".")[0])
    return any(names >= DUMP_LISTS for names in folders.values())


def words_of(seen: Collection[tuple[str, ...]], *, collected: bool) -> Callable[[str, Coverage], str]:
    """Why the absence of a kind cannot be believed, in the words of the input at hand; empty where the objects
    themselves say it better. `collected`: it is a bundle of our own."""
    layout = None if collected else layout_of(seen)

    def words(kind: str, coverage: Coverage) -> str:
        if kind in EVENTS or coverage is Coverage.DENIED:
            return ""
        if collected:
            return "not asked for when the bundle was collected" if coverage is Coverage.UNKNOWN else ""
        if layout is None:
            return ""
        share = layout.holds(kind)
        if coverage is Coverage.UNKNOWN:
            return f"never in a {layout.name}" if share == "none" else f"not in this {layout.name}"
        return f"a {layout.name} holds only some" if share == "part" else ""

    return words
