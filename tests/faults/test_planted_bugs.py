"""The checker is proven: every planted bug is caught by the schedules that the product passes."""

import gc
import multiprocessing
import os
import time

import pytest

from tests.faults.planted import BUGS, Bug
from tests.faults.simulation.running import run_schedule
from tests.faults.simulation.world import Stage

MOST_SCHEDULES = 1500
IS_FULL = bool(os.environ.get("FAULTS"))
QUICK = 8


def hunt(bug: Bug) -> tuple[str, int, float, str]:
    """Run schedules until one catches the bug: its name, how many it took (0: not caught), seconds, what was seen."""
    stage, started = Stage(), time.monotonic()
    gc.freeze()
    patch = pytest.MonkeyPatch()
    try:
        for seed in range(1, MOST_SCHEDULES + 1):
            fault = run_schedule(stage, seed, plant=lambda: bug(patch.setattr))
            patch.undo()
            if fault:
                return bug.__name__, seed, time.monotonic() - started, fault.splitlines()[0]
        return bug.__name__, 0, time.monotonic() - started, ""
    finally:
        patch.undo()
        stage.close()


@pytest.mark.timeout(3 * 3600)
@pytest.mark.xdist_group("simulation")
def test_every_planted_bug_is_caught(capsys):
    bugs = BUGS if IS_FULL else BUGS[:: len(BUGS) // QUICK]
    found = []
    with capsys.disabled(), multiprocessing.get_context("spawn").Pool(min(4, os.cpu_count() or 1)) as pool:
        print("\nplanted bug                                 schedules  seconds  caught by")
        for name, schedules, seconds, fault in pool.imap_unordered(hunt, bugs):
            found.append((name, schedules))
            print(f"{name:<44}{schedules or 'MISSED':>9}{seconds:>9.1f}  {fault[:90]}", flush=True)
        print(f"{sum(bool(schedules) for _, schedules in found)} of {len(found)} planted bugs caught")
    assert all(schedules for _, schedules in found), [name for name, schedules in found if not schedules]
