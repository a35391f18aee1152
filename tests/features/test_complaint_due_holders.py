"""A complaint left unhandled costs the rep unless ops kept it; the finding says who had it (RULEBOOK §7, §10)."""

from datetime import date

import pytest
from sqlalchemy import select, update

from server.complaints.actions import Intake, assign_complaint, receive_complaint, refresh_findings, release_complaints
from server.complaints.models import Complaint, ComplaintStep
from server.complaints.proposals import propose_unhandled
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingStep
from server.people.models import Person, PersonRole, Role
from server.policy.actions import set_policy
from sync.ids import uuid7
from tests.features.closed_months import chief, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.wages import add_office

RECEIVED, DUE, DAY_AFTER = date(2026, 11, 18), date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def ops(company):
    return add_office("calls", Role.OPS)


@pytest.fixture
def complaint_id(company):
    facts = (uuid7(), company.outlet_id, "settlement", False, False, RECEIVED, "王秀兰", "", "到账慢", "")
    return receive_complaint(Intake(*facts), company.supervisor_id, noon(RECEIVED)).id


def give(company, complaint_id, person_id, on=RECEIVED):
    assign_complaint(complaint_id, person_id, "", company.supervisor_id, noon(on))


def found(day=DAY_AFTER):
    """(person, state) of the findings after that night."""
    for _ in range(2):
        propose_unhandled(noon(day))
        db.session.commit()
    db.session.expire_all()
    return [(one.person_id, one.state) for one in db.session.scalars(select(Finding))]


def reasons():
    return list(db.session.scalars(select(FindingStep.reason).order_by(FindingStep.at, FindingStep.id)))


def test_what_ops_kept_is_nobodys_deduction(company, complaint_id, ops):
    give(company, complaint_id, ops)
    assert found() == []


def test_what_nobody_had_is_the_reps(company, complaint_id):
    assert found() == [(company.rep_id, "proposed")]
    assert reasons() == ["应在 2026-11-23 前处理完，到期时没有分派"]


@pytest.mark.parametrize(("whose", "words"), [("rep_id", "本人"), ("supervisor_id", "市场部同事"), ("other_rep_id", "市场部同事")])
def test_what_the_rep_or_a_colleague_had_is_the_reps_and_the_reason_says_so_without_a_name(company, complaint_id, whose, words):
    give(company, complaint_id, getattr(company, whose))
    assert found() == [(company.rep_id, "proposed")]
    assert reasons() == [f"应在 2026-11-23 前处理完，到期时在{words}手里"]


@pytest.mark.parametrize(("is_known", "words"), [(True, "运维部"), (False, "别人")])
def test_the_reason_speaks_of_ops_where_policy_charges_what_they_kept(company, complaint_id, ops, chief, is_known, words):
    set_policy("complaint.office_kept_charged", "true", date(2026, 11, 1), "旧办法", chief, noon(RECEIVED))
    give(company, complaint_id, ops)
    if not is_known:
        db.session.execute(update(ComplaintStep).where(ComplaintStep.to_id == ops).values(to_id=None, to_office=None))
    assert found() == [(company.rep_id, "proposed")]
    assert reasons() == [f"应在 2026-11-23 前处理完，到期时在{words}手里"]


@pytest.mark.parametrize(("given_on", "is_charged"), [(DUE, False), (DAY_AFTER, True)])
def test_who_had_it_on_the_due_day_is_what_counts(company, complaint_id, ops, given_on, is_charged):
    give(company, complaint_id, company.rep_id)
    give(company, complaint_id, ops, given_on)
    assert found(date(2026, 11, 25)) == ([(company.rep_id, "proposed")] if is_charged else [])


def test_what_ops_gave_away_after_the_due_day_stays_nobodys(company, complaint_id, ops):
    give(company, complaint_id, ops)
    give(company, complaint_id, company.rep_id, DAY_AFTER)
    assert found(date(2026, 11, 25)) == []
    refresh_findings(db.session.get_one(Complaint, complaint_id), company.supervisor_id, noon(date(2026, 11, 25)))
    assert found(date(2026, 11, 25)) == []


def let_go(person_id, on):
    release_complaints(person_id, None, noon(on))
    db.session.commit()


@pytest.mark.parametrize(("on", "words"), [(DUE, "没有分派"), (DAY_AFTER, "在本人手里")])
def test_what_waited_again_on_the_due_day_was_nobodys(company, complaint_id, on, words):
    give(company, complaint_id, company.rep_id)
    let_go(company.rep_id, on)
    assert found(date(2026, 11, 25)) == [(company.rep_id, "proposed")]
    assert reasons() == [f"应在 2026-11-23 前处理完，到期时{words}"]


