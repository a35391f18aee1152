"""Which trainings make a month's plan done (RULEBOOK §5, §11)."""

from sqlalchemy import ColumnElement, literal

from server.domain.months import Month
from server.domain.policy import Policy
from server.policy.queries import flag_in
from server.training.models import Training

UNSIGNED = "training.unsigned_counts"


def counts_in(month: Month, policy: Policy | None = None) -> ColumnElement[bool]:
    """The condition on `Training` for one of the month: that of a new customer aside, and one that nobody signed where policy wants that.

    By the policy in force in the month, or by the one given.
    """
    of_month = Training.trained_on.between(month.first_day, month.last_day) & Training.is_new_customer.is_(False)
    does_unsigned = literal(policy.flag(UNSIGNED)) if policy else flag_in(UNSIGNED, month)
    return of_month & (Training.signature_refusal.is_(None) | does_unsigned)
