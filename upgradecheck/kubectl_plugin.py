"""`kubectl upgradecheck`: kubectl runs the program `kubectl-upgradecheck` of the PATH, and asks
`kubectl_complete-upgradecheck` what the Tab key may offer."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main() -> None:
    """The command line, which calls itself as it was called."""
    from .cli import main as run

    run(program="kubectl upgradecheck")


def complete(words: Sequence[str] | None = None) -> None:
    from .cli import upgradecheck
    from .cli_completion import for_kubectl

    sys.stdout.write(for_kubectl(upgradecheck, list(sys.argv[1:] if words is None else words)))
