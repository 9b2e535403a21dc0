"""Text that others wrote, made harmless inside Markdown as GitHub and GitLab read it."""

from __future__ import annotations

import re

from .clean import clean, clean_command

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "\\": "&#92;", "`": "&#96;"}
_SPECIAL = re.compile(r"[&<>|\\`]")
_MARKS = re.compile(r"([*_~\[\]])")
_MEANT = re.compile(r"([@#!~%$^])(?=[\w\"'({])|\b(GH)-(?=\d)")
_LINK = re.compile(r":(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_START = re.compile(r"^([-+](?=\s)|[=#/]|\d+(?=[.)](?:\s|$)))")
_TICKS = re.compile("`+")
_GAP = "\0"  # no text that was cleaned holds one


def prose(text: str) -> str:
    """One line that shows the text as it is, also in a table: no markup, HTML, link, mention or reference in it.

    An invisible space keeps `@` and its kin from what they would name. It never stands in code, so commands can be
    copied.
    """
    apart = _MEANT.sub(lambda found: f"{found[1]}{_GAP}" if found[1] else f"{found[2]}{_GAP}-", clean(text))
    text = _SPECIAL.sub(lambda found: _ENTITIES[found[0]], apart)
    text = _MARKS.sub(r"\\\1", text).replace(_GAP, "&#8203;")
    text = _LINK.sub(lambda found: f"&#{ord(found[0])};", text)
    return _START.sub(lambda found: f"&#{ord(found[1][0])};{found[1][1:]}", text)


def code(text: str) -> str:
    """A code span on one line, also in a table, where no span of backticks could hold both `\\` and `|`."""
    inside = re.sub(r"[^\w ./,=-]|_", lambda found: f"&#{ord(found[0])};", clean(text))
    return f"<code>{_LINK.sub('&#46;', inside)}</code>" if inside else ""


def block(text: str, language: str = "") -> str:
    """A fenced block. Its fence is longer than any in the text, so nothing in there can end it."""
    inside = clean_command(text).strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(inside)), default=0))
    return f"{fence}{language}\n{inside}\n{fence}"
