"""Checklists: designed, published, asked by phones, judged; who may not, bad input, twice."""

import csv
import io
import re
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.checklists.drafts import draft_of
from server.checklists.models import Checklist
from server.db import db
from server.feed.audit import feed_differences
from server.visits.models import Visit
from sync.checklist import ChecklistVersion
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.designing import Designer, fields, newest
from tests.features.papers import documents, result_of
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def answers(**given: str) -> list[dict[str, str]]:
    return [{"key": key, "answer": answer, "note": ""} for key, answer in given.items()]


def visited(phone: Phone, company: Company, version_id: str | None, checklist: list[dict[str, str]]) -> dict[str, Any]:
    body = {"checklist": checklist, "checklist_version": version_id, "previous_sha256": None}
    return phone.op(company.outlet_id, form="visit.v3", body=body)


def kept(app, op: dict[str, Any]) -> Visit:
    with app.app_context():
        return db.session.get(Visit, op["entity"]["id"])


def test_a_checklist_is_designed_published_and_asked(app, company: Company, staff: Staff, phone: Phone):
    designer = Designer(app)
    designer.design()
    assert documents(phone, "checklist") == {}  # a draft reaches no phone
    version_id = designer.publish()
    [(key, document)] = documents(phone, "checklist").items()
    assert key == version_id
    assert msgspec.to_builtins(msgspec.convert(document, ChecklistVersion)) == document  # as sync/ says that phones receive it
    assert (document["number"], document["is_current"], document["classes"], document["region_ids"]) == (1, True, [], [])
    assert [(one["key"], one["type"]) for one in document["questions"]] == [
        ("q1", "choice"),
        ("q2", "photo"),
        ("q3", "text"),
        ("q4", "number"),
        ("q5", "date"),
    ]
    assert document["questions"][1]["show_if"] == {"key": "q1", "values": ["no"]}
    assert [(one["value"], one["is_problem"]) for one in document["questions"][0]["choices"]] == [("yes", False), ("no", True), ("na", False)]
    whole = visited(phone, company, version_id, answers(q1="yes", q4="12", owner_complaint="no"))
    assert result_of(phone, whole)[0] == "applied"
    assert kept(app, whole).is_checklist_complete and kept(app, whole).checklist_version_id == version_id


@pytest.mark.parametrize(
    ("given", "is_complete"),
    [
        ({"q1": "na", "q4": "0", "owner_complaint": "no"}, True),
        ({"q1": "na", "q4": "50", "owner_complaint": "yes"}, True),
        ({"q1": "na", "q4": "50.001", "owner_complaint": "no"}, False),
        ({"q1": "na", "owner_complaint": "no"}, False),
        ({"q1": "na", "q4": "0"}, False),  # complaints are asked behind every list
        ({"q1": "no", "q4": "3", "owner_complaint": "no"}, False),
        ({"q1": "no", "q2": "photo", "q3": "灯管坏了", "q4": "3", "owner_complaint": "no"}, True),
        ({"q1": "no", "q2": "0" * 64, "q3": "灯管坏了", "q4": "3", "owner_complaint": "no"}, False),
        ({"q1": "yes", "q4": "3", "q5": "2026-11-31", "owner_complaint": "no"}, False),
    ],
)
def test_a_visit_is_complete_as_its_checklist_asks(app, company: Company, staff: Staff, phone: Phone, given, is_complete):
    designer = Designer(app)
    designer.design()
    op = visited(phone, company, designer.publish(), [])
    photo = op["body"]["photos"][0]["sha256"]
    op["body"]["checklist"] = answers(**{key: photo if value == "photo" else value for key, value in given.items()})
    assert result_of(phone, op)[0] == "applied"
    assert kept(app, op).is_checklist_complete is is_complete


def test_a_visit_keeps_the_version_it_was_made_with(app, company: Company, staff: Staff, phone: Phone):
    designer = Designer(app)
    designer.design()
    first = designer.publish()
    op = visited(phone, company, first, answers(q1="yes", q4="12", owner_complaint="no"))
    assert designer.post("save", **{"q-0-zh": "招牌亮不亮"}).status_code == 302
    second = designer.publish()
    assert result_of(phone, op)[0] == "applied"
    assert kept(app, op).is_checklist_complete
    page = console(app, "boss").get(f"/visits/{op['entity']['id']}").text
    assert "灯箱亮不亮" in page and "招牌亮不亮" not in page and "12 人" in page
    held = documents(phone, "checklist")
    assert {version_id: document["is_current"] for version_id, document in held.items()} == {first: False, second: True}


