"""Which outlets the running month will miss, and which it may (RULEBOOK §4, §10, §11): a warning in yuan, never a charge."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.working_days import WorkingYear, is_working_day

PACE_AFTER_DAYS = 3  # a pace of fewer working days says nothing
NOTHING = Decimal("0.00")


class Outlook(StrEnum):
    CERTAIN = "certain"
    AT_RISK = "at_risk"
    FINE = "fine"


class Reason(StrEnum):
    """Why: too few days, too few working days, or only without those of a leave, too few days left in the plan, or the rep's pace so far."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    LEAVE = "leave"
    PLAN = "plan"
    PACE = "pace"
    NONE = ""


@dataclass(frozen=True)
class OutletStanding:
    """An outlet of the month's plan: visits planned (at least the owed), counted and waiting for a review, the last date that counts.

    `plan_days_left` are the days set by the supervisor from today on; None where no day of the month was set.
    """

    outlet_id: str
    planned: int
    counted: int
    waiting: int = 0
    last_counted_on: date | None = None
    plan_days_left: int | None = None

    @property
    def needed(self) -> int:
        return max(0, self.planned - self.counted)


@dataclass(frozen=True)
class DaysLeft:
    """Days of the month from today on, the working days among them, and how many working days are over.

    `at_work` are the working days without those on which the rep is away and nobody stands in; those do not count as passed either.
    """

    days: tuple[date, ...]
    working: tuple[date, ...]
    at_work: tuple[date, ...]
    working_passed: int


@dataclass(frozen=True)
class OutletForecast:
    outlet_id: str
    outlook: Outlook
    reason: Reason
    needed: int


@dataclass(frozen=True)
class YuanAtRisk:
    """What a rep's month loses for certain, and what it may lose beyond that."""

    certain_yuan: Decimal
    at_risk_yuan: Decimal


def days_left(today: date, month: Month, years: Mapping[int, WorkingYear], away: Collection[date] = ()) -> DaysLeft:
    """As of the morning of a day of the month; before it begins all of it is left, after it nothing. `away`: nobody is there for the rep."""
    whole = [month.first_day + timedelta(days=step) for step in range(month.last_day.day)]
    left = tuple(day for day in whole if day >= today)
    passed = sum(is_working_day(day, years) for day in whole if day < today and day not in away)
    working = tuple(day for day in left if is_working_day(day, years))
    return DaysLeft(left, working, tuple(day for day in working if day not in away), passed)


def visits_that_fit(days: Sequence[date], last_counted_on: date | None, gap_days: int) -> int:
    """How many more visits can count: the earliest day far enough from the last one that counts, then the next, and so on."""
    fitting, last = 0, last_counted_on
    for day in days:
        if last is None or (day - last).days >= gap_days:
            fitting, last = fitting + 1, day
    return fitting


@dataclass(frozen=True)
class RepMonth:
    """The standing of all outlets that a rep answers for, as of a day."""

    outlets: tuple[OutletStanding, ...]
    left: DaysLeft

    @cached_property
    def is_too_slow(self) -> bool:
        """Whether the visits still needed are more than the pace of the month so far brings on the working days left."""
        if self.left.working_passed < PACE_AFTER_DAYS:
            return False
        counted, needed = sum(one.counted for one in self.outlets), sum(one.needed for one in self.outlets)
        return needed * self.left.working_passed > counted * len(self.left.at_work)


def rep_forecast(outlets: Iterable[OutletStanding], left: DaysLeft, policy: Policy) -> list[OutletForecast]:
    """The outlook of every outlet of a rep, in the order given.

    Certain: a visit on every day left, a minimum gap apart, would not do, even if all waiting ones were accepted. At risk: the working
    days left would not do, or those without a leave in which nobody stands in, or the days left in the supervisor's plan, or the rep's pace;
    waiting visits may yet be rejected. A leave makes nothing certain, since anybody's visit counts.
    """
    month, gap_days = RepMonth(tuple(outlets), left), max(1, policy.integer("visit.min_gap_days"))
    return [_outlet_forecast(one, month, gap_days) for one in month.outlets]


def _outlet_forecast(one: OutletStanding, month: RepMonth, gap_days: int) -> OutletForecast:
    reason = Reason.NONE
    outlook = Outlook.FINE
    if one.needed - one.waiting > visits_that_fit(month.left.days, one.last_counted_on, gap_days):
        outlook, reason = Outlook.CERTAIN, Reason.DAYS
    elif one.needed and (reason := _risk(one, month, gap_days)):
        outlook = Outlook.AT_RISK
    return OutletForecast(one.outlet_id, outlook, reason, one.needed)


def _risk(one: OutletStanding, month: RepMonth, gap_days: int) -> Reason:
    if one.needed > visits_that_fit(month.left.working, one.last_counted_on, gap_days):
        return Reason.WORKING_DAYS
    if one.needed > visits_that_fit(month.left.at_work, one.last_counted_on, gap_days):
        return Reason.LEAVE
    if one.plan_days_left is not None and one.plan_days_left < one.needed:
        return Reason.PLAN
    return Reason.PACE if month.is_too_slow else Reason.NONE


def yuan_at_risk(certain: int, at_risk: int, policy: Policy) -> YuanAtRisk:
    """In yuan, by a rep's outlets: a miss costs once per outlet, and the first one the award for visits done as planned."""
    miss, award = policy.decimal("wage.missed_visit_yuan"), policy.decimal("wage.award_visits_yuan")
    return YuanAtRisk(
        certain * miss + (award if certain else NOTHING),
        at_risk * miss + (award if at_risk and not certain else NOTHING),
    )