def test_what_ops_had_when_they_left_stays_nobodys_deduction_until_a_rep_is_given_it(company, complaint_id, ops):
    give(company, complaint_id, ops)
    let_go(ops, DUE)
    assert found() == []
    give(company, complaint_id, company.rep_id, DUE)
    assert found() == [(company.rep_id, "proposed")]


def test_what_ops_had_when_they_left_is_the_reps_where_policy_charges_it(company, complaint_id, ops, chief):
    set_policy("complaint.office_kept_charged", "true", date(2026, 11, 1), "旧办法", chief, noon(RECEIVED))
    give(company, complaint_id, ops)
    let_go(ops, DUE)
    assert found() == [(company.rep_id, "proposed")]
    assert reasons() == ["应在 2026-11-23 前处理完，到期时没有分派"]


def with_roles(person_id, *roles):
    db.session.get_one(Person, person_id).roles = [PersonRole(role=role) for role in roles]
    db.session.commit()


def test_what_the_supervisor_kept_stays_the_reps_when_the_supervisor_becomes_ops(company, complaint_id):
    give(company, complaint_id, company.supervisor_id)
    assert found() == [(company.rep_id, "proposed")]
    with_roles(company.supervisor_id, Role.OPS)
    assert found(date(2026, 11, 25)) == [(company.rep_id, "proposed")]


def test_what_ops_kept_stays_nobodys_when_they_become_supervisors_too(company, complaint_id, ops):
    give(company, complaint_id, ops)
    with_roles(ops, Role.OPS, Role.SUPERVISOR)
    assert found() == []


def test_who_had_both_roles_when_it_was_given_is_not_of_the_office(company, complaint_id, ops):
    with_roles(ops, Role.OPS, Role.REP)
    give(company, complaint_id, ops)
    assert found() == [(company.rep_id, "proposed")]


def test_a_waiting_finding_is_taken_back_and_an_upheld_one_overtaken_when_ops_had_it(company, complaint_id, ops, chief):
    set_policy("complaint.office_kept_charged", "true", date(2026, 11, 1), "旧办法", chief, noon(RECEIVED))
    give(company, complaint_id, ops)
    assert found() == [(company.rep_id, "proposed")]
    set_policy("complaint.office_kept_charged", "false", date(2026, 11, 1), "新办法", chief, noon(DAY_AFTER))
    assert found() == [(company.rep_id, "dismissed")]
    set_policy("complaint.office_kept_charged", "true", date(2026, 11, 1), "旧办法", chief, noon(date(2026, 11, 25)))
    assert found() == [(company.rep_id, "proposed")]
    decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "属实", chief, noon(DAY_AFTER))
    set_policy("complaint.office_kept_charged", "false", date(2026, 11, 1), "新办法", chief, noon(date(2026, 11, 26)))
    assert found(date(2026, 11, 26)) == [(company.rep_id, "upheld")]
    assert db.session.scalars(select(FindingStep.state).order_by(FindingStep.at.desc(), FindingStep.id.desc())).first() == "overtaken"


LAST_YEARS_LAST, FIRST_PAST_IT = date(2027, 11, 30), date(2027, 12, 1)


def test_what_ops_kept_stays_nobodys_past_a_year(company, complaint_id, ops):
    give(company, complaint_id, ops)
    assert [found(day) for day in (LAST_YEARS_LAST, FIRST_PAST_IT)] == [[], []]


@pytest.mark.parametrize(("night", "is_charged"), [(LAST_YEARS_LAST, True), (FIRST_PAST_IT, False)])
def test_nothing_is_proposed_past_a_year(company, complaint_id, night, is_charged):
    assert found(night) == ([(company.rep_id, "proposed")] if is_charged else [])


def test_what_was_proposed_or_upheld_is_left_as_it_is_past_a_year(company, complaint_id, chief):
    found()
    assert found(FIRST_PAST_IT) == [(company.rep_id, "proposed")]
    decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "属实", chief, noon(FIRST_PAST_IT))
    assert found(date(2027, 12, 2)) == [(company.rep_id, "upheld")]
    assert list(db.session.scalars(select(FindingStep.state).order_by(FindingStep.at, FindingStep.id))) == ["proposed", "upheld"]
