"""Python's collector as a process that serves has it, for a while."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from server.collector import spare_collector


@contextmanager
def spared_collector() -> Iterator[None]:
    """From here on what is there is never looked through; at the end the process collects as it did before, everything."""
    thresholds = gc.get_threshold()
    spare_collector()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
