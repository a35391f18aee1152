"""A customer who left, whose file, phones and records name people; and asking for them to be erased."""

import json
from datetime import date, timedelta

import pytest

from server.audit.actions import record_audit
from server.clock import now
from server.complaints.models import Complaint
from server.db import db
from server.intake.models import SyncConflict
from server.materials.models import MaterialRequest
from server.outlets.identity import enter_identity
from server.outlets.models import Outlet
from server.training.models import Training
from sync.ids import uuid7
from tests.features.erasing import close_october
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.wages import moved
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

OWNER, CASHIER, PHONE, RESIDENT_ID, MASKED = "司徒翠萍", "令狐小满", "13987650021", "11010519491231002X", "1****************X"
COMPLAINANT, ATTENDEE, SIGNER, OLD_OWNER = "端木投诉", "百里学员", "慕容签收", "上官前任"
REASON = "店主来信要求"
TWO_YEARS_ON = date(2028, 11, 2)  # October 2026 was closed on November 2nd
ONE_DAY = timedelta(days=1)
OF_FILE = {"outlet.person_in_charge", "sync_conflict.theirs", "sync_op.body"}


@pytest.fixture
def gone(app, company: Company, staff: Staff, phone: Phone, add_visit) -> str:
    """A customer who left in October: a file with people, records that name them, a sealed visit, a bonus that was paid for it."""
    outlet_id = company.outlet_id
    with app.app_context():
        outlet = db.session.get_one(Outlet, outlet_id)
        outlet.account_made_on, outlet.address, outlet.person_in_charge = date(2026, 10, 3), "滨江路 8 号", OLD_OWNER
        db.session.commit()
    fields = {"person_in_charge": (OLD_OWNER, OWNER), "phone": ("", PHONE), "cashiers": ([], [{"name": CASHIER, "is_certified": True}])}
    assert result(phone.push(edit(phone, outlet_id, fields)))["code"] == "applied"
    with app.app_context():
        enter_identity(outlet_id, "resident_id", RESIDENT_ID, staff.ids["chief"], now())
        moved(outlet_id, date(2026, 10, 5), "900.00")
        add_visit(outlet_id, company.rep_id, "2026-10-12T01:00:00+00:00")
        lost = SyncConflict(id=uuid7(), op_id=uuid7(), kind="field", entity_type="outlet", entity_id=outlet_id, field="person_in_charge")
        lost.mine, lost.theirs, lost.before, lost.raised_at = json.dumps("x"), json.dumps(OWNER, ensure_ascii=False), "null", now()
        db.session.add(lost)
        detail = {"field": "person_in_charge", "before": OLD_OWNER, "conflict_id": "c"}
        record_audit(now(), staff.ids["chief"], "conflict.kept", ("outlet", outlet_id), **detail)
        add_records(outlet_id, company, staff)
        db.session.get_one(Outlet, outlet_id).churned_on = date(2026, 10, 20)
        db.session.commit()
        close_october(staff.ids["chief"])
    return outlet_id


def add_records(outlet_id: str, company: Company, staff: Staff) -> None:
    """A complaint, a training and a delivery of October, all done."""
    day = date(2026, 10, 14)
    complaint = Complaint(id=uuid7(), outlet_id=outlet_id, kind="other", is_about_rep=False, needs_call=False, received_on=day, due_on=day)
    complaint.received_by_id, complaint.state, complaint.complainant, complaint.phone = staff.ids["ops"], "resolved", COMPLAINANT, PHONE
    complaint.account, complaint.demand, complaint.resolved_on, complaint.made_at = "到账晚了", "", day, now()
    training = Training(id=uuid7(), outlet_id=outlet_id, trainer_id=company.rep_id, trained_on=day, is_new_customer=False, place="", content="")
    training.attendees, training.attendee_count, training.photos = [ATTENDEE], 1, []
    training.signer_name, training.received_at = SIGNER, now()
    training.signature_refusal = f"{SIGNER}不愿签"
    request = MaterialRequest(id=uuid7(), outlet_id=outlet_id, contents="海报", requested_on=day, due_on=day, made_at=now())
    request.requested_by_id, request.delivered_on, request.delivered_by_id = company.rep_id, day, company.rep_id
    request.signer_name, request.note, request.signature_refusal = SIGNER, "", f"{SIGNER}不在"
    db.session.add_all([complaint, training, request])


def edit(phone: Phone, outlet_id: str, fields: dict, op_id: str = "") -> dict:
    body = {"outlet_id": outlet_id, "fields": {name: {"base": base, "mine": mine} for name, (base, mine) in fields.items()}}
    entity = {"type": "outlet", "id": outlet_id}
    return phone.op(outlet_id, op_id=op_id or uuid7(), kind="edit", form="outlet_edit.v1", entity=entity, base_v=1, blobs=[]) | {"body": body}


def result(answer) -> dict:
    assert answer.status_code == 200, answer.text
    return answer.json["results"][0]


def asked(client, outlet_id: str, reason: str = REASON, code: str = "CD-1"):
    return client.post(f"/outlets/{outlet_id}/people-erasure", data={"reason": reason, "code": code})
