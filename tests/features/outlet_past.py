"""An outlet to which nearly everything happened, from January to November."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.audit.actions import record_audit
from server.callbacks.actions import Wish
from server.churn.actions import Said, give_word
from server.churn.models import ChurnCase
from server.complaints.actions import Intake, assign_complaint, receive_complaint
from server.db import db
from server.domain.churn import Source
from server.domain.months import SHANGHAI
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding
from server.followups.models import FollowUp, FollowUpStep
from server.materials.models import MaterialRequest
from server.outlets.models import Outlet, OutletClassChange, OutletStep
from server.training.models import Training
from sync.ids import uuid7
from tests.features.calls import call
from tests.features.conftest import noon
from tests.features.staff import Staff
from tests.sync.conftest import Company


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def complain(outlet_id: str, by_id: str, is_about_rep: bool = False) -> str:
    facts = {"id": uuid7(), "outlet_id": outlet_id, "kind": "settlement", "is_about_rep": is_about_rep, "needs_call": True}
    intake = Intake(**facts, received_on=date(2026, 11, 18), complainant="王秀兰", phone="13800000217", account="到账慢", demand="")
    return receive_complaint(intake, by_id, noon(date(2026, 11, 18))).id


@pytest.fixture
def busy(app, company: Company, staff: Staff) -> Company:
    """The small company; its first outlet is the one."""
    with app.app_context():
        _let_happen(company, staff)
    call(app, Wish("inspection", company.outlet_id, about_month="2026-10"), "not_visited", date(2026, 11, 21), staff.ids["ops"])
    return company


def _let_happen(company: Company, staff: Staff) -> None:
    first = company.outlet_id
    outlet = db.session.get_one(Outlet, first)
    outlet.created_at = at(date(2026, 1, 1), 8)
    returned = OutletStep(id=uuid7(), outlet_id=first, state="returned", by_id=staff.ids["chief"], at=at(date(2026, 1, 3), 9), reason="照片太暗")
    db.session.add(returned)
    db.session.add(OutletClassChange(id=uuid7(), outlet_id=first, outlet_class="B", reasons=[], valid_from=date(2026, 2, 1)))
    told = {"fields": ["address", "phone"], "after": {"phone": "139"}}
    record_audit(at(date(2026, 2, 3), 10), staff.ids["boss"], "outlet.edited", ("outlet", first), **told)
    record_audit(at(date(2026, 2, 4), 10), staff.ids["boss"], "outlet.id_viewed", ("outlet", first), masked="1****X")
    training = Training(id=uuid7(), outlet_id=first, trainer_id=company.rep_id, trained_on=date(2026, 3, 5), content="收费流程")
    training.received_at = at(date(2026, 3, 9), 9)
    request = MaterialRequest(id=uuid7(), outlet_id=first, contents="海报两张", requested_on=date(2026, 4, 1), requested_by_id=company.rep_id)
    request.due_on, request.made_at = date(2026, 4, 8), at(date(2026, 4, 1), 9, 30)
    request.delivered_on, request.delivered_by_id = date(2026, 4, 7), company.rep_id
    follow_up = FollowUp(id=uuid7(), outlet_id=first, problem="招牌破了", owner="rep", registered_on=date(2026, 5, 1), working_days=5)
    follow_up.registered_by_id, follow_up.due_on, follow_up.made_at = company.rep_id, date(2026, 5, 9), at(date(2026, 5, 1), 9)
    db.session.add_all([training, request, follow_up])
    db.session.flush()
    for kind, day in (("registered", 1), ("solved", 6)):
        step = FollowUpStep(id=uuid7(), follow_up_id=follow_up.id, kind=kind, by_id=company.rep_id, at=at(date(2026, 5, day), 9))
        step.note = "换了新的" if kind == "solved" else ""
        db.session.add(step)
    case = ChurnCase(id=uuid7(), outlet_id=first, month="2026-06", listed_on=date(2026, 6, 2), due_on=date(2026, 6, 10), state="open")
    case.made_at = at(date(2026, 6, 2), 2)
    db.session.add(case)
    db.session.commit()
    give_word(case.id, Said(Source.MARKETING, False, "门开着", date(2026, 6, 4)), company.rep_id, at(date(2026, 6, 5), 9))  # sent the day after
    complaint_id = complain(first, staff.ids["ops"])
    assign_complaint(complaint_id, company.rep_id, "", company.supervisor_id, at(date(2026, 11, 18), 14))
    proposal = Proposal("test:1", "missed_visit", "2026-10", company.rep_id, first, Decimal("5.00"), "没有到店记录", ())
    propose_findings([proposal], at(date(2026, 11, 19), 2))
    db.session.commit()
    decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "没有去", staff.ids["chief"], at(date(2026, 11, 20), 15))
