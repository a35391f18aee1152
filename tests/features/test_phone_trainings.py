"""Trainings from phones: held at the outlet with photos and a signature, and what phones hold of trainings and plans."""

from datetime import date

import pytest
from sqlalchemy import func, select

from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.outlets.duplicates import merge_outlets
from server.payroll.facts_plans import plans_by_rep
from server.policy.actions import set_policy
from server.policy.queries import policy_of
from server.training.actions import Arrangement, Held, arrange_training, plan_outlet, record_training, unplan_outlet
from server.training.models import PlannedTraining, Training
from server.training.planning import due_trainings
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.papers import (
    APPLIED,
    AT,
    INVALID,
    NOBODY,
    PHOTOS,
    SIGNATURE,
    SIGNED,
    TRAINING,
    UNSIGNED,
    days_ago,
    documents,
    give_to,
    gone,
    night,
    paper,
    result_of,
    to_send_again,
)
from tests.features.staff import Staff, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

WHAT = {"held_at": AT, "is_new_customer": False, "place": "店内", "content": "常见故障的处理", "attendees": ["王秀兰", "李建国"], "attendee_count": 3}


def held(phone: Phone, outlet_id: str, body=None, **changes):
    return paper(phone, TRAINING, outlet_id, WHAT | {"photos": PHOTOS, "signature": SIGNED, "signature_refusal": None} | (body or {}), **changes)


def trainings(app) -> list[Training]:
    with app.app_context():
        return list(db.session.scalars(select(Training)))


def trained(app, company: Company, day: date, is_new_customer: bool = False) -> str:
    """As the office enters one; returns its id."""
    with app.app_context():
        facts = (uuid7(), company.outlet_id, company.rep_id, day, is_new_customer, "店内", "使用", ("王秀兰",), 1, "a" * 64, "b" * 64, "王秀兰")
        return record_training(Held(*facts), company.rep_id, noon(day)).id


def test_a_training_is_taken_in_with_its_photos_and_signature(app, company: Company, phone: Phone):
    op = held(phone, company.outlet_id, {"place": " 店内 "})
    assert phone.push(op).json["results"][0]["missing_blobs"] == [*PHOTOS, SIGNATURE]
    [kept] = trainings(app)
    assert (kept.id, kept.op_id, kept.outlet_id, kept.trainer_id) == (op["entity"]["id"], op["op_id"], company.outlet_id, company.rep_id)
    assert (kept.trained_on, kept.is_new_customer, kept.place, kept.content) == (date(2026, 11, 24), False, "店内", "常见故障的处理")
    assert (kept.attendees, kept.attendee_count) == ([{"name": "王秀兰"}, {"name": "李建国"}], 3)
    assert (kept.photos, kept.signature_sha256, kept.signer_name) == (PHOTOS, SIGNATURE, "王秀兰")


def test_a_training_that_nobody_signed_is_kept_with_the_reason_and_marked(app, company: Company, staff: Staff, phone: Phone):
    op = held(phone, company.outlet_id, UNSIGNED)
    assert phone.push(op).json["results"][0]["missing_blobs"] == PHOTOS
    [kept] = trainings(app)
    assert (kept.signature_sha256, kept.signer_name, kept.signature_refusal) == (None, "", "店主看过，不愿签")
    assert documents(phone, "training")[kept.id]["is_unsigned"]
    boss = console(app, "boss")
    assert "未签字" in boss.get("/trainings/held").text and "店主看过，不愿签" in boss.get(f"/trainings/{kept.id}").text
    assert "没有签字，原因：<span" in boss.get(f"/trainings/{kept.id}/print").text
    assert ",店主看过，不愿签," in boss.get("/exports/trainings.csv").text


def test_a_signed_training_of_the_version_before_is_taken_in_as_signed(app, company: Company, staff: Staff, phone: Phone):
    op = held(phone, company.outlet_id) | {"form": "training.v1"}
    del op["body"]["signature_refusal"]
    assert result_of(phone, op) == APPLIED
    assert trainings(app)[0].signature_refusal is None
    assert "未签字" not in console(app, "boss").get("/trainings/held").text


@pytest.mark.parametrize(("value", "done"), [("true", 1), ("false", 0)])
def test_whether_an_unsigned_training_makes_the_plan_done_is_policy(app, company: Company, phone: Phone, value, done):
    month = Month.of_date(today())
    with app.app_context():
        set_policy("training.unsigned_counts", value, date(2026, 1, 1), "公司规定", None, now())
        plan_outlet(month, company.outlet_id, company.supervisor_id, now())
    assert result_of(phone, held(phone, company.outlet_id, UNSIGNED | {"held_at": now().isoformat()})) == APPLIED
    with app.app_context():
        assert due_trainings(now()) == 1 - done
        [planned] = plans_by_rep(month, today(), policy_of(month)).trainings[company.rep_id]
        assert (planned.counted, len(planned.record_ids)) == (done, done)


