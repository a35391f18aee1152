"""Materials: asked for, delivered, late, and the outlet that lateness costs. Happy, who may not, bad input, twice."""

from datetime import date

import pytest
from sqlalchemy import func, select

from server.clock import today
from server.db import db
from server.findings.actions import decide_finding
from server.findings.models import Finding, FindingEvidence
from server.materials.actions import Delivery, Wanted, deliver_materials, request_materials
from server.materials.models import MaterialRequest
from server.materials.proposals import propose_late_materials
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Assignment
from server.outlets.responsible import responsible_id
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import Staff, chosen_file, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def ask(app, company: Company, requested_on: date = date(2026, 11, 18), outlet_id: str = "") -> str:
    """A request of a Wednesday unless told otherwise, due on Monday the 23rd; returns its id."""
    with app.app_context():
        wanted = Wanted(uuid7(), outlet_id or company.outlet_id, "凭条纸 10 卷", requested_on)
        return request_materials(wanted, company.rep_id, noon(requested_on)).id


def deliver(app, company: Company, request_id: str, day: date) -> None:
    with app.app_context():
        deliver_materials(request_id, Delivery(day, "a" * 64, "b" * 64, "王秀兰", ""), company.rep_id, noon(day))


def late(app, day: date) -> int:
    with app.app_context():
        made = propose_late_materials(noon(day))
        db.session.commit()
        return made


def findings(app) -> list[tuple[str, str, str, str, str]]:
    with app.app_context():
        query = select(Finding).order_by(Finding.source_key)
        return [(one.source_key, one.month, one.person_id, str(one.amount_yuan), one.state) for one in db.session.scalars(query)]


def uphold(app, company: Company, day: date) -> None:
    with app.app_context():
        finding_id = db.session.scalars(select(Finding.id)).one()
        decide_finding(finding_id, "upheld", "核实逾期", company.supervisor_id, noon(day))


def test_a_request_is_delivered_with_photo_and_signature(app, company: Company, staff: Staff):
    rep = console(app, "rep1")
    form = {"id": uuid7(), "outlet_id": company.outlet_id, "contents": "凭条纸 10 卷", "requested_on": today().isoformat()}
    place = rep.post("/materials", data=form).headers["Location"]
    photo, signature = picture("red"), picture("white")
    files = {"photo": chosen_file(photo), "signature": chosen_file(signature)}
    sent = {"delivered_on": today().isoformat(), "signer_name": "王秀兰", "note": "放柜台里", **files}
    assert rep.post(f"{place}/delivery", data=sent, content_type="multipart/form-data").status_code == 302
    page = rep.get(place).text
    assert all(text in page for text in ("凭条纸 10 卷", "王秀兰", "放柜台里", sha256(photo), sha256(signature)))
    assert rep.get(f"/photos/{sha256(photo)}?size=full").status_code == 200
    assert console(app, "rep2").get(f"/photos/{sha256(photo)}?size=full").status_code == 404


def test_the_same_request_sent_twice_is_one(app, company: Company, staff: Staff):
    rep = console(app, "rep1")
    form = {"id": uuid7(), "outlet_id": company.outlet_id, "contents": "海报", "requested_on": today().isoformat()}
    assert rep.post("/materials", data=form).headers["Location"] == rep.post("/materials", data=form).headers["Location"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MaterialRequest)) == 1
    assert rep.post("/materials", data=form | {"contents": "卡"}).status_code == 409


@pytest.mark.parametrize(("field", "value", "words"), [("contents", " ", "这里要填"), ("requested_on", "2099-01-01", "最晚填今天")])
def test_a_request_with_a_fault_says_where(app, company: Company, staff: Staff, field, value, words):
    form = {"id": uuid7(), "outlet_id": company.outlet_id, "contents": "海报", "requested_on": today().isoformat()} | {field: value}
    answer = console(app, "ops").post("/materials", data=form)
    assert answer.status_code == 422 and words in answer.text


