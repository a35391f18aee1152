"""Objections on the console's pages. Happy, who may not, bad input, twice."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.findings.actions import Proposal, decide_finding, propose_findings
from server.findings.models import Finding, FindingObjection
from server.outlets.models import Outlet
from server.people.models import PersonRole, Role
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.staff import chosen_file, picture, sha256, staff  # noqa: F401

GREEN, RED, BLUE = picture("green"), picture("red"), picture("blue")
LIST = "/findings?state=objected"


@pytest.fixture
def finding_id(app, company, staff):
    """Proposed to the first rep just now, at an outlet of the region."""
    return proposed(app, company)


@pytest.fixture
def upheld_id(app, company, staff, finding_id):
    with app.app_context():
        decide_finding(finding_id, "upheld", "核实属实", staff.ids["chief"], now())
    return finding_id


def proposed(app, company, at=None):
    with app.app_context():
        proposal = Proposal(f"{at}", "missed_visit", "2026-11", company.rep_id, company.outlet_id, 20, "-", (("outlet", company.outlet_id),))
        propose_findings([proposal], at or now())
        db.session.commit()
        return db.session.scalars(select(Finding.id).where(Finding.source_key == proposal.source_key)).one()


def decide(client, page, decision="upheld"):
    """By the form of a finding's page; where that leads."""
    action = re.search(r'action="(/findings/[^"]*/decision[^"]*)"', client.get(page).text)[1].replace("&amp;", "&")
    return client.post(action, data={"decision": decision, "reason": "属实"}).headers["Location"]


def object_to(client, finding_id, text="门头在修，拍不到招牌。", photos=(), form_id=None):
    data = {"id": form_id or uuid7(), "text": text, "photos": [chosen_file(photo) for photo in photos]}
    return client.post(f"/findings/{finding_id}/objections", data=data, content_type="multipart/form-data")


def answer(client, finding_id, objection_id, side="accepted", reason="确在装修"):
    return client.post(f"/findings/{finding_id}/objections/{objection_id}/answer", data={"answer": side, "reason": reason})


def the_objection(app):
    with app.app_context():
        return db.session.scalars(select(FindingObjection)).one()


def state_of(app, finding_id):
    with app.app_context():
        return db.session.get_one(Finding, finding_id).state


def test_the_person_concerned_objects_with_photos_that_the_manager_sees(app, company, finding_id):
    rep, chief = console(app, "rep1"), console(app, "chief")
    assert "提交异议" in rep.get(f"/findings/{finding_id}").text
    assert object_to(rep, finding_id, photos=[GREEN, RED]).status_code == 302
    objection = the_objection(app)
    assert (objection.by_id, objection.photos) == (company.rep_id, [sha256(GREEN), sha256(RED)])
    for reader in (rep, chief):
        page = reader.get(f"/findings/{finding_id}").text
        assert "门头在修，拍不到招牌。" in page and page.count(f"/photos/{sha256(GREEN)}") == 2
        shown = reader.get(f"/photos/{sha256(GREEN)}")
        assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert "提交异议" not in rep.get(f"/findings/{finding_id}").text


def test_photos_of_an_objection_are_shown_to_nobody_who_may_not_see_the_finding(app, finding_id):
    object_to(console(app, "rep1"), finding_id, photos=[GREEN])
    for login in ("rep2", "farboss", "farrep"):
        assert console(app, login).get(f"/photos/{sha256(GREEN)}").status_code == 404
    assert console(app, "boss").get(f"/photos/{sha256(GREEN)}").status_code == 200


@pytest.mark.parametrize(
    ("login", "status"),
    [("rep2", 404), ("farrep", 404), ("farboss", 404), ("boss", 403), ("chief", 403), ("payer", 403), ("root", 403), ("ops", 403), ("clerk", 403)],
)
def test_nobody_else_objects(app, finding_id, login, status):
    client = console(app, login)
    assert object_to(client, finding_id).status_code == status
    assert "提交异议" not in client.get(f"/findings/{finding_id}").text
    with app.app_context():
        assert db.session.query(FindingObjection).count() == 0