def test_the_answers_are_exported_in_words(app, company: Company, staff: Staff, phone: Phone):
    designer = Designer(app)
    designer.design()
    version_id = designer.publish()
    own = visited(phone, company, version_id, answers(q1="no", q4="12", gone="x", owner_complaint="no"))
    plain = visited(phone, company, None, [{"key": "shop_tidy", "answer": "no", "note": "=1+1"}])
    assert [result_of(phone, op)[0] for op in (own, plain)] == ["applied", "applied"]
    text = console(app, "boss").get("/exports/visit-answers.csv?month=2026-11").data.decode("utf-8-sig")
    rows = [(row["检查清单"], row["版本"], row["问了什么"], row["回答"], row["发现问题"]) for row in csv.DictReader(io.StringIO(text))]
    assert ("夜巡", "1", "灯箱亮不亮", "否", "是") in rows and ("夜巡", "1", "排队人数", "12 人", "否") in rows
    assert ("夜巡", "1", "gone", "x", "否") in rows and ("", "", "店面是否整洁", "不整洁", "是") in rows
    assert len(rows) == 5 and "=1+1" not in [row["备注"] for row in csv.DictReader(io.StringIO(text))]
    assert console(app, "payer").get("/exports/visit-answers.csv?month=2026-11").status_code == 403


def test_a_version_that_the_server_does_not_know_waits_and_is_taken_in_once_it_does(app, company: Company, staff: Staff, phone: Phone):
    designer = Designer(app)
    designer.design()
    version_id = designer.publish()
    op = visited(phone, company, uuid7(), answers(q1="yes"))
    assert result_of(phone, op) == ("quarantined", "unknown_checklist")
    assert kept(app, op) is None
    other = visited(phone, company, version_id, answers(q1="yes", q4="1", owner_complaint="no"))
    assert result_of(phone, other)[0] == "applied"


def test_choices_keep_their_values_when_words_of_others_change(app, company: Company, staff: Staff):
    designer = Designer(app)
    designer.design()
    assert designer.post("save", **{"q-0-choices": "是 / Yes\n! 坏了 / Broken\n! 否 / No"}).status_code == 302
    with app.app_context():
        draft = draft_of(db.session.get_one(Checklist, designer.id).draft)
        assert [(choice.zh, choice.value) for choice in draft[0].typed_choices()] == [("是", "yes"), ("坏了", "c1"), ("否", "no")]


