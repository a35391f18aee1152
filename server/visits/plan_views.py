"""The plan of visits as the console shows it: planned days of a month with what became of them, and sums by rep and day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, and_, exists, false, func, select

from server.console.paging import PAGE_ROWS, after_key, key_text, one_page
from server.db import db
from server.domain.months import Month
from server.leaves.queries import is_lent_on, lenders_to
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import is_at_visible, is_not_past_churn, is_visible
from server.outlets.responsible import is_held_on
from server.people.choices import is_person_in_reach
from server.people.models import Person
from server.visits.models import Visit
from server.visits.plan_models import PlanDay, PlannedVisit

STATE_WORDS = {
    "done": lazy_gettext("当天到店"),
    "pending": lazy_gettext("当月另一天到店"),
    "due": lazy_gettext("待巡检"),
    "overdue": lazy_gettext("过了没去"),
}


COUNTS = (PlanDay.planned, PlanDay.on_day, PlanDay.in_month)


@dataclass(frozen=True)
class PlanTable:
    """`days` are the newest that are over, by rep and day, as counted last night, and the sums those of the month; `rows` the planned
    days of this page."""

    days: list[Any]
    rows: list[Any]
    next_key: str | None
    planned: int
    on_day: int
    in_month: int


def plan_table(reader: Person, month: Month, rep_id: str, after: str, today: date, has_rows: bool = True) -> PlanTable:
    """`has_rows` is false beside a calendar, which shows the planned days itself."""
    rows = _rows(reader, month, rep_id, after, today) if has_rows else []
    last = rows[PAGE_ROWS - 1] if len(rows) > PAGE_ROWS else None
    next_key = key_text([last.planned_on.isoformat(), last.code]) if last else None
    days = _days(reader, month, rep_id)
    return PlanTable(days[:PAGE_ROWS], rows[:PAGE_ROWS], next_key, *_sums(days, reader, month, rep_id))


def state_of(row: Any, today: date) -> str:
    """Visited on its day (done), still to come (due), visited on another day of the month (pending), or passed (overdue)."""
    if row.is_on_day:
        return "done"
    if row.planned_on >= today:
        return "due"
    return "pending" if row.is_in_month else "overdue"


def _days(reader: Person, month: Month, rep_id: str) -> list[Any]:
    columns = [PlanDay.day, PlanDay.rep_id, Person.name.label("rep"), *COUNTS]
    query = _of_reps(select(*columns), reader, month, rep_id)
    return list(db.session.execute(query.order_by(PlanDay.day.desc(), Person.name).limit(PAGE_ROWS + 1)))


def _sums(days: list[Any], reader: Person, month: Month, rep_id: str) -> Any:
    """Planned, visited that day, visited another day: of the whole month, also what the list of days has no room for."""
    if len(days) <= PAGE_ROWS:
        return tuple(sum(getattr(day, count.key) for day in days) for count in COUNTS)
    return db.session.execute(_of_reps(select(*(func.coalesce(func.sum(count), 0) for count in COUNTS)), reader, month, rep_id)).one()


def _of_reps(query: Any, reader: Person, month: Month, rep_id: str) -> Any:
    query = query.join(Person, Person.id == PlanDay.rep_id)
    query = query.where(PlanDay.day.between(month.first_day, month.last_day), is_person_in_reach(reader))
    return query.where(PlanDay.rep_id == rep_id) if rep_id else query


def _rows(reader: Person, month: Month, rep_id: str, after: str, today: date) -> list[Any]:
    """The page first by its keys alone, then what became of each of its days."""
    paged = _keys(reader, month, rep_id, after, today).subquery()
    counting = and_(Visit.outlet_id == paged.c.outlet_id, Visit.counts)
    on_day = exists().where(counting, Visit.visited_on == paged.c.planned_on)
    in_month = exists().where(counting, Visit.visited_on.between(month.first_day, month.last_day))
    columns = [*paged.c, Outlet.name, Outlet.outlet_class, Person.name.label("rep"), on_day.label("is_on_day"), in_month.label("is_in_month")]
    columns += [_is_lent(rep_id), is_visible(reader, today).label("may_open")]
    query = select(*columns).select_from(paged).join(Outlet, Outlet.id == paged.c.outlet_id)
    query = query.outerjoin(Assignment, is_held_on(paged.c.outlet_id, min(month.last_day, today)))
    query = query.outerjoin(Person, Person.id == Assignment.person_id)
    return list(db.session.execute(query.order_by(paged.c.planned_on, paged.c.code)))


def _keys(reader: Person, month: Month, rep_id: str, after: str, today: date) -> Any:
    query = select(PlannedVisit.outlet_id, PlannedVisit.planned_on, Outlet.code).join(Outlet, Outlet.id == PlannedVisit.outlet_id)
    query, key = query.where(is_not_past_churn(month)), after_key(after, date, str)
    days = max(month.first_day, key[0]) if key else month.first_day, month.last_day
    if rep_id:
        query = query.join(Assignment, is_held_on(PlannedVisit.outlet_id, min(month.last_day, today)))
        query = query.where(_falls_to(reader, rep_id, month, is_visible(reader, today)))
    else:
        days = _days_of_page(query.where(_are_behind(key, *days), is_at_visible(PlannedVisit.outlet_id, reader, today)), days)
        query = query.where(is_visible(reader, today))
    return one_page(query.where(_are_behind(key, *days)), _order(*days), None)


def _days_of_page(query: Any, days: tuple[date, date]) -> tuple[date, date]:
    """The first and the last day of the page that the query begins with: in a single one the database can go by the codes until the page is
    full, and need not sort all that a company has planned for it."""
    found = list(db.session.scalars(query.with_only_columns(PlannedVisit.planned_on).order_by(PlannedVisit.planned_on).limit(PAGE_ROWS + 1)))
    return (found[0], found[-1]) if found else days


def _are_behind(key: list[Any] | None, first: date, last: date) -> ColumnElement[bool]:
    """The condition for the days from the first to the last behind the key; it lies in two tables, and no index begins with both."""
    in_days = PlannedVisit.planned_on == first if first == last else PlannedVisit.planned_on.between(first, last)
    if key is None or key[0] < first:
        return in_days
    return in_days & (Outlet.code > key[1] if first == last else (PlannedVisit.planned_on > first) | (Outlet.code > key[1]))


def _order(first: date, last: date) -> list[Any]:
    return [Outlet.code] if first == last else [PlannedVisit.planned_on, Outlet.code]


def planned_visits(reader: Person, month: Month, rep_id: str, today: date) -> Any:
    """A select of the planned days of a month within reach, of all reps or one, with what became of each; none where nothing is owed any more.

    Of one rep those too on which they stand in for whoever is away; `is_lent` says which. A rep sees the own lent ones, though not the pages
    of their outlets; `may_open` says which they do.
    """
    counting = and_(Visit.outlet_id == PlannedVisit.outlet_id, Visit.counts)
    on_day = exists().where(counting, Visit.visited_on == PlannedVisit.planned_on)
    in_month = exists().where(counting, Visit.visited_on.between(month.first_day, month.last_day))
    columns: list[Any] = [PlannedVisit.outlet_id, PlannedVisit.planned_on, Outlet.code, Outlet.name, Outlet.outlet_class]
    columns.append(Person.name.label("rep"))
    columns += [on_day.label("is_on_day"), in_month.label("is_in_month"), _is_lent(rep_id), is_visible(reader, today).label("may_open")]
    query = select(*columns).join(Outlet, Outlet.id == PlannedVisit.outlet_id)
    holder = is_held_on(PlannedVisit.outlet_id, min(month.last_day, today))
    query = query.join(Assignment, holder, isouter=not rep_id).outerjoin(Person, Person.id == Assignment.person_id)
    query = query.where(PlannedVisit.planned_on.between(month.first_day, month.last_day), is_not_past_churn(month))
    in_reach = is_visible(reader, today)
    return query.where(_falls_to(reader, rep_id, month, in_reach) if rep_id else in_reach)


def _falls_to(reader: Person, rep_id: str, month: Month, in_reach: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition on `PlannedVisit`, its `Outlet` and its `Assignment` for days that are the rep's or lent to them, and that the reader may see.

    Who lends is read first: asked outlet by outlet, it would keep the database from starting with the few assignments that matter.
    """
    lenders = lenders_to(rep_id, month.first_day, month.last_day)
    if not lenders:
        return in_reach & (Assignment.person_id == rep_id)
    lent = Assignment.person_id.in_(lenders) & is_lent_on(Assignment.person_id, rep_id, PlannedVisit.planned_on)
    lent &= Outlet.removed_at.is_(None) if reader.id == rep_id else in_reach
    return Assignment.person_id.in_([rep_id, *lenders]) & ((in_reach & (Assignment.person_id == rep_id)) | lent)


def _is_lent(rep_id: str) -> Any:
    return (Assignment.person_id != rep_id if rep_id else false()).label("is_lent")
