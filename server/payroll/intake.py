"""Taking in what people do with their 工资条 on the phone (`payslip_step.v1`)."""

from sqlalchemy import select

from server.db import db
from server.payroll.models import PayslipStep, WageSheet
from server.payroll.payslips import keep_step
from server.people.models import Person
from sync.payslip_form import PayslipRecord, payslip_record
from sync.receive import APPLIED, Outcome, Sent, quarantined
from sync.times import corrected


def apply_payslip_step(sent: Sent) -> Outcome:
    """Keep a step at the author's own sheet; the same step once more changes nothing."""
    try:
        record = payslip_record(sent.record)
    except ValueError as fault:
        return quarantined("invalid_record", str(fault)[:300])
    refusal = _refusal(sent)
    if refusal is not None:
        return refusal
    own = (WageSheet.person_id == sent.author.person_id, WageSheet.month == record.month)
    sheet = db.session.scalar(select(WageSheet).where(*own))
    if sheet is None:
        return quarantined("unknown_sheet", record.month)
    return _keep(sent, record, sheet)


def _refusal(sent: Sent) -> Outcome | None:
    op = sent.op
    if op.kind != "record" or op.entity.type != "payslip_step":
        return quarantined("invalid_record", "entity")
    if op.scope != f"user:{sent.author.person_id}":
        return quarantined("invalid_record", "scope")
    if op.blobs:
        return quarantined("invalid_record", "blobs")
    if db.session.get(PayslipStep, op.entity.id) is not None:
        return quarantined("id_taken", op.entity.id)
    return None


def _keep(sent: Sent, record: PayslipRecord, sheet: WageSheet) -> Outcome:
    """A clock that runs ahead cannot have been later than the receipt."""
    done_at = min(corrected(sent.op.t.wall, sent.op.t.offset_ms), sent.received_at)
    person = db.session.get_one(Person, sent.author.person_id)
    if keep_step(sheet, record.action, record.text.strip(), person, done_at, (sent.op.entity.id, sent.op.op_id)):
        return Outcome(APPLIED)
    return Outcome("noop")
