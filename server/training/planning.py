"""The plan of next month's trainings, made on the 28th from class and transactions (RULEBOOK §5, §11)."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.db import db, take_turn
from server.domain.months import Month, business_date
from server.domain.training_due import TrainingCandidate, plan_day, training_plan
from server.feed.clock import FeedEntry, touch, upsert
from server.outlets.models import Outlet
from server.outlets.responsible import classes_on
from server.policy.queries import policy_of
from server.training.counting import counts_in, does_planned, is_planned_for
from server.training.models import PlannedTraining, Training
from server.transactions.queries import month_volumes

MADE = "training.plan_made"
LATEST_DAY = 7  # a plan that was missed is made in the first days of its month, by what was known on the plan's day


def plan_trainings(now: datetime) -> int:
    """Make the plan of next month from its day on, and that of the running month if its day was missed; returns outlets planned.

    A plan is made once: whatever the supervisor changes stands. Safe to repeat and in parallel; the caller commits.
    """
    take_turn("training plan")
    today = business_date(now)
    running = Month.of_date(today)
    months = [running, running.next()] if today.day <= LATEST_DAY else [running.next()]
    return sum(_made(month, now) for month in months if plan_day(month, policy_of(month)) <= today and not is_plan_made(month))


def is_plan_made(month: Month) -> bool:
    made = (AuditRow.subject_type == "training_plan", AuditRow.subject_id == str(month), AuditRow.action == MADE)
    return db.session.scalar(select(AuditRow.id).where(*made).limit(1)) is not None


def due_trainings(now: datetime) -> int:
    """How many outlets of this month's plan were not trained yet."""
    month = Month.of_date(business_date(now))
    held = select(Training.id).where(Training.outlet_id == PlannedTraining.outlet_id, does_planned(month)).exists()
    query = select(func.count()).select_from(PlannedTraining).where(is_planned_for(month), ~held)
    return db.session.scalar(query) or 0


def _made(month: Month, now: datetime) -> int:
    policy = policy_of(month)
    candidates = {one.outlet_id: one for one in _candidates(month, plan_day(month, policy))}
    due = training_plan(candidates.values(), month, policy)
    rows = [_row(candidates[outlet_id], month, now) for outlet_id in due]
    if rows:
        db.session.execute(upsert(PlannedTraining).on_conflict_do_nothing(), rows)
    touch(db.session, *(FeedEntry("planned_training", f"{outlet_id}:{month}", f"outlet:{outlet_id}") for outlet_id in due))
    record_audit(now, None, MADE, ("training_plan", str(month)), outlets=len(rows))
    return len(rows)


def _candidates(month: Month, made_on: date) -> list[TrainingCandidate]:
    """Every customer, as known on the plan's day; volume is compared between the last two months that were over then."""
    latest = month.previous().previous()
    volumes = month_volumes([latest.previous(), latest])
    classes, trained = classes_on(made_on), _trained(month, made_on)
    columns = (Outlet.id, Outlet.outlet_class, Outlet.approved_on, Outlet.account_made_on, Outlet.churned_on)
    query = select(*columns).where(Outlet.removed_at.is_(None), Outlet.approved_on <= made_on, Outlet.account_made_on <= month.last_day)
    return [
        TrainingCandidate(
            outlet_id=row.id,
            outlet_class=classes.get(row.id, row.outlet_class),
            approved_on=row.approved_on,
            account_made_on=row.account_made_on,
            churned_on=row.churned_on,
            trained_on=tuple(trained[row.id]),
            volume_change_yuan=_change(volumes.get(row.id, {}), latest),
        )
        for row in db.session.execute(query)
    ]


def _trained(month: Month, made_on: date) -> defaultdict[str, list[date]]:
    """Trainings that count, of the month's year up to the plan's day."""
    found: defaultdict[str, list[date]] = defaultdict(list)
    of_year = or_(*(counts_in(Month(month.year, number)) for number in range(1, 13)))
    for outlet_id, day in db.session.execute(select(Training.outlet_id, Training.trained_on).where(of_year, Training.trained_on <= made_on)):
        found[outlet_id].append(day)
    return found


def _change(volumes: dict[Month, Decimal], latest: Month) -> Decimal:
    nothing = Decimal("0.00")
    return volumes.get(latest, nothing) - volumes.get(latest.previous(), nothing)


def _row(one: TrainingCandidate, month: Month, now: datetime) -> dict[str, Any]:
    return {
        "month": str(month),
        "outlet_id": one.outlet_id,
        "outlet_class": one.outlet_class,
        "volume_change_yuan": one.volume_change_yuan,
        "place": "",
        "content": "",
        "made_at": now,
    }
