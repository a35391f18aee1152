"""Payslips on the console: seen, confirmed, objected to, answered, on paper."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.clock import today
from server.console.tiles import counted_tiles
from server.db import db
from server.domain.months import Month
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.payroll.models import PayslipStep, WageSheet
from server.people.models import Person
from sync.ids import uuid7
from tests.features.browsing import console, links, untranslated
from tests.features.conftest import noon
from tests.features.rich_sheet import NOV, rich  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.wages import DECEMBER_2, NOVEMBER_2

DECEMBER_1 = date(2026, 12, 1)


def steps(app):
    with app.app_context():
        return [(step.action, step.text) for step in db.session.scalars(select(PayslipStep).order_by(PayslipStep.at, PayslipStep.id))]


def close_both(app):
    """October and November are closed on December 2nd."""
    with app.app_context():
        chief = db.session.scalars(select(Person.id).where(Person.login == "chief")).one()
        draft_month(Month(2026, 10), noon(NOVEMBER_2))
        for month in (Month(2026, 10), NOV):
            close_month(month, "先关", chief, noon(DECEMBER_2))


@pytest.fixture
def own(app, company, staff, rich, monkeypatch):
    """The first rep's console on December 3rd, when November is closed."""
    close_both(app)
    monkeypatch.setattr("server.payroll.routes.now", lambda: noon(date(2026, 12, 3)))
    return console(app, "rep1")


def take(client, sheet, action, text=""):
    return client.post(f"{sheet}/steps", data={"action": action, "text": text}).status_code


def already(app, sheet, *actions, on):
    """Steps of the first rep as they were stored when anything could be done at any time."""
    with app.app_context():
        found = db.session.scalars(select(WageSheet).where(WageSheet.person_id == sheet.split("/")[-1], WageSheet.month == "2026-11")).one()
        for minute, action in enumerate(actions):
            at = noon(on) + timedelta(minutes=minute)
            db.session.add(PayslipStep(id=uuid7(), sheet_id=found.id, action=action, text="有一户没有算", by_id=found.person_id, at=at))
        db.session.commit()


def test_a_person_sees_confirms_and_objects_and_the_office_answers(app, rich, own):
    for action in ("seen", "seen", "confirmed", "confirmed"):
        assert take(own, rich, action) == 302
    assert take(own, rich, "objected", "有一户没有算") == 302
    assert steps(app) == [("seen", ""), ("confirmed", ""), ("objected", "有一户没有算")]
    office = console(app, "payer")
    assert "有一户没有算" in office.get(rich).text
    assert "提出异议" in office.get("/payroll/2026-11").text and "赵广田" in office.get("/payroll/2026-11?answer=objected").text
    assert take(office, rich, "answered", "缺电话，补齐后下月算") == 302
    assert "缺电话，补齐后下月算" in own.get(rich).text
    assert take(office, rich, "answered", "再说一次") == 422


@pytest.mark.parametrize("before", ["confirmed", "objected"])
def test_a_look_after_any_own_step_changes_nothing(app, rich, own, before):
    assert 'value="seen"' in own.get(rich).text
    assert take(own, rich, before, "有一户没有算") == 302
    assert 'value="seen"' not in own.get(rich).text
    assert take(own, rich, "seen") == 302
    assert [action for action, _ in steps(app)] == [before]


def test_an_objection_with_a_look_stored_after_it_is_still_open(app, rich, own):
    already(app, rich, "objected", "seen", on=date(2026, 12, 3))
    assert objection_tile(app, "payer") == [1]
    office = console(app, "payer")
    assert "赵广田" in office.get("/payroll/2026-11?answer=objected").text
    assert 'value="answered"' in office.get(rich).text
    assert take(office, rich, "answered", "下月补") == 302
    assert objection_tile(app, "payer") == [0]


def test_a_confirmation_takes_an_open_objection_back_and_says_so(app, rich, own):
    assert "撤回" not in own.get(rich).text
    assert take(own, rich, "objected", "有一户没有算") == 302
    assert "撤回异议，确认无误</button>" in own.get(rich).text
    assert take(own, rich, "confirmed") == 302
    assert objection_tile(app, "payer") == [0]
    office = console(app, "payer")
    assert "撤回了异议，确认无误" in office.get(rich).text and take(office, rich, "answered", "下月补") == 422
    assert untranslated(console(app, "payer", "en").get(rich).text) == []
    assert 'value="confirmed"' not in own.get(rich).text


def test_a_confirmation_after_the_answer_takes_nothing_back(app, rich, own):
    assert take(own, rich, "objected", "有一户没有算") == 302
    assert take(console(app, "payer"), rich, "answered", "下月补") == 302
    assert take(own, rich, "confirmed") == 302
    assert "撤回" not in own.get(rich).text