def test_who_asks_and_who_delivers(app, company: Company, staff: Staff):
    request_id = ask(app, company)
    form = {"id": uuid7(), "outlet_id": company.outlet_id, "contents": "海报", "requested_on": today().isoformat()}
    for login, status in (("chief", 403), ("payer", 403), ("rep2", 404), ("farboss", 404)):
        assert console(app, login).post("/materials", data=form).status_code == status, login
    for login, status in (("ops", 403), ("chief", 403), ("rep2", 404), ("farboss", 404)):
        assert console(app, login).post(f"/materials/{request_id}/delivery").status_code == status, login
    for login, status in (("chief", 200), ("payer", 200), ("boss", 200), ("rep1", 200), ("rep2", 404), ("farboss", 404)):
        assert console(app, login).get(f"/materials/{request_id}").status_code == status, login


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"delivered_on": "2026-11-17"}, "不能早于这件事开始的那天"),
        ({"delivered_on": "2099-01-01"}, "最晚填今天"),
        ({"signer_name": ""}, "这里要填"),
        ({"photo": None}, "要选一张图片"),
        ({"signature": b"GIF89a"}, "不是完整的图片"),
    ],
)
def test_a_delivery_with_a_fault_says_where_and_is_not_recorded(app, company: Company, staff: Staff, changes, words):
    request_id = ask(app, company)
    data = {"delivered_on": "2026-11-19", "signer_name": "王秀兰", "photo": picture(), "signature": picture()} | changes
    for name in ("photo", "signature"):
        content = data.pop(name)
        if content is not None:
            data[name] = chosen_file(content)
    answer = console(app, "rep1").post(f"/materials/{request_id}/delivery", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422 and words in answer.text
    with app.app_context():
        assert db.session.get_one(MaterialRequest, request_id).delivered_on is None


def test_a_second_delivery_is_stale(app, company: Company, staff: Staff):
    request_id = ask(app, company)
    deliver(app, company, request_id, date(2026, 11, 19))
    data = {"delivered_on": "2026-11-20", "signer_name": "王秀兰", "photo": chosen_file(), "signature": chosen_file()}
    answer = console(app, "boss").post(f"/materials/{request_id}/delivery", data=data, content_type="multipart/form-data")
    assert answer.status_code == 409 and "刚才已经有人办了" in answer.text


def test_the_last_working_day_is_in_time_and_the_next_is_late(app, company: Company):
    in_time, too_late = ask(app, company), ask(app, company, outlet_id=company.second_outlet_id)
    deliver(app, company, in_time, date(2026, 11, 23))
    deliver(app, company, too_late, date(2026, 11, 24))
    assert late(app, date(2026, 11, 25)) == 1
    assert findings(app) == [(f"late_materials:{company.second_outlet_id}:2026-11", "2026-11", company.rep_id, "30.00", "proposed")]


def test_what_is_not_delivered_is_proposed_the_day_after_its_due_day_once(app, company: Company):
    ask(app, company)
    assert late(app, date(2026, 11, 23)) == 0
    assert late(app, date(2026, 11, 24)) == 1
    assert late(app, date(2026, 11, 24)) == 0


def test_late_twice_in_a_month_costs_once_and_both_are_evidence(app, company: Company):
    first, second = ask(app, company), ask(app, company, date(2026, 11, 19))
    assert late(app, date(2026, 11, 24)) == 1
    assert late(app, date(2026, 11, 25)) == 0
    with app.app_context():
        assert sorted(db.session.scalars(select(FindingEvidence.ref_id))) == sorted([first, second])


def test_two_months_of_lateness_are_two_findings(app, company: Company):
    ask(app, company)
    ask(app, company, date(2026, 11, 27))
    assert late(app, date(2026, 12, 3)) == 2
    assert [finding[1] for finding in findings(app)] == ["2026-11", "2026-12"]


def test_the_rep_of_the_due_day_is_charged(app, company: Company):
    ask(app, company)
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 20), company.supervisor_id, noon(date(2026, 11, 20)))
    late(app, date(2026, 11, 24))
    assert [finding[2] for finding in findings(app)] == [company.other_rep_id]


