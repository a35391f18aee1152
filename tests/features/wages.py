"""Wages as tests look at them, and the facts that make them."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from server.clock import now
from server.db import db
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding
from server.payroll.models import WageSheet
from server.people.actions import add_person
from server.people.models import Person, Role
from server.transactions.models import OutletTransfer
from tests.features.conftest import noon
from tests.sync.conftest import PASSWORD

OCTOBER, NOVEMBER = "2026-10", "2026-11"
NOVEMBER_2, DECEMBER_2 = date(2026, 11, 2), date(2026, 12, 2)


def add_office(login: str, role: Role) -> str:
    """Somebody in the office with one role; commits and answers with the id."""
    person = add_person(login, "郑怀远", PASSWORD, [role], [], now())
    db.session.commit()
    return person.id


def upheld(person_id: str, by_id: str, month: str = NOVEMBER, kind: str = "churned", on: date = NOVEMBER_2, outlet_id: str | None = None) -> str:
    """A finding that the manager upheld that day; commits and answers with its id."""
    key = f"{kind}:{person_id}:{outlet_id}:{month}:{on}"
    evidence = ((("outlet", outlet_id),) if outlet_id else ()) or (("person", person_id),)
    propose_findings([Proposal(key, kind, month, person_id, outlet_id, Decimal("30.00"), "-", evidence)], noon(on))
    db.session.commit()
    finding_id = db.session.scalars(select(Finding.id).where(Finding.source_key == key)).one()
    decide_finding(finding_id, "upheld", "核实属实", by_id, noon(on))
    return finding_id


def moved(outlet_id: str, on: date, amount: str) -> None:
    """Money that a customer moved on a day; commits."""
    db.session.add(OutletTransfer(outlet_id=outlet_id, on=on, amount_yuan=Decimal(amount)))
    db.session.commit()


def sheet_of(person_id: str, month: str = NOVEMBER) -> WageSheet | None:
    db.session.expire_all()
    query = select(WageSheet).where(WageSheet.person_id == person_id, WageSheet.month == month)
    return db.session.scalar(query.options(selectinload(WageSheet.lines)))


def lines_of(person_id: str, month: str = NOVEMBER) -> dict[str, str]:
    """Amounts by kind; adjustments by `<month> <kind>`."""
    sheet = sheet_of(person_id, month)
    return {} if sheet is None else {f"{line.of_month} {line.kind}".strip(): str(line.amount_yuan) for line in sheet.lines}


def total_of(person_id: str, month: str = NOVEMBER) -> str:
    sheet = sheet_of(person_id, month)
    return "" if sheet is None else str(sheet.total_yuan)


def person_of(login: str) -> Person:
    return db.session.scalars(select(Person).where(Person.login == login)).one()
