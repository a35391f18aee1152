"""Acts of people in the office."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from server.audit.actions import record_audit
from server.clock import now
from server.db import db
from server.devices.models import Device
from server.devices.tokens import revoke_devices
from server.domain.months import business_date
from server.feed.clock import after_number
from server.intake.models import SyncConflict, SyncOp
from server.intake.parked import waits
from server.intake.settling import settle_conflict, settle_parked
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import keep_both, merge_outlets
from server.outlets.edits import field_value, set_outlet_field
from server.outlets.fields import Writer
from server.outlets.models import Outlet, OutletDuplicate
from server.visits.models import OutletMonth, Visit
from server.visits.verdicts import review_visit
from sync.problems import Problem
from tests.faults.simulation.acts.play import ORDINARY, SENSITIVE, Play, new_token


def reassign(play: Play, a: int, b: int, _c: int) -> None:
    with play.world.request():
        outlets = list(db.session.scalars(select(Outlet.id).where(Outlet.removed_at.is_(None)).order_by(Outlet.code)))
        person_id = None if b % 5 == 4 else play.rep(b)
        _tolerant(assign_outlets, [outlets[a % len(outlets)]], person_id, business_date(now()), play.world.template.boss_id, now())


def office_edit(play: Play, a: int, b: int, _c: int) -> None:
    with play.world.request():
        outlets = list(db.session.scalars(select(Outlet.id).where(Outlet.removed_at.is_(None)).order_by(Outlet.code)))
    type_in(play, outlets[a % len(outlets)], (*ORDINARY, *SENSITIVE)[b % 4])


def type_in(play: Play, outlet_id: str, name: str) -> None:
    """Give a field of an outlet a value that it never had, if the outlet is there."""
    play.number += 1
    with play.world.request():
        outlet = db.session.get(Outlet, outlet_id)
        if outlet is None or outlet.removed_at is not None:
            return
        before = field_value(outlet_id, name)
        set_outlet_field(outlet_id, name, f"office-{play.number}", Writer(play.world.template.boss_id, now()))
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


def _tolerant(deed: Callable[..., Any], *words: Any) -> None:
    """People press buttons that no longer apply; they are refused and nothing changes."""
    try:
        deed(*words)
    except Problem:
        db.session.rollback()
