"""Operations that wait for a supervisor: parked when they came, or when they were judged again after a quarantine.

`code` is the answer that the phone got and never changes; of one that was judged again `settled_code` says `parked` until it is decided.
"""

from sqlalchemy import ColumnElement, literal, or_, select

from server.intake.models import SyncConflict, SyncOp
from sync.receive import PARKED

WORD = literal(PARKED, literal_execute=True)  # written out, so that the index of those rows is known to hold them


def waits() -> ColumnElement[bool]:
    """The condition on `SyncOp` for those that nobody decided."""
    return or_((SyncOp.code == WORD) & SyncOp.settled_at.is_(None), SyncOp.settled_code == WORD)


def is_waiting(op: SyncOp) -> bool:
    return (op.code == PARKED and op.settled_at is None) or op.settled_code == PARKED


def waited() -> ColumnElement[bool]:
    """The condition on `SyncOp` for those that wait or waited."""
    again = select(SyncConflict.id).where(SyncConflict.op_id == SyncOp.op_id, SyncConflict.kind == PARKED).exists()
    return or_(SyncOp.code == PARKED, again)
