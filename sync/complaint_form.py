"""客户投诉处理表 (form 附表五) as phones send it: raised at the outlet (`complaint.v1`), handled there (`complaint_result.v1`)."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from sync.record_checks import check_instants, check_written
from sync.schemas import Id
from sync.visit_form import Signature

MOST_LETTERS = 2000

Story = Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS)]
Remark = Annotated[str, Meta(max_length=MOST_LETTERS)]
Feedback = Literal["", "satisfied", "fair", "dissatisfied"]


class ComplaintRecord(Struct, frozen=True):
    """The operation's entity is the complaint; `heard_at` is the phone's own clock, uncorrected."""

    complaint_id: Id
    outlet_id: Id
    heard_at: datetime
    kind: Literal["settlement", "equipment", "materials", "service", "other"]
    complainant: Annotated[str, Meta(min_length=1, max_length=60)]
    account: Story
    phone: Annotated[str, Meta(max_length=40)] = ""
    demand: Remark = ""

    @property
    def record_id(self) -> str:
        return self.complaint_id

    @property
    def pictures(self) -> list[str]:
        return []


class ComplaintResult(Struct, frozen=True):
    """The operation's entity is the result; what the customer thought is empty where nobody asked."""

    result_id: Id
    complaint_id: Id
    outlet_id: Id
    done_at: datetime
    investigation: Story
    verdict: Literal["founded", "unfounded"]
    handling: Story
    feedback_result: Feedback = ""
    feedback_speed: Feedback = ""
    feedback_text: Remark = ""
    signature: Signature | None = None

    @property
    def pictures(self) -> list[str]:
        return [self.signature.sha256] if self.signature else []

    @property
    def record_id(self) -> str:
        return self.result_id


def complaint_record(body: bytes) -> ComplaintRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=ComplaintRecord)
    check_instants(record.heard_at)
    check_written(complainant=record.complainant, account=record.account)
    return record


def complaint_result(body: bytes) -> ComplaintResult:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=ComplaintResult)
    check_instants(record.done_at)
    check_written(investigation=record.investigation, handling=record.handling)
    if record.signature is not None:
        check_instants(record.signature.signed_at)
        check_written(signer_name=record.signature.signer_name)
    return record
