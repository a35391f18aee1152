"""What a month's plan of trainings asks for, and which make it done (RULEBOOK §5, §11)."""

from sqlalchemy import ColumnElement, literal, select

from server.domain.months import Month
from server.domain.policy import Policy
from server.outlets.models import Outlet
from server.policy.queries import flag_in
from server.training.models import PlannedTraining, Training

UNSIGNED = "training.unsigned_counts"


def is_planned_for(month: Month) -> ColumnElement[bool]:
    """The condition on `PlannedTraining` for those of the month that are owed: none at an outlet that was found churned before it."""
    churned = select(Outlet.id).where(Outlet.churned_on < month.first_day)
    return (PlannedTraining.month == str(month)) & PlannedTraining.outlet_id.not_in(churned)


def counts_in(month: Month, policy: Policy | None = None) -> ColumnElement[bool]:
    """The condition on `Training` for one of the month: that of a new customer aside, and one that nobody signed where policy wants that.

    By the policy in force in the month, or by the one given.
    """
    of_month = Training.trained_on.between(month.first_day, month.last_day) & Training.is_new_customer.is_(False)
    does_unsigned = literal(policy.flag(UNSIGNED)) if policy else flag_in(UNSIGNED, month)
    return of_month & (Training.signature_refusal.is_(None) | does_unsigned)
