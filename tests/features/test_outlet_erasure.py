"""Copying and erasing the data of an outlet's people: what goes from file, phones and records, what stays, and who may."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.callbacks.actions import Wish, list_callback
from server.clock import now, today
from server.complaints.models import Complaint
from server.db import db
from server.domain.months import Month
from server.findings.models import Finding
from server.intake.models import SyncConflict, SyncOp
from server.jobs.nightly import run_nightly
from server.materials.models import MaterialRequest
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet, OutletStep
from server.payroll.actions import draft_month
from server.privacy.outlets import erase_outlet_people, forget_outlet_people
from server.training.models import Training
from server.visits.models import Visit
from server.visits.seal_check import chain_faults, seal_faults
from sync.ids import uuid7
from sync.problems import Problem
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.erasing import places_of
from tests.features.outlet_people import (
    ATTENDEE,
    CASHIER,
    COMPLAINANT,
    MASKED,
    OF_FILE,
    OLD_OWNER,
    ONE_DAY,
    OWNER,
    PHONE,
    REASON,
    RESIDENT_ID,
    SIGNER,
    TWO_YEARS_ON,
    asked,
    edit,
    gone,  # noqa: F401
    result,
)
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.wages import lines_of
from tests.statements import statements
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def erased(app, staff: Staff, outlet_id: str) -> None:
    with app.app_context():
        erase_outlet_people(outlet_id, REASON, staff.ids["clerk"], now())
        db.session.commit()


def forget(app, day: date) -> int:
    with app.app_context():
        count = forget_outlet_people(noon(day))
        db.session.commit()
        return count


def test_the_file_names_nobody_any_more_and_records_wait_for_the_years(app, gone):
    with app.app_context():
        assert places_of(OWNER) == OF_FILE and places_of(MASKED) == {"outlet.id_masked", "audit_row.detail"}
        assert places_of(CASHIER) == {"outlet.cashiers", "sync_op.body"} and places_of(OLD_OWNER) == {"sync_op.body", "audit_row.detail"}
        assert places_of(PHONE) == {"outlet.phone", "complaint.phone", "sync_op.body"}
    answer = asked(console(app, "clerk"), gone)
    assert answer.status_code == 303
    with app.app_context():
        assert [places_of(text) for text in (OWNER, CASHIER, OLD_OWNER, MASKED, RESIDENT_ID)] == [set()] * 5
        assert places_of(PHONE) == {"complaint.phone"}
        outlet = db.session.get_one(Outlet, gone)
        assert (outlet.id_kind, outlet.id_sealed, outlet.cashiers, outlet.name) == ("", "", [], "网点 CD-1")
        op = db.session.scalars(select(SyncOp).where(SyncOp.form == "outlet_edit.v1")).one()
        assert op.body == b"{}" and len(op.body_sha256) == 64
        conflict = db.session.scalars(select(SyncConflict).where(SyncConflict.entity_id == gone)).one()
        assert (conflict.theirs, conflict.outcome) == ("null", "kept") and conflict.settled_at is not None
        assert places_of(COMPLAINANT) == {"complaint.complainant"} and places_of(ATTENDEE) == {"training.attendees"}


def test_records_name_nobody_the_night_after_the_years_are_over(app, gone, staff: Staff):
    erased(app, staff, gone)
    assert forget(app, TWO_YEARS_ON) == 0
    with app.app_context():
        places = {f"{table}.{name}" for table in ("training", "material_request") for name in ("signer_name", "signature_refusal")}
        assert places_of(SIGNER) == places
    assert [forget(app, TWO_YEARS_ON + ONE_DAY), forget(app, TWO_YEARS_ON + ONE_DAY)] == [1, 0]
    with app.app_context():
        assert [places_of(text) for text in (COMPLAINANT, ATTENDEE, SIGNER, PHONE)] == [set()] * 4
        assert db.session.scalars(select(Training.signature_refusal)).one() == ""  # that nobody signed stays
        assert db.session.scalars(select(Training.attendee_count)).one() == 1
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.people_forgotten")).all()
        assert [(row.actor_id, row.subject_id) for row in rows] == [(None, gone)]


def test_what_was_decided_on_people_goes_out_of_the_files_steps(app, gone, staff: Staff):
    with app.app_context():
        step = OutletStep(id=uuid7(), outlet_id=gone, state="approved", by_id=staff.ids["chief"], at=now())
        people = {"person_in_charge": OLD_OWNER, "phone": PHONE, "cashiers": [{"name": CASHIER}]}
        step.snapshot = people | {"identity": "resident_id", "address": "解放路 1 号"}
        db.session.add(step)
        db.session.commit()
    erased(app, staff, gone)
    with app.app_context():
        assert places_of(OLD_OWNER) == set() and places_of(CASHIER) == set()
        assert db.session.scalars(select(OutletStep.snapshot).where(OutletStep.snapshot.is_not(None))).all() == [{"address": "解放路 1 号"}]


def test_a_new_owner_of_a_customer_who_left_again_stays_until_erased_in_turn(app, gone, phone: Phone, staff: Staff):
    erased(app, staff, gone)
    with app.app_context():
        db.session.get_one(Outlet, gone).churned_on = None
        db.session.commit()
    phone.push(edit(phone, gone, {"person_in_charge": ("", "夏侯新人")}))
    with app.app_context():
        db.session.get_one(Outlet, gone).churned_on = today()
        db.session.commit()
        run_nightly(today(), now())
        assert places_of("夏侯新人") == {"outlet.person_in_charge", "sync_op.body"}
    assert result(phone.push(edit(phone, gone, {"person_in_charge": ("夏侯新人", "夏侯新")})))["code"] == "applied"


def test_records_of_outlets_that_were_not_erased_keep_their_names(app, gone):
    assert forget(app, date(2040, 1, 1)) == 0
    with app.app_context():
        assert places_of(COMPLAINANT) == {"complaint.complainant"}


def test_the_years_begin_when_the_last_month_is_closed(app, company: Company, staff: Staff, gone, add_visit):
    with app.app_context():
        add_visit(gone, company.rep_id, "2026-11-02T01:00:00+00:00")
    erased(app, staff, gone)
    assert forget(app, date(2040, 1, 1)) == 0
    assert "关账后满 2 年" in console(app, "clerk").get(f"/outlets/{gone}/people-erasure").text


def test_seals_of_visits_and_wages_stay_as_they_are(app, company: Company, staff: Staff, gone):
    with app.app_context():
        visit_ids = list(db.session.scalars(select(Visit.id).where(Visit.outlet_id == gone)))
        paid = lines_of(company.rep_id, "2026-10")
        assert paid["new_customers"] == "10.00"
    for step in (lambda: erased(app, staff, gone), lambda: forget(app, TWO_YEARS_ON + ONE_DAY)):
        step()
        with app.app_context():
            assert list(seal_faults(visit_ids)) == list(chain_faults(visit_ids)) == []
            assert db.session.get_one(Visit, visit_ids[0]).signer_name == "王秀兰"
            draft_month(Month(2026, 11), noon(date(2026, 12, 2)))
            assert lines_of(company.rep_id, "2026-10") == paid
            assert [kind for kind in lines_of(company.rep_id, "2026-11") if "2026-10" in kind and "customers" in kind] == []


def test_phones_drop_the_people_at_their_next_pull(app, gone, phone: Phone, staff: Staff):
    events, cursor = phone.pull()
    before = document(events, gone)
    assert (before["person_in_charge"], before["phone"], before["id_masked"]) == (OWNER, PHONE, MASKED)
    assert before["signers"] == [{"name": OWNER, "role": "owner"}, {"name": CASHIER, "role": "cashier"}]
    erased(app, staff, gone)
    events, _ = phone.pull(cursor)
    after = document(events, gone)
    assert (after["person_in_charge"], after["phone"], after["id_masked"], after["cashiers"], after["signers"]) == ("", "", "", [], [])
    assert OWNER not in json.dumps(events, ensure_ascii=False)


def document(events, outlet_id: str) -> dict:
    return next(event["doc"] for event in events if event.get("type") == "outlet" and event["id"] == outlet_id)


def test_a_phone_that_was_away_brings_no_people_back(app, gone, phone: Phone, staff: Staff):
    erased(app, staff, gone)
    late = edit(phone, gone, {"person_in_charge": (OWNER, "夏侯新人"), "households_nearby": (None, 250)})
    answer = result(phone.push(late))
    assert (answer["code"], answer["problem"]["code"]) == ("applied", "people_erased")
    only = result(phone.push(edit(phone, gone, {"phone": (PHONE, "13800000001")})))
    assert (only["code"], only["problem"]["code"]) == ("noop", "people_erased")
    with app.app_context():
        outlet = db.session.get_one(Outlet, gone)
        assert (outlet.person_in_charge, outlet.phone, outlet.households_nearby) == ("", "", 250)
        assert places_of("夏侯新人") == {"sync_op.body"}
        run_nightly(today(), now())
        assert places_of("夏侯新人") == places_of("13800000001") == places_of(OWNER) == set()


def test_a_record_sent_again_is_known_although_its_body_is_gone(app, gone, phone: Phone, staff: Staff):
    erased(app, staff, gone)
    late = edit(phone, gone, {"phone": (PHONE, "13800000001")})
    first = result(phone.push(late))
    with app.app_context():
        run_nightly(today(), now())
    assert result(phone.push(late))["code"] == first["code"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(SyncConflict.kind == "op_id_reused")) == 0


def test_a_customer_who_came_back_has_people_again(app, gone, phone: Phone, staff: Staff):
    erased(app, staff, gone)
    with app.app_context():
        db.session.get_one(Outlet, gone).churned_on = None
        db.session.commit()
    assert result(phone.push(edit(phone, gone, {"person_in_charge": ("", "夏侯新人")})))["code"] == "applied"
    with app.app_context():
        run_nightly(today(), now())
        assert places_of("夏侯新人") == {"outlet.person_in_charge", "sync_op.body"}
        db.session.get_one(Outlet, gone).churned_on = today()
        db.session.commit()
    clerk = console(app, "clerk")
    assert [asked(clerk, gone).status_code for _ in range(2)] == [303, 409]
    with app.app_context():
        assert places_of("夏侯新人") == set()


def open_complaint(outlet_id: str) -> None:
    db.session.scalars(select(Complaint)).one().resolved_on = None


def open_request(outlet_id: str) -> None:
    db.session.scalars(select(MaterialRequest)).one().delivered_on = None


def open_callback(outlet_id: str) -> None:
    list_callback(Wish("profile", outlet_id), db.session.scalars(select(Training.trainer_id)).one(), now())


def open_finding(outlet_id: str) -> None:
    person_id = db.session.scalars(select(Training.trainer_id)).one()
    finding = Finding(id=uuid7(), source_key=uuid7(), kind="churned", month="2026-10", person_id=person_id, outlet_id=outlet_id)
    finding.amount_yuan, finding.state, finding.created_at = 30, "proposed", now()
    db.session.add(finding)


def open_record(outlet_id: str) -> None:
    db.session.scalars(select(SyncOp).where(SyncOp.form == "outlet_edit.v1")).one().code = "quarantined"


OBSTACLES = {
    "still_customer": lambda outlet_id: setattr(db.session.get_one(Outlet, outlet_id), "churned_on", None),
    "pay_open": lambda outlet_id: setattr(db.session.get_one(Outlet, outlet_id), "account_made_on", date(2026, 11, 1)),
    "complaints_open": open_complaint,
    "materials_open": open_request,
    "callbacks_open": open_callback,
    "findings_open": open_finding,
    "records_waiting": open_record,
}


@pytest.mark.parametrize("code", list(OBSTACLES))
def test_nothing_goes_while_work_needs_the_people_and_the_page_says_what_to_do(app, staff: Staff, gone, code):
    with app.app_context():
        OBSTACLES[code](gone)
        db.session.commit()
    clerk = console(app, "clerk")
    page = clerk.get(f"/outlets/{gone}/people-erasure").text
    assert page.count("data-code=") == 1 and f'data-code="{code}"' in page and 'name="reason"' not in page
    answer = asked(clerk, gone)
    assert answer.status_code == 422 and f'data-code="{code}"' in answer.text
    with app.app_context():
        with pytest.raises(Problem) as refused:
            erase_outlet_people(gone, REASON, staff.ids["clerk"], now())
        assert refused.value.extras == {"fields": {code: "obstacle"}}
        db.session.rollback()
        assert db.session.get_one(Outlet, gone).person_in_charge == OWNER


ALLOWED = {"chief": 200, "clerk": 200, "boss": 403, "root": 403, "payer": 403, "ops": 403, "rep1": 403, "farboss": 403}


@pytest.mark.parametrize(("login", "status"), list(ALLOWED.items()))
def test_manager_and_service_copy_and_erase_and_nobody_else(app, staff: Staff, gone, login, status):
    client = console(app, login)
    assert client.get(f"/outlets/{gone}/people-erasure").status_code == status
    assert client.post(f"/outlets/{gone}/people-copies").status_code == status
    assert asked(client, gone, reason="").status_code == (422 if status == 200 else status)
    page = client.get(f"/outlets/{gone}").text
    assert ("people-erasure" in page, "people-copies" in page) == ((status == 200),) * 2


def test_of_no_outlet_there_is_nothing(app, staff: Staff):
    clerk = console(app, "clerk")
    place = f"/outlets/{uuid7()}/people-"
    assert clerk.get(f"{place}erasure").status_code == clerk.post(f"{place}copies").status_code == 404
    assert clerk.post(f"{place}erasure", data={"reason": REASON, "code": "CD-1"}).status_code == 404


@pytest.mark.parametrize(("reason", "code", "field"), [("", "CD-1", "reason"), (REASON, "CD-2", "code")])
def test_a_reason_and_the_code_are_asked_for(app, staff: Staff, gone, reason, code, field):
    answer = asked(console(app, "clerk"), gone, reason, code)
    assert answer.status_code == 422 and f'id="bad-{field}"' in answer.text
    with app.app_context():
        assert db.session.get_one(Outlet, gone).people_erased_at is None


def test_erasing_twice_is_told_and_noted_once_without_what_was_erased(app, staff: Staff, gone):
    clerk = console(app, "clerk")
    assert [asked(clerk, gone).status_code for _ in range(2)] == [303, 409]
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.people_erased")).all()
        assert [(row.actor_id, row.detail) for row in rows] == [(staff.ids["clerk"], {"reason": REASON, "kept_until": str(TWO_YEARS_ON)})]
    page = console(app, "chief").get(f"/deeds?id={gone}").text
    assert "删除了网点人员的个人信息" in page and REASON in page and MASKED not in page and OLD_OWNER not in page


def test_an_outlet_that_was_merged_is_found_from_the_one_that_was_kept(app, company: Company, staff: Staff, gone):
    with app.app_context():
        db.session.get_one(Outlet, gone).churned_on = None
        db.session.commit()
        merge_outlets(gone, company.second_outlet_id, staff.ids["boss"], now())
    clerk = console(app, "clerk")
    assert f"/outlets/{gone}/people-erasure" in clerk.get(f"/outlets/{company.second_outlet_id}/people-erasure").text
    assert "已合并到别的网点" in clerk.get(f"/outlets/{gone}/people-erasure").text
    assert asked(clerk, gone).status_code == 303
    with app.app_context():
        assert places_of(OWNER) == places_of(MASKED) == set()


def test_the_page_is_english_for_readers_of_english_and_asks_little(app, staff: Staff, gone):
    clerk = console(app, "clerk", "en")
    with statements(app) as found:
        page = clerk.get(f"/outlets/{gone}/people-erasure").text
    assert untranslated(page) == [] and "Erase personal data" in page and str(TWO_YEARS_ON) in page
    assert len(found) <= 12, len(found)
    assert untranslated(clerk.get(f"/outlets/{gone}").text) == []
    assert asked(clerk, gone).status_code == 303
    assert untranslated(clerk.get(f"/outlets/{gone}/people-erasure").text) == []
