"""One rule file → one Rule, with every error in it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from .. import checks
from ..commands import Payload
from ..errors import RuleError
from ..model import Case, Edit, Origin, Rule, Step
from ..model import Path as KeyPath
from .params import WRONG, build_dataclass, field_types
from .reading import Complaints, read_mapping, unknown
from .shape import CaseShape, EditShape, RuleShape, StepShape
from .texts import Texts


def load_rule(path: Path, pack: str) -> tuple[Rule | None, list[RuleError]]:
    """The rule in a file and the errors in it; no rule where there is any error."""
    try:
        data, locate = read_mapping(path)
    except RuleError as error:
        return None, [error]
    complaints = Complaints(path, locate)
    shape = build_dataclass(RuleShape, data, (), complaints)
    check = _check(data.get("check"), complaints)
    params = build_dataclass(check.Params, data.get("params") or {}, ("params",), complaints) if check else WRONG
    if shape is not WRONG:
        _judge_steps(shape, complaints)
        if check is not None:
            Texts(shape, check, complaints).judge()
    if complaints.errors or shape is WRONG:
        return None, complaints.errors
    return _rule(f"{pack}/{path.stem}", shape, params, Origin(str(path), 1)), []


def _check(name: Any, complaints: Complaints) -> ModuleType | None:
    if not isinstance(name, str):
        return None
    try:
        return checks.find(name)
    except KeyError:
        complaints.say(("check",), unknown("check", name, checks.every_name()))
        return None


def _rule(name: str, shape: RuleShape, params: Any, origin: Origin) -> Rule:
    return Rule(
        id=name,
        title=shape.title,
        severity=shape.severity,
        check=shape.check,
        params=params,
        message=shape.message,
        why=shape.why,
        remedy=_steps(shape.remedy),
        cases={key: _case(case) for key, case in shape.cases.items()},
        covers=shape.covers,
        references=shape.references,
        start=shape.upgrade.from_ if shape.upgrade else None,
        to=shape.upgrade.to if shape.upgrade else None,
        outcome=shape.outcome,
        says=shape.says,
        fine_when=shape.not_when,
        many=shape.many,
        rank=shape.rank,
        perhaps=shape.perhaps,
        aliases=shape.aliases,
        origin=origin,
    )


def _case(shape: CaseShape | None) -> Case:
    if shape is None:
        return Case()
    remedy = None if shape.remedy is None else _steps(shape.remedy)
    return Case(shape.message, shape.many, shape.severity, shape.outcome, shape.says, remedy)


def _steps(shapes: Iterable[StepShape]) -> tuple[Step, ...]:
    return tuple(
        Step(
            phase=shape.phase,
            run=shape.run,
            note=shape.note,
            stage=shape.stage,
            each=shape.each,
            only=shape.only,
            undo=shape.undo,
            tried=shape.tried,
            edit=_edit(shape.edit) if shape.edit else None,
            payloads={name: Payload(tree) for name, tree in shape.payloads.items()},
        )
        for shape in shapes
    )


def _edit(shape: EditShape) -> Edit:
    values = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in shape.set.items()}
    return Edit(shape.drop, tuple(str(word) for word in shape.add), values, shape.swap)


def _judge_steps(shape: RuleShape, complaints: Complaints) -> None:
    for path, step in steps_of(shape):
        if not (step.run or step.note or step.edit):
            complaints.say(path, "a step needs run, note or edit")
        for name in step.payloads:
            if f"{{{name}}}" not in step.run:
                near = difflib.get_close_matches(name, field_types(StepShape), 1, 0.75)
                meant = f"did you mean {near[0]}?" if near else f"a mapping beside run is used in it as {{{name}}}"
                complaints.say((*path, name), f"unknown key {name!r}; {meant}")


def steps_of(shape: RuleShape) -> list[tuple[KeyPath, StepShape]]:
    """Every step of a rule and of its cases, with its place."""
    found: list[tuple[KeyPath, StepShape]] = [(("remedy", n), step) for n, step in enumerate(shape.remedy)]
    for name, case in shape.cases.items():
        steps = (case.remedy if case else None) or ()
        found.extend((("cases", name, "remedy", n), step) for n, step in enumerate(steps))
    return found
