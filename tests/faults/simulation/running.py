"""Running schedules, and shrinking those that fail."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from server.intake.registry import APPLIERS
from server.simulation.invariants import Phone, Violation, check_all, check_replicas
from tests.faults.simulation.acts import DOERS, schedule_of
from tests.faults.simulation.acts.forms import KNOWN_FORMS, register_broken_forms
from tests.faults.simulation.acts.on_server import upgrade
from tests.faults.simulation.acts.play import DAY_S, Act, Play, begin, new_token
from tests.faults.simulation.world import PhoneCrash, ServerCrash, Stage, seeded_ids

LENGTH = 28
ROUNDS = 12
WHOLE_PAGE = 200_000
MOST_STEPS = 400
MOST_DECISIONS = 10


@dataclass(frozen=True)
class Failure:
    """A schedule that broke an invariant, as short as it could be made."""

    seed: int
    acts: list[Act]
    fault: str

    def text(self) -> str:
        lines = [f"seed {self.seed}: {self.fault}", f"replay: run_schedule(Stage(), {self.seed}, acts) with these {len(self.acts)} acts"]
        return "\n".join([*lines, *(f"    {act!r}," for act in self.acts)])


def run_schedule(stage: Stage, seed: int, acts: list[Act] | None = None, plant: Callable[[], None] | None = None) -> str:
    """Run a seed's schedule (or these acts of it); what went wrong, or an empty text. `plant` puts a bug in place first."""
    logging.disable(logging.CRITICAL)
    APPLIERS.clear()
    APPLIERS.update(KNOWN_FORMS)
    register_broken_forms()
    if plant is not None:
        plant()
    try:
        with seeded_ids(seed):
            play = begin(stage.new_world(seed))
            for name, a, b, c in schedule_of(seed, LENGTH) if acts is None else acts:
                play.world.pass_time(1)
                DOERS[name](play, a, b, c)
            settle_down(play)
            with play.world.request():
                check_all(phones_of(play), list(play.captured.values()), play.world.now, play.world.is_checked_by_night)
    except Violation as violation:
        return str(violation)
    except (Exception, ServerCrash, PhoneCrash):
        return "a crash of the simulation itself\n" + traceback.format_exc(limit=-6)
    finally:
        stage.end_world()
        APPLIERS.clear()
        APPLIERS.update(KNOWN_FORMS)
        logging.disable(logging.NOTSET)
    return ""


def phones_of(play: Play) -> list[Phone]:
    return [Phone(phone.person_id, phone.client) for phone in play.phones]


def settle_down(play: Play) -> None:
    """The network is well again, everybody signs in, the server is of today: whatever waits must get through.

    Phones must agree with the server before their daily comparison, which would hide what went wrong; only a row that was
    lost on the phone itself waits for it.
    """
    world = play.world
    world.faults.clear()
    world.unreachable.clear()
    upgrade(play, 0, 0, 0)
    for phone in play.phones:
        phone.edge_in = 0
        phone.client.page_bytes = WHOLE_PAGE
        phone.client.sign_in(new_token(world, phone.person_id))
        phone.client.capture.digested_at = phone.clock()
    _work_until_quiet(play)
    if world.seed % 4 == 1:
        _decide_what_waits(play)
    _work_until_quiet(play)  # phones hear what the others brought, and what was decided
    if not play.damaged_replicas:
        with world.request():
            check_replicas(phones_of(play))
    if play.damaged_replicas or world.seed % 8 == 0:
        world.pass_time(DAY_S)
        world.is_checked_by_night = True
        DOERS["nightly"](play, 0, 0, 0)
        _work_until_quiet(play)


def _decide_what_waits(play: Play) -> None:
    """Few schedules have an edit wait so early that an act of theirs decides on it."""
    for number in range(MOST_DECISIONS):
        DOERS["settle"](play, number, number + play.world.seed, 0)


def _work_until_quiet(play: Play) -> None:
    for _ in range(ROUNDS):
        for phone in play.phones:
            phone.client.wake("online")
            phone.steps(MOST_STEPS)
        if all(phone.client.next_step().do == "rest" for phone in play.phones):
            return
        play.world.pass_time(120)


def shrunk(stage: Stage, seed: int, fault: str) -> Failure:
    """The fewest acts, by leaving out ever smaller parts, that still break the same invariant."""
    acts = schedule_of(seed, LENGTH)
    part = len(acts) // 2
    while part:
        start = 0
        while start < len(acts):
            fewer = acts[:start] + acts[start + part :]
            now = run_schedule(stage, seed, fewer)
            if now and now.split()[0] == fault.split()[0]:
                acts, fault = fewer, now
            else:
                start += part
        part //= 2
    return Failure(seed, acts, fault)
