"""What kinds are called in paths and roles, as far as that can be told without asking the API server."""

from __future__ import annotations

from ...coverage import plural

PLURALS = {
    "OS.upgrade.openeuler.org": "os",
    "NetworkAttachmentDefinition.k8s.cni.cncf.io": "network-attachment-definitions",
}
"""Custom kinds whose resource is not named by the usual rule."""

CLUSTER = frozenset({
    "APIService.apiregistration.k8s.io", "CertificateSigningRequest.certificates.k8s.io", "ClusterPolicy.kyverno.io",
    "ClusterRole.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io",
    "CustomResourceDefinition.apiextensions.k8s.io", "IngressClass.networking.k8s.io",
    "MutatingWebhookConfiguration.admissionregistration.k8s.io", "Namespace", "Node", "PersistentVolume",
    "PriorityClass.scheduling.k8s.io", "RuntimeClass.node.k8s.io", "StorageClass.storage.k8s.io",
    "ValidatingWebhookConfiguration.admissionregistration.k8s.io", "VolumeAttachment.storage.k8s.io",
    "CiliumBGPAdvertisement.cilium.io", "CiliumBGPClusterConfig.cilium.io", "CiliumBGPNodeConfig.cilium.io",
    "CiliumBGPNodeConfigOverride.cilium.io", "CiliumBGPPeerConfig.cilium.io", "CiliumBGPPeeringPolicy.cilium.io",
    "CiliumCIDRGroup.cilium.io", "CiliumClusterwideEnvoyConfig.cilium.io",
    "CiliumClusterwideNetworkPolicy.cilium.io", "CiliumEgressGatewayPolicy.cilium.io",
    "CiliumEgressNATPolicy.cilium.io", "CiliumExternalWorkload.cilium.io", "CiliumIdentity.cilium.io",
    "CiliumLoadBalancerIPPool.cilium.io", "CiliumNode.cilium.io", "CiliumPodIPPool.cilium.io",
    "SpiderCoordinator.spiderpool.spidernet.io", "SpiderIPPool.spiderpool.spidernet.io",
    "SpiderReservedIP.spiderpool.spidernet.io", "SpiderSubnet.spiderpool.spidernet.io",
})  # fmt: skip
"""Kinds that live in no namespace. It matters only for the role of a scan that is limited to namespaces."""


def resource_of(kind: str) -> tuple[str, str]:
    """The API group and the resource of a kind: `DaemonSet.apps` is `daemonsets` of `apps`."""
    name, _, group = kind.partition(".")
    return group, PLURALS.get(kind) or plural(name.lower())


def namespaced(kind: str) -> bool:
    return kind not in CLUSTER
