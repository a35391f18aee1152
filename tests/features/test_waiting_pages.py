"""The queues of the office: changes that wait, values that lost, records that were not taken in. Happy, who may not, bad input, twice."""

import json

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.intake.models import SyncConflict, SyncOp
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.outlets.edits import set_outlet_field
from server.outlets.fields import Writer
from server.outlets.models import Outlet
from server.people.actions import add_person, add_region
from server.people.models import Role
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.test_console_pages import MOST_QUERIES
from tests.statements import statements
from tests.sync.conftest import PASSWORD, Company, Phone, company, phone  # noqa: F401


@pytest.fixture
def office(app, company: Company):
    """A manager, an administrator, a payroll clerk, and a supervisor of another region."""
    with app.app_context():
        region = add_region("城西区域", now())
        db.session.flush()
        add_person("chief", "郑怀远", PASSWORD, [Role.MANAGER], [], now())
        add_person("root", "高阳", PASSWORD, [Role.ADMIN], [], now())
        add_person("payer", "何静", PASSWORD, [Role.PAYROLL], [], now())
        add_person("farboss", "韩立", PASSWORD, [Role.SUPERVISOR], [region.id], now())
        db.session.commit()


def edit(sender: Phone, outlet_id: str, **fields: tuple[object, object]) -> str:
    """Send an edit of (base, mine) by field; returns its op_id."""
    body = {"outlet_id": outlet_id, "fields": {name: {"base": base, "mine": mine} for name, (base, mine) in fields.items()}}
    op = sender.op(outlet_id, kind="edit", form="outlet_edit.v1", entity={"type": "outlet", "id": outlet_id}, blobs=[])
    sender.push(op | {"body": body})
    return op["op_id"]


@pytest.fixture
def parked(app, company: Company, office, phone: Phone) -> str:
    """The address of a change of two sensitive fields, of which somebody changed one meanwhile and the other too."""
    edit(phone, company.outlet_id, person_in_charge=("", "王秀兰"), chain_outlets=(None, 2))
    return "/waiting/changes/" + edit(phone, company.outlet_id, person_in_charge=("", "李建国"), chain_outlets=(None, 3))


@pytest.fixture
def lost(app, company: Company, office, phone: Phone) -> str:
    """The id of a phone number that was replaced."""
    edit(phone, company.outlet_id, phone=("", "13800001001"))
    edit(phone, company.outlet_id, phone=("", "13800002002"))
    with app.app_context():
        return db.session.scalars(select(SyncConflict.id).where(SyncConflict.kind == "field")).one()


@pytest.fixture
def record(app, company: Company, office, phone: Phone) -> str:
    """The address of a record whose form the server does not know."""
    op = phone.op(company.outlet_id, form="visit.v9")
    phone.push(op)
    return f"/waiting/records/{op['op_id']}"


def outlet_of(app, company: Company) -> Outlet:
    with app.app_context():
        return db.session.get_one(Outlet, company.outlet_id)


def all_of(choice: str, **more: str) -> dict[str, str]:
    return {"choice.person_in_charge": choice, "choice.chain_outlets": choice, **more}


# -- who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("login", "status"), [("boss", 200), ("chief", 200), ("farboss", 404), ("root", 403), ("rep1", 403), ("payer", 403)])
def test_changes_are_for_those_who_decide_on_the_outlet(app, parked, login, status):
    client = console(app, login)
    assert client.get(parked).status_code == status
    assert client.get("/waiting/changes").status_code == (403 if status == 403 else 200)
    assert client.post(f"{parked}/decision", data=all_of("take")).status_code == (302 if status == 200 else status)


@pytest.mark.parametrize(("login", "status"), [("boss", 302), ("chief", 302), ("farboss", 404), ("root", 403), ("rep1", 403), ("payer", 403)])
def test_values_that_lost_are_for_those_who_decide_on_the_outlet(app, lost, login, status):
    client = console(app, login)
    assert client.post(f"/waiting/values/{lost}/decision", data={"decision": "keep"}).status_code == status
    assert client.get("/waiting/values").status_code == (403 if status == 403 else 200)