def test_a_trial_sheet_is_seen_and_objected_to_but_not_confirmed(app, company, staff, rich):
    own = console(app, "rep1")
    page = own.get(rich).text
    assert 'value="confirmed"' not in page and "关账后再确认" in page
    refused = own.post(f"{rich}/steps", data={"action": "confirmed"})
    assert refused.status_code == 409 and "这份工资单还是试算，关账后再确认。" in refused.text
    assert steps(app) == []
    assert (take(own, rich, "seen"), take(own, rich, "objected", "有一户没有算")) == (302, 302)
    assert untranslated(console(app, "rep1", "en").get(rich).text) == []


def test_an_objection_to_the_trial_sheet_stays_open_when_it_is_closed(app, rich, own):
    already(app, rich, "objected", on=DECEMBER_1)
    assert objection_tile(app, "payer") == [1]
    assert take(console(app, "payer"), rich, "answered", "下月补") == 302
    assert objection_tile(app, "payer") == [0]


@pytest.mark.parametrize("trial", [["confirmed"], ["objected", "confirmed"], ["seen"]], ids=str)
def test_what_was_done_with_the_trial_sheet_does_not_confirm_the_closed_one(app, rich, own, trial):
    already(app, rich, *trial, on=DECEMBER_1)
    office = console(app, "payer")
    assert "确认无误" not in office.get("/payroll/2026-11").text and objection_tile(app, "payer") == [0]
    page = own.get(rich).text
    assert ("确认了试算" in page) == ("confirmed" in trial) and 'value="confirmed"' in page and "撤回" not in page
    assert (take(own, rich, "seen"), take(own, rich, "confirmed")) == (302, 302)
    assert [action for action, _ in steps(app)] == [*trial, "seen", "confirmed"]
    assert "确认无误" in office.get("/payroll/2026-11").text


def objected(app, company, rich):
    """The first rep objects to November, whose sheets are closed by then."""
    close_both(app)
    assert console(app, "rep1").post(f"{rich}/steps", data={"action": "objected", "text": "有一户没有算"}).status_code == 302


def objection_tile(app, login):
    with app.test_request_context():
        person = db.session.scalars(select(Person).where(Person.login == login)).one()
        return [one.count for one in counted_tiles(person, today()) if one.tile.href == "/payroll/objections"]


def test_an_objection_waits_for_payroll_and_manager_until_it_is_answered(app, company, staff, rich):
    for login in ("payer", "chief"):
        assert objection_tile(app, login) == [0]
    objected(app, company, rich)
    for login in ("payer", "chief"):
        assert objection_tile(app, login) == [1]
        assert console(app, login).get("/payroll/objections").headers["Location"] == "/payroll/2026-11?answer=objected"
    for login in ("root", "rep1", "boss"):
        assert objection_tile(app, login) == []
        assert console(app, login).get("/payroll/objections").status_code == 403
    office = console(app, "payer")
    assert office.post(f"{rich}/steps", data={"action": "answered", "text": "下月补"}).status_code == 302
    assert objection_tile(app, "payer") == [0]
    assert "这个月没有等答复的异议" in office.get("/payroll/objections", follow_redirects=True).text


def test_the_list_of_sheets_is_narrowed_to_objections_and_names_other_months(app, company, staff, rich):
    objected(app, company, rich)
    office = console(app, "payer")
    november = office.get("/payroll/2026-11?answer=objected").text
    assert "赵广田" in november and "林晓月" not in november and "别的月份也有" not in november
    assert "林晓月" in office.get("/payroll/2026-11").text
    october = office.get("/payroll/2026-10?answer=objected").text
    assert links(october, "/payroll/2026-11?answer=objected") and "1 份" in october
    assert office.get("/payroll/2026-11?answer=gossip").status_code == 422
    english = console(app, "payer", "en")
    for month in ("2026-10", "2026-11"):
        assert untranslated(english.get(f"/payroll/{month}?answer=objected").text) == []
    assert untranslated(english.get("/").text) == []


def test_a_rep_does_not_read_how_many_others_objected(app, company, staff, rich):
    objected(app, company, rich)
    page, office = (console(app, login).get("/payroll/2026-12?answer=objected") for login in ("rep2", "payer"))
    assert page.status_code == 200 and "别的月份也有" not in page.text and "1 份" not in page.text
    assert "别的月份也有" in office.text and "1 份" in office.text


@pytest.mark.parametrize(
    ("login", "action", "text", "status"),
    [
        ("rep1", "objected", " ", 422),
        ("rep1", "paid", "", 422),
        ("rep1", "answered", "x", 403),
        ("payer", "confirmed", "", 403),
        ("chief", "seen", "", 403),
        ("root", "answered", "x", 403),
        ("chief", "answered", "x", 422),
        ("rep2", "seen", "", 404),
        ("rep1", "confirmed", "", 409),
    ],
)
def test_steps_that_cannot_be_taken(app, company, staff, rich, login, action, text, status):
    assert console(app, login).post(f"{rich}/steps", data={"action": action, "text": text}).status_code == status
    assert steps(app) == []


def test_the_slip_is_on_paper_with_the_amount_in_capitals(app, rich):
    page = console(app, "rep1").get(f"{rich}/print").text
    assert "试算，未关账" in page and "壹仟叁佰" in page and 'class="a4 form"' in page
