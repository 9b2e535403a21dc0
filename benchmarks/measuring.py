"""Runs one piece of Python in a fresh process and gives its CPU seconds and its peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

_WRAPPED = """
import json, resource, sys, time
started = time.process_time()
exec(sys.argv[1], {"path": sys.argv[2]})
spent = time.process_time() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([spent, peak]), file=sys.stderr)
"""


_STARTING = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
"""As an installed program runs: its modules are compiled once, not at every start."""


class Spent(NamedTuple):
    """What one run took: seconds of CPU, so that a busy machine does not count, and bytes at the peak."""

    seconds: float
    peak: int


def run(code: str, path: Path | str = "") -> Spent:
    """Runs code that finds its input in `path`; imports inside it count as well."""
    command = [sys.executable, "-c", _WRAPPED, code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = json.loads(done.stderr.splitlines()[-1])
    return Spent(seconds, peak)


def whole(code: str, path: Path | str = "") -> Spent:
    """Runs code as `python -c` does and counts the whole process, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", code, str(path)]
    subprocess.run(command, capture_output=True, check=True, env=_STARTING)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0)


def round_robin(
    runs: Mapping[str, tuple[str, Path]], times: int, how: Callable[[str, Path], Spent] = run
) -> dict[str, Spent]:
    """The median of each run, taken in turns so that a change of speed of the machine meets all alike."""
    seen: dict[str, list[Spent]] = {name: [] for name in runs}
    for _ in range(times):
        for name, (code, path) in runs.items():
            seen[name].append(how(code, path))
    return {
        name: Spent(median(one.seconds for one in all_), int(median(one.peak for one in all_)))
        for name, all_ in seen.items()
    }


@contextmanager
def dumps(megabytes: float, *shapes: str) -> Iterator[dict[str, Path]]:
    """One generated dump for each shape, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        made = {shape: Path(folder) / f"{shape}.{'json' if shape == 'json' else 'yaml'}" for shape in shapes}
        for shape, path in made.items():
            # Elsewhere: what this process ever held would count as the peak of those that it starts.
            command = [sys.executable, str(Path(__file__).with_name("generate.py")), str(path)]
            subprocess.run([*command, "--megabytes", str(megabytes), "--shape", shape], check=True, capture_output=True)
        yield made


class Bounds:
    """A table of ratios, each with the bound that it must keep."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, str, float, bool]] = []

    def at_least(self, what: str, ratio: float, bound: float) -> None:
        self.rows.append((what, ratio, ">=", bound, ratio >= bound))

    def at_most(self, what: str, ratio: float, bound: float) -> None:
        self.rows.append((what, ratio, "<=", bound, ratio <= bound))

    def close(self) -> int:
        """Prints the table; 1 where any bound is broken."""
        for what, ratio, sign, bound, kept in self.rows:
            print(f"{what:<58} {ratio:>8.2f}  {sign} {bound:<5g} {'ok' if kept else 'BROKEN'}")
        return 0 if all(row[-1] for row in self.rows) else 1
