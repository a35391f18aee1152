"""How many visits an outlet owes, and how many it got (RULEBOOK §4)."""

from collections.abc import Iterable
from datetime import date

from server.domain.churn import is_past_churn
from server.domain.months import Month
from server.domain.policy import Policy


def visits_owed(
    outlet_class: str, approved_on: date | None, account_made_on: date | None, churned_on: date | None, month: Month, policy: Policy
) -> int:
    """Visits owed in a month by the class on its first day.

    Only approved customers with an account owe, from the first full month after the approval: the first that begins
    after it. An approval on the 1st is no exception. DECISION: kinder to the rep. Nor does one owe the month in which its account is
    made, but for one made on the 1st, unless policy says so. None is owed from the month after churn.
    """
    latest = month.last_day if policy.flag("visit.owed_in_account_month") else month.first_day
    if approved_on is None or account_made_on is None or account_made_on > latest:
        return 0
    if month.first_day <= approved_on:
        return 0
    if is_past_churn(churned_on, month):
        return 0
    return policy.integer(f"visit.owed_{outlet_class.lower()}")


def visits_planned(owed: int, plan_days: int, churned_on: date | None, month: Month) -> int:
    """Visits of a month's plan: at least those owed, and none from the month after churn, whatever was planned before (RULEBOOK §11)."""
    return 0 if is_past_churn(churned_on, month) else max(owed, plan_days)


def counted_dates(dates: Iterable[date], policy: Policy) -> tuple[date, ...]:
    """The dates that count: different ones, each at least the minimum gap after the one before, earliest first."""
    gap_days = max(1, policy.integer("visit.min_gap_days"))
    counted: list[date] = []
    for day in sorted(set(dates)):
        if not counted or (day - counted[-1]).days >= gap_days:
            counted.append(day)
    return tuple(counted)


def month_state(owed: int, counted: int, waiting: int, today: date, month: Month) -> str:
    """`none` owed, `done`, `waiting` (reviews would close the gap), `overdue` (the month is over), else `due`."""
    if owed == 0:
        return "none"
    if counted >= owed:
        return "done"
    if counted + waiting >= owed:
        return "waiting"
    return "overdue" if today > month.last_day else "due"
