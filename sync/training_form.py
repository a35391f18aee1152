"""客户培训记录 (form 附表三) as phones send it (`training.v2`): held at the outlet, with photos and a signature, or why there is none."""

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
MOST_NAMES = 30
MOST_PEOPLE = 999
MOST_PHOTOS = 3


class TrainingRecord(Struct, frozen=True):
    """The operation's entity is the training; `held_at` is the phone's own clock, uncorrected."""

    training_id: Id
    outlet_id: Id
    held_at: datetime
    is_new_customer: bool
    content: Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)]
    attendee_count: Annotated[int, Meta(ge=1, le=MOST_PEOPLE)]
    photos: Annotated[list[Sha256], Meta(min_length=1, max_length=MOST_PHOTOS)]
    signature: Signature | None
    signature_refusal: Refusal | None
    place: Annotated[str, Meta(max_length=200)] = ""
    attendees: Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=MOST_NAMES)] = []
    photo_facts: PhotoFacts = []

    @property
    def pictures(self) -> list[str]:
        return [*self.photos, *signed_picture(self.signature)]

    @property
    def record_id(self) -> str:
        return self.training_id


def training_record(body: bytes) -> TrainingRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=TrainingRecord)
    check_instants(record.held_at)
    check_written(content=record.content)
    check_signed(record.signature, record.signature_refusal)
    for name in record.attendees:
        check_written(attendees=name)
    check_distinct(record.pictures)
    return record
