"""The way of an outlet file: its photos, submitted from a phone, approved or returned, archived. Happy, who may not, bad input, twice."""

import hashlib
import re

import pytest
from sqlalchemy import null, select, update

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.media.store import stored_among
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet, OutletStep
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, picture, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

REASON = "门头照片看不清招牌，请重拍"


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def op(phone: Phone, form: str, entity: tuple[str, str], outlet_id: str, body: dict, **changes):
    kind = "edit" if form == "outlet_edit.v1" else "record"
    more = {"kind": kind, "form": form, "entity": dict(zip(("type", "id"), entity, strict=True)), "blobs": []} | changes
    return phone.op(outlet_id) | more | {"body": body}


def found(phone: Phone, company: Company, photos: dict[str, str], blobs: list[str]) -> tuple[str, dict]:
    """A new outlet with these photos; its id and the result."""
    outlet_id = uuid7()
    body = {"outlet_id": outlet_id, "region_id": company.region_id, "name": "顺达便民超市", "fields": {"address": "解放路 203 号", **photos}}
    [result] = phone.push(op(phone, "new_outlet.v1", ("outlet", outlet_id), outlet_id, body, blobs=blobs)).json["results"]
    return outlet_id, result


def submit(phone: Phone, outlet_id: str, step_id: str = "", **changes) -> dict:
    step = op(phone, "outlet_submit.v1", ("outlet_step", step_id or uuid7()), outlet_id, {"outlet_id": outlet_id})
    [result] = phone.push(step | changes).json["results"]
    return result


def state_of(app, outlet_id: str) -> tuple[str, object]:
    with app.app_context():
        outlet = db.session.get_one(Outlet, outlet_id)
        return outlet.state, outlet.approved_on


def document(phone: Phone, outlet_id: str) -> dict:
    return [event for event in phone.pull()[0] if event.get("id") == outlet_id and event.get("type") == "outlet"][-1]["doc"]


@pytest.fixture
def draft_id(phone: Phone, company: Company) -> str:
    return found(phone, company, {}, [])[0]


@pytest.fixture
def submitted_id(phone: Phone, draft_id: str) -> str:
    assert submit(phone, draft_id)["code"] == "applied"
    return draft_id


def decide(client, outlet_id: str, decision: str, reason: str = ""):
    return client.post(f"/outlets/{outlet_id}/file/decision", data={"decision": decision, "reason": reason})


def test_a_new_outlet_brings_its_photos(app, company: Company, staff: Staff, phone: Phone):
    content = picture("blue")
    sha256 = hash_of(content)
    outlet_id, result = found(phone, company, {"storefront_photo": sha256}, [sha256])
    assert (result["code"], result["missing_blobs"]) == ("applied", [sha256])
    page = console(app, "boss").get(f"/outlets/{outlet_id}/file")
    assert "门头照片还在手机上" in page.text
    phone.upload(content)
    with app.app_context():
        assert stored_among([sha256]) == {sha256}
    doc = document(phone, outlet_id)
    assert (doc["storefront_photo"], doc["counter_photo"], doc["file_step"]) == (sha256, None, None)
    seen = {login: console(app, login).get(f"/photos/{sha256}").status_code for login in ("boss", "rep1", "rep2", "chief", "farboss")}
    assert seen == {"boss": 200, "rep1": 200, "rep2": 404, "chief": 200, "farboss": 404}


@pytest.mark.parametrize("photo", ["a" * 64, "A" * 64, "a" * 63, 7, ["a" * 64]])
def test_a_photo_that_the_record_does_not_bring_is_not_taken(app, company: Company, phone: Phone, photo):
    _, result = found(phone, company, {"counter_photo": photo}, ["b" * 64])
    assert (result["code"], result["problem"]["code"]) == ("quarantined", "invalid_record")


def test_an_edit_changes_a_photo_and_the_shop_questions(app, company: Company, phone: Phone):
    fields = {"counter_photo": {"base": None, "mine": "c" * 64}, "is_tidy": {"base": None, "mine": True}}
    body = {"outlet_id": company.outlet_id, "fields": fields}
    entity = ("outlet", company.outlet_id)
    bare = op(phone, "outlet_edit.v1", entity, company.outlet_id, body)
    whole = op(phone, "outlet_edit.v1", entity, company.outlet_id, body, blobs=["c" * 64])
    assert [result["code"] for result in phone.push(bare, whole).json["results"]] == ["quarantined", "applied"]
    doc = document(phone, company.outlet_id)
    assert (doc["counter_photo"], doc["is_tidy"], doc["are_materials_complete"]) == ("c" * 64, True, None)


