"""Fields of a file that two people changed, as phones receive them: both values, who and when, and what was decided."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.feed.models import SyncFeed
from server.intake.conflict_documents import conflict_documents, conflicts_that_name
from server.intake.models import SyncConflict
from server.intake.said import last_said
from server.intake.settling import settle_conflict, settle_parked
from server.outlets.duplicates import merge_outlets
from server.people.models import Person
from server.privacy.people import tell_phones
from sync.ids import uuid7
from tests.features.outlet_files import document, found, op
from tests.features.papers import documents, give_to, gone, night
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

KIND = "field_conflict"


def edit(phone: Phone, outlet_id: str, field: str, base, mine) -> str:
    """The code of the result."""
    body = {"outlet_id": outlet_id, "fields": {field: {"base": base, "mine": mine}}}
    [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, body)).json["results"]
    return result["code"]


def collide(app, company: Company, phone: Phone, other_phone: Phone, field: str = "position_text") -> str:
    """The first rep changes the field; the second, who has the outlet from then on, changes it from what it was before. Their code."""
    assert edit(phone, company.outlet_id, field, "", "东门") == "applied"
    give_to(app, company, company.outlet_id, company.other_rep_id)
    return edit(other_phone, company.outlet_id, field, "旧", "西门")


def test_the_later_author_gets_both_values_with_who_and_when(app, company: Company, phone: Phone, other_phone: Phone):
    assert collide(app, company, phone, other_phone) == "conflict_recorded"
    [doc] = documents(other_phone, KIND).values()
    with app.app_context():
        names = {person.id: person.name for person in db.session.scalars(select(Person))}
    assert (doc["outlet_id"], doc["field"], doc["is_parked"], doc["mine"], doc["theirs"]) == (
        company.outlet_id,
        "position_text",
        False,
        "西门",
        "东门",
    )
    assert doc["before"] == "旧"
    assert (doc["sent_by_id"], doc["sent_by_name"]) == (company.other_rep_id, names[company.other_rep_id])
    assert (doc["theirs_by_id"], doc["theirs_by_name"]) == (company.rep_id, names[company.rep_id])
    assert doc["theirs_at"] < doc["sent_at"]
    assert (doc["outcome"], doc["settled_at"]) == ("", None)
    assert night(app, KIND) == 0


def test_who_does_not_hold_the_outlet_gets_nothing(app, company: Company, phone: Phone, other_phone: Phone):
    collide(app, company, phone, other_phone)
    assert documents(phone, KIND) == {}


def test_what_the_office_decides_reaches_the_phone_and_leaves_it_after_a_month(app, company: Company, phone: Phone, other_phone: Phone):
    collide(app, company, phone, other_phone)
    _, cursor = other_phone.pull()
    with app.app_context():
        conflict_id = db.session.scalars(select(SyncConflict.id)).one()
        settle_conflict(conflict_id, True, company.supervisor_id, now())
    [doc] = documents(other_phone, KIND, cursor).values()
    assert (doc["outcome"], bool(doc["settled_by_name"]), doc["settled_at"] is not None) == ("restored", True, True)
    with app.app_context():
        db.session.get_one(SyncConflict, conflict_id).settled_at = now() - timedelta(days=31)
        db.session.commit()
    _, cursor = other_phone.pull()
    assert night(app, KIND) == 1
    assert gone(other_phone, KIND, cursor) == {conflict_id}
    assert night(app, KIND) == 0


def test_a_sensitive_field_says_that_it_waits_and_what_was_decided(app, company: Company, phone: Phone, other_phone: Phone):
    assert collide(app, company, phone, other_phone, "person_in_charge") == "parked"
    [doc] = documents(other_phone, KIND).values()
    assert (doc["is_parked"], doc["mine"], doc["theirs"], doc["outcome"]) == (True, "西门", "东门", "")
    with app.app_context():
        op_id = db.session.scalars(select(SyncConflict.op_id)).one()
        settle_parked(op_id, {}, "以公司的为准", company.supervisor_id, now())
    [doc] = documents(other_phone, KIND).values()
    assert doc["outcome"] == "rejected"


@pytest.mark.parametrize("times", [1, 2])
def test_a_value_brought_back_from_what_the_file_says_now_collides_with_nothing(app, company, phone, other_phone, times):
    collide(app, company, phone, other_phone)
    with app.app_context():
        settle_conflict(db.session.scalars(select(SyncConflict.id)).one(), True, company.supervisor_id, now())
    codes = [edit(other_phone, company.outlet_id, "position_text", "东门", "西门") for _ in range(times)]
    assert codes == ["applied", "noop"][:times]


def test_a_page_of_conflicts_is_read_in_as_many_queries_as_one(app, company: Company, phone: Phone, other_phone: Phone):
    collide(app, company, phone, other_phone)
    with app.app_context():
        first = db.session.scalars(select(SyncConflict)).one()
        kept = {column.key: getattr(first, column.key) for column in SyncConflict.__table__.columns}
        copies = [SyncConflict(**kept | {"id": uuid7(), "entity_id": (company.outlet_id, company.second_outlet_id)[n % 2]}) for n in range(19)]
        ids = [first.id, *(copy.id for copy in copies)]
        db.session.add_all(copies)
        db.session.commit()
    counts = []
    for asked_for in (ids[:1], ids):
        with app.app_context(), statements(app) as asked:
            found = conflict_documents(asked_for)
            counts.append(len(asked))
            assert len(found) == len(asked_for) and found[ids[0]]["theirs_by_id"] == company.rep_id
    assert counts[0] == counts[1], counts
    assert {doc["theirs_by_id"] for doc in found.values() if doc["outlet_id"] == company.second_outlet_id} == {None}


def test_what_nobody_has_to_decide_leaves_after_ninety_days_and_what_waits_stays(app, company: Company, phone: Phone, other_phone: Phone):
    collide(app, company, phone, other_phone)
    assert edit(other_phone, company.outlet_id, "person_in_charge", "旧", "李建国") == "parked"
    for days, left in ((89, 0), (91, 1)):
        with app.app_context():
            for conflict in db.session.scalars(select(SyncConflict)):
                conflict.raised_at = now() - timedelta(days=days)
            db.session.commit()
        _, cursor = other_phone.pull()
        assert night(app, KIND) == left
    assert len(gone(other_phone, KIND, cursor)) == 1
    assert [doc["is_parked"] for doc in documents(other_phone, KIND).values()] == [True]
    assert night(app, KIND) == 0


def merge(app, company: Company) -> None:
    """The first outlet into the second, which is the first rep's."""
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())


