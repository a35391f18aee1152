"""Calls to customers as they are made, and the first use from which some are due."""

from datetime import date
from decimal import Decimal

from server.callbacks.actions import Wish, list_callback, make_callback
from server.db import db
from server.transactions.models import OutletTransfer
from tests.features.conftest import noon


def used_from(app, outlet_id: str, day: date) -> None:
    with app.app_context():
        db.session.add(OutletTransfer(outlet_id=outlet_id, on=day, amount_yuan=Decimal("12.50")))
        db.session.commit()


def call(app, wish: Wish, outcome: str, day: date, by_id: str) -> str:
    """A call listed and made on a day; returns its id."""
    with app.app_context():
        callback_id = list_callback(wish, by_id, noon(day)).id
        make_callback(callback_id, outcome, "客户说的", by_id, noon(day))
        return callback_id
