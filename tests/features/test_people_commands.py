"""`xundian user …`: deactivating as leaving in the console, where the last administrator stays; a link for a phone."""

from click.testing import CliRunner
from sqlalchemy import select

from server.audit.models import AuditRow
from server.cli_people import person_group
from server.clock import today
from server.db import db
from server.outlets.models import Assignment
from server.people.models import Person
from tests.features.staff import staff  # noqa: F401


def test_a_deactivated_rep_leaves_today_and_the_outlets_wait(app, company, staff):
    answer = CliRunner().invoke(person_group, ["deactivate", "rep1"], obj=app)
    assert answer.exit_code == 0, answer.output
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.login == "rep1")).one()
        assert (person.is_active, person.ends_on) == (False, today())
        assert set(db.session.scalars(select(Assignment.ends_on).where(Assignment.person_id == person.id))) == {today()}
    assert CliRunner().invoke(person_group, ["deactivate", "rep1"], obj=app).exit_code == 1


def test_the_last_administrator_is_not_deactivated(app, company, staff):
    answer = CliRunner().invoke(person_group, ["deactivate", "root"], obj=app)
    assert answer.exit_code == 1 and "last_admin" in answer.output
    with app.app_context():
        assert db.session.scalars(select(Person.is_active).where(Person.login == "root")).one()


def test_a_sign_in_link_from_the_command_line_is_noted(app, company, staff):
    made = CliRunner().invoke(person_group, ["sign-in-link", "rep1", "--base-url", "https://x.example"], obj=app)
    assert made.exit_code == 0 and made.output.startswith("https://x.example/m/#/link/")
    with app.app_context():
        query = select(AuditRow.actor_id, AuditRow.subject_type, AuditRow.subject_id).where(AuditRow.action == "device.code_made")
        assert [tuple(row) for row in db.session.execute(query)] == [(None, "person", company.rep_id)]
