"""Outlet files before the manager: approved or returned, and what changed since the last time. Happy, who may not, bad input, twice."""

from datetime import date

import pytest
from sqlalchemy import null, select, update

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.outlets.file_steps import FileDecision, decide_file
from server.outlets.models import Outlet, OutletStep
from server.outlets.snapshots import file_digest
from server.payroll.facts_customers import new_customers_by_rep
from server.policy.queries import policy_of
from server.visits.models import VisitPhoto
from sync.problems import Problem
from tests.features.browsing import console
from tests.features.conftest import add_visit, stored_file  # noqa: F401
from tests.features.outlet_files import REASON, decide, document, draft_id, edit, found, hash_of, rows_of, seen_in, state_of, submit, submitted_id  # noqa: F401
from tests.features.staff import Staff, picture, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def test_the_manager_approves_a_submitted_file(app, company: Company, staff: Staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    page = client.get(f"/outlets/{submitted_id}/file").text
    assert "还缺：负责人、电话、证件号码、门头或柜台照片" in page and "批准资料" in page
    assert "去审核" in client.get(f"/outlets/{submitted_id}").text
    assert decide(client, submitted_id, "approved").status_code == 302
    assert state_of(app, submitted_id) == ("approved", today())
    doc = document(phone, submitted_id)
    assert (doc["state"], doc["approved_on"], doc["file_step"]["by_name"]) == ("approved", today().isoformat(), "郑怀远")
    with app.app_context():
        rows = db.session.execute(select(AuditRow.action, AuditRow.actor_id).where(AuditRow.subject_id == submitted_id).order_by(AuditRow.id)).all()
    assert [row.action for row in rows] == ["outlet.found", "outlet.submitted", "outlet.approved"]
    assert rows[-1].actor_id == staff.ids["chief"]


@pytest.mark.parametrize(
    ("in_file", "of_visit", "is_complete"),
    [
        ("", "", False),
        ("storefront_photo", "", True),
        ("counter_photo", "", True),
        ("", "storefront", True),
        ("", "counter", True),
        ("", "notice", False),
    ],
)
def test_a_file_is_complete_where_wages_say_so(app, company: Company, staff: Staff, add_visit, in_file, of_visit, is_complete):
    """Either photo will do, from the file or from a visit (RULEBOOK §11)."""
    with app.app_context():
        visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00")
        db.session.execute(update(VisitPhoto).where(VisitPhoto.visit_id == visit_id).values(slot=of_visit or "other"))
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.person_in_charge, outlet.address, outlet.phone, outlet.id_sealed = "王秀兰", "解放路 1 号", "13800000000", "sealed"
        outlet.account_made_on = date(2026, 11, 2)
        if in_file:
            setattr(outlet, in_file, stored_file("photo of the file"))
        db.session.commit()
        [account] = new_customers_by_rep(Month(2026, 11), policy_of(Month(2026, 11)), {}).accounts[company.rep_id]
        assert account.missing == (() if is_complete else ("photo",))
    page = console(app, "chief").get(f"/outlets/{company.outlet_id}/file").text
    assert ("都有了。" in page, "还缺：门头或柜台照片" in page) == (is_complete, not is_complete)


def test_a_returned_file_tells_its_rep_why_and_comes_again(app, company: Company, staff: Staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    assert decide(client, submitted_id, "returned", REASON).status_code == 302
    doc = document(phone, submitted_id)
    assert (doc["state"], doc["file_step"]["state"], doc["file_step"]["reason"]) == ("returned", "returned", REASON)
    assert state_of(app, submitted_id) == ("returned", None)
    assert submit(phone, submitted_id)["code"] == "applied"
    assert state_of(app, submitted_id) == ("submitted", None)
    with app.app_context():
        states = db.session.scalars(select(OutletStep.state).where(OutletStep.outlet_id == submitted_id).order_by(OutletStep.at, OutletStep.id))
        assert list(states) == ["submitted", "returned", "submitted"]
    assert REASON in client.get(f"/outlets/{submitted_id}/file").text


@pytest.mark.parametrize(
    ("decision", "reason", "words"), [("returned", "", "退回要写原因"), ("", "x", "要选批准或退回"), ("archived", "x", "要选批准或退回")]
)
def test_a_decision_that_says_too_little_changes_nothing(app, company, staff, submitted_id: str, decision, reason, words):
    answer = decide(console(app, "chief"), submitted_id, decision, reason)
    assert answer.status_code == 422 and words in answer.text
    assert state_of(app, submitted_id) == ("submitted", None)


def test_a_file_is_decided_once(app, company, staff, submitted_id: str):
    client = console(app, "chief")
    decide(client, submitted_id, "approved")
    answer = decide(client, submitted_id, "returned", REASON)
    assert answer.status_code == 409 and "已经有人处理过了" in answer.text
    assert state_of(app, submitted_id)[0] == "approved"


def test_a_file_that_changed_while_it_was_looked_at_is_shown_anew_before_it_is_decided(app, company, staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    decide(client, submitted_id, "returned", "先退一次")
    submit(phone, submitted_id)
    seen = seen_in(client.get(f"/outlets/{submitted_id}/file").text)
    assert edit(phone, submitted_id, phone=("", "13900000001")) == "applied"
    for decision, reason in (("approved", "都看过了"), ("returned", ""), ("", "都看过了")):
        answer = decide(client, submitted_id, decision, reason, seen)
        assert answer.status_code == 409 and "资料刚有变化，看过新的再决定。" in answer.text and "已经有人处理过了" not in answer.text
        assert f"{reason}</textarea>" in answer.text
        assert rows_of(answer.text)["电话"] == ["—", "13900000001", "改了"]
    assert state_of(app, submitted_id) == ("submitted", None)
    assert decide(client, submitted_id, "approved", "都看过了", seen_in(answer.text)).status_code == 302
    assert state_of(app, submitted_id) == ("approved", today())


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_a_decision_that_does_not_say_which_file_was_seen_changes_nothing(app, company, staff, submitted_id: str, seen):
    answer = decide(console(app, "chief"), submitted_id, "approved", seen=seen)
    assert answer.status_code == 409 and "资料刚有变化" in answer.text
    assert state_of(app, submitted_id) == ("submitted", None)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_file_that_changes_in_the_very_moment_is_not_decided(app, company, staff, submitted_id: str):
    """On SQLite there is one writer: the decision."""
    with app.app_context():
        outlet = db.session.get_one(Outlet, submitted_id)
        with db.engine.begin() as other:
            other.execute(update(Outlet).where(Outlet.id == submitted_id).values(name="换过名字"))
        with pytest.raises(Problem) as refused:
            decide_file(submitted_id, FileDecision("approved", "", file_digest(outlet)), staff.ids["chief"], now())
    assert refused.value.refusal.code == "stale"
    assert state_of(app, submitted_id)[0] == "submitted"


@pytest.mark.parametrize("login", ["rep1", "boss", "ops", "clerk", "payer", "root", "farboss"])
def test_only_the_manager_decides(app, company, staff, submitted_id: str, login):
    client = console(app, login)
    assert decide(client, submitted_id, "approved").status_code in (403, 404)
    assert "批准资料" not in client.get(f"/outlets/{submitted_id}/file").text
    assert state_of(app, submitted_id) == ("submitted", None)


def test_a_first_submission_shows_every_field(app, company, staff, submitted_id: str):
    page = console(app, "chief").get(f"/outlets/{submitted_id}/file").text
    rows = rows_of(page)
    assert "第一次送审，每一栏都要看" in page and len(rows) == 24
    assert (rows["名称"], rows["地址"], rows["电话"], rows["门头照片"]) == (["顺达便民超市"], ["解放路 203 号"], ["—"], ["没有门头照片"])


def test_a_file_that_comes_again_shows_what_changed_since_the_return(app, company, staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    decide(client, submitted_id, "returned", REASON)
    cashiers = [{"name": "李娟", "is_certified": False}]
    assert edit(phone, submitted_id, phone=("", "13900000001"), cashiers=([], cashiers), monthly_payments=(None, 300)) == "applied"
    assert submit(phone, submitted_id)["code"] == "applied"
    page = client.get(f"/outlets/{submitted_id}/file").text
    rows = rows_of(page)
    assert "改了 3 栏" in page and "郑怀远</span> 上次决定（资料已退回）时比" in page
    assert list(rows)[:3] == ["电话", "月缴费笔数", "收费人"]
    assert rows["电话"] == ["—", "13900000001", "改了"]
    assert (rows["收费人"], rows["月缴费笔数"]) == (["—", "李娟（无证）", "改了"], ["—", "300", "改了"])
    assert rows["地址"] == ["", "解放路 203 号", ""]
    decide(client, submitted_id, "approved")
    assert "没有改动" in client.get(f"/outlets/{submitted_id}/file").text
    certified = [{"name": "李娟", "is_certified": True}]
    assert edit(phone, submitted_id, cashiers=(cashiers, certified)) == "applied"
    assert rows_of(client.get(f"/outlets/{submitted_id}/file").text)["收费人"] == ["李娟（无证）", "李娟（有证）", "改了"]


def test_a_replaced_photo_stands_beside_the_new_one_for_whoever_sees_the_file(app, company, staff: Staff, phone: Phone):
    old, new = picture("blue"), picture("red")
    outlet_id, _ = found(phone, company, {"storefront_photo": hash_of(old)}, [hash_of(old)])
    for content in (old, new):
        phone.upload(content)
    submit(phone, outlet_id)
    client = console(app, "chief")
    decide(client, outlet_id, "returned", REASON)
    assert edit(phone, outlet_id, [hash_of(new)], storefront_photo=(hash_of(old), hash_of(new))) == "applied"
    phone.upload(new)
    page = client.get(f"/outlets/{outlet_id}/file").text
    assert page.index(f"/photos/{hash_of(old)}?size=thumb") < page.index(f"/photos/{hash_of(new)}?size=thumb")
    seen = {login: console(app, login).get(f"/photos/{hash_of(old)}").status_code for login in ("chief", "boss", "rep1", "rep2", "farboss")}
    assert seen == {"chief": 200, "boss": 200, "rep1": 200, "rep2": 404, "farboss": 404}


def test_a_changed_document_is_marked_and_its_number_is_in_no_snapshot(app, company, staff: Staff, phone: Phone, submitted_id: str):
    client, numbers = console(app, "chief"), ("11010519491231002X", "510102199003071234")
    for number in numbers:
        answer = client.post(f"/outlets/{submitted_id}/identity", data={"id_kind": "resident_id", "id_number": number})
        assert answer.status_code == 302, answer.text
        decide(client, submitted_id, "returned", REASON)
        submit(phone, submitted_id)
    client.post(f"/outlets/{submitted_id}/identity", data={"id_kind": "resident_id", "id_number": numbers[0]})
    rows = rows_of(client.get(f"/outlets/{submitted_id}/file").text)
    assert next(iter(rows)) == "证件" and rows["证件"][0] == "居民身份证" and rows["证件"][2] == "改了"
    assert rows["证件"][1] == "居民身份证 1****************X"
    with app.app_context():
        kept = db.session.scalars(
            select(OutletStep.snapshot).where(OutletStep.outlet_id == submitted_id).order_by(OutletStep.at, OutletStep.id)
        ).all()
        masked = db.session.get_one(Outlet, submitted_id).id_masked
    assert [bool(one["identity"]) for one in kept] == [False, True, True, True, True]
    assert not any(secret in str(kept) for secret in (*numbers, masked))
    assert kept[1]["identity"] == kept[2]["identity"] != kept[3]["identity"]


def test_a_step_of_an_older_release_says_that_nothing_can_be_compared(app, company, staff, phone: Phone, submitted_id: str):
    client = console(app, "chief")
    decide(client, submitted_id, "returned", REASON)
    with app.app_context():
        db.session.execute(update(OutletStep).values(snapshot=null()))
        db.session.commit()
    page = client.get(f"/outlets/{submitted_id}/file").text
    assert "上次决定时的内容没有留下" in page and rows_of(page)["电话"] == ["—"]


@pytest.mark.parametrize(("state", "words"), [("draft", "还没有提交过。"), ("submitted", "没有在这里提交过"), ("approved", "没有在这里提交过")])
def test_a_file_that_was_imported_in_its_state_says_so(app, company: Company, staff: Staff, state, words):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).state = state
        db.session.commit()
    page = console(app, "chief").get(f"/outlets/{company.outlet_id}/file").text
    assert words in page
