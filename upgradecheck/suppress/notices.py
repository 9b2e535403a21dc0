"""Suppressions that want tidying up: expired, unused, without a reason, or for a rule that is not there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property

from ..model import Notice, Object, Origin, Rule, Suppression
from .annotations import every_annotation, key_of
from .entries import fits_rule, names_of
from .ledger import Ledger


@dataclass(frozen=True)
class RuleNames:
    """Every id there is, those that are retired, and a way to those that rules had earlier, asked only where needed:
    it reads every rule."""

    ids: Collection[str]
    retired: Collection[str]
    renamed: Callable[[], Mapping[str, str]]

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset((*self.ids, *self.renamed()))

    def fault(self, pattern: str) -> tuple[str, str]:
        """What is wrong with the name or glob of a rule: the kind of notice and its words; both empty for nothing."""
        if _any(self.ids, pattern) or _any(self.known, pattern):
            return "", ""
        if _any(self.retired, pattern):
            return "retired-rule", f"{pattern} is retired: this can go"
        near = get_close_matches(pattern, sorted(self.known), 1, 0.6)
        whole = f"{pattern.strip('/')}/*" if _any(self.ids, f"{pattern.strip('/')}/*") else ""
        hint = whole or (near[0] if near else "")
        return "unknown-rule", f"there is no rule {pattern}" + (f"; did you mean {hint}?" if hint else "")


def notices(
    ledger: Ledger, names: RuleNames, judged: Sequence[Rule], silent: Collection[str], objects: Iterable[Object]
) -> tuple[Notice, ...]:
    """`judged` are the rules that looked, `silent` those of them that could not see everything: nothing is called
    unused that may only have been out of sight. `objects` are those that were looked into."""
    seeing = [rule for rule in judged if rule.id not in silent]
    told = [
        *_of_entries(ledger, names, judged, seeing),
        *_of_annotations(ledger, names, seeing, objects),
        *_of_baseline(ledger, seeing),
    ]
    return tuple(dict.fromkeys(told))


def _of_entries(ledger: Ledger, names: RuleNames, judged: Sequence[Rule], seeing: Sequence[Rule]) -> Iterator[Notice]:
    for entry in ledger.entries:
        kind, text = names.fault(entry.rule)
        expired = _expired(ledger, entry)
        if kind:
            yield Notice(kind, f"suppression: {text}", entry.origin)
        elif expired:
            yield Notice("expired", f"suppression of {_words(entry)} {expired}", entry.origin)
        elif entry not in ledger.used and any(fits_rule(entry, names_of(r)) for r in _looked(entry, judged, seeing)):
            yield Notice("unused", f"suppression of {_words(entry)} suppressed nothing", entry.origin)


def _looked(entry: Suppression, judged: Sequence[Rule], seeing: Sequence[Rule]) -> Sequence[Rule]:
    return judged if entry.gaps else seeing


def _expired(ledger: Ledger, entry: Suppression) -> str:
    if entry in ledger.counting:
        return ""
    if ledger.today is None:
        return f"expires on {entry.expires}, and it is not known what day it is: it does not count"
    return f"expired on {entry.expires}: it does not count any more"


def _words(entry: Suppression) -> str:
    where = [f"{key} {value}" for key in ("kind", "namespace", "name") if (value := getattr(entry, key))]
    return ("gaps of " if entry.gaps else "") + entry.rule + (f" ({', '.join(where)})" if where else "")


def _of_annotations(
    ledger: Ledger, names: RuleNames, seeing: Sequence[Rule], objects: Iterable[Object]
) -> Iterator[Notice]:
    keys = {key_of(name) for rule in seeing for name in names_of(rule)}
    for found, key, value in every_annotation(objects):
        who = f"annotation {key} of {found.kind} {f'{found.namespace}/' if found.namespace else ''}{found.name}"
        place = _place(found, key)
        written = key.partition("/")[2].replace(".", "/", 1)
        kind, text = names.fault(next((name for name in names.ids if key_of(name) == key), written))
        if kind:
            yield Notice(kind, f"{who}: {text}", place)
        elif not isinstance(value, str) or not value.strip():
            yield Notice("no-reason", f"{who} gives no reason: it does not count", place)
        elif key in keys and (found.key, key) not in ledger.noted:
            yield Notice("unused", f"{who} suppressed nothing", place)


def _place(found: Object, key: str) -> Origin:
    return found.at("metadata", "annotations", key)


def _of_baseline(ledger: Ledger, seeing: Sequence[Rule]) -> Iterator[Notice]:
    seen = {name for rule in seeing for name in names_of(rule)}
    gone = sum(one.rule in seen and not ledger.met[one.fingerprint] for one in ledger.baseline.entries)
    if gone:
        things = "1 finding of the baseline is" if gone == 1 else f"{gone} findings of the baseline are"
        text = f"{things} not there any more; `upgradecheck baseline --update` drops what is gone"
        yield Notice("unused", text, Origin(ledger.baseline.file))


def _any(names: Iterable[str], pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in names)
