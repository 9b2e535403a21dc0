"""Writes a command as a person types it: quoted for the shell, wrapped between flags."""

from __future__ import annotations

import re
import shlex

from ..model import Command
from .command_line import Parsed, parsed

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def shell_text(command: Command, width: int = 80, indent: int = 4) -> str:
    """One shell command. Lines longer than `width` break before a flag, with a backslash; what follows is
    indented. A single word that is longer stays whole. Control characters are left out."""
    groups = _groups(parsed(command.words))
    lines = [groups[0]]
    for number, group in enumerate(groups[1:], 2):
        backslash = 2 if number < len(groups) else 0
        if len(lines[-1]) + 1 + len(group) + backslash > width:
            lines.append(" " * indent + group)
        else:
            lines[-1] += f" {group}"
    return " \\\n".join(lines)


def _groups(parts: Parsed) -> list[str]:
    """What stays on one line: the tool with its verb and positionals, then each flag with its value."""
    groups = [" ".join(map(quoted, parts.before))]
    for piece in parts.pieces:
        text = " ".join(map(quoted, piece.words))
        if piece.positional and not groups[-1].startswith("-"):
            groups[-1] += f" {text}"
        else:
            groups.append(text)
    return groups


def quoted(word: str) -> str:
    """One word for a POSIX shell; an assignment in front of a command keeps its name unquoted."""
    word = _CONTROL.sub("", word)
    name = _ASSIGNMENT.match(word)
    if name and shlex.quote(word) != word:
        return name[0] + shlex.quote(word[name.end() :])
    return shlex.quote(word)
