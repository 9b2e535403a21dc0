"""How a person reaches the cluster, and how much of it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import UsageError

TIMEOUT = 60.0
"""Seconds that one request may take where nobody says otherwise."""

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Access:
    """`context` and `kubeconfig` are empty for kubectl's own choice; `kubeconfig` may be several files.

    No `namespaces` means all. `user` and `groups` are impersonated. `timeout` is in seconds for one request. `selector`
    limits what is read of kinds that live in namespaces.
    """

    context: str = ""
    kubeconfig: str = ""
    namespaces: tuple[str, ...] = ()
    user: str = ""
    groups: tuple[str, ...] = ()
    timeout: float = TIMEOUT
    selector: str = ""


def seconds(text: str, flag: str = "--request-timeout") -> float:
    """A duration as kubectl takes it: `30`, `30s`, `1m30s`. Raises UsageError; a scan without end is refused too."""
    plain = text.strip()
    parts = [(float(number), unit) for number, unit in _PART.findall(plain)]
    if plain.replace(".", "", 1).isdigit():
        parts, told = [(float(plain), "s")], True
    else:
        told = bool(parts) and _PART.sub("", plain) == ""
    total = sum(number * _UNITS[unit] for number, unit in parts)
    if not told or total <= 0:
        raise UsageError(f"{flag} {text!r} is no time to wait", "expected such as 30s or 1m")
    return total
