"""Taking in submitted outlet files from phones (`outlet_submit.v1`)."""

from server.db import db
from server.domain.months import business_date
from server.outlets.duplicates import kept_outlet_id
from server.outlets.file_steps import submit_file
from server.outlets.models import Outlet, OutletStep
from server.outlets.phone_records import is_or_was_theirs
from server.outlets.queries import responsible_name
from sync.outlet_form import outlet_submit
from sync.problems import OpProblem
from sync.receive import APPLIED, NOOP, OUT_OF_SCOPE_ACCEPTED, Outcome, Sent, quarantined, record_refusal


def apply_outlet_submit(sent: Sent) -> Outcome:
    """Lay a file before the manager, also one that somebody else keeps by now; a file that lies there already stays as it is."""
    try:
        record = outlet_submit(sent.record)
    except ValueError as fault:
        return quarantined("invalid_record", str(fault)[:300])
    refusal = record_refusal(sent, "outlet_step", f"outlet:{record.outlet_id}")
    if refusal is not None:
        return refusal
    if db.session.get(OutletStep, sent.op.entity.id) is not None:
        return quarantined("id_taken", sent.op.entity.id)
    outlet = db.session.get(Outlet, kept_outlet_id(record.outlet_id), with_for_update={"key_share": True})
    if outlet is None or outlet.removed_at is not None or not is_or_was_theirs(sent, record.outlet_id, outlet.id):
        return quarantined("unknown_outlet", record.outlet_id)
    if not submit_file(outlet, sent.author.person_id, sent.received_at, (sent.op.entity.id, sent.op.op_id)):
        return Outcome(NOOP)
    if sent.holds_scope:
        return Outcome(APPLIED)
    return Outcome(OUT_OF_SCOPE_ACCEPTED, OpProblem("outlet_reassigned", responsible_name(outlet.id, business_date(sent.received_at))))
