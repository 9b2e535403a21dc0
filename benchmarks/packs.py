"""What a whole run with all packs costs over parsing alone: over the largest recorded cluster as it is, and over the
same cluster inside a dump of many megabytes."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from measuring import Bounds, dumps, round_robin

CLUSTERS = Path(__file__).parents[1] / "fixtures" / "clusters"
PARSING = """
import os
from upgradecheck.yaml import chunks, collector
with collector():
    kept = []
    for above, _, files in os.walk(path):
        for name in files:
            with open(os.path.join(above, name), "rb") as file:
                kept += [chunk.build() for chunk in chunks(file.read(), name=name) if hasattr(chunk, "build")]
"""
EVERY = """
import upgradecheck
to = {'cilium': '1.19.6', 'spiderpool': '1.2.2', 'osm-edge': '1.3.9', 'kubeos': '2.0.0'}
upgradecheck.scan([path], to=to, collected=['all'])
"""
LOADING = "from upgradecheck.packs import load_all; load_all()"
NOTHING = "import upgradecheck.yaml"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    largest = max(CLUSTERS.glob("*/dump"), key=size)
    with dumps(given.megabytes, "list") as made, tempfile.TemporaryDirectory() as above:
        wide = Path(above) / "wide"
        shutil.copytree(largest, wide)
        shutil.copy(made["list"], wide / "rest.yaml")
        spent = round_robin(
            {
                "nothing": (NOTHING, largest),
                "loading": (LOADING, largest),
                "parsing": (PARSING, largest),
                "run": (EVERY, largest),
                "parsing wide": (PARSING, wide),
                "run wide": (EVERY, wide),
            },
            given.times,
        )
        input_size = size(wide)
    print(f"{largest.parent.name}: {size(largest) / 1e3:.0f} kB; rules alone {spent['loading'].seconds:.2f} s of CPU")
    base, bounds = spent["nothing"].peak, Bounds()
    rest = spent["run"].seconds - spent["loading"].seconds
    bounds.at_most("largest cluster, all packs, over parsing alone", spent["run"].seconds / spent["parsing"].seconds, 8)
    bounds.at_most("the same without reading the rules", rest / spent["parsing"].seconds, 3)
    bounds.at_most(
        "the cluster in many megabytes, over parsing alone",
        spent["run wide"].seconds / spent["parsing wide"].seconds,
        2,
    )
    bounds.at_most(
        "memory of that run, over parsing alone", grown(spent, "run wide") / grown(spent, "parsing wide"), 1.6
    )
    bounds.at_most("memory of that run, over the input", (spent["run wide"].peak - base) / input_size, 12)
    return bounds.close()


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def grown(spent: dict, name: str) -> int:
    return int(spent[name].peak - spent["nothing"].peak)


if __name__ == "__main__":
    sys.exit(main())
