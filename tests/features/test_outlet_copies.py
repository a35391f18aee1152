"""A copy of what is kept of an outlet's people: what is in it, what is not, and that it is noted."""

import json
import zipfile
from io import BytesIO

from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from server.outlets.models import Outlet
from tests.features.browsing import console
from tests.features.outlet_people import ATTENDEE, CASHIER, COMPLAINANT, OWNER, PHONE, RESIDENT_ID, SIGNER, gone  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company, phone  # noqa: F401


def copied(client, outlet_id: str) -> zipfile.ZipFile:
    answer = client.post(f"/outlets/{outlet_id}/people-copies")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store", answer.text
    return zipfile.ZipFile(BytesIO(answer.data))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict]:
    return json.loads(archive.read(f"json/{name}.json"))


def test_a_copy_holds_what_is_kept_of_the_people_with_the_whole_number(app, company: Company, staff: Staff, gone):
    archive = copied(console(app, "clerk"), gone)
    assert archive.testzip() is None
    assert rows(archive, "id_number") == [{"id_kind": "resident_id", "id_number": RESIDENT_ID}]
    file = rows(archive, "file")[0]
    assert (file["person_in_charge"], file["phone"], file["cashiers"]) == (OWNER, PHONE, [{"name": CASHIER, "is_certified": True}])
    assert [row["signer_name"] for row in rows(archive, "visits")] == ["王秀兰"] and rows(archive, "trainings")[0]["attendees"] == [ATTENDEE]
    assert rows(archive, "deliveries")[0]["signer_name"] == SIGNER and rows(archive, "complaints")[0]["complainant"] == COMPLAINANT
    assert [row["action"] for row in rows(archive, "looks")] == ["outlet.id_entered"]
    page = archive.read("概览.html").decode()
    assert RESIDENT_ID in page and OWNER in page and CASHIER in page


def test_a_copy_holds_nothing_of_reps_or_other_outlets(app, company: Company, staff: Staff, gone):
    with app.app_context():
        other = db.session.get_one(Outlet, company.second_outlet_id)
        other.person_in_charge, other.phone = "别家店主", "13700000009"
        sealed = db.session.get_one(Outlet, gone).id_sealed
        db.session.commit()
    archive = copied(console(app, "chief"), gone)
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    for secret in ("别家店主", "13700000009", "赵广田", company.rep_id, sealed, "fix_lat", "id_sealed"):
        assert secret not in everything, secret


def test_each_copy_is_noted_as_a_look_at_what_is_kept_secret(app, staff: Staff, gone):
    copied(console(app, "clerk"), gone)
    console(app, "boss").post(f"/outlets/{gone}/people-copies")
    with app.app_context():
        kept = db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.people_copied")).all()
        assert [(row.actor_id, row.subject_id) for row in kept] == [(staff.ids["clerk"], gone)]
    assert "下载了网点人员的个人信息" in console(app, "chief").get("/deeds?only=revealed").text


def test_a_copy_asks_no_more_for_more_visits(app, company: Company, staff: Staff, gone, add_visit):
    def asks() -> int:
        with statements(app) as found:
            copied(console(app, "clerk"), gone)
        return len(found)

    few = asks()
    with app.app_context():
        for day in range(13, 20):
            add_visit(gone, company.rep_id, f"2026-10-{day}T01:00:00+00:00")
    assert asks() == few
