"""Many schedules over several processes."""

import gc
import multiprocessing
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.faults.simulation.running import run_schedule, shrunk
from tests.faults.simulation.world import Stage

TIDY_EVERY = 50


@dataclass(frozen=True)
class Result:
    """Of one schedule: its seed, and what went wrong (empty when nothing did)."""

    seed: int
    fault: str


def run_many(seeds: Iterable[int], processes: int | None = None) -> Iterator[Result]:
    """Run these seeds' schedules; a failing one comes shrunk. Stop reading to stop running."""
    is_beside_others = "PYTEST_XDIST_WORKER" in os.environ
    count = processes or (1 if is_beside_others else min(4, os.cpu_count() or 1))
    context = multiprocessing.get_context("spawn")
    with context.Pool(count, initializer=_take_stage) as pool:
        yield from pool.imap_unordered(_run, seeds, chunksize=10)


_stage: list[Stage] = []


def _take_stage() -> None:
    """Each process has a server of its own; what it made so far stays for good, so the collector need not look at it."""
    _stage.append(Stage())
    gc.collect()
    gc.freeze()
    gc.disable()
    multiprocessing.util.Finalize(None, _stage[0].close, exitpriority=10)


def _run(seed: int) -> Result:
    if seed % TIDY_EVERY == 0:
        gc.collect()
    fault = run_schedule(_stage[0], seed)
    return Result(seed, shrunk(_stage[0], seed, fault).text() if fault else "")
