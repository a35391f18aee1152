"""Who takes or loses the role of a rep is one from that day on, or up to the day before: months that are over stay as they were."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.payroll.actions import draft_month as draft
from server.payroll.facts_people import active_days_of
from server.people.files import PersonFile, change_person
from server.people.models import Person, PersonRole, RepSpell, Role
from tests.features.closed_months import NOV, OCT, chief, closed_october, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.wages import OCTOBER, add_office, lines_of, upheld

NOVEMBER_20 = date(2026, 11, 20)


def works_since_january(person_id):
    person = db.session.get_one(Person, person_id)
    person.starts_on, person.created_at = date(2026, 1, 1), noon(date(2026, 1, 2))
    db.session.commit()
    return person_id


def change_roles(person_id, roles, by_id, on=NOVEMBER_20):
    file = PersonFile.of(db.session.get_one(Person, person_id))
    region_ids = file.region_ids or tuple(db.session.get_one(Person, by_id).region_ids)
    change_person(person_id, replace(file, roles=roles, region_ids=region_ids), by_id, noon(on))
    db.session.commit()


def spells(person_id):
    query = select(RepSpell.starts_on, RepSpell.ends_on).where(RepSpell.person_id == person_id).order_by(RepSpell.ends_on)
    return [tuple(row) for row in db.session.execute(query)]


def has_base(person_id, month):
    """Whether somebody without outlets is paid for the month."""
    found = active_days_of(month, []).get(person_id)
    return found is not None and found.has_any


def test_a_clerk_who_becomes_a_rep_is_paid_from_that_month_on(company, chief):
    clerk = works_since_january(add_office("ops1", Role.OPS))
    closed_october(company, chief)
    change_roles(clerk, (Role.REP, Role.OPS), company.supervisor_id)
    draft(NOV, noon(NOVEMBER_20))
    assert lines_of(clerk) == {"base": "1100.00"}
    assert spells(clerk) == [(NOVEMBER_20, None)]
    assert [has_base(clerk, month) for month in (OCT, NOV, Month(2026, 12))] == [False, True, True]


def test_a_rep_who_becomes_a_supervisor_keeps_what_was_paid_and_the_month_begun(company, chief):
    rep = works_since_january(company.other_rep_id)
    closed_october(company, chief)
    assert lines_of(rep, OCTOBER) == {"base": "1100.00"}
    change_roles(rep, (Role.SUPERVISOR,), company.supervisor_id)
    draft(NOV, noon(NOVEMBER_20))
    assert lines_of(rep) == {"base": "1100.00"}
    assert spells(rep) == [(None, date(2026, 11, 19))]
    assert [has_base(rep, month) for month in (OCT, NOV, Month(2026, 12))] == [True, True, False]


def test_the_role_lost_on_the_first_of_a_month_pays_nothing_for_it(company, chief):
    rep = works_since_january(company.other_rep_id)
    change_roles(rep, (Role.SUPERVISOR,), company.supervisor_id, on=date(2026, 11, 1))
    assert [has_base(rep, month) for month in (OCT, NOV)] == [True, False]


def test_a_finding_about_the_month_before_pays_no_base_to_whoever_is_no_rep_any_more(company, chief):
    rep = works_since_january(company.other_rep_id)
    change_roles(rep, (Role.SUPERVISOR,), company.supervisor_id, on=date(2026, 11, 1))
    draft(NOV, noon(NOVEMBER_20))
    assert lines_of(rep) == {}
    upheld(rep, chief, on=date(2026, 11, 5), outlet_id=company.outlet_id)
    draft(NOV, noon(NOVEMBER_20))
    assert lines_of(rep) == {"deduct_churned": "-30.00"}


def test_outlets_held_in_the_month_pay_it_whole_whatever_the_role(company, chief):
    rep = works_since_january(company.rep_id)
    change_roles(rep, (Role.SUPERVISOR,), company.supervisor_id, on=date(2026, 11, 1))
    upheld(rep, chief, on=date(2026, 11, 5), outlet_id=company.outlet_id)
    draft(NOV, noon(NOVEMBER_20))
    assert (lines_of(rep)["base"], lines_of(rep)["deduct_churned"]) == ("1100.00", "-30.00")


def test_the_same_roles_again_and_other_changes_leave_the_days_alone(company, chief):
    rep = works_since_january(company.other_rep_id)
    change_roles(rep, (Role.REP,), company.supervisor_id)
    change_roles(rep, (Role.REP, Role.SUPERVISOR), company.supervisor_id)
    assert spells(rep) == []
    assert has_base(rep, OCT)


def test_a_role_taken_by_mistake_and_given_back_that_day_leaves_no_gap(company, chief):
    rep = works_since_january(company.other_rep_id)
    change_roles(rep, (Role.SUPERVISOR,), company.supervisor_id)
    change_roles(rep, (Role.REP,), company.supervisor_id)
    assert spells(rep) == [(None, None)]


def test_a_role_given_by_mistake_and_taken_that_day_pays_nothing(company, chief):
    clerk = works_since_january(add_office("ops1", Role.OPS))
    change_roles(clerk, (Role.REP, Role.OPS), company.supervisor_id)
    change_roles(clerk, (Role.OPS,), company.supervisor_id)
    assert spells(clerk) == []
    assert not has_base(clerk, NOV)


def test_an_account_made_with_the_wrong_role_and_put_right_that_day_was_never_a_reps(company, chief):
    rep = works_since_january(company.other_rep_id)
    db.session.get_one(Person, rep).created_at = noon(NOVEMBER_20)
    change_roles(rep, (Role.OPS,), company.supervisor_id)
    assert spells(rep) == []
    assert not has_base(rep, OCT)


def test_a_rep_again_after_months_is_paid_for_the_days_on_both_sides(company, chief):
    rep = works_since_january(company.other_rep_id)
    change_roles(rep, (Role.OPS,), company.supervisor_id, on=date(2026, 8, 10))
    change_roles(rep, (Role.REP,), company.supervisor_id, on=NOVEMBER_20)
    assert set(spells(rep)) == {(None, date(2026, 8, 9)), (NOVEMBER_20, None)}
    assert [month for month in range(7, 13) if has_base(rep, Month(2026, month))] == [7, 8, 11, 12]


def test_pay_by_working_days_counts_those_as_a_rep(company, chief):
    clerk = works_since_january(add_office("ops1", Role.OPS))
    change_roles(clerk, (Role.REP, Role.OPS), company.supervisor_id)
    found = active_days_of(NOV, [])[clerk]
    assert (found.working, found.of_working) == (7, 21)


def test_whoever_has_a_role_without_dated_days_has_it_since_the_start(company, chief):
    clerk = works_since_january(add_office("ops1", Role.OPS))
    db.session.add(PersonRole(person_id=clerk, role=Role.REP))
    db.session.commit()
    assert has_base(clerk, OCT)
