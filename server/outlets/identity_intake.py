"""Taking in ID documents from phones (`identity.v1`): opened, checked as in the console, and sealed anew into the file (RULEBOOK §2, ADR 19)."""

from datetime import datetime

from server.audit.actions import record_audit
from server.db import db
from server.domain.months import business_date
from server.domain.resident_id import document_fault, document_number
from server.outlets.identity import CONFIRMED, ENTERED, holds_document, newest_entry, take_identity
from server.outlets.identity_seal import opened_from_phone
from server.outlets.models import Outlet
from server.outlets.named_people import keeps_people_out
from server.outlets.phone_records import Refused, accepted_at, opened, refusable
from server.sealing import OtherKey
from sync.identity_form import IdentityRecord, identity_record
from sync.problems import OpProblem
from sync.receive import NOOP, Outcome, Sent


@refusable
def apply_identity(sent: Sent) -> Outcome:
    """Keep the document that was read last, by the estimated time, in whatever order they arrive; the same one read again is confirmed.

    DECISION (the regulation is silent): who no longer holds the outlet fills an empty file, and replaces no number in another one.
    """
    record, found = opened(sent, "identity", identity_record, _is_known)
    outlet = db.session.get_one(Outlet, found.id, with_for_update={"key_share": True})
    read_at = sent.happened_at(record.read_at)
    if keeps_people_out(outlet):
        return Outcome(NOOP, OpProblem("people_erased"))
    entered_at = newest_entry(outlet.id) if outlet.id_sealed else None
    if entered_at is not None and read_at < entered_at:
        return Outcome(NOOP, OpProblem("identity_older"))
    number = _number(record, sent.received_at)
    is_new = not holds_document(outlet, record.kind, number)
    if is_new and not sent.holds_scope and outlet.id_sealed:
        raise Refused("identity_not_yours")
    if is_new:
        take_identity(outlet, record.kind, number)
    if entered_at is None or read_at > entered_at:
        detail = {"kind": outlet.id_kind, "masked": outlet.id_masked, "read_at": read_at.isoformat()}
        record_audit(sent.received_at, sent.author.person_id, ENTERED if is_new else CONFIRMED, ("outlet", outlet.id), **detail)
    return accepted_at(outlet, sent) if is_new else Outcome(NOOP)


def _is_known(_record_id: str) -> bool:
    """Nothing is kept under the entry's own id: the same number again changes nothing, and one that is older neither."""
    return False


def _number(record: IdentityRecord, received_at: datetime) -> str:
    """The number in plain, for as long as this takes. Raises `Refused`, without a word of it."""
    try:
        number = opened_from_phone(record.sealed, record.outlet_id)
    except OtherKey as fault:
        raise Refused("identity_unopened") from fault
    number = document_number(number)
    wrong = document_fault(record.kind, number, business_date(received_at)) if number else "required"
    if wrong:
        raise Refused("identity_invalid", wrong)
    return number