@pytest.mark.parametrize(
    ("text", "photos", "words"),
    [
        (" ", [], "这里要填。"),
        ("看照片", [GREEN, RED, BLUE, picture("white")], "最多三张。"),
        ("看照片", [GREEN, b"no picture"], "这不是完整的图片"),
    ],
    ids=["no words", "four photos", "no photo"],
)
def test_a_form_that_is_not_filled_in_is_shown_again(app, finding_id, text, photos, words):
    answered = object_to(console(app, "rep1"), finding_id, text, photos)
    assert answered.status_code == 422
    assert words in answered.text and text.strip() in answered.text
    with app.app_context():
        assert db.session.query(FindingObjection).count() == 0


def test_a_form_without_an_id_is_refused(app, finding_id):
    assert object_to(console(app, "rep1"), finding_id, form_id="x").status_code == 422


def test_the_same_photo_twice_is_kept_once(app, finding_id):
    object_to(console(app, "rep1"), finding_id, photos=[GREEN, GREEN])
    assert the_objection(app).photos == [sha256(GREEN)]


def test_a_form_that_was_sent_twice_objects_once(app, finding_id):
    client, form_id = console(app, "rep1"), uuid7()
    assert [object_to(client, finding_id, form_id=form_id).status_code for _ in range(2)] == [302, 302]
    assert the_objection(app).id == form_id


def test_a_second_objection_is_told_that_there_is_one(app, finding_id):
    client = console(app, "rep1")
    object_to(client, finding_id)
    second = object_to(client, finding_id, "还有一句。")
    assert second.status_code == 409
    assert "这一步已经提过异议" in second.text and "还有一句。" in second.text


def test_an_objection_after_its_last_day_is_told_so(app, company, staff):
    finding_id = proposed(app, company, now() - timedelta(days=8))
    client = console(app, "rep1")
    page = client.get(f"/findings/{finding_id}").text
    assert "已经过了" in page and "提交异议" not in page
    late = object_to(client, finding_id)
    assert late.status_code == 409
    assert "提异议的期限已过" in late.text


def test_an_objection_on_its_last_day_is_taken(app, company, staff):
    finding_id = proposed(app, company, now() - timedelta(days=7))
    assert object_to(console(app, "rep1"), finding_id).status_code == 302


def test_the_next_finding_of_the_same_filter_opens_after_a_decision_and_the_list_after_the_last(app, company, staff):
    with app.app_context():
        for key, month in (("1", "2026-09"), ("2", "2026-10"), ("3", "2026-11")):
            at_outlet = (key, "missed_visit", month, company.rep_id, company.outlet_id, 20, "-", (("outlet", company.outlet_id),))
            propose_findings([Proposal(*at_outlet)], now())
        elsewhere = ("far", "missed_visit", "2026-11", staff.ids["farrep"], staff.far_outlet_id, 20, "-", (("outlet", staff.far_outlet_id),))
        propose_findings([Proposal(*elsewhere)], now())
        db.session.commit()
        ids = {row.source_key: row.id for row in db.session.execute(select(Finding.source_key, Finding.id))}
    chief, kept = console(app, "chief"), f"?state=proposed&region={company.region_id}"
    listed = re.findall(r'href="(/findings/[^"]*)"', chief.get(f"/findings{kept}").text)
    assert [one.replace("&amp;", "&") for one in listed if one.startswith("/findings/0")] == [f"/findings/{ids[key]}{kept}" for key in "321"]
    assert f'href="/findings{kept}"' in chief.get(f"/findings/{ids['2']}{kept}").text.replace("&amp;", "&")
    assert decide(chief, f"/findings/{ids['2']}{kept}") == f"/findings/{ids['1']}{kept}"
    page = chief.get(f"/findings/{ids['1']}{kept}").text
    assert "2026-10 未按计划巡检：已认定" in page and "下面是下一件。" in page
    assert decide(chief, f"/findings/{ids['1']}{kept}", "dismissed") == f"/findings/{ids['3']}{kept}"
    assert decide(chief, f"/findings/{ids['3']}{kept}") == f"/findings{kept}"
    assert "这里的都看完了。" in chief.get(f"/findings{kept}").text


@pytest.mark.parametrize("tab", ["upheld", "dismissed"])
def test_a_decision_leads_back_to_the_finding_from_a_tab_where_nothing_waits(app, company, staff, tab):
    with app.app_context():
        for key in ("1", "2", "3"):
            at_outlet = (key, "missed_visit", "2026-11", company.rep_id, company.outlet_id, 20, "-", (("outlet", company.outlet_id),))
            propose_findings([Proposal(*at_outlet)], now())
        db.session.commit()
        ids = list(db.session.scalars(select(Finding.id).order_by(Finding.source_key)))
    chief = console(app, "chief")
    decide(chief, f"/findings/{ids[0]}", tab)
    opened = f"/findings/{ids[1]}?state={tab}"
    assert decide(chief, opened) == opened
    page = chief.get(opened).text
    assert "2026-11 未按计划巡检：已认定" in page and "下面是下一件。" not in page and "这里的都看完了。" not in page


