"""Writes what -v adds: why, how sure, every object, the references, and what was examined."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Examined, Finding, Object
from .clean import clean, clean_lines
from .evidence import place
from .head import OUTCOME_WORDS, count
from .paint import Paint
from .width import prose, wrap

_INDENT = "  "
_DEEPER = "    "
SURENESS = {
    "observed": "observed, it is so now",
    "computed": "computed, it follows exactly from what was read",
    "possible": "possible, from versions alone",
}


def detail_lines(finding: Finding, width: int, paint: Paint) -> list[str]:
    """What stands below one finding."""
    lines: list[str] = []
    outcome = clean(finding.says) or (OUTCOME_WORDS[finding.outcome] if finding.outcome != "fine" else "")
    for title, told in (
        ("Rule", finding.title),
        ("About", str(finding.subject)),
        ("Sure", SURENESS[finding.sure]),
        ("As typed", outcome),
    ):
        lines += _fact(title, clean(told), width, paint)
    if finding.why.strip():
        lines += [f"{_INDENT}{paint('head', 'Why:')}", *prose(clean_lines(finding.why), width, _DEEPER)]
    lines += _listed("Objects", map(object_words, finding.objects), width, paint)
    return lines + _listed("See", map(clean, finding.references), width, paint)


def object_words(found: Object) -> str:
    """`DaemonSet.apps kube-system/cilium (objects.yaml:9291)`."""
    name = f"{found.namespace}/{found.name}" if found.namespace else found.name
    where = place(found.origin)
    return clean(f"{found.group_kind} {name}") + (f" ({where})" if where else "")


def examined_lines(examined: Examined, width: int, paint: Paint) -> list[str]:
    """Everything that was looked at, and every rule that was not asked, with the reason."""
    kinds = [f"{kind} {number}" for kind, number in sorted(examined.kinds.items())]
    lines = [paint("head", "EXAMINED")]
    for title, told in (
        ("Inputs", ", ".join(examined.inputs)),
        ("Newest", examined.newest),
        ("Kinds", ", ".join(kinds)),
        ("Releases", ", ".join(examined.releases)),
        ("Judged", ", ".join(examined.judged)),
        ("Passed", ", ".join(examined.passed)),
    ):
        lines += _fact(title, clean(told), width, paint)
    lines += _listed("Skipped", (clean(f"{path}: {reason}") for path, reason in examined.skipped), width, paint)
    left = (clean(f"{rule}: {reason}") for rule, reason in sorted(examined.left_out.items()))
    return lines + _listed("Left out", left, width, paint)


def judged_words(examined: Examined) -> str:
    """`34 rules judged 120 objects`."""
    return f"{count(len(examined.judged), 'rule')} judged {count(sum(examined.kinds.values()), 'object')}"


def _fact(title: str, told: str, width: int, paint: Paint) -> list[str]:
    if not told:
        return []
    lines = wrap(f"{title}: {told}", width, first=_INDENT, rest=_DEEPER)
    begin = len(_INDENT) + len(title) + 1
    lines[0] = _INDENT + paint("head", lines[0][len(_INDENT) : begin]) + lines[0][begin:]
    return lines


def _listed(title: str, entries: Iterable[str], width: int, paint: Paint) -> list[str]:
    told = [line for entry in entries for line in wrap(entry, width, first=_DEEPER, rest=f"{_DEEPER}  ")]
    return [f"{_INDENT}{paint('head', f'{title}:')}", *told] if told else []
