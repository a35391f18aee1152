"""Follow-ups in the console: registered, looked at, passed on, listed, exported. Happy, who may not, bad input, twice."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from server.clock import now
from server.db import db
from server.followups.actions import Registered, register_follow_up
from server.followups.models import FollowUp, FollowUpStep
from server.jobs.due_dates import recount_due_dates
from server.people.models import PersonRole, Role
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


def register(app, company: Company, outlet_id: str = "", owner: str = "rep", day: int = 18) -> str:
    """Noticed on a day of November 2026, due three working days after; returns its id."""
    with app.app_context():
        noticed_at = datetime(2026, 11, day, 4, tzinfo=UTC)
        facts = (uuid7(), outlet_id or company.outlet_id, "公示牌坏了", owner, 3, noticed_at)
        return register_follow_up(Registered(*facts), company.rep_id, noticed_at).id


def form_of(company: Company, **changes: str) -> dict[str, str]:
    return {"id": uuid7(), "outlet_id": company.outlet_id, "problem": "读卡槽松动", "owner": "ops", "working_days": "5"} | changes


def look_of(**changes: str) -> dict[str, str]:
    return {"id": uuid7(), "outcome": "solved", "note": "换好了"} | changes


def kept(app, follow_up_id: str) -> FollowUp:
    with app.app_context():
        return db.session.get_one(FollowUp, follow_up_id)


def test_a_follow_up_is_registered_passed_on_and_solved(app, company: Company, staff: Staff):
    boss = console(app, "boss")
    place = boss.post("/follow-ups", data=form_of(company)).headers["Location"]
    assert "读卡槽松动" in boss.get("/follow-ups?kind=ops").text
    assert "读卡槽松动" not in boss.get("/follow-ups?kind=rep").text
    assert boss.post(f"{place}/owner", data={"owner": "service", "pass_note": "要客服核实"}).status_code == 302
    page = boss.get(place).text
    assert "转给 客服部" in page and "要客服核实" in page
    assert console(app, "clerk").post(f"{place}/look", data=look_of(note="核实好了")).status_code == 302
    assert "核实好了" in boss.get(place).text and "按时" in boss.get(place).text
    assert "读卡槽松动" not in boss.get("/follow-ups").text and "读卡槽松动" in boss.get("/follow-ups?state=solved").text


def test_what_was_solved_can_come_back(app, company: Company, staff: Staff):
    follow_up_id = register(app, company)
    rep = console(app, "rep1")
    assert rep.post(f"/follow-ups/{follow_up_id}/look", data=look_of()).status_code == 302
    assert rep.post(f"/follow-ups/{follow_up_id}/look", data=look_of()).status_code == 409
    assert rep.post(f"/follow-ups/{follow_up_id}/look", data=look_of(outcome="open", note="又坏了")).status_code == 302
    assert kept(app, follow_up_id).solved_on is None


def test_the_same_form_sent_twice_makes_one(app, company: Company, staff: Staff):
    boss, form, look = console(app, "boss"), form_of(company), look_of(outcome="open")
    assert boss.post("/follow-ups", data=form).headers["Location"] == boss.post("/follow-ups", data=form).headers["Location"]
    assert boss.post("/follow-ups", data=form | {"problem": "别的"}).status_code == 409
    for _ in range(2):
        assert boss.post(f"/follow-ups/{form['id']}/look", data=look).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FollowUp)) == 1
        assert db.session.scalar(select(func.count()).select_from(FollowUpStep)) == 2
    assert boss.post(f"/follow-ups/{register(app, company)}/look", data=look).status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"problem": " "}, "这里要填"),
        ({"owner": "manager"}, "选一个"),
        ({"working_days": "0"}, "整数"),
        ({"working_days": "61"}, "整数"),
        ({"working_days": "三"}, "整数"),
    ],
)
def test_a_form_with_a_fault_says_where_and_keeps_nothing(app, company: Company, staff: Staff, changes, words):
    answer = console(app, "boss").post("/follow-ups", data=form_of(company, **changes))
    assert answer.status_code == 422 and words in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FollowUp)) == 0


@pytest.mark.parametrize("days", ["1", "60"])
def test_both_bounds_of_the_days_are_taken(app, company: Company, staff: Staff, days):
    assert console(app, "boss").post("/follow-ups", data=form_of(company, working_days=days)).status_code == 302


@pytest.mark.parametrize("changes", [{"outcome": ""}, {"outcome": "closed"}, {"note": " "}])
def test_a_look_with_a_fault_changes_nothing(app, company: Company, staff: Staff, changes):
    follow_up_id = register(app, company)
    assert console(app, "rep1").post(f"/follow-ups/{follow_up_id}/look", data=look_of(**changes)).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FollowUpStep)) == 1


def test_it_is_not_passed_to_who_has_it_nor_after_it_was_solved(app, company: Company, staff: Staff):
    follow_up_id, boss = register(app, company), console(app, "boss")
    assert boss.post(f"/follow-ups/{follow_up_id}/owner", data={"owner": "rep"}).status_code == 409
    assert boss.post(f"/follow-ups/{follow_up_id}/owner", data={"owner": "nobody"}).status_code == 422
    boss.post(f"/follow-ups/{follow_up_id}/look", data=look_of())
    assert boss.post(f"/follow-ups/{follow_up_id}/owner", data={"owner": "ops"}).status_code == 409


def test_who_may_not(app, company: Company, staff: Staff):
    follow_up_id = register(app, company)
    place = f"/follow-ups/{follow_up_id}"
    for login, status in (("payer", 403), ("root", 403), ("rep2", 404), ("farboss", 404)):
        assert console(app, login).post("/follow-ups", data=form_of(company)).status_code == status, login
        assert console(app, login).post(f"{place}/look", data=look_of()).status_code == status, login
    for login, status in (("rep1", 403), ("clerk", 403), ("payer", 403), ("farboss", 404)):
        assert console(app, login).post(f"{place}/owner", data={"owner": "ops"}).status_code == status, login
    for login, status in (("chief", 200), ("clerk", 200), ("boss", 200), ("rep1", 200), ("rep2", 404), ("farboss", 404)):
        assert console(app, login).get(place).status_code == status, login
    assert app.test_client().get(place).status_code == 302
    assert app.test_client().get("/follow-ups").status_code == 302


def test_a_list_shows_only_what_is_in_reach_first_due_first(app, company: Company, staff: Staff):
    later, sooner = register(app, company, company.second_outlet_id, day=20), register(app, company, day=18)
    far = register(app, company, staff.far_outlet_id)
    page = console(app, "boss").get("/follow-ups").text
    assert page.index(sooner) < page.index(later) and far not in page
    assert far in console(app, "ops").get("/follow-ups").text
    assert later not in console(app, "boss").get(f"/follow-ups?outlet={company.outlet_id}").text
    assert console(app, "boss").get("/follow-ups?state=gone").status_code == 422


def test_deadlines_follow_the_calendar(app, company: Company):
    follow_up_id = register(app, company)
    with app.app_context():
        db.session.get_one(FollowUp, follow_up_id).due_on = date(2026, 1, 1)
        db.session.commit()
        assert recount_due_dates(now()) == 1
        db.session.commit()
    assert kept(app, follow_up_id).due_on == date(2026, 11, 23)


def test_pages_are_whole_in_english(app, company: Company, staff: Staff):
    follow_up_id, boss = register(app, company), console(app, "boss", "en")
    for rest in ("", "?state=solved", "/new", f"/new?outlet={company.outlet_id}", f"/{follow_up_id}"):
        path = f"/follow-ups{rest}"
        answer = boss.get(path)
        assert answer.status_code == 200 and untranslated(answer.text) == [], path


def follow_up_tile(app, login: str) -> tuple[str, str]:
    """Where the tile of the start page leads, and what it counts."""
    found = re.search(r'href="([^"]*)"[^>]*>\s*<span>备案未解决.*?<b>(\d+)</b>', console(app, login).get("/").text, re.DOTALL)
    return found[1], found[2]


def test_the_start_page_counts_those_that_ones_own_department_sees_to(app, company: Company, staff: Staff):
    for owner, times in (("rep", 1), ("supervisor", 1), ("ops", 2), ("service", 3)):
        for _ in range(times):
            register(app, company, owner=owner)
    register(app, company, staff.far_outlet_id)
    for login, kind, count in (("rep1", "rep", "1"), ("ops", "ops", "2"), ("clerk", "service", "3")):
        assert follow_up_tile(app, login) == (f"/follow-ups?kind={kind}", count), login
        listed = console(app, login).get(f"/follow-ups?kind={kind}").text
        assert listed.count('<th scope="row"') == int(count)
    assert untranslated(console(app, "clerk", "en").get("/").text) == []


def test_who_answers_for_a_region_or_the_company_counts_the_follow_ups_of_all_departments(app, company: Company, staff: Staff):
    register(app, company, owner="ops")
    register(app, company, staff.far_outlet_id, owner="service")
    for login, count in (("boss", "1"), ("chief", "2"), ("root", "2")):
        assert follow_up_tile(app, login) == ("/follow-ups", count), login


def test_who_is_of_two_departments_counts_the_follow_ups_of_all(app, company: Company, staff: Staff):
    with app.app_context():
        db.session.add(PersonRole(person_id=staff.ids["ops"], role=Role.SERVICE))
        db.session.commit()
    register(app, company, owner="rep")
    assert follow_up_tile(app, "ops") == ("/follow-ups", "1")