def test_an_answer_leads_back_to_the_finding_from_a_tab_where_nothing_waits(app, upheld_id):
    object_to(console(app, "rep1"), upheld_id)
    chief, opened = console(app, "chief"), f"/findings/{upheld_id}?state=upheld"
    action = f"/findings/{upheld_id}/objections/{the_objection(app).id}/answer?state=upheld"
    assert chief.post(action, data={"answer": "rejected", "reason": "照片看得到"}).headers["Location"] == opened


def test_a_finding_about_the_manager_is_not_the_next_one(app, company, staff):
    with app.app_context():
        for key, person_id in (("1", staff.ids["chief"]), ("2", company.rep_id)):
            about = (key, "missed_visit", "2026-11", person_id, company.outlet_id, 20, "-", (("outlet", company.outlet_id),))
            propose_findings([Proposal(*about)], now())
        db.session.commit()
        finding_id = db.session.scalars(select(Finding.id).where(Finding.source_key == "2")).one()
    assert decide(console(app, "chief"), f"/findings/{finding_id}") == "/findings?state=proposed"


def test_the_manager_finds_objections_under_their_own_tab(app, finding_id):
    chief = console(app, "chief")
    assert "没有等答复的异议" in chief.get(LIST).text
    object_to(console(app, "rep1"), finding_id)
    assert f"/findings/{finding_id}" in chief.get(LIST).text
    assert "异议待答复" in chief.get("/").text
    answer(chief, finding_id, the_objection(app).id, "rejected")
    assert "没有等答复的异议" in chief.get(LIST).text
    assert f"/findings/{finding_id}" in chief.get("/findings?state=proposed").text


def test_the_decision_on_a_proposed_finding_answers_its_objection(app, finding_id):
    chief = console(app, "chief")
    object_to(console(app, "rep1"), finding_id)
    assert "门头在修，拍不到招牌。" in chief.get(f"/findings/{finding_id}").text
    refused = chief.post(f"/findings/{finding_id}/decision", data={"decision": "upheld", "reason": ""})
    assert refused.status_code == 422 and "有异议的事项要写答复" in refused.text
    assert chief.post(f"/findings/{finding_id}/decision", data={"decision": "upheld", "reason": "招牌看得见"}).status_code == 302
    objection = the_objection(app)
    assert (objection.answer, objection.answer_reason) == ("rejected", "招牌看得见")


@pytest.mark.parametrize(("side", "state", "words"), [("accepted", "dismissed", "采纳了异议"), ("rejected", "upheld", "没有采纳异议")])
def test_the_manager_answers_and_the_rep_reads_it(app, upheld_id, side, state, words):
    rep, chief = console(app, "rep1"), console(app, "chief")
    object_to(rep, upheld_id)
    page = chief.get(f"/findings/{upheld_id}").text
    assert "采纳，不予认定" in page and "不采纳，维持认定" in page
    assert answer(chief, upheld_id, the_objection(app).id, side).status_code == 302
    assert state_of(app, upheld_id) == state
    read = rep.get(f"/findings/{upheld_id}").text
    assert words in read and "确在装修" in read


@pytest.mark.parametrize("login", ["rep1", "boss", "payer", "root", "ops"])
def test_only_the_manager_answers(app, upheld_id, login):
    object_to(console(app, "rep1"), upheld_id)
    assert answer(console(app, login), upheld_id, the_objection(app).id).status_code == 403
    assert the_objection(app).answer == ""


