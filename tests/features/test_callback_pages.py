"""Call-backs in the console: made, answered, corrected, seen. Happy, who may not, bad input, twice."""

from datetime import date

import pytest
from sqlalchemy import func, select

from server.callbacks.actions import Wish, list_callback, make_callback
from server.callbacks.models import CallBack
from server.clock import now, today
from server.db import db
from server.findings.models import Finding
from server.outlets.models import Outlet
from tests.features.browsing import console, untranslated
from tests.features.calls import call, used_from
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


def test_ops_makes_a_call_in_the_console(app, company: Company, staff: Staff):
    used_from(app, company.outlet_id, today())
    ops = console(app, "ops")
    form = {"outlet_id": company.outlet_id, "kind": "profile"}
    place = ops.post("/callbacks", data=form).headers["Location"]
    assert ops.post("/callbacks", data=form).headers["Location"] == place
    assert "最近改的资料，和资料上写的一样吗" in ops.get(place).text and "会提出考核事项" in ops.get(place).text
    assert ops.post(f"{place}/outcome", data={"outcome": "inaccurate", "note": "电话早换了"}).status_code == 302
    page = ops.get(place).text
    assert "电话早换了" in page and "只能用新的一次更正" in page
    assert ops.post(f"{place}/outcome", data={"outcome": "good"}).status_code == 409
    second = ops.post(f"{place}/correction").headers["Location"]
    assert "代替原来那次" in ops.get(second).text
    assert ops.post(f"{second}/outcome", data={"outcome": "good"}).status_code == 302
    assert "不再算数" in ops.get(place).text
    assert ops.post(f"{place}/correction").status_code == 409
    assert "已更正" in ops.get("/callbacks?state=made").text


def due_calls(app, company: Company, outlet_ids: list[str]) -> list[str]:
    """An inspection call to each, in the order in which they are listed; returns their ids."""
    with app.app_context():
        return sorted(list_callback(Wish("inspection", one, about_month="2026-10"), company.supervisor_id, now()).id for one in outlet_ids)


def test_after_a_call_comes_the_next_due_one_of_the_same_filter(app, company: Company, staff: Staff):
    first, second, third = due_calls(app, company, [company.outlet_id, company.second_outlet_id, staff.far_outlet_id])
    with app.app_context():
        regions = {one: db.session.get_one(Outlet, db.session.get_one(CallBack, one).outlet_id).region_id for one in (first, second, third)}
    near = [one for one in (first, second, third) if regions[one] == company.region_id]
    query, ops = f"?region={company.region_id}&state=due", console(app, "ops")
    sent = ops.post(f"/callbacks/{near[1]}/outcome{query}", data={"outcome": "good"})
    assert sent.headers["Location"] == f"/callbacks/{near[0]}{query}"
    assert f'action="/callbacks/{near[0]}/outcome{query.replace("&", "&amp;")}"' in ops.get(sent.headers["Location"]).text
    sent = ops.post(f"/callbacks/{near[0]}/outcome{query}", data={"outcome": "good"})
    assert sent.headers["Location"] == f"/callbacks{query}"
    assert "这里的都打完了。" in ops.get(sent.headers["Location"]).text
    assert untranslated(console(app, "ops", "en").get("/callbacks").text) == []


def test_after_a_call_without_a_filter_comes_the_next_due_one_of_all(app, company: Company, staff: Staff):
    first, second = due_calls(app, company, [company.outlet_id, staff.far_outlet_id])
    ops = console(app, "ops")
    assert ops.post(f"/callbacks/{first}/outcome", data={"outcome": "good"}).headers["Location"] == f"/callbacks/{second}"
    assert ops.post(f"/callbacks/{first}/outcome", data={"outcome": "good"}).status_code == 409
    assert ops.post(f"/callbacks/{second}/outcome", data={"outcome": "good"}).headers["Location"] == "/callbacks"


