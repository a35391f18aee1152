"""A rep's visits of a month, proposed and as they were done (RULEBOOK §4: spread over working days, neighbours together; §11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from server.domain.policy import Policy
from server.domain.tours import Position, tour
from server.domain.visit_days import DayChoice, VisitDays
from server.domain.visit_frequency import counted_dates
from server.domain.wage_facts import PlannedOutlet


@dataclass(frozen=True)
class OutletToVisit:
    """An outlet of the rep: visits owed in the month, dates that count already, and where it is (WGS-84 degrees)."""

    outlet_id: str
    owed: int
    visited_on: tuple[date, ...] = ()
    position: Position | None = None


@dataclass(frozen=True)
class PlannedDay:
    """The outlets of a day, in the order of the tour."""

    on: date
    outlet_ids: tuple[str, ...]


@dataclass(frozen=True)
class VisitPlan:
    """One entry for each day given, by date. `unplaced` names the outlets whose visits do not all fit, with how many are left over."""

    days: tuple[PlannedDay, ...]
    unplaced: Mapping[str, int]


def proposed_plan(outlets: Iterable[OutletToVisit], working_days: Iterable[date], policy: Policy) -> VisitPlan:
    """The visits still owed, spread evenly over the rep's working days left (leave excluded), neighbours together.

    Each visit owed stands once, at most one a day and outlet, dates of an outlet at least the minimum gap apart, a second visit
    about half a month after the first. Loads of days differ by at most one unless the minimum gap forbids it.
    """
    days = sorted(set(working_days))
    known = {outlet.outlet_id: outlet for outlet in outlets}
    gap_days = max(1, policy.integer("visit.min_gap_days"))
    counted = {one.outlet_id: counted_dates(one.visited_on, policy) for one in known.values()}
    choices = {one: DayChoice(days, counted[one], gap_days) for one in known}
    open_visits = {one: max(0, outlet.owed - len(counted[one])) for one, outlet in known.items()}
    visits = {one: min(count, choices[one].most) for one, count in open_visits.items()}
    order = [one for one in tour({one: outlet.position for one, outlet in known.items()}) if visits[one]]
    plan = VisitDays(len(days), choices, {one: place for place, one in enumerate(order)})
    plan.lay(_sequence(order, visits, known, days))
    plan.space()
    plan.level()
    return VisitPlan(
        tuple(PlannedDay(day, plan.outlets_of(place)) for place, day in enumerate(days)),
        {one: open_visits[one] - visits[one] for one in sorted(known) if open_visits[one] > visits[one]},
    )


def _sequence(order: Sequence[str], visits: Mapping[str, int], known: Mapping[str, OutletToVisit], days: Sequence[date]) -> list[str]:
    """All visits one after another: rounds through the tour, as many as the most visits of an outlet.

    An outlet with fewer visits is in every so many rounds. Which ones alternates by stretches of the tour as long as a day, so
    that a day stays in one neighbourhood; an outlet visited already comes in the later rounds.
    """
    if not order or not days:
        return []
    rounds = max(max(visits[one], 2 if known[one].visited_on else 1) for one in order)
    stretch = -(-sum(visits.values()) // len(days))
    found: list[list[str]] = [[] for _ in range(rounds)]
    fewer = 0
    for one in order:
        turn = rounds - 1 if known[one].visited_on else fewer // stretch
        fewer += visits[one] < rounds
        for visit in range(visits[one]):
            found[(turn + visit * rounds // visits[one]) % rounds].append(one)
    return [one for part in found for one in part]


@dataclass(frozen=True)
class PlanAdherence:
    """Visits planned, done, still open and missed; `missed_outlets` in the order of the plan."""

    planned: int
    done: int
    open: int
    missed: int
    missed_outlets: tuple[str, ...]


def plan_adherence(plan: Iterable[PlannedOutlet], is_month_over: bool) -> PlanAdherence:
    """What became of a plan: a visit counts on any day of the month, by anyone, but never for another outlet (RULEBOOK §11).

    What is not done is open while the month runs and missed when it is over; an outlet that the manager excused misses nothing.
    """
    outlets = tuple(plan)
    done = sum(min(one.counted, one.planned) for one in outlets)
    left = {one.outlet_id: one.planned - one.counted for one in outlets if not one.is_done}
    missing = sum(left.values())
    planned = sum(one.planned for one in outlets)
    if is_month_over:
        return PlanAdherence(planned, done, 0, missing, tuple(left))
    return PlanAdherence(planned, done, missing, 0, ())
