"""Materials asked for and delivered, as phones send it and as the office notes it."""

from datetime import date

from sqlalchemy import select

from server.db import db
from server.materials.actions import Delivery, Wanted, deliver_materials, request_materials
from server.materials.models import MaterialRequest
from sync.ids import uuid7
from tests.features.conftest import noon
from tests.features.papers import AT, DELIVERY, PHOTOS, REQUEST, SIGNED, paper
from tests.sync.conftest import Company, Phone

NOVEMBER_18 = date(2026, 11, 18)  # a Wednesday: due on Monday the 23rd


def asked(phone: Phone, outlet_id: str, body=None, **changes):
    return paper(phone, REQUEST, outlet_id, {"asked_at": AT, "contents": "凭条纸 10 卷"} | (body or {}), **changes)


def delivered(phone: Phone, outlet_id: str, request_id: str, body=None, **changes):
    said = {"request_id": request_id, "delivered_at": AT, "photos": PHOTOS, "signature": SIGNED, "signature_refusal": None, "note": "放柜台里"} | (
        body or {}
    )
    return paper(phone, DELIVERY, outlet_id, said, **changes)


def ask(app, company: Company, requested_on: date = NOVEMBER_18, request_id: str = "") -> str:
    """As the office notes it, at the first outlet; returns its id."""
    with app.app_context():
        wanted = Wanted(request_id or uuid7(), company.outlet_id, "凭条纸 10 卷", requested_on)
        return request_materials(wanted, company.supervisor_id, noon(requested_on)).id


def deliver(app, company: Company, request_id: str, day: date) -> None:
    with app.app_context():
        deliver_materials(request_id, Delivery(day, "1" * 64, "2" * 64, "李建国", ""), company.supervisor_id, noon(day))


def requests(app) -> list[MaterialRequest]:
    with app.app_context():
        return list(db.session.scalars(select(MaterialRequest).order_by(MaterialRequest.id)))


def request_of(app, request_id: str) -> MaterialRequest:
    with app.app_context():
        return db.session.get_one(MaterialRequest, request_id)