@pytest.mark.parametrize(("login", "status"), [("boss", 200), ("chief", 200), ("root", 200), ("farboss", 404), ("rep1", 403), ("payer", 403)])
def test_records_are_for_supervisors_of_the_sender_managers_and_admins(app, record, login, status):
    client = console(app, login)
    assert client.get(record).status_code == status
    repairs = {"boss": 403, "farboss": 403, "chief": 302, "root": 302}.get(login, 403)
    assert client.post(f"{record}/retry").status_code == repairs


def test_only_managers_and_admins_close_records(app, record):
    for login, status in (("boss", 403), ("rep1", 403), ("root", 302)):
        assert console(app, login).post(f"{record}/closing", data={"reason": "重复"}).status_code == status


@pytest.mark.parametrize(("login", "address"), [("boss", "/waiting/values"), ("root", "/waiting/records")])
def test_the_start_leads_to_the_first_queue_that_waits(app, lost, record, login, address):
    assert console(app, login).get("/waiting").headers["Location"] == address


def test_the_start_page_and_navigation_count_what_waits(app, parked, lost, record):
    home = console(app, "boss").get("/").text
    assert "待处理记录" in home
    assert home.count("<b>3</b>") == 2
    assert "<b>3</b>" not in console(app, "farboss").get("/").text
    assert "待处理记录" not in console(app, "rep1").get("/").text


# -- changes ----------------------------------------------------------------------------------------------------------


def test_a_change_shows_before_now_and_sent_with_who(app, parked):
    page = console(app, "boss").get(parked).text
    assert "负责人" in page and "王秀兰" in page and "李建国" in page
    assert page.count("赵广田") >= 3
    assert "重要的内容有人同时改过" in page


def test_a_change_is_taken_as_sent_without_a_reason(app, company: Company, parked):
    assert console(app, "boss").post(f"{parked}/decision", data=all_of("take")).status_code == 302
    outlet = outlet_of(app, company)
    assert (outlet.person_in_charge, outlet.chain_outlets) == ("李建国", 3)
    assert "照送来的写进去了" in console(app, "boss").get(parked).text


def test_a_change_is_taken_with_another_value_and_a_reason(app, company: Company, parked):
    data = {"choice.person_in_charge": "leave", "choice.chain_outlets": "edit", "text.chain_outlets": "4", "reason": "电话问过了"}
    assert console(app, "boss").post(f"{parked}/decision", data=data).status_code == 302
    outlet = outlet_of(app, company)
    assert (outlet.person_in_charge, outlet.chain_outlets) == ("王秀兰", 4)
    page = console(app, "boss").get(parked).text
    assert "改过后写进去了" in page and "电话问过了" in page


def test_a_change_is_rejected_and_the_phone_reads_why(app, company: Company, parked, phone: Phone):
    assert console(app, "boss").post(f"{parked}/decision", data=all_of("leave", reason="店主没有换")).status_code == 302
    assert outlet_of(app, company).person_in_charge == "王秀兰"
    verdicts = [event["doc"] for event in phone.pull()[0] if event.get("type") == "op_verdict"]
    assert [(doc["code"], doc["reason"], doc["by_name"]) for doc in verdicts] == [("rejected", "店主没有换", "周敏")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"choice.person_in_charge": "take"}, "这一项还没有选"),
        (all_of("leave"), "就要写理由"),
        (all_of("edit", **{"text.person_in_charge": "甲", "text.chain_outlets": "许多", "reason": "x"}), "不小于 0 的整数"),
        (all_of("edit", **{"text.person_in_charge": "甲" * 61, "text.chain_outlets": "4", "reason": "x"}), "文字太长"),
    ],
)
def test_a_decision_with_a_fault_says_where_and_writes_nothing(app, company: Company, parked, data, words):
    answer = console(app, "boss").post(f"{parked}/decision", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    outlet = outlet_of(app, company)
    assert (outlet.person_in_charge, outlet.chain_outlets) == ("王秀兰", 2)


def test_the_second_decision_is_told_of_the_first(app, company: Company, parked):
    console(app, "boss").post(f"{parked}/decision", data=all_of("take"))
    answer = console(app, "chief").post(f"{parked}/decision", data=all_of("leave", reason="不对"))
    assert answer.status_code == 409
    assert "已经有人定了" in answer.text
    assert outlet_of(app, company).person_in_charge == "李建国"


def test_a_change_of_a_merged_outlet_is_written_to_the_one_that_was_kept(app, company: Company, parked):
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    client = console(app, "boss")
    assert "它并入了这个网点" in client.get(parked).text
    assert client.post(f"{parked}/decision", data=all_of("take")).status_code == 302
    with app.app_context():
        assert db.session.get_one(Outlet, company.second_outlet_id).person_in_charge == "李建国"
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "op.applied")).one()
        assert row.detail["written_to"] == company.second_outlet_id  # whose earlier values stand beside it


