"""Marketing's word on churn cases from phones: in time, late, decided, and what phones hold of the cases."""

from datetime import date

import pytest
from sqlalchemy import select

from server.churn.actions import Said, give_word
from server.churn.models import ChurnCase, ChurnWord
from server.clock import now
from server.db import db
from server.domain.churn import Source
from server.findings.actions import decide_finding
from server.findings.models import Finding
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.papers import (
    APPLIED,
    INVALID,
    NOBODY,
    WORD,
    before_causes,
    documents,
    give_to,
    gone,
    night,
    paper,
    result_of,
    to_send_again,
)
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

LISTED = date(2026, 11, 2)  # a Monday: marketing may speak until Tuesday the 10th
IN_TIME = "2026-11-05T02:00:00.000Z"
LATE = ("quarantined", "word_late")
UNKNOWN = ("quarantined", "unknown_case")


@pytest.fixture
def case(app, company: Company) -> str:
    """The first outlet's, listed on 2 November."""
    return list_case(app, company.outlet_id)


def list_case(app, outlet_id: str) -> str:
    with app.app_context():
        row = ChurnCase(id=uuid7(), outlet_id=outlet_id, month="2026-11", listed_on=LISTED, due_on=date(2026, 11, 10), state="open")
        row.made_at = noon(LISTED)
        db.session.add(row)
        db.session.commit()
        return row.id


def word(phone: Phone, outlet_id: str, case_id: str, body=None, **changes):
    said = {"case_id": case_id, "said_at": IN_TIME, "is_gone": True, "note": "店门关着，招牌拆了"}
    return paper(phone, WORD, outlet_id, said | (body or {}), **changes)


def words(app) -> list[tuple[str, str, date, bool, str, str]]:
    with app.app_context():
        query = select(ChurnWord).order_by(ChurnWord.at, ChurnWord.id)
        return [(one.case_id, one.source, one.on, one.is_gone, one.note, one.by_id) for one in db.session.scalars(query)]


def case_of(app, case_id: str) -> ChurnCase:
    with app.app_context():
        return db.session.get_one(ChurnCase, case_id)


def test_a_word_is_taken_in_and_decides(app, company: Company, staff: Staff, phone: Phone, case: str):
    op = word(phone, company.outlet_id, case, {"note": " 店门关着，招牌拆了\n"})
    assert result_of(phone, op) == APPLIED
    assert words(app) == [(case, "marketing", date(2026, 11, 5), True, "店门关着，招牌拆了", company.rep_id)]
    kept = case_of(app, case)
    assert (kept.state, kept.decided_on, kept.decided_by_id) == ("churned", date(2026, 11, 5), company.rep_id)
    with app.app_context():
        assert db.session.get_one(ChurnWord, op["entity"]["id"]).case_id == case
        assert db.session.get_one(Outlet, company.outlet_id).churned_on == date(2026, 11, 5)
        assert db.session.scalars(select(Finding.kind)).one() == "churned"
    assert "店门关着，招牌拆了" in console(app, "boss").get(f"/churn/{case}").text


def test_a_word_against_the_calls_is_a_dispute(app, company: Company, phone: Phone, case: str):
    with app.app_context():
        give_word(case, Said(Source.OPS, True, "电话停机", date(2026, 11, 4)), company.supervisor_id, noon(date(2026, 11, 4)))
    assert result_of(phone, word(phone, company.outlet_id, case, {"is_gone": False})) == APPLIED
    assert case_of(app, case).state == "disputed"


def test_a_word_sent_twice_is_one_and_a_second_word_holds(app, company: Company, phone: Phone, case: str):
    op = word(phone, company.outlet_id, case)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert len(words(app)) == 1
    assert result_of(phone, word(phone, company.outlet_id, case, {"is_gone": False, "said_at": "2026-11-06T02:00:00.000Z"})) == APPLIED
    assert (len(words(app)), case_of(app, case).state) == (2, "kept")


@pytest.mark.parametrize(
    ("said_at", "offset_ms", "expected"),
    [
        ("2026-11-10T15:59:59.000Z", None, APPLIED),  # the last second of the due day in Shanghai
        ("2026-11-10T16:00:00.000Z", None, LATE),
        ("2026-11-10T15:59:59.000Z", 1000, LATE),
        ("2026-11-10T16:00:00.000Z", -1, APPLIED),
        ("2098-01-01T00:00:00.000Z", None, LATE),
    ],
)
def test_a_word_is_in_time_by_when_it_was_said(app, company: Company, phone: Phone, case: str, said_at, offset_ms, expected):
    times = {"wall": IN_TIME, "mono": 1.0, "boot": "b", "offset_ms": offset_ms}
    assert result_of(phone, word(phone, company.outlet_id, case, {"said_at": said_at}, t=times)) == expected
    assert len(words(app)) == (1 if expected == APPLIED else 0)


def test_a_late_word_says_until_when(company: Company, phone: Phone, case: str):
    [result] = phone.push(word(phone, company.outlet_id, case, {"said_at": "2026-11-11T02:00:00.000Z"})).json["results"]
    assert (result["problem"]["code"], result["problem"]["detail"]) == ("word_late", "2026-11-10")


@pytest.mark.parametrize(
    ("said_at", "day", "moved"),
    [
        ("2026-11-01T15:59:59.000Z", LISTED, [("churn_word", "2026-11-01", "2026-11-02")]),
        ("2026-11-01T16:00:00.000Z", LISTED, []),
        ("2026-11-02T16:00:00.000Z", date(2026, 11, 3), []),
    ],
)
def test_a_word_by_a_clock_before_the_list_is_of_the_day_of_the_list(app, company: Company, phone: Phone, case: str, said_at, day, moved):
    op = word(phone, company.outlet_id, case, {"said_at": said_at})
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert ([kept[2] for kept in words(app)], before_causes(app)) == ([day], moved)


