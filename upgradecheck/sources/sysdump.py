"""Pairs the files in which a Cilium sysdump keeps a release: its metadata, and its values, which name no release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..model import Release, Values

_NAME = re.compile(r"(?P<what>[\w.-]+)-helm-(?P<part>values|metadata)-(?P<when>[\w-]+)\.yaml")

Place = tuple[str, ...]


def helm_part(parts: Place) -> tuple[str, Place]:
    """Which part of a release a file is, `values` or `metadata`, and what the two files have in common."""
    found = _NAME.fullmatch(parts[-1])
    return (found["part"], (*parts[:-1], found["what"], found["when"])) if found else ("", ())


def paired(values: Iterable[tuple[Place, Values]], releases: Iterable[tuple[Place, Release]]) -> Iterator[Release]:
    """Each release that has values beside its metadata, with them."""
    beside = {helm_part(parts)[1]: release for parts, release in releases if helm_part(parts)[0] == "metadata"}
    for parts, tree in values:
        release = beside.get(helm_part(parts)[1])
        if release is not None:
            yield replace(release, values=tree)
