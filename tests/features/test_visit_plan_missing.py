"""Planning what is owed and has no day yet, and whoever has no plan: happy, who may not, twice, in both languages."""

import re
from datetime import date, timedelta

from server.clock import now, today
from server.console.tiles import counted_tiles
from server.db import db
from server.leaves.actions import WantedLeave, set_leave
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.people.models import Person
from server.policy.calendar_actions import set_day
from server.visits.compliance import refresh_outlet_months
from server.visits.plan_days import working_days_left
from server.visits.plan_missing import reps_without_plan
from server.visits.plan_models import PlannedVisit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_visit_plan_pages import THIS_MONTH, add, planned
from tests.sync.conftest import Company, company  # noqa: F401


def test_what_a_rep_owes_and_has_no_day_for_is_planned_at_once_and_the_days_that_are_set_stay(app, company: Company):
    boss, month = console(app, "boss"), THIS_MONTH.next()
    add(boss, company.outlet_id, month.last_day)
    with app.app_context():
        refresh_outlet_months(month, now())
        db.session.commit()
    came_from = f"/compliance?month={month}&class=C"
    page = boss.get(came_from).text
    assert "安排未达标的 1 个" in page
    action = re.search(r'action="(/visit-plans/[^"]*/missing[^"]*)"', page)[1].replace("&amp;", "&")
    for words in ("排好了 1 次。", "应巡的都排了日子。"):
        answer = boss.post(action, data={"rep": company.rep_id})
        assert answer.headers["Location"] == came_from
        page = boss.get(came_from).text
        assert words in page and "安排未达标的" not in page
    found = planned(app)
    assert (company.outlet_id, month.last_day) in found and sorted(one for one, _ in found) == sorted([company.outlet_id, company.second_outlet_id])


def test_what_does_not_fit_is_said_and_a_rep_who_is_away_to_the_end_has_no_plan(app, company: Company):
    boss, month = console(app, "boss"), THIS_MONTH.next()
    with app.app_context():
        for day in working_days_left(None, month.first_day, month)[1:]:
            set_day(day, False, "放假", company.supervisor_id, now())
        db.session.get_one(Outlet, company.outlet_id).outlet_class = "A"
        db.session.commit()
    address = f"/visit-plans/{month}/missing"
    answer = boss.post(address, data={"rep": company.rep_id})
    assert answer.headers["Location"] == f"/visit-plans?month={month}&rep={company.rep_id}"
    assert "排好了 2 次。还有 1 次排不下。" in boss.get(answer.headers["Location"]).text
    with app.app_context():
        set_leave(WantedLeave(company.rep_id, month.first_day, month.last_day, None, ""), company.supervisor_id, now())
        db.session.commit()
    assert boss.post(address, data={"rep": company.rep_id}).status_code == 422


def test_who_may_plan_what_is_missing(app, company: Company, staff: Staff):
    address, data = f"/visit-plans/{THIS_MONTH.next()}/missing", {"rep": company.rep_id}
    for login, status in (("rep1", 403), ("chief", 403), ("ops", 403), ("payer", 403), ("farboss", 404)):
        assert console(app, login).post(address, data=data).status_code == status
    assert console(app, "boss").post("/visit-plans/nothing/missing", data=data).status_code == 404
    assert console(app, "boss").post(f"/visit-plans/{THIS_MONTH.previous()}/missing", data=data).status_code == 422
    assert planned(app) == []
    assert "/missing" not in console(app, "chief").get(f"/compliance?month={THIS_MONTH}").text


def test_reps_without_a_plan_for_next_month_are_counted_from_the_28th_and_named_on_its_page(app, company: Company, staff: Staff):
    month, boss = THIS_MONTH.next(), console(app, "boss")
    path = f"/visit-plans?month={month}"

    def counts(day: date) -> list[int]:
        with app.test_request_context():
            tiles = counted_tiles(db.session.get_one(Person, company.supervisor_id), day)
            return [one.count for one in tiles if one.tile.label == "下月还没排计划的人"]

    def named() -> list[str]:
        note = re.search(r"网点排了不到一半的：(.*?)</p>", boss.get(path).text, re.DOTALL)
        return re.findall(r'translate="no">([^<]+)</a>', note[1]) if note else []

    eve = THIS_MONTH.first_day.replace(day=28)
    assert counts(eve.replace(day=27)) == [] and counts(eve) == [len(named())]
    before = named()
    assert "赵广田" in before and "孙涛" not in before and "网点排了不到一半的" not in console(app, "chief").get(path).text
    add(boss, company.outlet_id, month.first_day)
    assert named() == [name for name in before if name != "赵广田"] and counts(eve) == [len(before) - 1]
    assert untranslated(console(app, "boss", "en").get(path).text) == []


def test_a_plan_counts_for_whoever_has_the_outlet_now(app, company: Company, staff: Staff):
    """It moved with its outlet: the successor has a plan, and who gave away all that was planned has none."""
    month, boss = THIS_MONTH.next(), console(app, "boss")

    def without_plan() -> list[str]:
        with app.app_context():
            supervisor = db.session.get_one(Person, company.supervisor_id)
            return [row.id for row in db.session.execute(reps_without_plan(supervisor, month, today()))]

    add(boss, company.outlet_id, month.first_day)
    assert company.rep_id not in without_plan()
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, today(), company.supervisor_id, now())
    assert company.other_rep_id not in without_plan() and company.rep_id in without_plan()
    add(boss, company.second_outlet_id, month.last_day)
    assert company.rep_id not in without_plan()


def test_a_plan_counts_for_the_one_before_until_the_outlet_changes_hands(app, company: Company, staff: Staff):
    month = THIS_MONTH.next()
    add(console(app, "boss"), company.outlet_id, month.first_day)
    with app.app_context():
        day, eve = today(), today() - timedelta(days=1)
        assign_outlets([company.outlet_id], company.other_rep_id, day, company.supervisor_id, now())
        supervisor = db.session.get_one(Person, company.supervisor_id)
        on = {one: {row.id for row in db.session.execute(reps_without_plan(supervisor, month, one))} for one in (eve, day)}
    assert company.rep_id not in on[eve] and company.rep_id in on[day]
    assert company.other_rep_id not in on[day]


def test_a_rep_is_named_until_half_of_their_outlets_have_a_day(app, company: Company, staff: Staff):
    month = THIS_MONTH.next()
    with app.app_context():
        facts = {"region_id": company.region_id, "state": "approved", "outlet_class": "C", "created_at": now()}
        held = [Outlet(id=uuid7(), code=f"H{number}", name=f"半店{number}", **facts) for number in range(3)]
        db.session.add_all(held)
        db.session.commit()
        ids = [one.id for one in held]
        assign_outlets(ids, company.other_rep_id, today(), company.supervisor_id, now())
        assign_outlets([company.second_outlet_id], company.other_rep_id, today(), company.supervisor_id, now())

    def is_named() -> bool:
        with app.app_context():
            supervisor = db.session.get_one(Person, company.supervisor_id)
            return company.other_rep_id in {row.id for row in db.session.execute(reps_without_plan(supervisor, month, today()))}

    def plan(outlet_id: str, day: date) -> None:
        with app.app_context():
            db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=day, made_by_id=company.supervisor_id, made_at=now()))
            db.session.commit()

    assert is_named()
    plan(ids[0], month.first_day)
    plan(ids[0], month.last_day)
    plan(ids[1], THIS_MONTH.last_day)
    assert is_named()
    plan(ids[1], month.last_day)
    assert not is_named()
