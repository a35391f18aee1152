"""The class of an outlet by date (RULEBOOK §3): the one on a month's first day sets what it owes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.months import Month, business_date
from server.domain.outlet_class import ClassInputs, outlet_class
from server.domain.policy import Policy
from server.outlets.models import Outlet, OutletClassChange
from server.policy.queries import policy_of
from sync.ids import uuid7


def inputs_of(outlet: Any) -> ClassInputs:
    """What the class is made from, of an `Outlet` or a row with its columns."""
    return ClassInputs(outlet.chain_outlets, outlet.is_franchised_or_own_hall, outlet.floor_area_m2, outlet.monthly_fee_yuan)


def refresh_class(outlet: Outlet, now: datetime) -> None:
    """Compute the class anew when what it is made from has changed; the change is dated today (RULEBOOK §3)."""
    today = business_date(now)
    reclassify(outlet, policy_of(Month.of_date(today)), today)


def reclassify(outlet: Outlet, policy: Policy, day: date) -> None:
    """The class by a policy, a change dated this day; a file that says nothing keeps its class."""
    inputs = inputs_of(outlet)
    if inputs == ClassInputs():
        return
    verdict = outlet_class(inputs, policy)
    has_changed = verdict.outlet_class != outlet.outlet_class
    if has_changed and _first_day(outlet) < day:
        date_first_class(outlet)
    outlet.outlet_class, outlet.class_reasons = verdict.outlet_class, list(verdict.reasons)
    if has_changed:
        db.session.add(_dated(outlet, max(day, _first_day(outlet))))


def date_first_class(outlet: Outlet) -> None:
    """Where no class is dated the present one holds from the outlet's first day, so that no later change reaches back."""
    if db.session.scalar(select(OutletClassChange.id).where(OutletClassChange.outlet_id == outlet.id).limit(1)) is None:
        db.session.add(_dated(outlet, _first_day(outlet)))


def _first_day(outlet: Outlet) -> date:
    """Files of customers from before may be approved on a day before they were entered."""
    days = (business_date(outlet.created_at), outlet.approved_on, outlet.account_made_on)
    return min(day for day in days if day is not None)


def _dated(outlet: Outlet, day: date) -> OutletClassChange:
    change = OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class=outlet.outlet_class, reasons=list(outlet.class_reasons or []))
    change.valid_from = day
    return change
