"""Keeps Python's garbage collector out of the way while a dump is loaded: it is the largest cost of loading one."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def collector() -> Iterator[Callable[[], None]]:
    """Collects nothing until the given function is called, and leaves the collector as it was found.

        with collector() as loaded:
            cluster = load(paths)
            loaded()
            judge(cluster)

    `loaded()` lets the collector run again, but no longer over what was loaded. At the end all is as before:
    running if it ran, and nothing frozen that was not. What a caller has frozen stays frozen.
    """
    running, frozen = gc.isenabled(), False

    def loaded() -> None:
        nonlocal frozen
        if not frozen and gc.get_freeze_count() == 0:
            gc.freeze()
            frozen = True
        if running:
            gc.enable()

    gc.disable()
    try:
        yield loaded
    finally:
        if frozen:
            gc.unfreeze()
        if running:
            gc.enable()
