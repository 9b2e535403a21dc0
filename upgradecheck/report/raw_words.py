"""Splits a shell command into its words as written, quotes and all, so that it can be laid out anew."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What no alternative takes (a quote over several lines, a substitution inside double quotes, an ANSI-C quote)
# is not split at all: better an over-long line than one that means something else.
_PART = r"""(?: \\[^\n] | '[^'\n]*' | "(?:[^"\\`$\n] | \\[^\n] | \$(?!\())*" | \$(?!') | [^\\'"$\#\x20\t\n] )"""
_STEP = re.compile(
    r"(?P<joined>\\\n) | (?P<end>\n) | (?P<blank>[\x20\t]+) | (?P<comment>\#[^\n]*)"
    rf" | (?P<word>{_PART}(?:{_PART}|\#)*)",
    re.VERBOSE,
)
_HERE_DOCUMENT = re.compile(r"(?<!<)<<(?!<)")


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line: its words as written, its comment, and the text that it came from."""

    words: tuple[str, ...]
    comment: str
    written: str

    @property
    def uncommented(self) -> str:
        return self.written.removesuffix(self.comment).rstrip() if self.comment else self.written


def logical_lines(text: str) -> list[Line] | None:
    """The logical lines of a command, or None where it has to stay exactly as it is."""
    steps = list(_STEP.finditer(text))
    if sum(len(step[0]) for step in steps) != len(text) or any(map(_stuck, steps, [*steps[1:], None])):
        return None
    lines: list[Line] = []
    begun: list[re.Match[str]] = []
    for step in [*steps, None]:
        if step is not None and step.lastgroup != "end":
            begun.append(step)
            continue
        line = _line(begun)
        lines += [line] if line.words or line.comment else []
        begun = []
    return lines


def _stuck(step: re.Match[str], following: re.Match[str] | None) -> bool:
    """A here-document begins, or a word goes on behind a line break: neither can be laid out anew."""
    if step.lastgroup != "word":
        return False
    joined = following is not None and following.lastgroup == "joined"
    return joined or bool(_HERE_DOCUMENT.search(step[0]))


def _line(steps: list[re.Match[str]]) -> Line:
    words = tuple(step[0] for step in steps if step.lastgroup == "word")
    comment = next((step[0] for step in steps if step.lastgroup == "comment"), "")
    return Line(words, comment, "".join(step[0] for step in steps))
