"""What a whole scan costs over parsing alone, and what starting costs over importing click and yaml."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from loading import OURS
from measuring import Bounds, dumps, round_robin, whole

SCAN = "import upgradecheck; upgradecheck.scan([path])"
PODS = "import upgradecheck; upgradecheck.scan([path], to={'spiderpool': '0.9.5'})"
"""Its rule about duplicate addresses reads every Pod."""
NOTHING = "import upgradecheck.yaml"
IMPORTS = "import click, yaml"
COMMAND = """
import sys
sys.argv = ['upgradecheck', {arguments}]
from upgradecheck.cli import main
try:
    main()
except SystemExit:
    pass
"""
SMALL = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: b\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with dumps(given.megabytes, "list") as made, dumps(given.megabytes / 10, "list") as tenth:
        small = Path(made["list"].parent) / "small.yaml"
        small.write_text(SMALL)
        size = made["list"].stat().st_size
        spent = round_robin(
            {
                "nothing": (NOTHING, small),
                "parsing": (OURS, made["list"]),
                "scan": (SCAN, made["list"]),
                "pods": (PODS, made["list"]),
                "tenth": (SCAN, tenth["list"]),
            },
            given.times,
        )
        starts = {
            "imports": (IMPORTS, small),
            "version": (COMMAND.format(arguments="'--version'"), small),
            "small": (COMMAND.format(arguments="'scan', sys.argv[1]"), small),
        }
        round_robin(starts, 1, whole)  # compiles what was never started
        spent |= round_robin(starts, given.times * 3, whole)
    seconds = {name: one.seconds for name, one in spent.items()}
    base, bounds = spent["nothing"].peak, Bounds()
    bounds.at_most("scan of a List, over parsing alone by the same loader", seconds["scan"] / seconds["parsing"], 1.3)
    bounds.at_most("the same, with a rule that reads every Pod", seconds["pods"] / seconds["parsing"], 1.3)
    bounds.at_most("--version, over importing click and yaml", seconds["version"] / seconds["imports"], 1.5)
    bounds.at_most("scan of one small file, over importing click and yaml", seconds["small"] / seconds["imports"], 3.5)
    bounds.at_most("peak memory of a scan, over the input", (spent["scan"].peak - base) / size, 12)
    bounds.at_most("time for ten times the input", seconds["scan"] / seconds["tenth"], 13)
    bounds.at_most("memory for ten times the input", (spent["scan"].peak - base) / (spent["tenth"].peak - base), 12)
    return bounds.close()


if __name__ == "__main__":
    sys.exit(main())
