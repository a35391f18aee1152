"""What may happen in a simulated world: phones, the network, people in the office, the server's own jobs.

An act is a name and a few small numbers, which mean something whatever happened before, so that a schedule still runs when
acts are taken out of it.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from server.audit.actions import record_audit
from server.clock import now
from server.db import db
from server.devices.models import Device
from server.devices.tokens import make_device, revoke_devices
from server.domain.months import business_date
from server.feed.clock import after_number
from server.feed.floor import raise_floor
from server.intake.models import SyncConflict, SyncOp
from server.intake.parked import waits
from server.intake.registry import APPLIERS
from server.intake.rerun import run_repairable
from server.intake.settling import settle_conflict, settle_parked
from server.jobs.nightly import run_nightly
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import keep_both, merge_outlets
from server.outlets.edits import field_value, set_outlet_field
from server.outlets.models import Outlet, OutletDuplicate
from server.simulation.invariants import Captured
from server.visits.models import OutletMonth, Visit
from server.visits.verdicts import review_visit
from sync.problems import Problem
from sync.receive import APPLIED, Outcome, Sent
from tests.faults.simulation.phones import SimPhone
from tests.faults.simulation.world import Fault, PhoneCrash, World

DAY_S = 86_400
FORMS = ("visit.v1", "visit.v2")
ORDINARY = ("phone", "address")
SENSITIVE = ("account_no", "person_in_charge")
NETWORK = (
    "lost_request",
    "lost_response",
    "duplicate",
    "server_crash",
    "portal",
    "liar",
    "broken",
    "too_large",
    "damaged",
    "cut_upload",
    "sent_twice",
)


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


# -- on the phone ---------------------------------------------------------------------------------------------------------


def work(play: Play, a: int, b: int, _c: int) -> None:
    play.phone(a).steps(1 + b % 12)


def work_long(play: Play, a: int, _b: int, _c: int) -> None:
    phone = play.phone(a)
    phone.client.wake()
    phone.steps(60)


def visit(play: Play, a: int, b: int, c: int) -> None:
    phone = play.phone(a)
    outlets = phone.outlets()
    if outlets:
        play.number += 1
        play.keep(phone.visit(outlets[b % len(outlets)]["id"], FORMS[c % 2], play.number))


def several_visits(play: Play, a: int, b: int, c: int) -> None:
    for more in range(2 + c % 3):
        visit(play, a, b + more, c + more)


def correction(play: Play, a: int, b: int, c: int) -> None:
    phone = play.phone(a)
    mine = [one for one in play.captured.values() if one.kind == "visit" and one.op_id in phone.client.capture.ops and not one.body["corrects"]]
    if mine:
        before = mine[b % len(mine)]
        play.number += 1
        play.keep(phone.visit(before.body["outlet_id"], FORMS[c % 2], play.number, corrects=before.entity_id))


def edit(play: Play, a: int, b: int, c: int) -> None:
    phone = play.phone(a)
    outlets = phone.outlets()
    if outlets:
        play.number += 1
        names = (ORDINARY, SENSITIVE, ("phone", "account_no"))[c % 3]
        fields: dict[str, Any] = {name: f"{name}-{play.number}" for name in names[: 1 + c % 2]}
        if c % 7 == 0:
            fields = {"chain_outlets": c % 15}
        play.keep(phone.edit(outlets[b % len(outlets)], fields))


def new_outlet(play: Play, a: int, b: int, c: int) -> None:
    phone = play.phone(a)
    regions = [row.doc["id"] for (kind, _), row in phone.client.store.rows.items() if kind == "region"]
    if regions:
        play.number += 1
        name = f"网点{'甲乙丙丁'[b % 4]}" if c % 2 else f"新店{play.number}"
        position = {"lat": 30.66 + b % 4 / 100, "lon": 104.07 + c % 3 / 5000, "accuracy_m": 20.0}
        play.keep(phone.new_outlet(sorted(regions)[0], name, position))


def broken_record(play: Play, a: int, b: int, _c: int) -> None:
    play.number += 1
    play.keep(play.phone(a).broken(("unheard", "raises", "poison")[b % 3], play.number))


def phone_crash(play: Play, a: int, b: int, _c: int) -> None:
    play.phone(a).edge_in = 1 + b % 7


def app_restart(play: Play, a: int, _b: int, _c: int) -> None:
    play.phone(a).client.restart()


def copied_phone(play: Play, a: int, _b: int, _c: int) -> None:
    if len(play.phones) < 5:
        play.phones.append(play.phone(a).copied())


def clock_jump(play: Play, a: int, b: int, _c: int) -> None:
    play.phone(a).skew_s = (0, 3 * DAY_S, -2 * DAY_S, 400, -90)[b % 5]


def sweep(play: Play, a: int, _b: int, _c: int) -> None:
    phone = play.phone(a)
    try:
        phone.client.capture.sweep(phone.clock())
    except PhoneCrash:
        phone.client.restart()


def bit_rot(play: Play, a: int, b: int, c: int) -> None:
    """A row of the replica is lost on the phone, or one too many appears; the daily comparison must mend it."""
    rows = play.phone(a).client.store.rows
    if rows:
        play.damaged_replicas += 1
        key = sorted(rows)[b % len(rows)]
        if c % 2:
            del rows[key]
        else:
            rows["visit", "stray"] = rows[key]


def offline(play: Play, a: int, _b: int, _c: int) -> None:
    play.world.unreachable.add(play.rep(a))


def online(play: Play, a: int, _b: int, _c: int) -> None:
    play.world.unreachable.discard(play.rep(a))


# -- on the way -----------------------------------------------------------------------------------------------------------


def network(play: Play, a: int, b: int, c: int) -> None:
    play.world.faults.append(Fault(NETWORK[a % len(NETWORK)], after=b % 4, at=1 + c % 40))


def old_duplicate(play: Play, a: int, _b: int, _c: int) -> None:
    """A push of long ago arrives once more; nobody waits for its answer."""
    if play.world.sent_before:
        path, headers, body = play.world.sent_before[a % len(play.world.sent_before)]
        play.world.app.test_client(use_cookies=False).post(path, data=body, headers=dict(headers), environ_overrides={"xundian.now": play.world.now})


# -- in the office --------------------------------------------------------------------------------------------------------


def reassign(play: Play, a: int, b: int, _c: int) -> None:
    with play.world.request():
        outlets = list(db.session.scalars(select(Outlet.id).where(Outlet.removed_at.is_(None)).order_by(Outlet.code)))
        person_id = None if b % 5 == 4 else play.rep(b)
        _tolerant(assign_outlets, [outlets[a % len(outlets)]], person_id, business_date(now()), play.world.template.boss_id, now())


def office_edit(play: Play, a: int, b: int, c: int) -> None:
    with play.world.request():
        outlets = list(db.session.scalars(select(Outlet.id).where(Outlet.removed_at.is_(None)).order_by(Outlet.code)))
        outlet_id, name = outlets[a % len(outlets)], (*ORDINARY, *SENSITIVE)[b % 4]
        play.number += 1
        before = field_value(outlet_id, name)
        set_outlet_field(outlet_id, name, f"office-{play.number}", now())
        record_audit(now(), play.world.template.boss_id, "outlet.edited", ("outlet", outlet_id), before={name: before})
        db.session.commit()


def settle(play: Play, a: int, b: int, c: int) -> None:
    with play.world.request():
        waiting = list(db.session.scalars(select(SyncOp.op_id).where(waits()).order_by(SyncOp.op_id)))
        if not waiting:
            return
        op_id = waiting[a % len(waiting)]
        fields = db.session.execute(
            select(SyncConflict.field, SyncConflict.mine)
            .where(SyncConflict.op_id == op_id, SyncConflict.kind == "parked", SyncConflict.settled_at.is_(None))
            .order_by(SyncConflict.field)
        ).all()
        values = {name: json.loads(mine) for name, mine in fields[: b % (len(fields) + 1)]}
        _tolerant(settle_parked, op_id, values, "看过了", play.world.template.boss_id, now())


def restore_value(play: Play, a: int, b: int, _c: int) -> None:
    with play.world.request():
        lost = list(
            db.session.scalars(
                select(SyncConflict.id).where(SyncConflict.kind == "field", SyncConflict.settled_at.is_(None)).order_by(SyncConflict.id)
            )
        )
        if lost:
            _tolerant(settle_conflict, lost[a % len(lost)], bool(b % 2), play.world.template.boss_id, now())


def merge(play: Play, a: int, b: int, _c: int) -> None:
    with play.world.request():
        pairs = db.session.execute(
            select(OutletDuplicate.outlet_id, OutletDuplicate.other_id)
            .where(OutletDuplicate.outcome == "")
            .order_by(OutletDuplicate.outlet_id, OutletDuplicate.other_id)
        ).all()
        outlets = list(db.session.scalars(select(Outlet.id).where(Outlet.removed_at.is_(None)).order_by(Outlet.code)))
        if not pairs and (b % 3 or len(outlets) < 3):
            return
        one, other = pairs[a % len(pairs)] if pairs else (outlets[a % len(outlets)], outlets[(a + 1) % len(outlets)])
        if b % 4 == 3:
            _tolerant(keep_both, one, other, play.world.template.boss_id, now())
        else:
            _tolerant(merge_outlets, one, other, play.world.template.boss_id, now())


def review(play: Play, a: int, b: int, _c: int) -> None:
    with play.world.request():
        visits = list(db.session.scalars(select(Visit.id).order_by(Visit.id)))
        if visits:
            review_visit(visits[a % len(visits)], ("accepted", "rejected")[b % 2], "看过照片", play.world.template.boss_id, now())


def remove_row(play: Play, a: int, _b: int, _c: int) -> None:
    """Something goes inside a scope that phones hold; the nightly check will make it again."""
    with play.world.request():
        rows = list(db.session.scalars(select(OutletMonth).order_by(OutletMonth.outlet_id, OutletMonth.month)))
        if rows:
            db.session.delete(rows[a % len(rows)])
            db.session.commit()


def revoke_token(play: Play, a: int, _b: int, _c: int) -> None:
    with play.world.request():
        revoke_devices(now(), Device.person_id == play.rep(a))
        db.session.commit()


def sign_in(play: Play, a: int, _b: int, _c: int) -> None:
    phone = play.phone(a)
    if phone.client.state.is_signed_out:
        phone.client.sign_in(new_token(play.world, phone.person_id))


def force_resync(play: Play, a: int, _b: int, _c: int) -> None:
    person_id = play.rep(a)
    with play.world.request():
        after_number(
            db.session,
            lambda session, seq: session.execute(
                update(Device).where(Device.person_id == person_id).values(resync_below=seq).execution_options(synchronize_session=False)
            ),
        )
        db.session.commit()


# -- the server itself ----------------------------------------------------------------------------------------------------


def nightly(play: Play, _a: int, _b: int, _c: int) -> None:
    with play.world.request():
        run_nightly(business_date(now()), now())


def forget_deletions(play: Play, a: int, _b: int, _c: int) -> None:
    with play.world.request():
        raise_floor(now() - timedelta(hours=a % 3))
        db.session.commit()


def back_up(play: Play, _a: int, _b: int, _c: int) -> None:
    play.world.back_up()


def restore(play: Play, a: int, b: int, _c: int) -> None:
    if play.world.backups:
        play.world.restore(a, with_epoch=bool(b % 2))


def old_server(play: Play, _a: int, _b: int, _c: int) -> None:
    """The server is rolled back to a version that does not know a form yet."""
    play.is_old_server = True
    APPLIERS.pop("outlet_edit.v1", None)


def upgrade(play: Play, _a: int, _b: int, _c: int) -> None:
    play.is_old_server = False
    APPLIERS["outlet_edit.v1"] = KNOWN_FORMS["outlet_edit.v1"]
    with play.world.request():
        run_repairable(now())


def time_passes(play: Play, a: int, b: int, _c: int) -> None:
    play.world.pass_time((1, 30, 600, 7200, DAY_S, DAY_S * 2)[a % 6] + b % 5)


def _tolerant(deed: Callable[..., Any], *words: Any) -> None:
    """People press buttons that no longer apply; they are refused and nothing changes."""
    try:
        deed(*words)
    except Problem:
        db.session.rollback()


KNOWN_FORMS = dict(APPLIERS)


def _raise(_sent: Sent) -> Outcome:
    raise RuntimeError("a handler with a fault")


def _poison(_sent: Sent) -> Outcome:
    """Breaks the commit itself, outside the savepoint that judges operations."""

    def write(_session: Any, _seq: int) -> None:
        raise RuntimeError("the commit breaks")

    after_number(db.session, write)
    return Outcome(APPLIED)


def register_broken_forms() -> None:
    APPLIERS["raises.v1"] = _raise
    APPLIERS["poison.v1"] = _poison


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
