"""Flags of the person's own command that its tool does not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Evidence, Subject
from ..model.redact import redact_words
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Row:
    """A `flag` that the tool had once, or that people expect it to have: the values `key` takes its value, or the
    person does `instead`. `source` is where the fact is written."""

    flag: str
    key: str = ""
    instead: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """The flag tables of the tools are part of reading a command. `tools` are the tools that the rule is about, all
    where it names none, without those in `besides`. Of the `rows` the case is `moved` where a values key takes the
    flag's value, `gone` where there is something else to do."""

    tools: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


FACTS: Mapping[str, str] = {
    "tool": "the tool of the command, such as helm",
    "verb": "its sub-command",
    "verb_words": "the words of the sub-command",
    "flag": "the flag as typed",
    "name": "the flag's name without its value",
    "bare": "the same without dashes",
    "hint": "a question that names it, empty where none is near",
    "near": "a flag that the tool has, empty where none is near",
    "key": "the values key that takes the flag's value now, empty where there is none",
    "value": "the flag's value",
    "instead": "what to do in its place, empty where nothing is known",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset()


def run(params: Params, given: Given) -> Looking:
    command = given.upgrade.command
    if command is None or command.tool in params.besides or (params.tools and command.tool not in params.tools):
        return
    for flag in command.unknown:
        name = flag.partition("=")[0]
        row = next((row for row in params.rows if row.flag == name.lstrip("-")), None)
        facts = {
            "tool": command.tool,
            "verb": command.verb,
            "verb_words": command.verb.split(),
            "flag": flag,
            "name": name,
            "bare": name.lstrip("-"),
            "near": command.near.get(flag, ""),
            "hint": f"; did you mean {command.near[flag]}?" if command.near.get(flag) else "",
            "key": row.key if row else "",
            "value": command.last(name.lstrip("-")) or "",
            "instead": row.instead if row else "",
        }
        case = "" if row is None else "moved" if row.key else "gone"
        evidence = (Evidence(" ".join(redact_words(command.words))),)
        yield Sighting(Subject("flag", name), facts, evidence, sure="computed", case=case)
