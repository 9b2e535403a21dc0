"""Flags of the person's own command that its tool does not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Evidence, Subject
from ..model.redact import redact_words
from .given import Given, Looking, Sighting


@dataclass(frozen=True, slots=True)
class Params:
    """No parameters: the flag tables of the tools are part of reading a command."""


FACTS: Mapping[str, str] = {
    "tool": "the tool of the command, such as helm",
    "verb": "its sub-command",
    "verb_words": "the words of the sub-command",
    "flag": "the flag as typed",
    "name": "the flag's name without its value",
    "bare": "the same without dashes",
    "hint": "a question that names it, empty where none is near",
    "near": "a flag that the tool has, empty where none is near",
}


def reads(params: Params) -> frozenset[str]:
    return frozenset()


def run(params: Params, given: Given) -> Looking:
    command = given.upgrade.command
    if command is None:
        return
    for flag in command.unknown:
        name = flag.partition("=")[0]
        facts = {
            "tool": command.tool,
            "verb": command.verb,
            "verb_words": command.verb.split(),
            "flag": flag,
            "name": name,
            "bare": name.lstrip("-"),
            "near": command.near.get(flag, ""),
            "hint": f"; did you mean {command.near[flag]}?" if command.near.get(flag) else "",
        }
        yield Sighting(
            Subject("flag", name), facts, (Evidence(" ".join(redact_words(command.words))),), sure="computed"
        )
