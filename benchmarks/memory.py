"""How much memory a dump takes: peaks of fresh processes, less what Python and the imports take."""

from __future__ import annotations

import argparse
import sys

from loading import NAMES, OURS, THEIRS
from measuring import Bounds, dumps, round_robin

ONE_AT_A_TIME = """
from upgradecheck.yaml import chunks, collector
with collector():
    for chunk in chunks(open(path, 'rb').read(), name=path):
        chunk.build()
"""
NOTHING = "import yaml, upgradecheck.yaml"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with dumps(given.megabytes, "list", "json") as made, dumps(given.megabytes / 10, "list") as small:
        size = made["list"].stat().st_size
        size_json = made["json"].stat().st_size
        spent = round_robin(
            {
                "nothing": (NOTHING, made["list"]),
                "theirs": (THEIRS, made["list"]),
                "one at a time": (ONE_AT_A_TIME, made["list"]),
                "small": (ONE_AT_A_TIME, small["list"]),
                "json": (ONE_AT_A_TIME, made["json"]),
                "kept": (OURS, made["list"]),
                "names": (NAMES, made["list"]),
            },
            given.times,
        )
    base = spent["nothing"].peak
    peak = {name: one.peak - base for name, one in spent.items()}
    bounds = Bounds()
    bounds.at_most("peak of one built at a time, over CSafeLoader's", peak["one at a time"] / peak["theirs"], 1 / 3)
    bounds.at_most("peak of all built and kept, over CSafeLoader's", peak["kept"] / peak["theirs"], 1 / 3)
    bounds.at_most("peak of one built at a time, over the input", peak["one at a time"] / size, 5)
    bounds.at_most("the same for JSON", peak["json"] / size_json, 5)
    bounds.at_most("peak of kinds and names only, over the input", peak["names"] / size, 5)
    bounds.at_most("peak of all built and kept, over the input", peak["kept"] / size, 12)
    bounds.at_most("growth of the peak for ten times the input", peak["one at a time"] / peak["small"], 12)
    return bounds.close()


if __name__ == "__main__":
    sys.exit(main())
