"""Taking an import back while others work: whoever was faster is not overwritten."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.db import db
from server.outlets.actions import assign_outlets, take_back_assignment
from server.outlets.identity import enter_identity
from server.outlets.models import Agent, Assignment, Outlet
from server.people.actions import add_person
from server.people.files import PersonFile, change_person
from server.people.models import Person, Role
from server.transactions.assignment_rows import restore_assignments
from server.transactions.models import TableImport
from server.transactions.office import OFFICE_RESTORERS
from server.transactions.standing import undo_obstacle
from sync.problems import Problem
from tests.features.browsing import console
from tests.features.office_tables import ASSIGNMENTS_HEAD, GOOD, RESIDENT_ID, outlet_of, undo
from tests.features.staff import staff  # noqa: F401
from tests.features.table_imports import bring_in
from tests.features.tables import workbook
from tests.features.test_office_imports import snapshot
from tests.sync.conftest import PASSWORD


def test_an_outlet_given_to_somebody_while_an_import_is_taken_back_stays_theirs(app, company, staff, monkeypatch):
    """In PostgreSQL the supervisor is faster than the undo, which has looked already; in SQLite the undo comes first, then the supervisor."""
    root, restore = console(app, "root"), OFFICE_RESTORERS["assignments"]
    place = bring_in(root, workbook([ASSIGNMENTS_HEAD, ["CD-1", "rep2", str(today())], ["CD-2", "rep2", str(today())]]), "assignments")
    with app.app_context():
        heir = add_person("heir", "何小满", PASSWORD, [Role.REP], [company.region_id], now()).id
        db.session.commit()
    is_parallel, given = db_kind(app) == "postgresql", []

    def give() -> None:
        with app.app_context():
            assign_outlets([company.outlet_id], heir, today(), company.supervisor_id, now())

    def late(*words: Any) -> None:
        given.append(pool.submit(give))
        if is_parallel:
            given[0].result(20)
        restore(*words)

    monkeypatch.setitem(OFFICE_RESTORERS, "assignments", late)
    with ThreadPoolExecutor(1) as pool:
        answer = undo(root, place)
        assert answer.status_code == (409 if is_parallel else 303)
        assert ("刚才已经有人办了这一步" in answer.text) == is_parallel
        given[0].result(20)
    with app.app_context():
        query = select(Assignment.outlet_id, Assignment.person_id).where(Assignment.ends_on.is_(None))
        has = {outlet_id: person_id for outlet_id, person_id in db.session.execute(query)}
        assert has[company.outlet_id] == heir
        assert has[company.second_outlet_id] == (company.other_rep_id if is_parallel else company.rep_id)
        assert import_of(place).undone_at is None if is_parallel else import_of(place).undone_at is not None


def test_taking_assignments_back_changes_nothing_when_one_of_them_is_another(app, company, staff):
    root = console(app, "root")
    place = bring_in(root, workbook([ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-11-02"], ["CD-2", "rep2", "2026-11-02"]]), "assignments")
    with app.app_context():
        assign_outlets([company.second_outlet_id], company.rep_id, today(), company.supervisor_id, now())
        before = snapshot()
        with pytest.raises(Problem, match="stale"):
            restore_assignments(import_of(place), staff.ids["root"], now())
        for given in ((company.other_rep_id, date(2026, 11, 1)), (company.rep_id, date(2026, 11, 2))):
            with pytest.raises(Problem, match="stale"):
                take_back_assignment(company.outlet_id, given, None, staff.ids["root"], now())
        db.session.commit()
        assert snapshot() == before


def type_a_document(company, staff) -> None:
    enter_identity(outlet_of("CD-70").id, "resident_id", RESIDENT_ID, staff.ids["chief"], now())


def change_a_person(company, staff) -> None:
    person = db.session.scalars(select(Person).where(Person.login == "rep7")).one()
    change_person(person.id, replace(PersonFile.of(person), name="何大满"), staff.ids["root"], now())
    db.session.commit()


def name_an_agent(company, staff) -> None:
    db.session.get_one(Outlet, company.outlet_id).agent_id = db.session.scalars(select(Agent.id)).one()
    db.session.commit()


@pytest.mark.parametrize(("kind", "deed"), [("outlets", type_a_document), ("people", change_a_person), ("agents", name_an_agent)])
def test_what_somebody_touches_just_before_an_undo_writes_is_kept(app, company, staff, kind, deed):
    """The undo has looked, and found nothing; then the deed came, as PostgreSQL allows."""
    place = bring_in(console(app, "root"), workbook(GOOD[kind]), kind)
    with app.app_context():
        assert undo_obstacle(import_of(place)) == ""
        deed(company, staff)
        before = snapshot()
        with pytest.raises(Problem, match="stale"):
            OFFICE_RESTORERS[kind](import_of(place), staff.ids["root"], now())
        db.session.commit()
        assert snapshot() == before


def import_of(place: str) -> TableImport:
    return db.session.get_one(TableImport, place.rpartition("/")[2])


def db_kind(app) -> str:
    with app.app_context():
        return db.engine.dialect.name
