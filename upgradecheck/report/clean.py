"""Takes the sting out of text that others wrote before it reaches a terminal or a file."""

from __future__ import annotations

import re
import unicodedata

# CSI sequences, then OSC and its kin (8-bit forms too), then any other two-character escape. An OSC without
# an end loses its beginning only, so that a name cannot swallow the words behind it.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x90-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"
)
_JOINERS = "\u200c\u200d"
BROKEN = "\ufffd"
_PLAIN = re.compile(r"[ -~\n]*\Z")


def clean(text: str) -> str:
    """One line without escapes, control characters or hidden direction marks; any blank becomes one space."""
    return " ".join(_harmless(text, "").split())


def clean_lines(text: str) -> str:
    """The same for prose of several lines: its line breaks and indents stay."""
    return _harmless(text.replace("\r\n", "\n").expandtabs(4), "")


def clean_command(text: str) -> str:
    """A command to paste. Whatever cannot be shown becomes U+FFFD, so that it names nothing rather than another thing.

    Line breaks stay, since a here-document and a wrapped command need them, and so do tabs.
    """
    return _harmless(text.replace("\r\n", "\n"), BROKEN)


def clean_data(text: str) -> str:
    """A string of a machine-readable format: line breaks and tabs stay, the rest goes."""
    return _harmless(text, "")


def clip(text: str, most: int) -> str:
    """At most so many characters, the cut marked."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _harmless(text: str, instead: str) -> str:
    if _PLAIN.match(text):
        return text
    without = _ESCAPES.sub(instead, text)
    return "".join(_shown(character, instead) for character in without)


def _shown(character: str, instead: str) -> str:
    if character in "\n\t" or " " <= character <= "~" or character in _JOINERS:
        return character
    if character.isspace():
        return instead or " "
    category = unicodedata.category(character)
    if category == "Cs" or ord(character) & 0xFFFE == 0xFFFE:  # half of a pair, or no character of Unicode's
        return BROKEN
    return instead if category in ("Cc", "Cf") else character
