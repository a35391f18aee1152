"""异议 as phones send it (`finding_objection.v1`): what a person says against a finding, with photos by hash."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sync.photo_facts import PhotoFacts
from sync.schemas import Id, Sha256

MOST_PHOTOS = 3
MOST_LETTERS = 2000


class ObjectionRecord(Struct, frozen=True):
    """The operation's entity is the objection; `finding_id` names what it is about."""

    finding_id: Id
    text: Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)]
    photos: Annotated[list[Sha256], Meta(max_length=MOST_PHOTOS)] = []
    photo_facts: PhotoFacts = []


def objection_record(body: bytes) -> ObjectionRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=ObjectionRecord)
    if not record.text.strip():
        raise ValueError("text is blank")
    if len(set(record.photos)) != len(record.photos):
        raise ValueError("a photo is named twice")
    return record
