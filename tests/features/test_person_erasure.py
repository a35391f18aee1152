"""Erasing somebody who left: what goes at once, what the years keep, what must be done first, who may, and that no proof changes."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.clock import now, today
from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import ComplaintStep
from server.db import db
from server.devices.models import SignInCode
from server.domain.months import Month
from server.findings.models import Finding
from server.intake.models import SyncClient
from server.jobs.nightly import TIDYING, run_nightly
from server.payroll.actions import draft_month
from server.payroll.verifying import verify_month
from server.people.models import Person, PersonRole, Role
from server.policy.actions import set_policy
from server.privacy.people import forget_people, left_name, person_code
from server.visits.models import Visit
from server.visits.seal_check import chain_faults, seal_faults
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.erasing import (
    LABEL,
    LAST_DAY,
    LOGIN,
    NAME,
    OCTOBER,
    OLD_NAME,
    ONE_DAY,
    REASON,
    SUBJECT,
    TWO_YEARS_ON,
    add_finding,
    asked,
    erased,
    left,  # noqa: F401
    places_of,
)
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.wages import lines_of
from tests.statements import statements
from tests.sync.conftest import PASSWORD, Company, company, signed_in  # noqa: F401


def test_what_only_names_somebody_goes_at_once_and_the_name_stays_with_the_wages(app, staff: Staff, left):
    with app.app_context():
        before = {text: places_of(text) for text in (LOGIN, LABEL, SUBJECT, OLD_NAME)}
        assert before[LABEL] == {"device.label", "sync_client.app", "audit_row.detail"} and before[SUBJECT] == before[OLD_NAME] == {
            "audit_row.detail"
        }
        assert before[LOGIN] == {"person.login", "audit_row.detail"}
        assert places_of(NAME) == {"person.name", "audit_row.detail", "sync_op.problem"}
    answer = asked(console(app, "root"), left)
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/people/{left}")
    with app.app_context():
        assert [places_of(text) for text in before] == [set()] * 4
        assert places_of(NAME) == {"person.name"}
        person = db.session.get_one(Person, left)
        assert (person.login, person.language, person.ends_on) == (person_code(left), "zh", LAST_DAY)
        assert person.password_hash.startswith("!") and person.role_names == ["rep"]
        client = db.session.scalars(select(SyncClient).where(SyncClient.person_id == left)).one()
        assert (client.last_n, client.free_bytes, client.queue_length) == (7, None, None)
        assert db.session.scalar(select(func.count()).where(SignInCode.person_id == left)) == 0


def test_no_proof_and_no_wage_changes_by_either_step(app, company: Company, staff: Staff, left):
    with app.app_context():
        visit_ids = list(db.session.scalars(select(Visit.id).where(Visit.rep_id == left)))
        paid = lines_of(left, "2026-10")
        assert paid["base"] == "1100.00"
    for step in (lambda: erased(app, staff, left), lambda: forget(app, TWO_YEARS_ON + ONE_DAY)):
        step()
        with app.app_context():
            assert list(verify_month(OCTOBER, with_files=False)) == []
            assert list(seal_faults(visit_ids)) == list(chain_faults(visit_ids)) == []
            draft_month(Month(2026, 11), noon(date(2026, 12, 2)))
            assert lines_of(left, "2026-10") == paid and lines_of(left, "2026-11") == {}


def forget(app, day: date) -> int:
    with app.app_context():
        count = forget_people(noon(day))
        db.session.commit()
        return count


@pytest.mark.parametrize(("years", "last"), [(None, TWO_YEARS_ON), ("3", date(2029, 11, 2))])
def test_the_name_goes_the_night_after_the_years_are_over(app, company: Company, staff: Staff, left, years, last):
    erased(app, staff, left)
    with app.app_context():
        if years:
            set_policy("privacy.wage_years", years, date(2027, 1, 1), "公司规定", staff.ids["chief"], now())
    assert forget(app, last) == 0
    with app.app_context():
        assert places_of(NAME) == {"person.name"}
    assert [forget(app, last + ONE_DAY), forget(app, last + ONE_DAY)] == [1, 0]
    with app.app_context():
        assert places_of(NAME) == set()
        person = db.session.get_one(Person, left)
        assert (person.name, person.region_ids) == (left_name(left), []) and person.name.startswith("已离职员工 ")
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "person.forgotten")).all()
        assert [(row.actor_id, row.subject_id, row.detail) for row in rows] == [(None, left, {})]


def test_the_name_goes_from_the_steps_that_gave_it_to_the_person_and_from_no_others(app, company: Company, staff: Staff, left):
    with app.app_context():
        facts = (uuid7(), company.outlet_id, "settlement", False, False, OCTOBER.first_day, "王秀兰", "", "到账慢", "")
        complaint = receive_complaint(Intake(*facts), staff.ids["ops"], noon(OCTOBER.first_day))
        complaint.assigned_to_id, complaint.state = company.other_rep_id, "assigned"
        given_to = {"s1": left, "s2": company.other_rep_id, "s3": None}
        for step_id, to_id in given_to.items():
            db.session.add(ComplaintStep(id=step_id, complaint_id=complaint.id, action="assigned", note=f"→ {NAME} 请处理", to_id=to_id, at=now()))
        db.session.get_one(Person, company.other_rep_id).name = NAME
        db.session.commit()
    erased(app, staff, left)
    assert forget(app, TWO_YEARS_ON + ONE_DAY) == 1
    with app.app_context():
        notes = dict(db.session.execute(select(ComplaintStep.id, ComplaintStep.note).where(ComplaintStep.id.in_(given_to))).all())
        assert notes == {"s1": f"→ {left_name(left)} 请处理", "s2": f"→ {NAME} 请处理", "s3": f"→ {NAME} 请处理"}


def test_the_name_of_somebody_who_was_not_erased_stays(app, left):
    assert forget(app, date(2040, 1, 1)) == 0
    with app.app_context():
        assert db.session.get_one(Person, left).name == NAME


def test_the_night_waits_for_a_finding_that_came_late(app, company: Company, staff: Staff, left):
    erased(app, staff, left)
    with app.app_context():
        finding = add_finding(company, left)
    assert forget(app, TWO_YEARS_ON + ONE_DAY) == 0
    with app.app_context():
        db.session.get_one(Finding, finding).state = "dismissed"
        db.session.commit()
    assert forget(app, TWO_YEARS_ON + ONE_DAY) == 1


def test_the_night_has_these_steps_and_may_be_killed_between_them(app, staff: Staff, left):
    names = [name for name, _ in TIDYING]
    assert names[-4:] == ["people forgotten", "outlets' people forgotten", "late files emptied", "erasures listed"]
    erased(app, staff, left)
    with app.app_context():
        for _ in range(2):
            run_nightly(today(), now())
        lines = (app.extensions["xundian"].data / "erasures.txt").read_text().splitlines()
    assert [line.split()[:2] for line in lines] == [["person", left]]


ALLOWED = {"root": 200, "boss": 403, "chief": 403, "payer": 403, "ops": 403, "clerk": 403, "rep2": 403}


@pytest.mark.parametrize(("login", "status"), list(ALLOWED.items()))
def test_administrators_erase_and_nobody_else(app, staff: Staff, left, login, status):
    client = console(app, login)
    assert client.get(f"/people/{left}/erasure").status_code == status
    assert asked(client, left, reason="").status_code == (422 if status == 200 else status)
    page = client.get(f"/people/{left}")
    assert (f"/people/{left}/erasure" in page.text) == (status == 200)


def test_nobody_erases_themselves_or_nobody(app, staff: Staff):
    root = console(app, "root")
    assert root.get(f"/people/{staff.ids['root']}/erasure").status_code == 403
    assert asked(root, staff.ids["root"], code="root").status_code == 403
    assert "/erasure" not in root.get(f"/people/{staff.ids['root']}").text
    assert root.get(f"/people/{uuid7()}/erasure").status_code == asked(root, uuid7()).status_code == 404


@pytest.mark.parametrize(
    ("reason", "code", "field"), [("", LOGIN, "reason"), ("  ", LOGIN, "reason"), (REASON, "rep2", "code"), (REASON, "", "code")]
)
def test_a_reason_and_the_code_are_asked_for_and_what_was_typed_stays(app, left, reason, code, field):
    answer = asked(console(app, "root"), left, reason, code)
    assert answer.status_code == 422 and f'id="bad-{field}"' in answer.text
    assert f'value="{reason.strip()}"' in answer.text
    with app.app_context():
        assert db.session.get_one(Person, left).erased_at is None


def test_erasing_twice_is_told_and_changes_nothing(app, staff: Staff, left):
    root = console(app, "root")
    assert asked(root, left).status_code == 303
    again = asked(root, left, code=person_code(left))
    assert again.status_code == 409 and "已经有人办了" in again.text
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "person.erased")).all()
        assert [(row.actor_id, row.subject_id, row.detail) for row in rows] == [
            (staff.ids["root"], left, {"reason": REASON, "kept_until": str(TWO_YEARS_ON)})
        ]


def test_the_deed_is_told_in_words_without_what_was_erased(app, left):
    root = console(app, "root")
    asked(root, left)
    page = root.get(f"/deeds?id={left}").text
    assert "删除了个人信息" in page and REASON in page and str(TWO_YEARS_ON) in page
    assert LOGIN not in page and SUBJECT not in page and OLD_NAME not in page and LABEL not in page


def test_who_was_erased_does_not_come_back_and_the_login_is_free(app, company: Company, left):
    root = console(app, "root")
    asked(root, left)
    page = root.get(f"/people/{left}").text
    assert "个人信息已在" in page and "回来要按新人员登记" in page and "/return" not in page
    back = root.post(f"/people/{left}/return", data={"first_day": str(today())})
    assert back.status_code == 422
    change = {"name": NAME, "roles": "rep", "regions": company.region_id, "language": "zh", "starts_on": ""}
    assert root.post(f"/people/{left}", data=change).status_code == 409
    assert app.test_client().post("/auth/v1/sign-in", json={"login": person_code(left), "password": PASSWORD, "device_label": ""}).status_code == 401
    fresh = root.post("/people", data={"login": LOGIN, "name": "新人", "roles": "rep", "regions": company.region_id, "language": "zh"})
    assert fresh.status_code == 303


def test_a_copy_of_who_was_erased_holds_what_is_left(app, left):
    root = console(app, "root")
    asked(root, left)
    from tests.features.test_person_copies import copied, rows

    archive = copied(root, left)
    assert rows(archive, "person")[0]["login"] == person_code(left) and len(rows(archive, "visits")) == 1
    everything = json.dumps(
        [rows(archive, name.removeprefix("json/").removesuffix(".json")) for name in archive.namelist() if name.endswith(".json")]
    )
    assert LOGIN not in everything and SUBJECT not in everything


def test_phones_hear_that_the_name_is_gone(app, company: Company, staff: Staff, left):
    phone = signed_in(app, "rep2")
    events, cursor = phone.pull()
    assert NAME in names_of_visits(events)
    erased(app, staff, left)
    forget(app, TWO_YEARS_ON + ONE_DAY)
    events, _ = phone.pull(cursor)
    assert names_of_visits(events) == {left_name(left)}
    assert NAME not in json.dumps(events, ensure_ascii=False)


def names_of_visits(events) -> set[str]:
    return {event["doc"]["rep_name"] for event in events if event.get("type") == "visit" and event.get("doc")}


def test_the_page_is_english_for_readers_of_english_and_asks_little(app, staff: Staff, left):
    root = console(app, "root", "en")
    with statements(app) as found:
        page = root.get(f"/people/{left}/erasure").text
    assert untranslated(page) == [] and "Erase personal data" in page and str(TWO_YEARS_ON) in page
    assert len(found) <= 12, len(found)
    assert asked(root, left).status_code == 303
    assert untranslated(root.get(f"/people/{left}/erasure").text) == untranslated(root.get(f"/people/{left}").text) == []


def test_roles_stay_since_adjustments_ask_for_them(app, staff: Staff, left):
    erased(app, staff, left)
    forget(app, TWO_YEARS_ON + ONE_DAY)
    with app.app_context():
        assert db.session.scalars(select(PersonRole.role).where(PersonRole.person_id == left)).all() == [Role.REP]
