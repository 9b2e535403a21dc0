"""Which rules apply to an upgrade, and why the others were left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from ..errors import UsageError
from ..model import Rule, Upgrade
from ..versions import Range, Version


@dataclass(frozen=True, slots=True)
class Choice:
    """The rules to judge, those left out with the reason, and those that an unknown version keeps from speaking."""

    chosen: tuple[Rule, ...]
    left_out: dict[str, str]
    unknown: tuple[tuple[Rule, str], ...]


def can_be_error(rule: Rule) -> bool:
    """A rule whose silence hides an error, in any of its cases."""
    return "error" in (rule.severity, *(case.severity for case in rule.cases.values()))


def named(rule: str, patterns: Iterable[str]) -> bool:
    """True where an id is given whole, by its beginning up to a slash or dash, or by a glob."""
    return any(
        rule == p or fnmatchcase(rule, p) or rule.startswith((p.rstrip("/") + "/", p.rstrip("-") + "-"))
        for p in patterns
    )


def refuse_strangers(flag: str, patterns: Iterable[str], rules: Collection[str]) -> None:
    """Raises UsageError for a pattern that no rule has: a slip of the pen must not look like a clean upgrade."""
    for pattern in patterns:
        if not any(named(rule, [pattern]) for rule in rules):
            near = get_close_matches(pattern, sorted({*rules, *(rule.partition("/")[0] for rule in rules)}), 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else "upgradecheck rules lists them"
            raise UsageError(f"{flag} {pattern}: no such rule", hint)


def choose(rules: Iterable[Rule], upgrade: Upgrade, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Choice:
    """Sort rules by what the person selected and by the version gates, both of which may be unknown."""
    chosen, left_out, unknown = [], {}, []
    for rule in rules:
        if select and not named(rule.id, select):
            left_out[rule.id] = "not selected"
            continue
        if named(rule.id, ignore):
            left_out[rule.id] = "ignored"
            continue
        start, to = _inside(upgrade.start, rule.start), _inside((upgrade.to,) if upgrade.to else (), rule.to)
        if start is False or to is False:
            left_out[rule.id] = _reason(rule, start is False)
        elif start is None or to is None:
            unknown.append((rule, "from" if start is None else "to"))
        else:
            chosen.append(rule)
    return Choice(tuple(chosen), left_out, tuple(unknown))


def _inside(versions: Sequence[Version], gate: Range | None) -> bool | None:
    """Whether any of the versions lies in a range; None where the rule asks and no version is known."""
    if gate is None:
        return True
    return any(version in gate for version in versions) if versions else None


def _reason(rule: Rule, start: bool) -> str:
    return f"bites only from {rule.start}" if start else f"bites only to {rule.to}"
