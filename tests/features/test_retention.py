"""The purge of what is used up: both sides of each age, and what proves visits and wages stays for good."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.db import db
from server.devices.models import Device, SignInCode
from server.findings.models import Finding, FindingEvidence, FindingStep
from server.intake.models import SyncAttempt, SyncOp, SyncSlot
from server.jobs.models import NightlyRun
from server.jobs.nightly import TIDYING, run_nightly
from server.jobs.retention import purge_attempts, purge_codes, purge_parts, purge_runs
from server.media.models import Blob, BlobRef, Upload
from server.payroll.models import WageLine, WageSheet
from server.policy.actions import set_policy
from server.visits.models import OutletMonth, Visit, VisitPhoto
from sync.ids import uuid7
from tests.features.conftest import noon
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)
EVIDENCE = (Visit, VisitPhoto, OutletMonth, SyncOp, SyncSlot, Blob, BlobRef, Finding, FindingStep, FindingEvidence, WageSheet, WageLine, AuditRow)


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=30), 1), (timedelta(days=30) + SECOND, 0)])
def test_an_unused_code_goes_thirty_days_after_it_expired(company: Company, age, left):
    db.session.add(SignInCode(code_hash="a", person_id=company.rep_id, made_by_id=company.rep_id, made_at=NOW - age, expires_at=NOW - age))
    db.session.commit()
    assert (purge_codes(NOW), count(SignInCode)) == (1 - left, left)


def test_a_code_that_signed_a_phone_in_stays(company: Company):
    db.session.add(Device(id="d", person_id=company.rep_id, token_hash="t", created_at=NOW))
    db.session.flush()
    code = SignInCode(code_hash="a", person_id=company.rep_id, made_by_id=company.rep_id, made_at=NOW, expires_at=NOW - timedelta(days=900))
    code.used_at, code.device_id = NOW, "d"
    db.session.add(code)
    db.session.commit()
    assert (purge_codes(NOW), count(SignInCode)) == (0, 1)


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=90), 1), (timedelta(days=90) + SECOND, 0)])
def test_failures_on_an_operation_are_forgotten_after_ninety_days(age, left):
    db.session.add(SyncAttempt(op_id=uuid7(), person_id="p", failures=2, fault="-", last_at=NOW - age))
    db.session.commit()
    assert (purge_attempts(NOW), count(SyncAttempt)) == (1 - left, left)


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=400), 1), (timedelta(days=400) + SECOND, 0)])
def test_what_nights_did_is_forgotten_after_four_hundred_days(age, left):
    db.session.add(NightlyRun(id=uuid7(), day=date(2025, 1, 1), started_at=NOW - age))
    db.session.commit()
    assert (purge_runs(NOW), count(NightlyRun)) == (1 - left, left)


def test_the_ages_are_policy_from_its_month_on(company: Company):
    for key, days in (("unused_codes", "2"), ("failures", "91"), ("nights", "31")):
        set_policy(f"retention.{key}_days", days, date(2026, 12, 1), "测试", company.supervisor_id, NOW - timedelta(days=9))
    for name, age in (("a", timedelta(days=2)), ("b", timedelta(days=2) + SECOND)):
        code = SignInCode(code_hash=name, person_id=company.rep_id, made_by_id=company.rep_id, made_at=NOW - age, expires_at=NOW - age)
        db.session.add(code)
    db.session.add(SyncAttempt(op_id=uuid7(), person_id="p", failures=2, fault="-", last_at=NOW - timedelta(days=91)))
    db.session.add(NightlyRun(id=uuid7(), day=date(2026, 10, 1), started_at=NOW - timedelta(days=31) - SECOND))
    db.session.commit()
    november = NOW - timedelta(days=2)
    assert (purge_codes(november), purge_attempts(november), purge_runs(november)) == (0, 0, 0)
    assert (purge_codes(NOW), purge_attempts(NOW), purge_runs(NOW)) == (1, 0, 1)


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=1), 1), (timedelta(days=1, seconds=1), 0)])
def test_a_half_file_without_an_upload_goes_after_a_day(app, company: Company, age, left):
    folder: Path = app.extensions["xundian"].upload_folder
    folder.mkdir(parents=True, exist_ok=True)
    upload = Upload(id="known", person_id=company.rep_id, sha256="0" * 64, length=9, created_at=NOW, expires_at=NOW + timedelta(days=1))
    db.session.add(upload)
    db.session.commit()
    for name in ("known.part", "lost.part"):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, times=((NOW - age).timestamp(),) * 2)
    assert purge_parts(NOW) == 1 - left
    assert {path.name for path in folder.glob("*.part")} == {"known.part", "lost.part"} - ({"lost.part"} if not left else set())


def test_ten_years_later_every_record_behind_visits_and_wages_is_there(app, company: Company, phone: Phone):
    photo, signature = b"a photo", b"a signature"
    assert phone.push(phone.op(company.outlet_id, photo, signature)).status_code == 200
    for file in (photo, signature):
        phone.upload(file)
    run_nightly(date(2026, 12, 1), noon(date(2026, 12, 1)))
    before = {table.__name__: count(table) for table in EVIDENCE}
    blobs: Path = app.extensions["xundian"].blob_folder
    files = {path for path in blobs.rglob("*") if path.is_file()}
    assert before["Visit"] == before["SyncOp"] == 1 and before["WageLine"] and before["Finding"] and len(files) == 2
    for _, tidy in TIDYING:
        tidy(NOW + timedelta(days=3653))
        db.session.commit()
    assert {table.__name__: count(table) for table in EVIDENCE} == before
    assert {path for path in blobs.rglob("*") if path.is_file()} == files
