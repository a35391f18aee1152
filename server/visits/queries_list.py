"""The list of visits: the review queue when it asks for those that wait."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from server.console.counting import rows_up_to
from server.console.paging import PAGE_ROWS, after_key, key_text, one_page, one_page_down
from server.db import db
from server.outlets.models import Outlet
from server.people.models import Person
from server.visits.filters import VisitFilter, of_outlets, of_visits
from server.visits.flag_views import flag_names
from server.visits.models import SCORE_ORDER, VISIT_MONTH, VISIT_YEAR, Visit
from server.visits.queries import is_visible_visit


@dataclass(frozen=True)
class VisitTable:
    """`flags` are the names of each visit's flags, by id; `count` is of all pages, or one more than `MOST_LISTED`."""

    rows: list[Any]
    count: int
    next_key: str | None
    flags: dict[str, list[str]]


def visit_table(reader: Person, chosen: VisitFilter, outlet_id: str, after: str, today: date) -> VisitTable:
    """A page of visits within reach, newest day first or lowest score first."""
    columns: list[Any] = [Visit.id, Visit.visited_on, Visit.checked_in_at, Visit.checked_out_at, Visit.received_at, Visit.counts, Visit.needs_review]
    columns += [Visit.reasons, Visit.distance_m, Visit.allowed_m, Visit.fix_accuracy_m, Visit.has_complaint, Visit.was_out_of_scope, Visit.score]
    columns += [
        SCORE_ORDER.label("order_score"),
        Outlet.outlet_class,
        Outlet.id.label("outlet_id"),
        Outlet.name.label("outlet"),
        Person.name.label("rep"),
        Visit.rep_id,
    ]
    query = listed_visits(reader, chosen, outlet_id, today).with_only_columns(*columns)
    count = db.session.scalar(select(rows_up_to(query))) or 0
    rows = list(db.session.execute(_one_page(query, chosen, after)))
    last = rows[PAGE_ROWS - 1] if len(rows) > PAGE_ROWS else None
    first = last and (last.order_score if chosen.order == "score" else last.visited_on)
    return VisitTable(rows[:PAGE_ROWS], count, key_text([first, last.id]) if last else None, flag_names([row.id for row in rows[:PAGE_ROWS]]))


def listed_visits(reader: Person, chosen: VisitFilter, outlet_id: str, today: date) -> Any:
    """A select of the visits within reach that the filter names, joined with `Outlet` and the visiting `Person`."""
    query = select(Visit.id).join(Outlet, Outlet.id == Visit.outlet_id).join(Person, Person.id == Visit.rep_id)
    return _narrowed(query.where(is_visible_visit(reader, today)), chosen, outlet_id)


def _one_page(query: Any, chosen: VisitFilter, after: str) -> Any:
    if chosen.order == "score":
        return _by_score(query, chosen, after_key(after, int, str))
    return one_page_down(query, [Visit.visited_on, Visit.id], after_key(after, date, str))


def _by_score(query: Any, chosen: VisitFilter, after: list[Any] | None) -> Any:
    """A month as its index has it; and SQLite finds the place behind `after` only by the score alone."""
    if chosen.is_of_one_month and not _is_of_any_month(chosen):
        query = query.where(chosen.month.year == VISIT_YEAR, chosen.month.month == VISIT_MONTH)
    if after is not None:
        query = query.where(after[0] <= SCORE_ORDER)
    return one_page(query, [SCORE_ORDER, Visit.id], after)


def _is_of_any_month(chosen: VisitFilter) -> bool:
    """A review that waits is asked for whatever its month."""
    return chosen.verdict == "waiting" and not chosen.has_days


def _narrowed(query: Any, chosen: VisitFilter, outlet_id: str) -> Any:
    if outlet_id:
        query = query.where(Visit.outlet_id == outlet_id)
    if _is_of_any_month(chosen):
        return of_outlets(_waiting_of(query, chosen), chosen)
    return of_visits(of_outlets(query, chosen), chosen)


def _waiting_of(query: Any, chosen: VisitFilter) -> Any:
    query = query.where(Visit.needs_review)
    return query.where(Visit.rep_id == chosen.rep_id) if chosen.rep_id else query
