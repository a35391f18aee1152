"""A rep's month as a calendar: what stands where, what has no day, moving by form, who may not (RULEBOOK §4)."""

import re
from datetime import date, timedelta

import pytest

from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.leaves.actions import WantedLeave, set_leave
from server.outlets.models import Outlet
from server.people.models import Person
from server.policy.calendar_actions import set_day
from server.visits.plan_actions import move_visit, plan_rep_month, plan_visit
from server.visits.plan_calendar import anchor, rep_calendar
from server.visits.plan_models import PlannedVisit
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit, noon  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

NOVEMBER, NEXT = Month(2026, 11), Month.of_date(today()).next()
MOST_QUERIES = 13


def calendar(reader_id: str, rep_id: str, day: date, month: Month = NOVEMBER):
    return rep_calendar(db.session.get_one(Person, reader_id), month, rep_id, day)


def test_weeks_cover_the_month_and_days_say_what_departs_from_the_week(app, company: Company):
    with app.app_context():
        found = calendar(company.supervisor_id, company.rep_id, date(2026, 11, 20), Month(2026, 10))
        days = [day for week in found.weeks for day in week]
        assert (days[0].on, days[-1].on, len(days)) == (date(2026, 9, 28), date(2026, 11, 1), 35)
        words = {day.on.day: day.word for day in days if day.is_in_month and day.word}
        assert all(word == "off" for day, word in words.items() if day <= 7) and 1 in words
        assert next(day.on.day for day in days if day.is_in_month and day.is_working) > 4


def test_what_has_no_day_is_named_until_it_has_one(app, company: Company, add_visit):
    with app.app_context():
        names = lambda day: [(one.outlet_id, one.left) for one in calendar(company.supervisor_id, company.rep_id, day).unplaced]  # noqa: E731
        second, third = date(2026, 11, 2), date(2026, 11, 3)
        assert names(second) == [(company.outlet_id, 1), (company.second_outlet_id, 1)]
        plan_visit(company.outlet_id, third, company.supervisor_id, noon(second))
        assert names(second) == [(company.second_outlet_id, 1)]
        # a day that passed in vain is owed again, and stands in a list of its own, to be moved
        assert names(date(2026, 11, 9)) == [(company.outlet_id, 1), (company.second_outlet_id, 1)]
        late = calendar(company.supervisor_id, company.rep_id, date(2026, 11, 9)).late
        assert [(row.outlet_id, row.planned_on) for row in late] == [(company.outlet_id, third)]
        add_visit(company.second_outlet_id, company.rep_id, "2026-11-09T01:00:00+00:00", received=noon(date(2026, 11, 9)))
        assert names(date(2026, 11, 9)) == [(company.outlet_id, 1)]
        move_visit(company.outlet_id, third, date(2026, 11, 30), company.supervisor_id, noon(date(2026, 11, 9)))
        assert names(date(2026, 11, 9)) == []
        assert calendar(company.supervisor_id, company.rep_id, date(2026, 12, 1)).unplaced == []


def test_the_calendar_owes_what_the_proposal_could_not_place(app, company: Company):
    """On the 27th, a Friday, with leave on Monday: one working day is left, for an outlet that owes two visits."""
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).outlet_class = "A"
        for day in (3, 17):
            plan_visit(company.outlet_id, date(2026, 11, day), company.supervisor_id, noon(date(2026, 11, 2)))
        set_leave(WantedLeave(company.rep_id, monday, monday, None, ""), company.supervisor_id, noon(friday))
        db.session.commit()
        found = calendar(company.supervisor_id, company.rep_id, friday)
        assert [(one.code, one.left, one.late) for one in found.unplaced] == [("CD-1", 2, 2), ("CD-2", 1, 0)]
        assert found.offered == {company.outlet_id: friday, company.second_outlet_id: friday}
        assert plan_rep_month(company.rep_id, NOVEMBER, company.supervisor_id, noon(friday)).unplaced == {company.outlet_id: 1}
        found = calendar(company.supervisor_id, company.rep_id, friday)
        assert [(one.code, one.left, one.late) for one in found.unplaced] == [("CD-1", 1, 1)] and len(found.late) == 1


def test_a_day_that_passed_in_vain_has_a_list_that_offers_the_next_working_day(app, company: Company):
    with app.app_context():
        plan_visit(company.outlet_id, date(2026, 11, 3), company.supervisor_id, noon(date(2026, 11, 2)))
    path, on_friday = f"/visit-plans?month=2026-11&rep={company.rep_id}", {"xundian.now": noon(date(2026, 11, 6))}
    for login, may in (("boss", True), ("rep1", False)):
        page = console(app, login).get(path, environ_overrides=on_friday).text
        assert page.count('value="2026-11-09"') == (3 if may else 0)  # at the day itself, in the list, and for what was never planned
        late, _, unplaced = page.partition("过了没去，要改日子")[2].partition("没排进去")
        assert ("网点 CD-1" in late, "/move" in late, 'value="2026-11-09"' in late) == (True, may, may), login
        assert "2 次" in unplaced and "其中 1 次在上面" in unplaced and "网点 CD-1" not in unplaced and "还差 1 次" in unplaced
    page = console(app, "boss", "en").get(path, environ_overrides=on_friday).text
    assert untranslated(page) == []


