"""Call-backs: listed each week, made once, corrected by a new one, and what they bring."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from server.audit.actions import record_audit
from server.callbacks.actions import Wish, correct_callback, make_callback
from server.callbacks.listing import list_callbacks
from server.callbacks.models import CallBack
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence, FindingStep
from server.jobs.nightly import run_nightly
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.outlets.responsible import responsible_id
from server.payroll.facts_customers import file_columns
from sync.problems import Problem
from tests.features.calls import call, used_from
from tests.features.conftest import noon
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

MONDAY = date(2026, 11, 23)


def account_made(app, outlet_id: str, day: date) -> None:
    with app.app_context():
        db.session.get_one(Outlet, outlet_id).account_made_on = day
        db.session.commit()


def lists(app, day: date) -> int:
    with app.app_context():
        made = list_callbacks(noon(day))
        db.session.commit()
        return made


def listed(app) -> list[tuple[str, str, date, date]]:
    with app.app_context():
        return [(one.kind, one.outlet_id, one.listed_on, one.due_on) for one in db.session.scalars(select(CallBack).order_by(CallBack.source_key))]


def findings(app) -> list[tuple[str, str, str, str, str]]:
    with app.app_context():
        query = select(Finding).order_by(Finding.source_key)
        return [(one.source_key, one.month, one.person_id, str(one.amount_yuan), one.state) for one in db.session.scalars(query)]


@pytest.mark.parametrize(("day", "count"), [(date(2026, 11, 15), 1), (date(2026, 11, 16), 1), (date(2026, 11, 22), 1), (MONDAY, 0)])
def test_accounts_made_until_last_sunday_are_listed_on_monday(app, company: Company, day, count):
    account_made(app, company.outlet_id, day)
    assert lists(app, MONDAY) == count
    assert lists(app, MONDAY) == 0
    assert listed(app) == [("new_customer", company.outlet_id, MONDAY, date(2026, 11, 29))] * count


def test_a_list_that_monday_missed_is_made_on_the_next_night(app, company: Company):
    account_made(app, company.outlet_id, date(2026, 11, 22))
    assert lists(app, date(2026, 11, 26)) == 1
    assert listed(app) == [("new_customer", company.outlet_id, date(2026, 11, 26), date(2026, 11, 29))]


def test_old_customers_are_listed_no_more(app, company: Company):
    account_made(app, company.outlet_id, date(2026, 10, 25))
    assert lists(app, MONDAY) == 0


def test_a_file_changed_within_two_months_of_first_use_is_listed_once_a_week(app, company: Company):
    used_from(app, company.outlet_id, date(2026, 9, 18))
    used_from(app, company.second_outlet_id, date(2026, 9, 17))
    with app.app_context():
        for outlet_id in (company.outlet_id, company.outlet_id, company.second_outlet_id):
            record_audit(datetime(2026, 11, 18, 4, tzinfo=UTC), company.rep_id, "outlet.edited", ("outlet", outlet_id))
        db.session.commit()
    assert lists(app, MONDAY) == 1
    assert lists(app, date(2026, 11, 24)) == 0
    assert [row[:2] for row in listed(app)] == [("profile", company.outlet_id)]


def test_a_new_customer_who_cannot_be_reached_is_lost_that_day(app, company: Company, phone: Phone):
    account_made(app, company.outlet_id, date(2026, 11, 18))
    lists(app, MONDAY)
    with app.app_context():
        callback_id = db.session.scalars(select(CallBack.id)).one()
        made = make_callback(callback_id, "unreachable", "三天都没人接", company.supervisor_id, noon(date(2026, 11, 25)))
        assert (made.called_on, made.outcome) == (date(2026, 11, 25), "unreachable")
        assert responsible_id(company.outlet_id, date(2026, 11, 24)) == company.rep_id
        assert responsible_id(company.outlet_id, date(2026, 11, 25)) is None
    assert findings(app) == []
    events, _ = phone.pull()
    assert f"outlet:{company.outlet_id}" not in {event.get("scope") for event in events}


def test_a_new_customer_who_is_fine_stays(app, company: Company):
    call(app, Wish("new_customer", company.outlet_id), "good", MONDAY, company.supervisor_id)
    with app.app_context():
        assert responsible_id(company.outlet_id, MONDAY) == company.rep_id
    assert findings(app) == []


@pytest.mark.parametrize(("first_use", "count"), [(date(2026, 9, 23), 1), (date(2026, 9, 22), 0), (date(2026, 11, 24), 0)])
def test_an_inaccurate_file_is_proposed_within_two_months_of_first_use(app, company: Company, first_use, count):
    used_from(app, company.outlet_id, first_use)
    callback_id = call(app, Wish("profile", company.outlet_id), "inaccurate", MONDAY, company.supervisor_id)
    expected = (f"inaccurate_file:{company.outlet_id}", "2026-11", company.rep_id, "30.00", "proposed")
    assert findings(app) == [expected] * count
    with app.app_context():
        assert list(db.session.scalars(select(FindingEvidence.ref_id))) == [callback_id] * count


def test_an_inaccurate_file_costs_once_however_often_it_is_found(app, company: Company):
    used_from(app, company.outlet_id, date(2026, 10, 1))
    for day in (MONDAY, date(2026, 11, 30)):
        call(app, Wish("profile", company.outlet_id), "inaccurate", day, company.supervisor_id)
    assert len(findings(app)) == 1


@pytest.mark.parametrize(("asked_on", "count"), [(date(2026, 11, 17), 1), (date(2026, 11, 18), 0), (date(2026, 11, 9), 0)])
def test_an_inadequate_training_is_proposed_within_a_week_of_first_use_each_time(app, company: Company, asked_on, count):
    used_from(app, company.outlet_id, date(2026, 11, 10))
    callback_id = call(app, Wish("training", company.outlet_id, asked_on), "inadequate", date(2026, 12, 1), company.supervisor_id)
    assert findings(app) == [(f"inadequate_training:{callback_id}", "2026-12", company.rep_id, "30.00", "proposed")] * count


def test_a_visit_not_made_is_proposed_in_the_month_asked_about_and_stands_at_night(app, company: Company, add_visit):
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-10-20T01:00:00+00:00")
    callback_id = call(app, Wish("inspection", company.outlet_id, about_month="2026-10"), "not_visited", MONDAY, company.supervisor_id)
    with app.app_context():
        run_nightly(MONDAY, noon(MONDAY))
    key = f"missed_visit:{company.outlet_id}:2026-10"
    assert (key, "2026-10", company.rep_id, "20.00", "proposed") in findings(app)
    with app.app_context():
        rests_on = select(FindingEvidence.ref_id).join(Finding, Finding.id == FindingEvidence.finding_id).where(Finding.source_key == key)
        assert callback_id in set(db.session.scalars(rests_on))


def test_a_miss_that_the_night_proposed_gets_the_call_as_evidence(app, company: Company, add_visit):
    with app.app_context():
        run_nightly(date(2026, 11, 2), noon(date(2026, 11, 2)))
    callback_id = call(app, Wish("inspection", company.outlet_id, about_month="2026-10"), "not_visited", MONDAY, company.supervisor_id)
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-10-20T01:00:00+00:00", received=noon(MONDAY))
        run_nightly(MONDAY, noon(MONDAY))
        finding = db.session.scalars(select(Finding).where(Finding.source_key == f"missed_visit:{company.outlet_id}:2026-10")).one()
        assert finding.state == "proposed"
        assert callback_id in set(db.session.scalars(select(FindingEvidence.ref_id).where(FindingEvidence.finding_id == finding.id)))


def test_a_call_is_made_once(app, company: Company):
    callback_id = call(app, Wish("profile", company.outlet_id), "good", MONDAY, company.supervisor_id)
    with app.app_context(), pytest.raises(Problem) as refused:
        make_callback(callback_id, "inaccurate", "反悔", company.supervisor_id, noon(MONDAY))
    assert refused.value.refusal.code == "stale"


def test_a_correction_takes_the_place_of_the_first_call(app, company: Company):
    used_from(app, company.outlet_id, date(2026, 10, 1))
    first = call(app, Wish("profile", company.outlet_id), "inaccurate", MONDAY, company.supervisor_id)
    with app.app_context():
        second = correct_callback(first, company.supervisor_id, noon(date(2026, 11, 24))).id
        assert correct_callback(first, company.supervisor_id, noon(date(2026, 11, 24))).id == second
        assert db.session.get_one(CallBack, first).corrected_by_id is None
    assert [finding[-1] for finding in findings(app)] == ["proposed"]
    with app.app_context():
        make_callback(second, "good", "打错了店", company.supervisor_id, noon(date(2026, 11, 25)))
        assert db.session.get_one(CallBack, first).corrected_by_id == second
        assert (db.session.get_one(CallBack, first).outcome, db.session.get_one(CallBack, first).note) == ("inaccurate", "客户说的")
        with pytest.raises(Problem):
            correct_callback(first, company.supervisor_id, noon(date(2026, 11, 26)))
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]


def test_a_corrected_strike_out_counts_the_customer_again_but_gives_no_outlet_back(app, company: Company):
    first = call(app, Wish("new_customer", company.outlet_id), "wrong_phone", MONDAY, company.supervisor_id)

    def is_struck_out() -> bool:
        return db.session.execute(select(*file_columns()).where(Outlet.id == company.outlet_id)).one().is_struck_out

    with app.app_context():
        second = correct_callback(first, company.supervisor_id, noon(date(2026, 11, 24))).id
        assert is_struck_out()
        make_callback(second, "good", "抄错了号码", company.supervisor_id, noon(date(2026, 11, 25)))
        assert not is_struck_out()
        assert responsible_id(company.outlet_id, date(2026, 11, 25)) is None


def test_a_correction_leaves_what_the_manager_decided(app, company: Company):
    used_from(app, company.outlet_id, date(2026, 10, 1))
    first = call(app, Wish("profile", company.outlet_id), "inaccurate", MONDAY, company.supervisor_id)
    with app.app_context():
        decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "属实", company.supervisor_id, noon(MONDAY))
        second = correct_callback(first, company.supervisor_id, noon(date(2026, 11, 24))).id
        make_callback(second, "good", "打错了店", company.supervisor_id, noon(date(2026, 11, 25)))
    assert [finding[-1] for finding in findings(app)] == ["upheld"]


def test_another_call_that_found_the_same_keeps_the_finding(app, company: Company):
    used_from(app, company.outlet_id, date(2026, 10, 1))
    first = call(app, Wish("profile", company.outlet_id), "inaccurate", date(2026, 11, 16), company.supervisor_id)
    other = call(app, Wish("profile", company.outlet_id), "inaccurate", MONDAY, company.supervisor_id)
    with app.app_context():
        second = correct_callback(first, company.supervisor_id, noon(MONDAY)).id
        make_callback(second, "good", "打错了店", company.supervisor_id, noon(MONDAY))
        assert list(db.session.scalars(select(FindingEvidence.ref_id))) == [other]
    assert [finding[-1] for finding in findings(app)] == ["proposed"]


@pytest.mark.parametrize("is_upheld", [False, True])
@pytest.mark.parametrize("is_visited", [False, True])
def test_a_correction_leaves_a_miss_that_the_visits_show(app, company: Company, add_visit, is_upheld, is_visited):
    key, boss = f"missed_visit:{company.outlet_id}:2026-10", company.supervisor_id
    with app.app_context():
        run_nightly(date(2026, 11, 2), noon(date(2026, 11, 2)))
    first = call(app, Wish("inspection", company.outlet_id, about_month="2026-10"), "not_visited", date(2026, 11, 16), boss)
    with app.app_context():
        finding_id = db.session.scalars(select(Finding.id).where(Finding.source_key == key)).one()
        if is_upheld:
            decide_finding(finding_id, "upheld", "没有去", boss, noon(date(2026, 11, 16)))
        if is_visited:
            add_visit(company.outlet_id, company.rep_id, "2026-10-20T01:00:00+00:00", received=noon(date(2026, 11, 17)))
        run_nightly(MONDAY, noon(MONDAY))
        second = correct_callback(first, boss, noon(MONDAY)).id
        make_callback(second, "good", "打错了店", boss, noon(MONDAY))
        steps = select(FindingStep.state).where(FindingStep.finding_id == finding_id).order_by(FindingStep.at, FindingStep.id)
        decided = ["upheld"] * is_upheld
        after = ["overtaken" if is_upheld else "dismissed"] * is_visited
        assert list(db.session.scalars(steps)) == ["proposed", *decided, *after]


def test_a_miss_that_rested_on_the_corrected_call_alone_is_left_to_the_night(app, company: Company):
    key, boss = f"missed_visit:{company.outlet_id}:2026-10", company.supervisor_id
    first = call(app, Wish("inspection", company.outlet_id, about_month="2026-10"), "not_visited", date(2026, 11, 16), boss)
    with app.app_context():
        run_nightly(MONDAY, noon(MONDAY))
        make_callback(correct_callback(first, boss, noon(MONDAY)).id, "good", "打错了店", boss, noon(MONDAY))
        finding_id, state = db.session.execute(select(Finding.id, Finding.state).where(Finding.source_key == key)).one()
        assert state == "dismissed"
        run_nightly(date(2026, 11, 24), noon(date(2026, 11, 24)))
        assert db.session.scalar(select(Finding.state).where(Finding.id == finding_id)) == "proposed"
        rests_on = select(FindingEvidence.kind).where(FindingEvidence.finding_id == finding_id)
        assert list(db.session.scalars(rests_on)) == ["outlet_month"]


def test_a_merged_outlets_calls_move_with_what_they_propose(app, company: Company):
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        used_from(app, outlet_id, date(2026, 10, 1))
    call(app, Wish("profile", company.outlet_id), "inaccurate", MONDAY, company.supervisor_id)
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(MONDAY))
    assert {finding[0]: finding[-1] for finding in findings(app)} == {f"inaccurate_file:{company.second_outlet_id}": "proposed"}


def test_a_call_stands_at_the_merged_outlet_when_only_the_first_was_used(app, company: Company):
    used_from(app, company.outlet_id, date(2026, 10, 1))
    call(app, Wish("profile", company.outlet_id), "inaccurate", MONDAY, company.supervisor_id)
    with app.app_context():
        decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "属实", company.supervisor_id, noon(MONDAY))
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(MONDAY))
    assert {finding[0]: finding[-1] for finding in findings(app)} == {f"inaccurate_file:{company.second_outlet_id}": "upheld"}
