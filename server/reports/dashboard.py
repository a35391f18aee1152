"""The dashboard 看板: coverage by region, class and rep, the misses to come or made, and a year of months, from what the night added up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from server.console.formats import percent
from server.db import db
from server.domain.months import Month, months_until
from server.outlets.models import Outlet
from server.outlets.queries import is_visible
from server.people.access import sees_whole_company
from server.people.models import Person, Region
from server.visits.models import MonthSum, OutletMonth
from server.visits.month_sums import COUNTS, MONTHS_SHOWN
from server.visits.queries_map import state_rank

MOST_REPS, MOST_OUTLETS = 60, 60


@dataclass(frozen=True)
class DashboardFilter:
    """Empty parts are unset."""

    month: Month
    region_id: str = ""
    rep_id: str = ""


@dataclass(frozen=True)
class Sums:
    """Outlets and visits added up, by the names of `MonthSum`."""

    outlets: int = 0
    owing: int = 0
    met: int = 0
    missed: int = 0
    certain: int = 0
    at_risk: int = 0
    owed: int = 0
    credited: int = 0
    planned: int = 0
    done: int = 0
    waiting: int = 0

    @property
    def lacking(self) -> int:
        """Planned visits that do not count yet."""
        return self.planned - self.done

    @property
    def covered(self) -> int | None:
        """Visits done in percent of those planned; None where nothing was planned."""
        return percent(self.done, self.planned) if self.planned else None

    @property
    def waiting_percent(self) -> int:
        """Visits that a review may yet add, in percent of those planned, as far as they are lacking."""
        return percent(min(self.waiting, self.lacking), self.planned) if self.planned and self.waiting else 0


@dataclass(frozen=True)
class Group:
    """A region, class or rep with its sums; a rep without an id is the regions' pool."""

    id: str
    name: str
    sums: Sums


@dataclass(frozen=True)
class Dashboard:
    """`reps` are those whom it hurts most first, `rep_count` all; `year` are (month, sums, or None before the first night that counted it)."""

    total: Sums
    regions: list[Group]
    classes: list[Group]
    reps: list[Group]
    rep_count: int
    year: list[tuple[Month, Sums | None]]
    made_at: datetime | None


def dashboard_of(reader: Person, chosen: DashboardFilter, running: Month) -> Dashboard:
    """Within the reader's regions."""
    rows = list(db.session.execute(_rows_of_month(reader, chosen)))
    reps = sorted(_grouped(rows, "rep_id", "rep"), key=_hurt)
    return Dashboard(
        total=_sum(rows),
        regions=sorted(_grouped(rows, "region_id", "region"), key=lambda one: one.name),
        classes=sorted(_grouped(rows, "outlet_class", "outlet_class"), key=lambda one: one.name),
        reps=reps[:MOST_REPS],
        rep_count=len(reps),
        year=_year(reader, chosen, running),
        made_at=max((row.made_at for row in rows), default=None),
    )


def _hurt(rep: Group) -> tuple[Any, ...]:
    return -rep.sums.missed - rep.sums.certain, -rep.sums.at_risk, -rep.sums.lacking, rep.name, rep.id


def _rows_of_month(reader: Person, chosen: DashboardFilter) -> Any:
    names = (Region.name.label("region"), func.coalesce(Person.name, "").label("rep"))
    query = select(
        MonthSum.region_id, MonthSum.rep_id, MonthSum.outlet_class, *(getattr(MonthSum, name) for name in COUNTS), MonthSum.made_at, *names
    )
    query = query.join(Region, Region.id == MonthSum.region_id).outerjoin(Person, Person.id == MonthSum.rep_id)
    return query.where(MonthSum.month == str(chosen.month), *_asked(reader, chosen))


def _asked(reader: Person, chosen: DashboardFilter) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [true() if sees_whole_company(reader) else MonthSum.region_id.in_(reader.region_ids)]
    if chosen.region_id:
        asked.append(MonthSum.region_id == chosen.region_id)
    if chosen.rep_id:
        asked.append(MonthSum.rep_id == chosen.rep_id)
    return asked


def _year(reader: Person, chosen: DashboardFilter, running: Month) -> list[tuple[Month, Sums | None]]:
    """The months up to the running one, or up to the chosen one where that is older; those before the first with sums are left out."""
    months = months_until(running, MONTHS_SHOWN)
    if chosen.month not in months:
        months = months_until(chosen.month, MONTHS_SHOWN)
    query = select(MonthSum.month, *(func.sum(getattr(MonthSum, name)) for name in COUNTS))
    query = query.where(MonthSum.month.between(str(months[0]), str(months[-1])), *_asked(reader, chosen)).group_by(MonthSum.month)
    known = {month: Sums(*(int(count) for count in counts)) for month, *counts in db.session.execute(query)}
    first = next((place for place, month in enumerate(months) if str(month) in known), len(months))
    return [(month, known.get(str(month))) for month in months[first:]]


def _grouped(rows: list[Any], key: str, name: str) -> list[Group]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return [Group(one, getattr(part[0], name), _sum(part)) for one, part in found.items()]


def _sum(rows: Iterable[Any]) -> Sums:
    kept = list(rows)
    return Sums(*(sum(getattr(row, name) for row in kept) for name in COUNTS))


def outlets_of_rep(reader: Person, chosen: DashboardFilter, today: date) -> list[Any]:
    """A rep's outlets in the month as they stand now, what hurts first; one more than `MOST_OUTLETS` when there are more."""
    columns = (Outlet.id, Outlet.name, OutletMonth.outlet_class, OutletMonth.state)
    counts = (OutletMonth.owed, OutletMonth.planned, OutletMonth.counted, OutletMonth.waiting)
    query = select(*columns, *counts).join(Outlet, Outlet.id == OutletMonth.outlet_id)
    query = query.where(OutletMonth.month == str(chosen.month), OutletMonth.rep_id == chosen.rep_id, is_visible(reader, today))
    if chosen.region_id:
        query = query.where(Outlet.region_id == chosen.region_id)
    return list(db.session.execute(query.order_by(state_rank(), Outlet.code).limit(MOST_OUTLETS + 1)))
