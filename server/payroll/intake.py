"""Taking in what people do with their 工资条 on the phone (`payslip_step.v1`)."""

from sqlalchemy import select

from server.db import db
from server.payroll.adjustments import CLOSED
from server.payroll.models import PayslipStep, WageSheet
from server.payroll.payslips import CONFIRMED, keep_step
from server.people.models import Person
from sync.payslip_form import PayslipRecord, payslip_record
from sync.receive import APPLIED, NOOP, Outcome, Sent, own_record_refusal, quarantined


def apply_payslip_step(sent: Sent) -> Outcome:
    """Keep a step at the author's own sheet; the same step once more changes nothing."""
    try:
        record = payslip_record(sent.record)
    except ValueError as fault:
        return quarantined("invalid_record", str(fault)[:300])
    refusal = own_record_refusal(sent, "payslip_step")
    if refusal is not None:
        return refusal
    if db.session.get(PayslipStep, sent.op.entity.id) is not None:
        return quarantined("id_taken", sent.op.entity.id)
    own = (WageSheet.person_id == sent.author.person_id, WageSheet.month == record.month)
    sheet = db.session.scalar(select(WageSheet).where(*own))
    if sheet is None:
        return quarantined("unknown_sheet", record.month)
    if record.action == CONFIRMED and sheet.state != CLOSED:
        return quarantined("sheet_open", record.month)
    return _keep(sent, record, sheet)


def _keep(sent: Sent, record: PayslipRecord, sheet: WageSheet) -> Outcome:
    person = db.session.get_one(Person, sent.author.person_id)
    if keep_step(sheet, record.action, record.text.strip(), person, sent.received_at, (sent.op.entity.id, sent.op.op_id)):
        return Outcome(APPLIED)
    return Outcome(NOOP)
