"""One version: of Kubernetes, of a component, of a chart or of an operating system image."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Any

_LONGEST = 128

# A vendor's rebuild is the final release for every question that we ask, so only these words after the
# numbers make a pre-release; "-0" is how Helm constraints write the lowest of all.
_SHAPE = re.compile(
    r"""
    (?:[A-Za-z][A-Za-z0-9_./()-]*\s+)*
    v?(?P<major>[0-9]+)(?:\.(?P<minor>[0-9]+))?(?:\.(?P<patch>[0-9]+))?
    (?P<pre>
        -0(?![0-9A-Za-z.-])
      | -?(?:alpha|beta|rc|preview|pre|snapshot|dev|canary|nightly|milestone)(?![A-Za-z])
        (?:[.-]?[0-9]+)?(?:\.[0-9A-Za-z]+)*
    )?
    (?P<vendor>[-+_~][0-9A-Za-z.+_~-]*[0-9A-Za-z])?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PARTS = re.compile(r"[0-9]+|[A-Za-z]+", re.ASCII)
_LEADING_V = re.compile(r"(^|\s)v(?=[0-9])", re.IGNORECASE)

Pre = tuple[str | int, ...]


@total_ordering
class Version:
    """A version, ordered as SemVer orders it. A vendor suffix counts neither for order nor for equality.

    `text` is as it was written, `pre` the pre-release in parts (`("rc", 1)`, empty for a final release),
    `vendor` what a distribution added (`+k3s1`, `-gke.100`), `numbers` how many numbers were written.
    """

    __slots__ = ("_key", "major", "minor", "numbers", "patch", "pre", "text", "vendor")

    text: str
    major: int
    minor: int
    patch: int
    pre: Pre
    vendor: str
    numbers: int
    _key: tuple[Any, ...]

    def __init__(self, text: str, numbers: tuple[int, ...], pre: Pre = (), vendor: str = "") -> None:
        major, minor, patch = (*numbers, 0, 0)[:3]
        key = (major, minor, patch, not pre, tuple(_rank(part) for part in pre))
        fields: dict[str, Any] = {
            "text": text,
            "major": major,
            "minor": minor,
            "patch": patch,
            "pre": pre,
            "vendor": vendor,
            "numbers": len(numbers),
            "_key": key,
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version. Raises ValueError with a plain message."""
        if not isinstance(text, str):
            raise ValueError(f"{text!r} is no version: versions are text, so quote them")
        written = text.strip()
        found = _SHAPE.fullmatch(written) if len(written) <= _LONGEST else None
        if found is None:
            shown = written if len(written) <= _LONGEST else written[:40] + "…"
            raise ValueError(f"{shown!r} is no version; expected one like 1.2.3, v1.28.3+k3s1 or 1.0.0-rc1")
        numbers = tuple(int(found[name]) for name in ("major", "minor", "patch") if found[name] is not None)
        pre: Pre = tuple(int(part) if part.isdigit() else part.lower() for part in _PARTS.findall(found["pre"] or ""))
        return cls(written, numbers, pre, found["vendor"] or "")

    @classmethod
    def read(cls, text: str) -> Version | None:
        """The same for a text that may be anything, as an image tag: None where it is no version."""
        try:
            return cls.parse(text)
        except ValueError:
            return None

    @property
    def line(self) -> tuple[int, int]:
        """The release line, for skew: major and minor."""
        return (self.major, self.minor)

    def __str__(self) -> str:
        return _LEADING_V.sub(r"\1", self.text, count=1)

    def __repr__(self) -> str:
        return f"Version({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._key < other._key if isinstance(other, Version) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a version does not change: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a version does not change: {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (Version.parse, (self.text,))


def _rank(part: str | int) -> tuple[int, int, str]:
    return (0, part, "") if isinstance(part, int) else (1, 0, part)
