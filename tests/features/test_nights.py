"""Whether nights run shows: in the closing list of a month, on the start page, at /healthz; a server that starts late makes one up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from server.clock import now
from server.db import db
from server.domain.months import Month
from server.jobs import schedule
from server.payroll.closing import closing_of
from server.people.models import Person, Role
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.nights import add_night
from tests.features.wages import DECEMBER_2, add_office

NOVEMBER_30, DECEMBER_1 = date(2026, 11, 30), date(2026, 12, 1)
TILE = "夜间核对漏跑</span> <b>0</b>"
MINUTE = timedelta(minutes=1)


def founded(ago):
    db.session.execute(update(Person).values(created_at=now() - ago))
    db.session.commit()


def nights_left():
    [check] = [check for check in closing_of(Month(2026, 11), noon(DECEMBER_2)).checks if check.code == "nights"]
    assert check.is_needed
    return check.left


@pytest.mark.parametrize(("day", "is_finished", "left"), [(NOVEMBER_30, True, 1), (DECEMBER_1, False, 1), (DECEMBER_1, True, 0)])
def test_a_month_waits_for_a_night_after_its_last_day_that_ran_to_its_end(app, company, day, is_finished, left):
    with app.app_context():
        assert nights_left() == 1
        add_night(day, noon(day), noon(day) if is_finished else None)
        assert nights_left() == left


def test_the_closing_page_says_that_the_night_is_missing(app, company):
    with app.app_context():
        add_office("chief", Role.MANAGER)
        db.session.commit()
    assert "月底之后还没有做完一次" in console(app, "chief").get("/payroll/2026-10/closing").text
    english = console(app, "chief", "en").get("/payroll/2026-10/closing").text
    assert "none has finished since the month" in english and untranslated(english) == []
    with app.app_context():
        add_night(date(2026, 11, 1), noon(date(2026, 11, 1)), noon(date(2026, 11, 1)))
    assert "月底之后还没有做完一次" not in console(app, "chief").get("/payroll/2026-10/closing").text


@pytest.mark.parametrize(("age", "is_late"), [(timedelta(hours=36) - MINUTE, False), (timedelta(hours=36) + MINUTE, True)])
@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_the_start_page_says_when_no_night_has_finished_for_too_long(app, company, role, age, is_late):
    with app.app_context():
        add_office("chief", role)
        founded(timedelta(days=100))
        add_night((now() - age).date(), now() - age, now() - age)
        add_night(now().date(), now(), None)  # one that was killed helps nobody
    page = console(app, "chief").get("/").text
    assert "夜间核对漏跑" in page and (TILE in page) is not is_late


def test_a_company_without_any_night_is_told_once_it_is_older_than_that(app, company):
    with app.app_context():
        add_office("chief", Role.MANAGER)
        db.session.commit()
    assert TILE in console(app, "chief").get("/").text
    with app.app_context():
        founded(timedelta(hours=37))
    assert TILE not in console(app, "chief").get("/").text


@pytest.mark.parametrize("role", [Role.OPS, Role.SERVICE, Role.PAYROLL])
def test_others_cannot_mend_it_and_are_not_told(app, company, role):
    with app.app_context():
        add_office("other", role)
        db.session.commit()
    assert "夜间核对漏跑" not in console(app, "other").get("/").text


def test_healthz_names_the_newest_night_and_stays_well_without_one(app, company):
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["nightly"]) == (200, None)
    with app.app_context():
        add_night(NOVEMBER_30, noon(NOVEMBER_30), noon(NOVEMBER_30))
        add_night(DECEMBER_1, noon(DECEMBER_1), None)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json["nightly"]) == (200, {"finished_at": "2026-11-30T04:00:00.000Z", "day": "2026-11-30"})


@pytest.mark.parametrize(
    ("at", "night_of", "runs"),
    [
        ("2026-11-30T18:09:59+00:00", NOVEMBER_30, 0),  # one second before 02:10 in Shanghai: its own hour is still to come
        ("2026-11-30T18:10:01+00:00", NOVEMBER_30, 1),
        ("2026-12-01T15:59:59+00:00", NOVEMBER_30, 1),
        ("2026-12-01T04:00:00+00:00", DECEMBER_1, 0),
    ],
)
def test_a_server_that_starts_late_makes_up_for_todays_night(app, company, monkeypatch, at, night_of, runs):
    monkeypatch.setattr(schedule, "now", lambda: datetime.fromisoformat(at).astimezone(UTC))
    monkeypatch.setattr(schedule, "Consumer", SilentConsumer)
    with app.app_context():
        add_night(night_of, noon(night_of), noon(night_of))
    assert [task.name for task in schedule.start_schedule(app).pending()] == ["nightly"] * runs


class SilentConsumer:
    """Runs nothing, so that what waits can be looked at."""

    def __init__(self, *_queue, **_words):
        pass

    def run(self):
        pass
