"""离网确认 as phones send it (`churn_word.v1`): marketing's word on a customer of the month's list."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sync.record_checks import check_instants, check_written
from sync.schemas import Id

MOST_LETTERS = 2000


class ChurnWordRecord(Struct, frozen=True):
    """The operation's entity is the word; `said_at` is the phone's own clock, uncorrected."""

    word_id: Id
    case_id: Id
    outlet_id: Id
    said_at: datetime
    is_gone: bool
    note: Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)]

    @property
    def record_id(self) -> str:
        return self.word_id

    @property
    def pictures(self) -> list[str]:
        return []


def churn_word_record(body: bytes) -> ChurnWordRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=ChurnWordRecord)
    check_instants(record.said_at)
    check_written(note=record.note)
    return record
