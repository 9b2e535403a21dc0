"""The grammar of text that is plain enough to be cut and named without building it.

Text that it matches from end to end is block style, one key or entry a line. Every quote is closed in its
line, or goes on in lines indented deeper; there are no anchors, aliases, tags, merges, null keys, and no flow
style but `{}` and `[]`. So what stands at the column of a map's keys is a key of that map, and building the
text can only fail on syntax, which libyaml checks without making anything. All other text is built first.
"""

from __future__ import annotations

import re
from functools import cache

from .nodes import DEPTH

_PARTS: dict[str, bytes] = {}


def _pattern(source: bytes) -> bytes:
    """The source with every name of a part replaced by that part."""
    for name, part in _PARTS.items():
        source = source.replace(name.encode(), part)
    return source


_PARTS["END"] = rb"(?:[ ]++\#[^\n]*+|[ ]*+)\n"
_PARTS["NOT_NULL"] = rb"(?![nN](?:ull|ULL)[ ]*+:|[0-9_][0-9_+]{18}|0[xXbBoO])"
_PARTS["ANY_KEY"] = _pattern(
    rb"""NOT_NULL[A-Za-z0-9_./$](?:[^\s:]++|:(?=[^\s])|[ ]++(?=[^\s\#:]))*+"""
    rb"""|"(?:[^"\\\n]++|\\[^\n])*+"|'(?:[^'\n]++|'')*+'"""
)
# The first alternatives say nothing new; they are what most lines are, so that the regex is twice as fast.
_PARTS["KEY"] = _pattern(rb"(?:[A-MO-Za-mo-z][A-Za-z0-9_./-]*+(?=:[ \n])|ANY_KEY)")
_PARTS["TEXT"] = (
    rb"""(?:[A-Za-z0-9/][^\n:]*+\n"""
    rb"""|(?![-+]?\.[iInN])(?:[^\s\-?:,\[\]{}\#&*!|>'"%@`]|[-?:](?=[^\s]))(?:[^\n:]++|:(?=[^ \n]))*+\n)"""
)
_PARTS["QUOTED"] = _pattern(
    rb"""(?:"(?:[^"\\\n]++|\\[^\n]|\n(?=DEEPER|\n)|\\\n(?=DEEPER|\n))*+"|'(?:[^'\n]++|''|\n(?=DEEPER|\n))*+')END"""
)
_PARTS["IN_MAP"] = _pattern(rb"QUOTED").replace(b"DEEPER", rb"(?P=i)[ ]")
_PARTS["IN_LIST"] = _pattern(rb"QUOTED").replace(b"DEEPER", rb"(?P=i)[ ]{3}")
_PARTS["EMPTY"] = rb"(?:\{\}|\[\])[ ]*+\n|(?:\#[^\n]*+)?\n"
_PARTS["BLOCK"] = _pattern(rb"[|>][-+0-9]{0,2}+END(?:(?:(?P=i)[ ][^\n]*+|[ ]*+)\n)*+")

_LINE = _pattern(
    rb"(?P<i>[ ]*+)(?:KEY:(?:[ ]++(?:TEXT|IN_MAP|EMPTY|BLOCK)|\n)"
    rb"|-[ ](?:KEY:(?:[ ]++(?:TEXT|IN_LIST|EMPTY)|\n)|TEXT|IN_LIST|EMPTY|BLOCK)"
    rb"|TEXT|(?:\#[^\n]*+)?\n)"
)
_DIVIDER = re.compile(rb"---[ ]*+\n")

_OTHER_BREAKS = re.compile(rb"\n\.\.\.|\xc2\x85|\xe2\x80[\xa8\xa9]|\xef\xbb\xbf")
"""A document's end, the three characters that libyaml takes for line breaks as well, and byte order marks."""

_DEEP = b" " * (DEPTH - 10)
"""Plain text nests one level a column at most, so without such an indentation it stays within DEPTH."""


def is_plain(text: bytes) -> bool:
    """Whether the grammar matches a text from end to end."""
    if not text.endswith(b"\n"):
        text += b"\n"
    lines = _lines()
    found = _DIVIDER.match(text) or lines.match(text)
    while found and found.end() < len(text):
        found = lines.match(text, found.end())
    return found is not None and _DEEP not in text and not _OTHER_BREAKS.search(text)


@cache
def _lines() -> re.Pattern[bytes]:
    """Some lines at a time, since the regex keeps a way back for each; made late, as making it takes a while."""
    return re.compile(rb"(?:" + _LINE + rb"){1,500}")
