"""What a live scan would read, read to be saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..intent.asked import Asked
from ..intent.wanted import read_wanted
from ..model.redact import redact_assignments, redact_words
from ..packs import load_components, rule_ids
from ..sources.bundle.manifest import Manifest, Told
from ..sources.live import Access, Wants
from ..sources.live.conclusion import coverage_of, known_of
from .choose import refuse_strangers
from .live import Surveyed, survey

if TYPE_CHECKING:
    from ..sources.live import Watch


def collect(asked: Asked, watch: Watch | None = None) -> Surveyed:
    """Read the cluster as `scan` does, and besides what rules read that wait for a version which nobody has told yet.

    Raises UsageError, InputError and RuleError as `scan` does.
    """
    packs = load_components(asked.rules)
    ids = [rule for pack in packs for rule in rule_ids(pack)]
    refuse_strangers("--select", asked.select, ids)
    refuse_strangers("--ignore", asked.ignore, ids)
    return survey(asked, packs, read_wanted(asked), watch, to_keep=True)


def manifest_of(surveyed: Surveyed, asked: Asked, tool: str) -> Manifest:
    """What the bundle says about itself, but for its files."""
    live, known = surveyed.live, known_of(surveyed.live.extent)
    return Manifest(
        tool=tool,
        collected=live.now.isoformat() if live.now else "",
        context=live.context,
        server=live.address,
        arguments=_told(asked, live.access, surveyed.wants),
        whole=known.whole,
        spaces=known.spaces,
        denied=known.denied,
        reasons=known.reasons,
        releases=coverage_of(live, surveyed.loaded.cluster.releases),
        refused=tuple(Told(one.kind, one.why, one.collect, one.detects) for one in surveyed.loaded.refusals),
    )


def _told(asked: Asked, access: Access, wants: Wants) -> Mapping[str, Any]:
    """What was asked, for people; no secret is in it."""
    told = {
        "command": " ".join(redact_words(asked.command.words)) if asked.command else "",
        "to": dict(asked.to) | ({"": asked.target} if asked.target else {}),
        "set": [redact_assignments(text) for _, text in asked.sets],
        "select": list(asked.select),
        "ignore": list(asked.ignore),
        "namespaces": list(access.namespaces),
        "selector": access.selector,
        "kinds": sorted(wants.kinds),
        "events": sorted(wants.events),
        "logs": [
            " ".join((*want.pods, *([f"-c {want.container}"] if want.container else []))) for want in sorted(wants.logs)
        ],
        "releases": wants.records,
    }
    return {name: value for name, value in told.items() if value}
