"""The compliance table: by rep and outlet, what a month owed and got, and why a visit does not count."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import case, func, or_, select, true

from server.console.formats import day as written_day
from server.console.paging import PAGE_ROWS, after_key, key_text, one_page
from server.db import db
from server.outlets.models import Outlet
from server.outlets.queries import is_at_visible, is_standing, is_visible
from server.people.access import sees_whole_company
from server.people.models import Person
from server.visits.filters import VisitFilter, of_outlet_months
from server.visits.models import OutletMonth, Visit
from server.visits.queries_map import state_rank, with_month
from server.visits.strip import place_of
from server.visits.words import SAME_DAY, first_reason, verdict_of

MONTH_COLUMNS = ("outlet_id", "outlet_class", "owed", "planned", "counted", "waiting", "state", "visit_ids")
SUMMED = ("outlets", "done", "owed", "counted", "waiting")


@dataclass(frozen=True)
class MonthVisit:
    """A visit in the strip at `x`: `mark` is its verdict; `text` says why it does not count."""

    id: str
    visited_on: date
    x: int
    checked_in_at: Any
    mark: str
    text: str
    rep_name: str


@dataclass(frozen=True)
class OutletRow:
    row: Any
    visits: list[MonthVisit]
    why: str


@dataclass(frozen=True)
class RepSum:
    """A rep's month: rows listed, outlets of the plan, those done as planned, visits owed, counted towards them, and waiting; whether the page
    may hold rows."""

    rep_id: str
    rep_name: str | None
    login: str
    listed: int
    outlets: int
    done: int
    owed: int
    counted: int
    waiting: int
    is_ahead: bool = True


@dataclass(frozen=True)
class ComplianceTable:
    """`groups` pairs each rep's sum with the rows of this page."""

    groups: list[tuple[RepSum, list[OutletRow]]]
    total: RepSum
    next_key: str | None


def compliance_table(reader: Person, chosen: VisitFilter, after: str, today: date) -> ComplianceTable:
    key = after_key(after, str, int, str)
    sums = _sums(reader, chosen, today, key[0] if key else "")
    rows = _page(reader, chosen, key, today, sums)
    last = rows[PAGE_ROWS - 1] if len(rows) > PAGE_ROWS else None
    visits = _visits([row.outlet_id for row in rows[:PAGE_ROWS]], chosen)
    groups: list[tuple[RepSum, list[OutletRow]]] = []
    for row in rows[:PAGE_ROWS]:
        if not groups or groups[-1][0].rep_id != row.rep_id:
            groups.append((sums[row.rep_id], []))
        groups[-1][1].append(_outlet_row(row, visits[row.outlet_id]))
    total = RepSum("", None, "", 0, *(sum(getattr(rep, name) for rep in sums.values()) for name in SUMMED))
    return ComplianceTable(groups, total, key_text([last.login, last.rank, last.code]) if last else None)


def _months(reader: Person, chosen: VisitFilter, today: date, *columns: Any) -> Any:
    """Of a rep by their months; of all reps of regions by the outlets there, with an empty month (of nobody) for those that have none."""
    query = select(*columns).select_from(OutletMonth).where(OutletMonth.month == str(chosen.month))
    if chosen.rep_id:
        query = query.where(OutletMonth.rep_id == chosen.rep_id)
    if sees_whole_company(reader) and not (chosen.region_id or chosen.outlet_class):
        return query.where(is_standing(OutletMonth.outlet_id))
    query = query.join(Outlet, Outlet.id == OutletMonth.outlet_id) if chosen.rep_id else with_month(select(*columns), chosen)
    return of_outlet_months(query.where(is_visible(reader, today)), chosen)


