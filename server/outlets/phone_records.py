"""Records of phones about an outlet, of whatever feature: what can be read, whose outlet it is, and what the author is told."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Protocol, TypeVar

from server.audit.actions import record_audit
from server.db import db
from server.domain.months import business_date
from server.feed.scopes import ever_held_scope
from server.outlets.duplicates import kept_outlet_id
from server.outlets.models import Outlet
from server.outlets.queries import responsible_name
from sync.problems import OpProblem
from sync.receive import APPLIED, OUT_OF_SCOPE_ACCEPTED, Outcome, Sent, quarantined, record_refusal


class OutletRecord(Protocol):
    """What the records of paper forms have in common: their own id, their outlet's, and the hashes of their pictures."""

    @property
    def outlet_id(self) -> str: ...
    @property
    def record_id(self) -> str: ...
    @property
    def pictures(self) -> list[str]: ...


class Refused(Exception):
    """The record is kept as it came, and not in force; `outcome` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.outcome = quarantined(code, detail)


Record = TypeVar("Record", bound=OutletRecord)
Take = Callable[[Sent], Outcome]


def refusable(take: Take) -> Take:
    """Let what takes in a record raise `Refused`."""

    @wraps(take)
    def taken(sent: Sent) -> Outcome:
        try:
            return take(sent)
        except Refused as refused:
            return refused.outcome

    return taken


def opened(sent: Sent, kind: str, read: Callable[[bytes], Record], is_known: Callable[[str], bool]) -> tuple[Record, Outlet]:
    """The record and its outlet, or the one that was merged into.

    `kind` is the type of its entity, `read` its form's reader, `is_known` says whether its id is in use. Raises `Refused` with
    `invalid_record`, `id_taken` or `unknown_outlet`.
    """
    try:
        record = read(sent.record)
    except ValueError as fault:
        raise Refused("invalid_record", str(fault)[:300]) from fault
    if sent.op.entity.id != record.record_id:
        raise Refused("invalid_record", "entity")
    refusal = record_refusal(sent, kind, f"outlet:{record.outlet_id}", record.pictures)
    if refusal is not None and refusal.problem is not None:
        raise Refused(refusal.problem.code, refusal.problem.detail)
    if is_known(record.record_id):
        raise Refused("id_taken", record.record_id)
    outlet = _own_outlet(sent, record.outlet_id)
    if outlet is None:
        raise Refused("unknown_outlet", record.outlet_id)
    return record, outlet


def _own_outlet(sent: Sent, outlet_id: str) -> Outlet | None:
    """The outlet, or the one it was merged into; None when there is none, or it never was the author's."""
    outlet = db.session.get(Outlet, kept_outlet_id(outlet_id))
    return outlet if outlet is not None and is_or_was_theirs(sent, outlet_id, outlet.id) else None


def is_or_was_theirs(sent: Sent, outlet_id: str, kept_id: str) -> bool:
    """Only who keeps an outlet, or once did, may speak of it; `kept_id` is the one it was merged into, or itself."""
    return ever_held_scope(sent.author.person_id, {f"outlet:{outlet_id}", f"outlet:{kept_id}"})


def no_earlier(cause_on: date, said_on: date, sent: Sent) -> date:
    """The day on which something was done: that of its cause at the earliest. What a clock that stood back said is kept in the audit.

    For records that are taken in: whoever refuses one has to do so before.
    """
    if said_on >= cause_on:
        return said_on
    at, subject = sent.received_at, (sent.op.entity.type, sent.op.entity.id)
    record_audit(at, sent.author.person_id, "op.before_cause", subject, said_on=said_on.isoformat(), kept_on=cause_on.isoformat())
    return cause_on


def accepted_at(outlet: Outlet, sent: Sent) -> Outcome:
    """In force and credited to the author, who is told when the outlet is somebody else's by now (SYNC §4)."""
    if sent.holds_scope:
        return Outcome(APPLIED)
    kind, record_id = sent.op.entity.type, sent.op.entity.id
    record_audit(sent.received_at, sent.author.person_id, f"{kind}.out_of_scope", (kind, record_id), outlet_id=outlet.id)
    return Outcome(OUT_OF_SCOPE_ACCEPTED, OpProblem("outlet_reassigned", responsible_name(outlet.id, business_date(sent.received_at))))
