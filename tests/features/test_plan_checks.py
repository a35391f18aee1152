"""One visit planned or moved: leave and closed outlets are refused, a day off, a small gap and a substitute are told and may be confirmed."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.leaves.actions import WantedLeave, set_leave
from server.outlets.models import Outlet
from server.people.models import Person, PersonBreak
from server.policy.actions import set_policy
from server.policy.calendar_actions import replace_year
from server.visits.plan_actions import plan_visit
from server.visits.plan_calendar import anchor
from server.visits.plan_days import working_days_left
from server.visits.plan_models import PlannedVisit
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

THIS = Month.of_date(today())
NEXT = THIS.next()
OFF, AWAY, CHURNED = "这一天不上班。", "负责人这一天请假，没有人代巡。换一天，或先给请假定一个代巡的人。", "已经离网，不再排巡检。"
MAY_NOT_COUNT = "相隔不够的巡检可能不计入次数。"


@pytest.fixture
def days(app, company: Company) -> list[date]:
    """The working days of next month; people work from Monday to Friday."""
    with app.app_context():
        for year in (today().year, today().year + 1):
            replace_year(year, {}, False, company.supervisor_id, now())
        return working_days_left(None, NEXT.first_day, NEXT)


def working_days(month: Month) -> list[date]:
    days = (month.first_day + timedelta(days=step) for step in range(month.last_day.day))
    return [day for day in days if day.weekday() < 5]


def day_off() -> date:
    return next(day for day in (NEXT.first_day + timedelta(days=step) for step in range(7)) if day.weekday() == 5)


def set_day(app, company: Company, day: date) -> None:
    with app.app_context():
        plan_visit(company.outlet_id, day, company.supervisor_id, now())


def planned(app, company: Company) -> list[date]:
    with app.app_context():
        query = select(PlannedVisit.planned_on).where(PlannedVisit.outlet_id == company.outlet_id)
        return list(db.session.scalars(query.order_by(PlannedVisit.planned_on)))


def send(client, company: Company, day: date, moved_from: date | None = None, anyway: object = ""):
    """The form of one outlet, or that of a chip in the calendar."""
    words = {"planned_on": str(day), "anyway": str(anyway)}
    if moved_from is None:
        return client.post("/visit-plans", data={"outlet_id": company.outlet_id} | words)
    return client.post(f"/visit-plans/{company.outlet_id}/{moved_from}/move?month={NEXT}&rep={company.rep_id}", data=words)


@pytest.fixture(params=[False, True], ids=["planned", "moved"])
def start(app, company: Company, days, request) -> date | None:
    """None where a day is added, else the day, the last working one, from which a visit moves."""
    if not request.param:
        return None
    set_day(app, company, days[-1])
    return days[-1]


def test_a_day_off_is_told_and_set_once_it_is_confirmed(app, company: Company, start):
    boss, before, off = console(app, "boss"), planned(app, company), day_off()
    answer = send(boss, company, off, start)
    assert answer.status_code == 422 and OFF in answer.text and f'name="anyway" value="{off}"' in answer.text
    assert planned(app, company) == before
    assert send(boss, company, off, start, anyway=off).status_code == 302
    assert planned(app, company) == [off]


def test_what_was_confirmed_of_one_day_is_not_confirmed_of_another(app, company: Company, start):
    boss, before, off = console(app, "boss"), planned(app, company), day_off()
    assert send(boss, company, off, start, anyway=off + timedelta(days=1)).status_code == 422
    assert planned(app, company) == before


def test_leave_without_a_substitute_is_refused_even_when_confirmed(app, company: Company, days, start):
    before = planned(app, company)
    with app.app_context():
        set_leave(WantedLeave(company.rep_id, days[3], days[3], None), company.supervisor_id, now())
        db.session.commit()
    boss = console(app, "boss")
    for anyway in ("", days[3]):
        answer = send(boss, company, days[3], start, anyway)
        assert answer.status_code == 422 and AWAY in answer.text and 'name="anyway"' not in answer.text
    assert planned(app, company) == before
    assert send(boss, company, days[4], start).status_code == 302
    assert planned(app, company) == [days[4]]


def test_a_rep_between_leaving_and_returning_is_away(app, company: Company, days):
    with app.app_context():
        db.session.add(PersonBreak(person_id=company.rep_id, starts_on=days[2], ends_on=days[3]))
        db.session.commit()
    assert AWAY in send(console(app, "boss"), company, days[3], anyway=days[3]).text
    assert planned(app, company) == []


def test_who_stands_in_is_named_and_has_the_visit_once_it_is_confirmed(app, company: Company, days, start):
    with app.app_context():
        set_leave(WantedLeave(company.rep_id, days[3], days[3], company.other_rep_id), company.supervisor_id, now())
        db.session.commit()
    boss = console(app, "boss")
    answer = send(boss, company, days[3], start)
    assert answer.status_code == 422 and '负责人这一天请假，排了就由代巡的人去： <b translate="no">林晓月</b>' in answer.text
    assert send(boss, company, days[3], start, anyway=days[3]).status_code == 302
    assert planned(app, company) == [days[3]]
    assert "代巡" in boss.get(f"/visit-plans?month={NEXT}&rep={company.other_rep_id}").text


@pytest.mark.parametrize(("last", "said"), [(3, "负责人这一天请假，排了就由代巡的人去"), (2, AWAY)])
def test_who_stands_in_does_so_up_to_their_own_last_day(app, company: Company, days, last: int, said: str):
    with app.app_context():
        set_leave(WantedLeave(company.rep_id, days[3], days[3], company.other_rep_id), company.supervisor_id, now())
        db.session.get_one(Person, company.other_rep_id).ends_on = days[last]
        db.session.commit()
    assert said in send(console(app, "boss"), company, days[3]).text


def employ(app, company: Company, **days: date) -> None:
    with app.app_context():
        for name, day in days.items():
            setattr(db.session.get_one(Person, company.rep_id), name, day)
        db.session.commit()


@pytest.mark.parametrize(
    ("bound", "day", "words"),
    [("ends_on", 4, "负责人的最后一天是 {}，那以后要由接手的人去。"), ("starts_on", 2, "负责人 {} 才开始上班。")],
)
def test_a_day_outside_of_the_reps_employment_is_told_and_may_be_confirmed(app, company: Company, days, start, bound: str, day: int, words: str):
    employ(app, company, **{bound: days[3]})
    boss = console(app, "boss")
    answer = send(boss, company, days[day], start)
    assert answer.status_code == 422 and words.format(days[3]) in answer.text
    assert send(boss, company, days[3], start).status_code == 302
    assert send(boss, company, days[day], days[3], anyway=days[day]).status_code == 302
    assert planned(app, company) == [days[day]]


def test_employment_is_told_in_english(app, company: Company, days):
    boss = console(app, "boss", "en")
    employ(app, company, ends_on=days[3])
    assert f"The rep&#39;s last day is {days[3]}; after it whoever takes over has to go." in send(boss, company, days[4]).text
    employ(app, company, starts_on=days[2])
    assert f"The rep begins work on {days[2]}." in send(boss, company, days[1]).text


def propose(app, company: Company):
    return console(app, "boss").post(f"/visit-plans/{NEXT}/proposal", data={"rep": company.rep_id})


def test_the_software_proposes_no_day_after_the_reps_last_one(app, company: Company, days):
    set_day(app, company, days[9])
    employ(app, company, ends_on=days[0])
    assert propose(app, company).status_code == 302
    assert planned(app, company) == [days[0]]


def test_a_plan_stands_where_the_rep_has_no_day_left_to_propose(app, company: Company, days):
    set_day(app, company, days[9])
    employ(app, company, ends_on=NEXT.first_day - timedelta(days=1))
    answer = propose(app, company)
    assert answer.status_code == 422 and "他到月底都不在（请假或离岗）" in answer.text
    assert planned(app, company) == [days[9]]


@pytest.mark.parametrize(("apart", "is_set"), [(6, False), (7, True)])
def test_a_gap_that_is_too_small_is_told_and_may_be_confirmed(app, company: Company, days, apart, is_set):
    first = days[6]
    with app.app_context():
        set_policy("visit.min_gap_days", "7", NEXT.first_day, "试行", company.supervisor_id, now())
        replace_year(NEXT.first_day.year, {first + timedelta(days=6): (True, "补班")}, False, company.supervisor_id, now())
    set_day(app, company, first)
    boss, day = console(app, "boss"), first + timedelta(days=apart)
    answer = send(boss, company, day)
    assert answer.status_code == (302 if is_set else 422)
    if not is_set:
        assert f"离 {first} 的一次太近，两次至少相隔 7 天。" in answer.text and MAY_NOT_COUNT in answer.text and OFF not in answer.text
        assert planned(app, company) == [first]
        assert send(boss, company, day, anyway=day).status_code == 302
    assert planned(app, company) == [first, day]


def test_a_visit_is_never_too_near_to_the_day_it_leaves(app, company: Company, days):
    with app.app_context():
        set_policy("visit.min_gap_days", "7", NEXT.first_day, "试行", company.supervisor_id, now())
    set_day(app, company, days[6])
    assert send(console(app, "boss"), company, days[7], days[6]).status_code == 302
    assert planned(app, company) == [days[7]]


def test_a_day_that_is_set_already_is_not_asked_about_again(app, company: Company, days):
    set_day(app, company, day_off())
    assert send(console(app, "boss"), company, day_off()).status_code == 302
    assert planned(app, company) == [day_off()]


def test_an_outlet_that_churned_is_neither_planned_nor_moved(app, company: Company, days, start):
    before = planned(app, company)
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).churned_on = today()
        db.session.commit()
    answer = send(console(app, "boss"), company, days[3], start, anyway=days[3])
    assert answer.status_code == 422 and CHURNED in answer.text
    assert planned(app, company) == before


def churned(app, company: Company, day: date) -> None:
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).churned_on = day
        db.session.commit()


def test_an_outlet_is_planned_in_the_month_of_its_churn_and_moved_within_it_alone(app, company: Company, days):
    """It still owes visits in that month, and none after it."""
    churned(app, company, days[0])
    boss, later = console(app, "boss"), working_days(NEXT.next())[0]
    assert send(boss, company, days[3]).status_code == 302
    assert send(boss, company, days[5], days[3]).status_code == 302
    assert planned(app, company) == [days[5]]
    for moved_from in (None, days[5]):
        answer = send(boss, company, later, moved_from, anyway=later)
        assert answer.status_code == 422 and CHURNED in answer.text
    assert planned(app, company) == [days[5]]


@pytest.mark.parametrize(("churned_on", "is_offered"), [(THIS.first_day, True), (THIS.first_day - timedelta(days=1), False)])
def test_an_outlet_offers_to_be_planned_until_the_month_of_its_churn_is_over(app, company: Company, churned_on, is_offered):
    churned(app, company, churned_on)
    boss = console(app, "boss")
    assert ("安排巡检" in boss.get(f"/outlets/{company.outlet_id}").text) == is_offered
    table = boss.get("/visits/map").text.partition("<table")[2]
    assert (f'name="outlet" value="{company.outlet_id}"' in table) == is_offered


def test_an_outlet_that_was_removed_is_not_found(app, company: Company, days, start):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).removed_at = now()
        db.session.commit()
    assert send(console(app, "boss"), company, days[3], start).status_code == 404


def test_the_confirmation_of_a_move_sent_as_the_page_has_it_moves_the_visit(app, company: Company, days):
    set_day(app, company, days[-1])
    boss, off = console(app, "boss"), day_off()
    card = send(boss, company, off, days[-1]).text.partition('<form class="card pad stack narrow-form"')[2].partition("</form>")[0]
    action = unescape(re.search(r'action="([^"]*)"', card)[1])
    answer = boss.post(action, data=dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', card)))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/visit-plans?month={NEXT}&rep={company.rep_id}#{anchor(company.outlet_id, off)}"
    assert planned(app, company) == [off]


def test_who_may_not_plan_is_told_nothing(app, company: Company, staff: Staff, start):
    for login, status in (("rep1", 403), ("chief", 403), ("farboss", 404)):
        answer = send(console(app, login), company, day_off(), start, anyway=day_off())
        assert answer.status_code == status and OFF not in answer.text, login


def test_what_is_told_has_english(app, company: Company, days, start):
    with app.app_context():
        set_policy("visit.min_gap_days", "7", NEXT.first_day, "试行", company.supervisor_id, now())
        set_leave(WantedLeave(company.rep_id, day_off(), day_off(), company.other_rep_id), company.supervisor_id, now())
        db.session.commit()
    set_day(app, company, day_off() + timedelta(days=2))
    page = send(console(app, "boss", "en"), company, day_off(), start).text
    assert "Nobody works on this day." in page and "stands in" in page and "may not count" in page
    assert untranslated(page) == []