def planned_next(app, company: Company, outlet_id: str = "", day: date | None = None) -> date:
    day = day or NEXT.first_day
    with app.app_context():
        plan_visit(outlet_id or company.outlet_id, day, company.supervisor_id, now())
    return day


def days_of(app, outlet_id: str) -> list[date]:
    with app.app_context():
        return list(db.session.scalars(db.select(PlannedVisit.planned_on).where(PlannedVisit.outlet_id == outlet_id)))


def test_a_supervisor_moves_a_visit_from_the_calendar_and_lands_at_it(app, company: Company):
    day, boss = planned_next(app, company), console(app, "boss")
    page = boss.get(f"/visit-plans?month={NEXT}&rep={company.rep_id}").text
    action = re.search(r'action="([^"]*/move[^"]*)"', page)[1].replace("&amp;", "&")
    assert 'draggable="true"' in page and f'data-day="{NEXT.last_day}"' in page and "js/plan.js" in page
    answer = boss.post(action, data={"planned_on": str(NEXT.last_day), "anyway": str(NEXT.last_day)})
    assert answer.headers["Location"] == f"/visit-plans?month={NEXT}&rep={company.rep_id}#{anchor(company.outlet_id, NEXT.last_day)}"
    page = boss.get(answer.headers["Location"]).text
    assert f'id="{anchor(company.outlet_id, NEXT.last_day)}"' in page and f'id="{anchor(company.outlet_id, day)}"' not in page
    assert days_of(app, company.outlet_id) == [NEXT.last_day]


def test_a_visit_without_a_day_gets_one_from_the_tray(app, company: Company):
    boss = console(app, "boss")
    tray = boss.get(f"/visit-plans?month={NEXT}&rep={company.rep_id}").text.split("没排进去")[1]
    assert "网点 CD-1" in tray and "还差 1 次" in tray
    words = {"outlet_id": company.outlet_id, "planned_on": str(NEXT.first_day), "anyway": str(NEXT.first_day)}
    answer = boss.post(f"/visit-plans?rep={company.rep_id}", data=words)
    assert answer.headers["Location"].endswith(f"&rep={company.rep_id}#{anchor(company.outlet_id, NEXT.first_day)}")
    assert "网点 CD-1" not in boss.get(answer.headers["Location"]).text.split("没排进去")[1].split("请假与代巡")[0]


@pytest.mark.parametrize("typed", ["", "soon", "2001-01-01"])
def test_a_day_with_a_fault_moves_nothing_and_the_calendar_says_why(app, company: Company, typed):
    day, boss = planned_next(app, company), console(app, "boss")
    answer = boss.post(f"/visit-plans/{company.outlet_id}/{day}/move?month={NEXT}&rep={company.rep_id}", data={"planned_on": typed})
    assert answer.status_code == 422 and 'class="err"' in answer.text and 'class="cal"' in answer.text
    gone = boss.post(f"/visit-plans/{company.outlet_id}/{NEXT.last_day}/move", data={"planned_on": str(day)})
    assert gone.status_code == 409
    assert days_of(app, company.outlet_id) == [day]


def test_who_may_move_visits(app, company: Company, staff: Staff):
    day = planned_next(app, company)
    address, words = f"/visit-plans/{company.outlet_id}/{day}/move", {"planned_on": str(NEXT.last_day)}
    for login, status in (("rep1", 403), ("chief", 403), ("ops", 403), ("payer", 403), ("farboss", 404)):
        assert console(app, login).post(address, data=words).status_code == status
    assert console(app, "boss").post(f"/visit-plans/{company.outlet_id}/nothing/move", data=words).status_code == 404
    assert days_of(app, company.outlet_id) == [day]


def test_a_rep_reads_the_own_calendar_and_no_other(app, company: Company, staff: Staff):
    planned_next(app, company)
    page = console(app, "rep1").get(f"/visit-plans?month={NEXT}&rep={company.rep_id}").text
    assert "网点 CD-1" in page and "/move" not in page and "draggable" not in page
    assert "网点 CD-1" not in console(app, "rep2").get(f"/visit-plans?month={NEXT}&rep={company.rep_id}").text
    assert "网点 CD-1" not in console(app, "farboss").get(f"/visit-plans?month={NEXT}&rep={company.rep_id}").text


