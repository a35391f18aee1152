"""Taking in material requests (`material_request.v1`) and deliveries (`delivery.v2`) from phones."""

from datetime import date

from sqlalchemy import select

from server.db import db, held
from server.domain.months import business_date
from server.materials.actions import Delivery, DeliveryFault, Wanted, delivery_fault, keep_request, note_delivery
from server.materials.models import MaterialRequest
from server.media.models import BlobRef
from server.media.pictures import note_photos
from server.outlets.duplicates import kept_outlet_id
from server.outlets.phone_records import Refused, accepted_at, no_earlier, opened, refusable
from sync.material_form import DeliveryRecord, delivery_record, material_request_record
from sync.receive import Outcome, Sent
from sync.signed import kept_signed

DELIVERY = "delivery"


@refusable
def apply_material_request(sent: Sent) -> Outcome:
    """Note what an outlet asks for; the day it asked is day 0, by the estimated time."""
    record, outlet = opened(sent, "material_request", material_request_record, _is_request)
    wanted = Wanted(record.request_id, outlet.id, record.contents.strip(), business_date(sent.happened_at(record.asked_at)))
    keep_request(wanted, sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)


def _is_request(request_id: str) -> bool:
    return db.session.get(MaterialRequest, request_id) is not None


@refusable
def apply_delivery(sent: Sent) -> Outcome:
    """Record a delivery; in time is what was delivered in time, by the estimated time, however late the record came."""
    record, outlet = opened(sent, DELIVERY, delivery_record, _is_delivery)
    request = held(MaterialRequest, record.request_id)
    if request is None or kept_outlet_id(request.outlet_id) != outlet.id:
        raise Refused("unknown_request", record.request_id)
    said_on = business_date(sent.happened_at(record.delivered_at))
    if delivery_fault(request, said_on) == DeliveryFault.DELIVERED:
        raise Refused("already_delivered", request.id)
    delivery = _delivery(sent, record, no_earlier(request.requested_on, said_on, sent))
    note_photos(sent.op.op_id, record.photo_facts)
    note_delivery(request, delivery, sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)


def _is_delivery(delivery_id: str) -> bool:
    """A delivery is no row of its own: the request keeps its operation, which names the delivery with its pictures."""
    named = (BlobRef.entity_type == DELIVERY) & (BlobRef.entity_id == delivery_id)
    query = select(MaterialRequest.id).join(BlobRef, BlobRef.op_id == MaterialRequest.delivery_op_id).where(named)
    return db.session.scalar(query.limit(1)) is not None


def _delivery(sent: Sent, record: DeliveryRecord, delivered_on: date) -> Delivery:
    return Delivery(
        delivered_on=delivered_on,
        photo_sha256=record.photos[0],
        more_photos=tuple(record.photos[1:]),
        note=record.note.strip(),
        op_id=sent.op.op_id,
        **kept_signed(record.signature, record.signature_refusal),
    )
