"""What a month's plan of trainings asks for, and which make it done (RULEBOOK §5, §11)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, case, literal, select

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.training_due import training_period
from server.outlets.models import Outlet
from server.policy.queries import flag_in, policy_of, text_in
from server.training.models import PlannedTraining, Training

UNSIGNED = "training.unsigned_counts"
EARLY = "training.early_counts"
LETTERS = "ABC"
PERIOD_KEYS = (EARLY, *(f"training.months_{letter.lower()}" for letter in LETTERS))


def is_planned_for(month: Month) -> ColumnElement[bool]:
    """The condition on `PlannedTraining` for those of the month that are owed: none at an outlet that was found churned before it."""
    churned = select(Outlet.id).where(Outlet.churned_on < month.first_day)
    return (PlannedTraining.month == str(month)) & PlannedTraining.outlet_id.not_in(churned)


def counts_in(month: Month, policy: Policy | None = None) -> ColumnElement[bool]:
    """The condition on `Training` for one of the month: void ones and those of new customers aside, and what nobody signed where policy wants that.

    By the policy in force in the month, or by the one given.
    """
    does_unsigned = literal(policy.flag(UNSIGNED)) if policy else flag_in(UNSIGNED, month)
    return Training.trained_on.between(month.first_day, month.last_day) & _is_of_plans(does_unsigned)


def does_planned(month: Month, policy: Policy | None = None) -> ColumnElement[bool]:
    """The condition on `Training`, at the outlet of a `PlannedTraining` of the month, that it does what was planned.

    DECISION (RULEBOOK §5, due when the period has no completed training): one since the period began does it too, since the plan of the
    28th cannot know of it: kinder to the rep. What a supervisor added by hand is done in its month only.
    """
    if policy is None:
        return _does_planned_in(month)
    return _does(month, _starts(month, policy), literal(policy.flag(EARLY)), literal(policy.flag(UNSIGNED)))


@lru_cache(maxsize=12)
def _does_planned_in(month: Month) -> ColumnElement[bool]:
    """By the policy in force when it is asked. Built once: every page counts what is still to be trained."""
    return _does(month, {letter: _start_in(letter, month) for letter in LETTERS}, flag_in(EARLY, month), flag_in(UNSIGNED, month))


def _does(month: Month, starts: Mapping[str, Any], may_be_early: ColumnElement[bool], does_unsigned: ColumnElement[bool]) -> ColumnElement[bool]:
    of_class: Any = case(dict(starts), value=PlannedTraining.outlet_class, else_=month.first_day)
    first_day = case((PlannedTraining.made_by_id.is_(None) & may_be_early, of_class), else_=month.first_day)
    return Training.trained_on.between(first_day, month.last_day) & _is_of_plans(does_unsigned)


def done_from(planned: PlannedTraining) -> date:
    """The first day whose training does what was planned."""
    month = Month.parse(planned.month)
    starts = _starts(month, policy_of(month)) if planned.made_by_id is None else {}
    return starts.get(planned.outlet_class, month.first_day)


def _starts(month: Month, policy: Policy) -> dict[str, date]:
    """By class, the first day whose training does a plan item of the month that the software made."""
    return {letter: training_period(letter, month, policy)[0].first_day if policy.flag(EARLY) else month.first_day for letter in LETTERS}


def _start_in(letter: str, month: Month) -> ColumnElement[date]:
    """The first day of the class's period, within a statement."""
    lengths = (str(months) for months in range(1, 13))
    days = {length: training_period(letter, month, Policy({f"training.months_{letter.lower()}": length}))[0].first_day for length in lengths}
    return case(days, value=text_in(f"training.months_{letter.lower()}", month), else_=month.first_day)


def _is_of_plans(does_unsigned: ColumnElement[bool]) -> ColumnElement[bool]:
    is_valid = Training.is_new_customer.is_(False) & Training.voided_at.is_(None)
    return is_valid & (Training.signature_refusal.is_(None) | does_unsigned)
