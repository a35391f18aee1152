"""A value that is set for a month which has begun holds for what was judged in it already, from the next night on (RULEBOOK §11)."""

from datetime import date

import pytest

from server.db import db
from server.domain.months import Month
from server.feed.clock import current_number
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.policy.actions import set_policy
from server.visits.late_fences import judge_by_late_fences
from server.visits.models import OutletMonth, Visit
from server.visits.verdicts import review_visit
from tests.features.closed_months import chief, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.statements import statements

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
RADIUS, FEE = "visit.fence_radius_m", "class.a_fee_yuan"


@pytest.fixture
def away(company, add_visit):
    """A visit of November 5th at 280 m, outside of 200 m and the fix's own 10 m."""
    return add_visit(company.outlet_id, company.rep_id, "2026-11-05T02:00:00+00:00", distance_m=280.0)


def set_value(key, value, valid_from, by_id, on):
    set_policy(key, value, valid_from, "商场里定位不准", by_id, noon(on))


def night(on):
    done = judge_by_late_fences(noon(on))
    db.session.commit()
    return done


def standing_of(visit_id):
    visit = db.session.get_one(Visit, visit_id, populate_existing=True)
    return visit.counts, visit.needs_review, visit.reasons, visit.allowed_m


def counted(outlet_id, month="2026-11"):
    return db.session.get_one(OutletMonth, (outlet_id, month), populate_existing=True).counted


def test_a_wider_fence_lets_a_visit_count_that_was_judged_before(company, chief, away):
    assert standing_of(away) == (False, True, ["outside_fence"], 210.0)
    seal = db.session.get_one(Visit, away).seal
    before = current_number(db.session)
    set_value(RADIUS, "300", NOVEMBER, chief, date(2026, 11, 10))
    assert night(date(2026, 11, 10)) == 1
    assert standing_of(away) == (True, False, [], 310.0)
    assert counted(company.outlet_id) == 1
    assert db.session.get_one(Visit, away).seal == seal
    assert current_number(db.session) > before + 1


def test_a_second_night_judges_nothing_anew(company, chief, away):
    set_value(RADIUS, "300", NOVEMBER, chief, date(2026, 11, 10))
    night(date(2026, 11, 10))
    before = current_number(db.session)
    assert [night(date(2026, 11, 10)), night(date(2026, 12, 2))] == [0, 0]
    assert current_number(db.session) == before


@pytest.mark.parametrize(("radius", "counts"), [("270", True), ("269.99", False)])
def test_the_new_fence_reaches_as_far_as_it_says(company, chief, away, radius, counts):
    set_value(RADIUS, radius, NOVEMBER, chief, date(2026, 11, 10))
    night(date(2026, 11, 10))
    assert standing_of(away)[0] is counts


def test_a_narrower_fence_asks_for_a_review(company, chief, add_visit):
    visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-05T02:00:00+00:00", distance_m=150.0)
    set_value(RADIUS, "100", NOVEMBER, chief, date(2026, 11, 10))
    assert night(date(2026, 11, 10)) == 1
    assert standing_of(visit_id) == (False, True, ["outside_fence"], 110.0)
    assert counted(company.outlet_id) == 0


def test_what_a_person_has_said_of_a_visit_stays(company, chief, away, add_visit):
    near = add_visit(company.outlet_id, company.rep_id, "2026-11-06T02:00:00+00:00")
    review_visit(away, "rejected", "不是本店", company.supervisor_id, noon(date(2026, 11, 7)))
    review_visit(near, "accepted", "看过", company.supervisor_id, noon(date(2026, 11, 7)))
    set_value(RADIUS, "300", NOVEMBER, chief, date(2026, 11, 10))
    night(date(2026, 11, 10))
    assert standing_of(away)[:3] == (False, False, ["rejected"])
    set_value(RADIUS, "5", NOVEMBER, chief, date(2026, 11, 11))
    night(date(2026, 11, 11))
    assert standing_of(near)[0]


def test_a_value_from_december_on_leaves_november_as_it_was(company, chief, away):
    set_value(RADIUS, "300", DECEMBER, chief, date(2026, 11, 10))
    set_value(RADIUS, "300", date(2026, 11, 2), chief, date(2026, 11, 10))
    assert [night(date(2026, 11, 10)), night(date(2026, 12, 2))] == [0, 0]
    assert not standing_of(away)[0]


def test_a_month_closed_before_the_night_stays_as_it_was_paid(company, chief, away):
    set_value(RADIUS, "300", NOVEMBER, chief, date(2026, 12, 2))
    draft_month(Month(2026, 11), noon(date(2026, 12, 2)))
    close_month(Month(2026, 11), "都看过", chief, noon(date(2026, 12, 2)))
    assert night(date(2026, 12, 2)) == 0
    assert not standing_of(away)[0]


def test_nights_of_months_without_a_late_fence_read_no_visits(app, company, chief, away):
    with statements(app) as asked:
        night(date(2026, 11, 10))
    assert len([one for one in asked if "FROM visit" in one]) == 0
