"""Outlet files submitted by phones: once, late, by a stranger, in another shape. And in the office: happy, who may not, too early, twice."""

import pytest
from sqlalchemy import delete, select

from server.clock import now, today
from server.db import db
from server.outlets.actions import assign_outlets
from server.outlets.models import Assignment, Outlet, OutletStep
from server.people.models import Person, PersonRole, Role
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import stored_file
from tests.features.outlet_files import REASON, decide, document, draft_id, op, state_of, submit, submitted_id  # noqa: F401
from tests.features.staff import staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401


def test_a_file_that_lies_with_the_manager_or_is_approved_is_not_submitted_again(app, company, phone: Phone, submitted_id: str):
    assert submit(phone, submitted_id)["code"] == "noop"
    assert submit(phone, company.outlet_id)["code"] == "noop"
    assert state_of(app, company.outlet_id)[0] == "approved"
    with app.app_context():
        assert len(db.session.scalars(select(OutletStep)).all()) == 1


def test_a_submission_whose_answer_was_lost_is_one_step(app, company, phone: Phone, draft_id: str):
    step = op(phone, "outlet_submit.v1", ("outlet_step", uuid7()), draft_id, {"outlet_id": draft_id})
    first, again = (phone.push(step).json["results"] for _ in range(2))
    assert first == again and first[0]["code"] == "applied"
    with app.app_context():
        assert len(db.session.scalars(select(OutletStep)).all()) == 1


def test_a_stranger_cannot_submit_a_file(app, company, phone: Phone, other_phone: Phone, draft_id: str):
    assert submit(other_phone, draft_id)["problem"]["code"] == "unknown_outlet"
    assert submit(phone, uuid7())["problem"]["code"] == "unknown_outlet"
    assert state_of(app, draft_id)[0] == "draft"


def test_a_submission_after_the_outlet_went_to_another_rep_counts(app, company: Company, phone: Phone, draft_id: str):
    with app.app_context():
        assign_outlets([draft_id], company.other_rep_id, today(), company.supervisor_id, now())
    result = submit(phone, draft_id)
    assert (result["code"], result["problem"]["code"], result["problem"]["detail"]) == ("out_of_scope_accepted", "outlet_reassigned", "林晓月")
    assert state_of(app, draft_id)[0] == "submitted"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"kind": "edit"}, "entity"),
        ({"entity": {"type": "outlet", "id": uuid7()}}, "entity"),
        ({"scope": f"outlet:{uuid7()}"}, "scope"),
        ({"blobs": ["a" * 64]}, "blobs"),
    ],
)
def test_a_submission_of_another_shape_is_kept_aside(app, company, phone: Phone, draft_id: str, changes, where):
    result = submit(phone, draft_id, **changes)
    assert (result["code"], result["problem"]["detail"]) == ("quarantined", where)
    assert state_of(app, draft_id)[0] == "draft"


def test_the_id_of_a_step_is_used_once(app, company, staff, phone: Phone, draft_id: str):
    step_id = uuid7()
    submit(phone, draft_id, step_id)
    decide(console(app, "chief"), draft_id, "returned", REASON)
    assert submit(phone, draft_id, step_id)["problem"]["code"] == "id_taken"


def complete(app, outlet_id: str, **changes) -> None:
    """Fill in what a complete file needs."""
    with app.app_context():
        held = {"person_in_charge": "王秀兰", "phone": "13800000000", "id_sealed": "sealed", "counter_photo": stored_file("counter")}
        outlet = db.session.get_one(Outlet, outlet_id)
        for name, value in (held | changes).items():
            setattr(outlet, name, value)
        db.session.commit()


def submit_in_office(client, outlet_id: str):
    return client.post(f"/outlets/{outlet_id}/file/submission")


