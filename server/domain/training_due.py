"""Which outlets are due for training 客户培训 (RULEBOOK §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.domain.churn import is_past_churn
from server.domain.months import Month
from server.domain.policy import Policy


@dataclass(frozen=True)
class TrainingCandidate:
    """An outlet on the day the plan is made: its class that day, completed trainings, and how its volume changed, in yuan.

    Trainings of a new customer (the first one, with the contract) are not among `trained_on`.
    """

    outlet_id: str
    outlet_class: str
    approved_on: date | None
    account_made_on: date | None
    churned_on: date | None = None
    trained_on: tuple[date, ...] = ()
    volume_change_yuan: Decimal = Decimal("0.00")


def training_plan(candidates: Iterable[TrainingCandidate], month: Month, policy: Policy) -> tuple[str, ...]:
    """Outlet ids due in the month, most falling volume first, then by id."""
    due = [one for one in candidates if is_training_due(one, month, policy)]
    return tuple(one.outlet_id for one in sorted(due, key=lambda one: (one.volume_change_yuan, one.outlet_id)))


def is_training_due(outlet: TrainingCandidate, month: Month, policy: Policy) -> bool:
    """Whether the outlet's period that holds the month has no completed training yet.

    DECISION (RULEBOOK §5, §11): calendar quarters, half-years, years; an outlet approved in a period's last month owes from
    the next; only approved customers with an account owe, none from the month after churn was decided.
    """
    if outlet.approved_on is None or outlet.account_made_on is None or max(outlet.approved_on, outlet.account_made_on) > month.last_day:
        return False
    if is_past_churn(outlet.churned_on, month):
        return False
    first, last = training_period(outlet.outlet_class, month, policy)
    if outlet.approved_on >= last.first_day:
        return False
    return not any(first.first_day <= day <= last.last_day for day in outlet.trained_on)


def training_period(outlet_class: str, month: Month, policy: Policy) -> tuple[Month, Month]:
    """First and last month of the class's calendar period that holds the month."""
    length = policy.integer(f"training.months_{outlet_class.lower()}")
    first = (month.month - 1) // length * length + 1
    return Month(month.year, first), Month(month.year, min(first + length - 1, 12))


def plan_day(month: Month, policy: Policy) -> date:
    """The day on which the plan of a month is made: the 28th of the month before."""
    return month.previous().first_day.replace(day=policy.integer("training.plan_day"))
