"""Annotations that accept a finding about the object that they stand on: `ignore.upgradecheck.io/PACK.RULE: reason`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..model import Object, Rule, Subject
from .entries import names_of

PREFIX = "ignore.upgradecheck.io/"
"""A slash may stand in the key of an annotation once only, so the one of the rule's id becomes a dot."""


def key_of(rule: str) -> str:
    """The key that accepts a rule by its id."""
    return PREFIX + rule.replace("/", ".", 1)


def own_annotations(found: Object) -> Mapping[str, Any]:
    """The annotations of an object that speak to us."""
    every = found.get("metadata", "annotations")
    if not isinstance(every, Mapping):
        return {}
    return {key: value for key, value in every.items() if isinstance(key, str) and key.startswith(PREFIX)}


def reason_on(found: Object, rule: Rule) -> tuple[str, str]:
    """The key and the reason that an object gives for accepting a rule, under its name or an earlier one; both empty
    where it gives none."""
    own = own_annotations(found)
    for key in map(key_of, names_of(rule)):
        reason = own.get(key)
        if isinstance(reason, str) and reason.strip():
            return key, reason
    return "", ""


def concerned(subject: Subject, objects: Sequence[Object]) -> Sequence[Object]:
    """The objects that have to accept a finding: the one that it is about, or all where it is about none alone."""
    return [found for found in objects if _is(found, subject)][:1] or objects


def by_annotation(
    rule: Rule, subject: Subject, objects: Sequence[Object]
) -> list[tuple[tuple[str, str, str], str, str]]:
    """Object, key and reason of every object that has to accept a finding; empty where one of them does not."""
    held = []
    for found in concerned(subject, objects):
        key, reason = reason_on(found, rule)
        if not key:
            return []
        held.append((found.key, key, reason))
    return held


def every_annotation(objects: Iterable[Object]) -> list[tuple[Object, str, Any]]:
    """Object, key and value of every annotation that speaks to us, by object and key."""
    found = [(one, key, value) for one in objects for key, value in own_annotations(one).items()]
    return sorted(found, key=lambda each: (each[0].key, each[1], each[0].origin))


def _is(found: Object, subject: Subject) -> bool:
    same = subject.kind in (found.group_kind, found.kind) and found.name == subject.name
    return same and (not subject.namespace or found.namespace == subject.namespace)
