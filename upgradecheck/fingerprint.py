"""What makes two findings the same one, run after run: rule, subject and what was seen, never where it stood."""

from __future__ import annotations

import re

from .model import Finding

VERSION = 1
"""Raised when the same finding would get another fingerprint: every baseline and every alert starts anew then."""

_RANDOM = "[bcdfghjklmnpqrstvwxz2456789]"
_GENERATED = re.compile(rf"-(?:[0-9]{{8,10}}-|{_RANDOM}{{5,10}}-)?{_RANDOM}{{5}}(?![\w.-])")
_FOLDERS = re.compile(
    r"(?:[\w.@~+-]*/)+(?=[\w.@+-]+\.(?:ya?ml|json|tgz|tar\.gz|log|txt)\b)"
    r"|(?<![\w.:/])\.{0,2}/(?:[\w.@+-]+/)+"
)
_STEADY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?"), "TIME"),
    (re.compile(r"\b[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+"), "TIME"),
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE), "ID"),
    (re.compile(r"(?<![\w.:@-])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}(?![\w.-])"), "ID"),
    (re.compile(r"\b\d{10,}(?:\.\d+)?\b"), "ID"),
    (_FOLDERS, ""),
    (re.compile(r"(?<=\.(?:go|rs|py)):\d+"), ""),
    (re.compile(r"\[\d+\]|(?<=[A-Za-z\]])\.\d+(?=\.[A-Za-z])|(?<=[A-Za-z]\.[A-Za-z])\.\d+$"), ".*"),
    (re.compile(r"\b(?:after|ago|for|in|over) \d+(?:\.\d+)?(?:ms|[smhd])(?:\d+(?:\.\d+)?(?:ms|[smhd]))*\b"), "LONG"),
    (re.compile(r"(?<![\w.:/-])\d+(?:/\d+| of \d+)(?![\w./-])"), "N/N"),
    (re.compile(r"\(x\d+\b"), "(N"),
    (re.compile(r"(?<![\w.:/=-])(?<!port )(?<!version )\d+(?= [A-Za-z])"), "N"),
)


def fingerprint(finding: Finding) -> str:
    """32 hexadecimal digits that stay the same from run to run, from source to source, and however the rule words it.

    Two findings of one report may share it, as two Pods of one Deployment do: who needs it unique adds a count.
    """
    rule, subject, seen = parts(finding)
    text = "\0".join((str(VERSION), rule, subject, *seen))
    import hashlib  # loads OpenSSL, which a scan without suppression has no use for

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def parts(finding: Finding) -> tuple[str, str, tuple[str, ...]]:
    """What the fingerprint is made of: the rule's id, the subject, and each different piece of evidence, sorted.

    No line, file, severity or message is in it. Versions, names, settings and addresses stay: another version is
    another finding. Taken out are counts (`5/8`, `9 Pods`), times, ids, the places of list items in a path, folders
    of files, and the endings that Kubernetes generates for Pods.
    """
    subject = finding.subject
    names = sorted(steady_name(name) for name in subject.name.split(",")) if subject.kind == "Pod" else [subject.name]
    about = f"{subject.kind} {subject.namespace}/{','.join(dict.fromkeys(names))}"
    return finding.rule, about, tuple(sorted({steady(each.text) for each in finding.evidence}))


def steady(text: str) -> str:
    """A piece of evidence without what changes from run to run."""
    text = " ".join(text.split())
    for pattern, instead in _STEADY:
        text = pattern.sub(instead, text)
    return steady_name(text)


def steady_name(text: str) -> str:
    """A text with the generated endings of Pod names taken off: `web-7d79cf6697-xgvq6` is `web-*`."""
    return _GENERATED.sub("-*", text)
