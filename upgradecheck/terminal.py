"""What the terminal is like: width, colour, and whether anybody looks."""

from __future__ import annotations

import os
import sys


def colour() -> bool:
    """Colour only on a terminal; NO_COLOR and FORCE_COLOR decide before that (no-color.org, force-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns of the terminal, 80 where there is none, never so wide that lines are hard to read."""
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return 80
    import shutil

    return max(40, min(shutil.get_terminal_size((80, 24)).columns, 100))
