"""补记: what closed months should have paid more or less by what is known now (RULEBOOK §10, §11).

The differences go into the first month that is still open, each naming the month it belongs to. That month's own policy and
kinds of line hold, and its outlet files as they stood when it was closed. What the cap left of a deduction and policy carries over comes
the same way, and is held to the limit of the month that it comes into.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from server.db import db
from server.domain.months import Month, oldest_corrected
from server.domain.wage_facts import NOTHING, Adjustment, Evidence, WageFacts
from server.domain.wage_kinds import BEYOND_LIMITS, CARRIED
from server.domain.wage_lines import WageLine
from server.domain.wage_sheet import MonthCorrection, month_correction, month_difference, own_lines
from server.payroll import models
from server.payroll.canonical import facts_from, kinds_from, policy_from
from server.payroll.facts import month_facts

CLOSED = "closed"
NO_ACCOUNTS = '"accounts":[]'
NOT_CORRECTED = (CARRIED, BEYOND_LIMITS)


@dataclass(frozen=True)
class Owed:
    """What closed months owe a person, and what the cap left of them to deduct now."""

    adjustments: tuple[Adjustment, ...] = ()
    carried: tuple[Adjustment, ...] = ()


NONE_OWED = Owed()


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


def oldest_open() -> Month | None:
    """The first month that may change: the first open one, or while none was ever closed the oldest with a draft."""
    oldest = db.session.scalar(select(models.WageSheet.month).order_by(models.WageSheet.month).limit(1))
    return first_open() or (None if oldest is None else Month.parse(oldest))


def corrections_for(month: Month, today: date) -> dict[str, Owed]:
    """What is owed by person in the first open month; nothing in any other."""
    if month != first_open():
        return {}
    adjustments: defaultdict[str, list[Adjustment]] = defaultdict(list)
    carried: defaultdict[str, dict[Month, Decimal]] = defaultdict(dict)
    for person_id, amount in _carried(month.previous()):
        carried[person_id][month.previous()] = amount
    for closed in _closed_months(month):
        for person_id, correction in _corrections(closed, today).items():
            adjustments[person_id] += correction.adjustments
            carried[person_id][closed.month] = carried[person_id].get(closed.month, NOTHING) + correction.carried_yuan
    return {person_id: _owed(person_id, adjustments[person_id], carried[person_id]) for person_id in {*adjustments, *carried}}


def _owed(person_id: str, adjustments: list[Adjustment], carried: dict[Month, Decimal]) -> Owed:
    """More carried over before than is right by now comes back as an adjustment."""
    deductions = tuple(Adjustment(month, CARRIED, -amount, (_sheet(person_id, month),)) for month, amount in sorted(carried.items()) if amount)
    if sum(carried.values(), NOTHING) < NOTHING:
        return Owed((*adjustments, *deductions))
    return Owed(tuple(adjustments), deductions)


def _sheet(person_id: str, month: Month) -> Evidence:
    return Evidence("wage_sheet", f"{person_id}:{month}")


def _closed_months(month: Month) -> list[ClosedMonth]:
    """The closed months of the year before, oldest first."""
    query = select(models.WageMonth).where(models.WageMonth.month >= str(oldest_corrected(month)), models.WageMonth.month < str(month))
    rows = list(db.session.scalars(query.order_by(models.WageMonth.month)))
    paid = _paid_lines([row.month for row in rows])
    return [ClosedMonth(row, Month.parse(row.month), paid[row.month]) for row in rows]


def _paid_lines(months: list[str]) -> defaultdict[str, defaultdict[str, list[WageLine]]]:
    """Closed lines by the month that they belong to and the person, without those that correct no kind of line."""
    found: defaultdict[str, defaultdict[str, list[WageLine]]] = defaultdict(lambda: defaultdict(list))
    columns = (models.WageSheet.person_id, models.WageSheet.month, models.WageLine.of_month, models.WageLine.kind)
    query = select(*columns, models.WageLine.amount_yuan, models.WageLine.evidence).join(models.WageLine)
    query = query.where(
        models.WageSheet.state == CLOSED, models.WageSheet.month >= (min(months) if months else ""), models.WageLine.kind.not_in(NOT_CORRECTED)
    )
    query = query.order_by(models.WageSheet.month, models.WageLine.sheet_id, models.WageLine.position)
    for person_id, month, of_month, kind, amount, evidence in db.session.execute(query):
        records = tuple(Evidence(one["kind"], one["id"]) for one in evidence)
        found[of_month or month][person_id].append(WageLine(kind, Decimal(1), None, amount, "", records))
    return found


def _corrections(closed: ClosedMonth, today: date) -> dict[str, MonthCorrection]:
    policy, kinds = policy_from(closed.row.policy_values), kinds_from(closed.row.kinds)
    known = month_facts(closed.month, today, policy, closed_files(closed.month))
    facts = {person_id: known.of(person_id, closed.month) for person_id in sorted({*known.by_person, *closed.paid})}
    changed = [
        person_id for person_id, one in facts.items() if month_difference(closed.month, closed.paid.get(person_id, ()), own_lines(one, policy, kinds))
    ]
    kept = _kept_facts(closed.month, changed)
    found = {}
    for person_id in changed:
        before = kept.get(person_id)
        then = facts[person_id] if before is None else replace(facts[person_id], adjustments=before.adjustments, carried=before.carried)
        evidence = () if before is None else (_sheet(person_id, closed.month),)
        found[person_id] = month_correction(then, closed.paid.get(person_id, ()), policy, kinds, evidence)
    return found


def _kept_facts(month: Month, person_ids: list[str]) -> dict[str, WageFacts]:
    """What the closed sheets of some people stood on."""
    sheet = models.WageSheet
    query = select(sheet.person_id, sheet.facts).where(sheet.month == str(month), sheet.state == CLOSED, sheet.person_id.in_(person_ids))
    return {person_id: facts_from(json.loads(text)["facts"]) for person_id, text in db.session.execute(query) if text}


def closed_files(month: Month) -> dict[str, tuple[str, ...]]:
    """What the files of the month's new accounts lacked when it was closed, by outlet."""
    query = select(models.WageSheet.facts).where(models.WageSheet.month == str(month), models.WageSheet.state == CLOSED)
    query = query.where(~models.WageSheet.facts.contains(NO_ACCOUNTS))  # most people made no account, and the texts are long
    return dict(_file_rows(db.session.scalars(query)))


def _file_rows(texts: Iterable[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for text in texts:
        for outlet_id, missing, _reasons in json.loads(text)["accounts"]:
            yield outlet_id, tuple(missing)


def _carried(month: Month) -> list[tuple[str, Decimal]]:
    """(person id, yuan) of what the cap left in the month and policy carries over."""
    columns = (models.WageSheet.person_id, models.WageSheet.carried_yuan)
    query = select(*columns).where(models.WageSheet.month == str(month), models.WageSheet.state == CLOSED, models.WageSheet.carried_yuan > NOTHING)
    return [(person_id, amount) for person_id, amount in db.session.execute(query)]
