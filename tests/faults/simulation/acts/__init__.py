"""What may happen in a simulated world: phones, the network, people in the office, the server's own jobs.

An act is a name and a few small numbers, which mean something whatever happened before, so that a schedule still runs when
acts are taken out of it.
"""

import random

from tests.faults.simulation.acts.in_office import (
    force_resync,
    merge,
    office_edit,
    reassign,
    remove_row,
    restore_value,
    review,
    revoke_token,
    settle,
    sign_in,
)
from tests.faults.simulation.acts.on_phones import (
    app_restart,
    bit_rot,
    broken_record,
    clock_jump,
    copied_phone,
    correction,
    edit,
    new_outlet,
    offline,
    online,
    phone_crash,
    several_visits,
    sweep,
    visit,
    work,
    work_long,
)
from tests.faults.simulation.acts.on_server import (
    back_up,
    forget_deletions,
    lost_while_reading,
    lost_while_sending,
    nightly,
    old_server,
    restore,
    time_passes,
    upgrade,
)
from tests.faults.simulation.acts.on_the_way import network, old_duplicate
from tests.faults.simulation.acts.play import Act, Doer

WEIGHTS: dict[Doer, int] = {
    work: 24,
    work_long: 14,
    visit: 9,
    several_visits: 4,
    correction: 2,
    edit: 9,
    new_outlet: 4,
    broken_record: 2,
    phone_crash: 4,
    app_restart: 2,
    copied_phone: 1,
    clock_jump: 1,
    sweep: 1,
    bit_rot: 1,
    offline: 2,
    online: 4,
    network: 14,
    old_duplicate: 2,
    reassign: 6,
    office_edit: 4,
    settle: 3,
    restore_value: 2,
    merge: 4,
    review: 4,
    remove_row: 2,
    revoke_token: 1,
    sign_in: 3,
    force_resync: 1,
    nightly: 1,
    forget_deletions: 2,
    back_up: 3,
    restore: 2,
    lost_while_reading: 2,
    lost_while_sending: 2,
    old_server: 1,
    upgrade: 1,
    time_passes: 7,
}
DOERS: dict[str, Doer] = {doer.__name__: doer for doer in WEIGHTS}


def schedule_of(seed: int, length: int) -> list[Act]:
    """The acts of a seed."""
    chance = random.Random(f"schedule {seed}")
    names = [doer.__name__ for doer in WEIGHTS]
    chosen = chance.choices(names, list(WEIGHTS.values()), k=length)
    return [(name, chance.randrange(1000), chance.randrange(1000), chance.randrange(1000)) for name in chosen]
