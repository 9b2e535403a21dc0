"""Regular expressions of rules, held to what cannot blow up on hostile text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST_PATTERN = 500
_FEW = 8
_TOKEN = re.compile(
    r"""
    (?P<escape>\\.)
  | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
  | (?P<open>\((?:\?(?:P<\w+>|[:=!>]|<[=!]|[aiLmsux-]+:))?)
  | (?P<close>\))
  | (?P<either>\|)
  | (?P<repeat>[*+?]|\{[0-9]*,?[0-9]*\})\??\+?
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(slots=True)
class _Group:
    """What was seen inside one group: something whose length varies, and alternatives."""

    varies: bool = False


def safe_pattern(text: str) -> tuple[re.Pattern[str], int]:
    """A pattern, and the longest text that it may be put to. Raises ValueError with a plain message.

    Time grows exponentially where a repeat stands inside a repeat, so that is refused; it grows with a power
    of the text's length for each unbounded repeat, so the length is limited by how many there are.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_PATTERN:
        raise ValueError(f"a pattern is text of at most {_LONGEST_PATTERN} characters")
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    unbounded = _count_unbounded(text)
    return pattern, 1 << 20 if not unbounded else 1 << 14 if unbounded == 1 else 1 << 12


def _count_unbounded(text: str) -> int:
    groups = [_Group()]
    closed = _Group()
    after_group = False
    unbounded = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            groups.append(_Group())
        elif kind == "close":
            closed = groups.pop()
            groups[-1].varies |= closed.varies
        elif kind == "either":
            groups[-1].varies = True
        elif kind == "repeat":
            most = _most(token["repeat"])
            if after_group and closed.varies and (most is None or most > _FEW):
                raise ValueError(
                    f"{text!r} repeats a group that has a repeat or an alternative inside, which can take for ever; "
                    "write it without the inner one"
                )
            unbounded += most is None
            groups[-1].varies |= _varies(token["repeat"])
        after_group = kind == "close"
    return unbounded


def _most(repeat: str) -> int | None:
    """How often a repeat repeats at most, None where there is no end to it."""
    if repeat in "*+":
        return None
    if repeat == "?":
        return 1
    most = repeat[1:-1].rpartition(",")[2]
    return int(most) if most else None


def _varies(repeat: str) -> bool:
    return repeat[0] != "{" or "," in repeat
