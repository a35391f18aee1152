"""Rescue files in the console and on the command line. Happy, who may not, bad input, twice."""

import base64
import hashlib
import json
import os
import threading
import tracemalloc
from datetime import timedelta
from io import BytesIO, RawIOBase
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from server.audit.actions import record_audit
from server.audit.models import AuditRow
from server.cli import main
from server.clock import now
from server.db import db
from server.devices.models import Device
from server.intake import push as push_module
from server.intake import rescue_routes
from server.intake.models import SyncClient, SyncConflict, SyncOp, SyncSlot
from server.intake.rescue import import_rescue
from server.intake.rescue_file import mapped, read_rescue
from server.intake.rescue_report import IMPORTED, RescueReport
from server.media.models import Blob
from server.visits.models import Visit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.test_console_pages import MOST_QUERIES
from tests.features.test_waiting_pages import edit, office  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401

OTHERS = ["boss", "chief", "payer", "farboss", "rep1"]


def rescued(op: dict[str, Any]) -> dict[str, Any]:
    """An operation as the export writes it."""
    kept = {name: op[name] for name in ("op_id", "kind", "form", "entity", "scope", "base_v", "blobs", "t")}
    return kept | {"body_text": json.dumps(op["body"], ensure_ascii=False, separators=(",", ":"))}


def rescue_file(person_id: str, ops: list[dict[str, Any]], files: list[bytes] = [], **changes: Any) -> bytes:  # noqa: B006
    blobs = {hashlib.sha256(content).hexdigest(): base64.b64encode(content).decode() for content in files}
    head = {"format": "xundian-rescue.v1", "person_id": person_id, "person_name": "赵广田", "app": "1.4.0", "made_at": "2026-11-24T02:00:00.000Z"}
    return json.dumps(head | {"ops": [rescued(op) for op in ops], "blobs": blobs} | changes, ensure_ascii=False).encode()


def send(client: Any, raw: bytes) -> Any:
    return client.post("/rescue", data={"file": (BytesIO(raw), "rescue.json")}, content_type="multipart/form-data")


def counted(app: Any) -> dict[str, int]:
    """Rows of every table that an import may write, the audit apart."""
    with app.app_context():
        tables = (SyncOp, SyncSlot, SyncClient, SyncConflict, Device, Blob, Visit)
        return {table.__name__: db.session.scalar(select(func.count()).select_from(table)) for table in tables}


def imports(app: Any) -> list[AuditRow]:
    with app.app_context():
        return list(db.session.scalars(select(AuditRow).where(AuditRow.action == IMPORTED)))


@pytest.fixture
def lost_phone(app, company: Company, office, phone: Phone) -> bytes:
    """Two visits with their files, one of them without its photo; a change that waits; a record of a form to come."""
    edit(phone, company.outlet_id, person_in_charge=("", "王秀兰"))
    photo, signature = os.urandom(200), os.urandom(100)
    ops = [phone.op(company.outlet_id, photo, signature), phone.op(company.second_outlet_id, None, signature)]
    change = {"outlet_id": company.outlet_id, "fields": {"person_in_charge": {"base": "", "mine": "李建国"}}}
    shape = {"kind": "edit", "form": "outlet_edit.v1", "entity": {"type": "outlet", "id": company.outlet_id}, "blobs": []}
    ops.append(phone.op(company.outlet_id, **shape) | {"body": change})
    ops.append(phone.op(company.outlet_id, form="visit.v9") | {"blobs": []})
    return rescue_file(company.rep_id, ops, [photo, signature, b"nobody named this"])


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


def test_a_file_above_the_limit_is_refused_in_words(app, lost_phone, monkeypatch):
    monkeypatch.setattr(rescue_routes, "MOST_BYTES", 0)
    monkeypatch.setattr(rescue_routes, "ENVELOPE_BYTES", 500)
    answer = send(console(app, "root"), lost_phone)
    assert answer.status_code == 413
    assert "400 MB" in answer.text and "xundian rescue import" in answer.text
    assert imports(app) == []


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


