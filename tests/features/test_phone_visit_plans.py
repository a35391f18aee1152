"""The plan of visits on phones: days set, taken back, proposed again, moved with their outlet (RULEBOOK §4)."""

from datetime import date, timedelta

from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.outlets.duplicates import merge_outlets
from server.visits.plan_actions import move_visit, plan_rep_month, plan_visit, unplan_visit
from server.visits.plan_models import PlannedVisit
from tests.features.papers import documents, give_to, gone, night, to_send_again
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401


def plan(app, outlet_id: str, day: date, company: Company) -> str:
    """Set a day; returns its id on phones."""
    with app.app_context():
        plan_visit(outlet_id, day, company.supervisor_id, now())
    return f"{outlet_id}:{day.isoformat()}"


def test_a_phone_receives_the_days_of_its_outlets_from_this_month_on(app, company: Company, phone: Phone, other_phone: Phone):
    following = Month.of_date(today()).next().first_day
    this, later = (plan(app, company.outlet_id, day, company) for day in (today(), following))
    with app.app_context():
        long_ago = Month.of_date(today()).first_day - timedelta(days=1)
        words = {"rep_id": company.rep_id, "made_by_id": company.supervisor_id, "made_at": now()}
        db.session.add(PlannedVisit(outlet_id=company.outlet_id, planned_on=long_ago, **words))
        db.session.commit()
    night(app, "visit_plan")
    assert documents(phone, "visit_plan") == {
        this: {"id": this, "outlet_id": company.outlet_id, "planned_on": today().isoformat()},
        later: {"id": later, "outlet_id": company.outlet_id, "planned_on": following.isoformat()},
    }
    assert documents(other_phone, "visit_plan") == {}
    assert (to_send_again(phone), night(app, "visit_plan")) == ([], 0)


def test_a_day_taken_back_leaves_the_phone(app, company: Company, phone: Phone):
    planned = plan(app, company.outlet_id, today(), company)
    cursor = phone.pull()[1]
    with app.app_context():
        unplan_visit(company.outlet_id, today(), company.supervisor_id, now())
    assert gone(phone, "visit_plan", cursor) == {planned}
    assert night(app, "visit_plan") == 0


def test_a_day_that_was_moved_is_moved_on_the_phone(app, company: Company, phone: Phone):
    planned, moved_to = plan(app, company.outlet_id, today(), company), today() + timedelta(days=1)
    cursor = phone.pull()[1]
    with app.app_context():
        move_visit(company.outlet_id, today(), moved_to, company.supervisor_id, now())
    moved = f"{company.outlet_id}:{moved_to}"
    assert gone(phone, "visit_plan", cursor) == {planned}
    assert documents(phone, "visit_plan", cursor) == {moved: {"id": moved, "outlet_id": company.outlet_id, "planned_on": str(moved_to)}}
    assert (to_send_again(phone), night(app, "visit_plan")) == ([], 0)


def test_a_month_proposed_again_sends_what_differs_only(app, company: Company, phone: Phone):
    month = Month.of_date(today()).next()
    with app.app_context():
        plan_rep_month(company.rep_id, month, company.supervisor_id, now())
    proposed = documents(phone, "visit_plan")
    assert proposed
    added = plan(app, company.outlet_id, another_day(proposed, month), company)
    cursor = phone.pull()[1]
    with app.app_context():
        plan_rep_month(company.rep_id, month, company.supervisor_id, now())
    assert gone(phone, "visit_plan", cursor) == {added}
    assert documents(phone, "visit_plan") == proposed
    assert (to_send_again(phone), night(app, "visit_plan")) == ([], 0)


def another_day(proposed: dict[str, dict[str, str]], month: Month) -> date:
    taken = {one["planned_on"] for one in proposed.values()}
    return next(day for day in (month.first_day + timedelta(days=step) for step in range(28)) if day.isoformat() not in taken)


def test_the_days_of_a_merged_outlet_become_those_of_the_kept_one(app, company: Company, phone: Phone):
    both, only = today(), Month.of_date(today()).next().first_day
    gone_id = company.second_outlet_id
    give_to(app, company, gone_id, company.rep_id)
    for outlet_id, day in ((company.outlet_id, both), (gone_id, both), (gone_id, only)):
        plan(app, outlet_id, day, company)
    with app.app_context():
        merge_outlets(gone_id, company.outlet_id, company.supervisor_id, now())
    assert set(documents(phone, "visit_plan")) == {f"{company.outlet_id}:{both}", f"{company.outlet_id}:{only}"}
    assert night(app, "visit_plan") == 0
