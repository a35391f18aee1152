"""Classes of all outlets in a month for which other thresholds hold than before: worked out anew by the night (RULEBOOK §3, §11)."""

from datetime import date, datetime, time

from sqlalchemy import func, select

from server.db import db, read_only
from server.domain.months import SHANGHAI, Month, business_date
from server.domain.outlet_class import ClassInputs, outlet_class
from server.domain.policy import Policy
from server.outlets.classes import reclassify
from server.outlets.models import Outlet
from server.outlets.queries import hold_outlets
from server.policy.models import PolicyValue
from server.policy.queries import policy_of

OF_CLASSES = "class."
CHUNK = 500
INPUTS = (Outlet.chain_outlets, Outlet.is_franchised_or_own_hall, Outlet.floor_area_m2, Outlet.monthly_fee_yuan)


def refresh_classes(now: datetime) -> int:
    """Work out the classes by thresholds that are new this month, or were set late; returns how many outlets differ. Commits in parts.

    What was set by the month's first day is dated that day, in force all month; what was set later today, so that it does not reach back.
    Safe to repeat.
    """
    today = business_date(now)
    month = Month.of_date(today)
    with read_only():
        db.session.rollback()
        set_on, policy = _newly_set_on(month), policy_of(month)
        found = [] if set_on is None else _outdated(policy)
        db.session.rollback()
    for start in range(0, len(found), CHUNK):
        part = found[start : start + CHUNK]
        hold_outlets(set(part))
        query = select(Outlet).where(Outlet.id.in_(part)).order_by(Outlet.id).execution_options(populate_existing=True)
        for outlet in db.session.scalars(query).all():
            reclassify(outlet, policy, month.first_day if set_on is not None and set_on <= month.first_day else today)
        db.session.commit()
    return len(found)


def _newly_set_on(month: Month) -> date | None:
    """The last day on which a threshold was set that begins with this month, or was set in it or the one before; None without any."""
    before = month.previous().first_day
    is_new = (PolicyValue.valid_from > before) | (PolicyValue.set_at >= datetime.combine(before, time(), SHANGHAI))
    query = select(func.max(PolicyValue.set_at)).where(PolicyValue.key.startswith(OF_CLASSES), PolicyValue.valid_from <= month.first_day, is_new)
    set_at = db.session.scalar(query)
    return None if set_at is None else business_date(set_at)


def _outdated(policy: Policy) -> list[str]:
    """Outlets whose file comes to another class or other reasons; a file that says nothing keeps its class."""
    query = select(Outlet.id, Outlet.outlet_class, Outlet.class_reasons, *INPUTS).where(Outlet.removed_at.is_(None)).order_by(Outlet.id)
    found = []
    for outlet_id, letter, reasons, chain, is_hall, area, fee in db.session.execute(query):
        inputs = ClassInputs(chain, is_hall, area, fee)
        verdict = outlet_class(inputs, policy)
        if inputs != ClassInputs() and (verdict.outlet_class, list(verdict.reasons)) != (letter, reasons):
            found.append(outlet_id)
    return found
