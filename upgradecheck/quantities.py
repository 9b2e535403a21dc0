"""Kubernetes quantities: `500m` CPU, `1Gi` memory, `1e3`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

# The exponent is bounded: a hostile 1e999999999 must not become a number of a billion digits.
_SHAPE = re.compile(
    r"([+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,3}))?",
    re.ASCII,
)
_SCALES: dict[str, Fraction] = {
    "n": Fraction(1, 1000**3),
    "u": Fraction(1, 1000**2),
    "m": Fraction(1, 1000),
    **{suffix: Fraction(1000**power) for power, suffix in enumerate("kMGTPE", 1)},
    **{f"{suffix}i": Fraction(1024**power) for power, suffix in enumerate("KMGTPE", 1)},
}


def quantity(text: Any) -> Fraction | float | None:
    """The size of a quantity, None where it is none. Text becomes an exact fraction; a number stays as it is."""
    if isinstance(text, (int, float, Fraction)):
        return None if isinstance(text, bool) or text != text else text
    found = _SHAPE.fullmatch(text.strip()) if isinstance(text, str) and len(text) < 100 else None
    if found is None:
        return None
    number = Fraction(found[1])
    if found[2]:
        return number * _SCALES[found[2]]
    return number * Fraction(10) ** int(found[3]) if found[3] else number
