"""How fast a dump becomes data: building every chunk against yaml.CSafeLoader with Python's own collector settings."""

from __future__ import annotations

import argparse
import sys

from measuring import Bounds, dumps, round_robin

THEIRS = "import yaml; yaml.load(open(path, 'rb'), yaml.CSafeLoader)"
THEIRS_MANY = "import yaml; kept = list(yaml.load_all(open(path, 'rb'), yaml.CSafeLoader))"
OURS = """
from upgradecheck.yaml import chunks, collector
with collector():
    kept = [chunk.build() for chunk in chunks(open(path, 'rb').read(), name=path)]
"""
NAMES = """
from upgradecheck.yaml import chunks, collector
with collector():
    kept = list(chunks(open(path, 'rb').read(), name=path))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with dumps(given.megabytes, "list", "documents", "json") as made:
        spent = round_robin(
            {
                "theirs": (THEIRS, made["list"]),
                "theirs, documents": (THEIRS_MANY, made["documents"]),
                "list": (OURS, made["list"]),
                "documents": (OURS, made["documents"]),
                "json": (OURS, made["json"]),
                "names": (NAMES, made["list"]),
            },
            given.times,
        )
    bounds, theirs = Bounds(), spent["theirs"].seconds
    bounds.at_least("one List, all built, times as fast as CSafeLoader", theirs / spent["list"].seconds, 3)
    bounds.at_least(
        "documents, all built, times as fast as CSafeLoader on List", theirs / spent["documents"].seconds, 3
    )
    bounds.at_least(
        "the same against CSafeLoader on documents", spent["theirs, documents"].seconds / spent["documents"].seconds, 1
    )
    bounds.at_least("JSON, all built, times as fast as CSafeLoader on List", theirs / spent["json"].seconds, 3)
    bounds.at_least("one List, kinds and names only", theirs / spent["names"].seconds, 6)
    return bounds.close()


if __name__ == "__main__":
    sys.exit(main())
