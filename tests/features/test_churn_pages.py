"""Churn in the console: listed, words given, reasons marked. Happy, who may not, bad input, late."""

import pytest
from sqlalchemy import select

from server.churn.models import ChurnCase
from server.clock import today
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


@pytest.fixture
def running(app, company: Company) -> str:
    """The address of a case listed today."""
    with app.app_context():
        case = ChurnCase(id="0" * 36, outlet_id=company.outlet_id, month="2026-11", listed_on=today(), due_on=today(), state="open")
        case.made_at = noon(today())
        db.session.add(case)
        db.session.commit()
    return "/churn/" + "0" * 36


def test_the_list_opens_with_what_waits(app, company: Company, staff: Staff, running):
    ops = console(app, "ops")
    assert "网点 CD-1" in ops.get("/churn").text
    with app.app_context():
        db.session.get_one(ChurnCase, "0" * 36).state = "disputed"
        db.session.commit()
    assert "网点 CD-1" in ops.get("/churn").text and "网点 CD-1" not in ops.get("/churn?state=open").text
    with app.app_context():
        db.session.get_one(ChurnCase, "0" * 36).state = "kept"
        db.session.commit()
    assert "网点 CD-1" not in ops.get("/churn").text


def test_words_are_given_in_the_console(app, company: Company, staff: Staff, running):
    rep, ops, boss = console(app, "rep1"), console(app, "ops"), console(app, "boss")
    assert ops.post(f"{running}/words", data={"source": "ops", "said": "gone", "note": "电话说不用了"}).status_code == 302
    assert rep.post(f"{running}/words", data={"source": "marketing", "said": "here", "note": "昨天还在收费"}).status_code == 302
    assert "说法不一" in ops.get("/churn?state=disputed").text and "网点 CD-1" in ops.get("/churn?state=disputed").text
    assert boss.post(f"{running}/words", data={"source": "on_site", "said": "gone", "note": "卷帘门贴了转让"}).status_code == 302
    page = rep.get(running).text
    assert all(text in page for text in ("电话说不用了", "昨天还在收费", "卷帘门贴了转让", "已离网", "等经理认定"))
    assert ops.post(f"{running}/reason", data={"reason": "moved"}).status_code == 302
    assert "搬走" in ops.get(running).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"said": "gone", "note": "x"}, "要选一个"),
        ({"source": "marketing", "said": "gone", "note": "x"}, "要选一个"),
        ({"source": "ops", "said": "maybe", "note": "x"}, "要选一个"),
        ({"source": "ops", "said": "gone", "note": " "}, "这里要填"),
    ],
)
def test_a_word_with_a_fault_says_where(app, company: Company, staff: Staff, running, data, words):
    answer = console(app, "ops").post(f"{running}/words", data=data)
    assert answer.status_code == 422 and words in answer.text
    assert console(app, "ops").post(f"{running}/reason", data={"reason": "bored"}).status_code == 422


def test_who_says_and_who_sees(app, company: Company, staff: Staff, running):
    word = {"source": "marketing", "said": "gone", "note": "x"}
    for login, status in (("rep2", 404), ("farboss", 404), ("farrep", 404), ("payer", 403), ("root", 403)):
        assert console(app, login).post(f"{running}/words", data=word).status_code == status, login
    for login, status in (("ops", 200), ("chief", 200), ("payer", 200), ("boss", 200), ("rep1", 200), ("rep2", 404), ("farboss", 404)):
        assert console(app, login).get(running).status_code == status, login
    for login in ("rep1", "boss", "chief"):
        assert console(app, login).post(f"{running}/reason", data={"reason": "moved"}).status_code == 403, login
        assert console(app, login).post("/churn/list").status_code == 403, login
    on_site = {"source": "on_site", "said": "here", "note": "x"}
    assert console(app, "rep1").post(f"{running}/words", data=on_site).status_code == 422
    assert console(app, "chief").post(f"{running}/words", data=on_site).status_code == 302


def test_a_word_after_the_managers_decision_is_stale(app, company: Company, staff: Staff, running):
    ops = console(app, "ops")
    ops.post(f"{running}/words", data={"source": "ops", "said": "gone", "note": "不用了"})
    with app.app_context():
        decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "属实", staff.ids["chief"], noon(today()))
    assert ops.post(f"{running}/words", data={"source": "ops", "said": "here", "note": "又用了"}).status_code == 409
    assert ops.post(f"{running}/reason", data={"reason": "moved"}).status_code == 409
    assert "经理已经认定" in ops.get(running).text


def test_the_pages_have_english(app, company: Company, staff: Staff, running):
    ops = console(app, "ops", "en")
    for path in ("/churn", running):
        assert untranslated(ops.get(path).text) == [], path
    ops.post(f"{running}/words", data={"source": "ops", "said": "gone", "note": "不用了"})
    for path in ("/churn?state=churned", running):
        assert untranslated(ops.get(path).text) == [], path
