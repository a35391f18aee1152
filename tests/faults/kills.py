"""How often the fault tests kill: a few times in `make test`, some hundred times in `make faults`."""

import os

LONG_RUN = 20_000


def kills(short: int, long: int) -> int:
    """`short` without FAULTS, `long` with FAULTS=20000, and in proportion to it."""
    return max(short, long * int(os.environ.get("FAULTS") or 0) // LONG_RUN)
