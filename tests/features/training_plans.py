"""Plans of trainings in tests: made, read, and what they are made by."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from server.clock import today
from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet, OutletClassChange
from server.training.actions import Held, record_training
from server.training.models import PlannedTraining
from server.training.planning import plan_trainings
from server.transactions.models import OutletTransfer
from sync.ids import uuid7
from tests.features.conftest import noon
from tests.sync.conftest import Company

NOVEMBER_28 = date(2026, 11, 28)
THIS_MONTH = Month.of_date(today())


def make_plan(app, day: date = NOVEMBER_28) -> int:
    with app.app_context():
        made = plan_trainings(noon(day))
        db.session.commit()
        return made


def planned(app, month: str = "2026-12") -> list[tuple[str, str, str]]:
    """(outlet id, class, change of volume) in the order of the plan."""
    with app.app_context():
        query = select(PlannedTraining).where(PlannedTraining.month == month)
        rows = db.session.scalars(query.order_by(PlannedTraining.volume_change_yuan, PlannedTraining.outlet_id))
        return [(row.outlet_id, row.outlet_class, str(row.volume_change_yuan)) for row in rows]


def moved(app, outlet_id: str, **months: str) -> None:
    """Monthly totals in yuan, such as `m10="1000"` for October 2026."""
    with app.app_context():
        for name, amount in months.items():
            last_day = Month(2026, int(name[1:])).last_day
            db.session.add(OutletTransfer(outlet_id=outlet_id, on=last_day, is_month_total=True, amount_yuan=Decimal(amount)))
        db.session.commit()


def trained(app, company: Company, outlet_id: str, day: date, is_new_customer: bool = False, refusal: str | None = None) -> str:
    with app.app_context():
        facts = (uuid7(), outlet_id, company.rep_id, day, is_new_customer, "店内", "使用", ("王秀兰",), 1, "a" * 64, "b" * 64, "王秀兰")
        return record_training(Held(*facts, signature_refusal=refusal), company.rep_id, noon(day)).id


def take_class(app, outlet_id: str, letter: str, since: date) -> None:
    with app.app_context():
        db.session.add(OutletClassChange(id=uuid7(), outlet_id=outlet_id, outlet_class=letter, valid_from=since))
        db.session.get_one(Outlet, outlet_id).outlet_class = letter
        db.session.commit()
