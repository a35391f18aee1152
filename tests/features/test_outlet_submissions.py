"""Outlet files submitted by phones: once, late, by a stranger, in another shape."""

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.db import db
from server.outlets.actions import assign_outlets
from server.outlets.models import OutletStep
from sync.ids import uuid7
from tests.features.browsing import console
from tests.features.outlet_files import REASON, decide, draft_id, op, state_of, submit, submitted_id  # noqa: F401
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