def test_a_training_sent_twice_is_one(app, company: Company, phone: Phone):
    op = held(phone, company.outlet_id)
    assert [result_of(phone, op) for _ in range(2)] == [APPLIED] * 2
    assert len(trainings(app)) == 1


def test_more_people_are_counted_than_named_but_never_fewer(app, company: Company, phone: Phone):
    assert result_of(phone, held(phone, company.outlet_id, {"attendee_count": 1})) == APPLIED
    assert trainings(app)[0].attendee_count == 2


def test_a_training_at_an_outlet_that_never_was_theirs_is_kept_and_not_in_force(app, company: Company, other_phone: Phone):
    assert result_of(other_phone, held(other_phone, company.outlet_id)) == ("quarantined", "unknown_outlet")
    assert result_of(other_phone, held(other_phone, NOBODY)) == ("quarantined", "unknown_outlet")
    assert trainings(app) == []


def test_a_training_at_an_outlet_lost_meanwhile_is_in_force(app, company: Company, phone: Phone):
    give_to(app, company, company.outlet_id, company.other_rep_id)
    assert result_of(phone, held(phone, company.outlet_id)) == ("out_of_scope_accepted", "outlet_reassigned")
    assert trainings(app)[0].trainer_id == company.rep_id


def test_a_training_at_a_merged_outlet_belongs_to_the_one_that_was_kept(app, company: Company, phone: Phone):
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert result_of(phone, held(phone, company.outlet_id)) == APPLIED
    assert trainings(app)[0].outlet_id == company.second_outlet_id


@pytest.mark.parametrize(
    ("held_at", "offset_ms", "trained_on"),
    [
        ("2026-10-31T15:59:59.000Z", None, date(2026, 10, 31)),  # the last second of the month in Shanghai
        ("2026-10-31T16:00:00.000Z", None, date(2026, 11, 1)),
        ("2026-10-31T15:59:59.000Z", 1000, date(2026, 11, 1)),
    ],
)
def test_a_training_is_of_the_day_of_the_corrected_time(app, company: Company, phone: Phone, held_at, offset_ms, trained_on):
    times = {"wall": AT, "mono": 1.0, "boot": "b", "offset_ms": offset_ms}
    assert result_of(phone, held(phone, company.outlet_id, {"held_at": held_at}, t=times)) == APPLIED
    assert trainings(app)[0].trained_on == trained_on


def test_a_clock_that_runs_ahead_trains_nobody_before_the_receipt(app, company: Company, phone: Phone):
    assert result_of(phone, held(phone, company.outlet_id, {"held_at": "2098-01-01T00:00:00.000Z"})) == APPLIED
    assert trainings(app)[0].trained_on == today()


@pytest.mark.parametrize(
    "body",
    [
        {"place": "店" * 200},
        {"place": ""},
        {"content": "讲" * 2000},
        {"attendees": ["王" * 60] * 30},
        {"attendees": []},
        {"attendee_count": 1},
        {"attendee_count": 999},
        {"photos": PHOTOS[:1]},
        {"is_new_customer": True},
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_training_at_the_bounds_of_a_field_is_taken_in(company: Company, phone: Phone, body):
    assert result_of(phone, held(phone, company.outlet_id, body)) == APPLIED


@pytest.mark.parametrize(
    "body",
    [
        {"place": "店" * 201},
        {"content": ""},
        {"content": " \n"},
        {"content": "讲" * 2001},
        {"attendees": ["王"] * 31},
        {"attendees": [""]},
        {"attendees": [" "]},
        {"attendees": ["王" * 61]},
        {"attendee_count": 0},
        {"attendee_count": 1000},
        {"attendee_count": 1.5},
        {"photos": []},
        {"photos": [*PHOTOS, "d" * 64]},
        {"photos": ["a" * 64, "a" * 64]},
        {"photos": [SIGNATURE]},
        {"photos": ["A" * 64]},
        {"photos": "many"},
        {"signature": None},
        {"signature_refusal": "不愿签"},
        UNSIGNED | {"signature_refusal": " \n"},
        UNSIGNED | {"signature_refusal": "不" * 2001},
        {"signature": SIGNED | {"signer_name": " "}},
        {"signature": SIGNED | {"signed_at": "2026-11-24T01:00:00"}},
        {"is_new_customer": "no"},
        {"held_at": "2026-11-24T01:00:00"},
        {"held_at": "0001-01-01T00:00:00+08:00"},
        {"training_id": "7"},
        {"outlet_id": NOBODY},
    ],
    ids=lambda body: str(body)[:60],
)
def test_a_training_with_a_field_that_is_not_valid_is_kept_and_not_in_force(app, company: Company, phone: Phone, body):
    entity = {"type": "training", "id": uuid7()}
    assert result_of(phone, held(phone, company.outlet_id, {"training_id": entity["id"]} | body, entity=entity)) == INVALID
    assert trainings(app) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "edit"},
        {"entity": {"type": "training", "id": NOBODY}},
        {"entity": {"type": "visit", "id": NOBODY}},
        {"scope": f"outlet:{NOBODY}"},
        {"blobs": PHOTOS},
        {"blobs": [*PHOTOS, SIGNATURE, "d" * 64]},
    ],
    ids=str,
)
def test_a_training_in_a_wrong_envelope_is_kept_and_not_in_force(app, company: Company, phone: Phone, changes):
    assert result_of(phone, held(phone, company.outlet_id, **changes)) == INVALID
    assert trainings(app) == []