def test_a_word_after_the_managers_decision_does_not_count(app, company: Company, phone: Phone, case: str):
    assert result_of(phone, word(phone, company.outlet_id, case)) == APPLIED
    with app.app_context():
        decide_finding(db.session.scalars(select(Finding.id)).one(), "upheld", "核实属实", company.supervisor_id, now())
    assert result_of(phone, word(phone, company.outlet_id, case, {"is_gone": False})) == ("quarantined", "case_decided")
    assert (len(words(app)), case_of(app, case).state) == (1, "churned")


def test_a_word_of_somebody_else_or_of_no_case_is_unknown(app, company: Company, phone: Phone, other_phone: Phone, case: str):
    assert result_of(other_phone, word(other_phone, company.outlet_id, case)) == ("quarantined", "unknown_outlet")
    assert result_of(phone, word(phone, company.second_outlet_id, case)) == UNKNOWN
    assert result_of(phone, word(phone, company.outlet_id, uuid7())) == UNKNOWN
    assert words(app) == []


def test_a_word_at_an_outlet_lost_meanwhile_is_in_force(app, company: Company, phone: Phone, case: str):
    give_to(app, company, company.outlet_id, company.other_rep_id)
    assert result_of(phone, word(phone, company.outlet_id, case)) == ("out_of_scope_accepted", "outlet_reassigned")
    assert case_of(app, case).state == "churned"


def test_a_word_on_a_merged_outlet_is_kept_and_charged_to_nobody(app, company: Company, phone: Phone, case: str):
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert result_of(phone, word(phone, company.outlet_id, case)) == APPLIED
    assert (len(words(app)), case_of(app, case).reason) == (1, "merged")
    with app.app_context():
        assert db.session.scalars(select(Finding.id)).all() == []
        assert db.session.get_one(Outlet, company.second_outlet_id).churned_on is None


def test_a_word_at_the_bound_of_its_note_is_taken_in(company: Company, phone: Phone, case: str):
    assert result_of(phone, word(phone, company.outlet_id, case, {"note": "关" * 2000})) == APPLIED


@pytest.mark.parametrize(
    "body",
    [
        {"note": ""},
        {"note": " \n"},
        {"note": "关" * 2001},
        {"is_gone": None},
        {"is_gone": "yes"},
        {"said_at": "2026-11-05T02:00:00"},
        {"case_id": "7"},
        {"word_id": "7"},
        {"outlet_id": NOBODY},
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_word_with_a_field_that_is_not_valid_is_kept_and_not_in_force(app, company: Company, phone: Phone, case: str, body):
    entity = {"type": "churn_word", "id": uuid7()}
    assert result_of(phone, word(phone, company.outlet_id, case, {"word_id": entity["id"]} | body, entity=entity)) == INVALID
    assert words(app) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "edit"},
        {"entity": {"type": "churn_word", "id": NOBODY}},
        {"entity": {"type": "churn_case", "id": NOBODY}},
        {"scope": f"outlet:{NOBODY}"},
        {"blobs": ["b" * 64]},
    ],
    ids=str,
)
def test_a_word_in_a_wrong_envelope_is_kept_and_not_in_force(app, company: Company, phone: Phone, case: str, changes):
    assert result_of(phone, word(phone, company.outlet_id, case, **changes)) == INVALID
    assert words(app) == []


def test_the_id_of_another_word_is_not_used_again(app, company: Company, phone: Phone, case: str):
    op = word(phone, company.outlet_id, case)
    assert result_of(phone, op) == APPLIED
    again = word(phone, company.outlet_id, case, {"word_id": op["entity"]["id"], "is_gone": False})
    assert result_of(phone, again) == ("quarantined", "id_taken")
    assert case_of(app, case).state == "churned"


def test_a_phone_receives_the_cases_that_wait_for_a_word(app, company: Company, phone: Phone, other_phone: Phone, case: str):
    document = {
        "id": case,
        "outlet_id": company.outlet_id,
        "month": "2026-11",
        "listed_on": "2026-11-02",
        "due_on": "2026-11-10",
        "state": "open",
    }
    assert documents(phone, "churn_case") == {case: document}
    assert documents(other_phone, "churn_case") == {}
    cursor = phone.pull()[1]
    with app.app_context():
        give_word(case, Said(Source.OPS, True, "电话停机", date(2026, 11, 4)), company.supervisor_id, noon(date(2026, 11, 4)))
    assert gone(phone, "churn_case", cursor) == {case}
    assert (documents(phone, "churn_case"), to_send_again(phone), night(app, "churn_case")) == ({}, [], 0)
    cursor = phone.pull()[1]
    phone.push(word(phone, company.outlet_id, case, {"is_gone": False}))
    assert documents(phone, "churn_case", cursor) == {case: document | {"state": "disputed"}}
    assert (to_send_again(phone), night(app, "churn_case")) == ([], 0)


@pytest.mark.parametrize(("state", "is_held"), [("open", True), ("ops_decides", True), ("disputed", True), ("churned", False), ("kept", False)])
def test_the_night_leaves_the_cases_that_wait(app, company: Company, phone: Phone, case: str, state, is_held):
    with app.app_context():
        db.session.get_one(ChurnCase, case).state = state
        db.session.commit()
    assert night(app, "churn_case") == 0
    assert (set(documents(phone, "churn_case")) == {case}) == is_held