def test_nobody_is_charged_while_the_outlet_lies_in_the_pool(app, company: Company):
    ask(app, company)
    with app.app_context():
        assign_outlets([company.outlet_id], None, date(2026, 11, 20), company.supervisor_id, noon(date(2026, 11, 20)))
    assert late(app, date(2026, 11, 24)) == 0


def test_a_delivery_in_time_that_was_sent_late_takes_the_finding_back(app, company: Company):
    request_id = ask(app, company)
    late(app, date(2026, 11, 24))
    deliver(app, company, request_id, date(2026, 11, 23))
    assert late(app, date(2026, 11, 25)) == 0
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]


def test_an_upheld_finding_ends_the_ownership_that_day(app, company: Company, phone: Phone):
    ask(app, company)
    late(app, date(2026, 11, 24))
    uphold(app, company, date(2026, 11, 26))
    with app.app_context():
        assert responsible_id(company.outlet_id, date(2026, 11, 25)) == company.rep_id
        assert responsible_id(company.outlet_id, date(2026, 11, 26)) is None
        assert responsible_id(company.second_outlet_id, date(2026, 11, 26)) == company.rep_id
    events, _ = phone.pull()
    assert f"outlet:{company.outlet_id}" not in {event.get("scope") for event in events}


def test_the_finding_of_a_lost_outlet_stays_open_to_its_rep(app, company: Company, staff: Staff):
    request_id = ask(app, company)
    late(app, date(2026, 11, 24))
    uphold(app, company, today())
    rep = console(app, "rep1")
    assert rep.get(f"/outlets/{company.outlet_id}").status_code == 404
    page = rep.get(f"/materials/{request_id}")
    assert page.status_code == 200 and f"/outlets/{company.outlet_id}" not in page.text
    assert rep.post(f"/materials/{request_id}/delivery").status_code == 403
    assert console(app, "rep2").get(f"/materials/{request_id}").status_code == 404


def test_an_outlet_that_another_rep_has_by_then_stays_with_that_rep(app, company: Company):
    ask(app, company)
    late(app, date(2026, 11, 24))
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 25), company.supervisor_id, noon(date(2026, 11, 25)))
    uphold(app, company, date(2026, 11, 26))
    with app.app_context():
        assert responsible_id(company.outlet_id, date(2026, 11, 26)) == company.other_rep_id


def test_a_dismissed_finding_costs_no_outlet(app, company: Company):
    ask(app, company)
    late(app, date(2026, 11, 24))
    with app.app_context():
        finding_id = db.session.scalars(select(Finding.id)).one()
        decide_finding(finding_id, "dismissed", "仓库没有货", company.supervisor_id, noon(date(2026, 11, 26)))
        assert db.session.scalar(select(Assignment.ends_on).where(Assignment.outlet_id == company.outlet_id)) is None
    assert late(app, date(2026, 11, 27)) == 0
    assert [finding[-1] for finding in findings(app)] == ["dismissed"]


def test_a_merged_outlets_request_is_charged_at_the_one_that_was_kept(app, company: Company):
    request_id = ask(app, company)
    late(app, date(2026, 11, 24))
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(date(2026, 11, 24)))
        assert db.session.get_one(MaterialRequest, request_id).outlet_id == company.second_outlet_id
    assert late(app, date(2026, 11, 25)) == 0
    assert [(one[0].split(":")[1], one[-1]) for one in findings(app)] == [(company.second_outlet_id, "proposed")]


def test_the_list_and_pages_have_english(app, company: Company, staff: Staff):
    request_id = ask(app, company)
    for login in ("ops", "boss"):
        client = console(app, login, "en")
        for path in ("/materials", "/materials?state=delivered", f"/materials/new?outlet={company.outlet_id}", f"/materials/{request_id}"):
            assert untranslated(client.get(path).text) == [], path
    assert request_id in console(app, "ops").get(f"/materials?outlet={company.outlet_id}").text
    assert request_id not in console(app, "ops").get(f"/materials?outlet={company.second_outlet_id}").text