@pytest.mark.parametrize("has_rep", [True, False])
def test_a_supervisor_submits_a_returned_file_that_was_put_right_in_the_office(app, company, staff, phone: Phone, submitted_id: str, has_rep):
    decide(console(app, "chief"), submitted_id, "returned", REASON)
    complete(app, submitted_id)
    if not has_rep:
        with app.app_context():
            db.session.execute(delete(Assignment).where(Assignment.outlet_id == submitted_id))
            db.session.commit()
    boss = console(app, "boss")
    assert "去送审" in boss.get(f"/outlets/{submitted_id}").text
    assert f'action="/outlets/{submitted_id}/file/submission"' in boss.get(f"/outlets/{submitted_id}/file").text
    answer = submit_in_office(boss, submitted_id)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/outlets/{submitted_id}/file")
    page = boss.get(f"/outlets/{submitted_id}/file").text
    assert "已送审，等经理审核。" in page and "周敏</span> 提交资料" in page and "/file/submission" not in page
    assert state_of(app, submitted_id) == ("submitted", None)
    with app.app_context():
        steps = db.session.scalars(select(OutletStep).where(OutletStep.outlet_id == submitted_id).order_by(OutletStep.at, OutletStep.id)).all()
    assert [step.state for step in steps] == ["submitted", "returned", "submitted"]
    assert (steps[-1].by_id, steps[-1].op_id, steps[-1].snapshot["phone"]) == (company.supervisor_id, None, "13800000000")
    assert decide(console(app, "chief"), submitted_id, "approved").status_code == 302
    assert state_of(app, submitted_id)[0] == "approved"


def test_a_file_is_submitted_once_by_phone_and_office_together(app, company, staff, phone: Phone, draft_id: str):
    complete(app, draft_id)
    boss = console(app, "boss")
    assert submit_in_office(boss, draft_id).status_code == 302
    answer = submit_in_office(boss, draft_id)
    assert answer.status_code == 409 and "已经有人处理过了" in answer.text
    assert submit(phone, draft_id)["code"] == "noop"
    assert document(phone, draft_id)["state"] == "submitted"
    with app.app_context():
        assert len(db.session.scalars(select(OutletStep)).all()) == 1


@pytest.mark.parametrize(("changes", "lack"), [({"phone": ""}, "电话"), ({"counter_photo": None}, "门头或柜台照片")])
def test_a_file_that_lacks_something_says_what_and_is_not_submitted(app, company, staff, draft_id: str, changes, lack):
    complete(app, draft_id, **changes)
    boss, words = console(app, "boss"), f"资料还没有填齐，补齐了才能送审：缺{lack}。"
    page = boss.get(f"/outlets/{draft_id}/file").text
    assert words in page and "/file/submission" not in page and f'href="/outlets/{draft_id}/edit"' in page
    answer = submit_in_office(boss, draft_id)
    assert answer.status_code == 422 and words in answer.text
    assert state_of(app, draft_id) == ("draft", None)


def test_a_file_may_be_submitted_before_its_id_number_is_there(app, company, staff, draft_id: str):
    complete(app, draft_id, id_sealed="")
    boss = console(app, "boss")
    assert "还缺：证件号码" in boss.get(f"/outlets/{draft_id}/file").text
    assert submit_in_office(boss, draft_id).status_code == 302
    assert state_of(app, draft_id) == ("submitted", None)


@pytest.mark.parametrize("login", ["rep1", "chief", "ops", "clerk", "payer", "root", "farboss"])
def test_only_a_supervisor_of_the_region_submits_in_the_office(app, company, staff, draft_id: str, login):
    complete(app, draft_id)
    client = console(app, login)
    assert submit_in_office(client, draft_id).status_code in (403, 404)
    assert "/file/submission" not in client.get(f"/outlets/{draft_id}/file").text
    assert state_of(app, draft_id) == ("draft", None)


def test_a_supervisor_who_has_an_outlet_elsewhere_submits_nothing_there(app, company, staff):
    with app.app_context():
        db.session.get_one(Outlet, staff.far_outlet_id).state = "draft"
        person = db.session.get_one(Person, company.supervisor_id)
        person.roles.append(PersonRole(role=Role.REP))
        db.session.execute(delete(Assignment).where(Assignment.outlet_id == staff.far_outlet_id))
        db.session.add(Assignment(id=uuid7(), outlet_id=staff.far_outlet_id, person_id=person.id, starts_on=today(), made_at=now()))
        db.session.commit()
    boss = console(app, "boss")
    assert "/file/submission" not in boss.get(f"/outlets/{staff.far_outlet_id}/file").text
    assert submit_in_office(boss, staff.far_outlet_id).status_code == 403


def test_submitting_in_the_office_is_whole_in_english(app, company, staff, draft_id: str):
    client = console(app, "boss", "en")
    assert untranslated(client.get(f"/outlets/{draft_id}/file").text) == []
    complete(app, draft_id)
    for path in (f"/outlets/{draft_id}", f"/outlets/{draft_id}/file"):
        assert untranslated(client.get(path).text) == []
    submit_in_office(client, draft_id)
    assert untranslated(client.get(f"/outlets/{draft_id}/file").text) == []