def test_the_id_of_another_training_is_not_used_again(app, company: Company, phone: Phone):
    known = trained(app, company, date(2026, 11, 2))
    assert result_of(phone, held(phone, company.outlet_id, {"training_id": known})) == ("quarantined", "id_taken")
    assert [one.trained_on for one in trainings(app)] == [date(2026, 11, 2)]


def test_the_pictures_of_a_training_show_on_the_console_once_they_are_here(app, company: Company, staff: Staff, phone: Phone):
    photo, signature = picture("red"), picture("white")
    op = held(phone, company.outlet_id, {"photos": [sha256(photo)], "signature": SIGNED | {"sha256": sha256(signature)}})
    assert result_of(phone, op) == APPLIED
    boss, place = console(app, "boss"), f"/trainings/{op['entity']['id']}"
    assert boss.get(place).text.count("还在手机上，没有传到") == 2
    assert phone.upload(signature).status_code == 204
    half = boss.get(place).text
    assert (half.count("还在手机上，没有传到"), sha256(photo) in half, sha256(signature) in half) == (1, False, True)
    assert phone.upload(photo).status_code == 204
    assert f"/photos/{sha256(photo)}?size=thumb" in boss.get(place).text
    assert boss.get(f"/photos/{sha256(photo)}?size=full").status_code == 200
    assert console(app, "rep2").get(f"/photos/{sha256(photo)}?size=full").status_code == 404


def test_a_phone_receives_the_trainings_of_its_outlets(company: Company, phone: Phone, other_phone: Phone):
    cursor = phone.pull()[1]
    op = held(phone, company.outlet_id)
    phone.push(op)
    training_id = op["entity"]["id"]
    document = {
        "id": training_id,
        "outlet_id": company.outlet_id,
        "trained_on": "2026-11-24",
        "trainer_name": "赵广田",
        "content": "常见故障的处理",
        "attendee_count": 3,
        "is_new_customer": False,
        "is_unsigned": False,
    }
    assert documents(phone, "training", cursor) == {training_id: document}
    assert documents(phone, "training") == {training_id: document}
    assert documents(other_phone, "training") == {}
    assert to_send_again(phone) == []


def test_trainings_leave_the_phones_after_a_year(app, company: Company, phone: Phone):
    kept, old = trained(app, company, days_ago(366)), trained(app, company, days_ago(367))
    cursor = phone.pull()[1]
    assert night(app, "training") == 1
    assert gone(phone, "training", cursor) == {old}
    assert set(documents(phone, "training")) == {kept}
    assert (to_send_again(phone), night(app, "training")) == ([], 0)


def test_a_phone_receives_the_plans_of_its_outlets_from_this_month_on(app, company: Company, phone: Phone, other_phone: Phone):
    month = Month.of_date(today())
    with app.app_context():
        for one in (month, month.next()):
            plan_outlet(one, company.outlet_id, company.supervisor_id, now())
        arrange_training(month, company.outlet_id, Arrangement(month.last_day, "店内", "使用"), company.supervisor_id, now())
        before = PlannedTraining(month=str(month.previous()), outlet_id=company.outlet_id, outlet_class="C", made_at=now())
        db.session.add(before)
        db.session.commit()
    night(app, "planned_training")
    this, next_one = (f"{company.outlet_id}:{one}" for one in (month, month.next()))
    same = {"outlet_id": company.outlet_id}
    assert documents(phone, "planned_training") == {
        this: same
        | {
            "id": this,
            "month": str(month),
            "done_from": f"{month}-01",
            "planned_on": month.last_day.isoformat(),
            "place": "店内",
            "content": "使用",
        },
        next_one: same
        | {"id": next_one, "month": str(month.next()), "done_from": f"{month.next()}-01", "planned_on": None, "place": "", "content": ""},
    }
    assert documents(other_phone, "planned_training") == {}
    assert (to_send_again(phone), night(app, "planned_training")) == ([], 0)


def test_an_outlet_taken_out_of_the_plan_leaves_the_phone(app, company: Company, phone: Phone):
    month = Month.of_date(today())
    with app.app_context():
        plan_outlet(month, company.outlet_id, company.supervisor_id, now())
    cursor = phone.pull()[1]
    with app.app_context():
        unplan_outlet(month, company.outlet_id, "装修停业", company.supervisor_id, now())
        assert db.session.scalar(select(func.count()).select_from(PlannedTraining)) == 0
    assert gone(phone, "planned_training", cursor) == {f"{company.outlet_id}:{month}"}
    assert night(app, "planned_training") == 0
