"""What the features know of one person, each part within the reader's reach and one query: outlets, phones, visits, findings, wages."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import aliased

from server.db import db
from server.devices.models import Device, SignInCode
from server.domain.months import Month
from server.findings.models import Finding
from server.findings.views import READERS as FINDING_READERS
from server.findings.views import is_visible_finding
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import is_visible
from server.outlets.responsible import is_held_on
from server.payroll.models import WageSheet
from server.payroll.queries import READERS as WAGE_READERS
from server.people.device_views import MANAGERS, may_revoke
from server.people.models import Person
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import PlanDay
from server.visits.queries import is_visible_visit

LATEST = 10
SHOWN_OUTLETS = 100
SHOWN_MONTHS = 6


@dataclass(frozen=True)
class OwnMonth:
    """The running month at the outlets that somebody has today: visits planned, made as planned, and still to make.

    `missed` are those whose planned day is over without a visit on any day of the month so far, days of standing in for somebody included
    and days on which somebody else stood in left out.
    """

    outlets: int
    planned: int
    done: int
    left: int
    missed: int


def held_outlets(reader: Person, person: Person, today: date) -> list[Any]:
    """Outlets that the person is responsible for today, by code, each with its row of the running month, if any."""
    month = (OutletMonth.outlet_id == Outlet.id) & (OutletMonth.month == str(Month.of_date(today)))
    columns = (Outlet.id, Outlet.code, Outlet.name, Outlet.outlet_class, Outlet.address)
    of_month = (OutletMonth.owed, OutletMonth.planned, OutletMonth.counted, OutletMonth.state)
    query = select(*columns, *of_month).join(Assignment, is_held_on(Outlet.id, today)).outerjoin(OutletMonth, month)
    return list(db.session.execute(query.where(Assignment.person_id == person.id, is_visible(reader, today)).order_by(Outlet.code)))


def own_month(outlets: list[Any], person: Person, today: date) -> OwnMonth:
    """The sums of `held_outlets`, and what the plan's days say."""
    month = Month.of_date(today)
    not_made = func.coalesce(func.sum(PlanDay.planned - PlanDay.on_day - PlanDay.in_month), 0)
    missed = db.session.scalar(select(not_made).where(PlanDay.rep_id == person.id, PlanDay.day.between(month.first_day, month.last_day))) or 0
    planned = sum(row.planned or 0 for row in outlets)
    done = sum(min(row.counted or 0, row.planned or 0) for row in outlets)
    return OwnMonth(len(outlets), planned, done, planned - done, int(missed))


def own_phones(reader: Person, person: Person) -> list[Any] | None:
    """The person's phones in use, newest first; None for whoever manages no phones and asks for another's.

    Each with the privacy notice accepted on it, and as `code_by` the name of who made the code that signed it in, if one did.
    """
    is_own = reader.id == person.id
    if not is_own and not reader.holds(*MANAGERS):
        return None
    columns = (Device.label, Device.created_at, Device.last_seen_at, Device.notice_version, Device.notice_accepted_at)
    maker = aliased(Person)
    query = select(*columns, maker.name.label("code_by")).join(Person, Person.id == Device.person_id)
    query = query.outerjoin(SignInCode, SignInCode.device_id == Device.id).outerjoin(maker, maker.id == SignInCode.made_by_id)
    query = query.where(Device.person_id == person.id, Device.revoked_at.is_(None), true() if is_own else may_revoke(reader))
    return list(db.session.execute(query.order_by(Device.created_at.desc(), Device.id).limit(LATEST)))


def latest_visits(reader: Person, person: Person, today: date) -> list[Any]:
    """The last `LATEST` visits of the person that the reader may see, newest first: rows of the visit's id, instant (UTC), verdict,
    distance and allowance in metres, with `outlet_id` and the outlet's name as `outlet`."""
    columns = (Visit.id, Visit.checked_in_at, Visit.counts, Visit.needs_review, Visit.reasons, Visit.distance_m, Visit.allowed_m)
    query = select(*columns, Outlet.id.label("outlet_id"), Outlet.name.label("outlet")).join(Outlet, Outlet.id == Visit.outlet_id)
    query = query.where(Visit.rep_id == person.id, is_visible_visit(reader, today))
    return list(db.session.execute(query.order_by(Visit.checked_in_at.desc(), Visit.id.desc()).limit(LATEST)))


def latest_findings(reader: Person, person: Person) -> list[Any] | None:
    """The newest month first; None for whoever reads no findings."""
    if not reader.holds(*FINDING_READERS):
        return None
    columns = (Finding.id, Finding.kind, Finding.month, Finding.amount_yuan, Finding.state, Outlet.name.label("outlet"))
    query = select(*columns).outerjoin(Outlet, Outlet.id == Finding.outlet_id).where(Finding.person_id == person.id, is_visible_finding(reader))
    return list(db.session.execute(query.order_by(Finding.month.desc(), Finding.id.desc()).limit(LATEST)))


def latest_wages(reader: Person, person: Person) -> list[Any] | None:
    """Sheets of the last months; None for whoever may not read this person's wages (as `visible_sheet`)."""
    if not reader.holds(*WAGE_READERS) and reader.id != person.id:
        return None
    query = select(WageSheet.month, WageSheet.state, WageSheet.total_yuan).where(WageSheet.person_id == person.id)
    return list(db.session.execute(query.order_by(WageSheet.month.desc()).limit(SHOWN_MONTHS)))
