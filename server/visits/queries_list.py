"""The list of visits: the review queue when it asks for those that wait."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from server.console.paging import PAGE_ROWS, after_key, key_text, one_page_down
from server.db import db
from server.outlets.models import Outlet
from server.people.models import Person
from server.visits.filters import VisitFilter, of_outlets, of_visits
from server.visits.models import Visit
from server.visits.queries import is_visible_visit


@dataclass(frozen=True)
class VisitTable:
    rows: list[Any]
    count: int
    next_key: str | None


def visit_table(reader: Person, chosen: VisitFilter, outlet_id: str, after: str, today: date) -> VisitTable:
    """A page of visits within reach, newest day first."""
    columns = [Visit.id, Visit.visited_on, Visit.checked_in_at, Visit.checked_out_at, Visit.received_at, Visit.counts, Visit.needs_review]
    columns += [Visit.reasons, Visit.distance_m, Visit.allowed_m, Visit.fix_accuracy_m, Visit.has_complaint, Visit.was_out_of_scope]
    query = select(*columns, Outlet.outlet_class, Outlet.id.label("outlet_id"), Outlet.name.label("outlet"), Person.name.label("rep"))
    query = query.join(Outlet, Outlet.id == Visit.outlet_id).join(Person, Person.id == Visit.rep_id).where(is_visible_visit(reader, today))
    query = _narrowed(query, chosen, outlet_id)
    count = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Visit.id).subquery())) or 0
    rows = list(db.session.execute(one_page_down(query, [Visit.visited_on, Visit.id], after_key(after, date, str))))
    last = rows[PAGE_ROWS - 1] if len(rows) > PAGE_ROWS else None
    return VisitTable(rows[:PAGE_ROWS], count, key_text([last.visited_on, last.id]) if last else None)


def _narrowed(query: Any, chosen: VisitFilter, outlet_id: str) -> Any:
    if outlet_id:
        query = query.where(Visit.outlet_id == outlet_id)
    if chosen.verdict == "waiting" and not chosen.has_days:
        return of_outlets(_waiting_of(query, chosen), chosen)  # a review that waits is asked for whatever its month
    return of_visits(of_outlets(query, chosen), chosen)


def _waiting_of(query: Any, chosen: VisitFilter) -> Any:
    query = query.where(Visit.needs_review)
    return query.where(Visit.rep_id == chosen.rep_id) if chosen.rep_id else query


def next_waiting(reader: Person, today: date, region_ids: list[str]) -> str | None:
    """The visit that has waited longest for a review in these regions."""
    query = select(Visit.id).join(Outlet, Outlet.id == Visit.outlet_id).where(Visit.needs_review, Outlet.region_id.in_(region_ids))
    return db.session.scalar(query.where(is_visible_visit(reader, today)).order_by(Visit.received_at, Visit.id).limit(1))
