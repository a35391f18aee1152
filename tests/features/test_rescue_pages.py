"""Rescue files in the console. Happy, who may not, bad input, twice."""

import json
from datetime import timedelta
from io import RawIOBase
from typing import Any

import pytest
from sqlalchemy import select

from server import serving
from server.audit.actions import record_audit
from server.clock import now
from server.db import db
from server.devices.models import Device
from server.intake import rescue_routes
from server.intake.rescue_report import IMPORTED, RescueReport
from server.visits.models import Visit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.rescue_files import counted, imports, lost_phone, rescue_file, send  # noqa: F401
from tests.features.test_console_pages import MOST_QUERIES
from tests.features.waiting import office  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

OTHERS = ["boss", "chief", "payer", "farboss", "rep1"]


def test_a_file_comes_in_under_its_persons_name_and_the_page_says_what_came_of_it(app, company: Company, lost_phone):
    client = console(app, "root")
    answer = send(client, lost_phone)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "赵广田" in page and "高阳" in page
    for words in ("新收进", "等主管决定", "表单比服务器新", "没有记录提到它", "还缺"):
        assert words in page, words
    [row] = imports(app)
    assert row.detail["results"] == {"applied": 2, "parked": 1}
    assert (row.detail["refused"], row.detail["known"]) == ({"unknown_form": 1}, 0)
    assert (row.detail["files"], row.detail["missing_files"]) == (2, 1)
    assert list(row.detail["refused_files"].values()) == ["unnamed"]
    assert (row.subject_type, row.subject_id) == ("person", company.rep_id)
    with app.app_context():
        visits = db.session.scalars(select(Visit)).all()
        assert {visit.rep_id for visit in visits} == {company.rep_id}
        assert sorted(visit.is_complete for visit in visits) == [False, True]


@pytest.mark.parametrize("login", OTHERS)
def test_rescue_files_are_for_administrators(app, lost_phone, login):
    import_page = send(console(app, "root"), lost_phone).headers["Location"]
    before, client = counted(app), console(app, login)
    assert client.get("/rescue").status_code == 403
    assert client.get(import_page).status_code == 403
    assert send(client, lost_phone).status_code == 403
    assert (counted(app), len(imports(app))) == (before, 1)
    assert "/rescue" not in client.get("/").text


def test_a_stranger_is_sent_to_the_sign_in_page(app, lost_phone):
    answer = send(app.test_client(), lost_phone)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/login")
    assert imports(app) == []


class Unread(RawIOBase):
    """A body of 300 MB that may not be looked at."""

    place = 0

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = 0) -> int:
        self.place = 300_000_000 if whence == 2 else offset
        return self.place

    def readinto(self, _room: Any) -> int:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("login", [None, "boss"])
def test_the_file_of_somebody_who_may_not_import_is_not_even_read(app, office, login):
    client = console(app, login) if login else app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/rescue", input_stream=Unread(), content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (302, 403)


def test_a_post_without_a_token_of_its_own_imports_nothing(app, lost_phone):
    client = console(app, "root")
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client, lost_phone).status_code == 409
    assert imports(app) == []


def damaged_bodies(raw: bytes) -> bytes:
    content = json.loads(raw)
    content["ops"][0]["body_text"] = content["ops"][0]["body_text"][:-5]
    return json.dumps(content).encode()


