"""What phones hold of complaints, and that one about the rep reaches none before it was investigated."""

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.feed.clock import FeedEntry, touch
from server.feed.models import SyncFeed
from server.outlets.duplicates import merge_outlets
from tests.features.complaint_papers import assign, handled, investigate, resolve, take
from tests.features.papers import (
    days_ago,
    documents,
    gone,
    night,
    to_send_again,
)
from tests.features.staff import Staff, picture, sha256, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401


def test_a_phone_receives_the_complaints_of_its_outlets(app, company: Company, phone: Phone, other_phone: Phone):
    complaint_id = take(app, company)
    document = {
        "id": complaint_id,
        "outlet_id": company.outlet_id,
        "kind": "settlement",
        "state": "received",
        "received_on": "2026-11-18",
        "due_on": "2026-11-23",
        "complainant": "王秀兰",
        "phone": "13800000217",
        "account": "到账慢",
        "demand": "查清原因",
        "verdict": "",
        "investigation": "",
        "handling": "",
        "assigned_to_id": None,
        "assigned_to_name": "",
        "feedback_result": "",
        "feedback_speed": "",
        "resolved_on": None,
    }
    assert documents(phone, "complaint") == {complaint_id: document}
    assert documents(other_phone, "complaint") == {}
    assert night(app, "complaint") == 0
    _, cursor = phone.pull()
    phone.push(handled(phone, company.outlet_id, complaint_id))
    changed = {"state": "resolved", "verdict": "unfounded", "investigation": "银行对账延迟", "handling": "已说明", "resolved_on": "2026-11-24"}
    changed |= {"assigned_to_id": company.rep_id, "assigned_to_name": "赵广田", "feedback_result": "satisfied", "feedback_speed": "fair"}
    assert documents(phone, "complaint", cursor) == {complaint_id: document | changed}


def test_a_complaint_about_the_rep_reaches_no_phone_before_it_was_investigated(app, company: Company, phone: Phone):
    complaint_id = take(app, company, is_about_rep=True)
    assign(app, complaint_id, company.supervisor_id)
    events, cursor = phone.pull()
    assert complaint_id not in str(events)
    assert to_send_again(phone) == []
    assert night(app, "complaint") == 0
    scope = f"outlet:{company.outlet_id}"
    again = phone.post("pull", client_id=phone.client_id, cursor=cursor, page=None, view_v=1, limit_bytes=256_000, again=[scope]).json["events"]
    assert {"e": "begin", "scope": scope} in again
    assert complaint_id not in str(again)
    with app.app_context():
        assert list(db.session.scalars(select(SyncFeed.entity_id).where(SyncFeed.entity_type == "complaint"))) == []


@pytest.mark.parametrize("verdict", ["founded", "unfounded"])
def test_a_complaint_about_the_rep_reaches_the_phone_once_it_was_investigated(app, company: Company, phone: Phone, verdict):
    complaint_id = take(app, company, is_about_rep=True)
    cursor = phone.pull()[1]
    investigate(app, company, complaint_id, verdict)
    assert documents(phone, "complaint", cursor)[complaint_id]["verdict"] == verdict
    assert list(documents(phone, "complaint")) == [complaint_id]
    assert (to_send_again(phone), night(app, "complaint")) == ([], 0)


def test_a_hidden_complaint_in_the_feed_has_no_document_and_is_taken_out_at_night(app, company: Company, phone: Phone):
    """As releases before this one stamped them."""
    complaint_id = take(app, company, is_about_rep=True)
    with app.app_context():
        touch(db.session, FeedEntry("complaint", complaint_id, f"outlet:{company.outlet_id}"))
        db.session.commit()
    assert documents(phone, "complaint") == {}
    assert night(app, "complaint") == 1
    assert complaint_id not in str(phone.pull()[0])
    assert to_send_again(phone) == []


def test_a_hidden_complaint_of_a_merged_outlet_stays_hidden(app, company: Company, phone: Phone):
    complaint_id, shown_id = take(app, company, is_about_rep=True), take(app, company)
    cursor = phone.pull()[1]
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert complaint_id not in str(phone.pull(cursor)[0])
    moved = documents(phone, "complaint")
    assert {key: one["outlet_id"] for key, one in moved.items()} == {shown_id: company.second_outlet_id}


def test_resolved_complaints_leave_the_phones_after_ninety_days(app, company: Company, phone: Phone):
    received = days_ago(100)
    kept, old, waiting = (take(app, company, received_on=received) for _ in range(3))
    for complaint_id, day in ((kept, days_ago(90)), (old, days_ago(91))):
        investigate(app, company, complaint_id)
        resolve(app, company, complaint_id, day)
    cursor = phone.pull()[1]
    assert night(app, "complaint") == 1
    assert gone(phone, "complaint", cursor) == {old}
    assert set(documents(phone, "complaint")) == {kept, waiting}
