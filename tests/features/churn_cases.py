"""A customer who stopped moving money, and the list that a month makes of such."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.churn.listing import list_churn
from server.churn.models import ChurnCase
from server.db import db
from server.transactions.models import OutletTransfer
from tests.features.conftest import noon
from tests.sync.conftest import Company

LISTED = date(2026, 11, 2)  # a Monday: marketing may speak until Tuesday the 10th


def moved(app, outlet_id: str, *transfers: tuple[date, str]) -> None:
    with app.app_context():
        for day, amount in transfers:
            db.session.add(OutletTransfer(outlet_id=outlet_id, on=day, amount_yuan=Decimal(amount)))
        db.session.commit()


def lists(app, day: date = LISTED, waits: bool = True) -> int:
    with app.app_context():
        made = list_churn(noon(day), waits)
        db.session.commit()
        return made


@pytest.fixture
def case(app, company: Company) -> str:
    """The first outlet moved money in September and none in October, the second in both; its case is listed on 2 November."""
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"))
    moved(app, company.second_outlet_id, (date(2026, 9, 12), "500"), (date(2026, 10, 31), "1"))
    assert lists(app) == 1
    with app.app_context():
        return db.session.scalars(select(ChurnCase.id)).one()


def case_of(app, case_id: str) -> ChurnCase:
    with app.app_context():
        return db.session.get_one(ChurnCase, case_id)