def moved(phone: Phone, outlet_id: str, base: dict | None, more: dict | None = None) -> dict:
    position = {"lat": 30.67, "lon": 104.08, "accuracy_m": 8.0}
    body = {"outlet_id": outlet_id, "fields": {"position": {"base": base, "mine": position}, **(more or {})}}
    [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, body)).json["results"]
    return result


def test_a_position_of_an_approved_file_moves_by_a_supervisors_word(app, company: Company, phone: Phone):
    stands = {"lat": 30.66, "lon": 104.07, "accuracy_m": None}
    result = moved(phone, company.outlet_id, stands, {"phone": {"base": "", "mine": "13900000001"}})
    assert (result["code"], result["problem"]["code"]) == ("parked", "position_moves")
    doc = document(phone, company.outlet_id)
    assert (doc["lat"], doc["phone"]) == (30.66, "13900000001")
    client = console(app, "boss")
    path = f"/waiting/changes/{result['op_id']}"
    assert "30.67000, 104.08000" in client.get(path).text
    client.post(f"{path}/decision", data={"choice.position": "take"})
    assert document(phone, company.outlet_id)["lat"] == 30.67


def test_a_position_that_somebody_else_moved_meanwhile_is_a_collision(company: Company, phone: Phone):
    result = moved(phone, company.outlet_id, {"lat": 1.0, "lon": 1.0, "accuracy_m": None})
    assert (result["code"], result["problem"]["code"]) == ("parked", "waits_for_decision")


def test_the_position_of_a_draft_is_its_finders(phone: Phone, draft_id: str):
    assert moved(phone, draft_id, None)["code"] == "applied"
    assert moved(phone, draft_id, {"lat": 30.67, "lon": 104.08, "accuracy_m": 8.0})["code"] == "noop"


def test_what_follows_a_new_outlet_in_the_same_push_is_applied(app, company: Company, phone: Phone):
    """Its finder holds it at once, not only from the next request on."""
    outlet_id = uuid7()
    body = {"outlet_id": outlet_id, "region_id": company.region_id, "name": "顺达便民超市", "fields": {}}
    first = op(phone, "new_outlet.v1", ("outlet", outlet_id), outlet_id, body)
    change = {"outlet_id": outlet_id, "fields": {"phone": {"base": "", "mine": "13900000001"}}}
    behind = [
        phone.op(outlet_id),
        op(phone, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, change),
        op(phone, "outlet_submit.v1", ("outlet_step", uuid7()), outlet_id, {"outlet_id": outlet_id}),
    ]
    results = phone.push(first, *behind).json["results"]
    assert [result["code"] for result in results] == ["applied"] * 4
    assert document(phone, outlet_id)["phone"] == "13900000001"
    assert state_of(app, outlet_id)[0] == "submitted"


