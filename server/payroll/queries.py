"""Reading wage sheets within a person's reach."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from server.db import db
from server.domain.months import Month
from server.payroll.models import WageSheet
from server.people.models import Person, Role
from sync.problems import Problem

READERS = (Role.PAYROLL, Role.MANAGER, Role.ADMIN)


def visible_sheet(reader: Person, month: Month, person_id: str) -> WageSheet:
    """The sheet with its lines; `not_found` for whoever may not read it: payroll, manager and admin read all, others their own."""
    if not reader.holds(*READERS) and reader.id != person_id:
        raise Problem("not_found", f"wage sheet {month} {person_id}")
    query = select(WageSheet).where(WageSheet.month == str(month), WageSheet.person_id == person_id)
    sheet = db.session.scalar(query.options(selectinload(WageSheet.lines)))
    if sheet is None:
        raise Problem("not_found", f"wage sheet {month} {person_id}")
    return sheet


def sheets_of_month(month: Month) -> list[tuple[WageSheet, Person]]:
    """Everybody's sheet of a month with its person, by login."""
    query = select(WageSheet, Person).join(Person, Person.id == WageSheet.person_id).where(WageSheet.month == str(month))
    return [(sheet, person) for sheet, person in db.session.execute(query.order_by(Person.login))]


def months_with_sheets() -> list[Month]:
    """Months that have sheets, newest first."""
    return [Month.parse(text) for text in db.session.scalars(select(WageSheet.month).distinct().order_by(WageSheet.month.desc()))]
