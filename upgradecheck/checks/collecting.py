"""What to type for what was not collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Upgrade
from .given import Unseen

NO_VALUES = Unseen("values of the release", "not in the input", "helm get values {release} -n {namespace} -o yaml")
"""The release is there, and nobody told what was set in it."""

TELLS: Mapping[str, tuple[str, str, str]] = {
    "values": (NO_VALUES.what, NO_VALUES.why, NO_VALUES.collect),
    "server": ("version of the API server", "not in the input", "kubectl version -o yaml"),
    "tool": ("version of the tool", "not known", "{tool} version  # then scan with --tool {tool}=VERSION"),
}
"""What is missing where one of our own facts is not known, why, and the command that tells it."""


def untold_values(upgrade: Upgrade) -> Iterator[Unseen]:
    """The gap of values that nobody told; none where plain manifests run, which have no values."""
    if not upgrade.is_plain:
        yield NO_VALUES


def no_releases() -> Unseen:
    return Unseen("Helm releases", "not all in the input", "kubectl get secret -A -l owner=helm -o yaml")


def listing(kinds: list[str]) -> str:
    return f"kubectl get {','.join(kind.lower() for kind in kinds)} -A -o yaml"