def test_of_a_merged_outlet_the_phone_with_the_one_that_is_kept_gets_both_values(app, company: Company, phone: Phone, other_phone: Phone):
    collide(app, company, phone, other_phone)
    assert edit(phone, company.second_outlet_id, "position_text", "", "北门") == "applied"  # says nothing about the other file
    merge(app, company)
    [doc] = documents(phone, KIND).values()
    assert (doc["outlet_id"], doc["mine"], doc["theirs"], doc["theirs_by_id"]) == (company.second_outlet_id, "西门", "东门", company.rep_id)
    assert documents(other_phone, KIND) == {}
    with app.app_context():
        scopes = {row.scope_id: row.deleted for row in db.session.scalars(select(SyncFeed).where(SyncFeed.entity_type == KIND))}
    assert scopes == {f"outlet:{company.outlet_id}": True, f"outlet:{company.second_outlet_id}": False}
    assert night(app, KIND) == 0


def test_an_edit_that_comes_after_the_merge_waits_with_the_outlet_that_is_kept(app, company: Company, phone: Phone, other_phone: Phone):
    assert edit(phone, company.outlet_id, "position_text", "", "东门") == "applied"
    merge(app, company)
    assert edit(other_phone, company.outlet_id, "position_text", "", "西门") == "parked"
    [doc] = documents(phone, KIND).values()
    assert (doc["outlet_id"], doc["theirs"], doc["theirs_by_id"]) == (company.second_outlet_id, "东门", company.rep_id)
    assert night(app, KIND) == 0
    with app.app_context():
        op_id = db.session.scalars(select(SyncConflict.op_id)).one()
        settle_parked(op_id, {"position_text": "西门"}, "", company.supervisor_id, now())
        assert last_said(company.second_outlet_id)["position_text"].person_id == company.supervisor_id
        assert last_said(company.outlet_id)["position_text"].person_id == company.rep_id


def test_phones_hear_that_a_name_is_gone_whichever_side_it_is_of(app, company: Company, phone: Phone, other_phone: Phone):
    collide(app, company, phone, other_phone, "person_in_charge")
    with app.app_context():
        conflict = db.session.scalars(select(SyncConflict)).one()
        assert [db.session.scalars(conflicts_that_name(one)).all() for one in (company.supervisor_id, uuid7())] == [[], []]
        settle_parked(conflict.op_id, {}, "以公司的为准", company.supervisor_id, now())
    for person_id in (company.rep_id, company.other_rep_id, company.supervisor_id):
        _, cursor = other_phone.pull()
        with app.app_context():
            db.session.get_one(Person, person_id).name = "已离职员工"
            tell_phones(person_id)
            db.session.commit()
        [doc] = documents(other_phone, KIND, cursor).values()
        assert "已离职员工" in (doc["theirs_by_name"], doc["sent_by_name"], doc["settled_by_name"])
    assert doc["theirs_by_name"] == doc["sent_by_name"] == doc["settled_by_name"] == "已离职员工"


def test_a_position_that_only_waits_is_told_from_one_that_somebody_changed(app, company: Company, phone: Phone):
    registered, moved = ({"lat": 30.66 + offset, "lon": 104.07, "accuracy_m": None} for offset in (0, 0.001))
    assert edit(phone, company.outlet_id, "position", registered, moved) == "parked"
    assert edit(phone, company.outlet_id, "position", moved, registered | {"lat": 30.6}) == "parked"
    docs = documents(phone, KIND).values()
    assert {doc["mine"]["lat"]: doc["before"] == doc["theirs"] for doc in docs} == {moved["lat"]: True, 30.6: False}


def test_a_photo_that_was_replaced_comes_back_without_its_bytes(company: Company, phone: Phone):
    mine, theirs, strange = "c" * 64, "d" * 64, "e" * 64

    def put(base, photo, outlet_id=company.outlet_id, **changes) -> str:
        body = {"outlet_id": outlet_id, "fields": {"counter_photo": {"base": base, "mine": photo}}}
        [result] = phone.push(op(phone, "outlet_edit.v1", ("outlet", outlet_id), outlet_id, body, **changes)).json["results"]
        return result["code"]

    assert [put(None, mine, blobs=[mine]), put(mine, theirs, blobs=[theirs])] == ["applied", "applied"]
    assert put(theirs, mine) == "applied"
    assert document(phone, company.outlet_id)["counter_photo"] == mine
    assert put(mine, strange) == "quarantined"
    elsewhere, _ = found(phone, company, {}, [])
    assert put(None, mine, elsewhere) == "quarantined"  # what another outlet's file had is no photo of this one
