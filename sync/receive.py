"""What an operation is to the server, and what became of it: the words both sides share."""

from dataclasses import dataclass
from datetime import datetime

from sync.problems import OpProblem
from sync.schemas import Op

APPLIED = "applied"
NOOP = "noop"
MERGED = "merged"
CONFLICT_RECORDED = "conflict_recorded"
OUT_OF_SCOPE_ACCEPTED = "out_of_scope_accepted"
PARKED = "parked"
QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Author:
    """Who sent an operation, from which device, and whether its scope is (or was) theirs."""

    person_id: str
    device_id: str
    client_id: str


@dataclass(frozen=True)
class Sent:
    """An operation with its raw body, its author and the time of receipt."""

    op: Op
    body: bytes
    author: Author
    received_at: datetime
    holds_scope: bool


@dataclass(frozen=True)
class Outcome:
    """A terminal result code, with the problem to tell the user of where there is one."""

    code: str
    problem: OpProblem | None = None


def quarantined(code: str, detail: str = "", **fields: str) -> Outcome:
    return Outcome(QUARANTINED, OpProblem(code, detail, fields))
