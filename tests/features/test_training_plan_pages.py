"""The plan of trainings in the console: arranged, added to, read page by page. Happy, who may not, bad input."""

import re
from datetime import date
from decimal import Decimal
from html import escape

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.console.paging import key_text
from server.db import db
from server.outlets.models import Outlet
from server.training.models import PlannedTraining
from server.training.planning import due_trainings
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.staff import Staff, chosen_file, picture, sha256, staff  # noqa: F401
from tests.features.training_plans import NOVEMBER_28, THIS_MONTH, make_plan, planned, trained
from tests.sync.conftest import Company, company  # noqa: F401


def test_an_outlet_that_churned_before_the_month_is_no_more_in_its_plan(app, company: Company, staff: Staff):
    make_plan(app)
    boss = console(app, "boss")
    for churned_on, is_listed in ((date(2026, 12, 1), True), (date(2026, 11, 30), False)):
        with app.app_context():
            db.session.get_one(Outlet, company.outlet_id).churned_on = churned_on
            db.session.commit()
        assert ("网点 CD-1" in boss.get("/trainings?month=2026-12").text) == is_listed
        with app.app_context():
            assert due_trainings(noon(date(2026, 12, 1))) == 2 + is_listed


def test_the_supervisor_arranges_adds_and_takes_out(app, company: Company, staff: Staff):
    boss, month = console(app, "boss"), str(THIS_MONTH.next())
    place = boss.post(f"/trainings/plans/{month}", data={"outlet_id": company.outlet_id}).headers["Location"]
    assert boss.post(f"/trainings/plans/{month}", data={"outlet_id": company.outlet_id}).headers["Location"] == place
    day = THIS_MONTH.next().first_day.replace(day=9).isoformat()
    assert boss.post(place, data={"planned_on": day, "place": "店内", "content": "新系统"}).status_code == 302
    assert all(text in boss.get(f"/trainings?month={month}").text for text in (day, "店内", "网点 CD-1"))
    assert boss.post(f"{place}/removal", data={"reason": " "}).status_code == 422
    assert boss.post(f"{place}/removal", data={"reason": "停业装修"}).status_code == 302
    assert boss.post(f"{place}/removal", data={"reason": "停业装修"}).status_code == 404
    with app.app_context():
        reasons = db.session.scalars(select(AuditRow.detail).where(AuditRow.action == "training.outlet_unplanned"))
        assert [detail["reason"] for detail in reasons] == ["停业装修"]


@pytest.mark.parametrize(("day", "words"), [("2020-01-01", "要在这个月里"), ("bald", "这样的日期")])
def test_an_arrangement_with_a_fault_says_where(app, company: Company, staff: Staff, day, words):
    boss = console(app, "boss")
    place = boss.post(f"/trainings/plans/{THIS_MONTH}", data={"outlet_id": company.outlet_id}).headers["Location"]
    answer = boss.post(place, data={"planned_on": day, "place": "x"})
    assert answer.status_code == 422 and words in answer.text


def test_the_plan_of_a_month_that_is_over_stays(app, company: Company, staff: Staff):
    with app.app_context():
        row = PlannedTraining(month="2026-10", outlet_id=company.outlet_id, outlet_class="C", made_at=noon(date(2026, 9, 28)))
        db.session.add(row)
        db.session.commit()
    boss, place = console(app, "boss"), f"/trainings/plans/2026-10/{company.outlet_id}"
    for path, data in (
        (place, {"place": "x"}),
        (f"{place}/removal", {"reason": "x"}),
        ("/trainings/plans/2026-10", {"outlet_id": company.second_outlet_id}),
    ):
        answer = boss.post(path, data=data)
        assert answer.status_code == 422 and "计划不再改" in answer.text, path
    assert [row[0] for row in planned(app, "2026-10")] == [company.outlet_id]


def test_only_the_regions_supervisor_plans(app, company: Company, staff: Staff):
    boss = console(app, "boss")
    place = boss.post(f"/trainings/plans/{THIS_MONTH}", data={"outlet_id": company.outlet_id}).headers["Location"]
    for login, status in (("rep1", 403), ("chief", 403), ("ops", 403), ("farboss", 404)):
        client = console(app, login)
        assert client.post(f"/trainings/plans/{THIS_MONTH}", data={"outlet_id": company.outlet_id}).status_code == status, login
        assert client.post(place, data={"place": "x"}).status_code == status, login
        assert client.post(f"{place}/removal", data={"reason": "x"}).status_code == status, login
    assert boss.get("/trainings/plans/2026-13/new").status_code == 404


