"""Which trainings make a month's plan done (RULEBOOK §5, §11)."""

from sqlalchemy import ColumnElement

from server.domain.months import Month
from server.policy.queries import flag_in
from server.training.models import Training

UNSIGNED = "training.unsigned_counts"


def counts_in(month: Month) -> ColumnElement[bool]:
    """The condition on `Training` for one of the month: that of a new customer aside, and one that nobody signed where policy wants that."""
    of_month = Training.trained_on.between(month.first_day, month.last_day) & Training.is_new_customer.is_(False)
    return of_month & (Training.signature_refusal.is_(None) | flag_in(UNSIGNED, month))