BAD_FILES = {
    "还没有选文件": None,
    "这个文件是空的": lambda raw: b"",
    "这不是手机导出的救援文件": lambda raw: b"\xff\xd8\xff\xe0 a photo",
    "这不是手机导出的": lambda raw: b"[1, 2]",
    "什么也没有导入": lambda raw: b'{"format": "something-else"}',
    "先升级服务器": lambda raw: raw.replace(b"rescue.v1", b"rescue.v2"),
    "文件不完整或坏了": lambda raw: raw[: len(raw) // 2],
    "或坏了": damaged_bodies,
    "坏了": lambda raw: raw.replace(b'"ops": [', b'"ops": [{"op_id": "x"}, '),
    "不完整": lambda raw: raw.replace(b'"blobs": {', b'"blobs": {"x": ' + b"[" * 100_000 + b"]" * 100_000 + b","),
    "没有文件里的这个人": lambda raw: json.dumps(json.loads(raw) | {"person_id": uuid7()}).encode(),
}


@pytest.mark.parametrize("words", BAD_FILES)
def test_a_file_that_cannot_be_imported_says_why_at_the_field(app, lost_phone, words):
    before, client, make = counted(app), console(app, "root"), BAD_FILES[words]
    answer = client.post("/rescue", data={}) if make is None else send(client, make(lost_phone))
    assert answer.status_code == 422
    fault = answer.text[answer.text.index('id="bad-file"') :]
    assert words in fault[:400]
    assert 'aria-describedby="bad-file"' in answer.text
    assert (counted(app), imports(app)) == (before, [])
    answer = console(app, "root", "en").post("/rescue", data={}) if make is None else send(console(app, "root", "en"), make(lost_phone))
    assert untranslated(answer.text) == []


def test_a_file_above_the_limit_is_refused_in_words(app, company: Company, office, phone: Phone, monkeypatch):
    monkeypatch.setitem(app.config, "MOST_RESCUE_MEGABYTES", 1)
    client = console(app, "root")
    assert "最大 1 MB" in client.get("/rescue").text
    raw = rescue_file(company.rep_id, [phone.op(company.outlet_id)], note=" " * 1_200_000)
    answer = send(client, raw)
    assert answer.status_code == 413
    assert "文件超过 1 MB" in answer.text and "xundian rescue import" in answer.text
    assert imports(app) == []


def test_behind_nginx_four_hundred_megabytes_are_taken_and_by_the_built_in_server_what_other_pages_take(app, office):
    assert "最大 400 MB" in console(app, "root").get("/rescue").text
    assert serving.WAITRESS["max_request_body_size"] == app.config["MAX_CONTENT_LENGTH"] == 22_020_096
    assert app.config["MAX_CONTENT_LENGTH"] > serving.MOST_RESCUE_MEGABYTES * 1024 * 1024 + rescue_routes.ENVELOPE_BYTES


def test_a_file_larger_than_other_requests_may_be_is_taken(app, company: Company, office, phone: Phone):
    raw = rescue_file(company.rep_id, [phone.op(company.outlet_id)], note=" " * app.config["MAX_CONTENT_LENGTH"])
    assert send(console(app, "root"), raw).status_code == 303


def test_the_same_file_twice_changes_nothing_and_says_so(app, lost_phone):
    client = console(app, "root")
    assert "什么也没有改变" not in client.get(send(client, lost_phone).headers["Location"]).text
    before = counted(app)
    page = client.get(send(client, lost_phone).headers["Location"]).text
    assert counted(app) == before
    assert "这次什么也没有改变" in page
    assert sorted(row.detail["known"] for row in imports(app)) == [0, 4]


def test_nobody_can_sign_in_with_the_device_of_a_file(app, lost_phone):
    send(console(app, "root"), lost_phone)
    with app.app_context():
        assert db.session.scalars(select(Device).where(Device.label == "救援文件")).one().revoked_at is not None


def test_earlier_imports_are_listed_latest_first_and_by_the_page(app, company: Company, office):
    at = now()
    with app.app_context():
        for number in range(61):
            report = RescueReport(company.rep_id, "", results={"applied": number})
            by_id = company.supervisor_id if number else None
            record_audit(at + timedelta(minutes=number), by_id, IMPORTED, ("person", company.rep_id), **report.kept())
        db.session.commit()
    client = console(app, "root")
    first = client.get("/rescue").text
    assert first.count("<tr>") == 61  # the head and 60 imports
    assert first.index('data-l="新收进">60<') < first.index('data-l="新收进">1<')
    following = first[first.index("/rescue?after=") :].partition('"')[0]
    last = client.get(following).text
    assert last.count("<tr>") == 2 and "命令行" in last and "赵广田" in last
    assert client.get("/rescue?after=nonsense").status_code == 422


def test_an_import_that_is_none_is_not_found(app, office):
    assert console(app, "root").get(f"/rescue/{uuid7()}").status_code == 404


def test_the_pages_in_english_have_no_chinese_but_data(app, lost_phone):
    client = console(app, "root", "en")
    for raw in (lost_phone, lost_phone):
        assert untranslated(client.get(send(client, raw).headers["Location"]).text) == []
    for path in ("/rescue", "/devices"):
        page = client.get(path).text
        assert untranslated(page) == [] and "style=" not in page and "<script>" not in page


def test_the_pages_read_with_few_queries(app, lost_phone):
    client = console(app, "root")
    paths = ["/rescue", send(client, lost_phone).headers["Location"]]
    with statements(app) as asked:
        for path in paths:
            asked.clear()
            assert client.get(path).status_code == 200
            assert len(asked) <= MOST_QUERIES, asked


def test_htmx_gets_the_earlier_imports_alone(app, office):
    client = console(app, "root")
    assert "<!doctype html>" not in client.get("/rescue", headers={"HX-Request": "true"}).text
