"""A person's copy of everything kept of them: what is in it, what is not, who may have it, and that it is noted."""

import hashlib
import zipfile

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now, today
from server.complaints.actions import Intake, assign_complaint, receive_complaint
from server.db import db
from server.devices.models import Device
from server.findings.models import Finding
from server.media.models import Blob
from server.media.store import blob_path
from server.outlets.identity import enter_identity
from server.outlets.models import Outlet
from server.payroll.models import WageSheet
from server.people.models import Person
from server.privacy.sections import SECTIONS
from server.visits.models import Visit, VisitPhoto
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.person_copies import copied, rows
from tests.features.staff import Staff, picture, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company, signed_in  # noqa: F401

RESIDENT_ID = "11010519491231002X"
NAMES_PEOPLE = ("person_id", "rep_id", "by_id", "trainer_id", "actor_id", "assigned_to_id", "to_id")
# records of the company that say who did something to them; that the person did it stands in `deeds_by`
BY_DEED = (
    *("table_import", "outlet_alias", "outlet_duplicate", "policy_value", "checklist_version", "churn_case", "wage_month"),
    *("custom_wage_kind", "planned_training", "report_token", "sync_conflict", "notice_channel"),
)
# what follows from regions and assignments, files on their way, and how often the server failed
LEFT_OUT = {*BY_DEED, "scope_member", "upload", "sync_attempt"}


@pytest.fixture
def rep(app, company: Company, staff: Staff, add_visit) -> str:
    """A rep with a phone, a visit with a photo that came, a finding, a wage sheet, and a complaint to see to."""
    signed_in(app, "rep1")
    with app.app_context():
        visit_id = add_visit(company.outlet_id, company.rep_id, f"{today().replace(day=1)}T01:00:00+00:00", condition="柜台整洁")
        store(visit_id, picture("green", "JPEG"))
        for person_id, amount in ((company.rep_id, "1234.50"), (company.other_rep_id, "9876.50")):
            db.session.add(sheet(person_id, amount))
        finding = Finding(id=uuid7(), source_key=uuid7(), kind="missed_visit", month="2026-10", person_id=company.rep_id, outlet_id=company.outlet_id)
        finding.amount_yuan, finding.state, finding.created_at = 20, "proposed", now()
        db.session.add(finding)
        db.session.commit()
        enter_identity(company.outlet_id, "resident_id", RESIDENT_ID, staff.ids["chief"], now())
        intake = Intake(uuid7(), company.outlet_id, "other", False, True, today(), "投诉人甲", "13912345678", "到账晚了", "")
        complaint = receive_complaint(intake, staff.ids["ops"], now())
        assign_complaint(complaint.id, company.rep_id, "", staff.ids["ops"], now())
    return company.rep_id