def test_a_file_of_what_the_phone_sent_meanwhile_changes_nothing(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    raw = rescue_file(company.rep_id, [op | {"n": 1}])
    text = rescued(op)["body_text"]
    whole = json.dumps({"proto": 1, "client_id": phone.client_id, "ops": [op | {"body": "BODY"}]}).replace('"BODY"', text)
    assert phone.client.post("/sync/v1/push", data=whole.encode(), headers=phone.headers).status_code == 200
    before = counted(app)
    with app.app_context():
        report = import_rescue(raw, None, now())
    assert (report.known, report.is_unchanged, report.missing_files) == (1, True, 2)
    assert counted(app) == before


def test_half_an_emoji_in_a_record_is_brought_in_with_its_raw_bytes(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    content = json.loads(rescue_file(company.rep_id, [op]))
    body_text = content["ops"][0]["body_text"][:-1] + ',"condition":"柜台\\ud83d"}'
    content["ops"][0]["body_text"] = body_text
    for known in (0, 1):
        with app.app_context():
            assert import_rescue(json.dumps(content).encode(), None, now()).known == known
            assert db.session.get(SyncOp, op["op_id"]).body == body_text.encode()
            assert db.session.scalars(select(Visit.condition)).one() == "柜台\ufffd"


def test_other_content_under_a_used_id_is_kept_aside_once(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    raw = rescue_file(company.rep_id, [op | {"body": op["body"] | {"condition": "改过"}}])
    with app.app_context():
        first = import_rescue(raw, None, now())
    before = counted(app)
    with app.app_context():
        second = import_rescue(raw, None, now())
    assert (first.refused, second.known, second.is_unchanged) == ({"op_id_reused": 1}, 1, True)
    assert (counted(app), before["SyncConflict"], before["Visit"]) == (before, 1, 1)


def test_an_operation_of_somebody_else_is_kept_aside(app, company: Company, office, phone: Phone):
    op = phone.op(company.outlet_id)
    phone.push(op)
    with app.app_context():
        report = import_rescue(rescue_file(company.other_rep_id, [op]), None, now())
    assert report.refused == {"op_id_reused": 1}
    assert counted(app)["Visit"] == 1


def test_files_that_are_damaged_or_too_large_are_refused_by_name(app, company: Company, office, phone: Phone, monkeypatch):
    from server.intake import rescue_blobs

    monkeypatch.setattr(rescue_blobs, "MOST_BYTES", 1000)
    photo, signature, large = os.urandom(100), os.urandom(100), os.urandom(1001)
    ops = [phone.op(company.outlet_id, photo, signature), phone.op(company.outlet_id, large, signature)]
    content = json.loads(rescue_file(company.rep_id, ops, [photo, signature, large]))
    names = {name: hashlib.sha256(file).hexdigest() for name, file in (("photo", photo), ("signature", signature), ("large", large))}
    content["blobs"][names["photo"]] = base64.b64encode(os.urandom(100)).decode()
    content["blobs"][names["signature"]] = "not base64"
    with app.app_context():
        report = import_rescue(json.dumps(content).encode(), None, now())
    assert report.refused_files == {names["photo"]: "damaged", names["signature"]: "damaged", names["large"]: "too_large"}
    assert (report.files, report.missing_files) == (0, 3)
    assert list(app.extensions["xundian"].upload_folder.glob("*")) == []


def test_a_record_on_which_the_server_breaks_does_not_hold_up_the_others(app, company: Company, office, phone: Phone, monkeypatch):
    ops = [phone.op(company.outlet_id) for _ in range(5)]
    take = push_module._take

    def breaking(author, number, raw, at, is_poison):
        if number.op_id == ops[2]["op_id"] and not is_poison:
            raise LookupError("a bug outside the savepoint")
        return take(author, number, raw, at, is_poison)

    monkeypatch.setattr(push_module, "_take", breaking)
    with app.app_context():
        report = import_rescue(rescue_file(company.rep_id, ops), None, now())
    assert (report.results, report.refused) == ({"applied": 4}, {"handler_failed": 1})


def test_two_imports_of_one_file_at_once_take_it_in_once(app, company: Company, office, phone: Phone):
    raw = rescue_file(company.rep_id, [phone.op(company.outlet_id) for _ in range(60)])
    start, faults = threading.Barrier(2), []

    def bring() -> None:
        with app.app_context():
            start.wait()
            try:
                import_rescue(raw, None, now())
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=bring) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert (counted(app)["SyncOp"], counted(app)["Visit"], counted(app)["SyncConflict"]) == (60, 60, 0)


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


def test_a_large_file_is_read_without_holding_it(tmp_path):
    path = tmp_path / "rescue.json"
    path.write_bytes(rescue_file(uuid7(), [], [os.urandom(3_000_000) for _ in range(4)]))
    with path.open("rb") as file:
        tracemalloc.start()
        content = read_rescue(mapped(file))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(content.blobs) == 4
    assert peak < 1_000_000


def run(app: Any, *words: str) -> Any:
    settings = app.extensions["xundian"]
    return CliRunner(env={"DATABASE_URL": settings.database_url}).invoke(main, ["--data", str(settings.data), "rescue", "import", *words])


def test_the_command_imports_and_says_when_nothing_was_changed(app, lost_phone, tmp_path):
    path = tmp_path / "rescue.json"
    path.write_bytes(lost_phone)
    first, second = run(app, str(path)), run(app, str(path))
    assert first.exit_code == 0, first.output
    assert first.output.startswith("赵广田: 2 new, 0 here before, 1 parked, 1 quarantined\n")
    assert "files: 2 kept, 0 here before, 1 refused, 1 still missing" in first.output
    assert "nothing was changed" not in first.output
    assert second.output.splitlines()[-1] == "nothing was changed"
    assert [row.actor_id for row in imports(app)] == [None, None]
    assert "命令行" in console(app, "root").get("/rescue").text


def test_the_command_refuses_what_is_no_rescue_file(app, office, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    refused = run(app, str(path))
    assert (refused.exit_code, refused.output) == (1, "Error: not_a_rescue_file\n")
    assert run(app, str(tmp_path / "nowhere")).exit_code == 2
