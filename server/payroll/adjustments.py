"""补记: what closed months should have paid more or less by what is known now (RULEBOOK §10, §11).

The differences go into the first month that is still open, each naming the month it belongs to. That month's own policy and
kinds of line hold, and its outlet files as they stood when it was closed. A deduction carried over by policy comes the same way.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.wage_facts import NOTHING, Adjustment, Evidence
from server.domain.wage_lines import WageLine
from server.domain.wage_sheet import month_difference, wage_sheet
from server.payroll import models
from server.payroll.canonical import kinds_from, policy_from
from server.payroll.facts import month_facts
from server.payroll.kinds import CARRIED

CLOSED = "closed"
NO_ACCOUNTS = '"accounts":[]'
Adjustments = dict[str, tuple[Adjustment, ...]]


@dataclass(frozen=True)
class ClosedMonth:
    """A closed month with what was paid for it, by person: its own lines and the adjustments made for it since."""

    row: models.WageMonth
    month: Month
    paid: dict[str, list[WageLine]]


def newest_closed() -> Month | None:
    """The last month that was closed."""
    text = db.session.scalar(select(models.WageMonth.month).order_by(models.WageMonth.month.desc()).limit(1))
    return None if text is None else Month.parse(text)


def first_open() -> Month | None:
    """The month behind the last closed one; None while none was ever closed."""
    newest = newest_closed()
    return None if newest is None else newest.next()


def adjustments_for(month: Month, today: date) -> Adjustments:
    """Adjustments by person for the first open month; nothing for any other."""
    if month != first_open():
        return {}
    found: defaultdict[str, list[Adjustment]] = defaultdict(list)
    for closed in _closed_months(month):
        for person_id, differences in _differences(closed, today).items():
            found[person_id] += differences
    for person_id, carried in _carried(month.previous()).items():
        found[person_id].append(carried)
    return {person_id: tuple(adjustments) for person_id, adjustments in found.items()}


def _closed_months(month: Month) -> list[ClosedMonth]:
    """The closed months of the year before, oldest first."""
    oldest = Month(month.year - 1, month.month)
    query = select(models.WageMonth).where(models.WageMonth.month >= str(oldest), models.WageMonth.month < str(month))
    rows = list(db.session.scalars(query.order_by(models.WageMonth.month)))
    paid = _paid_lines([row.month for row in rows])
    return [ClosedMonth(row, Month.parse(row.month), paid[row.month]) for row in rows]


def _paid_lines(months: list[str]) -> defaultdict[str, defaultdict[str, list[WageLine]]]:
    """Closed lines by the month that they belong to and the person; a carried-over deduction is no correction."""
    found: defaultdict[str, defaultdict[str, list[WageLine]]] = defaultdict(lambda: defaultdict(list))
    columns = (models.WageSheet.person_id, models.WageSheet.month, models.WageLine.of_month, models.WageLine.kind)
    query = select(*columns, models.WageLine.amount_yuan, models.WageLine.evidence).join(models.WageLine)
    query = query.where(models.WageSheet.state == CLOSED, models.WageSheet.month >= (min(months) if months else ""), models.WageLine.kind != CARRIED)
    query = query.order_by(models.WageSheet.month, models.WageLine.sheet_id, models.WageLine.position)
    for person_id, month, of_month, kind, amount, evidence in db.session.execute(query):
        records = tuple(Evidence(one["kind"], one["id"]) for one in evidence)
        found[of_month or month][person_id].append(WageLine(kind, Decimal(1), None, amount, "", records))
    return found


def _differences(closed: ClosedMonth, today: date) -> Adjustments:
    policy, kinds = policy_from(closed.row.policy_values), kinds_from(closed.row.kinds)
    facts = month_facts(closed.month, today, policy, closed_files(closed.month))
    found = {}
    for person_id in sorted({*facts.by_person, *closed.paid}):
        recomputed = wage_sheet(facts.of(person_id, closed.month), policy, kinds).lines
        differences = month_difference(closed.month, closed.paid.get(person_id, ()), recomputed)
        if differences:
            found[person_id] = differences
    return found


def closed_files(month: Month) -> dict[str, tuple[str, ...]]:
    """What the files of the month's new accounts lacked when it was closed, by outlet."""
    query = select(models.WageSheet.facts).where(models.WageSheet.month == str(month), models.WageSheet.state == CLOSED)
    query = query.where(~models.WageSheet.facts.contains(NO_ACCOUNTS))  # most people made no account, and the texts are long
    return dict(_file_rows(db.session.scalars(query)))


def _file_rows(texts: Iterable[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for text in texts:
        for outlet_id, missing, _reasons in json.loads(text)["accounts"]:
            yield outlet_id, tuple(missing)


def _carried(month: Month) -> dict[str, Adjustment]:
    """What the cap left in the month and policy carries over, as deductions of the next."""
    columns = (models.WageSheet.person_id, models.WageSheet.carried_yuan)
    query = select(*columns).where(models.WageSheet.month == str(month), models.WageSheet.state == CLOSED, models.WageSheet.carried_yuan > NOTHING)
    return {
        person_id: Adjustment(month, CARRIED, -amount, (Evidence("wage_sheet", f"{person_id}:{month}"),))
        for person_id, amount in db.session.execute(query)
    }
