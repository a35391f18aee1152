"""A simulated world with its phones, and what acts on it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from server.clock import now
from server.db import db
from server.devices.tokens import make_device
from server.simulation.invariants import Captured
from tests.faults.simulation.phones import SimPhone
from tests.faults.simulation.world import World

DAY_S = 86_400
ORDINARY = ("phone", "address")
SENSITIVE = ("account_no", "person_in_charge")


@dataclass
class Play:
    """A world with its phones and all that was captured in it."""

    world: World
    phones: list[SimPhone] = field(default_factory=list)
    captured: dict[str, Captured] = field(default_factory=dict)
    is_old_server: bool = False
    damaged_replicas: int = 0
    number: int = 0

    def phone(self, index: int) -> SimPhone:
        return self.phones[index % len(self.phones)]

    def keep(self, captured: Captured | None) -> None:
        if captured is not None:
            self.captured[captured.op_id] = captured

    def rep(self, index: int) -> str:
        ids = self.world.template.rep_ids
        return ids[index % len(ids)]


Act = tuple[str, int, int, int]
Doer = Callable[[Play, int, int, int], None]


def begin(world: World) -> Play:
    """Three reps, a phone each."""
    play = Play(world)
    for person_id in world.template.rep_ids:
        play.phones.append(SimPhone(world, person_id, new_token(world, person_id)))
    return play


def new_token(world: World, person_id: str) -> str:
    with world.request():
        _device, token = make_device(person_id, "sim", now())
        db.session.commit()
    return token
