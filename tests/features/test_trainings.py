"""Trainings: the plan of the 28th, the supervisor's hand in it, what was held. Happy, who may not, bad input, twice."""

import re
from datetime import date
from decimal import Decimal
from html import escape

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.clock import today
from server.console.paging import key_text
from server.db import db
from server.domain.months import Month
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet, OutletClassChange
from server.policy.actions import set_policy
from server.training.actions import Held, record_training
from server.training.models import PlannedTraining, Training
from server.training.planning import due_trainings, plan_trainings
from server.transactions.models import OutletTransfer
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.papers import days_ago
from tests.features.staff import Staff, chosen_file, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

NOVEMBER_28 = date(2026, 11, 28)
THIS_MONTH = Month.of_date(today())


def make_plan(app, day: date = NOVEMBER_28) -> int:
    with app.app_context():
        made = plan_trainings(noon(day))
        db.session.commit()
        return made


def planned(app, month: str = "2026-12") -> list[tuple[str, str, str]]:
    """(outlet id, class, change of volume) in the order of the plan."""
    with app.app_context():
        query = select(PlannedTraining).where(PlannedTraining.month == month)
        rows = db.session.scalars(query.order_by(PlannedTraining.volume_change_yuan, PlannedTraining.outlet_id))
        return [(row.outlet_id, row.outlet_class, str(row.volume_change_yuan)) for row in rows]


def moved(app, outlet_id: str, **months: str) -> None:
    """Monthly totals in yuan, such as `m10="1000"` for October 2026."""
    with app.app_context():
        for name, amount in months.items():
            last_day = Month(2026, int(name[1:])).last_day
            db.session.add(OutletTransfer(outlet_id=outlet_id, on=last_day, is_month_total=True, amount_yuan=Decimal(amount)))
        db.session.commit()


def trained(app, company: Company, outlet_id: str, day: date, is_new_customer: bool = False, refusal: str | None = None) -> str:
    with app.app_context():
        facts = (uuid7(), outlet_id, company.rep_id, day, is_new_customer, "店内", "使用", ("王秀兰",), 1, "a" * 64, "b" * 64, "王秀兰")
        return record_training(Held(*facts, signature_refusal=refusal), company.rep_id, noon(day)).id


def take_class(app, outlet_id: str, letter: str, since: date) -> None:
    with app.app_context():
        db.session.add(OutletClassChange(id=uuid7(), outlet_id=outlet_id, outlet_class=letter, valid_from=since))
        db.session.get_one(Outlet, outlet_id).outlet_class = letter
        db.session.commit()


def test_the_plan_is_made_on_the_28th_and_not_before(app, company: Company):
    assert make_plan(app, date(2026, 11, 27)) == 0
    assert make_plan(app, NOVEMBER_28) == 2
    assert [row[0] for row in planned(app)] == sorted([company.outlet_id, company.second_outlet_id])


def test_a_plan_is_made_once_whatever_is_changed_in_it(app, company: Company):
    make_plan(app)
    with app.app_context():
        db.session.delete(db.session.get_one(PlannedTraining, ("2026-12", company.outlet_id)))
        db.session.commit()
    assert make_plan(app, date(2026, 11, 29)) == 0
    assert [row[0] for row in planned(app)] == [company.second_outlet_id]


def test_a_plan_missed_on_its_day_is_made_early_in_its_month_as_of_that_day(app, company: Company):
    take_class(app, company.outlet_id, "C", date(2026, 1, 1))
    take_class(app, company.outlet_id, "A", date(2026, 11, 29))
    assert make_plan(app, date(2026, 12, 1)) == 2
    assert {row[0]: row[1] for row in planned(app)}[company.outlet_id] == "C"
    assert make_plan(app, date(2026, 12, 8)) == 0


def test_after_the_first_days_of_a_month_its_plan_is_made_no_more(app, company: Company):
    assert make_plan(app, date(2026, 12, 8)) == 0
    assert planned(app) == []


