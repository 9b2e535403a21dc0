"""Gaps put together: what one command closes is one gap, so that a person types as little as can be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ..model import Gap, Suppression
from ..model.redact import redact_text

_LISTING = re.compile(r"kubectl get (\S+) -A -o yaml")
_EVERYWHERE = frozenset({"", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "storage.k8s.io"})
"""API groups that every server has: a kind that it has not makes `kubectl get` refuse the whole list."""


def grouped(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Gaps that the same command closes are one; so are kinds that are not there for the same reason, since kubectl
    lists many at once. Those that keep an error rule silent come first."""
    merged: dict[tuple[str, str], Gap] = {}
    wide_first = sorted(gaps, key=lambda gap: (not gap.collect, -len(_asked(gap))))
    for gap in wide_first:
        held = next((k for k, one in merged.items() if k[1] == gap.why and _closed(gap, one)), None)
        key = held or (gap.collect or gap.what, gap.why)
        merged[key] = _joined(merged[key], gap) if key in merged else gap
    listings: dict[tuple[str, str, bool], Gap] = {}
    for gap in merged.values():
        name = "" if _plain(gap) else gap.collect or gap.what
        place = (name, gap.why, gap.blocks)
        listings[place] = _listed(listings[place], gap) if place in listings else gap
    return tuple(sorted(listings.values(), key=lambda gap: (not gap.blocks, gap.what)))


def with_reason(why: str, waived: Suppression | None) -> str:
    """Why something was not looked at, and why somebody accepts that."""
    if waived is None:
        return why
    accepted = f"accepted: {redact_text(waived.reason)}"
    return f"{why}; {accepted}" if why else accepted


def _plain(gap: Gap) -> bool:
    """True where a gap is about kinds that every server has, and is closed by listing them."""
    kinds = [kind.lower() for kind in gap.what.split(", ")]
    return _asked(gap) == kinds and all(kind.partition(".")[2] in _EVERYWHERE for kind in kinds)


def _asked(gap: Gap) -> list[str]:
    """The kinds that the command of a gap lists."""
    listing = _LISTING.fullmatch(gap.collect)
    return listing[1].split(",") if listing else []


def _closed(gap: Gap, held: Gap) -> bool:
    """Whether the command of one gap closes another as well; one without a command is closed with what it names."""
    if not gap.collect:
        return gap.what in held.what.split(", ")
    return bool(_asked(gap)) and set(_asked(gap)) <= set(_asked(held))


def _joined(held: Gap, gap: Gap) -> Gap:
    names = held.what.split(", ")
    what = ", ".join([*names, *(name for name in gap.what.split(", ") if name not in names)])
    silences = tuple(dict.fromkeys((*held.silences, *gap.silences)))
    return replace(held, what=what, silences=silences, blocks=held.blocks or gap.blocks)


def _listed(held: Gap, gap: Gap) -> Gap:
    """Two listings of kinds as one."""
    names = dict.fromkeys([*_asked(held), *_asked(gap)])
    return replace(_joined(held, gap), collect=f"kubectl get {','.join(names)} -A -o yaml")
