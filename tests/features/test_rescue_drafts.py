"""Unfinished forms in rescue files: shown, and nothing of them taken in."""

import base64
import hashlib
import json
import os
from typing import Any

import pytest

from server.clock import now
from server.intake.rescue import import_rescue
from server.media.models import Blob
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.rescue_files import counted, imports, rescue_file, send, unfinished_visit
from tests.features.test_rescue_imports import run
from tests.features.waiting import office  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def with_drafts(raw: bytes, drafts: list[dict[str, Any]], *photos: bytes) -> bytes:
    content = json.loads(raw)
    content["blobs"] |= {hashlib.sha256(photo).hexdigest(): base64.b64encode(photo).decode() for photo in photos}
    return json.dumps(content | {"drafts": drafts}, ensure_ascii=False).encode()


def test_an_unfinished_visit_is_shown_and_is_no_visit(app, company: Company, office):
    photo = os.urandom(100)
    before = counted(app)
    raw = with_drafts(rescue_file(company.rep_id, []), [unfinished_visit(company.outlet_id, photo)], photo)
    client = console(app, "root")
    page = client.get(send(client, raw).headers["Location"]).text
    assert counted(app) == before
    [row] = imports(app)
    assert row.detail["drafts"] == [{"kind": "visit", "outlet_id": company.outlet_id, "saved_at": "2026-11-24T01:50:00.000Z"}]
    assert (row.detail["refused_files"], row.detail["files"]) == ({}, 0)
    shown = page[page.index("没填完的") :]
    assert "巡检" in shown and "2026-11-24 09:50" in shown and "文件别删" in shown
    assert "文件里没有存好的记录" in page and "文件里只有没填完的" in page and "早已在服务器上" not in page
    english = console(app, "root", "en").get(f"/rescue/{row.id}").text
    assert untranslated(english) == [] and "none counts as a visit" in english


def test_the_records_beside_it_come_in_and_a_photo_of_both_is_kept(app, company: Company, office, phone: Phone):
    photo, signature, other = os.urandom(100), os.urandom(100), os.urandom(100)
    raw = rescue_file(company.rep_id, [phone.op(company.outlet_id, photo, signature)], [photo, signature])
    drafts = [unfinished_visit(company.second_outlet_id, photo), unfinished_visit(company.outlet_id, other)]
    with app.app_context():
        report = import_rescue(with_drafts(raw, drafts, other), None, now())
    assert (report.results, report.files, report.refused_files, len(report.drafts)) == ({"applied": 1}, 2, {}, 2)
    assert (counted(app)["Visit"], counted(app)[Blob.__name__]) == (1, 2)


@pytest.mark.parametrize("where", ['"visit_id"', '"outlet_id"', '"condition"', "海报", '"id"'])
def test_a_damaged_byte_in_a_form_keeps_no_record_out(app, company: Company, office, phone: Phone, where: str):
    photo, signature, other = os.urandom(100), os.urandom(100), os.urandom(100)
    raw = rescue_file(company.rep_id, [phone.op(company.outlet_id, photo, signature)], [photo, signature])
    form = unfinished_visit(company.second_outlet_id, other)
    form["key"] = f"later_kind:{company.second_outlet_id}"
    form["draft"] |= {"outlet": {"id": company.second_outlet_id}, "condition": "海报旧了"}
    whole = with_drafts(raw, [form], other)
    at = whole.index(where.encode(), whole.index(b'"drafts"')) + 1
    broken = whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1 :]
    client = console(app, "root")
    answer = client.get(send(client, broken).headers["Location"])
    assert (answer.status_code, "later_kind" in answer.text) == (200, True)
    [row] = imports(app)
    assert (row.detail["results"], row.detail["files"], row.detail["refused_files"]) == ({"applied": 1}, 2, {})
    assert row.detail["drafts"] == [{"kind": "later_kind", "outlet_id": company.second_outlet_id, "saved_at": "2026-11-24T01:50:00.000Z"}]
    assert counted(app)["Visit"] == 1


def test_forms_of_every_kind_are_named_and_those_of_no_outlet_stand_without_one(app, company: Company, office):
    about = uuid7()
    kinds = ["correction", "complaint_result", "churn", "objection", "payslip", "new_outlet", "later_kind"]
    drafts = [{"key": f"{kind}:{about}", "draft": {"outlet": {"id": company.outlet_id}}, "saved_at": "yesterday"} for kind in kinds[:1]]
    drafts += [{"key": f"{kind}:{about}", "draft": ["odd"]} for kind in kinds[1:-1]] + [{"key": kinds[-1], "draft": {"outlet": 5}}]
    client = console(app, "root")
    page = client.get(send(client, with_drafts(rescue_file(company.rep_id, []), drafts)).headers["Location"]).text
    for words in ("巡检", "投诉处理", "离网说法", "异议", "工资条", "新网点", "later_kind"):
        assert f"<td>{words}</td>" in page, words


def test_a_file_without_forms_and_an_import_of_before_show_none(app, company: Company, office, phone: Phone):
    client = console(app, "root")
    page = client.get(send(client, rescue_file(company.rep_id, [phone.op(company.outlet_id)])).headers["Location"]).text
    assert "没填完的" not in page
    [row] = imports(app)
    assert row.detail["drafts"] == []


def test_the_command_line_names_them(app, company: Company, office, tmp_path):
    path = tmp_path / "rescue.json"
    path.write_bytes(with_drafts(rescue_file(company.rep_id, []), [unfinished_visit(company.outlet_id, b"x")]))
    assert f"unfinished, left in the file: visit            {company.outlet_id} 2026-11-24T01:50:00.000Z" in run(app, str(path)).output