def _sums(reader: Person, chosen: VisitFilter, today: date, first: str) -> dict[str, RepSum]:
    """By rep, in the database's order of logins; those from `first` on are ahead; the month's rows are added up before their people are looked up."""
    columns = (
        OutletMonth.rep_id,
        func.count(OutletMonth.outlet_id).filter(OutletMonth.state == chosen.state if chosen.state else true()).label("listed"),
        func.count().filter(OutletMonth.planned > 0).label("outlets"),
        func.count().filter(OutletMonth.state == "done").label("done"),
        func.sum(OutletMonth.owed).label("owed"),
        func.sum(case((OutletMonth.counted < OutletMonth.owed, OutletMonth.counted), else_=OutletMonth.owed)).label("counted"),
        func.sum(OutletMonth.waiting).label("waiting"),
    )
    added = _months(reader, chosen, today, *columns).group_by(OutletMonth.rep_id).having(func.count(OutletMonth.outlet_id) > 0).subquery()
    login = func.coalesce(Person.login, "")
    names = (func.coalesce(added.c.rep_id, ""), Person.name, login, added.c.listed)
    query = select(*names, *(added.c[name] for name in SUMMED), login >= first).select_from(added)
    query = query.outerjoin(Person, Person.id == added.c.rep_id).order_by(login)
    return {row[0]: RepSum(*row) for row in db.session.execute(query)}


def _page(reader: Person, chosen: VisitFilter, after: list[Any] | None, today: date, sums: dict[str, RepSum]) -> list[Any]:
    """The rows of those few reps whose outlets fill the page."""
    login, outlet = func.coalesce(Person.login, ""), OutletMonth.outlet_id
    columns = [login.label("login"), state_rank().label("rank"), Outlet.code, Outlet.name, func.coalesce(OutletMonth.rep_id, "").label("rep_id")]
    columns += [getattr(OutletMonth, name) for name in MONTH_COLUMNS]
    query = select(*columns).select_from(OutletMonth).join(Outlet, Outlet.id == outlet).outerjoin(Person, Person.id == OutletMonth.rep_id)
    query = of_outlet_months(query.where(OutletMonth.month == str(chosen.month), is_at_visible(outlet, reader, today)), chosen)
    if chosen.state:
        query = query.where(OutletMonth.state == chosen.state)
    reps = _reps_of_page(sums, after[0] if after else "")
    listed = [OutletMonth.rep_id.in_([rep_id for rep_id in reps if rep_id]), *([OutletMonth.rep_id.is_(None)] if "" in reps else [])]
    return list(db.session.execute(one_page(query.where(or_(*listed)), [login, state_rank(), Outlet.code], after)))


def _reps_of_page(sums: dict[str, RepSum], first: str) -> list[str]:
    """From the rep of the last row before the page on, as many as have a page of rows and one more; that rep's own may all be behind."""
    found, rows = [], 0
    for rep in sums.values():
        if rep.is_ahead and rep.listed and rows <= PAGE_ROWS:
            found.append(rep.rep_id)
            rows += 0 if first and rep.login == first else rep.listed
    return found


def _visits(outlet_ids: list[str], chosen: VisitFilter) -> defaultdict[str, list[Any]]:
    columns = [Visit.id, Visit.outlet_id, Visit.visited_on, Visit.checked_in_at, Visit.counts, Visit.needs_review, Visit.reasons]
    query = select(*columns, Visit.distance_m, Visit.allowed_m, Person.name.label("rep_name")).join(Person, Person.id == Visit.rep_id)
    in_month = Visit.visited_on.between(chosen.month.first_day, chosen.month.last_day)
    query = query.where(Visit.outlet_id.in_(outlet_ids), in_month).order_by(Visit.checked_in_at, Visit.id)
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for visit in db.session.execute(query):
        found[visit.outlet_id].append(visit)
    return found


def _outlet_row(row: Any, visits: list[Any]) -> OutletRow:
    shown = [_month_visit(visit, set(row.visit_ids)) for visit in visits]
    return OutletRow(row, shown, _why(row, shown))


def _month_visit(visit: Any, credited: set[str]) -> MonthVisit:
    text = first_reason(visit)
    if visit.counts and visit.id not in credited:
        text = str(SAME_DAY)
    return MonthVisit(visit.id, visit.visited_on, place_of(visit.visited_on), visit.checked_in_at, verdict_of(visit), text, visit.rep_name)


def _why(row: Any, visits: list[MonthVisit]) -> str:
    """The latest thing that keeps a visit from counting, or that nobody came."""
    if row.planned == 0:
        return gettext("这个月不欠巡检") if not visits else gettext("这个月不欠巡检，到店照样留档")
    for visit in reversed(visits):
        if visit.text and row.counted < row.planned:
            return f"{written_day(visit.visited_on)} {visit.text}"
    return "" if visits else gettext("本月没有到店")
