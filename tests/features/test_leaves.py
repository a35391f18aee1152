"""Leave and substitution: what may be set and by whom, days that plans leave out, and outlets on the substitute's phone (RULEBOOK §4, SYNC §3)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.feed.models import ScopeMember
from server.feed.scopes import holds_scope
from server.jobs.nightly import run_nightly
from server.leaves.actions import WantedLeave, end_leave, set_leave
from server.leaves.models import Leave
from server.leaves.queries import days_away
from server.leaves.substitutes import refresh_substitutes
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Assignment
from server.outlets.responsible import responsible_id
from server.people.models import PersonBreak, PersonRegion
from server.staff.leaving import end_employment
from server.visits.models import OutletMonth, Visit
from server.visits.plan_actions import plan_rep_month, plan_visit
from server.visits.plan_models import PlannedVisit
from sync.problems import Problem
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.papers import documents, to_send_again
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

ONE_DAY = timedelta(days=1)
NOVEMBER = Month(2026, 11)


def keep_leave(company: Company, first: date, last: date, with_substitute: bool = True, at=None) -> str:
    """Leave of the first rep, the second one standing in; committed."""
    substitute_id = company.other_rep_id if with_substitute else None
    leave_id = set_leave(WantedLeave(company.rep_id, first, last, substitute_id), company.supervisor_id, at or now()).id
    db.session.commit()
    return leave_id


def lent(company: Company) -> tuple[bool, bool]:
    """Whether the substitute's phone has the rep's two outlets."""
    return tuple(holds_scope(company.other_rep_id, f"outlet:{outlet_id}") for outlet_id in (company.outlet_id, company.second_outlet_id))


def refresh(at) -> int:
    changed = refresh_substitutes(at)
    db.session.commit()
    return changed


def test_the_substitutes_phone_has_the_outlets_from_the_first_day_until_after_the_last(app, company: Company):
    with app.app_context():
        keep_leave(company, today() + ONE_DAY, today() + 2 * ONE_DAY)
        assert lent(company) == (False, False)
        for day, changed, has in ((0, 0, False), (1, 2, True), (1, 0, True), (2, 0, True), (3, 2, False), (3, 0, False)):
            assert refresh(now() + day * ONE_DAY) == changed
            assert lent(company) == (has, has)
        assert holds_scope(company.rep_id, f"outlet:{company.outlet_id}")


def test_the_night_lends_and_takes_back_and_makes_up_for_nights_missed(app, company: Company):
    with app.app_context():
        keep_leave(company, today() + ONE_DAY, today() + 2 * ONE_DAY)
        for day, has in ((2, True), (9, False)):
            at = today() + day * ONE_DAY
            run_nightly(at, noon(at))
            assert lent(company) == (has, has)


def test_a_substitute_who_may_hold_no_outlets_of_the_region_any_more_gives_them_back(app, company: Company):
    with app.app_context():
        keep_leave(company, today(), today() + 2 * ONE_DAY)
        assert lent(company) == (True, True)
        db.session.execute(delete(PersonRegion).where(PersonRegion.person_id == company.other_rep_id))
        assert (refresh(now()), lent(company)) == (2, (False, False))


def test_a_substitute_who_leaves_stands_in_no_more(app, company: Company, staff: Staff):
    with app.app_context():
        leave_id = keep_leave(company, today(), today() + 5 * ONE_DAY)
        end_employment(company.other_rep_id, today(), None, staff.ids["root"], now())
        db.session.commit()
        db.session.expire_all()
        assert db.session.get_one(Leave, leave_id).substitute_id is None
        assert lent(company) == (False, False)


@pytest.mark.parametrize(("last_day", "kept"), [(-3, []), (-2, [(-2, -2)]), (0, [(-2, 0)])])
def test_a_substitute_who_leaves_keeps_the_days_they_stood_in(app, company: Company, staff: Staff, last_day, kept):
    """The leave goes on without a substitute; all in days from today."""
    with app.app_context():
        leave_id = keep_leave(company, today() - 2 * ONE_DAY, today() + 5 * ONE_DAY)
        end_employment(company.other_rep_id, today() + last_day * ONE_DAY, None, staff.ids["root"], now())
        db.session.commit()
        rows = db.session.scalars(select(Leave).where(Leave.person_id == company.rep_id).order_by(Leave.starts_on)).all()
        spans = [((row.starts_on - today()).days, (row.ends_on - today()).days, row.substitute_id) for row in rows]
        rest = (kept[-1][1] + 1 if kept else -2, 5, None)
        assert spans == [(*span, company.other_rep_id) for span in kept] + [rest]
        assert rows[-1].id == leave_id


def test_an_older_day_checked_again_takes_no_outlet_from_who_stands_in_today(app, company: Company):
    with app.app_context():
        keep_leave(company, today(), today())
        run_nightly(today() - 3 * ONE_DAY, now())
        assert lent(company) == (True, True)


def test_a_substitutes_visits_are_in_scope_and_count_until_the_leave_is_over(app, company: Company, phone: Phone, other_phone: Phone):
    with app.app_context():
        leave_id = keep_leave(company, today(), today() + ONE_DAY)
    assert set(documents(other_phone, "outlet")) == {company.outlet_id, company.second_outlet_id} == set(documents(phone, "outlet"))
    told = documents(other_phone, "person")[company.other_rep_id]["stands_in"]
    assert told == [{"rep_id": company.rep_id, "rep_name": "赵广田", "starts_on": str(today()), "ends_on": str(today() + ONE_DAY)}]
    assert documents(phone, "person")[company.rep_id]["stands_in"] == []
    cursor = other_phone.pull()[1]
    [result] = other_phone.push(other_phone.op(company.outlet_id)).json["results"]
    with app.app_context():
        end_leave(leave_id, company.supervisor_id, now())
        db.session.commit()
    dropped = {event["scope"] for event in other_phone.pull(cursor)[0] if event["e"] == "drop"}
    assert dropped == {f"outlet:{company.outlet_id}", f"outlet:{company.second_outlet_id}"}
    assert documents(other_phone, "person", cursor)[company.other_rep_id]["stands_in"] == []
    [late] = other_phone.push(other_phone.op(company.second_outlet_id)).json["results"]
    with app.app_context():
        found = {visit.outlet_id: visit.was_out_of_scope for visit in db.session.scalars(select(Visit))}
    assert (result["code"], found) == ("applied", {company.outlet_id: False, company.second_outlet_id: True}), late
    assert to_send_again(phone) == []


def test_a_visit_by_the_substitute_counts_and_the_month_stays_the_reps(app, company: Company, add_visit):
    with app.app_context():
        keep_leave(company, date(2026, 11, 9), date(2026, 11, 10), at=noon(date(2026, 11, 9)))
        add_visit(company.outlet_id, company.other_rep_id, "2026-11-09T01:00:00+00:00", received=noon(date(2026, 11, 9)))
        row = db.session.get_one(OutletMonth, (company.outlet_id, "2026-11"))
        assert (row.counted, row.state, row.rep_id) == (1, "done", company.rep_id)
        assert responsible_id(company.outlet_id, date(2026, 11, 9)) == company.rep_id
        assert db.session.scalars(select(Assignment.ends_on)).all() == [None, None]


def test_outlets_follow_their_assignment_in_the_middle_of_a_leave(app, company: Company, staff: Staff):
    with app.app_context():
        keep_leave(company, today(), today() + 9 * ONE_DAY)
        assign_outlets([company.outlet_id], company.other_rep_id, today(), company.supervisor_id, now())
        assert (refresh(now()), lent(company)) == (0, (True, True))
        # what has become the substitute's own stays after the leave
        assert (refresh(now() + 10 * ONE_DAY), lent(company)) == (1, (True, False))
        assert refresh(now()) == 1
        merge_outlets(company.second_outlet_id, company.outlet_id, company.supervisor_id, now())
        assert (refresh(now()), lent(company)) == (0, (True, False))


def test_a_lost_outlet_is_lent_to_nobody(app, company: Company):
    with app.app_context():
        keep_leave(company, today(), today() + ONE_DAY)
        assign_outlets([company.outlet_id], None, today(), company.supervisor_id, now())
        assert (refresh(now()), lent(company)) == (1, (False, True))
        db.session.execute(delete(ScopeMember).where(ScopeMember.scope_id == f"outlet:{company.second_outlet_id}"))
        db.session.commit()
        assert (refresh(now()), lent(company)) == (1, (False, True))


def refusal(first: date, last: date, company: Company, substitute_id: str | None, person_id: str = "") -> dict[str, str]:
    with pytest.raises(Problem) as refused:
        set_leave(WantedLeave(person_id or company.rep_id, first, last, substitute_id), company.supervisor_id, now())
    db.session.rollback()
    return refused.value.extras["fields"]


def test_what_cannot_be_set_is_named(app, company: Company, staff: Staff):
    with app.app_context():
        day, other = today(), company.other_rep_id
        assert refusal(day + ONE_DAY, day, company, None) == {"ends_on": "ends_before_start"}
        assert refusal(day - 3 * ONE_DAY, day - ONE_DAY, company, None) == {"ends_on": "leave_over"}
        assert refusal(day, day + 400 * ONE_DAY, company, None) == {"ends_on": "more_than_a_year"}
        for substitute_id in (company.rep_id, company.supervisor_id, staff.ids["farrep"], "nobody"):
            assert refusal(day, day, company, substitute_id) == {"substitute_id": "not_a_person"}
        assert refusal(day, day, company, None, company.supervisor_id) == {"starts_on": "no_rep_any_more"}
        keep_leave(company, day + 5 * ONE_DAY, day + 7 * ONE_DAY)
        assert refusal(day + 7 * ONE_DAY, day + 9 * ONE_DAY, company, None) == {"starts_on": "leave_overlaps"}
        assert refusal(day, day + 5 * ONE_DAY, company, None, other) == {"starts_on": "stands_in"}
        keep_leave(company, day, day + 4 * ONE_DAY, with_substitute=False)
        assert refusal(day + 20 * ONE_DAY, day + 20 * ONE_DAY, company, company.rep_id, company.rep_id) == {"substitute_id": "not_a_person"}
        assert refusal(day + 4 * ONE_DAY, day + 4 * ONE_DAY, company, company.rep_id, other) == {"substitute_id": "substitute_away"}


def test_leave_that_has_not_begun_is_called_off_and_one_that_is_over_stays(app, company: Company):
    with app.app_context():
        later = keep_leave(company, today() + ONE_DAY, today() + 2 * ONE_DAY)
        under_way = keep_leave(company, today() - 2 * ONE_DAY, today())
        assert lent(company) == (True, True)
        for leave_id in (later, under_way):
            end_leave(leave_id, company.supervisor_id, now())
            db.session.commit()
        assert lent(company) == (False, False)
        assert [(one.id, one.ends_on) for one in db.session.scalars(select(Leave))] == [(under_way, today() - ONE_DAY)]
        for leave_id in (later, under_way):
            with pytest.raises(Problem, match="stale"):
                end_leave(leave_id, company.supervisor_id, now())
            db.session.rollback()


def test_the_proposed_month_leaves_out_days_away(app, company: Company):
    with app.app_context():
        at = noon(date(2026, 11, 2))
        plan_visit(company.outlet_id, date(2026, 11, 16), company.supervisor_id, at)
        keep_leave(company, date(2026, 11, 4), date(2026, 11, 26), at=at)
        db.session.add(PersonBreak(person_id=company.rep_id, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 3)))
        db.session.commit()
        assert days_away(company.rep_id, date(2026, 11, 1), date(2026, 11, 30)) == {date(2026, 11, day) for day in range(2, 27)}
        plan_rep_month(company.rep_id, NOVEMBER, company.supervisor_id, at)
        days = set(db.session.scalars(select(PlannedVisit.planned_on)))
        assert days and days <= {date(2026, 11, 27), date(2026, 11, 30)}


def test_a_month_that_is_leave_to_its_end_keeps_its_plan(app, company: Company):
    with app.app_context():
        following = Month.of_date(today()).next()
        plan_visit(company.outlet_id, following.first_day, company.supervisor_id, now())
        keep_leave(company, following.first_day, following.last_day)
        with pytest.raises(Problem) as refused:
            plan_rep_month(company.rep_id, following, company.supervisor_id, now())
        assert refused.value.extras == {"fields": {"month": "away"}}
        db.session.rollback()
        assert db.session.scalars(select(PlannedVisit.planned_on)).all() == [following.first_day]


def words(company: Company, first: date, last: date, **more: str) -> dict[str, str]:
    return {"starts_on": str(first), "ends_on": str(last), "substitute_id": company.other_rep_id, "note": "家里有事"} | more


def test_a_supervisor_sets_leave_and_is_told_which_visits_stand_within(app, company: Company, staff: Staff):
    with app.app_context():
        plan_visit(company.outlet_id, today(), company.supervisor_id, now())
    boss, place = console(app, "boss"), f"/people/{company.rep_id}/leaves"
    form = boss.get(f"{place}/new").text
    assert "林晓月" in form and "孙涛" not in form and "考核和工资都不变" in form
    answer = boss.post(place, data=words(company, today(), today()))
    assert answer.headers["Location"] == f"/visit-plans?month={Month.of_date(today())}&rep={company.rep_id}"
    page = boss.get(answer.headers["Location"]).text
    assert "请假那几天还排着 1 次" in page and "避开请假" in page and " leave" in page
    page = boss.get(f"/people/{company.rep_id}").text
    assert "由人代巡" in page and "家里有事" in page and "取消请假" in page
    assert "家里有事" in console(app, "rep1").get(f"/people/{company.rep_id}").text
    theirs = console(app, "rep2").get(f"/people/{company.other_rep_id}").text
    assert "替人代巡" in theirs and "赵广田" in theirs and "家里有事" not in theirs
    assert "家里有事" not in console(app, "payer").get(f"/people/{company.rep_id}").text
    with app.app_context():
        leave_id = db.session.scalars(select(Leave.id)).one()
    assert boss.post(f"/leaves/{leave_id}/end").status_code == 303
    assert boss.post(f"/leaves/{leave_id}/end").status_code == 404
    with app.app_context():
        assert lent(company) == (False, False)


@pytest.mark.parametrize(("changes", "code"), [({"starts_on": "soon"}, 422), ({"ends_on": "2001-01-01"}, 422), ({"substitute_id": "x"}, 422)])
def test_a_form_with_a_fault_keeps_nothing(app, company: Company, changes, code):
    answer = console(app, "boss").post(f"/people/{company.rep_id}/leaves", data=words(company, today(), today(), **changes))
    assert answer.status_code == code and 'class="err"' in answer.text and "家里有事" in answer.text
    with app.app_context():
        assert db.session.scalar(select(Leave.id)) is None


def test_who_may_set_and_end_leave(app, company: Company, staff: Staff):
    with app.app_context():
        leave_id = keep_leave(company, today(), today())
    place = f"/people/{company.rep_id}/leaves"
    later = words(company, today() + 9 * ONE_DAY, today() + 9 * ONE_DAY)
    for login, sees in (("boss", True), ("ops", True), ("rep1", True), ("rep2", False), ("farboss", False)):
        assert ("由人代巡" in console(app, login).get(f"/visit-plans?rep={company.rep_id}").text) == sees, login
    for login, status in (("rep1", 403), ("ops", 403), ("payer", 403), ("clerk", 403), ("root", 403), ("farboss", 404)):
        client = console(app, login)
        assert (client.get(f"{place}/new").status_code, client.post(place, data=later).status_code) == (status, status), login
        assert client.post(f"/leaves/{leave_id}/end").status_code == status, login
    assert console(app, "chief").post(place, data=later).status_code == 303
    assert console(app, "boss").get(f"/people/{company.supervisor_id}/leaves/new").status_code == 404
    with app.app_context():
        assert len(db.session.scalars(select(Leave.id)).all()) == 2


def test_the_pages_have_english(app, company: Company):
    boss = console(app, "boss", "en")
    boss.post(f"/people/{company.rep_id}/leaves", data=words(company, today(), today(), note=""))
    for address in (f"/people/{company.rep_id}/leaves/new", f"/people/{company.rep_id}", f"/visit-plans?rep={company.rep_id}"):
        answer = boss.get(address)
        assert (answer.status_code, untranslated(answer.text)) == (200, [])
