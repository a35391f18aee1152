"""工资条 as phones answer it (`payslip_step.v1`): seen, confirmed, or objected to with words."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

MOST_LETTERS = 2000


class PayslipRecord(Struct, frozen=True):
    """The operation's entity is the step; `month` (2026-11) names the author's own sheet."""

    month: Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    action: Literal["seen", "confirmed", "objected"]
    text: Annotated[str, Meta(max_length=MOST_LETTERS)] = ""


def payslip_record(body: bytes) -> PayslipRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=PayslipRecord)
    if (record.action == "objected") != bool(record.text.strip()):
        raise ValueError("an objection has words, and nothing else has")
    return record
