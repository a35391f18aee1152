"""A training earlier in its period does what the 28th planned without knowing of it (RULEBOOK §5, §10)."""

from datetime import date

import pytest
from sqlalchemy import select

from server.clock import today
from server.db import db
from server.domain.months import Month
from server.feed.clock import last_number
from server.feed.models import SyncFeed
from server.payroll.actions import draft_month
from server.policy.actions import set_policy
from server.training.actions import Held, record_training
from server.training.documents import planned_training_documents
from server.training.models import PlannedTraining
from server.training.planning import due_trainings, plan_trainings
from sync.ids import uuid7
from tests.features.closed_months import chief, in_app  # noqa: F401
from tests.features.conftest import noon
from tests.features.wages import DECEMBER_2, NOVEMBER, lines_of

NOV = Month(2026, 11)
# by class, the first day of the period that holds November
STARTS = {"A": date(2026, 10, 1), "B": date(2026, 7, 1), "C": date(2026, 1, 1)}
BEFORE = {"A": date(2026, 9, 30), "B": date(2026, 6, 30), "C": date(2025, 12, 31)}


def plan(company, letter, made_by_id=None):
    row = PlannedTraining(month=NOVEMBER, outlet_id=company.outlet_id, outlet_class=letter, made_by_id=made_by_id, made_at=noon(date(2026, 10, 28)))
    db.session.add(row)
    db.session.commit()


def train(company, day):
    facts = (uuid7(), company.outlet_id, company.rep_id, day, False, "店内", "使用", ("王秀兰",), 1, "a" * 64, "b" * 64, "王秀兰")
    record_training(Held(*facts), company.rep_id, noon(date(2026, 11, 30)))


def award(company):
    draft_month(NOV, noon(DECEMBER_2))
    return lines_of(company.rep_id).get("award_trainings")


@pytest.mark.parametrize("letter", ["A", "B", "C"])
def test_a_training_since_the_period_began_does_the_plan(company, letter):
    plan(company, letter)
    train(company, BEFORE[letter])
    assert (award(company), due_trainings(noon(date(2026, 11, 30)))) == (None, 1)
    train(company, STARTS[letter])
    assert (award(company), due_trainings(noon(date(2026, 11, 30)))) == ("100.00", 0)


@pytest.mark.parametrize(("day", "paid"), [(date(2026, 11, 30), "100.00"), (date(2026, 12, 1), None)])
def test_a_training_after_the_planned_month_does_not(company, day, paid):
    plan(company, "A")
    train(company, day)
    assert award(company) == paid


def test_the_other_answer_asks_for_one_in_the_planned_month(company, chief):
    set_policy("training.early_counts", "false", date(2026, 11, 1), "原来的算法", chief, noon(date(2026, 10, 30)))
    plan(company, "A")
    train(company, date(2026, 10, 31))
    assert award(company) is None
    train(company, date(2026, 11, 1))
    assert award(company) == "100.00"


def test_what_a_supervisor_added_by_hand_is_done_in_its_month_only(company):
    plan(company, "A", company.supervisor_id)
    train(company, date(2026, 10, 31))
    assert award(company) is None


def test_a_training_of_the_27th_that_is_heard_of_after_the_plan_is_not_held_twice(company):
    plan_trainings(noon(date(2026, 10, 28)))
    db.session.commit()
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        facts = (uuid7(), outlet_id, company.rep_id, date(2026, 10, 27), False, "店内", "使用", ("王秀兰",), 1, "a" * 64, "b" * 64, "王秀兰")
        record_training(Held(*facts), company.rep_id, noon(date(2026, 10, 30)))
    assert award(company) == "100.00"
    plan_trainings(noon(date(2026, 11, 28)))
    assert list(db.session.scalars(select(PlannedTraining.outlet_id).where(PlannedTraining.month == "2026-12"))) == []


def sent(session):
    """The planned trainings that the last commit sent to phones."""
    which = (SyncFeed.entity_type == "planned_training", SyncFeed.seq == last_number(session))
    return set(db.session.scalars(select(SyncFeed.entity_id).where(*which)))


@pytest.mark.parametrize(
    ("key", "value", "is_told"),
    [("training.early_counts", "false", True), ("training.months_a", "2", True), ("training.months_c", "6", True), ("visit.owed_c", "2", False)],
)
def test_phones_hear_anew_of_plans_when_policy_moves_the_day_from_which_they_are_done(company, chief, key, value, is_told):
    running = Month.of_date(today())
    for month in (running.previous(), running, running.next()):
        row = PlannedTraining(month=str(month), outlet_id=company.outlet_id, outlet_class="A", made_at=noon(running.first_day))
        db.session.add(row)
    db.session.commit()
    set_policy(key, value, running.next().first_day, "新办法", chief, noon(running.first_day))
    told = {f"{company.outlet_id}:{month}" for month in (running, running.next())}
    assert sent(db.session) == (told if is_told else set())


@pytest.mark.parametrize(("letter", "by_hand", "day"), [("A", False, "2026-10-01"), ("C", False, "2026-01-01"), ("A", True, "2026-11-01")])
def test_phones_hear_from_which_day_it_is_done(company, letter, by_hand, day):
    plan(company, letter, company.supervisor_id if by_hand else None)
    key = f"{company.outlet_id}:{NOVEMBER}"
    assert planned_training_documents([key])[key]["done_from"] == day