def test_a_change_by_a_rep_who_lost_the_outlet_is_decided_on_by_its_supervisor(app, company: Company, office, phone: Phone):
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, now().date(), company.supervisor_id, now())
    op_id = edit(phone, company.outlet_id, address=("", "解放路 8 号"))
    client = console(app, "boss")
    assert "网点现在归别人负责" in client.get("/waiting/changes").text
    assert client.post(f"/waiting/changes/{op_id}/decision", data={"choice.address": "take"}).status_code == 302
    assert outlet_of(app, company).address == "解放路 8 号"


def test_positions_and_yes_or_no_are_typed_as_people_write_them(app, company: Company, office, phone: Phone):
    place = {"lat": 30.5, "lon": 104.1, "accuracy_m": 9.0}
    edit(phone, company.outlet_id, is_franchised_or_own_hall=(None, True))
    with app.app_context():
        set_outlet_field(company.outlet_id, "position", place, Writer(company.supervisor_id, now()))
        db.session.commit()
    other = place | {"lat": 30.6}
    op_id = edit(phone, company.outlet_id, position=("nowhere", other), is_franchised_or_own_hall=(None, None), cashiers=([], []))
    client = console(app, "boss")
    assert "30.50000, 104.10000 ±9 m" in client.get(f"/waiting/changes/{op_id}").text
    edits = {"choice.position": "edit", "text.position": "30.7，104.2", "choice.is_franchised_or_own_hall": "edit", "reason": "去看过"}
    bad = edits | {"text.position": "门口", "text.is_franchised_or_own_hall": "no"}
    assert "这样的纬度和经度" in client.post(f"/waiting/changes/{op_id}/decision", data=bad).text
    good = edits | {"text.is_franchised_or_own_hall": "no"}
    assert client.post(f"/waiting/changes/{op_id}/decision", data=good).status_code == 302
    outlet = outlet_of(app, company)
    assert (outlet.lat, outlet.lon, outlet.is_franchised_or_own_hall) == (30.7, 104.2, False)


def test_queues_are_filtered_by_region_and_rep(app, company: Company, parked, lost, record):
    client = console(app, "chief")
    for queue in ("changes", "values", "records"):
        assert "赵广田</td>" in client.get(f"/waiting/{queue}?rep={company.rep_id}&region={company.region_id}").text
        assert "赵广田</td>" not in client.get(f"/waiting/{queue}?rep={company.other_rep_id}").text
        assert "赵广田</td>" not in client.get(f"/waiting/{queue}?region=nowhere").text


def test_queues_page_by_key_oldest_first(app, company: Company, office, phone: Phone):
    for number in range(62):
        phone.push(phone.op(company.outlet_id, form=f"odd{number}.v1"))
    client = console(app, "chief")
    first = client.get("/waiting/records")
    following = first.text.partition("after=")[2].partition('"')[0]
    second = client.get(f"/waiting/records?after={following}").text
    assert "odd0.v1" in first.text and "odd59.v1" in first.text and "odd60.v1" not in first.text
    assert "odd60.v1" in second and "odd61.v1" in second and "odd59.v1" not in second
    assert client.get("/waiting/records?after=WyJ4IiwieSJd").status_code == 422


