"""Deadlines of deliveries and complaints in working days (RULEBOOK §6, §7, §11): the day of the event is day 0, the last still counts."""

from collections.abc import Mapping
from datetime import date

from server.domain.policy import Policy
from server.domain.working_days import WorkingYear, add_working_days


def delivery_due_on(requested_on: date, years: Mapping[int, WorkingYear], policy: Policy) -> date:
    """The last day on which a material request is delivered in time (RULEBOOK §6)."""
    return add_working_days(requested_on, policy.integer("material.working_days"), years)


def complaint_due_on(received_on: date, years: Mapping[int, WorkingYear], policy: Policy) -> date:
    """The last day on which a complaint is resolved in time (RULEBOOK §7)."""
    return add_working_days(received_on, policy.integer("complaint.working_days"), years)


def churn_word_due_on(listed_on: date, years: Mapping[int, WorkingYear], policy: Policy) -> date:
    """The last day on which marketing's word on a churn case counts (RULEBOOK §9)."""
    return add_working_days(listed_on, policy.integer("churn.marketing_working_days"), years)


def is_late(due_on: date, done_on: date | None, today: date) -> bool:
    """Whether it was done after its day, or is not done and the day is over."""
    return (done_on if done_on is not None else today) > due_on
