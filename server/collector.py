"""Python's collector of circles of objects, for a process that serves: it costs lists of 20,000 rows as much time again as reading them."""

import gc

YOUNG, MIDDLE, OLD = 10_000, 20, 50


def spare_collector() -> None:
    """Once the app is made: what it is made of is never looked through again, and new objects more seldom. Not for tests, which make many apps."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
