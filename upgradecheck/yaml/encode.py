"""Bytes as a file holds them, to the UTF-8 with plain newlines that all else here reads."""

from __future__ import annotations

import codecs

from .chunk import YamlError

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SNIFFED = 8192


def clean(data: bytes, *, ended: bool = False) -> bytes:
    """The same text without a byte order mark, from UTF-16 where it was that, lines ended by a newline alone.

    YAML takes a carriage return for a line break and JSON forbids one in a string, so nothing is lost.
    With `ended` the last line ends too, as kubectl sees to and Helm does not. Raises YamlError on what is no text.
    """
    encoding = _UTF16.get(bytes(data[:2]))
    if encoding:
        try:
            data = data[2:].decode(encoding).encode()
        except UnicodeDecodeError:
            raise YamlError(1, "UTF-16 text that is broken", "UTF-8 or UTF-16 text") from None
    elif data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    if b"\0" in data[:_SNIFFED]:
        raise YamlError(1, "binary data, not text")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data + b"\n" if ended and not data.endswith(b"\n") else data
