"""What visits add to the start page: this month by class, what arrived last, and for who leads others the reps whose month may miss visits."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from server.console.formats import percent
from server.console.tiles import HomePart
from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.queries import is_visible
from server.people.models import Person, Role
from server.visits.forecast_views import reps_at_risk
from server.visits.models import OutletMonth, Visit
from server.visits.queries import is_visible_visit
from server.visits.words import VERDICT_WORDS, first_reason, verdict_of

LATEST = 7
MOST_REPS = 7


@dataclass(frozen=True)
class ClassProgress:
    """Visits of one class this month; what an outlet got beyond what it owed is left out."""

    outlet_class: str
    outlets: int
    owed: int
    counted: int
    waiting: int

    @property
    def percent(self) -> int:
        return percent(self.counted, self.owed)

    @property
    def waiting_percent(self) -> int:
        return percent(self.waiting, self.owed) if self.waiting else 0


def visit_home(person: Person, today: date) -> HomePart:
    month = Month.of_date(today)
    values = {
        "month": month,
        "classes": _by_class(person, month, today),
        "passed_percent": percent(today.day, month.last_day.day),
        "latest": [(visit, verdict_of(visit), first_reason(visit)) for visit in _latest(person, today)],
        "verdict_words": VERDICT_WORDS,
        "may_miss": reps_at_risk(person, month, today, MOST_REPS) if person.holds(Role.SUPERVISOR, Role.MANAGER) else [],
    }
    return HomePart("visits/_home.html", values)


def _by_class(person: Person, month: Month, today: date) -> list[ClassProgress]:
    credited = case((OutletMonth.counted < OutletMonth.owed, OutletMonth.counted), else_=OutletMonth.owed)
    columns = (OutletMonth.outlet_class, func.count(), func.sum(OutletMonth.owed), func.sum(credited), func.sum(OutletMonth.waiting))
    query = select(*columns).join(Outlet, Outlet.id == OutletMonth.outlet_id)
    query = query.where(OutletMonth.month == str(month), OutletMonth.owed > 0, is_visible(person, today))
    return [ClassProgress(*row) for row in db.session.execute(query.group_by(OutletMonth.outlet_class).order_by(OutletMonth.outlet_class))]


def _latest(person: Person, today: date) -> list[Any]:
    columns = [Visit.id, Visit.received_at, Visit.counts, Visit.needs_review, Visit.reasons, Visit.distance_m, Visit.allowed_m]
    query = select(*columns, Outlet.name.label("outlet"), Person.name.label("rep")).join(Outlet, Outlet.id == Visit.outlet_id)
    query = query.join(Person, Person.id == Visit.rep_id).where(is_visible_visit(person, today))
    return list(db.session.execute(query.order_by(Visit.received_at.desc(), Visit.id.desc()).limit(LATEST)))
