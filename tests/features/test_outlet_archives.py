"""Outlet files archived by customer service, and the pages of their whole way in English. Happy, who may not, too early, twice."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import today
from server.db import db
from server.outlets.models import Outlet, OutletStep
from tests.features.browsing import console, untranslated
from tests.features.outlet_files import REASON, decide, document, draft_id, edit, op, seen_in, state_of, submit, submitted_id  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


@pytest.fixture
def approved_id(app, company, staff, submitted_id: str) -> str:
    assert decide(console(app, "chief"), submitted_id, "approved").status_code == 302
    return submitted_id


def archive(client, outlet_id: str, kept: str = ""):
    seen = seen_in(client.get(f"/outlets/{outlet_id}/file").text)
    return client.post(f"/outlets/{outlet_id}/file/archive{kept}", data={"seen": seen})


def ticked(page: str, outlet_ids: list[str]) -> dict:
    """The list's form with these rows ticked."""
    return {"outlet": outlet_ids} | {f"seen.{outlet_id}": seen_in(page, f"seen.{outlet_id}") for outlet_id in outlet_ids}


def tile(client, label: str) -> str:
    """The count on the start page's tile; empty when there is none."""
    return client.get("/").text.partition(f"{label}<")[2].partition("<b>")[2].partition("<")[0]


def test_customer_service_archives_an_approved_file(app, company: Company, staff: Staff, phone: Phone, approved_id: str):
    client = console(app, "clerk")
    assert "去归档" in client.get(f"/outlets/{approved_id}").text
    assert "归档资料" in client.get(f"/outlets/{approved_id}/file").text
    answer = archive(client, approved_id)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/outlets?state=approved")
    assert "顺达便民超市 的资料已归档" in client.get("/outlets?state=approved").text
    assert state_of(app, approved_id) == ("archived", today())
    doc = document(phone, approved_id)
    assert (doc["state"], doc["file_step"]["state"], doc["file_step"]["by_name"]) == ("archived", "archived", "唐小雨")
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.subject_id == approved_id).order_by(AuditRow.id.desc())).first()
        assert (row.action, row.actor_id) == ("outlet.archived", staff.ids["clerk"])
    page = client.get(f"/outlets/{approved_id}/file").text
    assert "归档资料" not in page and "唐小雨</span> 已归档" in page
    assert '客服部建档</th><td colspan="3"><span translate="no">唐小雨' in client.get(f"/outlets/{approved_id}/print").text


def test_an_archived_file_is_not_archived_again(app, company, staff, approved_id: str):
    client = console(app, "clerk")
    archive(client, approved_id)
    answer = archive(client, approved_id)
    assert answer.status_code == 409 and "已经有人处理过了" in answer.text
    with app.app_context():
        states = db.session.scalars(select(OutletStep.state).where(OutletStep.outlet_id == approved_id).order_by(OutletStep.at, OutletStep.id))
        assert list(states) == ["submitted", "approved", "archived"]


def test_files_that_were_ticked_are_archived_at_once_and_what_was_done_already_is_said(app, company, staff, approved_id: str):
    client, kept = console(app, "clerk"), "?state=approved&class=C"
    page = client.get("/outlets?state=approved").text
    assert f'name="outlet" value="{approved_id}"' in page and f'href="/outlets/{approved_id}/file?state=approved"' in page
    with app.app_context():
        in_list = list(db.session.scalars(select(Outlet.id).where(Outlet.state == "approved")))
        for outlet_id in in_list:
            db.session.get_one(Outlet, outlet_id).outlet_class = "C"
        db.session.commit()
    form = ticked(client.get(f"/outlets{kept}").text, [*in_list, approved_id])
    for said, more in ((f"归档了 {len(in_list)} 份资料。", False), ("归档了 0 份资料。", True)):
        answer = client.post(f"/outlets/archives{kept}", data=form)
        assert answer.headers["Location"] == f"/outlets{kept}"
        page = client.get(f"/outlets{kept}").text
        assert said in page and ("份没有动" in page) is more
    assert state_of(app, approved_id)[0] == "archived"
    assert client.post("/outlets/archives").headers["Location"] == "/outlets"
    assert "没有勾选网点。" in client.get("/outlets").text
    client.post("/outlets/archives", data={"outlet": ["nowhere"]})
    assert "1 份没有动" in client.get("/outlets").text
    assert client.post("/outlets/archives", data={"outlet": [str(n) for n in range(301)]}).status_code == 422


def test_a_file_that_changed_while_it_was_looked_at_is_shown_anew_before_it_is_archived(app, company, staff, phone: Phone, approved_id: str):
    client, path = console(app, "clerk"), f"/outlets/{approved_id}/file/archive"
    seen = seen_in(client.get(f"/outlets/{approved_id}/file").text)
    assert edit(phone, approved_id, phone=("", "13900000001")) == "applied"
    for data in ({"seen": seen}, {}):
        answer = client.post(path, data=data)
        assert answer.status_code == 409 and "资料刚有变化，看过新的再决定。" in answer.text and "13900000001" in answer.text
    assert state_of(app, approved_id)[0] == "approved"
    assert client.post(path, data={"seen": seen_in(answer.text)}).status_code == 302