def test_most_falling_volume_comes_first(app, company: Company):
    moved(app, company.outlet_id, m9="1000", m10="1500")
    moved(app, company.second_outlet_id, m9="1000", m10="300")
    make_plan(app)
    assert planned(app) == [(company.second_outlet_id, "C", "-700.00"), (company.outlet_id, "C", "500.00")]


def test_an_outlet_trained_in_its_period_is_not_due(app, company: Company):
    trained(app, company, company.outlet_id, date(2026, 3, 2))
    trained(app, company, company.second_outlet_id, date(2026, 3, 2), is_new_customer=True)
    assert make_plan(app) == 1
    assert [row[0] for row in planned(app)] == [company.second_outlet_id]


@pytest.mark.parametrize(("value", "due"), [("true", 1), ("false", 2)])
def test_whether_an_outlet_whose_training_nobody_signed_is_due_is_policy(app, company: Company, value, due):
    trained(app, company, company.outlet_id, date(2026, 3, 2), refusal="不愿签")
    with app.app_context():
        set_policy("training.unsigned_counts", value, date(2026, 3, 1), "公司规定", None, noon(date(2026, 2, 20)))
    trained(app, company, company.second_outlet_id, date(2026, 2, 28), is_new_customer=True)
    assert make_plan(app) == due


def test_class_a_is_due_again_in_a_new_quarter(app, company: Company):
    take_class(app, company.outlet_id, "A", date(2026, 1, 1))
    trained(app, company, company.outlet_id, date(2026, 9, 30))
    trained(app, company, company.second_outlet_id, date(2026, 9, 30))
    make_plan(app)
    assert planned(app) == [(company.outlet_id, "A", "0.00")]


def test_a_training_is_recorded_with_photo_and_signature(app, company: Company, staff: Staff):
    rep = console(app, "rep1")
    photo, signature = picture("red"), picture("white")
    answer = rep.post("/trainings", data=training_form(company, photo=photo, signature=signature), content_type="multipart/form-data")
    page = rep.get(answer.headers["Location"]).text
    assert all(text in page for text in ("店内", "常见故障", "王秀兰、李建国", sha256(photo), sha256(signature)))
    assert rep.get(f"/photos/{sha256(photo)}?size=full").status_code == 200
    assert console(app, "rep2").get(f"/photos/{sha256(photo)}?size=full").status_code == 404
    with app.app_context():
        training = db.session.scalars(select(Training)).one()
        assert (training.trainer_id, training.attendee_count, training.is_new_customer) == (company.rep_id, 2, False)


def training_form(company: Company, photo: bytes | None = b"", signature: bytes | None = b"", **changes):
    form = {"id": uuid7(), "outlet_id": company.outlet_id, "trainer_id": company.rep_id, "trained_on": today().isoformat()}
    form |= {"place": "店内", "content": "常见故障", "attendees": "王秀兰\n李建国\n", "attendee_count": "1", "signer_name": "王秀兰"} | changes
    for name, content in (("photo", photo), ("signature", signature)):
        if content is not None:
            form[name] = chosen_file(content or picture())
    return form


def test_the_same_training_sent_twice_is_one(app, company: Company, staff: Staff):
    rep, record_id = console(app, "rep1"), uuid7()
    places = {
        rep.post("/trainings", data=training_form(company, id=record_id), content_type="multipart/form-data").headers["Location"] for _ in range(2)
    }
    assert places == {f"/trainings/{record_id}"}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Training)) == 1
    other = training_form(company, id=record_id, trained_on=days_ago(1).isoformat())
    assert rep.post("/trainings", data=other, content_type="multipart/form-data").status_code == 409


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"trained_on": "2099-01-01"}, "最晚填今天"),
        ({"place": ""}, "这里要填"),
        ({"attendee_count": "-1"}, "0 以上的整数"),
        ({"attendee_count": "一"}, "0 以上的整数"),
        ({"photo": None}, "要选一张图片"),
        ({"signature": b"no picture"}, "不是完整的图片"),
    ],
)
def test_a_training_with_a_fault_says_where(app, company: Company, staff: Staff, changes, words):
    answer = console(app, "rep1").post("/trainings", data=training_form(company, **changes), content_type="multipart/form-data")
    assert answer.status_code == 422 and words in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Training)) == 0


