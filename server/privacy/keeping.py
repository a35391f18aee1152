"""Until when what names people stays with the proof of wages: counted from the closing of the last month that it bears on."""

from datetime import date

from sqlalchemy import func, select

from server.complaints.models import Complaint
from server.db import db
from server.domain.keeping import kept_until
from server.domain.months import Month, business_date
from server.materials.models import MaterialRequest
from server.outlets.models import Outlet
from server.payroll.adjustments import newest_closed
from server.payroll.models import WageMonth, WageSheet
from server.people.models import Person
from server.policy.queries import policy_of
from server.training.models import Training
from server.visits.models import Visit

YEARS = "privacy.wage_years"
CLOSED = "closed"


def wage_years(today: date) -> int:
    return policy_of(Month.of_date(today)).integer(YEARS)


def person_kept_until(person: Person, today: date) -> date | None:
    """The last day on which the name stays with the wages of somebody who left; None while somebody works here."""
    if person.ends_on is None:
        return None
    sheets = select(WageSheet.month).where(WageSheet.person_id == person.id, WageSheet.state == CLOSED)
    closed_at = db.session.scalar(select(func.max(WageMonth.closed_at)).where(WageMonth.month.in_(sheets)))
    settled_on = max(person.ends_on, business_date(closed_at)) if closed_at else person.ends_on
    return kept_until(settled_on, wage_years(today))


def outlet_kept_until(outlet: Outlet, today: date) -> date | None:
    """The last day on which records made at an outlet name its people; None while the wages of their last month are not closed."""
    removed_on = business_date(outlet.removed_at) if outlet.removed_at else None
    days = (*_last_days(outlet.id), outlet.churned_on, removed_on)
    last_on = max((day for day in days if day is not None), default=business_date(outlet.created_at))
    month, newest = Month.of_date(last_on), newest_closed()
    if newest is None or newest < month:
        return None
    closed_at = db.session.scalar(select(WageMonth.closed_at).where(WageMonth.month == str(month)))
    return kept_until(max(last_on, business_date(closed_at)) if closed_at else last_on, wage_years(today))


def _last_days(outlet_id: str) -> list[date | None]:
    """The day of the last record of each kind."""
    days = (Visit.visited_on, Training.trained_on, MaterialRequest.delivered_on, Complaint.resolved_on)
    last = [select(func.max(day)).where(day.class_.outlet_id == outlet_id).scalar_subquery() for day in days]
    return list(db.session.execute(select(*last)).one())
