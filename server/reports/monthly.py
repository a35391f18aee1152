"""The monthly report 月度报告, by region and rep: visits planned and done, problems, open work, the next plan. One statement counts it all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select, union_all

from server.db import db
from server.domain.months import Month
from server.findings.models import Finding, FindingState
from server.findings.views import READERS, is_visible_finding
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import is_not_past_churn, is_visible
from server.outlets.responsible import is_held_on
from server.people.access import sees_whole_company
from server.people.models import Person, PersonRegion, Region, Role
from server.reports.month_work import last_known_day, moved_within, waiting_on
from server.training.counting import is_planned_for
from server.training.models import PlannedTraining
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import PlannedVisit

OFFICE = (Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)
MAY_READ = (*OFFICE, Role.REP)
VISIT_COUNTS = ("made", "not_counted", "complained")
MOVED_COUNTS = ("complaints_received", "complaints_resolved", "follow_ups_registered", "follow_ups_solved")
OTHER_COUNTS = (*MOVED_COUNTS, "proposed", "upheld", "complaints", "follow_ups", "materials", "churn", "next_visits", "next_trainings")
MONTH_COUNTS = ("outlets", "owed", "planned", "done", "waiting", "missed")
COUNTS = (*MONTH_COUNTS, *VISIT_COUNTS, *OTHER_COUNTS)
NAMES = {"month": MONTH_COUNTS, "visits": VISIT_COUNTS}


@dataclass(frozen=True)
class ReportFilter:
    """Empty parts are unset."""

    month: Month
    region_id: str = ""
    rep_id: str = ""


@dataclass
class RepRow:
    """A rep's month in a region; without a rep, the region's pool. Counts by name (`COUNTS`), 0 where nothing was counted."""

    region: str
    region_id: str
    rep_id: str
    rep: str
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def open_work(self) -> int:
        return self.counts["complaints"] + self.counts["follow_ups"] + self.counts["materials"] + self.counts["churn"]


@dataclass(frozen=True)
class MonthlyReport:
    """`regions` are (name, rows by rep, sum); `total` sums all; whether findings are shown, which not everybody may see."""

    regions: list[tuple[str, list[RepRow], RepRow]]
    total: RepRow
    has_findings: bool


def own_only(reader: Person, chosen: ReportFilter) -> ReportFilter:
    """A rep without an office role reads the own report whatever was asked for."""
    return chosen if reader.holds(*OFFICE) else ReportFilter(chosen.month, chosen.region_id, reader.id)


def monthly_report(reader: Person, chosen: ReportFilter, today: date) -> MonthlyReport:
    """Counts of the month, of what waited at its end, and of the plan for the month after; by region, then login."""
    rows: dict[tuple[str, str], RepRow] = {}
    selects = [_month_counts(reader, chosen, today), _visit_counts(reader, chosen, today), *_other_counts(reader, chosen, today)]
    for what, region_id, rep_id, *counts in db.session.execute(union_all(*selects)):
        row = rows.setdefault((region_id, rep_id or ""), RepRow("", region_id, rep_id or "", ""))
        for name, count in zip(NAMES.get(what, (what,)), counts, strict=False):
            row.counts[name] += int(count or 0)
    return MonthlyReport(*_named(rows), reader.holds(*READERS))


def _month_counts(reader: Person, chosen: ReportFilter, today: date) -> Any:
    done = case((OutletMonth.counted < OutletMonth.planned, OutletMonth.counted), else_=OutletMonth.planned)
    sums = [func.count().filter(OutletMonth.planned > 0), func.sum(OutletMonth.owed), func.sum(OutletMonth.planned), func.sum(done)]
    sums += [func.sum(OutletMonth.waiting), func.count().filter(OutletMonth.state == "overdue")]
    query = _counted("month", OutletMonth.rep_id, *sums).select_from(OutletMonth).join(Outlet, Outlet.id == OutletMonth.outlet_id)
    return _narrowed(query.where(OutletMonth.month == str(chosen.month)), OutletMonth.rep_id, reader, chosen, today)


def _visit_counts(reader: Person, chosen: ReportFilter, today: date) -> Any:
    """By who visited, at outlets in sight."""
    is_refused = Visit.counts.is_(False) & Visit.needs_review.is_(False)
    sums = (func.count(), func.count().filter(is_refused), func.count().filter(Visit.has_complaint))
    return of_month_visits(_counted("visits", Visit.rep_id, *sums), reader, chosen, today)


def of_month_visits(query: Any, reader: Person, chosen: ReportFilter, today: date) -> Any:
    """The select of `Visit` narrowed to those of the month in sight that no correction has replaced, and joined with `Outlet`."""
    query = query.select_from(Visit).join(Outlet, Outlet.id == Visit.outlet_id)
    query = query.where(Visit.visited_on.between(chosen.month.first_day, chosen.month.last_day), Visit.is_replaced.is_(False))
    return _narrowed(query, Visit.rep_id, reader, chosen, today)


def _other_counts(reader: Person, chosen: ReportFilter, today: date) -> Iterator[Any]:
    """Work by the rep responsible when it came in or still waited, the next plan by that of today, and findings for those who may see them."""
    following, until = chosen.month.next(), last_known_day(chosen.month, today)
    next_visits = PlannedVisit.planned_on.between(following.first_day, following.last_day) & is_not_past_churn(following)
    wanted: list[tuple[str, Any, Any, ColumnElement[bool]]] = [
        *((name, table, until, which) for name, (table, which) in waiting_on(until, reader, today).items()),
        *((name, table, came_on, which) for name, (table, came_on, which) in moved_within(chosen.month, reader, today).items()),
        ("next_visits", PlannedVisit, today, next_visits),
        ("next_trainings", PlannedTraining, today, is_planned_for(following)),
    ]
    for name, table, day, which in wanted:
        query = _counted(name, Assignment.person_id, func.count()).select_from(table).join(Outlet, Outlet.id == table.outlet_id)
        query = query.outerjoin(Assignment, is_held_on(Outlet.id, day)).where(which)
        yield _narrowed(query, Assignment.person_id, reader, chosen, today)
    for state in (FindingState.PROPOSED, FindingState.UPHELD) if reader.holds(*READERS) else ():
        columns = (literal(state.value), Region.id, Finding.person_id, func.count(), *_padding(1))
        query = month_findings(reader, chosen, today).where(Finding.state == state)
        yield query.with_only_columns(*columns).group_by(Region.id, Finding.person_id)


def month_findings(reader: Person, chosen: ReportFilter, today: date) -> Any:
    """A select of the month's findings in sight, joined with their `Outlet`, if any, and with its `Region`, or one of the person concerned."""
    region_id = func.coalesce(Outlet.region_id, _own_region_id(reader, chosen))
    query = select(Finding.id).outerjoin(Outlet, Outlet.id == Finding.outlet_id).join(Region, Region.id == region_id)
    query = query.where(Finding.month == str(chosen.month), is_visible_finding(reader), Finding.outlet_id.is_(None) | is_visible(reader, today))
    query = query.where(Region.id == chosen.region_id) if chosen.region_id else query
    return query.where(Finding.person_id == chosen.rep_id) if chosen.rep_id else query


