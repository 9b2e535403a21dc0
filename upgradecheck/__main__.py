"""`python -m upgradecheck`."""

from .cli import main

main()