def test_the_calendar_takes_few_queries_and_has_english(app, company: Company):
    planned_next(app, company)
    boss, address = console(app, "boss", "en"), f"/visit-plans?month={NEXT}&rep={company.rep_id}"
    with statements(app) as asked:
        page = boss.get(address).text
    assert untranslated(page) == []
    assert len(asked) <= MOST_QUERIES, asked
    listed = boss.get(f"{address}&view=list").text
    assert 'class="cal"' not in listed and untranslated(listed) == []


def test_a_holiday_is_named(app, company: Company):
    day = next(day for day in (NEXT.first_day + timedelta(days=step) for step in range(7)) if day.weekday() == 2)
    with app.app_context():
        set_day(day, False, "放假", company.supervisor_id, now())
    page = console(app, "boss").get(f"/visit-plans?month={NEXT}&rep={company.rep_id}").text
    assert "放假" in page.split(f'datetime="{day}"')[1].split("</header>")[0]


def test_a_substitute_has_the_visits_of_whoever_is_away_in_their_calendar_and_its_file(app, company: Company, staff: Staff):
    """On the days of the leave, and on no other."""
    first, last = NEXT.first_day + timedelta(days=4), NEXT.first_day + timedelta(days=6)
    for outlet_id, day in (
        (company.outlet_id, first),
        (company.second_outlet_id, last),
        (company.outlet_id, last + timedelta(days=1)),
        (company.second_outlet_id, first - timedelta(days=1)),
    ):
        planned_next(app, company, outlet_id, day)
    with app.app_context():
        set_leave(WantedLeave(company.rep_id, first, last, company.other_rep_id, ""), company.supervisor_id, now())
        db.session.commit()
    boss, address = console(app, "boss"), f"month={NEXT}&rep={company.other_rep_id}"
    page = boss.get(f"/visit-plans?{address}").text
    shown = {(company.outlet_id, first), (company.second_outlet_id, last)}
    assert set(re.findall(r'id="v-([0-9a-f-]{36})-(\d{4}-\d\d-\d\d)"', page)) == {(outlet_id, str(day)) for outlet_id, day in shown}
    assert page.count("<small>代巡</small>") == 2 and "/move" not in page and "/removal" not in page
    leave = page.partition("请假与代巡")[2]
    assert "替人代巡" in leave and "赵广田" in leave
    assert "没排进去</h2>" not in page and "还差" not in page
    listed = boss.get(f"/visit-plans?{address}&view=list").text
    assert listed.count('<span class="tag">代巡</span>') == 2
    rows = csv_rows(boss.get(f"/exports/visit-plan.csv?{address}"))
    assert [(row["日期"], row["编号"], row["片区负责人"], row["代巡"]) for row in rows] == [
        (str(first), "CD-1", "赵广田", "是"),
        (str(last), "CD-2", "赵广田", "是"),
    ]
    own = csv_rows(boss.get(f"/exports/visit-plan.csv?month={NEXT}&rep={company.rep_id}"))
    assert [row["代巡"] for row in own] == ["否"] * 4
    assert [row["代巡"] for row in csv_rows(boss.get(f"/exports/visit-plan.csv?month={NEXT}"))] == ["否"] * 4
    assert csv_rows(console(app, "farboss").get(f"/exports/visit-plan.csv?{address}")) == []


def test_a_substitute_sees_the_lent_visits_with_no_way_to_outlets_closed_to_them(app, company: Company, staff: Staff):
    first = NEXT.first_day + timedelta(days=4)
    planned_next(app, company, company.outlet_id, first)
    planned_next(app, company, company.second_outlet_id, first + timedelta(days=1))
    with app.app_context():
        set_leave(WantedLeave(company.rep_id, first, first, company.other_rep_id, ""), company.supervisor_id, now())
        db.session.commit()
    address = f"month={NEXT}&rep={company.other_rep_id}"
    substitute, link = console(app, "rep2"), f'href="/outlets/{company.outlet_id}"'
    assert substitute.get(f"/outlets/{company.outlet_id}").status_code == 404
    for view in ("", "&view=list"):
        page, boss_page = (console(app, login).get(f"/visit-plans?{address}{view}").text for login in ("rep2", "boss"))
        assert "网点 CD-1" in page and "代巡" in page and "网点 CD-2" not in page
        assert link not in page and link in boss_page
    assert [(row["编号"], row["代巡"]) for row in csv_rows(substitute.get(f"/exports/visit-plan.csv?{address}"))] == [("CD-1", "是")]
    assert csv_rows(substitute.get(f"/exports/visit-plan.csv?month={NEXT}&rep={company.rep_id}")) == []
    own = console(app, "rep1").get(f"/visit-plans?month={NEXT}&rep={company.rep_id}").text
    assert link in own and "网点 CD-2" in own
    assert csv_rows(console(app, "farboss").get(f"/exports/visit-plan.csv?{address}")) == []
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).removed_at = now()
        db.session.commit()
    assert csv_rows(substitute.get(f"/exports/visit-plan.csv?{address}")) == []
