"""Trainings of the demo company: those of the year so far, the months' plans, and what was held of them."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from server.clock import now
from server.db import db
from server.demo import names
from server.demo.office import Office, at, kept_photo, kept_signature
from server.domain.months import Month
from server.domain.training_due import plan_day
from server.outlets.models import Outlet
from server.outlets.responsible import responsible_id
from server.policy.queries import policy_of
from server.training.actions import Arrangement, Held, arrange_training, record_training
from server.training.models import PlannedTraining, Training
from server.training.planning import plan_trainings
from sync.ids import uuid7

TRAINED_BEFORE = 0.65
HELD_AS_PLANNED = 0.85


def add_trainings(office: Office) -> None:
    """What was held earlier in the year, then month by month the plan of the 28th and what came of it."""
    _add_history(office)
    for month in [*office.months, office.months[-1].next()]:
        if plan_day(month, policy_of(month)) <= office.today:
            plan_trainings(_planned_at(month))
            db.session.commit()
            _hold(office, month)
    _train_new_customers(office)


def _planned_at(month: Month) -> datetime:
    """In the night of the day on which plans are made; not in one that is still to come."""
    return min(at(plan_day(month, policy_of(month)), 23), now())


def _add_history(office: Office) -> None:
    """Entered from paper: the class B and C outlets trained in this year before the first month shown."""
    first = office.months[0].first_day
    days = max(1, (first - date(first.year, 1, 4)).days)
    query = select(Outlet).where(Outlet.approved_on < first, Outlet.outlet_class != "A").order_by(Outlet.code)
    for outlet in db.session.scalars(query).all():
        day = date(first.year, 1, 4) + timedelta(days=office.source.randrange(days))
        trainer_id = responsible_id(outlet.id, day)
        if office.source.random() > TRAINED_BEFORE or trainer_id is None or day >= first:
            continue
        row = Training(id=uuid7(), outlet_id=outlet.id, trainer_id=trainer_id, trained_on=day, place="店内", received_at=at(day, 17))
        row.content, row.attendees, row.attendee_count = "新版系统的使用", [{"name": outlet.person_in_charge}], 1
        row.signer_name = outlet.person_in_charge
        db.session.add(row)
    db.session.commit()


def _hold(office: Office, month: Month) -> None:
    """The supervisor says when; what lies behind today was held, most of it, and of the running month not the one that matters most."""
    query = select(PlannedTraining.outlet_id).where(PlannedTraining.month == str(month)).order_by(PlannedTraining.volume_change_yuan)
    days = office.working_days(month)
    for place, outlet_id in enumerate(db.session.scalars(query).all()):
        outlet, day = db.session.get_one(Outlet, outlet_id), days[(place * 3) % len(days)]
        wanted = Arrangement(day, "店内", office.source.choice(names.TRAINING_CONTENTS))
        arrange_training(month, outlet_id, wanted, office.supervisor_of(outlet), _planned_at(month))
        is_left = month == office.months[-1] and place == 0
        if day < office.today and not is_left and office.source.random() < HELD_AS_PLANNED:
            _train(office, outlet, day, wanted.content, is_new_customer=False)


def _train_new_customers(office: Office) -> None:
    """At once after the account was made, installation and use."""
    first = office.months[0].first_day
    query = select(Outlet).where(Outlet.account_made_on >= first, Outlet.account_made_on < office.today - timedelta(days=2))
    for outlet in db.session.scalars(query.order_by(Outlet.code)).all():
        assert outlet.account_made_on is not None
        _train(office, outlet, outlet.account_made_on + timedelta(days=1), "系统安装、使用、常见故障的处理", is_new_customer=True)


def _train(office: Office, outlet: Outlet, day: date, content: str, is_new_customer: bool) -> None:
    trainer_id = responsible_id(outlet.id, day)
    if trainer_id is None:
        return
    people = tuple(dict.fromkeys([outlet.person_in_charge, *(cashier["name"] for cashier in outlet.cashiers)]))
    photo, signature = kept_photo(office, "counter", outlet, trainer_id, day), kept_signature(office, day)
    facts = (uuid7(), outlet.id, trainer_id, day, is_new_customer, "店内", content, people, len(people), photo, signature, outlet.person_in_charge)
    record_training(Held(*facts), trainer_id, at(day, 16))
