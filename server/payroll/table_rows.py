"""Everybody's paid month in a few statements, for spreadsheets."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import defer

from server.db import db
from server.domain.months import Month
from server.domain.wage_facts import NOTHING
from server.payroll.models import WageLine, WageSheet
from server.people.models import Person, PersonRegion, Region


@dataclass(frozen=True)
class PaidPerson:
    """`lines` are the month's own amounts by kind; adjustments are in the sheet's total of them."""

    login: str
    name: str
    regions: str
    sheet: WageSheet
    lines: dict[str, Decimal]

    def amount(self, kind: str) -> Decimal:
        return self.lines.get(kind, NOTHING)


def paid_people(month: Month) -> list[PaidPerson]:
    """Everybody with a sheet of the month, by login."""
    query = select(WageSheet, Person.login, Person.name).join(Person, Person.id == WageSheet.person_id).where(WageSheet.month == str(month))
    rows = list(db.session.execute(query.options(defer(WageSheet.facts, raiseload=True)).order_by(Person.login)))
    lines, regions = _lines(month), _regions()
    return [PaidPerson(login, name, "、".join(regions[sheet.person_id]), sheet, lines[sheet.id]) for sheet, login, name in rows]


def _lines(month: Month) -> defaultdict[str, dict[str, Decimal]]:
    query = select(WageLine.sheet_id, WageLine.kind, WageLine.amount_yuan).join(WageSheet, WageSheet.id == WageLine.sheet_id)
    found: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for sheet_id, kind, amount in db.session.execute(query.where(WageSheet.month == str(month), WageLine.of_month == "")):
        found[sheet_id][kind] = amount
    return found


def _regions() -> defaultdict[str, list[str]]:
    query = select(PersonRegion.person_id, Region.name).join(Region, Region.id == PersonRegion.region_id).order_by(Region.name)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for person_id, name in db.session.execute(query):
        found[person_id].append(name)
    return found