def test_questions_move_by_buttons_and_by_dragging_and_go(app, company: Company, staff: Staff):
    designer = Designer(app)
    designer.design()
    keys = lambda: re.findall(r'name="key" value="([^"]*)"', designer.page())  # noqa: E731
    designer.post("up-0")
    designer.post("down-4")
    assert keys() == ["q1", "q2", "q3", "q4", "q5"]
    designer.post("up-4")
    assert keys() == ["q1", "q2", "q3", "q5", "q4"]
    designer.post("down-0")
    assert keys() == ["q2", "q1", "q3", "q5", "q4"]
    assert designer.post("publish").status_code == 422  # asked only after what its condition names
    designer.post("save", order="1,0,2,4,3")
    assert keys() == ["q1", "q2", "q3", "q4", "q5"]
    designer.post("save", order="1,0,2")
    assert keys() == ["q1", "q2", "q3", "q4", "q5"]
    designer.post("remove-4")
    assert keys() == ["q1", "q2", "q3", "q4"]
    designer.post("add-text")
    assert keys() == ["q1", "q2", "q3", "q4", "q6"]  # a key is never given again


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"q-0-zh": ""}, "这里要填"),
        ({"q-0-choices": "是 / Yes"}, "要有 2 到 12 个"),
        ({"q-0-choices": "是 / Yes\n是 / Yes again"}, "要有 2 到 12 个"),
        ({"q-0-choices": "是 / " + "y" * 81 + "\n否"}, "每个选项最多 80 个字"),
        ({"q-3-lowest": "几个"}, "写成 12 或 0.5"),
        ({"q-3-lowest": "51"}, "最大不能小于最小"),
        ({"q-2-show_if": "q9=no"}, "这个条件说的题要在前面"),
        ({"q-0-choices": "是 / Yes\n坏 / Broken"}, "这个条件说的题要在前面"),
    ],
)
def test_a_draft_with_a_fault_is_kept_and_not_published(app, company: Company, staff: Staff, typed, words):
    designer = Designer(app)
    designer.design()
    answer = designer.post("publish", **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert newest(app, designer.id) is None
    [name] = [name for name in typed if name != "q-2-show_if"] or [""]
    assert not name or fields(designer.page())[name].replace("\r", "") == typed[name]  # what was typed is there again


def test_an_empty_list_and_a_long_one_are_not_published(app, company: Company, staff: Staff):
    designer = Designer(app)
    assert designer.post("publish").status_code == 422
    with app.app_context():
        row = db.session.get_one(Checklist, designer.id)
        row.draft = [{"key": f"k{number}", "type": "text", "zh": "题"} for number in range(60)]
        db.session.commit()
    assert designer.post("add-text").status_code == 422
    assert designer.post("publish").status_code == 302


def test_a_list_without_a_name_is_not_kept_and_says_so(app, company: Company, staff: Staff):
    designer = Designer(app)
    designer.design()
    answer = designer.post("save", zh="", **{"q-0-zh": "别的"})
    assert answer.status_code == 422 and "没有存" in answer.text and "别的" in answer.text
    assert fields(designer.page())["q-0-zh"] == "灯箱亮不亮"


def test_who_was_slower_is_told_and_changes_nothing(app, company: Company, staff: Staff):
    designer = Designer(app)
    designer.design()
    before = fields(designer.page())
    designer.post("save", **{"q-0-zh": "甲"})
    answer = designer.browser.post(designer.place, data=before | {"q-0-zh": "乙", "do": "save"})
    assert answer.status_code == 409
    assert "刚才已经有人办了这一步" in answer.text
    assert fields(designer.page())["q-0-zh"] == "甲"


@pytest.mark.parametrize("do", ["", "explode", "add-video", "up-9", "remove--1", "down-x"])
def test_a_deed_that_is_none_is_refused(app, company: Company, staff: Staff, do):
    designer = Designer(app)
    designer.design()
    assert designer.post(do).status_code == 400


def test_a_list_for_some_outlets_says_so_to_phones_and_can_be_taken_out_of_use(app, company: Company, staff: Staff, phone: Phone):
    designer = Designer(app, classes=["A", "B"], region_ids=[company.region_id])
    designer.design()
    version_id = designer.publish()
    document = documents(phone, "checklist")[version_id]
    assert (document["classes"], document["region_ids"]) == (["A", "B"], [company.region_id])
    designer.post("save", classes=["A", "B", "C"], region_ids=[])
    document = documents(phone, "checklist")[version_id]
    assert (document["classes"], document["region_ids"]) == ([], [])
    assert designer.browser.post(f"{designer.place}/use", data={"retired": "yes"}).status_code == 302
    assert not documents(phone, "checklist")[version_id]["is_current"]
    assert designer.browser.post(f"{designer.place}/use", data={"retired": "yes"}).status_code == 409
    assert designer.browser.post(f"{designer.place}/use", data={"retired": "no"}).status_code == 302
    assert documents(phone, "checklist")[version_id]["is_current"]
    assert designer.post("save", region_ids=[uuid7()]).status_code == 422
    with app.app_context():
        assert feed_differences() == []
        actions = list(db.session.scalars(select(AuditRow.action).where(AuditRow.subject_id == designer.id).order_by(AuditRow.id)))
    assert actions == ["checklist.made", "checklist.published", "checklist.use_changed", "checklist.retired", "checklist.taken_back"]


@pytest.mark.parametrize("login", ["boss", "ops"])
def test_who_only_reads_sees_the_list_and_changes_nothing(app, company: Company, staff: Staff, login):
    designer = Designer(app)
    designer.design()
    reader = console(app, login)
    assert "夜巡" in reader.get("/checklists").text
    page = reader.get(designer.place).text
    assert "灯箱亮不亮" in page and "只有部门经理和管理员能改" in page
    assert reader.get(f"{designer.place}/xlsform").status_code == 200
    for address, form in ((designer.place, {"do": "save"}), ("/checklists", {"zh": "别的"}), (f"{designer.place}/use", {"retired": "yes"})):
        assert reader.post(address, data=form).status_code == 403
    assert reader.get("/checklists/new").status_code == 403


@pytest.mark.parametrize("login", ["rep1", "payer", "clerk"])
def test_who_has_nothing_to_do_with_checklists_sees_none(app, company: Company, staff: Staff, login):
    designer = Designer(app)
    other = console(app, login)
    for address in ("/checklists", "/checklists/new", designer.place, f"{designer.place}/xlsform"):
        assert other.get(address).status_code == 403


def test_a_list_that_is_not_there_is_not_found(app, company: Company, staff: Staff):
    chief = console(app, "chief")
    for address in (f"/checklists/{uuid7()}", f"/checklists/{uuid7()}/xlsform"):
        assert chief.get(address).status_code == 404
    assert chief.post(f"/checklists/{uuid7()}", data={"do": "save"}).status_code == 404
    assert chief.post(f"/checklists/{uuid7()}/use", data={"retired": "yes"}).status_code == 404


def test_the_pages_are_in_english_too(app, company: Company, staff: Staff):
    designer = Designer(app)
    designer.design()
    designer.publish()
    chief = console(app, "chief", "en")
    for address in ("/checklists", "/checklists/new", designer.place):
        assert untranslated(chief.get(address).text) == []
    refused = chief.post(designer.place, data=fields(chief.get(designer.place).text) | {"q-0-zh": "", "do": "publish"})
    assert refused.status_code == 422 and untranslated(refused.text) == []


def test_hostile_words_stay_words(app, company: Company, staff: Staff):
    designer = Designer(app, zh="<script>alert(1)</script>", en='"><img src=x>')
    designer.design()
    designer.post("save", **{"q-0-zh": "<b>题</b>", "q-0-choices": "<i>甲</i> / A\n=1+1 / B"})
    page = designer.page()
    assert "<script>alert" not in page and "<b>题" not in page and "<i>甲" not in page
