"""Thousands of seeded schedules of faults: all of SYNC §6 holds after each (see `tests/faults/simulation`)."""

import os
import time

import pytest

from server.intake.settling import settle_parked
from tests.faults.simulation.acts import in_office, schedule_of
from tests.faults.simulation.many import run_many
from tests.faults.simulation.running import LENGTH, run_schedule, shrunk
from tests.faults.simulation.world import Stage

SCHEDULES = int(os.environ.get("FAULTS") or 120)
FIRST_SEED = int(os.environ.get("FAULTS_SEED") or 1)
MOST_FAILURES = 3
TOLD_EVERY = 1000


@pytest.mark.timeout(6 * 3600)
@pytest.mark.xdist_group("simulation")
def test_no_schedule_of_faults_breaks_an_invariant(capsys):
    started, done, failures = time.monotonic(), 0, []
    for result in run_many(range(FIRST_SEED, FIRST_SEED + SCHEDULES)):
        done += 1
        if result.fault:
            failures.append(result.fault)
            with capsys.disabled():
                print(f"\n{result.fault}", flush=True)
        if done % TOLD_EVERY == 0:
            tell(capsys, done, len(failures), started)
        if len(failures) == MOST_FAILURES:
            break
    tell(capsys, done, len(failures), started)
    assert not failures, "\n\n".join(failures)


def tell(capsys: pytest.CaptureFixture[str], done: int, failures: int, started: float) -> None:
    with capsys.disabled():
        print(f"\nsimulation: {done} schedules of {LENGTH} acts, {failures} violations, {time.monotonic() - started:.0f} s", flush=True)


@pytest.fixture(scope="module")
def stage():
    stage = Stage()
    yield stage
    stage.close()


def test_a_seed_gives_the_same_schedule_and_the_same_end(stage: Stage):
    assert schedule_of(7, LENGTH) == schedule_of(7, LENGTH) != schedule_of(8, LENGTH)
    ends = []
    for _ in range(2):
        world = stage.new_world(7)
        stage.end_world()
        assert run_schedule(stage, 7) == ""
        ends.append((world.seed, (stage.folder / "xundian.db").stat().st_size))
    assert ends[0] == ends[1]


def test_a_failing_schedule_is_shrunk_to_what_matters(stage: Stage, monkeypatch):
    """With the clock row never raised, a single reassignment is enough to show it."""
    from server.feed import clock

    monkeypatch.setattr(clock, "_stamp_membership", lambda *_args: None)
    seed, fault = next((seed, fault) for seed in range(1, 40) if (fault := run_schedule(stage, seed)))
    failure = shrunk(stage, seed, fault)
    assert len(failure.acts) <= 4, failure.text()
    assert run_schedule(stage, seed, failure.acts).split()[0] == fault.split()[0]


def test_a_supervisor_decides_on_an_edit_that_waits_since_it_was_judged_again(stage: Stage, monkeypatch):
    """The old server quarantines it; when the new one judges it, its outlet is somebody else's."""
    decided = []
    monkeypatch.setattr(
        in_office, "settle_parked", lambda op_id, values, *given: decided.append((op_id, values)) or settle_parked(op_id, values, *given)
    )
    handed_over = [("reassign", outlet, 1, 0) for outlet in range(8)]
    before = [("work_long", 0, 0, 0), ("old_server", 0, 0, 0), ("edit", 0, 0, 1), ("work_long", 0, 0, 0)]
    assert run_schedule(stage, 2, [*before, *handed_over, ("upgrade", 0, 0, 0), ("settle", 0, 0, 0), ("settle", 0, 0, 0)]) == ""
    assert [values for _, values in decided] == [{}]