def test_a_correction_opened_from_those_made_leads_back_there(app, company: Company, staff: Staff):
    due_calls(app, company, [staff.far_outlet_id])
    made = call(app, Wish("inspection", company.outlet_id, about_month="2026-10"), "not_visited", date(2026, 11, 20), staff.ids["ops"])
    ops = console(app, "ops")
    correction = ops.post(f"/callbacks/{made}/correction?state=made").headers["Location"]
    assert correction.endswith("?state=made")
    sent = ops.post(correction.replace("?", "/outcome?"), data={"outcome": "good"})
    assert sent.headers["Location"] == "/callbacks?state=made"


def test_a_call_with_a_filter_that_cannot_be_is_not_made(app, company: Company, staff: Staff):
    [first] = due_calls(app, company, [company.outlet_id])
    assert console(app, "ops").post(f"/callbacks/{first}/outcome?state=x", data={"outcome": "good"}).status_code == 422
    with app.app_context():
        assert db.session.get_one(CallBack, first).called_on is None


def answered(*answers: str, **more: str) -> dict[str, str]:
    return {f"answer.{number}": answer for number, answer in enumerate(answers)} | more


def test_the_answers_propose_an_outcome_and_the_caller_chooses(app, company: Company, staff: Staff):
    with app.app_context():
        callback_id = list_callback(Wish("new_customer", company.outlet_id), company.supervisor_id, now()).id
    ops, place = console(app, "ops"), f"/callbacks/{callback_id}"
    asked = answered("yes", "no", "", **{"said.1": "搬到隔壁了"})
    page = ops.post(f"{place}/proposal", data=asked | {"note": "店主接的"}).text
    assert "建议记“地址不对”" in page and 'value="wrong_address" checked' in page
    assert all(kept in page for kept in ("搬到隔壁了", "店主接的", 'name="answer.1" value="no" checked'))
    assert "还没问全" in ops.post(f"{place}/proposal", data=answered("yes", "", "yes")).text
    with app.app_context():
        assert db.session.get_one(CallBack, callback_id).called_on is None
    assert ops.post(f"{place}/outcome", data=asked | {"outcome": "wrong_phone", "note": "店主接的"}).status_code == 302
    with app.app_context():
        made = db.session.get_one(CallBack, callback_id)
        wanted = [{"answer": "yes", "note": ""}, {"answer": "no", "note": "搬到隔壁了"}, {"answer": "", "note": ""}]
        assert (made.outcome, made.answers) == ("wrong_phone", wanted)
    page = ops.get(place).text
    assert page.count("搬到隔壁了") == 2 and "1 是 · 2 否（搬到隔壁了） · 3 没问" in page
    assert "1 是 · 2 否（搬到隔壁了） · 3 没问" in ops.get("/exports/callbacks.csv?state=made").get_data(as_text=True)
    for login in ("chief", "boss", "rep1", "root"):
        assert console(app, login).post(f"{place}/proposal", data=asked).status_code == 403, login