def test_the_manager_approves_a_submitted_file(app, company: Company, staff: Staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    page = client.get(f"/outlets/{submitted_id}/file").text
    assert "还缺：负责人、电话、证件号码、门头照片" in page and "批准资料" in page
    assert "去审核" in client.get(f"/outlets/{submitted_id}").text
    assert decide(client, submitted_id, "approved").status_code == 302
    assert state_of(app, submitted_id) == ("approved", today())
    doc = document(phone, submitted_id)
    assert (doc["state"], doc["approved_on"], doc["file_step"]["by_name"]) == ("approved", today().isoformat(), "郑怀远")
    with app.app_context():
        rows = db.session.execute(select(AuditRow.action, AuditRow.actor_id).where(AuditRow.subject_id == submitted_id).order_by(AuditRow.id)).all()
    assert [row.action for row in rows] == ["outlet.found", "outlet.submitted", "outlet.approved"]
    assert rows[-1].actor_id == staff.ids["chief"]


def test_a_returned_file_tells_its_rep_why_and_comes_again(app, company: Company, staff: Staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    assert decide(client, submitted_id, "returned", REASON).status_code == 302
    doc = document(phone, submitted_id)
    assert (doc["state"], doc["file_step"]["state"], doc["file_step"]["reason"]) == ("returned", "returned", REASON)
    assert state_of(app, submitted_id) == ("returned", None)
    assert submit(phone, submitted_id)["code"] == "applied"
    assert state_of(app, submitted_id) == ("submitted", None)
    with app.app_context():
        states = db.session.scalars(select(OutletStep.state).where(OutletStep.outlet_id == submitted_id).order_by(OutletStep.at, OutletStep.id))
        assert list(states) == ["submitted", "returned", "submitted"]
    assert REASON in client.get(f"/outlets/{submitted_id}/file").text


@pytest.mark.parametrize(
    ("decision", "reason", "words"), [("returned", "", "退回要写原因"), ("", "x", "要选批准或退回"), ("archived", "x", "要选批准或退回")]
)
def test_a_decision_that_says_too_little_changes_nothing(app, company, staff, submitted_id: str, decision, reason, words):
    answer = decide(console(app, "chief"), submitted_id, decision, reason)
    assert answer.status_code == 422 and words in answer.text
    assert state_of(app, submitted_id) == ("submitted", None)


def test_a_file_is_decided_once(app, company, staff, submitted_id: str):
    client = console(app, "chief")
    decide(client, submitted_id, "approved")
    answer = decide(client, submitted_id, "returned", REASON)
    assert answer.status_code == 409 and "已经有人处理过了" in answer.text
    assert state_of(app, submitted_id)[0] == "approved"


@pytest.mark.parametrize("login", ["rep1", "boss", "ops", "clerk", "payer", "root", "farboss"])
def test_only_the_manager_decides(app, company, staff, submitted_id: str, login):
    client = console(app, login)
    assert decide(client, submitted_id, "approved").status_code in (403, 404)
    assert "批准资料" not in client.get(f"/outlets/{submitted_id}/file").text
    assert state_of(app, submitted_id) == ("submitted", None)


def edit(sender: Phone, outlet_id: str, blobs: list[str] | None = None, **fields) -> str:
    """A change of fields, each as (base, mine); what became of it."""
    body = {"outlet_id": outlet_id, "fields": {name: {"base": base, "mine": mine} for name, (base, mine) in fields.items()}}
    [result] = sender.push(op(sender, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, body, blobs=blobs or [])).json["results"]
    return result["code"]


def rows_of(page: str) -> dict[str, list[str]]:
    """By field the texts of its cells on the page of the file."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = {}
    for row in table.split("<tr>")[1:]:
        cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        found[cells[0]] = cells[1:]
    return found


def test_a_first_submission_shows_every_field(app, company, staff, submitted_id: str):
    page = console(app, "chief").get(f"/outlets/{submitted_id}/file").text
    rows = rows_of(page)
    assert "第一次送审，每一栏都要看" in page and len(rows) == 24
    assert (rows["名称"], rows["地址"], rows["电话"], rows["门头照片"]) == (["顺达便民超市"], ["解放路 203 号"], ["—"], ["没有门头照片"])


def test_a_file_that_comes_again_shows_what_changed_since_the_return(app, company, staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    decide(client, submitted_id, "returned", REASON)
    cashiers = [{"name": "李娟", "is_certified": False}]
    assert edit(phone, submitted_id, phone=("", "13900000001"), cashiers=([], cashiers), monthly_payments=(None, 300)) == "applied"
    assert submit(phone, submitted_id)["code"] == "applied"
    page = client.get(f"/outlets/{submitted_id}/file").text
    rows = rows_of(page)
    assert "改了 3 栏" in page and "郑怀远</span> 上次决定（资料已退回）时比" in page
    assert list(rows)[:3] == ["电话", "月缴费笔数", "收费人"]
    assert rows["电话"] == ["—", "13900000001", "改了"]
    assert (rows["收费人"], rows["月缴费笔数"]) == (["—", "李娟（无证）", "改了"], ["—", "300", "改了"])
    assert rows["地址"] == ["", "解放路 203 号", ""]
    decide(client, submitted_id, "approved")
    assert "没有改动" in client.get(f"/outlets/{submitted_id}/file").text
    certified = [{"name": "李娟", "is_certified": True}]
    assert edit(phone, submitted_id, cashiers=(cashiers, certified)) == "applied"
    assert rows_of(client.get(f"/outlets/{submitted_id}/file").text)["收费人"] == ["李娟（无证）", "李娟（有证）", "改了"]


def test_a_replaced_photo_stands_beside_the_new_one_for_whoever_sees_the_file(app, company, staff: Staff, phone: Phone):
    old, new = picture("blue"), picture("red")
    outlet_id, _ = found(phone, company, {"storefront_photo": hash_of(old)}, [hash_of(old)])
    for content in (old, new):
        phone.upload(content)
    submit(phone, outlet_id)
    client = console(app, "chief")
    decide(client, outlet_id, "returned", REASON)
    assert edit(phone, outlet_id, [hash_of(new)], storefront_photo=(hash_of(old), hash_of(new))) == "applied"
    phone.upload(new)
    page = client.get(f"/outlets/{outlet_id}/file").text
    assert page.index(f"/photos/{hash_of(old)}?size=thumb") < page.index(f"/photos/{hash_of(new)}?size=thumb")
    seen = {login: console(app, login).get(f"/photos/{hash_of(old)}").status_code for login in ("chief", "boss", "rep1", "rep2", "farboss")}
    assert seen == {"chief": 200, "boss": 200, "rep1": 200, "rep2": 404, "farboss": 404}


def test_a_changed_document_is_marked_and_its_number_is_in_no_snapshot(app, company, staff: Staff, phone: Phone, submitted_id: str):
    client, numbers = console(app, "chief"), ("11010519491231002X", "510102199003071234")
    for number in numbers:
        answer = client.post(f"/outlets/{submitted_id}/identity", data={"id_kind": "resident_id", "id_number": number})
        assert answer.status_code == 302, answer.text
        decide(client, submitted_id, "returned", REASON)
        submit(phone, submitted_id)
    client.post(f"/outlets/{submitted_id}/identity", data={"id_kind": "resident_id", "id_number": numbers[0]})
    rows = rows_of(client.get(f"/outlets/{submitted_id}/file").text)
    assert next(iter(rows)) == "证件" and rows["证件"][0] == "居民身份证" and rows["证件"][2] == "改了"
    assert rows["证件"][1] == "居民身份证 1****************X"
    with app.app_context():
        kept = db.session.scalars(
            select(OutletStep.snapshot).where(OutletStep.outlet_id == submitted_id).order_by(OutletStep.at, OutletStep.id)
        ).all()
        masked = db.session.get_one(Outlet, submitted_id).id_masked
    assert [bool(one["identity"]) for one in kept] == [False, True, True, True, True]
    assert not any(secret in str(kept) for secret in (*numbers, masked))
    assert kept[1]["identity"] == kept[2]["identity"] != kept[3]["identity"]


def test_a_step_of_an_older_release_says_that_nothing_can_be_compared(app, company, staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    decide(client, submitted_id, "returned", REASON)
    with app.app_context():
        db.session.execute(update(OutletStep).values(snapshot=null()))
        db.session.commit()
    page = client.get(f"/outlets/{submitted_id}/file").text
    assert "上次决定时的内容没有留下" in page and rows_of(page)["电话"] == ["—"]


@pytest.fixture
def approved_id(app, company, staff, submitted_id: str) -> str:
    assert decide(console(app, "chief"), submitted_id, "approved").status_code == 302
    return submitted_id


def archive(client, outlet_id: str):
    return client.post(f"/outlets/{outlet_id}/file/archive")


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


def test_a_file_that_lies_with_the_manager_or_is_approved_is_not_submitted_again(app, company, phone: Phone, submitted_id: str):
    assert submit(phone, submitted_id)["code"] == "noop"
    assert submit(phone, company.outlet_id)["code"] == "noop"
    assert state_of(app, company.outlet_id)[0] == "approved"
    with app.app_context():
        assert len(db.session.scalars(select(OutletStep)).all()) == 1


def test_a_submission_whose_answer_was_lost_is_one_step(app, company, phone: Phone, draft_id: str):
    step = op(phone, "outlet_submit.v1", ("outlet_step", uuid7()), draft_id, {"outlet_id": draft_id})
    first, again = (phone.push(step).json["results"] for _ in range(2))
    assert first == again and first[0]["code"] == "applied"
    with app.app_context():
        assert len(db.session.scalars(select(OutletStep)).all()) == 1


def test_a_stranger_cannot_submit_a_file(app, company, phone: Phone, other_phone: Phone, draft_id: str):
    assert submit(other_phone, draft_id)["problem"]["code"] == "unknown_outlet"
    assert submit(phone, uuid7())["problem"]["code"] == "unknown_outlet"
    assert state_of(app, draft_id)[0] == "draft"


def test_a_submission_after_the_outlet_went_to_another_rep_counts(app, company: Company, phone: Phone, draft_id: str):
    with app.app_context():
        assign_outlets([draft_id], company.other_rep_id, today(), company.supervisor_id, now())
    result = submit(phone, draft_id)
    assert (result["code"], result["problem"]["code"], result["problem"]["detail"]) == ("out_of_scope_accepted", "outlet_reassigned", "林晓月")
    assert state_of(app, draft_id)[0] == "submitted"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"kind": "edit"}, "entity"),
        ({"entity": {"type": "outlet", "id": uuid7()}}, "entity"),
        ({"scope": f"outlet:{uuid7()}"}, "scope"),
        ({"blobs": ["a" * 64]}, "blobs"),
    ],
)
def test_a_submission_of_another_shape_is_kept_aside(app, company, phone: Phone, draft_id: str, changes, where):
    result = submit(phone, draft_id, **changes)
    assert (result["code"], result["problem"]["detail"]) == ("quarantined", where)
    assert state_of(app, draft_id)[0] == "draft"


def test_the_id_of_a_step_is_used_once(app, company, staff, phone: Phone, draft_id: str):
    step_id = uuid7()
    submit(phone, draft_id, step_id)
    decide(console(app, "chief"), draft_id, "returned", REASON)
    assert submit(phone, draft_id, step_id)["problem"]["code"] == "id_taken"


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
