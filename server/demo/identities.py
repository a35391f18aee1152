"""Invented ID numbers of the demo company's owners, sealed like typed ones."""

import random
from datetime import date, timedelta

from sqlalchemy import select

from server.db import db
from server.demo.office import Office
from server.domain.resident_id import RESIDENT_ID, check_character, document_fault
from server.outlets.identity import take_identity
from server.outlets.models import Outlet

NOWHERE = "99"  # no province has this code, so the number is nobody's
FIRST_BIRTH = date(1960, 1, 1)


def add_identities(office: Office) -> None:
    """Nearly every customer's file has a number; one in seven still lacks it, and such a new customer is not paid for. Commits."""
    customers = db.session.scalars(select(Outlet).where(Outlet.account_made_on.is_not(None)).order_by(Outlet.code)).all()
    for number, outlet in enumerate(customers):
        if number % 7 != 5:
            take_identity(outlet, RESIDENT_ID, invented_id(office.source, office.today))
    db.session.commit()


def invented_id(source: random.Random, today: date) -> str:
    """A number that passes every check and belongs to nobody."""
    born_on = FIRST_BIRTH + timedelta(days=source.randrange(40 * 365))
    digits = f"{NOWHERE}{source.randrange(10_000):04d}{born_on:%Y%m%d}{source.randrange(1, 1000):03d}"
    number = digits + check_character(digits)
    assert not document_fault(RESIDENT_ID, number, today), number
    return number
