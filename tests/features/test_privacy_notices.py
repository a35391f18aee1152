"""Which privacy notice was accepted on which phone: kept in the audit, on the person's page, in the person's copy."""

from sqlalchemy import select

from server.audit.models import AuditRow
from server.db import db
from tests.features.browsing import console, untranslated
from tests.features.person_copies import copied, rows
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone, signed_in  # noqa: F401

LOST_CLOCKS = ({"accepted_at": "0001-01-01T00:00:00+08:00"}, {"accepted_at": "9999-12-31T23:00:00Z"})
AT = "2026-11-24T01:00:00.000Z"


def accept(phone: Phone, version: int = 3, at: str = AT):
    return phone.client.post("/auth/v1/notice", headers=phone.headers, json={"version": version, "accepted_at": at})


def accepted(app) -> list[tuple]:
    with app.app_context():
        query = select(AuditRow).where(AuditRow.action == "privacy.accepted").order_by(AuditRow.id)
        return [(row.subject_id, row.detail["version"], row.detail["accepted_at"]) for row in db.session.scalars(query)]


def test_an_acceptance_is_kept_once_however_often_it_is_said(app, company: Company, phone: Phone):
    assert [accept(phone).status_code for _ in range(2)] == [204, 204]
    assert accepted(app) == [(company.rep_id, 3, AT)]


def test_every_version_and_every_phone_has_a_row_of_its_own(app, company: Company, phone: Phone):
    for on, version in ((phone, 3), (phone, 4), (signed_in(app, "rep1"), 4)):
        assert accept(on, version).status_code == 204
    assert [version for _, version, _ in accepted(app)] == [3, 4, 4]


def test_nobody_accepts_for_anybody_or_without_a_time(app, company: Company, phone: Phone):
    said = {"version": 3, "accepted_at": AT}
    assert app.test_client().post("/auth/v1/notice", json=said).status_code == 401
    for wrong in ({"version": 0}, {"version": "3"}, {"accepted_at": "2026-11-24T01:00:00"}, {"accepted_at": None}, *LOST_CLOCKS):
        answer = phone.client.post("/auth/v1/notice", headers=phone.headers, json=said | wrong)
        assert (answer.status_code, answer.json["code"]) == (400, "malformed")
    assert phone.client.post("/auth/v1/sign-out", headers=phone.headers).status_code == 204
    assert accept(phone).status_code == 401
    assert accepted(app) == []


def test_the_persons_page_shows_it_to_who_manages_phones(app, company: Company, staff: Staff, phone: Phone):
    address = f"/people/{company.rep_id}"
    assert "还没有接受隐私说明" in console(app, "root").get(address).text
    accept(phone)
    for login in ("root", "boss"):
        assert "11-24 09:00 接受了隐私说明第 3 版" in console(app, login).get(address).text, login
    assert "隐私说明" not in console(app, "chief").get(address).text
    english = console(app, "root", "en").get(address).text
    assert "privacy notice version 3 accepted 11-24 09:00" in english and untranslated(english) == []


def test_the_persons_copy_has_it(app, company: Company, staff: Staff, phone: Phone):
    accept(phone)
    archive = copied(console(app, "rep1"), company.rep_id)
    [row] = [row for row in rows(archive, "deeds_about") if row["action"] == "privacy.accepted"]
    assert (row["detail"]["version"], row["detail"]["accepted_at"]) == (3, AT)
    [device] = rows(archive, "devices")
    assert device["notice_version"] == 3
