"""Findings of churn, of call-backs and about reps follow whose the outlet was and when it was first used, however late that is known."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update

from server.callbacks.actions import Wish, list_callback, make_callback
from server.callbacks.following import follow_calls
from server.churn.actions import Said, give_word
from server.churn.following import follow_churn
from server.churn.models import ChurnCase
from server.complaints.actions import Intake, assign_complaint, investigate_complaint, receive_complaint
from server.complaints.following import follow_complaints
from server.db import db
from server.domain.churn import Source
from server.findings.actions import decide_finding
from server.findings.following import followed_from
from server.findings.models import Finding, FindingEvidence, FindingStep
from server.outlets.actions import assign_outlets
from server.outlets.models import Assignment
from server.transactions.models import OutletTransfer
from sync.ids import uuid7
from tests.features.closed_months import chief, closed_october, in_app  # noqa: F401
from tests.features.conftest import noon

NOVEMBER_16, NOVEMBER_20, NOVEMBER_24 = date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 24)
KINDS = ("churned", "complaint_about_rep", "inadequate_training")


def night(day=NOVEMBER_24):
    for _ in range(2):
        for follow in (follow_churn, follow_calls, follow_complaints):
            follow(noon(day))
            db.session.commit()
    db.session.expire_all()


def used_on(company, *days):
    db.session.execute(delete(OutletTransfer).where(OutletTransfer.outlet_id == company.outlet_id))
    db.session.add_all([OutletTransfer(outlet_id=company.outlet_id, on=day, amount_yuan=Decimal("12.50")) for day in days])
    db.session.commit()


def bad_call(company, kind="training", outcome="inadequate"):
    """The customer asked on November 16th, and was called that day."""
    wish = Wish(kind, company.outlet_id, asked_on=NOVEMBER_16 if kind == "training" else None)
    callback = list_callback(wish, company.supervisor_id, noon(NOVEMBER_16))
    make_callback(callback.id, outcome, "不会用", company.supervisor_id, noon(NOVEMBER_16))
    return callback.id


def founded_complaint(company):
    facts = (uuid7(), company.outlet_id, "settlement", True, True, NOVEMBER_16, "王秀兰", "", "态度不好", "")
    complaint = receive_complaint(Intake(*facts), company.supervisor_id, noon(NOVEMBER_16))
    assign_complaint(complaint.id, company.supervisor_id, "", company.supervisor_id, noon(NOVEMBER_16))
    investigate_complaint(complaint.id, "态度不好", "founded", company.supervisor_id, noon(NOVEMBER_16))


def churned(company):
    """Listed on November 16th, and gone by the word of ops that day."""
    case = ChurnCase(id=uuid7(), outlet_id=company.outlet_id, month="2026-10", listed_on=NOVEMBER_16, due_on=NOVEMBER_24, state="open")
    case.made_at = noon(NOVEMBER_16)
    db.session.add(case)
    db.session.commit()
    give_word(case.id, Said(Source.OPS, True, "关门了", NOVEMBER_16), company.supervisor_id, noon(NOVEMBER_16))


def give_to_other(company, starts_on):
    assign_outlets([company.outlet_id], company.other_rep_id, starts_on, company.supervisor_id, noon(NOVEMBER_20))


def people():
    """(kind, rep) → state."""
    db.session.expire_all()
    query = select(Finding.kind, Finding.person_id, Finding.state)
    return {(kind, person_id): state for kind, person_id, state in db.session.execute(query)}


def states_of(finding_id):
    query = select(FindingStep.state).where(FindingStep.finding_id == finding_id)
    return list(db.session.scalars(query.order_by(FindingStep.at, FindingStep.id)))


@pytest.fixture
def proposed(company):
    used_on(company, date(2026, 11, 9))
    bad_call(company)
    founded_complaint(company)
    churned(company)
    assert people() == {(kind, company.rep_id): "proposed" for kind in KINDS}


@pytest.mark.parametrize(("starts_on", "is_others"), [(NOVEMBER_16, True), (date(2026, 11, 17), False)])
def test_what_waits_follows_the_rep_of_its_day(company, proposed, starts_on, is_others):
    give_to_other(company, starts_on)
    night()
    assert people() == {(kind, company.other_rep_id if is_others else company.rep_id): "proposed" for kind in KINDS}


def test_what_was_upheld_is_told_to_the_manager_and_proposed_for_the_other_rep_once_taken_back(company, chief, proposed):
    ids = list(db.session.scalars(select(Finding.id)))
    for finding_id in ids:
        decide_finding(finding_id, "upheld", "属实", chief, noon(NOVEMBER_20))
    give_to_other(company, NOVEMBER_16)
    night()
    assert [states_of(one) for one in ids] == [["proposed", "upheld", "overtaken"]] * 3
    for finding_id in ids:
        decide_finding(finding_id, "dismissed", "是别人的网点", chief, noon(NOVEMBER_24))
    night()
    mine = {(kind, company.rep_id): "dismissed" for kind in KINDS}
    assert people() == mine | {(kind, company.other_rep_id): "proposed" for kind in KINDS}


def test_what_the_manager_dismissed_stays_so(company, chief, proposed):
    for finding_id in db.session.scalars(select(Finding.id)).all():
        decide_finding(finding_id, "dismissed", "不属实", chief, noon(NOVEMBER_20))
    give_to_other(company, NOVEMBER_16)
    night()
    assert people() == {(kind, company.rep_id): "dismissed" for kind in KINDS}


@pytest.mark.parametrize(("first_use", "count"), [(date(2026, 11, 8), 0), (date(2026, 11, 9), 1), (NOVEMBER_16, 1), (date(2026, 11, 17), 0)])
def test_a_training_is_found_inadequate_by_transactions_imported_after_the_call(company, first_use, count):
    bad_call(company)
    assert people() == {}
    used_on(company, first_use)
    night()
    assert people() == {("inadequate_training", company.rep_id): "proposed"} if count else people() == {}


def test_an_earlier_first_use_takes_back_what_waits_and_speaks_against_what_was_upheld(company, chief):
    used_on(company, date(2026, 11, 9))
    bad_call(company)
    used_on(company, date(2026, 11, 8), date(2026, 11, 9))
    night()
    assert people() == {("inadequate_training", company.rep_id): "dismissed"}
    used_on(company, date(2026, 11, 9))
    night()
    finding_id = db.session.scalars(select(Finding.id)).one()
    decide_finding(finding_id, "upheld", "属实", chief, noon(NOVEMBER_24))
    used_on(company, date(2026, 11, 8))
    night(date(2026, 11, 25))
    assert states_of(finding_id)[-2:] == ["upheld", "overtaken"]


def test_files_found_inaccurate_twice_are_one_finding_that_rests_on_both_calls(company):
    calls = [bad_call(company, "profile", "inaccurate")]
    callback = list_callback(Wish("profile", company.outlet_id), company.supervisor_id, noon(NOVEMBER_24))
    make_callback(callback.id, "inaccurate", "电话不对", company.supervisor_id, noon(NOVEMBER_24))
    used_on(company, date(2026, 9, 24))
    night()
    assert people() == {("inaccurate_file", company.rep_id): "proposed"}
    assert list(db.session.scalars(select(FindingEvidence.ref_id).order_by(FindingEvidence.ref_id))) == [*calls, callback.id]


def end_before(company, day):
    db.session.execute(update(Assignment).where(Assignment.outlet_id == company.outlet_id).values(ends_on=day - timedelta(days=1)))
    db.session.commit()


def test_what_waits_is_taken_back_since_its_rep_is_another_where_nobody_had_the_outlet(company, proposed):
    end_before(company, NOVEMBER_16)
    night()
    assert people() == {(kind, company.rep_id): "dismissed" for kind in KINDS}
    reasons = select(FindingStep.reason).where(FindingStep.state == "dismissed")
    assert list(db.session.scalars(reasons)) == ["责任人有变，自动撤回。"] * 3


def test_what_was_upheld_is_told_as_anothers_where_nobody_had_the_outlet(company, chief, proposed):
    for finding_id in db.session.scalars(select(Finding.id)).all():
        decide_finding(finding_id, "upheld", "属实", chief, noon(NOVEMBER_20))
    end_before(company, NOVEMBER_16)
    night()
    reasons = select(FindingStep.reason).where(FindingStep.state == "overtaken")
    assert list(db.session.scalars(reasons)) == ["责任人有变。"] * 3


def struck_out(company, day):
    callback = list_callback(Wish("new_customer", company.outlet_id), company.supervisor_id, noon(day))
    make_callback(callback.id, "wrong_phone", "空号", company.supervisor_id, noon(day))


@pytest.mark.parametrize("again_on", [None, NOVEMBER_24])
def test_what_a_call_found_stays_where_another_call_of_the_day_took_the_outlet(company, again_on):
    used_on(company, date(2026, 11, 9))
    bad_call(company, "profile", "inaccurate")
    struck_out(company, NOVEMBER_16)
    if again_on:
        callback = list_callback(Wish("profile", company.outlet_id), company.supervisor_id, noon(again_on))
        make_callback(callback.id, "inaccurate", "电话不对", company.supervisor_id, noon(again_on))
    night()
    assert people() == {("inaccurate_file", company.rep_id): "proposed"}


def test_what_a_call_found_is_taken_back_where_its_rep_had_lost_the_outlet_before(company):
    used_on(company, date(2026, 11, 9))
    bad_call(company, "profile", "inaccurate")
    struck_out(company, NOVEMBER_16)
    end_before(company, date(2026, 11, 15))
    night()
    assert people() == {("inaccurate_file", company.rep_id): "dismissed"}


def test_a_first_use_takes_back_what_a_call_found_though_another_call_of_the_day_took_the_outlet(company):
    used_on(company, date(2026, 11, 9))
    bad_call(company)
    struck_out(company, NOVEMBER_16)
    used_on(company, date(2026, 11, 8))
    night()
    assert people() == {("inadequate_training", company.rep_id): "dismissed"}
    assert "首次使用的日子有变，自动撤回。" in db.session.scalars(select(FindingStep.reason)).all()


def test_a_year_before_the_running_month_is_followed_while_none_is_closed(company):
    assert followed_from(noon(date(2027, 11, 30))) == date(2026, 11, 1)
    assert followed_from(noon(date(2027, 12, 1))) == date(2026, 12, 1)


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2027, 1, 31)])
def test_a_year_before_the_first_open_month_is_followed_however_late_it_is_closed(company, chief, day):
    closed_october(company, chief)
    assert followed_from(noon(day)) == date(2025, 11, 1)
