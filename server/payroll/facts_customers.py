"""New customers 新增客户 of a month (RULEBOOK §10), credited to the rep of the day the account was made."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, case, func, literal, select

from server.callbacks.models import CallBack
from server.db import db
from server.domain.callbacks import STRIKE_OUTS
from server.domain.months import Month
from server.domain.new_customers import NewCustomerFacts, Transfer, new_customer_verdict, transfer_window
from server.domain.policy import Policy
from server.domain.wage_facts import NOTHING, Evidence
from server.outlets.complete_files import PHOTO_SLOTS, TEXTS, missing_fields
from server.outlets.models import Assignment, Outlet
from server.outlets.responsible import is_in_force
from server.transactions.models import OutletTransfer
from server.visits.models import Visit, VisitPhoto


@dataclass(frozen=True)
class Account:
    """An account made in the month: what the outlet's file lacks, and every reason why it does not count as new."""

    outlet_id: str
    missing: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Customers:
    """By rep: the outlets that count, and every account made in the month."""

    counting: dict[str, tuple[Evidence, ...]]
    accounts: dict[str, tuple[Account, ...]]


def new_customers_by_rep(month: Month, policy: Policy, closed_files: Mapping[str, tuple[str, ...]]) -> Customers:
    """Judge every account made in the month; `closed_files` stands for the files of outlets that it names."""
    transferred = _transferred(month, policy)
    counting: defaultdict[str, list[Evidence]] = defaultdict(list)
    accounts: defaultdict[str, list[Account]] = defaultdict(list)
    for row in db.session.execute(_accounts(month)):
        missing = closed_files[row.id] if row.id in closed_files else missing_fields(row, row.has_visit_photo)
        total = Transfer(row.account_made_on, transferred.get(row.id, NOTHING))
        facts = NewCustomerFacts(row.account_made_on, (total,), missing, row.is_struck_out)
        verdict = new_customer_verdict(facts, month, policy)
        accounts[row.person_id].append(Account(row.id, missing, verdict.reasons))
        if verdict.counts:
            counting[row.person_id].append(Evidence("outlet", row.id))
    return Customers({rep: tuple(found) for rep, found in counting.items()}, {rep: tuple(found) for rep, found in accounts.items()})


def _accounts(month: Month) -> Any:
    """Accounts made in the month, each with the rep of that day; pool outlets are credited to nobody."""
    that_day = is_in_force(Outlet.account_made_on)
    columns = [Assignment.person_id, Outlet.id, Outlet.account_made_on, *file_columns()]
    query = select(*columns).join(Assignment, (Assignment.outlet_id == Outlet.id) & that_day)
    is_made_now = Outlet.account_made_on.between(month.first_day, month.last_day)
    return query.where(is_made_now, Outlet.removed_at.is_(None)).order_by(Outlet.account_made_on, Outlet.id)


def file_columns() -> list[Any]:
    """What an outlet's file holds, for `missing_fields`, and whether a call-back struck the customer out."""
    slots = select(VisitPhoto.visit_id).join(Visit, Visit.id == VisitPhoto.visit_id)
    of_visits = slots.where(Visit.outlet_id == Outlet.id, VisitPhoto.slot.in_(PHOTO_SLOTS)).exists()
    in_force = (CallBack.kind == "new_customer", CallBack.outcome.in_(STRIKE_OUTS), CallBack.corrected_by_id.is_(None))
    struck = select(CallBack.id).where(CallBack.outlet_id == Outlet.id, *in_force)
    own = [Outlet.storefront_photo, Outlet.counter_photo, *(getattr(Outlet, column) for column in TEXTS.values())]
    return [*own, of_visits.label("has_visit_photo"), struck.exists().label("is_struck_out")]


def _transferred(month: Month, policy: Policy) -> dict[str, Decimal]:
    """What each account of the month moved within its window."""
    days = [date(month.year, month.month, number) for number in range(1, month.last_day.day + 1)]
    windows = {day: transfer_window(day, policy) for day in days}
    first, last = (_by_day({day: window[end] for day, window in windows.items()}) for end in (0, 1))
    query = select(OutletTransfer.outlet_id, func.sum(OutletTransfer.amount_yuan)).join(Outlet, Outlet.id == OutletTransfer.outlet_id)
    query = query.where(Outlet.account_made_on.between(month.first_day, month.last_day), OutletTransfer.on >= first, OutletTransfer.on <= last)
    return {outlet_id: amount for outlet_id, amount in db.session.execute(query.group_by(OutletTransfer.outlet_id))}


def _by_day(ends: dict[date, date]) -> Any:
    """The end of each account's window by the day it was made; one value when they are all the same."""
    if len(set(ends.values())) == 1:
        return literal(next(iter(ends.values())), Date)
    return case(*((Outlet.account_made_on == day, literal(end, Date)) for day, end in ends.items()))
