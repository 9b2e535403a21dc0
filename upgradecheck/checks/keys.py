"""Values keys that somebody set and that the target no longer honours, refuses, or reads as something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..model import Evidence, Path, Subject, Values, dotted
from ..model.redact import redact
from ..tables import split_key
from .collecting import untold_values
from .defaults import first_inside, start_keys, target_keys
from .given import Given, Looking, Sighting
from .key_rows import Row, as_text, dead, found


@dataclass(frozen=True, slots=True)
class Params:
    """The `rows` say what the tables of published charts cannot. `unlisted` adds every key that was set, that the
    chart running now has, and that the target's has not. `elsewhere` are keys that another rule speaks about. Cases:
    `refused`, then `error`, `warning` and `info` by the weight of the rows, and `unlisted`."""

    rows: tuple[Row, ...]
    unlisted: bool = True
    elsewhere: tuple[str, ...] = ()


FACTS: Mapping[str, str] = {
    "keys": "the keys that are set",
    "what": "each key with the version that dropped it, what to write instead, and what happens else",
    "changes": "what to do with each key, such as `write routingMode=native in place of tunnel=disabled`",
    "words": "what Helm says where it refuses",
    "count": "how many keys",
    "stored": "true where the release itself holds one of them, rather than what is on the command",
    "entries": "the keys as entries, for `each`",
}
EACH: Mapping[str, str] = {
    "key": "the dotted key",
    "since": "the first version that no longer honours it",
    "instead": "what to write instead, empty where nothing is",
}
CASES = ("refused", "error", "warning", "info")


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
    met = list(found(params.rows, values, given, upgrade.to))
    for case in CASES:
        hits = [hit for hit in met if _case(hit[0]) == case]
        if hits:
            yield _sighting(case, hits, values, given)
    if params.unlisted:
        listed = (row.key for row in params.rows if upgrade.to in row.gone)
        told = {split_key(key) for key in (*params.elsewhere, *listed)}
        yield from _unlisted(told, values, given)


def _case(row: Row) -> str:
    if row.refused:
        return "refused"
    return row.weight or ("warning" if row.effect else "info")


def _sighting(case: str, hits: list[tuple[Row, Path]], values: Values, given: Given) -> Sighting:
    said: dict[str, list[str]] = {}
    for row, path in hits:
        since = (
            "unknown to " + str(given.upgrade.to) if dead(row, given) else "gone in " + first_inside(given, row.gone)
        )
        instead = f"; write {row.instead}" if row.instead[:1].islower() else f"; {row.instead}" if row.instead else ""
        effect = f": {row.effect}" if row.effect else ""
        said.setdefault(f" ({since}{instead}){effect}", []).append(_as_set(row, path, values))
    entries = [
        {"key": dotted(path), "since": first_inside(given, row.gone), "instead": row.instead} for row, path in hits
    ]
    words = next((row.refused for row, _ in hits if row.refused), "")
    changes = [_change(row, _as_set(row, path, values)) for row, path in hits]
    return _about([path for _, path in hits], given, case, "computed", _what(said), words, entries, changes)


def _as_set(row: Row, path: Path, values: Values) -> str:
    """The key, with its value where that matters."""
    return dotted(path) + (f"={as_text(redact(path, values.get(*path)))}" if row.values else "")


def _change(row: Row, key: str) -> str:
    if not row.instead:
        return f"take out {key}"
    return f"write {row.instead} in place of {key}" if row.instead[:1].islower() else f"change {key}"


def _what(said: Mapping[str, list[str]]) -> str:
    """One sentence for each thing that happens, with the keys that it happens to."""
    return "; ".join(", ".join(dict.fromkeys(keys)) + rest for rest, keys in said.items())


def _unlisted(told: set[Path], values: Values, given: Given) -> Iterator[Sighting]:
    """Keys of the running chart that the target's values.yaml has not. Its templates may still read them."""
    before, after = start_keys(given), target_keys(given)
    if before is None or after is None:
        return
    gone = [
        path
        for path, value in values.leaves()
        if value is not None
        and not any(path[:end] in told for end in range(1, len(path) + 1))
        and before.knows(path)
        and not after.knows(path)
    ]
    if gone:
        entries = [{"key": dotted(path), "since": str(given.upgrade.to), "instead": ""} for path in gone]
        yield _about(gone, given, "unlisted", "possible", ", ".join(dotted(path) for path in gone), "", entries)


def _about(
    paths: list[Path],
    given: Given,
    case: str,
    sure: Literal["computed", "possible"],
    what: str,
    words: str,
    entries: list[dict[str, str]],
    changes: list[str] | None = None,
) -> Sighting:
    values = given.upgrade.after or given.upgrade.before or Values()
    keys = list(dict.fromkeys(dotted(path) for path in paths))
    stored = not all(given.upgrade.given.has(*path) for path in paths)
    facts = {
        "keys": keys,
        "what": what,
        "changes": list(dict.fromkeys(changes or [])),
        "words": words,
        "count": len(keys),
        "stored": stored,
        "entries": entries,
    }
    evidence = tuple(Evidence(dotted(path), values.origin(path)) for path in dict.fromkeys(paths))
    return Sighting(Subject("values", ",".join(keys)), facts, evidence, (), sure, case)
