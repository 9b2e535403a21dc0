"""Entries that accept findings by rule and subject, as people write them in the configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from ..errors import UsageError
from ..model import NOWHERE, Origin, Path, Rule, Subject, Suppression

KEYS: Mapping[str, str] = {
    "rule": "The id of a rule, or a glob over ids: spiderpool/reuse-values, cilium/*.",
    "reason": "Why this is accepted. It is shown with the finding.",
    "kind": "A glob over the kind of the subject, with its group or without: DaemonSet, DaemonSet.apps, values.",
    "namespace": "A glob over the namespace of the subject.",
    "name": "A glob over the name of the subject.",
    "expires": "The last day on which it counts, such as 2026-12-31.",
    "gaps": "true: it accepts what these rules could not look at, and no finding.",
}
REQUIRED = ("rule", "reason")
_SELECTORS = ("kind", "namespace", "name")

Complain = Callable[[Path, str], None]


def names_of(rule: Rule) -> tuple[str, ...]:
    """The names that a suppression may call a rule by: its id, and the ids that it had."""
    return (rule.id, *rule.aliases)


def fits_rule(entry: Suppression, names: Sequence[str]) -> bool:
    return any(fnmatchcase(name, entry.rule) for name in names)


def fits(entry: Suppression, rule: Rule, subject: Subject) -> bool:
    """Whether an entry accepts a finding of a rule about a subject."""
    return (
        not entry.gaps
        and fits_rule(entry, names_of(rule))
        and any(fnmatchcase(kind, entry.kind or "*") for kind in (subject.kind, subject.kind.partition(".")[0]))
        and fnmatchcase(subject.namespace, entry.namespace or "*")
        and fnmatchcase(subject.name, entry.name or "*")
    )


def read_entries(told: Sequence[Mapping[str, Any] | Suppression]) -> tuple[Suppression, ...]:
    """Entries as a program gives them. Raises UsageError for one that is wrong."""
    entries = []
    for number, one in enumerate(told):
        if isinstance(one, Suppression):
            entries.append(one)
            continue
        wrong: list[str] = []
        entry = read_entry(one, _told_to(wrong))
        if entry is None:
            raise UsageError(f"suppress[{number}]{wrong[0]}")
        entries.append(entry)
    return tuple(entries)


def _told_to(wrong: list[str]) -> Complain:
    return lambda path, text: wrong.append("".join(f".{step}" for step in path) + f": {text}")


def read_entry(data: Any, complain: Complain, origin: Origin = NOWHERE) -> Suppression | None:
    """One entry from plain data; None where something about it was complained of."""
    if not isinstance(data, Mapping):
        complain((), f"expected a mapping of {', '.join(KEYS)}")
        return None
    wrong: list[str] = []

    def say(path: Path, text: str) -> None:
        wrong.append(text)
        complain(path, text)

    for key in data:
        if key not in KEYS:
            say((str(key),), unknown_key(str(key), KEYS))
    texts = {key: _text(data, key, say) for key in (*REQUIRED, *_SELECTORS)}
    gaps = data.get("gaps", False)
    if not isinstance(gaps, bool):
        say(("gaps",), f"expected true or false, not {called(gaps)}")
    elif gaps and any(texts[key] for key in _SELECTORS):
        say((), f"with `gaps: true` there is no subject; leave out {', '.join(k for k in _SELECTORS if texts[k])}")
    expires = _day(data["expires"], say) if "expires" in data else None
    return None if wrong else Suppression(**texts, expires=expires, gaps=gaps, origin=origin)


def unknown_key(key: str, known: Mapping[str, Any]) -> str:
    """The words for a key that is not known, with a near one that is."""
    near = get_close_matches(key.replace("_", "-"), known, 1, 0.7)
    return "unknown key; " + (f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}")


def called(value: Any) -> str:
    """What a value is, in the words of a configuration file."""
    if isinstance(value, str):
        return f"the text {value!r}"
    names = {dict: "a mapping", list: "a list", type(None): "nothing", bool: str(value).lower()}
    return names.get(type(value), str(value))


def _text(data: Mapping[str, Any], key: str, say: Complain) -> str:
    if key not in data:
        if key in REQUIRED:
            say((), f"{key} is missing")
        return ""
    value = data[key]
    if isinstance(value, str) and value.strip():
        return value.strip()
    say((key,), f"expected a text, not {called(value) if value != '' else 'an empty one'}")
    return ""


def _day(value: Any, say: Complain) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    say(("expires",), f"expected a day such as 2026-12-31, not {called(value)}")
    return None