def store(visit_id: str, content: bytes) -> None:
    """Let the visit's photo have come."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = blob_path(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    db.session.merge(Blob(sha256=sha256, size=len(content), mime="image/jpeg", expected_at=now(), stored_at=now()))
    photo = db.session.scalars(select(VisitPhoto).where(VisitPhoto.visit_id == visit_id)).one()
    photo.sha256 = sha256
    db.session.commit()


def sheet(person_id: str, total: str) -> WageSheet:
    money = dict.fromkeys(("gross_yuan", "deductions_yuan", "limit_yuan", "shortfall_yuan"), 0) | {"total_yuan": total}
    return WageSheet(
        id=uuid7(), person_id=person_id, month="2026-10", state="draft", policy_version="x", content_sha256="x", computed_at=now(), facts="", **money
    )


def files_in(archive: zipfile.ZipFile) -> int:
    return sum(name.startswith("files/") for name in archive.namelist())


def test_a_copy_holds_everything_of_the_person(app, company: Company, staff: Staff, rep):
    archive = copied(console(app, "rep1"), rep)
    assert archive.testzip() is None
    names = {name.removeprefix("json/").removesuffix(".json") for name in archive.namelist() if name.startswith("json/")}
    assert names == {section.name for section in SECTIONS}
    assert rows(archive, "person")[0]["login"] == "rep1" and rows(archive, "roles") == [{"person_id": rep, "role": "rep"}]
    assert [row["label"] for row in rows(archive, "devices")] and len(rows(archive, "assignments")) == 2
    visit = rows(archive, "visits")[0]
    assert (visit["condition"], visit["fix_lat"], visit["fix_lon"]) == ("柜台整洁", 30.66, 104.07)
    assert [row["total_yuan"] for row in rows(archive, "wage_sheets")] == ["1234.50"]
    assert [row["kind"] for row in rows(archive, "findings")] == ["missed_visit"]
    assert [row["account"] for row in rows(archive, "complaints")] == ["到账晚了"]
    assert [(row["action"], row["to_id"]) for row in rows(archive, "complaint_steps")] == [("assigned", rep)]
    assert {row["action"] for row in rows(archive, "deeds_about")} >= {"person.added"}
    assert {row["action"] for row in rows(archive, "deeds_by")} >= {"device.signed_in"}


def test_a_copy_holds_the_photos_as_they_came(app, company: Company, staff: Staff, rep):
    content = picture("green", "JPEG")
    archive = copied(console(app, "rep1"), rep)
    assert archive.read(f"files/{hashlib.sha256(content).hexdigest()}.jpg") == content


def test_a_copy_reads_in_chinese_whatever_the_reader_speaks(app, company: Company, staff: Staff, rep):
    page = copied(console(app, "rep1", "en"), rep).read("概览.html").decode()
    assert "赵广田" in page and "1,234.50" in page and "未按计划巡检" in page and "30.66" in page and "待认定" in page
    assert "Copy of personal data" not in page


def test_a_copy_holds_nobody_elses_secrets(app, company: Company, staff: Staff, rep):
    archive = copied(console(app, "root"), rep)
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    with app.app_context():
        person, device = db.session.get_one(Person, rep), db.session.scalars(select(Device).where(Device.person_id == rep)).first()
        outlet = db.session.get_one(Outlet, company.outlet_id)
        secrets = {person.password_hash, device.token_hash, outlet.id_sealed, outlet.id_masked}
    for secret in (*secrets, RESIDENT_ID, "投诉人甲", "13912345678", "9876.50", "password_hash", "token_hash", company.other_rep_id):
        assert str(secret) not in everything, secret


ALLOWED = {"rep1": 200, "root": 200, "boss": 403, "chief": 403, "payer": 403, "ops": 403, "clerk": 403, "rep2": 404}


@pytest.mark.parametrize(("login", "status"), list(ALLOWED.items()))
def test_a_copy_is_for_the_person_and_for_administrators(app, company: Company, staff: Staff, login, status):
    client = console(app, login)
    assert client.post(f"/people/{company.rep_id}/copies").status_code == status
    page = client.get(f"/people/{company.rep_id}")
    assert ("/copies" in page.text) == (status == 200)


def test_a_copy_of_nobody_is_not_found(app, company: Company, staff: Staff):
    assert console(app, "root").post(f"/people/{uuid7()}/copies").status_code == 404


def test_each_copy_is_noted_and_a_refused_one_is_not(app, company: Company, staff: Staff, rep):
    root = console(app, "root")
    held = [files_in(copied(root, rep)) for _ in range(2)]
    console(app, "boss").post(f"/people/{rep}/copies")
    with app.app_context():
        kept = db.session.scalars(select(AuditRow).where(AuditRow.action == "person.copied")).all()
        assert [(row.actor_id, row.subject_id, row.detail["files"]) for row in kept] == [(staff.ids["root"], rep, files) for files in held]
    assert held[0] >= 1
    assert "下载了全部个人信息" in root.get("/deeds?only=revealed").text


def test_a_file_that_never_came_is_counted(app, company: Company, staff: Staff, add_visit):
    with app.app_context():
        visit_id = add_visit(company.outlet_id, company.rep_id, f"{today().replace(day=1)}T01:00:00+00:00")
        visit = db.session.get_one(Visit, visit_id)
        blob_path(visit.signature_sha256).unlink(missing_ok=True)
    archive = copied(console(app, "rep1"), company.rep_id)
    assert "还没有传到的" in archive.read("概览.html").decode()
    with app.app_context():
        detail = db.session.scalars(select(AuditRow.detail).where(AuditRow.action == "person.copied")).one()
    assert detail["missing_files"] >= 1


def test_every_table_that_names_people_is_in_the_copy_or_left_out_for_a_reason(app):
    copied_tables = {section.model.__tablename__ for section in SECTIONS}
    naming = {
        table.name
        for table in db.metadata.tables.values()
        if any(column.name in NAMES_PEOPLE or column.name.endswith("_by_id") or _is_of_person(column) for column in table.columns)
    }
    assert sorted(naming - copied_tables - LEFT_OUT) == []


def _is_of_person(column) -> bool:
    return any(key.column.table.name == "person" for key in column.foreign_keys)


def test_a_copy_asks_no_more_for_more_visits(app, company: Company, staff: Staff, add_visit):
    client = console(app, "root")

    def asked() -> int:
        with statements(app) as found:
            copied(client, company.rep_id)
        return len(found)

    few = asked()
    with app.app_context():
        for day in range(1, 8):
            add_visit(company.outlet_id, company.rep_id, f"2026-10-{day:02}T01:00:00+00:00")
    assert asked() == few


def test_the_card_is_english_for_readers_of_english(app, company: Company, staff: Staff):
    page = console(app, "rep1", "en").get(f"/people/{company.rep_id}").text
    assert "Download all personal data" in page and "My file" in page and untranslated(page) == []
