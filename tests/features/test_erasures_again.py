"""The list of what was erased: written once, kept beside the copies, and used on a copy that is older than the erasing."""

import os
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from server.audit.models import AuditRow
from server.cli import erase_again
from server.clock import now
from server.db import db
from server.outlets.models import Outlet
from server.people.models import Person
from server.privacy.erasure_list import AGAIN, list_erasures, listed
from server.privacy.outlets import erase_outlet_people
from server.privacy.people import erase_person, person_code
from tests.features.erasing import close_october, let_go
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


@pytest.fixture
def both(app, company: Company, staff: Staff):
    """A rep and an outlet's people who were erased and listed; gives the list."""
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.churned_on, outlet.account_made_on, outlet.person_in_charge = date(2026, 10, 20), date(2026, 9, 1), "司徒翠萍"
        db.session.commit()
        let_go(company.rep_id, company.other_rep_id, staff.ids["root"], now())
        close_october(staff.ids["chief"])
        erase_person(company.rep_id, "本人申请", staff.ids["root"], now())
        erase_outlet_people(company.outlet_id, "本人申请", staff.ids["chief"], now())
        db.session.commit()
        list_erasures(now())
    return app.extensions["xundian"].data / "erasures.txt"


def take_back(company: Company, is_active: bool = False) -> None:
    """As an older copy of the database has it."""
    old = {"erased_at": None, "login": "rep1", "is_active": is_active}
    db.session.execute(update(Person).where(Person.id == company.rep_id).values(old))
    db.session.execute(update(Outlet).where(Outlet.id == company.outlet_id).values(people_erased_at=None, person_in_charge="司徒翠萍"))
    db.session.commit()


def again(app, *words: str):
    return CliRunner().invoke(erase_again, list(words), obj=app)


def test_the_list_names_ids_once_and_only_its_owner_reads_it(app, company: Company, both):
    assert listed(both) == {("person", company.rep_id), ("outlet", company.outlet_id)}
    text = both.read_text()
    assert len(text.splitlines()) == 2 and "赵广田" not in text and "司徒" not in text
    assert os.stat(both).st_mode & 0o077 == 0
    with app.app_context():
        assert list_erasures(now()) == 0
    assert both.read_text() == text


def test_lines_that_were_cut_short_are_passed_over(both):
    both.write_text(both.read_text() + "person 0194\nghost x y\n")
    assert len(listed(both)) == 2


def test_an_older_copy_forgets_again_and_a_second_time_changes_nothing(app, company: Company, both):
    with app.app_context():
        take_back(company)
    first, second = again(app), again(app, str(both))
    assert (first.exit_code, second.exit_code, second.output) == (0, 0, ""), first.output
    assert first.output.splitlines() == [f"outlet {company.outlet_id} erased", f"person {company.rep_id} erased"]
    with app.app_context():
        assert db.session.get_one(Person, company.rep_id).login == person_code(company.rep_id)
        assert db.session.get_one(Outlet, company.outlet_id).person_in_charge == ""
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "person.erased").order_by(AuditRow.id)).all()
        assert [(row.actor_id is None, row.detail["reason"]) for row in rows] == [(False, "本人申请"), (True, AGAIN)]


def test_who_works_there_in_the_copy_is_named_with_the_reason(app, company: Company, both):
    with app.app_context():
        take_back(company, is_active=True)
    answer = again(app)
    assert answer.exit_code == 1
    assert answer.output.splitlines() == [f"outlet {company.outlet_id} erased", f"person {company.rep_id} works_here"]


def test_without_a_list_there_is_nothing_to_do(app):
    answer = again(app)
    assert (answer.exit_code, answer.output) == (0, "")
