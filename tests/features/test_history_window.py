"""How far back phones see: visits of 90 days and the last 10 of each outlet, months of 90 days; the server keeps everything (SYNC §3)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.feed.audit import audit_feed
from server.feed.clock import FeedEntry, touch
from server.feed.floor import raise_floor
from server.feed.models import SyncCommit, SyncFeed
from server.jobs.nightly import run_nightly
from server.visits.models import OutletMonth, Visit
from tests.features.conftest import noon
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401
from tests.sync.test_pull import puts


def visit_on(add_visit, company: Company, days_ago: int) -> str:
    day = today() - timedelta(days=days_ago)
    return add_visit(company.outlet_id, company.rep_id, f"{day}T10:00:00+08:00")


def dels(events: list[dict[str, Any]], entity_type: str) -> set[str]:
    return {event["id"] for event in events if event["e"] == "del" and event["type"] == entity_type}


def night(app) -> int:
    with app.app_context():
        changed = audit_feed()
        db.session.commit()
        return changed


def test_an_old_visit_leaves_the_phones_when_ten_newer_ones_are_there(app, company: Company, phone: Phone, add_visit):
    with app.app_context():
        gone, ninety_one = visit_on(add_visit, company, 200), visit_on(add_visit, company, 91)
        kept = {visit_on(add_visit, company, 90), *(visit_on(add_visit, company, days) for days in range(1, 10))}
    _, cursor = phone.pull()
    assert night(app) > 0
    assert dels(phone.pull(cursor)[0], "visit") == {gone, ninety_one}
    fresh, _ = phone.pull()
    assert puts(fresh, "visit") == kept
    assert night(app) == 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 12


def test_the_last_ten_visits_stay_however_old_and_many_recent_ones_too(app, company: Company, phone: Phone, add_visit):
    with app.app_context():
        few = {add_visit(company.second_outlet_id, company.rep_id, f"{today() - timedelta(days=200 + n)}T10:00:00+08:00") for n in range(10)}
        many = {visit_on(add_visit, company, n) for n in range(15)}
    night(app)
    assert puts(phone.pull()[0], "visit") == few | many


def test_a_visit_that_leaves_the_window_goes_when_another_comes_at_the_same_outlet(app, company: Company, phone: Phone, add_visit):
    with app.app_context():
        oldest = visit_on(add_visit, company, 300)
        for days in range(100, 109):
            visit_on(add_visit, company, days)
    night(app)
    _, cursor = phone.pull()
    with app.app_context():
        visit_on(add_visit, company, 0)
    night(app)
    assert dels(phone.pull(cursor)[0], "visit") == {oldest}


def test_months_of_which_a_day_lies_in_the_last_ninety_days_stay(app, company: Company, phone: Phone):
    first = Month.of_date(today() - timedelta(days=90))
    with app.app_context():
        for month in (first, first.previous()):
            row = OutletMonth(outlet_id=company.outlet_id, month=str(month), outlet_class="C", owed=1, planned=1, counted=0, waiting=0)
            row.state, row.visit_ids, row.policy_version = "overdue", [], "x"
            db.session.add(row)
            touch(db.session, FeedEntry("outlet_month", f"{company.outlet_id}:{month}", f"outlet:{company.outlet_id}"))
        db.session.commit()
    night(app)
    assert puts(phone.pull()[0], "outlet_month") == {f"{company.outlet_id}:{first}"}


def test_the_night_forgets_deletions_after_ninety_days(app, company: Company, phone: Phone):
    """A phone that was away for longer starts over; one that was not goes on."""
    _, long_ago = phone.pull()
    with app.app_context():
        touch(db.session, FeedEntry("visit", "gone", f"outlet:{company.outlet_id}", is_deleted=True))
        db.session.commit()
    _, cursor = phone.pull()
    with app.app_context():
        for commit in db.session.scalars(select(SyncCommit)).all():
            commit.at = commit.at - timedelta(days=91)
        db.session.commit()
        report = run_nightly(today(), noon(today()))
        assert ("deletions forgotten", "", 0) not in report.steps
        assert db.session.scalar(select(func.count()).select_from(SyncFeed).where(SyncFeed.entity_id == "gone")) == 0
    assert phone.pull(long_ago)[0][0] == {"e": "reset"}
    assert phone.pull(cursor)[0][:1] != [{"e": "reset"}]


def test_a_night_within_ninety_days_forgets_nothing(app, company: Company, phone: Phone):
    with app.app_context():
        touch(db.session, FeedEntry("visit", "gone", f"outlet:{company.outlet_id}", is_deleted=True))
        db.session.commit()
        assert raise_floor(now() - timedelta(days=90)) == 0
