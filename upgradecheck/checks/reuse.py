"""`--reuse-values` across chart versions: the new chart's defaults, image tags among them, never appear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Evidence, Subject, Upgrade
from ..versions import Range, Version
from .defaults import table_of
from .given import Given, Looking, Sighting, Unseen


@dataclass(frozen=True, slots=True)
class Refusal:
    """Helm refuses from one range to another: the first key that the templates miss, as rendering found it, or
    the `words` of a refusal that is another one, such as that of the chart's values.schema.json."""

    start: Range
    to: Range
    key: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`refusals` are tried in order. `minors` true: every change of minor is refused. What is refused picks the
    case `refused`; what succeeds on the old images picks `old-images`; an unknown target `unpinned`.
    Nothing stays old where the person gives all of the image `tags`."""

    refusals: tuple[Refusal, ...] = ()
    minors: bool = False
    tags: tuple[str, ...] = ()


FACTS: Mapping[str, str] = {
    "key": "the key that the new templates miss, empty where not known",
    "words": "what Helm will say",
    "count": "how many keys of the target's defaults the old chart did not have, 0 where not known",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"release", "command"})


def run(params: Params, given: Given) -> Looking:
    upgrade = given.upgrade
    if upgrade.command is None or upgrade.base != "old":
        return
    start = _chart_version(upgrade)
    evidence = (Evidence("--reuse-values in the command"),)
    subject = Subject("flag", "--reuse-values")
    if upgrade.to is None:
        yield Sighting(subject, _facts("", 0), evidence, sure="possible", case="unpinned")
        return
    if start is None:
        yield Unseen("version of the installed chart", "not known", "helm list -A -o json")
    if start is None or start == upgrade.to:
        return
    refusal = _refusal(params, start, upgrade.to)
    if refusal is not None:
        facts = _facts(refusal.key, _new_keys(given, start, upgrade.to), refusal.words)
        yield Sighting(subject, facts, evidence, sure="computed", case="refused")
    elif not _images_given(params, upgrade):
        facts = _facts("", _new_keys(given, start, upgrade.to))
        yield Sighting(subject, facts, evidence, sure="computed", case="old-images")


def _chart_version(upgrade: Upgrade) -> Version | None:
    """The chart that is installed: Helm compares nothing else, whatever runs."""
    if upgrade.release is not None:
        return Version.read(upgrade.release.version)
    return upgrade.start[0] if len(upgrade.start) == 1 else None


def _refusal(params: Params, start: Version, to: Version) -> Refusal | None:
    for refusal in params.refusals:
        if start in refusal.start and to in refusal.to:
            return refusal
    if params.minors and start.line != to.line:
        return Refusal(Range.parse(f">={start}"), Range.parse(f">={to}"))
    return None


def _facts(key: str, count: int, words: str = "") -> dict[str, Any]:
    leaf = key.rpartition(".")[2]
    missed = f"nil pointer evaluating interface {{}}.{leaf}" if leaf else "nil pointer evaluating interface {}"
    return {"key": key, "words": words or missed, "count": count}


def _new_keys(given: Given, start: Version, to: Version) -> int:
    table = table_of(given)
    if table is None or not (table.knows(str(start)) and table.knows(str(to))):
        return 0
    return len(table.added(str(start), str(to)))


def _images_given(params: Params, upgrade: Upgrade) -> bool:
    """True where the command itself sets every image tag, as some pipelines do."""
    return bool(params.tags) and all(upgrade.given.has(*tag.split(".")) for tag in params.tags)