def test_a_manager_concerned_leaves_it_to_another_manager(app, company, finding_id):
    with app.app_context():
        db.session.add(PersonRole(person_id=company.rep_id, role=Role.MANAGER))
        db.session.commit()
    concerned, chief = console(app, "rep1"), console(app, "chief")
    page = concerned.get(f"/findings/{finding_id}").text
    assert "由另一位经理认定和答复" in page and f"/findings/{finding_id}/decision" not in page
    assert "由另一位经理" not in chief.get(f"/findings/{finding_id}").text
    assert concerned.post(f"/findings/{finding_id}/decision", data={"decision": "dismissed", "reason": "我没错"}).status_code == 403
    assert chief.post(f"/findings/{finding_id}/decision", data={"decision": "upheld", "reason": "属实"}).status_code == 302
    object_to(concerned, finding_id)
    objection_id = the_objection(app).id
    page = concerned.get(f"/findings/{finding_id}").text
    assert "由另一位经理认定和答复" in page and f"/objections/{objection_id}/answer" not in page
    assert answer(concerned, finding_id, objection_id).status_code == 403
    assert (the_objection(app).answer, state_of(app, finding_id)) == ("", "upheld")
    assert answer(chief, finding_id, objection_id).status_code == 302
    assert "由另一位经理" not in concerned.get(f"/findings/{finding_id}").text


def test_an_answer_without_a_reason_is_asked_for_one(app, upheld_id):
    chief = console(app, "chief")
    object_to(console(app, "rep1"), upheld_id)
    refused = answer(chief, upheld_id, the_objection(app).id, reason=" ")
    assert refused.status_code == 422 and "写了答复，才能采纳或不采纳。" in refused.text
    assert answer(chief, upheld_id, the_objection(app).id, "perhaps").status_code == 422
    assert the_objection(app).answer == ""


def test_an_objection_is_answered_once(app, upheld_id):
    chief = console(app, "chief")
    object_to(console(app, "rep1"), upheld_id)
    objection_id = the_objection(app).id
    answer(chief, upheld_id, objection_id, "rejected", "看不清")
    second = answer(chief, upheld_id, objection_id, "accepted", "看清了")
    assert second.status_code == 409 and "刚才已经有人定了" in second.text
    assert (the_objection(app).answer, state_of(app, upheld_id)) == ("rejected", "upheld")


def test_an_objection_is_answered_at_its_own_finding_only(app, company, upheld_id):
    object_to(console(app, "rep1"), upheld_id)
    other_id = proposed(app, company, now() - timedelta(hours=1))
    for path in (other_id, upheld_id):
        objection_id = the_objection(app).id if path == other_id else uuid7()
        assert answer(console(app, "chief"), path, objection_id).status_code == 404


def test_a_photo_that_is_still_on_the_phone_is_said_to_be(app, company, finding_id):
    with app.app_context():
        row = FindingObjection(id=uuid7(), finding_id=finding_id, by_id=company.rep_id, at=now(), text="看照片", photos=["a" * 64])
        row.answer, row.answer_reason = "", ""
        db.session.add(row)
        db.session.commit()
    assert "还在手机上，没有传到" in console(app, "chief").get(f"/findings/{finding_id}").text


def test_pages_with_objections_in_english_have_no_chinese_but_data(app, upheld_id):
    for login in ("rep1", "chief"):
        assert untranslated(console(app, login, "en").get(f"/findings/{upheld_id}").text) == []
    object_to(console(app, "rep1"), upheld_id, photos=[GREEN])
    chief = console(app, "chief", "en")
    for path in (f"/findings/{upheld_id}", LIST, "/"):
        assert untranslated(chief.get(path).text) == []
    answer(chief, upheld_id, the_objection(app).id, "rejected", "看不清")
    assert untranslated(chief.get(f"/findings/{upheld_id}").text) == []


def test_findings_are_narrowed_to_a_region(app, company, staff):
    near = proposed(app, company)
    with app.app_context():
        about = (("outlet", staff.far_outlet_id),)
        propose_findings([Proposal("far", "missed_visit", "2026-11", staff.ids["farrep"], staff.far_outlet_id, 20, "-", about)], now())
        db.session.commit()
        far = db.session.scalars(select(Finding.id).where(Finding.source_key == "far")).one()
        regions = {near: company.region_id, far: db.session.get_one(Outlet, staff.far_outlet_id).region_id}
    client = console(app, "chief")
    for finding_id, region_id in regions.items():
        page = client.get(f"/findings?region={region_id}").text
        assert [one for one in (near, far) if f"/findings/{one}" in page] == [finding_id]
        assert "1 件，合计 20.00 元" in page and "清除筛选" in page and f"region={region_id}" in page
    assert "0 件" in console(app, "boss").get(f"/findings?region={regions[far]}").text
    exported = client.get(f"/exports/findings.csv?region={regions[far]}").text
    assert "孙涛" in exported and "赵广田" not in exported
