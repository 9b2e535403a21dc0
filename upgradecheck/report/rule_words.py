"""Puts a rule into words: its versions, its placeholders, what it looks for and what it tells people to type."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any

from ..commands import Payload
from ..model import PHASES, Edit, Phase, Rule, Step
from ..versions import Range

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_BOUND = re.compile(r"(<=|>=|<|>|=)?\s*([^\s<>=]+)")
_BOUND_WORDS = {"<": "before {}", "<=": "up to {}", ">": "after {}", ">=": "{} and later", "=": "{}", "": "{}"}
_UNSAID = frozenset(("facts", "collect"))


@dataclass(frozen=True, slots=True)
class Told:
    """One step of a remedy in words: what to know, what to type, and what to mind."""

    phase: Phase
    note: str
    run: str
    mind: tuple[str, ...]


def in_words(template: str, payloads: Mapping[str, Any] | None = None) -> str:
    """A template with `<name>` for each placeholder, or the payload itself where it names one."""

    def word(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return found[0][0]
        if payloads and name in payloads:
            return shlex.quote(json.dumps(_payload(payloads[name]), separators=(",", ":"), ensure_ascii=False))
        return "<your command>" if name == "command" else f"<{name.replace('_', ' ')}>"

    return _PLACEHOLDER.sub(word, template)


def _payload(value: Any) -> Any:
    if isinstance(value, Payload):
        return _payload(value.tree)
    if isinstance(value, str):
        return in_words(value)
    if isinstance(value, Mapping):
        return {in_words(str(key)): _payload(each) for key, each in value.items()}
    return [_payload(each) for each in value] if isinstance(value, tuple | list) else value


def range_words(versions: Range | None) -> str:
    """`0.5.0 to 0.8.7, or before 0.4.0`; "any version" where there is no range."""
    if versions is None:
        return "any version"
    return ", or ".join(_span_words(part.strip()) for part in str(versions).split("||"))


def _span_words(span: str) -> str:
    first, between, last = span.partition("..")
    if between:
        return f"{first.strip()} to {last.strip()}"
    return ", ".join(_BOUND_WORDS[sign].format(version) for sign, version in _BOUND.findall(span))


def versions_words(rule: Rule) -> str:
    """The versions that the rule applies to: those that run, and those that the upgrade goes to."""
    parts = [f"running {range_words(rule.start)}"] if rule.start else []
    parts += [f"upgrading to {range_words(rule.to)}"] if rule.to else []
    return "; ".join(parts) or "every upgrade, whatever the versions"


def steps_in_words(steps: tuple[Step, ...]) -> list[Told]:
    """The steps of a remedy in the order of typing."""
    told = [_step(step) for step in steps]
    return [step for phase in PHASES for step in told if step.phase == phase]


def _step(step: Step) -> Told:
    mind = [f"for every entry of {step.each.replace('_', ' ')}"] if step.each else []
    mind += [f"only where {in_words(step.only).replace('_', ' ')} holds"] if step.only else []
    mind += [] if step.undo else ["cannot be undone"]
    mind += [] if step.tried else ["not tried here"]
    note = in_words(step.note)
    if step.edit is not None:
        note = ". ".join(part.rstrip(".") for part in (note, _edit_words(step.edit)) if part) + "."
    return Told(step.phase, note, in_words(step.run, step.payloads), tuple(mind))


def _edit_words(edit: Edit) -> str:
    dropped = " ".join("--" + flag.lstrip("-") for flag in edit.drop)
    parts = [f"without {dropped}"] if dropped else []
    parts += [f"with {in_words(' '.join(edit.add))}"] if edit.add else []
    parts += [f"with {in_words(key)} set to {in_words(value)}" for key, value in edit.set.items()]
    parts += [f"with {in_words(new)} in place of {_place(old)}" for old, new in edit.swap.items()]
    return f"Type your own command {' and '.join(parts)}." if parts else ""


def _place(old: str) -> str:
    return f"word {int(old) + 1} after the verb" if old.isdigit() else in_words(old)


def looks_for(rule: Rule) -> list[tuple[str, str]]:
    """The check and its parameters, each with its value in words; what is left at its default is not said."""
    return [("check", rule.check), *_parameters(rule.params)]


TABLE = 3
"""From so many entries on a list is a table of facts."""


def is_table(value: Any) -> bool:
    """A parameter that is read as a table, not as a sentence."""
    return isinstance(value, tuple) and len(value) >= TABLE and all(is_dataclass(row) for row in value)


def tables(rule: Rule) -> list[tuple[str, list[dict[str, str]]]]:
    """The tables among a rule's parameters: the name of each, and its rows by the names of their fields."""
    if not is_dataclass(rule.params):
        return []
    found = ((each.name, getattr(rule.params, each.name)) for each in fields(rule.params))
    return [(name, [dict(_parameters(row)) for row in value]) for name, value in found if is_table(value)]


def _parameters(params: Any) -> Iterator[tuple[str, str]]:
    if isinstance(params, Mapping):
        yield from ((str(name), _words(value)) for name, value in params.items())
    elif is_dataclass(params):
        for each in fields(params):
            value = getattr(params, each.name)
            if each.name not in _UNSAID and value != _default(each):
                yield each.name.replace("_", " "), _words(value)


def _default(each: Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def _words(value: Any) -> str:
    if isinstance(value, Range):
        return range_words(value)
    if callable(getattr(value, "sentence", None)):
        return str(value.sentence())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_words(each)}" for key, each in value.items())
    if is_table(value):
        return f"{len(value)} rows"
    if isinstance(value, tuple | list):
        plain = all(isinstance(each, str | int | float) for each in value)
        return (", " if plain else "; ").join(map(_words, value))
    if is_dataclass(value) and "__str__" not in type(value).__dict__:
        return ", ".join(f"{name} {told}" for name, told in _parameters(value))
    return str(value)
