"""Material requests as evidence cards, and who sees their pictures."""

from datetime import date

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from server.console.due import Due, due
from server.console.formats import day as written_day
from server.db import db
from server.findings.evidence import Card
from server.materials.models import MaterialRequest
from server.materials.queries import is_visible_request
from server.media.pictures import records_with
from server.outlets.models import Outlet
from server.people.models import Person


def material_cards(ids: list[str], reader: Person, today: date) -> dict[str, Card]:
    """Material requests within the reader's reach, each with the photo of its delivery."""
    query = select(MaterialRequest, Outlet.name).join(Outlet, Outlet.id == MaterialRequest.outlet_id)
    query = query.where(MaterialRequest.id.in_(ids), is_visible_request(reader, today)).order_by(MaterialRequest.due_on)
    return {row.MaterialRequest.id: _card(row.MaterialRequest, row.name, today) for row in db.session.execute(query)}


def _card(request: MaterialRequest, outlet_name: str, today: date) -> Card:
    state = Due("none", gettext("已作废")) if request.voided_at else due(request.due_on, request.delivered_on, today)
    days = {"asked": written_day(request.requested_on), "due": written_day(request.due_on), "came": written_day(request.delivered_on)}
    asked, came = gettext("%(asked)s 要，%(due)s 到期，%(came)s 送到", **days), gettext("%(asked)s 要，%(due)s 到期，还没有送到", **days)
    href = url_for("materials.material_request", request_id=request.id)
    text = asked if request.delivered_on else came
    if request.signature_refusal is not None:
        text = f"{text} · {gettext('未签字')}"
    return Card("material_request", request.id, state.mark, state.words, outlet_name, text, href, request.photo_sha256 or "")


def sees_delivery(sha256: str, reader: Person, today: date) -> bool:
    """Whether the picture belongs to a delivery that the person may see."""
    shown = MaterialRequest.id.in_(records_with(sha256, "material_request"))
    return db.session.scalar(select(MaterialRequest.id).where(shown, is_visible_request(reader, today)).limit(1)) is not None
