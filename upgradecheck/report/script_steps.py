"""Writes one step of the script: its command as it is, inside a here-document that nothing in it can end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..model import Typed
from .clean import clean
from .shell import lay_out
from .width import wrap

_WIDTH = 90
# Taken from the text as it stands in the script, quotes and all, so that the script can find it again.
_BLANK = re.compile(r"(?<!<)<(?![<\s&('\"]|-\s)([^>\n]+)>")
_ON_A_NODE = re.compile(r"(?:^|[|&;]\s*|\bxargs(?:\s+-\S+)*\s+)(?:crictl|ctr|nerdctl|docker|podman)\s", re.MULTILINE)
_EXPANDED = re.compile(r'[\\"$`]')


def comment(lines: Iterable[str], indent: str = "") -> Iterator[str]:
    """The lines as comments. No line can end its comment."""
    for text in lines:
        for line in text.split("\n"):
            yield f"{indent}# {line}".rstrip()


def note(text: str) -> str:
    """A call that shows the text; it is prose, which runs nothing."""
    lines = wrap(clean(text), _WIDTH)
    return "  note " + " \\\n    ".join(_quoted(line) for line in lines) if lines else ""


def step(number: int, typed: Typed, *, hop: bool = False) -> str:
    """The call that shows or runs the command; `` for a step without one."""
    text = _text(typed.run)
    if not text.strip():
        return ""
    flags = [f"--for {','.join(map(str, typed.answers))}"] if typed.answers else []
    flags += ["--hop"] if hop else []
    flags += ["--node"] if _ON_A_NODE.search(text) else []
    flags += [] if typed.undo else ["--no-undo"]
    flags += [] if typed.tried else ["--not-tried"]
    flags += [f"--fill {_quoted(blank)}" for blank in _blanks(text, typed.fill)]
    end = _end(text)
    return f"  {' '.join(['step', str(number), *flags])} <<'{end}'\n{text}\n{end}"


def _text(run: str) -> str:
    """The command on lines of a readable width, where its words allow that; the same words either way."""
    laid = lay_out(run, _WIDTH, "")
    text = "\n".join(laid.lines)
    return "  ".join(part for part in (text, laid.comment) if part)


def _blanks(text: str, fill: bool) -> list[str]:
    """What stands between angle brackets. A step that says it has some, and in which none is found, never runs."""
    found = list(dict.fromkeys(_BLANK.findall(text)))
    return found or ([""] if fill else [])


def _end(text: str) -> str:
    """A word that is no line of the text."""
    lines = set(text.split("\n"))
    end, count = "COMMAND", 1
    while end in lines:
        count += 1
        end = f"COMMAND_{count}"
    return end


def _quoted(text: str) -> str:
    """One word between double quotes, easier to read than single ones where prose has apostrophes."""
    return '"' + _EXPANDED.sub(lambda sign: "\\" + sign[0], text) + '"'
