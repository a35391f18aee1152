"""登记备案 (form 附表四): what could not be solved on site (`follow_up.v1`), and what is seen of it later (`follow_up_look.v1`)."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from sync.photo_facts import PhotoFacts
from sync.record_checks import check_distinct, check_instants, check_written
from sync.schemas import Id, Sha256

MOST_LETTERS = 2000
MOST_PHOTOS = 3
MOST_DAYS = 60

Words = Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)]
Photos = Annotated[list[Sha256], Meta(max_length=MOST_PHOTOS)]
Owner = Literal["rep", "supervisor", "ops", "service"]


class FollowUpRecord(Struct, frozen=True):
    """The operation's entity is the follow-up; `noticed_at` is the phone's own clock, uncorrected.

    `owner` is who has to see to it, within so many `working_days` after the day it was noticed.
    """

    follow_up_id: Id
    outlet_id: Id
    noticed_at: datetime
    problem: Words
    owner: Owner
    working_days: Annotated[int, Meta(ge=1, le=MOST_DAYS)]
    photos: Photos = []
    photo_facts: PhotoFacts = []

    @property
    def record_id(self) -> str:
        return self.follow_up_id

    @property
    def pictures(self) -> list[str]:
        return self.photos


class FollowUpLook(Struct, frozen=True):
    """The operation's entity is the look; `follow_up_id` names what was looked at."""

    look_id: Id
    follow_up_id: Id
    outlet_id: Id
    looked_at: datetime
    is_solved: bool
    note: Words
    photos: Photos = []
    photo_facts: PhotoFacts = []

    @property
    def record_id(self) -> str:
        return self.look_id

    @property
    def pictures(self) -> list[str]:
        return self.photos


def follow_up_record(body: bytes) -> FollowUpRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=FollowUpRecord)
    check_instants(record.noticed_at)
    check_written(problem=record.problem)
    check_distinct(record.photos)
    return record


def follow_up_look(body: bytes) -> FollowUpLook:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=FollowUpLook)
    check_instants(record.looked_at)
    check_written(note=record.note)
    check_distinct(record.photos)
    return record
