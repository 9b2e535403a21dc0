"""Values that the person set and that the command does not keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model import Evidence, Path, Subject, Values, dotted
from ..model.redact import redact
from ..tables import split_key
from ..versions import Range
from .collecting import NO_VALUES
from .defaults import ABSENT, Defaults, target_defaults
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Loss:
    """What happens when a key, or any key below it, falls back to its default. `{value}` is what was set."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Params:
    """`losses` say what the loss of a key does, worst first; any other key is named alone. `harmless` keys and
    those below them are not reported. The case is `critical` where a key with a loss is among them.

    `moved` are keys with those that came in their place: a key is not lost where its successor is set.
    `defaults` are keys with the default that they have in every version, for targets whose chart nobody knows.
    `carried_by` names tools with their versions that carry values over by themselves."""

    losses: tuple[Loss, ...] = ()
    harmless: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, object] = field(default_factory=dict)
    carried_by: Mapping[str, Range] = field(default_factory=dict)


FACTS: Mapping[str, str] = {
    "keys": "the keys that are lost",
    "what": "what the loss of them does, worst first",
    "lost": "the lost keys as a list of entries with key and value, for `each`",
    "count": "how many keys are lost",
}
EACH: Mapping[str, str] = {"key": "the dotted key", "value": "its value as --set takes it"}


def reads(params: Params) -> frozenset[str]:
    return frozenset({"values", "release"})


def run(params: Params, given: Given) -> Looking:
    upgrade = given.upgrade
    if upgrade.command is None or (upgrade.release is None and upgrade.before is None):
        return
    carried, version = params.carried_by.get(upgrade.command.tool), upgrade.tools.get(upgrade.command.tool)
    if carried is not None and version is not None and version in carried:
        return
    if upgrade.before is None and upgrade.after is None:
        return  # whatever was set is kept
    if upgrade.before is None:
        yield NO_VALUES
        return
    if upgrade.after is None:
        return
    lost = _lost(
        upgrade.before, upgrade.after, target_defaults(given) or _always(params), _spared(params, upgrade.after)
    )
    if lost:
        yield _sighting(params, upgrade.before, lost)


def _always(params: Params) -> Defaults:
    known = {split_key(key): default for key, default in params.defaults.items()}
    return lambda path: known.get(path, ABSENT)


def _spared(params: Params, after: Values) -> list[Path]:
    moved = [key for key, new in params.moved.items() if after.has(*split_key(new))]
    return [split_key(key) for key in (*params.harmless, *moved)]


def _lost(before: Values, after: Values, defaults: Defaults | None, spared: list[Path]) -> list[tuple[Path, Any]]:
    return [
        (path, value)
        for path, value in before.leaves()
        if value is not None
        and not after.has(*path)
        and not any(path[: len(key)] == key for key in spared)
        and not (defaults is not None and _same(defaults(path), value))
    ]


def _same(default: Any, value: Any) -> bool:
    return default is not ABSENT and default == value and isinstance(default, bool) == isinstance(value, bool)


def _sighting(params: Params, before: Values, lost: list[tuple[Path, Any]]) -> Sighting:
    what: list[str] = []
    for loss in params.losses:
        key = split_key(loss.key)
        for path, value in lost:
            if path[: len(key)] == key and (said := loss.text.replace("{value}", str(redact(path, value)))) not in what:
                what.append(said)
    facts = {
        "keys": [dotted(path) for path, _ in lost],
        "what": what,
        "lost": [
            {"key": dotted(path), "value": text} for path, value in lost if (text := _shown(path, value)) is not None
        ],
        "count": len(lost),
    }
    evidence = tuple(Evidence(dotted(path), before.origin(path)) for path, _ in lost)
    subject = Subject("values", ",".join(dotted(path) for path, _ in lost))
    return Sighting(subject, facts, evidence, sure="computed", case="critical" if what else "")


def _shown(path: Path, value: Any) -> str | None:
    """What --set is given; a secret is left for the person to fill in."""
    return f"<{path[-1]}>" if redact(path, value) != value else _set_text(value)


def _set_text(value: Any) -> str | None:
    """A value as the edit of a command takes it, which escapes it; None for what --set cannot say."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        parts = [_set_text(item) for item in value]
        return None if None in parts else "{" + ",".join(str(part) for part in parts) + "}"
    if isinstance(value, Mapping):
        return None
    return str(value)
