"""A baseline: findings that were there when somebody looked, in a small file that is reviewed like code.

Findings are known again by their fingerprint, which holds rule, subject and evidence, and no line. Each counts as
often as it was there, so that a second one of the same kind is still told.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..fingerprint import VERSION, fingerprint
from ..model import Finding, Report, Rule
from ..model.redact import redact_text
from .entries import names_of, unknown_key

DEFAULT_FILE = "upgradecheck-baseline.yaml"
MOST_BYTES = 16 << 20
REFRESH = "what `upgradecheck baseline --update` writes"
_KEYS: Mapping[str, type] = {
    "rule": str, "subject": str, "message": str, "fingerprint": str, "count": int, "reason": str,
}  # fmt: skip
_NEEDED = ("rule", "subject", "fingerprint")
_HEAD = """\
# Findings that were accepted as they are. Written by `upgradecheck baseline`; refresh it with --update.
# An entry may be given a `reason`. Delete one to be told of it again.
"""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One finding of a baseline, as often as it was there. `message` and `subject` are for the reader alone."""

    rule: str
    subject: str
    fingerprint: str
    message: str = ""
    count: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline file that was read."""

    file: str
    entries: tuple[Accepted, ...] = ()


def marks(finding: Finding, rule: Rule) -> list[str]:
    """The fingerprints that a finding may stand in a baseline by: one for each name that its rule has or had."""
    return [fingerprint(replace(finding, rule=name)) for name in names_of(rule)]


def accepted(report: Report) -> tuple[Accepted, ...]:
    """What a baseline says of the findings of a report, each told with its own subject."""
    each: dict[str, Finding] = {}
    most: Counter[str] = Counter()
    for together in _judged_together(report):
        counts: Counter[str] = Counter()
        for finding in together:
            mark = fingerprint(finding)
            each.setdefault(mark, finding)
            counts[mark] += 1
        most |= counts
    return tuple(Accepted(one.rule, str(one.subject), mark, one.message, most[mark]) for mark, one in each.items())


def _judged_together(report: Report) -> Iterator[list[Finding]]:
    """Findings that one judging may bring: what is found again on a hop, or for another component, is no second."""
    for component in dict.fromkeys(finding.component for finding in report.findings):
        yield [finding for finding in report.findings if finding.component == component]
    for hop in report.hops:
        yield list(hop.findings)


def baseline_text(entries: Iterable[Accepted]) -> str:
    """A baseline file: the same findings give the same text."""
    lines = [_HEAD + f"version: {VERSION}"]
    ordered = sorted(entries, key=lambda one: (one.rule, one.subject, one.fingerprint))
    lines.append("findings:" if ordered else "findings: []")
    for one in ordered:
        told: dict[str, Any] = {"subject": one.subject, "message": one.message, "reason": one.reason}
        lines.append(f"- rule: {_quoted(one.rule)}")
        lines += [f"  {key}: {_quoted(text)}" for key, text in told.items() if text]
        lines.append(f"  fingerprint: {_quoted(one.fingerprint)}")
        lines += [f"  count: {one.count}"] if one.count > 1 else []
    return "\n".join(lines) + "\n"


def read_baseline(file: str) -> Baseline:
    """Raises InputError where it is not there or is no baseline, with file and line."""
    from ..yaml import YamlError, load_with_lines

    try:
        with Path(file).open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(file, f"cannot be read: {error.strerror}", f"the baseline; {REFRESH}") from None
    if len(text) > MOST_BYTES:
        raise InputError(file, "larger than 16 MiB", REFRESH)
    try:
        data, locate = load_with_lines(text)
    except YamlError as error:
        raise InputError(f"{file}:{error.line}", error.text, REFRESH) from None
    if not isinstance(data, Mapping) or not isinstance(data.get("findings"), list):
        raise InputError(f"{file}:1", "no baseline", REFRESH)
    if data.get("version") != VERSION:
        where = f"{file}:{locate(('version',)) or 1}"
        raise InputError(where, f"a baseline of version {data.get('version')}", f"version {VERSION}, {REFRESH}")
    entries = data["findings"]
    return Baseline(file, tuple(_entry(one, f"{file}:{locate(('findings', n))}") for n, one in enumerate(entries)))


def _entry(data: Any, where: str) -> Accepted:
    if not isinstance(data, Mapping):
        raise InputError(where, "no finding", f"a mapping of {', '.join(_KEYS)}")
    for key, value in data.items():
        if key not in _KEYS:
            raise InputError(where, f"{key}: {unknown_key(str(key), _KEYS)}")
        if type(value) is not _KEYS[key] or value in (0, ""):
            raise InputError(where, f"{key} {value!r}", "a number from 1" if key == "count" else "a text")
    missing = [key for key in _NEEDED if key not in data]
    if missing:
        raise InputError(where, f"{missing[0]} is missing", REFRESH)
    return Accepted(**data)


def _quoted(text: str) -> str:
    """As YAML in double quotes: what others wrote can neither end the text nor carry an escape to the terminal."""
    plain = "".join(c if c.isprintable() else " " for c in redact_text(text))
    return json.dumps(" ".join(plain.split()), ensure_ascii=False)
