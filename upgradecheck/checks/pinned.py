"""Values that keep the image of another version than the one that the chart brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..images import Image
from ..model import Evidence, Path, Subject, Values, dotted
from ..tables import ABSENT, lookup, split_key
from ..versions import Version
from .collecting import untold_values
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Row:
    """One image in the values: `image` is the key of its map, `part` what runs it. `tag`, `override` and `digests`
    are the keys in that map that decide. `digested` is true where published charts bring a digest of their own,
    which `use_digest` turns off. An image whose tag follows versions of its own has `own_version: true`."""

    image: str
    part: str
    tag: str = "tag"
    override: str = "override"
    digests: tuple[str, ...] = ("digest",)
    digested: bool = False
    use_digest: str = "useDigest"
    own_version: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """`rows` are the images of the chart. Cases: `renamed` where a tag is kept and the digest is the new chart's
    own, so that the new image runs under an old name; `digest` where only a digest is kept, which tells no version;
    `apart` for an image with versions of its own; none where an image of another version is what will run."""

    rows: tuple[Row, ...]


FACTS: Mapping[str, str] = {
    "keys": "the keys that keep an image",
    "parts": "what runs these images",
    "versions": "the versions that they keep",
    "places": "where the keys are set",
    "count": "how many keys",
}


@dataclass(frozen=True, slots=True)
class _Pin:
    row: Row
    paths: tuple[Path, ...]
    version: str = ""
    case: str = ""


def reads(params: Params) -> frozenset[str]:
    return frozenset({"values", "release"})


def run(params: Params, given: Given) -> Looking:
    upgrade = given.upgrade
    values = upgrade.after or upgrade.before
    if values is None:
        yield from untold_values(upgrade)
        return
    if upgrade.to is None:
        return
    by_case: dict[str, list[_Pin]] = {}
    for row in params.rows:
        for pin in _pins(row, values, given, upgrade.to):
            by_case.setdefault(pin.case, []).append(pin)
    for case, pins in sorted(by_case.items()):
        yield _sighting(case, pins, values)


def _pins(row: Row, values: Values, given: Given, to: Version) -> Iterator[_Pin]:
    """What one image's keys do: an override is the whole image, a digest decides over the tag beside it."""
    at = split_key(row.image)
    override, tag = (*at, row.override), (*at, row.tag)
    if _kept(override, values, given):
        yield from _other(row, (override,), Image.parse(str(values.get(*override))).tag, to)
        return
    digests = tuple(path for key in row.digests if _kept(path := (*at, key), values, given))
    uses = _uses_digest(row, at, values, given)
    if _kept(tag, values, given):
        renamed = uses and not digests
        yield from _other(row, (tag, *digests), str(values.get(*tag)), to, "renamed" if renamed else "")
    elif digests and uses:
        yield _Pin(row, digests, "", "apart" if row.own_version else "digest")


def _other(row: Row, paths: tuple[Path, ...], tag: str, to: Version, case: str = "") -> Iterator[_Pin]:
    """A tag that is no version (`latest`, a branch) says nothing."""
    version = Version.read(tag)
    if row.own_version:
        yield _Pin(row, paths, tag, "apart")
    elif version is not None and version != to:
        yield _Pin(row, paths, tag, case)


def _kept(path: Path, values: Values, given: Given) -> bool:
    """True where a text is set that is not the target chart's own."""
    found, chart = values.get(*path), given.upgrade.chart
    own = lookup(chart.defaults, path) if chart is not None else ABSENT
    return isinstance(found, str) and found != "" and found != own


def _uses_digest(row: Row, at: Path, values: Values, given: Given) -> bool:
    """Whether the templates write a digest after the tag: as set, as the target chart has it, as published ones do."""
    path, chart = (*at, row.use_digest), given.upgrade.chart
    if values.has(*path):
        return bool(values.get(*path))
    found = lookup(chart.defaults, path) if chart is not None else ABSENT
    return row.digested if found is ABSENT else bool(found)


def _sighting(case: str, pins: list[_Pin], values: Values) -> Sighting:
    paths = [path for pin in pins for path in pin.paths]
    keys = [dotted(path) for path in paths]
    facts: dict[str, object] = {
        "keys": keys,
        "parts": list(dict.fromkeys(pin.row.part for pin in pins)),
        "versions": list(dict.fromkeys(pin.version for pin in pins if pin.version)),
        "places": list(dict.fromkeys(str(values.origin(path)) for path in paths)),
        "count": len(paths),
    }
    evidence = tuple(Evidence(dotted(path), values.origin(path)) for path in paths)
    return Sighting(Subject("values", ",".join(keys)), facts, evidence, (), "computed", case)
