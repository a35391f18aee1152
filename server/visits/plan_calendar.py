"""A rep's month of planned visits as a calendar: weeks of days, what is planned on each, and the visits that have no day yet."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.domain.visit_frequency import visits_owed
from server.domain.working_days import WorkingYear, is_working_day
from server.leaves.queries import leaves_meeting
from server.outlets.models import Outlet
from server.outlets.queries import is_visible, own_outlet_ids
from server.outlets.responsible import classes_on
from server.people.models import Person
from server.policy.queries import policy_of, working_years
from server.visits.models import OutletMonth
from server.visits.plan_days import first_after
from server.visits.plan_models import PlannedVisit
from server.visits.plan_views import planned_visits

WEEK = 7


@dataclass(frozen=True)
class CalendarDay:
    """A day and what is planned on it; `word` names what departs from Monday to Friday: a holiday (`off`), a day worked instead (`on`).
    `leave` is the rep's leave of that day, or None."""

    on: date
    is_in_month: bool
    is_working: bool
    word: str
    visits: list[Any]
    leave: Any


@dataclass(frozen=True)
class Unplaced:
    """An outlet that owes `left` visits of the month for which no day to come is set; `late` of its days passed in vain and wait to be moved."""

    outlet_id: str
    code: str
    name: str
    outlet_class: str
    left: int
    late: int


@dataclass(frozen=True)
class RepCalendar:
    """Weeks from Monday to Sunday that cover the month, each of seven days. `on_leave` are visits to come, planned for days of leave;
    `late` the own ones whose day passed in vain, in a month that still runs; `offered` the next working day for each outlet of `late`
    and `unplaced`; `stand_ins` the days on which the rep has the outlets of others, whose visits then are lent."""

    weeks: list[list[CalendarDay]]
    unplaced: list[Unplaced]
    late: list[Any]
    offered: dict[str, date | None]
    planned: int
    leaves: list[Any]
    on_leave: list[Any]
    stand_ins: list[Any]


def anchor(outlet_id: str, planned_on: date) -> str:
    """Where in the page a planned visit stands."""
    return f"v-{outlet_id}-{planned_on.isoformat()}"


def rep_calendar(reader: Person, month: Month, rep_id: str, today: date) -> RepCalendar:
    """The visits planned at the rep's outlets, or lent to the rep, within the reader's reach; what is owed is that of the outlets held today."""
    rows = db.session.execute(planned_visits(reader, month, rep_id, today).order_by(PlannedVisit.planned_on, Outlet.code)).all()
    by_day: defaultdict[date, list[Any]] = defaultdict(list)
    for row in rows:
        by_day[row.planned_on].append(row)
    met = leaves_meeting(rep_id, month.first_day, month.last_day)
    leaves, stand_ins = ([one for one in met if (one.person_id == rep_id) == is_own] for is_own in (True, False))
    weeks = _weeks(month, by_day, leaves)
    days = [day for week in weeks for day in week if day.leave and day.is_in_month and day.on >= today]
    on_leave = [row for day in days for row in day.visits if not row.is_on_day]
    own = [row for row in rows if not row.is_lent]
    late = [row for row in own if row.planned_on < today and not row.is_in_month and month >= Month.of_date(today)]
    unplaced = _unplaced(_owing(reader, month, rep_id, today), own, late, today)
    offered = _offered([*(row.outlet_id for row in late), *(one.outlet_id for one in unplaced)], weeks, own, today)
    return RepCalendar(weeks, unplaced, late, offered, len(rows), leaves, on_leave, stand_ins)


def _weeks(month: Month, by_day: defaultdict[date, list[Any]], leaves: list[Any]) -> list[list[CalendarDay]]:
    years = working_years()
    first = month.first_day - timedelta(days=month.first_day.weekday())
    count = ((month.last_day - first).days // WEEK + 1) * WEEK
    days = [_day(first + timedelta(days=step), month, years, by_day, leaves) for step in range(count)]
    return [days[start : start + WEEK] for start in range(0, count, WEEK)]


def _day(on: date, month: Month, years: dict[int, WorkingYear], by_day: defaultdict[date, list[Any]], leaves: list[Any]) -> CalendarDay:
    is_working, is_in_month = is_working_day(on, years), Month.of_date(on) == month
    word = "" if is_working == (on.weekday() < 5) else "on" if is_working else "off"
    leave = next((one for one in leaves if one.starts_on <= on <= one.ends_on), None)
    return CalendarDay(on, is_in_month, is_working, word, by_day[on] if is_in_month else [], leave)


def _owing(reader: Person, month: Month, rep_id: str, today: date) -> list[tuple[Any, int, int]]:
    """(outlet, visits that count in the month, visits owed) of outlets that owe any; none for a month that is over, which is judged."""
    if month < Month.of_date(today):
        return []
    columns = (Outlet.id, Outlet.code, Outlet.name, Outlet.outlet_class, Outlet.approved_on, Outlet.account_made_on, Outlet.churned_on)
    row_of_month = (OutletMonth.outlet_id == Outlet.id) & (OutletMonth.month == str(month))
    query = select(*columns, OutletMonth.counted).outerjoin(OutletMonth, row_of_month).where(Outlet.id.in_(own_outlet_ids(rep_id, today)))
    outlets = db.session.execute(query.where(is_visible(reader, today)).order_by(Outlet.code)).all()
    classes, policy = classes_on(month.first_day, [one.id for one in outlets]), policy_of(month)
    found = []
    for one in outlets:
        letter = classes.get(one.id, one.outlet_class)
        owed = visits_owed(letter, one.approved_on, one.account_made_on, one.churned_on, month, policy)
        if owed:
            found.append((one, one.counted or 0, owed))
    return found


def _unplaced(owing: list[tuple[Any, int, int]], planned: list[Any], late: list[Any], today: date) -> list[Unplaced]:
    """What is owed less what is done and less the days to come, as a proposal would count it."""
    ahead = Counter(row.outlet_id for row in planned if row.planned_on >= today and not row.is_on_day)
    passed = Counter(row.outlet_id for row in late)
    left = [(one, owed - counted - ahead[one.id]) for one, counted, owed in owing]
    return [Unplaced(one.id, one.code, one.name, one.outlet_class, count, min(count, passed[one.id])) for one, count in left if count > 0]


def _offered(outlet_ids: list[str], weeks: list[list[CalendarDay]], planned: list[Any], today: date) -> dict[str, date | None]:
    """For each outlet the next day of the month on which the rep works and the outlet is not planned."""
    free = [day.on for week in weeks for day in week if day.is_in_month and day.is_working and not day.leave and day.on >= today]
    taken = {(row.outlet_id, row.planned_on) for row in planned}
    return {one: first_after(today, free, {day for day in free if (one, day) in taken}) for one in outlet_ids}