def test_a_plan_counts_outlets_within_reach_once(app, company: Company, staff: Staff):
    """The first was trained twice, the second not, that of the other region once."""
    for outlet_id, day in ((company.outlet_id, 15), (company.outlet_id, 16), (staff.far_outlet_id, 16)):
        trained(app, company, outlet_id, date(2026, 9, day))
    with app.app_context():
        for outlet_id in (company.outlet_id, company.second_outlet_id, staff.far_outlet_id):
            db.session.add(PlannedTraining(month="2026-09", outlet_id=outlet_id, outlet_class="C", made_at=noon(date(2026, 8, 28))))
        db.session.commit()
    said = {"boss": "2 个网点，已培训 1 个", "farboss": "1 个网点，已培训 1 个", "chief": "3 个网点，已培训 2 个", "rep2": "0 个网点"}
    for login, words in said.items():
        assert words in console(app, login).get("/trainings?month=2026-09").text
    waiting = console(app, "boss").get("/trainings?month=2026-09&state=open").text
    assert "网点 CD-2" in waiting and "网点 CD-1" not in waiting
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).removed_at = noon(NOVEMBER_28)
        db.session.commit()
    assert "1 个网点，已培训 0 个" in console(app, "boss").get("/trainings?month=2026-09").text


def test_a_long_plan_goes_on_behind_its_key(app, company: Company, staff: Staff):
    with app.app_context():
        for number in range(65):
            outlet = Outlet(id=uuid7(), code=f"P-{number:03d}", name=f"店 {number:03d}", state="approved", region_id=company.region_id)
            outlet.outlet_class, outlet.created_at = "C", noon(date(2026, 1, 1))
            db.session.add(outlet)
            db.session.flush()
            row = PlannedTraining(month="2026-12", outlet_id=outlet.id, outlet_class="C", made_at=noon(NOVEMBER_28))
            row.volume_change_yuan = Decimal(number - 40)
            db.session.add(row)
        db.session.commit()
    boss = console(app, "boss")
    first = boss.get("/trainings?month=2026-12").text
    assert "店 000" in first and "店 059" in first and "店 060" not in first
    following = first.partition("下一页")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = boss.get(following).text
    assert "店 060" in second and "店 064" in second and "店 059" not in second
    assert boss.get("/trainings?after=zz").status_code == 422


def test_after_a_training_is_arranged_the_plan_is_where_one_left_it(app, company: Company, staff: Staff):
    """By region and rep, in its month, at its page; so does whoever takes an outlet out, and whoever only looks."""
    boss, month = console(app, "boss"), THIS_MONTH.next()
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        boss.post(f"/trainings/plans/{month}", data={"outlet_id": outlet_id})
    plan = f"/trainings?month={month}&region={company.region_id}&state=open&after="
    keys = sorted((company.outlet_id, company.second_outlet_id))
    plan += key_text(["0.00", keys[0]])
    [row] = re.findall(r'<th scope="row"><a href="([^"]*)"', boss.get(plan).text)
    place = row.replace("&amp;", "&")
    assert place.startswith(f"/trainings/plans/{month}/{keys[1]}?")
    page = boss.get(place).text
    assert f'<li><a href="{escape(plan)}">' in page
    sent = re.search(r'action="([^"]*)"', page[page.index("怎么培训") :])[1].replace("&amp;", "&")
    assert boss.post(sent, data={"planned_on": "x"}).status_code == 422
    assert boss.post(sent, data={"planned_on": "", "place": "店里", "content": ""}).headers["Location"] == plan
    assert boss.post(sent.replace("?", "/removal?"), data={"reason": "停业"}).headers["Location"] == plan


def test_a_planned_training_opened_by_itself_leads_to_its_month(app, company: Company, staff: Staff):
    boss, month = console(app, "boss"), THIS_MONTH.next()
    place = boss.post(f"/trainings/plans/{month}", data={"outlet_id": company.outlet_id}).headers["Location"]
    assert f'<li><a href="/trainings?month={month}">' in boss.get(place).text
    assert boss.post(place, data={"place": "店里"}).headers["Location"] == f"/trainings?month={month}"
