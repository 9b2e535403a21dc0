"""Parses the command that a person is going to type into a Command."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..errors import UsageError
from ..model import Command
from .grammar import Piece, cut
from .tables import TABLES, Table
from .wrappers import head, program

_NAMES = {"helm3": "helm", "helm4": "helm", "cilium-cli": "cilium", "helm": "helm"}
_OPERATORS = frozenset(["&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1"])


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command with all that its words were cut into: what stood before the tool, the tool, its pieces.

    The first `verb_words` positional pieces are the verb.
    """

    tool: str
    verb: str
    before: tuple[str, ...]
    pieces: tuple[Piece, ...]
    table: Table

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.before, *(word for piece in self.pieces for word in piece.words))

    def command(self) -> Command:
        positionals = [piece.words[0] for piece in self.pieces if piece.positional]
        return Command(
            self.tool,
            self.verb,
            self.words,
            tuple(positionals[len(self.verb.split()) :]),
            tuple(flag for piece in self.pieces for flag in piece.flags),
            tuple(name for piece in self.pieces for name in piece.unknown),
        )


def parse_command(words: Sequence[str]) -> Command:
    """The command in these words. A single word that holds spaces is split as a shell does.

    Flags that the tool does not have stand in `flags` and, without their value, in `unknown`. Raises
    UsageError for a command that is no known tool's, or that the tool would refuse to start with.
    """
    command = parsed(words).command()
    _refuse_misfits(command)
    return command


def parsed(words: Sequence[str]) -> Parsed:
    """The command in these words, with its pieces. Raises UsageError."""
    words = _split(words)
    start = head(words).words
    if start == len(words):
        raise UsageError("no command was given", "write it after --, such as -- helm upgrade RELEASE CHART")
    name = program(words[start])
    tool = _NAMES.get(name, name)
    if tool not in TABLES:
        raise UsageError(f"{name}: not a command that upgradecheck understands", _known(tool, TABLES))
    rest = words[start + 1 :]
    verb = _verb(tool, rest)
    table = TABLES[tool][verb]
    pieces = cut(rest, table, len(verb.split()))
    return Parsed(tool, verb, tuple(words[: start + 1]), _in_place(pieces, tool, verb), table)


def flags_of(command: Command) -> frozenset[str]:
    """The long names of every flag that the command has."""
    return frozenset(TABLES[command.tool][command.verb].flags)


def nearest_flag(command: Command, typed: str) -> str:
    """The flag of this command that an unknown one was probably meant to be, "" where none is near."""
    near = difflib.get_close_matches(typed.lstrip("-"), sorted(flags_of(command)), 1, 0.75)
    return f"--{near[0]}" if near else ""


def _split(words: Sequence[str]) -> list[str]:
    if len(words) != 1 or not any(letter.isspace() for letter in words[0].strip()):
        return list(words)
    try:
        return shlex.split(words[0].replace("\\\n", " "))
    except ValueError as error:
        raise UsageError(f"the command cannot be split into words: {str(error).lower()}") from None


def _verb(tool: str, rest: Sequence[str]) -> str:
    """The verb whose own flags leave it as the first positional; one flag may take a value in one verb only."""
    verbs = TABLES[tool]
    found: list[str] = []
    errors: list[UsageError] = []
    for verb in sorted(verbs, key=len, reverse=True):
        try:
            found = _words_of_verb(cut(rest, replace(verbs[verb], most=None)))
        except UsageError as error:
            errors.append(error)
            continue
        if found[: len(verb.split())] == verb.split():
            return verb
    raise errors[0] if errors else _no_verb(tool, found, verbs)


def _words_of_verb(pieces: Iterable[Piece]) -> list[str]:
    """The positionals, without those at the start that may be the value of an unknown flag."""
    found: list[str] = []
    after_unknown = False
    for piece in pieces:
        if piece.positional and not (after_unknown and not found):
            found.append(piece.words[0])
        after_unknown = bool(piece.unknown) and "=" not in piece.words[-1]
    return found


def _no_verb(tool: str, found: list[str], verbs: Iterable[str]) -> UsageError:
    known = [f"{tool} {verb}" for verb in verbs]
    if not found:
        return UsageError(f"{tool}: no command was given", "known are " + ", ".join(known))
    typed = f"{tool} {' '.join(found[:2] if tool in ('osm', 'kubectl') else found[:1])}"
    if tool == "helm" and found[0] in ("secrets", "diff", "x"):
        return UsageError(f"{typed}: a plugin that is not understood", "give the plain helm upgrade that it runs")
    near = difflib.get_close_matches(typed, known, 1, 0.8)
    hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(known)
    return UsageError(f"{typed}: not a command that upgradecheck understands", hint)


def _in_place(pieces: tuple[Piece, ...], tool: str, verb: str) -> tuple[Piece, ...]:
    words = [piece.words[0] for piece in pieces if piece.positional]
    if words[: len(verb.split())] != verb.split():
        raise UsageError(f"{tool} {verb}: an unknown flag stands before it", "put the flags after the verb")
    return pieces


def _known(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), 1, 0.6)
    return f"did you mean {near[0]}?" if near else "known are " + ", ".join(names)


def _refuse_misfits(command: Command) -> None:
    table = TABLES[command.tool][command.verb]
    typed = f"{command.tool} {command.verb}"
    operator = next((word for word in command.positionals if word in _OPERATORS), None)
    if operator:
        raise UsageError(f"{typed}: {operator} starts another command", "give one command alone")
    got = len(command.positionals)
    least, most = table.least, table.most
    if command.verb == "install" and command.tool == "helm":
        named = not (command.has("generate-name") or command.last("name-template"))
        least = most = 2 if named else 1
    if got < least:
        raise UsageError(f"{typed}: needs {table.usage}, got {_said(command.positionals)}", _hint_for(command))
    if most is not None and got > most:
        raise UsageError(f"{typed}: takes {table.usage or 'no words beside flags'}, got {_said(command.positionals)}")
    if command.tool == "kubectl":
        from .applied import refuse_misfits

        refuse_misfits(command)


def _said(words: Sequence[str]) -> str:
    return " ".join(words) if words else "none"


def _hint_for(command: Command) -> str:
    return f"is {command.unknown[0]} right?" if command.unknown else ""
