"""Trainings: the plan of the 28th, what was held. Happy, who may not, bad input, twice."""

from datetime import date

import pytest
from sqlalchemy import func, select

from server.clock import today
from server.db import db
from server.outlets.duplicates import merge_outlets
from server.policy.actions import set_policy
from server.training.models import PlannedTraining, Training
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.papers import days_ago
from tests.features.staff import Staff, chosen_file, picture, sha256, staff  # noqa: F401
from tests.features.training_plans import NOVEMBER_28, make_plan, moved, planned, take_class, trained
from tests.sync.conftest import Company, company  # noqa: F401


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
