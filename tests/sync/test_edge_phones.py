"""Phones with a wrong clock, without a login, with two people, copied or long away, on both databases (SYNC §7: 5, 6, 7, 14, 20).

What concerns the phone's own storage (15 to 18, 21, 22 in a browser) is in `tests/e2e/test_edge_cases.py` and `tests/pwa`.
"""

from datetime import date, timedelta

from sqlalchemy import select

from server.db import db
from server.devices.models import Device
from server.devices.tokens import revoke_devices
from server.feed.clock import FeedEntry, touch
from server.feed.floor import raise_floor
from server.intake.models import SyncClient
from server.visits.models import Visit
from sync.client import SyncClient as ReferenceClient
from tests.sync.net import NOON, Rep, rep_of
from tests.sync.reps import count, office, other_rep, rep  # noqa: F401


def test_edge_05_a_clock_days_off_then_corrected(app, company, rep):
    rep.sync()
    rep.net.skew = timedelta(days=3)
    rep.visit(company.outlet_id)  # before the phone could notice: the offset it knows is still the old one
    rep.client.sync()
    rep.visit(company.second_outlet_id)
    rep.client.sync()
    rep.net.skew = timedelta()
    rep.visit(company.outlet_id)
    rep.sync()
    rep.visit(company.outlet_id)
    rep.sync()
    with app.app_context():
        visits = db.session.scalars(select(Visit).order_by(Visit.received_at)).all()
        days = [visit.visited_on for visit in visits]
        client = db.session.scalars(select(SyncClient)).one()
    assert days[0] == days[1] == days[3] == date(2026, 11, 24)  # nothing happens after it was received
    assert days[2] == date(2026, 11, 21)
    assert [round(visit.clock_offset_ms / 86_400_000) for visit in visits] == [-3, -3, -3, 0]
    assert abs(client.skew_ms) < 60_000


def test_edge_06_login_expired_for_five_days(app, company, rep):
    with office(app):
        revoke_devices(NOON, Device.person_id == company.rep_id)
        db.session.commit()
    for _ in range(5):
        rep.net.now += timedelta(days=1)
        rep.visit(company.outlet_id)
        assert rep.try_sync() == "auth_expired"
    assert rep.client.next_step().why == "signed_out"
    assert count(app, Visit) == 0
    rep.client.sign_in(rep_of(app, "rep1").client.token)
    rep.sync()
    assert rep.codes() == ["applied"] * 5
    assert count(app, Visit) == 5


def test_edge_07_two_people_on_one_phone(app, company, rep, other_rep):
    """Each has a store of their own; the token of one never sends what the other captured."""
    rep.visit(company.outlet_id)
    mine = rep.client.token
    rep.client.sign_in(other_rep.client.token)
    rep.sync()  # the client id is not taken yet: the record is credited to whoever holds the token
    rep.visit(company.outlet_id)
    rep.client.sign_in(mine)
    assert rep.try_sync() == "wrong_owner"
    assert rep.client.next_step().why == "wrong_owner"
    assert len(rep.client.capture.pending()) == 1


def test_edge_14_a_copied_phone(app, company, rep):
    rep.visit(company.outlet_id)
    rep.sync()
    rep.visit(company.outlet_id)
    twin_client = ReferenceClient(rep.net, rep.client.token, clock=rep.net.clock, chance=lambda: 0.5)
    twin_client.capture, twin_client.store = rep.client.capture.copy(), rep.client.store.copy()
    twin = Rep(rep.net, twin_client)
    twin.visit(company.second_outlet_id)
    rep.visit(company.outlet_id)
    rep.sync()
    twin.sync()
    assert count(app, Visit) == 4  # one sent before, one that both hold, one of each
    with app.app_context():
        assert db.session.scalars(select(SyncClient.is_forked).where(SyncClient.is_forked)).all() == [True]
    rep.sync()
    twin.sync()
    assert len(rep.shows("visit")) == len(twin.shows("visit")) == 4


def test_edge_20_a_hundred_and_twenty_days_offline(app, company, rep):
    """What was deleted long ago is forgotten: the phone starts over, keeps nothing that is gone, and sends what it has."""
    rep.visit(company.outlet_id)
    rep.sync()
    [old_visit] = rep.shows("visit")
    rep.visit(company.second_outlet_id)
    later = NOON + timedelta(days=120)
    with office(app, NOON + timedelta(days=1)):
        touch(db.session, FeedEntry("visit", old_visit, f"outlet:{company.outlet_id}", is_deleted=True))
        db.session.commit()
    with office(app, later):
        touch(db.session, FeedEntry("person", company.rep_id, f"user:{company.rep_id}"))
        db.session.commit()
        assert raise_floor(later - timedelta(days=90)) > 0
        db.session.commit()
    rep.net.now = later
    rep.sync()
    assert old_visit not in rep.shows("visit")
    assert rep.codes() == ["applied", "applied"]
    assert len(rep.shows("visit")) == 1
