"""Records that were not taken in: shown, tried again, closed with a reason. Happy, bad input, twice."""

import json

from sqlalchemy import select

from server.db import db
from server.intake.models import SyncConflict, SyncOp
from server.outlets.models import Outlet
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.waiting import office, record  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


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


def test_a_record_with_half_an_emoji_is_shown(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id, form="visit.v9")
    text = json.dumps({"proto": 1, "client_id": phone.client_id, "ops": [op | {"body": {"condition": "柜台\ud83d"}}]})
    assert phone.client.post("/sync/v1/push", data=text.encode(), headers=phone.headers).status_code == 200
    page = console(app, "chief").get(f"/waiting/records/{op['op_id']}")
    assert page.status_code == 200 and "柜台\ufffd" in page.text