def test_a_call_without_answers_keeps_none(app, company: Company, staff: Staff):
    with app.app_context():
        callback_id = list_callback(Wish("profile", company.outlet_id), company.supervisor_id, now()).id
    ops, place = console(app, "ops"), f"/callbacks/{callback_id}"
    assert ops.post(f"{place}/outcome", data=answered("maybe", "", "") | {"outcome": "unreached", "note": "没人接"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(CallBack, callback_id).answers is None
    second = ops.post(f"{place}/correction").headers["Location"]
    ops.post(f"{second}/outcome", data=answered("yes", "yes", "no") | {"outcome": "good"})
    page = ops.get(place).text
    assert "没有打通" in page and "用新的一次更正" in page
    english = console(app, "ops", "en")
    for address in (place, second):
        assert untranslated(english.get(address).text) == []
    with app.app_context():
        open_id = list_callback(Wish("training", company.outlet_id, today()), company.supervisor_id, now()).id
    assert untranslated(english.post(f"/callbacks/{open_id}/proposal", data=answered("no", "no", "")).text) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "要选一个"),
        ({"outcome": "unreachable"}, "要选一个"),
        ({"outcome": "inaccurate", "note": " "}, "这里要填"),
    ],
)
def test_an_outcome_with_a_fault_says_where(app, company: Company, staff: Staff, data, words):
    with app.app_context():
        callback_id = list_callback(Wish("profile", company.outlet_id), company.supervisor_id, now()).id
    answer = console(app, "ops").post(f"/callbacks/{callback_id}/outcome", data=data)
    assert answer.status_code == 422 and words in answer.text
    with app.app_context():
        assert db.session.get_one(CallBack, callback_id).called_on is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": "gossip"}, "要选一个"),
        ({"kind": "training", "asked_on": "2099-01-01"}, "最晚填今天"),
        ({"kind": "inspection", "about_month": "2026-13"}, "要选一个月份"),
        ({"kind": "inspection", "about_month": "2099-01"}, "还没有开始"),
    ],
)
def test_a_wish_with_a_fault_says_where(app, company: Company, staff: Staff, data, words):
    answer = console(app, "ops").post("/callbacks", data={"outlet_id": company.outlet_id, **data})
    assert answer.status_code == 422 and words in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CallBack)) == 0


def test_only_ops_calls_and_reps_see_what_was_made(app, company: Company, staff: Staff):
    with app.app_context():
        callback_id = list_callback(Wish("inspection", company.outlet_id, about_month="2026-11"), company.supervisor_id, now()).id
    place = f"/callbacks/{callback_id}"
    for login, status in (("ops", 200), ("chief", 200), ("root", 200), ("boss", 200), ("rep1", 404), ("rep2", 404), ("farboss", 404)):
        assert console(app, login).get(place).status_code == status, login
    for login in ("chief", "boss", "rep1", "farboss", "root"):
        assert console(app, login).post(f"{place}/outcome", data={"outcome": "good"}).status_code == 403, login
        assert console(app, login).post(f"{place}/correction").status_code == 403, login
        assert console(app, login).post("/callbacks", data={"kind": "profile", "outlet_id": company.outlet_id}).status_code == 403, login
    with app.app_context():
        make_callback(callback_id, "good", "", company.supervisor_id, now())
    for login, status in (("rep1", 200), ("rep2", 404)):
        assert console(app, login).get(place).status_code == status, login


def test_a_rep_who_lost_the_outlet_still_sees_the_call_behind_a_finding(app, company: Company, staff: Staff):
    used_from(app, company.outlet_id, today())
    call(app, Wish("profile", company.outlet_id), "inaccurate", today(), company.supervisor_id)
    call(app, Wish("new_customer", company.outlet_id), "wrong_phone", today(), company.supervisor_id)
    with app.app_context():
        ids = {one.kind: one.id for one in db.session.scalars(select(CallBack))}
        finding_id = db.session.scalars(select(Finding.id)).one()
    rep = console(app, "rep1")
    assert rep.get(f"/callbacks/{ids['profile']}").status_code == 200
    assert rep.get(f"/callbacks/{ids['new_customer']}").status_code == 404
    assert "资料不准确" in rep.get(f"/findings/{finding_id}").text


def test_the_pages_have_english(app, company: Company, staff: Staff):
    used_from(app, company.outlet_id, date(2026, 11, 1))
    made = call(app, Wish("profile", company.outlet_id), "inaccurate", today(), company.supervisor_id)
    with app.app_context():
        waiting = list_callback(Wish("training", company.outlet_id, today()), company.supervisor_id, now()).id
    ops = console(app, "ops", "en")
    for path in ("/callbacks", "/callbacks?state=made", f"/callbacks/new?outlet={company.outlet_id}", f"/callbacks/{made}", f"/callbacks/{waiting}"):
        assert untranslated(ops.get(path).text) == [], path