# -- values that lost -------------------------------------------------------------------------------------------------


def test_a_value_that_lost_is_restored_by_one_tap(app, company: Company, lost):
    client = console(app, "boss")
    assert "13800001001" in client.get("/waiting/values").text
    answer = client.post(f"/waiting/values/{lost}/decision", data={"decision": "restore"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/waiting/values")
    assert outlet_of(app, company).phone == "13800001001"
    assert client.post(f"/waiting/values/{lost}/decision", data={"decision": "keep"}).status_code == 409


def test_a_value_that_lost_may_stay_lost(app, company: Company, lost):
    console(app, "boss").post(f"/waiting/values/{lost}/decision", data={"decision": "keep"})
    assert outlet_of(app, company).phone == "13800002002"
    assert "13800001001" not in console(app, "boss").get("/waiting/values").text


def test_a_decision_that_is_none_changes_nothing(app, lost):
    assert console(app, "boss").post(f"/waiting/values/{lost}/decision", data={"decision": "maybe"}).status_code == 422


# -- records ----------------------------------------------------------------------------------------------------------


def test_a_record_shows_why_and_its_raw_body(app, record):
    page = console(app, "root").get(record).text
    assert "表单比服务器新" in page and "服务器升级后会自动再收一次" in page
    assert "&#34;signer_name&#34;: &#34;王秀兰&#34;" in page


def test_a_record_is_taken_in_when_its_trouble_is_gone(app, company: Company, office, phone: Phone):
    unknown = uuid7()
    op = phone.op(company.outlet_id, body={"outlet_id": unknown}, scope=f"outlet:{unknown}")
    phone.push(op)
    client, record = console(app, "root"), f"/waiting/records/{op['op_id']}"
    assert client.post(f"{record}/retry").headers["Location"] == record
    assert "还是收不进来" in client.get(record).text
    with app.app_context():
        known = db.session.get_one(Outlet, company.outlet_id)
        copy = {column.key: getattr(known, column.key) for column in Outlet.__table__.columns} | {"id": unknown, "code": "CD-9"}
        db.session.add(Outlet(**copy))
        db.session.commit()
    assert client.post(f"{record}/retry").headers["Location"] == "/waiting/records"
    assert "收进来了，网点已归别人" in client.get(record).text
    assert client.post(f"{record}/retry").status_code == 409


def test_a_record_that_cannot_be_taken_in_is_closed_with_a_reason(app, record, phone: Phone):
    client = console(app, "root")
    assert client.post(f"{record}/closing", data={"reason": " "}).status_code == 422
    assert client.post(f"{record}/closing", data={"reason": "重新记过了"}).status_code == 302
    assert client.post(f"{record}/closing", data={"reason": "再关一次"}).status_code == 409
    assert client.post(f"{record}/retry").status_code == 409
    with app.app_context():
        op = db.session.get_one(SyncOp, record.rpartition("/")[2])
        assert (op.code, op.settled_code, json.loads(op.body)["has_complaint"]) == ("quarantined", "rejected", False)


def test_a_body_that_is_no_json_is_shown_as_it_is(app, office, phone: Phone):
    phone.n += 1
    deep = '{"n":1,"op_id":"%s","junk":%s}' % (op_id := uuid7(), "[" * 900 + "]" * 900)  # noqa: UP031 braces
    message = f'{{"proto":1,"epoch":"{phone.epoch}","client_id":"{phone.client_id}","ops":[{deep}]}}'
    assert phone.client.post("/sync/v1/push", data=message, headers=phone.headers).json["results"][0]["code"] == "quarantined"
    page = console(app, "root").get(f"/waiting/records/{op_id}")
    assert page.status_code == 200 and "读不懂的记录" in page.text


def test_content_under_a_used_id_is_shown_beside_the_first_and_ticked_off_once(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    phone.push(phone.op(company.outlet_id, op_id=op["op_id"], body={"condition": "另一份"}))
    with app.app_context():
        conflict_id = db.session.scalars(select(SyncConflict.id).where(SyncConflict.kind == "op_id_reused")).one()
    address = f"/waiting/reused/{conflict_id}"
    assert address in console(app, "boss").get("/waiting/records").text
    assert "另一份" in console(app, "boss").get(address).text
    for login, status in (("boss", 403), ("rep1", 403), ("root", 302), ("chief", 409)):
        assert console(app, login).post(f"{address}/seen").status_code == status
    for login, status in (("farboss", 404), ("rep1", 403)):
        assert console(app, login).get(address).status_code == status
    assert address not in console(app, "boss").get("/waiting/records").text


# -- the pages themselves ---------------------------------------------------------------------------------------------


def test_every_page_in_english_has_no_chinese_but_data(app, parked, lost, record):
    for login in ("chief", "boss"):
        client = console(app, login, "en")
        for path in (parked, record, "/waiting/changes", "/waiting/values", "/waiting/records", "/"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert untranslated(answer.text) == [], path
            assert "style=" not in answer.text and "<script>" not in answer.text, path


def test_every_page_reads_with_few_queries(app, parked, lost, record):
    client = console(app, "chief")
    with statements(app) as asked:
        for path in (parked, record, "/waiting/changes", "/waiting/values", "/waiting/records"):
            asked.clear()
            assert client.get(path).status_code == 200, path
            assert len(asked) <= MOST_QUERIES + 2, (path, len(asked))


def test_htmx_gets_the_changing_part_alone(app, parked):
    part = console(app, "boss").get("/waiting/changes", headers={"HX-Request": "true"}).text
    assert "<!doctype html>" not in part and "王秀兰" not in part and "网点 CD-1" in part


# -- the outlet's page ------------------------------------------------------------------------------------------------


def test_an_outlets_page_shows_lost_values_beside_their_fields_and_restores_there(app, company: Company, lost):
    client, address = console(app, "boss"), f"/outlets/{company.outlet_id}"
    page = client.get(address).text
    assert "资料有人同时改过" in page and page.count("13800001001") == 2
    answer = client.post(f"/waiting/values/{lost}/decision", data={"decision": "restore", "next": address})
    assert answer.headers["Location"] == address
    page = client.get(address).text
    assert "资料有人同时改过" not in page and "13800001001" in page


def test_an_outlets_page_names_open_changes_and_reps_get_no_buttons(app, company: Company, parked, lost):
    address = f"/outlets/{company.outlet_id}"
    assert parked in console(app, "boss").get(address).text
    seen = console(app, "rep1").get(address).text
    assert "李建国" in seen and "13800001001" in seen
    assert parked not in seen and "恢复旧值" not in seen
    assert untranslated(console(app, "boss", "en").get(address).text) == []


def test_an_outlet_that_was_merged_leads_to_the_one_that_was_kept(app, company: Company, parked):
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    client = console(app, "boss")
    assert client.get(f"/outlets/{company.outlet_id}").headers["Location"] == f"/outlets/{company.second_outlet_id}"
    assert parked in client.get(f"/outlets/{company.second_outlet_id}").text
    assert console(app, "rep2").get(f"/outlets/{company.outlet_id}").status_code == 404


def test_a_record_with_half_an_emoji_is_shown(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id, form="visit.v9")
    text = json.dumps({"proto": 1, "client_id": phone.client_id, "ops": [op | {"body": {"condition": "柜台\ud83d"}}]})
    assert phone.client.post("/sync/v1/push", data=text.encode(), headers=phone.headers).status_code == 200
    page = console(app, "chief").get(f"/waiting/records/{op['op_id']}")
    assert page.status_code == 200 and "柜台\ufffd" in page.text
