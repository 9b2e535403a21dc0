"""Tokens that stand for secrets: the same secret is the same token within a bundle, and tells nothing beyond it."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Any

from ...model.redact import HIDDEN, TOKEN

_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_BEARER = re.compile(r"(?i)\b(?P<before>bearer\s+)[\w.~+/=-]{8,}")
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*")
_USERINFO = re.compile(r"(?P<before>(?<=://)[^/\s:@]*:)(?P<secret>[^/\s@]+)(?=@)")
_PLAIN = re.compile(r"(?i)true|false|yes|no|on|off|null|none|\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d)")
"""Whether something is set, and how long something takes, is never a secret; in a ConfigMap it is text."""


class Tokens:
    """Makes tokens. The key is random and kept nowhere, so that nobody can try secrets until a token fits."""

    def __init__(self, key: bytes = b"") -> None:
        self._key = key or secrets.token_bytes(32)

    def of(self, value: Any) -> Any:
        """What stands for a secret: a number for a number, so that types stay, and a text for anything else. What is
        only set or not set is shown, and a token stays what it is."""
        if value is None or isinstance(value, bool) or value == "":
            return value
        if isinstance(value, str) and (_PLAIN.fullmatch(value) or value == HIDDEN or TOKEN.fullmatch(value)):
            return value
        digest = hmac.digest(self._key, str(value).encode("utf-8", "surrogatepass"), "sha256").hex()[:16]
        if isinstance(value, int | float):
            return type(value)(10**9 + int(digest[:7], 16))
        return f"redacted-{digest}"

    def text(self, text: str) -> str:
        """A text with tokens for the private keys, bearer tokens and passwords of addresses in it. Lines stay lines."""
        if "-----BEGIN" in text:
            text = _PRIVATE_KEY.sub(lambda found: self.of(found[0]) + "\n" * found[0].count("\n"), text)
        if "earer" in text or "EARER" in text:
            text = _BEARER.sub(lambda found: found["before"] + self.of(found[0][len(found["before"]) :]), text)
        if "eyJ" in text:
            text = _JWT.sub(lambda found: self.of(found[0]), text)
        if "://" in text:
            text = _USERINFO.sub(lambda found: found["before"] + self.of(found["secret"]), text)
        return text
