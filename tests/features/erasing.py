"""A rep who left with everything settled, and a search through the whole database for what should be gone."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from server.audit.actions import record_audit
from server.clock import now
from server.db import db
from server.devices.models import Device
from server.devices.tokens import PASSWORD as CHOOSING
from server.devices.tokens import make_sign_in_code
from server.domain.months import Month
from server.findings.actions import decide_finding
from server.findings.models import Finding
from server.intake.models import SyncClient, SyncOp
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.people.models import Person
from server.privacy.people import erase_person
from server.staff.leaving import end_employment
from server.visits.compliance import refresh_outlet_months
from server.visits.missed import propose_missed_visits
from server.visits.models import Visit
from sync.ids import uuid7
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company, signed_in  # noqa: F401

OCTOBER = Month(2026, 10)
LAST_DAY, CLOSED_ON = date(2026, 10, 31), date(2026, 11, 2)
NAME, LOGIN, LABEL, SUBJECT, OLD_NAME = "欧阳守拙", "ouyang.shouzhuo", "欧阳的华为手机", "auth0|ouyang-7731", "欧阳曾用名"
REASON = "本人申请"
TWO_YEARS_ON = date(2028, 11, 2)  # October 2026 was closed on November 2nd
ONE_DAY = timedelta(days=1)


@pytest.fixture
def left(app, company: Company, staff: Staff, add_visit) -> str:
    """A rep with a phone, a sealed visit and an October that was paid, who left on its last day; everything is settled."""
    with app.app_context():
        db.session.get_one(Person, company.rep_id).login = LOGIN
        db.session.commit()
    signed_in(app, LOGIN)
    with app.app_context():
        person = db.session.get_one(Person, company.rep_id)
        person.name, person.language, person.starts_on = NAME, "en", date(2026, 1, 5)
        device = db.session.scalars(select(Device).where(Device.person_id == person.id)).one()
        device.label = LABEL
        client = SyncClient(client_id=uuid7(), person_id=person.id, device_id=device.id, app=f"app of {LABEL}"[:40], last_seen_at=now(), last_n=7)
        client.free_bytes, client.queue_length = 123456, 0
        db.session.add(client)
        visit_id = add_visit(company.outlet_id, person.id, "2026-10-12T01:00:00+00:00", device_id=device.id)
        assert db.session.get_one(Visit, visit_id).seal is not None
        record_audit(now(), staff.ids["root"], "person.added", ("person", person.id), login=LOGIN, roles=["rep"])
        named = {"before": {"name": OLD_NAME, "roles": ["rep"]}, "after": {"name": NAME, "roles": ["rep"]}}
        record_audit(now(), staff.ids["root"], "person.changed", ("person", person.id), **named)
        record_audit(now(), person.id, "person.signed_in", ("person", person.id), way="oidc", issuer="https://id", provider_subject=SUBJECT)
        record_audit(now(), person.id, "device.signed_in", ("device", device.id), label=LABEL)
        make_sign_in_code(person.id, staff.ids["root"], now(), CHOOSING)
        add_answer_that_names(company, NAME)
        db.session.commit()
        let_go(person.id, company.other_rep_id, staff.ids["root"], now())
        close_october(staff.ids["chief"])
    return company.rep_id


def add_answer_that_names(company: Company, name: str) -> None:
    """Another rep's record that was told who has the outlet."""
    op = SyncOp(op_id=uuid7(), client_id=uuid7(), n=1, person_id=company.other_rep_id, kind="edit", form="outlet_edit.v1", times={}, blobs=[])
    op.entity_type, op.entity_id, op.scope_id = "outlet", company.outlet_id, f"outlet:{company.outlet_id}"
    op.body, op.body_sha256, op.received_at, op.code = b"{}", "x", now(), "parked"
    op.problem, op.settled_at, op.settled_code = {"code": "not_yours_now", "detail": name}, now(), "rejected"
    db.session.add(op)


def asked(client, person_id: str, reason: str = REASON, code: str = LOGIN):
    return client.post(f"/people/{person_id}/erasure", data={"reason": reason, "code": code})


def erased(app, staff: Staff, person_id: str) -> None:
    with app.app_context():
        erase_person(person_id, REASON, staff.ids["root"], now())
        db.session.commit()


def add_finding(company: Company, person_id: str, state: str = "proposed") -> str:
    finding = Finding(id=uuid7(), source_key=uuid7(), kind="churned", month="2026-10", person_id=person_id, outlet_id=company.outlet_id)
    finding.amount_yuan, finding.state, finding.created_at = 30, state, now()
    db.session.add(finding)
    db.session.commit()
    return finding.id


def close_october(chief_id: str) -> None:
    """Draw up and close October on November 2nd, its misses excused; commits."""
    refresh_outlet_months(OCTOBER, noon(CLOSED_ON))
    propose_missed_visits(OCTOBER, noon(CLOSED_ON))
    db.session.commit()
    for finding_id in db.session.scalars(select(Finding.id).where(Finding.kind == "missed_visit", Finding.state == "proposed")).all():
        decide_finding(finding_id, "dismissed", "不计", chief_id, noon(CLOSED_ON))
    draft_month(OCTOBER, noon(CLOSED_ON))
    close_month(OCTOBER, "清单里的都看过", chief_id, noon(CLOSED_ON))


def let_go(person_id: str, successor_id: str | None, by_id: str, at: datetime) -> None:
    """Let somebody have left at the end of October; commits."""
    end_employment(person_id, LAST_DAY, successor_id, by_id, at)
    db.session.commit()


def places_of(text: str) -> set[str]:
    """`table.column` of everything in the database that holds the text, in whatever type."""
    db.session.expire_all()
    escaped = text.encode("unicode_escape").decode()
    found = set()
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            for (value,) in db.session.execute(select(column).where(column.is_not(None)).distinct()):
                written = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                if text in written or escaped in written:
                    found.add(f"{table.name}.{column.name}")
    return found


def revive_phone(person_id: str) -> None:
    """Let a phone be in use again; commits."""
    db.session.execute(update(Device).where(Device.person_id == person_id).values(revoked_at=None))
    db.session.commit()