def test_of_many_files_those_that_changed_meanwhile_are_left_alone(app, company, staff, phone: Phone, approved_id: str):
    client, other_id = console(app, "clerk"), company.second_outlet_id
    form = ticked(client.get("/outlets?state=approved").text, [approved_id, other_id])
    assert edit(phone, approved_id, phone=("", "13900000001")) == "applied"
    client.post("/outlets/archives?state=approved", data=form)
    page = client.get("/outlets?state=approved").text
    assert "归档了 1 份资料。" in page and "1 份没有动：已经有人处理过，刚有变化，或者看不到。" in page
    assert (state_of(app, approved_id)[0], state_of(app, other_id)[0]) == ("approved", "archived")
    client.post("/outlets/archives?state=approved", data={"outlet": [approved_id]})
    assert state_of(app, approved_id)[0] == "approved"
    client.post("/outlets/archives?state=approved", data=ticked(page, [approved_id]))
    assert state_of(app, approved_id)[0] == "archived"


@pytest.mark.parametrize("login", ["chief", "boss", "rep1", "ops", "root", "payer"])
def test_nobody_else_archives_many(app, company, staff, approved_id: str, login):
    client = console(app, login)
    assert client.post("/outlets/archives", data={"outlet": [approved_id]}).status_code == 403
    page = client.get("/outlets?state=approved").text
    assert "archive-many" not in page and f"/outlets/{approved_id}/file?" not in page
    assert state_of(app, approved_id)[0] == "approved"


def test_the_next_file_of_the_same_list_opens_after_one_and_the_list_after_the_last(app, company, staff, approved_id: str):
    with app.app_context():
        for outlet in db.session.scalars(select(Outlet).where(Outlet.id != approved_id)):
            outlet.state = "draft" if outlet.id != company.second_outlet_id else "approved"
        db.session.commit()
    client, kept = console(app, "clerk"), "?state=approved"
    page = client.get(f"/outlets/{company.second_outlet_id}/file{kept}").text
    assert f'action="/outlets/{company.second_outlet_id}/file/archive{kept}"' in page and f'href="/outlets{kept}"' in page
    answer = archive(client, company.second_outlet_id, kept)
    assert answer.headers["Location"] == f"/outlets/{approved_id}/file{kept}"
    assert archive(client, approved_id, kept).headers["Location"] == f"/outlets{kept}"
    assert "这里的都看完了。" in client.get(f"/outlets{kept}").text


def test_the_manager_goes_on_to_the_next_submitted_file(app, company, staff, submitted_id: str):
    chief, kept = console(app, "chief"), "?state=submitted"
    with app.app_context():
        db.session.get_one(Outlet, company.second_outlet_id).state = "submitted"
        db.session.commit()
    assert f'href="/outlets/{submitted_id}/file{kept}"' in chief.get(f"/outlets{kept}").text
    assert f"/outlets/{submitted_id}/file" not in console(app, "boss").get(f"/outlets{kept}").text
    data = {"decision": "approved", "reason": "", "seen": seen_in(chief.get(f"/outlets/{submitted_id}/file").text)}
    answer = chief.post(f"/outlets/{submitted_id}/file/decision{kept}", data=data)
    assert answer.headers["Location"] == f"/outlets/{company.second_outlet_id}/file{kept}"


def test_a_file_without_approval_is_not_archived(app, company, staff, submitted_id: str):
    assert archive(console(app, "clerk"), submitted_id).status_code == 409
    assert state_of(app, submitted_id) == ("submitted", None)


@pytest.mark.parametrize("login", ["rep1", "boss", "chief", "ops", "payer", "root", "farboss"])
def test_only_customer_service_archives(app, company, staff, approved_id: str, login):
    client = console(app, login)
    assert archive(client, approved_id).status_code == 403
    assert "归档资料" not in client.get(f"/outlets/{approved_id}/file").text
    assert state_of(app, approved_id)[0] == "approved"


def test_an_archived_outlet_owes_what_it_owed_and_its_file_can_be_changed(app, company, staff, phone: Phone, approved_id: str):
    archive(console(app, "clerk"), approved_id)
    body = {"outlet_id": approved_id, "fields": {"phone": {"base": "", "mine": "13900000001"}}}
    [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", approved_id), approved_id, body)).json["results"]
    assert (result["code"], document(phone, approved_id)["phone"]) == ("applied", "13900000001")
    assert submit(phone, approved_id)["code"] == "noop"
    assert state_of(app, approved_id) == ("archived", today())


def test_the_start_page_counts_files_for_the_manager_and_for_customer_service(app, company, staff, phone: Phone, submitted_id: str):
    """The company's three other outlets were approved before."""
    chief, clerk = console(app, "chief"), console(app, "clerk")
    assert (tile(chief, "待审批的资料"), tile(clerk, "待归档")) == ("1", "3")
    decide(chief, submitted_id, "approved")
    assert (tile(chief, "待审批的资料"), tile(clerk, "待归档")) == ("0", "4")
    archive(clerk, submitted_id)
    assert tile(clerk, "待归档") == "3"
    assert (tile(chief, "待归档"), tile(clerk, "待审批的资料"), tile(console(app, "boss"), "待审批的资料")) == ("", "", "")


def test_the_pages_of_a_file_are_whole_in_english(app, company, staff, phone: Phone, submitted_id: str):
    client = console(app, "chief", "en")
    for path in (f"/outlets/{submitted_id}", f"/outlets/{submitted_id}/file"):
        assert untranslated(client.get(path).text) == []
    assert untranslated(decide(client, submitted_id, "returned").text) == []
    decide(client, submitted_id, "returned", REASON)
    assert edit(phone, submitted_id, phone=("", "13900000001")) == "applied"
    submit(phone, submitted_id)
    assert untranslated(client.get(f"/outlets/{submitted_id}/file").text) == []
    decide(client, submitted_id, "approved")
    clerk = console(app, "clerk", "en")
    for path in ("/", f"/outlets/{submitted_id}/file"):
        assert untranslated(clerk.get(path).text) == []
    assert untranslated(archive(clerk, submitted_id).text) == []
