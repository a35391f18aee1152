"""物料 as phones send it: what an outlet asks for (`material_request.v1`), and its delivery (`delivery.v2`)."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sync.photo_facts import PhotoFacts
from sync.record_checks import check_distinct, check_instants, check_written
from sync.schemas import Id, Sha256
from sync.signed import Refusal, check_signed, signed_picture
from sync.visit_form import Signature

MOST_LETTERS = 2000
MOST_PHOTOS = 3


class MaterialRequestRecord(Struct, frozen=True):
    """The operation's entity is the request; `asked_at` is the phone's own clock, uncorrected."""

    request_id: Id
    outlet_id: Id
    asked_at: datetime
    contents: Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)]

    @property
    def record_id(self) -> str:
        return self.request_id

    @property
    def pictures(self) -> list[str]:
        return []


class DeliveryRecord(Struct, frozen=True):
    """The operation's entity is the delivery; `request_id` names what it answers. Signed, or with the reason why not."""

    delivery_id: Id
    request_id: Id
    outlet_id: Id
    delivered_at: datetime
    photos: Annotated[list[Sha256], Meta(min_length=1, max_length=MOST_PHOTOS)]
    signature: Signature | None
    signature_refusal: Refusal | None
    note: Annotated[str, Meta(max_length=MOST_LETTERS)] = ""
    photo_facts: PhotoFacts = []

    @property
    def pictures(self) -> list[str]:
        return [*self.photos, *signed_picture(self.signature)]

    @property
    def record_id(self) -> str:
        return self.delivery_id


def material_request_record(body: bytes) -> MaterialRequestRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=MaterialRequestRecord)
    check_instants(record.asked_at)
    check_written(contents=record.contents)
    return record


def delivery_record(body: bytes) -> DeliveryRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=DeliveryRecord)
    check_instants(record.delivered_at)
    check_signed(record.signature, record.signature_refusal)
    check_distinct(record.pictures)
    return record
