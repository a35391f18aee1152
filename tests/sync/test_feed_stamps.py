"""What a commit stamps in the feed."""

from datetime import date

from server.clock import now
from server.feed.audit import feed_differences
from server.outlets.actions import assign_outlets


def test_an_outlet_stays_on_phones_when_it_changes_hands_twice_in_a_day(app, company, phone, other_phone):
    with app.app_context():
        for person_id in (company.other_rep_id, company.rep_id, company.other_rep_id):
            assign_outlets([company.outlet_id], person_id, date(2026, 11, 24), company.supervisor_id, now())
        assert feed_differences() == []
    events, _ = other_phone.pull()
    assert company.outlet_id in {event["id"] for event in events if event["e"] == "put" and event["type"] == "outlet"}
    assert company.outlet_id not in {event["id"] for event in phone.pull()[0] if event["e"] == "put" and event["type"] == "outlet"}
