"""Nothing happened after the company received it: what a phone's clock puts later moves to its receipt, and says so (SYNC §4)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from server.db import db
from server.visits.flagging import flag_due_visits
from server.visits.models import OutletMonth, Visit, VisitPhoto
from sync.times import iso_instant
from tests.features.flagged import call, flags_of, score_of
from tests.features.pictures import photo
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

RECEIVED = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)  # noon in Shanghai on the last day of the month


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def visit_at(phone: Phone, company: Company, began: datetime, minutes: int = 20, **more: Any) -> dict[str, Any]:
    """A visit of so many minutes by the phone's own clock, its photo a minute after the check-in."""
    made = call(phone, company.outlet_id, "01:00", photo(1), **more)
    body, times = made["op"]["body"], {"checked_in_at": 0, "checked_out_at": minutes}
    body |= {name: iso_instant(began + timedelta(minutes=after)) for name, after in times.items()}
    body["fix"]["taken_at"], body["photos"][0]["taken_at"] = iso_instant(began), iso_instant(began + timedelta(minutes=1))
    made["op"]["t"]["wall"] = body["checked_out_at"]
    return made


def take_in(app, phone: Phone, made: dict[str, Any], at: datetime = RECEIVED, **more: Any) -> Visit:
    """Push it at this time of the server with its files behind it; the visit with its flags worked out."""
    phone.n += 1
    made["op"]["n"] = phone.n
    message = {"proto": 1, "epoch": phone.epoch, "client_id": phone.client_id, "app": "test", "ops": [made["op"]], **more}
    answer = app.test_client(use_cookies=False).post("/sync/v1/push", json=message, headers=phone.headers, environ_overrides={"xundian.now": at})
    assert [result["code"] for result in answer.json["results"]] == ["applied"]
    for content in made["files"]:
        phone.upload(content)
    flag_due_visits()
    db.session.expire_all()
    return db.session.get_one(Visit, made["id"])


def counted() -> dict[str, int]:
    return {row.month: row.counted for row in db.session.scalars(select(OutletMonth)) if row.counted}


def test_a_visit_by_a_clock_a_day_ahead_is_of_the_day_of_its_receipt(app, company: Company, phone: Phone):
    """A rep in flight mode knows nothing of the clock: the whole visit moves, keeps its length, and is flagged."""
    visit = take_in(app, phone, visit_at(phone, company, datetime(2026, 12, 1, 3, 30, tzinfo=UTC)))
    assert visit.visited_on == date(2026, 11, 30)
    assert visit.checked_in_at == visit.fix_taken_at == datetime(2026, 11, 30, 3, 40, tzinfo=UTC)
    assert visit.checked_out_at == RECEIVED
    assert db.session.scalars(select(VisitPhoto.taken_at)).all() == [datetime(2026, 11, 30, 3, 41, tzinfo=UTC)]
    assert visit.clock_offset_ms == -85_800_000
    assert flags_of(visit.id) == {"clock_skew": {"off_s": 85_800, "allowed_s": 300, "is_set_back": 0}}
    assert (visit.counts, score_of(visit.id), counted()) == (True, 90, {"2026-11": 1})


@pytest.mark.parametrize(
    ("after", "minutes", "offset_ms", "flagged"),
    [
        (timedelta(), 0, 0, False),
        (timedelta(milliseconds=1), 0, -1, False),
        (timedelta(milliseconds=300_000), 0, -300_000, False),
        (timedelta(milliseconds=300_001), 0, -300_001, True),
        (timedelta(minutes=-20), 20, 0, False),
        (timedelta(milliseconds=1), 4, -240_001, False),
    ],
)
def test_a_visit_moves_by_as_much_as_lies_after_its_receipt(app, company: Company, phone: Phone, after, minutes, offset_ms, flagged):
    visit = take_in(app, phone, visit_at(phone, company, RECEIVED + after, minutes))
    assert visit.clock_offset_ms == offset_ms
    assert visit.checked_in_at == RECEIVED - timedelta(minutes=minutes)
    assert visit.checked_out_at == RECEIVED
    assert ("clock_skew" in flags_of(visit.id)) is flagged


def test_the_offset_that_the_phone_knew_comes_first(app, company: Company, phone: Phone):
    made = visit_at(phone, company, RECEIVED)
    made["op"]["t"]["offset_ms"] = -3_600_000.0
    visit = take_in(app, phone, made)
    assert (visit.checked_in_at, visit.clock_offset_ms) == (datetime(2026, 11, 30, 3, 0, tzinfo=UTC), -3_600_000)


def test_a_check_in_that_can_be_true_stays_when_the_clock_ran_away_behind_it(app, company: Company, phone: Phone):
    visit = take_in(app, phone, visit_at(phone, company, datetime(2026, 11, 30, 1, 0, tzinfo=UTC), minutes=3 * 24 * 60))
    assert visit.checked_in_at == datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
    assert (visit.checked_out_at, visit.clock_offset_ms) == (RECEIVED, 0)


def test_a_correction_stays_on_the_day_of_the_visit_however_late_it_comes(app, company: Company, phone: Phone):
    began = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
    first = take_in(app, phone, visit_at(phone, company, began))
    again = take_in(app, phone, visit_at(phone, company, began, corrects=first.id), RECEIVED + timedelta(days=3))
    assert (again.visited_on, again.checked_in_at) == (date(2026, 11, 30), datetime(2026, 11, 30, 3, 40, tzinfo=UTC))
    assert counted() == {"2026-11": 1}


@pytest.mark.parametrize(
    ("offset_ms", "phone_ahead_ms", "off_s"),
    [
        (None, 300_000, None),
        (None, 300_001, 300),
        (None, -300_001, 300),
        (0.0, 86_400_000, 86_400),
        (-60_000.0, 360_000, None),  # known to be a minute ahead, and now six: five more are just what is allowed
        (-60_000.0, 360_001, 300),
        (60_000.0, -60_000, None),  # as slow as it was known to be
    ],
)
def test_a_clock_that_stands_elsewhere_when_it_sends_is_flagged_and_costs_no_visit(
    app, company: Company, phone: Phone, offset_ms, phone_ahead_ms, off_s
):
    """What an honest phone did in flight mode comes days later, by a clock that nobody could correct."""
    made = visit_at(phone, company, datetime(2026, 11, 26, 1, 0, tzinfo=UTC))
    made["op"]["t"]["offset_ms"] = offset_ms
    visit = take_in(app, phone, made, device_now=iso_instant(RECEIVED + timedelta(milliseconds=phone_ahead_ms)))
    assert flags_of(visit.id) == ({"clock_skew": {"off_s": off_s, "allowed_s": 300, "is_set_back": 0}} if off_s else {})
    assert (visit.counts, visit.needs_review, visit.visited_on) == (True, False, date(2026, 11, 26))


def test_a_visit_saved_after_its_receipt_is_flagged_though_it_began_before(app, company: Company, phone: Phone):
    visit = take_in(app, phone, visit_at(phone, company, datetime(2026, 11, 30, 1, 0, tzinfo=UTC), minutes=3 * 24 * 60))
    assert flags_of(visit.id) == {"clock_skew": {"off_s": 248_400, "allowed_s": 300, "is_set_back": 0}}