def test_who_records_trainings(app, company: Company, staff: Staff):
    for login, status in (("ops", 403), ("chief", 403), ("rep2", 404), ("farboss", 404)):
        sent = console(app, login).post("/trainings", data=training_form(company), content_type="multipart/form-data")
        assert sent.status_code == status, login
    by_another = training_form(company, trainer_id=company.other_rep_id)
    assert console(app, "rep1").post("/trainings", data=by_another, content_type="multipart/form-data").status_code == 422
    by_another = training_form(company, trainer_id=company.other_rep_id)
    assert console(app, "boss").post("/trainings", data=by_another, content_type="multipart/form-data").status_code == 302


def test_trainings_and_plans_show_to_those_within_reach(app, company: Company, staff: Staff):
    training_id = trained(app, company, company.outlet_id, date(2026, 11, 20))
    make_plan(app)
    place = f"/trainings/plans/2026-12/{company.second_outlet_id}"
    for login, status in (("ops", 200), ("chief", 200), ("boss", 200), ("rep1", 200), ("rep2", 404), ("farboss", 404)):
        client = console(app, login)
        assert client.get(f"/trainings/{training_id}").status_code == status, login
        assert client.get(place).status_code == status, login
        assert ("网点 CD-1" in client.get("/trainings/held").text) == (status == 200), login
        assert ("网点 CD-2" in client.get("/trainings?month=2026-12").text) == (status == 200), login


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


def test_a_plan_says_what_is_done_and_a_training_what_came_of_it(app, company: Company, staff: Staff):
    moved(app, company.outlet_id, m8="1000.00", m10="1250.50")
    trained(app, company, company.outlet_id, date(2026, 9, 16))
    with app.app_context():
        row = PlannedTraining(month="2026-09", outlet_id=company.outlet_id, outlet_class="C", made_at=noon(date(2026, 8, 28)))
        db.session.add(row)
        db.session.commit()
    boss = console(app, "boss")
    assert "1 个网点，已培训 1 个" in boss.get("/trainings?month=2026-09").text
    page = boss.get("/trainings/held").text
    assert "1,000.00" in page and "1,250.50" in page
    line = boss.get(page.partition('<th scope="row"><a href="')[2].partition('"')[0]).text.partition('<ul class="line">')[2].partition("</ul>")[0]
    assert line.index("排进当月的计划") < line.index("到店培训") < line.index("登记") and "赵广田</span> 到店培训" in line


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


def test_a_merged_outlets_trainings_and_plan_move(app, company: Company):
    training_id = trained(app, company, company.outlet_id, date(2026, 3, 2))
    make_plan(app)
    with app.app_context():
        db.session.add(PlannedTraining(month="2026-11", outlet_id=company.outlet_id, outlet_class="C", made_at=noon(NOVEMBER_28)))
        db.session.commit()
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, noon(NOVEMBER_28))
        assert db.session.get_one(Training, training_id).outlet_id == company.second_outlet_id
    assert [row[0] for row in planned(app, "2026-11")] == [company.second_outlet_id]
    assert [row[0] for row in planned(app, "2026-12")] == [company.second_outlet_id]


def test_the_pages_have_english(app, company: Company, staff: Staff):
    training_id = trained(app, company, company.outlet_id, date(2026, 11, 20))
    make_plan(app)
    boss = console(app, "boss", "en")
    paths = ["/trainings?month=2026-12", "/trainings/held", f"/trainings/new?outlet={company.outlet_id}", f"/trainings/{training_id}"]
    paths += [f"/trainings/plans/2026-12/{company.second_outlet_id}", f"/trainings/plans/2026-12/new?outlet={company.outlet_id}"]
    for path in paths:
        assert untranslated(boss.get(path).text) == [], path
    assert untranslated(console(app, "rep1", "en").get(paths[-2]).text) == []


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
