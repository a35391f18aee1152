"""What an operation is to the server, and what became of it: the words both sides share."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sync.problems import OpProblem
from sync.schemas import Op
from sync.times import corrected

APPLIED = "applied"
NOOP = "noop"
MERGED = "merged"
CONFLICT_RECORDED = "conflict_recorded"
OUT_OF_SCOPE_ACCEPTED = "out_of_scope_accepted"
PARKED = "parked"
QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Author:
    """Who sent an operation, and from which device; `skew_ms` is its clock less the server's as it sent, where it said so."""

    person_id: str
    device_id: str
    client_id: str
    skew_ms: int | None = None


@dataclass(frozen=True)
class Sent:
    """An operation with its raw body, the same in the newest version of its form, its author and the time of receipt."""

    op: Op
    body: bytes
    record: bytes
    form: str
    author: Author
    received_at: datetime
    holds_scope: bool

    def happened_at(self, reading: datetime) -> datetime:
        """The estimated true time of a reading of the phone's clock: one that runs ahead cannot have been later than the receipt."""
        return min(corrected(reading, self.op.t.offset_ms), self.received_at)


@dataclass(frozen=True)
class Collision:
    """A field that somebody else changed meanwhile: JSON texts of the value sent, the server's, and the one it was made from.

    When `is_parked` the server's value stays until a supervisor decides; else the value sent won and the server's is kept.
    """

    field: str
    mine: str
    theirs: str
    before: str
    is_parked: bool


@dataclass(frozen=True)
class Outcome:
    """A terminal result code, with the problem to tell the user of where there is one, and the values that lost."""

    code: str
    problem: OpProblem | None = None
    collisions: tuple[Collision, ...] = ()


def quarantined(code: str, detail: str = "", **fields: str) -> Outcome:
    return Outcome(QUARANTINED, OpProblem(code, detail, fields))


def own_record_refusal(sent: Sent, entity_type: str, blobs: Collection[str] = ()) -> Outcome | None:
    """Why this is not a record of the author's own scope about such an entity with just these files; None when it is."""
    return record_refusal(sent, entity_type, f"user:{sent.author.person_id}", blobs)


def record_refusal(sent: Sent, entity_type: str, scope: str, blobs: Collection[str] = ()) -> Outcome | None:
    """Why this is not a record of the scope about such an entity with just these files; None when it is."""
    op = sent.op
    if op.kind != "record" or op.entity.type != entity_type:
        return quarantined("invalid_record", "entity")
    if op.scope != scope:
        return quarantined("invalid_record", "scope")
    if set(blobs) != set(op.blobs):
        return quarantined("invalid_record", "blobs")
    return None
