"""Version ranges of rule files: unions of spans, in SemVer order with pre-releases included."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from .version import Version

_COMPARE: dict[str, Callable[[Version, Version], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_BOUND = re.compile(r"\s*(<=|>=|<|>|=)?\s*([^\s<>=|]+)")
_EXPECTED = 'expected a range like "0.5.0..0.8.7 || >=0.9.0-rc0 <0.9.5"'


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a span: a comparison sign and a version."""

    sign: str
    version: Version

    def holds(self, version: Version) -> bool:
        return _COMPARE[self.sign](version, self.version)


Span = tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A set of versions. `spans` are alternatives, each of which is bounds that must all hold.

    A version with fewer than three numbers stands for its whole line wherever that makes a difference:
    `1.12`, `<=1.12` and `1.11..1.12` hold 1.12.9, `>1.12` does not.
    """

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def parse(cls, text: str) -> Range:
        """Read a range. Raises ValueError with a plain message."""
        if not isinstance(text, str):
            raise ValueError(f"{text!r} is no version range: quote it, since YAML makes 1.30 the number 1.3")
        return cls(text.strip(), tuple(_span(part) for part in text.split("||")))

    def __contains__(self, version: Version) -> bool:
        return any(all(bound.holds(version) for bound in span) for span in self.spans)

    def __str__(self) -> str:
        return self.text


def _span(text: str) -> Span:
    first, dots, last = text.partition("..")
    ends = (*_bounds(">=", _version(first)), *_bounds("<=", _version(last))) if dots else ()
    span = ends or tuple(_each_bound(text))
    if not span:
        raise ValueError(f"a version range holds nothing between its || signs; {_EXPECTED}")
    _refuse_empty(span, text.strip())
    return span


def _each_bound(text: str) -> list[Bound]:
    bounds: list[Bound] = []
    at = 0
    while text[at:].strip():
        found = _BOUND.match(text, at)
        if found is None:
            raise ValueError(f"{text.strip()!r} is no version range; {_EXPECTED}")
        bounds.extend(_bounds(found[1] or "=", _version(found[2])))
        at = found.end()
    return bounds


def _version(text: str) -> Version:
    try:
        return Version.parse(text)
    except ValueError as error:
        raise ValueError(f"{error}, in a range; {_EXPECTED}") from None


def _bounds(sign: str, version: Version) -> Span:
    """The bounds that one sign and one version, partial or whole, stand for."""
    whole = version.numbers == 3 or version.pre
    if sign == "=":
        return (Bound(">=", version), Bound("<=", version) if whole else _before_next(version))
    if sign == "<=" and not whole:
        return (_before_next(version),)
    if sign == ">" and not whole:
        return (Bound(">=", _before_next(version).version),)
    return (Bound(sign, version),)


def _before_next(version: Version) -> Bound:
    """The open end above a whole line, below the first pre-release of the next."""
    numbers = (version.major + 1,) if version.numbers == 1 else (version.major, version.minor + 1)
    text = ".".join(str(n) for n in (*numbers, 0, 0)[:3])
    return Bound("<", Version(f"{text}-0", (*numbers, 0, 0)[:3], (0,)))


def _refuse_empty(span: Span, text: str) -> None:
    lows = [b for b in span if b.sign[0] == ">"]
    highs = [b for b in span if b.sign[0] == "<"]
    for low in lows:
        for high in highs:
            touching = low.version == high.version and "=" in low.sign and "=" in high.sign
            if not (low.version < high.version or touching):
                raise ValueError(f"version range {text!r} holds no version: its lower end is above its upper end")
