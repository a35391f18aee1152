"""Reading wage sheets within a person's reach."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, ScalarSelect, case, func, literal, select
from sqlalchemy.orm import defer, selectinload

from server.db import Yuan, db
from server.domain.months import Month
from server.domain.wage_facts import NOTHING
from server.payroll.models import PayslipStep, WageSheet
from server.payroll.payslips import CONFIRMED, OBJECTED, SEEN, is_of_trial
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


@dataclass(frozen=True)
class ListedSheet:
    """`answer` is the step of the person (or the office) that counts now, empty for none."""

    sheet: WageSheet
    person: Person
    answer: str


def sheets_of_month(month: Month) -> list[ListedSheet]:
    """Everybody's sheet of a month with its person, by login; the long texts that explain it are left out."""
    query = select(WageSheet, Person, last_action()).join(Person, Person.id == WageSheet.person_id)
    query = query.where(WageSheet.month == str(month)).options(defer(WageSheet.facts, raiseload=True)).order_by(Person.login)
    return [ListedSheet(sheet, person, answer or "") for sheet, person, answer in db.session.execute(query)]


def last_action() -> ScalarSelect[str]:
    """The step with a `WageSheet` that counts now, as `payslips.standing` has it; NULL for none."""
    counted = case(((PayslipStep.action == CONFIRMED) & is_of_trial(), SEEN), else_=PayslipStep.action)
    newest = (PayslipStep.action == SEEN, PayslipStep.at.desc(), PayslipStep.id.desc())
    return select(counted).where(PayslipStep.sheet_id == WageSheet.id).order_by(*newest).limit(1).correlate(WageSheet).scalar_subquery()


def is_objected() -> ColumnElement[bool]:
    """The condition on `WageSheet` that an objection to it waits for its answer."""
    objected = select(PayslipStep.sheet_id).where(PayslipStep.action == OBJECTED)
    return WageSheet.id.in_(objected) & (last_action() == OBJECTED)


def objected_months() -> dict[Month, int]:
    """How many sheets wait for an answer to their objection, by month, oldest first."""
    query = select(WageSheet.month, func.count(WageSheet.id)).where(is_objected())
    return {Month.parse(text): count for text, count in db.session.execute(query.group_by(WageSheet.month).order_by(WageSheet.month))}


@dataclass(frozen=True)
class MonthTotals:
    people: int
    gross_yuan: Decimal
    deductions_yuan: Decimal
    adjustments_yuan: Decimal
    total_yuan: Decimal


def month_totals(month: Month) -> MonthTotals:
    """Sums over all sheets of a month."""
    sums = (WageSheet.gross_yuan, WageSheet.deductions_yuan, WageSheet.adjustments_yuan, WageSheet.total_yuan)
    query = select(func.count(WageSheet.id), *(func.coalesce(func.sum(column), literal(NOTHING, Yuan)) for column in sums))
    count, *amounts = db.session.execute(query.where(WageSheet.month == str(month))).one()
    return MonthTotals(count, *amounts)


def months_with_sheets() -> list[Month]:
    """Months that have sheets, newest first."""
    return [Month.parse(text) for text in db.session.scalars(select(WageSheet.month).distinct().order_by(WageSheet.month.desc()))]
