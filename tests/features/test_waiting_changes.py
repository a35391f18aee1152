"""Changes that wait and values that lost: taken, edited, rejected, restored. Happy, bad input, twice."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.outlets.edits import set_outlet_field
from server.outlets.fields import Writer
from server.outlets.models import Outlet
from tests.features.browsing import console
from tests.features.waiting import all_of, edit, lost, office, parked  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def outlet_of(app, company: Company) -> Outlet:
    with app.app_context():
        return db.session.get_one(Outlet, company.outlet_id)


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
