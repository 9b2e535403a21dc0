"""The plan of an upgrade that a manifest asks for: what to do by hand, what to change in which file, and the merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..model import PHASES, Declared, Edit, Finding, Typed, Upgrade, Values, dotted
from .declared import worded
from .manifest_edits import value_edit, version_edit
from .outcome import Change, Part
from .plan import plan

_FIELDS = {
    "--force": "force",
    "--cleanup-on-fail": "cleanupOnFail",
    "--no-hooks": "disableHooks",
    "--skip-schema-validation": "disableSchemaValidation",
}
"""Flags of helm and the field of spec.upgrade that does the same."""


def manifest_plan(part: Part, findings: Sequence[Finding]) -> list[Typed]:
    """`findings` are those of this upgrade, numbered."""
    declared = part.upgrade.declared
    if declared is None:
        return []
    steps = list(plan(findings, part.typed.advice, None, ()))
    numbers = {(f.rule, str(f.subject)): f.number for f in findings}
    steps += _edits(part.repaired.changes, part.upgrade, declared, numbers)
    steps += _moved(declared)
    steps += _hops(part, declared)
    steps.append(_merge(part, declared))
    return sorted(steps, key=lambda typed: PHASES.index(typed.phase))


def _edits(
    changes: Iterable[Change], upgrade: Upgrade, declared: Declared, numbers: dict[tuple[str, str], int]
) -> Iterator[Typed]:
    told: dict[str, set[int]] = {}
    for change in changes:
        number = numbers.get((change.finding.rule, str(change.finding.subject)))
        notes = [*_edit(change, upgrade, declared), *([worded(change.note, declared)] if change.note else [])]
        for note in notes:
            told.setdefault(note, set()).update({number} if number else ())
    for note, answers in told.items():
        fill = "<" in note and ">" in note
        yield Typed("upgrade", "", note, stage="values", fill=fill, answers=tuple(sorted(answers)))


def _edit(change: Change, upgrade: Upgrade, declared: Declared) -> Iterator[str]:
    edit = change.edit
    values = upgrade.after or declared.values
    if "reuse-values" in edit.drop and declared.reuse:
        path, origin = declared.at("reuse")
        yield f"in {origin} take out {path}"
    for key, value in edit.set.items():
        yield value_edit(key, value, declared, values)
    yield from _added(edit, upgrade, declared, values)
    for old, new in edit.swap.items():
        path, origin = declared.at("chart")
        yield f"in {origin} put {new} in place of {old if not old.isdigit() else path}"


def _added(edit: Edit, upgrade: Upgrade, declared: Declared, values: Values) -> Iterator[str]:
    words = list(edit.add)
    while words:
        flag, _, value = words.pop(0).partition("=")
        if flag in ("-f", "--values", "--version", "--set", "--set-string") and not value and words:
            value = words.pop(0)
        if flag == "--version":
            yield version_edit(value, declared)
        elif flag in ("-f", "--values"):
            yield from _kept(upgrade, declared)
        elif flag in ("--set", "--set-string"):
            key, _, text = value.partition("=")
            yield value_edit(key, text, declared, values)
        elif flag in _FIELDS and declared.carrier == "Flux":
            path, origin = declared.at("upgrade")
            yield f"in {origin} set {path}.{_FIELDS[flag]} to true"


def _kept(upgrade: Upgrade, declared: Declared) -> Iterator[str]:
    """What is set now and the manifest does not say, in place of a file of old values."""
    before = upgrade.before or Values()
    lost = [dotted(path) for path, value in before.leaves() if value is not None and not declared.values.has(*path)]
    if lost:
        path, origin = declared.at("values")
        yield f"in {origin} write below {path} as it is set now: {', '.join(lost)}"


def _hops(part: Part, declared: Declared) -> Iterator[Typed]:
    """An upgrade through other versions is one change for each of them."""
    for hop in part.hops[:-1]:
        note = f"first {version_edit(hop.to, declared)}, merge that, wait until it is ready, and scan again"
        yield Typed("upgrade", "", note, stage="hop")


def _moved(declared: Declared) -> Iterator[Typed]:
    """A version that was asked for on the command line and that no file says yet."""
    was = declared.base
    if was is not None and was.origin == declared.origin and was.version != declared.version:
        yield Typed("upgrade", "", version_edit(declared.version, declared), stage="hop")


def _merge(part: Part, declared: Declared) -> Typed:
    origin = declared.at("version")[1]
    name = part.component.name
    to = part.upgrade.to or declared.version or "another version"
    does = {
        "Flux": f"Flux then upgrades release {declared.target}/{declared.release} to {name} {to}",
        "Argo CD": f"Argo CD then syncs {declared.title} to {name} {to}",
        "Helm": f"whoever installs chart {declared.name} then upgrades {name} to {to}",
    }
    return Typed("upgrade", "", f"merge the change of {origin}; {does[declared.carrier]}", stage="hop")
