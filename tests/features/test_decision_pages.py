"""Deeds on the console's pages: reviews, findings, assignments, phones. Happy, who may not, bad input, twice."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.devices.models import Device
from server.findings.models import Finding
from server.outlets.models import Assignment
from server.outlets.queries import responsible_people
from server.people.actions import add_person, add_region
from server.people.models import Person, Role
from server.visits.models import Visit
from tests.features.browsing import console
from tests.features.test_console_pages import pages  # noqa: F401
from tests.sync.conftest import PASSWORD, Company, company, phone, signed_in  # noqa: F401


@pytest.fixture
def stranger(app):
    """A supervisor of another region."""
    with app.app_context():
        region = add_region("城西区域", now())
        db.session.flush()
        add_person("farboss", "韩立", PASSWORD, [Role.SUPERVISOR], [region.id], now())
        db.session.commit()
    return "farboss"


def test_an_accepted_visit_counts(app, pages):
    client = console(app, "boss")
    assert client.post(f"{pages['visit']}/review", data={"decision": "accepted", "reason": "网点搬了"}).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Visit)).one().counts
    assert "网点搬了" in client.get(pages["visit"]).text


def test_a_review_needs_a_reason(app, pages):
    answer = console(app, "boss").post(f"{pages['visit']}/review", data={"decision": "accepted", "reason": " "})
    assert answer.status_code == 422
    assert "接受或不接受都要写理由" in answer.text


def test_reps_and_managers_review_nothing(app, pages):
    for login in ("rep1", "chief"):
        assert console(app, login).post(f"{pages['visit']}/review", data={"decision": "accepted", "reason": "x"}).status_code == 403


def test_a_supervisor_of_another_region_finds_no_visit(app, pages, stranger):
    assert console(app, stranger).post(f"{pages['visit']}/review", data={"decision": "accepted", "reason": "x"}).status_code == 404


def test_the_manager_upholds_a_finding_once(app, pages):
    client = console(app, "chief")
    assert client.post(f"{pages['finding']}/decision", data={"decision": "upheld", "reason": "属实"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Finding, pages["finding"].rpartition("/")[2]).state == "upheld"
    second = client.post(f"{pages['finding']}/decision", data={"decision": "dismissed", "reason": "再想想"})
    assert second.status_code == 409
    assert "已经有人定了" in second.text


def test_a_decision_needs_a_reason_and_keeps_nothing_else(app, pages):
    answer = console(app, "chief").post(f"{pages['finding']}/decision", data={"decision": "upheld"})
    assert answer.status_code == 422
    assert "写了理由，才能认定或不予认定" in answer.text


def test_only_the_manager_decides_findings(app, pages):
    for login in ("boss", "rep1", "root"):
        assert console(app, login).post(f"{pages['finding']}/decision", data={"decision": "upheld", "reason": "x"}).status_code == 403


def test_another_reps_finding_is_not_found(app, pages):
    assert console(app, "rep2").get(pages["finding"]).status_code == 404


def test_a_supervisor_hands_an_outlet_over(app, company: Company, pages):
    form = {"person_id": company.other_rep_id, "starts_on": today().isoformat()}
    assert console(app, "boss").post(f"{pages['outlet']}/assignment", data=form).status_code == 302
    with app.app_context():
        assert responsible_people([company.outlet_id], today())[company.outlet_id].id == company.other_rep_id
    assert console(app, "rep1").get(pages["outlet"]).status_code == 404
    assert console(app, "rep2").get(pages["outlet"]).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("starts_on", "2099-01-01", "最晚填今天"), ("starts_on", "soon", "这样的日期"), ("person_id", "nobody", "要选本区域在岗的片区负责人")],
)
def test_an_assignment_with_a_fault_says_where(app, company: Company, pages, field, value, words):
    form = {"person_id": company.other_rep_id, "starts_on": today().isoformat()} | {field: value}
    answer = console(app, "boss").post(f"{pages['outlet']}/assignment", data=form)
    assert answer.status_code == 422
    assert words in answer.text


def test_an_outlet_of_the_pool_is_given_from_no_day_on_which_another_had_it(app, company: Company, pages):
    boss, place, pooled_on = console(app, "boss"), f"{pages['outlet']}/assignment", today() - timedelta(days=3)
    assert boss.post(place, data={"person_id": "none", "starts_on": pooled_on.isoformat()}).status_code == 302
    early = boss.post(place, data={"person_id": company.other_rep_id, "starts_on": (pooled_on - timedelta(days=1)).isoformat()})
    assert early.status_code == 422 and f"那天还有别人负责，最早从 {pooled_on.isoformat()} 起。" in early.text
    for _ in range(2):
        assert boss.post(place, data={"person_id": company.other_rep_id, "starts_on": pooled_on.isoformat()}).status_code == 302
    query = select(Assignment.person_id, Assignment.starts_on, Assignment.ends_on).where(Assignment.outlet_id == company.outlet_id)
    with app.app_context():
        [(before, _, last_day), now_held] = db.session.execute(query.order_by(Assignment.starts_on)).all()
        assert (before, last_day) == (company.rep_id, pooled_on - timedelta(days=1))
        assert tuple(now_held) == (company.other_rep_id, pooled_on, None)


@pytest.mark.parametrize(("last_day_in", "is_taken"), [(None, True), (3, False)])
def test_an_outlet_is_offered_and_given_to_nobody_whose_last_day_is_known(app, company: Company, pages, last_day_in, is_taken):
    if last_day_in is not None:
        with app.app_context():
            db.session.get_one(Person, company.other_rep_id).ends_on = today() + timedelta(days=last_day_in)
            db.session.commit()
    boss, form = console(app, "boss"), {"person_id": company.other_rep_id, "starts_on": today().isoformat()}
    assert (f'value="{company.other_rep_id}"' in boss.get(pages["outlet"]).text) == is_taken
    assert boss.post(f"{pages['outlet']}/assignment", data=form).status_code == (302 if is_taken else 422)
    with app.app_context():
        assert (responsible_people([company.outlet_id], today())[company.outlet_id].id == company.other_rep_id) == is_taken


def test_an_outlet_goes_to_nobody_until_somebody_is_chosen(app, company: Company, pages):
    boss, form = console(app, "boss"), {"starts_on": today().isoformat()}
    select = boss.get(pages["outlet"]).text.partition('<select name="person_id"')[2].partition("</select>")[0]
    assert re.findall(r'<option value="(.*?)"', select) == ["", company.rep_id, company.other_rep_id, "none"] and "selected" not in select
    answer = boss.post(f"{pages['outlet']}/assignment", data=form | {"person_id": ""})
    assert answer.status_code == 422 and "先选交给谁。" in answer.text
    with app.app_context():
        assert responsible_people([company.outlet_id], today())[company.outlet_id].id == company.rep_id


def assigned(app) -> int | None:
    with app.app_context():
        return db.session.scalar(select(func.count()).where(AuditRow.action == "outlet.assigned"))


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (("rep",), "这个网点本来就归他，什么也没改。"),
        (("other",), "负责人已改"),
        (("none",), "负责人已改"),
        (("none", "none"), "这个网点本来就没有人管，什么也没改。"),
    ],
)
def test_only_a_change_of_hands_is_called_one(app, company: Company, pages, chosen, words):
    boss, ids = console(app, "chief"), {"rep": company.rep_id, "other": company.other_rep_id, "none": "none"}
    before = assigned(app)
    for one in chosen:
        form = {"person_id": ids[one], "starts_on": today().isoformat()}
        answer = boss.post(f"{pages['outlet']}/assignment", data=form, follow_redirects=True)
    assert words in answer.text and ("负责人已改" in answer.text) == (words == "负责人已改")
    assert assigned(app) - before == (0 if chosen == ("rep",) else 1)


def test_outlets_that_nobody_has_can_be_listed(app, company: Company, pages):
    boss = console(app, "boss")
    form = {"person_id": "none", "starts_on": today().isoformat()}
    assert boss.post(f"{pages['outlet']}/assignment", data=form).status_code == 302
    assert '<option value="none">区域公共，没有人管</option>' in boss.get("/outlets").text
    page = boss.get("/outlets?rep=none").text
    assert '<option value="none" selected>' in page and "网点 CD-1" in page and "网点 CD-2" not in page


def test_a_supervisor_of_another_region_assigns_nothing(app, company: Company, pages, stranger):
    form = {"person_id": company.other_rep_id, "starts_on": today().isoformat()}
    assert console(app, stranger).post(f"{pages['outlet']}/assignment", data=form).status_code == 404
    assert console(app, "rep1").post(f"{pages['outlet']}/assignment", data=form).status_code == 403


def test_a_code_signs_a_phone_in_once(app, company: Company):
    answer = console(app, "boss").post("/devices/codes", data={"person_id": company.rep_id})
    assert answer.status_code == 201 and "<svg" in answer.text and answer.headers["Cache-Control"] == "no-store"
    code = answer.text.partition("/m/#/link/")[2].partition('"')[0]
    redeem = {"code": code, "device_label": "test"}
    assert app.test_client().post("/auth/v1/redeem", json=redeem).status_code == 200
    assert app.test_client().post("/auth/v1/redeem", json=redeem).status_code == 410


def test_a_revoked_phone_sends_no_more(app, company: Company, phone):
    with app.app_context():
        device_id = db.session.scalars(select(Device.id).where(Device.person_id == company.rep_id)).one()
    assert console(app, "boss").post(f"/devices/{device_id}/revocation").status_code == 302
    assert phone.push(phone.op(company.outlet_id)).status_code == 401


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 404), (Role.PAYROLL, 404), (Role.ADMIN, 404), (Role.SERVICE, 201)])
def test_a_supervisor_binds_no_phone_for_a_rep_who_sees_more(app, company: Company, role: Role, status: int):
    with app.app_context():
        both = add_person("both", "罗平", PASSWORD, [Role.REP, role], [company.region_id], now()).id
        db.session.commit()
    client = console(app, "boss")
    assert client.post("/devices/codes", data={"person_id": both}).status_code == status
    assert ("罗平" in client.get("/devices/new").text) is (status == 201)


def test_phones_of_another_region_are_not_found(app, company: Company, phone, stranger):
    with app.app_context():
        device_id = db.session.scalars(select(Device.id)).one()
    client = console(app, stranger)
    assert client.post("/devices/codes", data={"person_id": company.rep_id}).status_code == 404
    assert client.post(f"/devices/{device_id}/revocation").status_code == 404
    assert console(app, "rep1").get("/devices").status_code == 403
