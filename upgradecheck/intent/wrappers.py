"""What may stand before the tool itself: `sudo`, `env K=V`, `K=V`, and a few more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)\Z", re.DOTALL)

_SUDO = """-u -g -h -p -C -D -R -T -r -t -U --user --group --host --prompt --close-from --chdir --chroot
    --command-timeout --role --type --other-user"""

_TAKE_A_WORD: Mapping[str, frozenset[str]] = {
    "sudo": frozenset(_SUDO.split()),
    "env": frozenset(["-u", "-C", "-S", "--unset", "--chdir", "--split-string"]),
    "nice": frozenset(["-n", "--adjustment"]),
    "timeout": frozenset(["-k", "-s", "--kill-after", "--signal"]),
}
_ALONE = frozenset(["time", "nohup", "command", "exec", "microk8s", "k3s"])


@dataclass(frozen=True, slots=True)
class Head:
    """How many words stand before the tool, and the environment that they give it."""

    words: int
    environment: Mapping[str, str]


def head(words: Sequence[str]) -> Head:
    """Skips wrappers, their own flags, and assignments, as far as the first word that is none of these."""
    at = 0
    environment: dict[str, str] = {}
    while at < len(words):
        word = words[at]
        assignment = _ASSIGNMENT.match(word)
        if assignment:
            environment[assignment[1]] = assignment[2]
            at += 1
        elif program(word) in _TAKE_A_WORD or program(word) in _ALONE:
            at = _after_flags(words, at + 1, _TAKE_A_WORD.get(program(word), frozenset()))
            at += program(word) == "timeout"
        else:
            break
    return Head(min(at, len(words)), environment)


def program(word: str) -> str:
    """The name of a program in a word that may hold its path."""
    return re.split(r"[/\\]", word)[-1].removesuffix(".exe")


def _after_flags(words: Sequence[str], at: int, take_a_word: frozenset[str]) -> int:
    while at < len(words) and words[at].startswith("-"):
        if words[at] == "--":
            return at + 1
        at += 2 if words[at] in take_a_word else 1
    return at
