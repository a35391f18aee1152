"""A small company on the evening before a night that has work of every kind: what the interrupted nights run over.

September is closed. October is over: missed, done and waiting visits, complaints, deliveries, customers who stopped, new ones to call,
a training plan that was not made; late facts about September, a record that the server once broke on, and files nobody wants any more.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from server.audit.actions import record_audit
from server.churn.models import ChurnCase, ChurnWord
from server.complaints.models import Complaint
from server.db import db
from server.domain.months import Month
from server.feed.models import SyncFeed
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding
from server.intake.models import SyncClient, SyncOp
from server.jobs.nightly import run_nightly
from server.materials.models import MaterialRequest
from server.media.models import Upload
from server.media.store import mark_stored
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet, OutletClassChange
from server.payroll.closing import close_month
from server.people.models import Person, PersonRegion, PersonRole, Region, Role
from server.policy.actions import set_policy
from server.training.models import Training
from server.transactions.models import OutletTransfer
from server.visits.models import Visit, VisitPhoto
from server.visits.plan_models import PlannedVisit
from server.visits.sampling import SHARE
from tests.sync.conftest import visit_body

SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
NIGHT = date(2026, 11, 2)
LONG_AGO = date(2026, 2, 2)
REGION = "east"
REPS = ("li", "wang", "zhao")
BOSS, MANAGER, OPS = "boss", "manager", "ops"
REMOVED, *OUTLETS = (f"0192d000-0000-7000-8000-0000000000{number:02}" for number in range(13))
NEW = OUTLETS[-1]
RECORD, OPERATION = "0192d000-0000-7000-9000-000000000001", "0192d000-0000-7000-9000-000000000002"
PHOTO, SIGNATURE = (hashlib.sha256(content).hexdigest() for content in (b"photo", b"signature"))


def evening(day: date) -> datetime:
    """23:00 in Shanghai, when a night for an earlier day runs."""
    return datetime(day.year, day.month, day.day, 15, tzinfo=UTC)


def at_time_of(app: Flask, day: date) -> Any:
    """The application on the evening of a day."""
    return app.test_request_context(environ_overrides={"xundian.now": evening(day)})


def found_night_company(app: Flask, data: Path) -> None:
    """Fill an empty database, and the data folder with what is to be purged. Commits."""
    for day, facts in ((LONG_AGO, _found), (date(2026, 7, 20), _summer), (date(2026, 10, 2), _september), (date(2026, 11, 1), _october)):
        with at_time_of(app, day):
            facts(evening(day))
            db.session.commit()
            db.session.remove()
    with at_time_of(app, NIGHT):
        _left_over(data, evening(NIGHT))
        db.session.commit()
        db.session.remove()


# -- people, outlets ------------------------------------------------------------------------------------------------------


def _found(at: datetime) -> None:
    db.session.add(Region(id=REGION, name="城东区域"))
    db.session.flush()
    for login, role in (*((rep, Role.REP) for rep in REPS), (BOSS, Role.SUPERVISOR), (MANAGER, Role.MANAGER), (OPS, Role.OPS)):
        person = Person(id=login, login=login, name=login, password_hash="-", created_at=at)
        person.roles, person.regions = [PersonRole(role=role)], [PersonRegion(region_id=REGION)]
        db.session.add(person)
    db.session.flush()
    set_policy(SHARE, "0.5", LONG_AGO, "多看一些", None, at)  # so that every night draws visits, and leaves some
    for number, outlet_id in enumerate((REMOVED, *OUTLETS)):
        db.session.add(_outlet(outlet_id, "ABC"[number % 3], at))
    db.session.flush()
    db.session.add_all(_class_changes())
    db.session.commit()
    for number, outlet_id in enumerate(OUTLETS[:-1]):
        assign_outlets([outlet_id], REPS[number % 3], LONG_AGO, BOSS, at)


def _summer(at: datetime) -> None:
    """A deletion so long ago that this night forgets it, and no earlier one; files that came."""
    db.session.get_one(Outlet, REMOVED).removed_at = at
    for sha256 in (PHOTO, SIGNATURE):
        mark_stored(sha256, 9, "image/png", at)


def _outlet(outlet_id: str, letter: str, at: datetime) -> Outlet:
    code = f"CD-{outlet_id[-2:]}"
    outlet = Outlet(id=outlet_id, code=code, name=f"网点 {code}", state="approved", region_id=REGION, outlet_class=letter, created_at=at)
    outlet.address = outlet.person_in_charge = outlet.phone = outlet.id_sealed = "x"
    outlet.lat, outlet.lon, outlet.storefront_photo = 30.66, 104.07, PHOTO
    outlet.approved_on = outlet.account_made_on = LONG_AGO
    if outlet_id == NEW:
        outlet.approved_on = outlet.account_made_on = date(2026, 10, 28)
    return outlet


def _class_changes() -> Iterator[OutletClassChange]:
    for number, outlet_id in enumerate(OUTLETS):
        yield OutletClassChange(id=f"class-{number}", outlet_id=outlet_id, outlet_class="ABC"[(number + 1) % 3], valid_from=LONG_AGO)
    yield OutletClassChange(id="class-risen", outlet_id=OUTLETS[3], outlet_class="A", valid_from=date(2026, 11, 1))


# -- September: worked, checked, closed -------------------------------------------------------------------------------------


def _september(at: datetime) -> None:
    for number, outlet_id in enumerate(OUTLETS[:8]):
        db.session.add(_visit(outlet_id, REPS[number % 3], date(2026, 9, 3 + number)))
    for outlet_id in OUTLETS[:-1]:
        db.session.add(OutletTransfer(outlet_id=outlet_id, on=date(2026, 8, 30), amount_yuan=Decimal("900.00")))
        db.session.add(OutletTransfer(outlet_id=outlet_id, on=date(2026, 9, 30), amount_yuan=Decimal("1000.00")))
    db.session.commit()
    run_nightly(date(2026, 10, 2), at)
    missed = db.session.scalars(select(Finding).where(Finding.month == str(SEPTEMBER)).order_by(Finding.source_key)).all()
    keys = [finding.id for finding in missed]
    assert len(keys) >= 4, "the company has misses to decide"
    decide_finding(keys[0], "upheld", "核实属实", MANAGER, at)
    decide_finding(keys[1], "dismissed", "停电检修", MANAGER, at)
    close_month(SEPTEMBER, "其余下月再定", MANAGER, at)


def visit_id(outlet_id: str, on: date) -> str:
    return f"visit-{outlet_id[-2:]}-{on}"


def _visit(outlet_id: str, rep_id: str, on: date, **changes: Any) -> Visit:
    """A visit that counts unless told otherwise."""
    name, at = visit_id(outlet_id, on), datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    visit = Visit(id=name, op_id=f"op-{name}", form="visit.v1", record_sha256="0" * 64, outlet_id=outlet_id, rep_id=rep_id)
    visit.visited_on, visit.checked_in_at, visit.checked_out_at, visit.received_at, visit.clock_offset_ms = on, at, at, at, 0
    visit.fix_lat, visit.fix_lon, visit.fix_accuracy_m, visit.distance_m = 30.66, 104.07, 10.0, 20.0
    visit.has_complaint, visit.checklist, visit.is_checklist_complete, visit.reasons = False, [], True, []
    visit.signature_sha256, visit.seal, visit.is_complete, visit.counts, visit.needs_review = SIGNATURE, "1" * 64, True, True, False
    for field, value in changes.items():
        setattr(visit, field, value)
    return visit


# -- October: over, not checked yet -----------------------------------------------------------------------------------------


def _october(at: datetime) -> None:
    for number, outlet_id in enumerate(OUTLETS[:7]):
        db.session.add(_visit(outlet_id, REPS[number % 3], date(2026, 10, 9 + number)))
    db.session.add(_visit(OUTLETS[7], "wang", date(2026, 10, 20), counts=False, needs_review=True, reasons=["outside_fence"]))
    db.session.add(_visit(OUTLETS[8], "zhao", date(2026, 10, 21), counts=False, reasons=["checklist_incomplete"]))
    db.session.add(_visit(OUTLETS[9], "li", date(2026, 9, 29), received_at=at))  # reached the server after September was closed
    db.session.add(_visit(OUTLETS[0], "li", date(2026, 11, 1)))
    db.session.commit()
    _late_fence(at)
    _new_threshold(at)
    assign_outlets([OUTLETS[2]], "li", date(2026, 10, 20), BOSS, at)
    assign_outlets([NEW], "wang", date(2026, 10, 28), BOSS, at)
    _transfers()
    for work in (_planned_visits, _complaints, _deliveries, _churn, _trainings, _changed_file, _facts_overtaken, _broken_record):
        work(at)
        db.session.flush()
    db.session.execute(delete(SyncFeed).where(SyncFeed.entity_id == visit_id(OUTLETS[0], date(2026, 9, 3))))  # a row that the audit mends


def _late_fence(at: datetime) -> None:
    """A visit outside the fence that it was judged by, and inside the one that was set since."""
    away = _visit(
        OUTLETS[5], "zhao", date(2026, 10, 22), counts=False, needs_review=True, reasons=["outside_fence"], distance_m=280.0, allowed_m=210.0
    )
    db.session.add(away)
    db.session.flush()
    photo = VisitPhoto(visit_id=away.id, position=0, sha256=PHOTO, slot="storefront", source="camera")
    photo.taken_at, photo.width, photo.height, photo.size = away.checked_in_at, 1, 1, 1
    db.session.add(photo)
    set_policy("visit.fence_radius_m", "300", OCTOBER.first_day, "商场里定位不准", None, at)


def _new_threshold(at: datetime) -> None:
    """An outlet of class B that is one of class A from November on."""
    outlet = db.session.get_one(Outlet, OUTLETS[9])
    outlet.monthly_fee_yuan, outlet.class_reasons = Decimal("60000.00"), ["B.fee"]
    set_policy("class.a_fee_yuan", "50000", NOVEMBER.first_day, "和规程一致", None, at)


def _planned_visits(at: datetime) -> None:
    """One that was made on its day, one on another, one more than is owed, and days to come."""
    for outlet_id, month, day in ((OUTLETS[0], 10, 9), (OUTLETS[1], 10, 9), (OUTLETS[6], 10, 15), (OUTLETS[6], 10, 29), (OUTLETS[4], 11, 20)):
        db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=date(2026, month, day), made_by_id=BOSS, made_at=at))


def _transfers() -> None:
    for outlet_id in OUTLETS[:10]:
        db.session.add(OutletTransfer(outlet_id=outlet_id, on=date(2026, 10, 31), amount_yuan=Decimal("1234.50")))
    db.session.add(OutletTransfer(outlet_id=NEW, on=date(2026, 10, 29), amount_yuan=Decimal("350.00")))


def _complaints(at: datetime) -> None:
    for name, outlet_id, is_about_rep, resolved_on in (
        ("unhandled", OUTLETS[0], False, None),
        ("late", OUTLETS[1], False, date(2026, 10, 30)),
        ("in-time", OUTLETS[2], False, date(2026, 10, 13)),
        ("about-rep", OUTLETS[3], True, None),
    ):
        one = Complaint(id=f"complaint-{name}", outlet_id=outlet_id, kind="other", received_on=date(2026, 10, 12), received_by_id=OPS)
        one.due_on, one.is_about_rep, one.state, one.made_at = date(2026, 10, 20), is_about_rep, "received", at  # due_on: of another calendar
        one.resolved_on = resolved_on
        db.session.add(one)


def _deliveries(at: datetime) -> None:
    for name, outlet_id, asked_on, delivered_on in (
        ("late", OUTLETS[0], date(2026, 10, 12), date(2026, 10, 20)),
        ("late-again", OUTLETS[0], date(2026, 10, 19), None),
        ("never", OUTLETS[4], date(2026, 10, 13), None),
        ("in-time", OUTLETS[5], date(2026, 10, 13), date(2026, 10, 14)),
    ):
        one = MaterialRequest(id=f"request-{name}", outlet_id=outlet_id, contents="-", requested_on=asked_on, requested_by_id=OPS)
        one.due_on, one.delivered_on, one.made_at = asked_on + timedelta(days=9), delivered_on, at
        db.session.add(one)


def _churn(at: datetime) -> None:
    for name, outlet_id, listed_on in (("silent", OUTLETS[5], date(2026, 10, 9)), ("gone", OUTLETS[6], date(2026, 10, 12))):
        case = ChurnCase(id=f"case-{name}", outlet_id=outlet_id, month=str(OCTOBER), listed_on=listed_on, due_on=date(2026, 11, 30), made_at=at)
        case.state = "open"
        db.session.add(case)
    db.session.flush()
    word = ChurnWord(id="word-gone", case_id="case-gone", source="ops", on=date(2026, 10, 14), is_gone=True, by_id=OPS, at=at)
    db.session.add(word)


def _trainings(at: datetime) -> None:
    """October's plan was made by the night in September's stead, and is partly done; that of November was missed on the 28th."""
    db.session.add(Training(id="training-1", outlet_id=OUTLETS[0], trainer_id=BOSS, trained_on=date(2026, 10, 15), received_at=at))


def _changed_file(_at: datetime) -> None:
    """Of a customer who has been one for some days: ops calls back about it."""
    record_audit(datetime(2026, 10, 30, 3, tzinfo=UTC), "wang", "outlet.edited", ("outlet", NEW), fields=["phone"])


def _facts_overtaken(at: datetime) -> None:
    """Findings proposed before the delivery and the answer to the complaint were entered: the night takes them back."""
    for kind, key, outlet_id, record in (
        ("late_materials", f"late_materials:{OUTLETS[5]}:{OCTOBER}", OUTLETS[5], ("material_request", "request-in-time")),
        ("complaint_unhandled", "complaint_unhandled:complaint-in-time", OUTLETS[2], ("complaint", "complaint-in-time")),
    ):
        propose_findings([Proposal(key, kind, str(OCTOBER), "wang", outlet_id, Decimal("30.00"), "-", (record,))], at)


def _broken_record(at: datetime) -> None:
    """A visit on which an older server broke three times: the night takes it in."""
    day = "2026-10-27T01:00:00.000Z"
    body = visit_body(OUTLETS[10], b"photo", b"signature") | {"visit_id": RECORD}
    body |= {"checked_in_at": day, "checked_out_at": "2026-10-27T01:20:00.000Z", "fix": body["fix"] | {"taken_at": day}}
    body |= {"photos": [body["photos"][0] | {"taken_at": day}], "signature": body["signature"] | {"signed_at": day}}
    raw = json.dumps(body).encode()
    db.session.add(SyncClient(client_id="client-wang", person_id="wang", last_n=1, last_seen_at=at))
    op = SyncOp(op_id=OPERATION, client_id="client-wang", n=1, person_id="wang", kind="record", form="visit.v1")
    op.entity_type, op.entity_id, op.scope_id = "visit", RECORD, f"outlet:{OUTLETS[10]}"
    op.body, op.body_sha256, op.blobs = raw, hashlib.sha256(raw).hexdigest(), [body["photos"][0]["sha256"], body["signature"]["sha256"]]
    op.times = {"wall": body["checked_out_at"], "mono": 1.0, "boot": "b", "offset_ms": None}
    op.received_at, op.code, op.problem = at, "quarantined", {"code": "handler_failed"}
    db.session.add(op)


# -- files ----------------------------------------------------------------------------------------------------------------------


def _left_over(data: Path, at: datetime) -> None:
    """An upload past its time, one that goes on, what a killed form left behind, and a table that nobody imported."""
    for folder in ("uploads", "imports", "blobs"):
        (data / folder).mkdir(exist_ok=True)
    for name, expires_at in (("expired", at - timedelta(hours=1)), ("going-on", at + timedelta(days=3))):
        upload = Upload(id=name, person_id="li", sha256=hashlib.sha256(name.encode()).hexdigest(), length=9, created_at=at, expires_at=expires_at)
        db.session.add(upload)
        (data / "uploads" / f"{name}.part").write_bytes(b"half")
    for path in (data / "uploads" / "old.form", data / "imports" / "old.table", data / "imports" / "old.faults"):
        path.write_bytes(b"x")
        os.utime(path, times=((at - timedelta(days=2)).timestamp(),) * 2)
