"""Placeholders in a rule's texts, held to what its check offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType

from ..checks.given import BASE_FACTS
from ..commands import Payload, parse_template, text_placeholders
from ..model import Path
from .reading import Complaints, unknown
from .shape import RuleShape, StepShape

ALWAYS = frozenset({*BASE_FACTS, "case"})
MERGED = frozenset({"count", "names", "every"})
"""What several sightings in one finding have besides: how many, their names, and the facts of each."""


class Texts:
    """The texts of one rule, judged against the facts of its check."""

    def __init__(self, shape: RuleShape, check: ModuleType, complaints: Complaints) -> None:
        named = shape.params.get("facts")
        own = frozenset(map(str, named)) if isinstance(named, dict) else frozenset()
        self._shape = shape
        self._facts = ALWAYS | frozenset(check.FACTS) | own
        self._each = frozenset(getattr(check, "EACH", {})) | {"entry"}
        self._complaints = complaints

    def judge(self) -> None:
        """Complain about every placeholder that nothing fills, and every template that does not parse."""
        shape = self._shape
        merged = bool(shape.many or any(case and case.many for case in shape.cases.values()))
        facts = self._facts | MERGED if merged else self._facts
        self._text(("message",), shape.message, self._facts)
        self._text(("many",), shape.many, facts)
        self._text(("says",), shape.says, facts)
        self._steps(("remedy",), shape.remedy, facts)
        collect = shape.params.get("collect")
        if isinstance(collect, str):
            self._text(("params", "collect"), collect, ALWAYS)
        for name, case in shape.cases.items():
            if case is not None:
                self._text(("cases", name, "message"), case.message, self._facts)
                self._text(("cases", name, "many"), case.many, facts)
                self._text(("cases", name, "says"), case.says or "", facts)
                self._steps(("cases", name, "remedy"), case.remedy or (), facts)

    def _steps(self, path: Path, steps: Iterable[StepShape], facts: frozenset[str]) -> None:
        for index, step in enumerate(steps):
            self._step((*path, index), step, facts)

    def _step(self, path: Path, step: StepShape, facts: frozenset[str]) -> None:
        only = [("only", name.removeprefix("not ")) for name in step.only.split(" and ")]
        for key, name in (("each", step.each), *only):
            if name and name not in facts:
                self._complaints.say((*path, key), unknown("fact", name, facts))
        known = facts | self._each if step.each else facts
        if step.run:
            self._run((*path, "run"), step.run, known | frozenset(step.payloads))
        for name, tree in step.payloads.items():
            self._names((*path, name), known, lambda tree=tree: Payload(tree).placeholders)  # type: ignore[misc]
        self._text((*path, "note"), step.note, known)
        if step.edit is not None:
            for index, word in enumerate(step.edit.add):
                self._text((*path, "edit", "add", index), str(word), known)
            for name, pairs in (("set", step.edit.set), ("swap", step.edit.swap)):
                for key, value in pairs.items():
                    self._text((*path, "edit", name, key), f"{key} {value}", known)

    def _run(self, path: Path, text: str, known: frozenset[str]) -> None:
        self._names(path, known, lambda: parse_template(text).placeholders)

    def _text(self, path: Path, text: str, known: frozenset[str]) -> None:
        if "{" in text or "}" in text:
            self._names(path, known, lambda: text_placeholders(text))

    def _names(self, path: Path, known: frozenset[str], find: Callable[[], frozenset[str]]) -> None:
        try:
            names = find()
        except ValueError as error:
            self._complaints.say(path, str(error))
            return
        for name in sorted(names - known):
            self._complaints.say(path, unknown("placeholder", name, known))