def _own_region_id(reader: Person, chosen: ReportFilter) -> Any:
    """The first region of the person concerned that was asked for, or that a supervisor has."""
    query = select(func.min(PersonRegion.region_id)).where(PersonRegion.person_id == Finding.person_id)
    if chosen.region_id:
        query = query.where(PersonRegion.region_id == chosen.region_id)
    elif reader.holds(Role.SUPERVISOR) and not sees_whole_company(reader):
        query = query.where(PersonRegion.region_id.in_(reader.region_ids))
    return query.correlate(Finding).scalar_subquery()


def _counted(name: str, rep: Any, *sums: Any) -> Any:
    """Counts by region and rep, with as many columns as the widest has."""
    return select(literal(name), Outlet.region_id, rep, *sums, *_padding(len(sums))).group_by(Outlet.region_id, rep)


def _padding(count: int) -> list[Any]:
    return [literal(0)] * (len(MONTH_COUNTS) - count)


def _narrowed(query: Any, rep: Any, reader: Person, chosen: ReportFilter, today: date) -> Any:
    """What the reader may see and asked for, of a select that has joined `Outlet`."""
    query = query.where(is_visible(reader, today))
    if chosen.region_id:
        query = query.where(Outlet.region_id == chosen.region_id)
    return query.where(rep == chosen.rep_id) if chosen.rep_id else query


def _named(rows: dict[tuple[str, str], RepRow]) -> tuple[list[tuple[str, list[RepRow], RepRow]], RepRow]:
    """Rows with their names, by region and login, the pool last, with sums."""
    both = union_all(
        _of(Person, Person.login, {row.rep_id for row in rows.values()}), _of(Region, Region.name, {row.region_id for row in rows.values()})
    )
    known = {one: (order, name) for one, order, name in db.session.execute(both)}
    grouped: defaultdict[str, list[RepRow]] = defaultdict(list)
    for row in sorted(rows.values(), key=lambda row: (known[row.region_id], not row.rep_id, known.get(row.rep_id, ("", "")))):
        row.region, row.rep = known[row.region_id][1], known.get(row.rep_id, ("", ""))[1]
        grouped[row.region].append(row)
    return [(name, found, _sum(found)) for name, found in grouped.items()], _sum(rows.values())


def _of(table: Any, first: Any, ids: set[str]) -> Any:
    return select(table.id, first, table.name).where(table.id.in_(sorted(ids)))


def _sum(rows: Iterable[RepRow]) -> RepRow:
    total = RepRow("", "", "", "")
    for row in rows:
        for name in COUNTS:
            total.counts[name] += row.counts[name]
    return total
