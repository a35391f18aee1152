"""The list of complaints by who handles them, and the tiles that lead to it. Happy, who may not, bad input, in both languages."""

import re

from server.clock import now
from server.complaints.actions import assign_complaint
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_complaints import take
from tests.features.test_exports import csv_rows
from tests.sync.conftest import Company, company  # noqa: F401


def assigned(app, company: Company, person_id: str, **changes) -> str:
    """A complaint that needs no call, in somebody's hands; returns its id."""
    complaint_id = take(app, company, needs_call=False, **changes)
    with app.app_context():
        assign_complaint(complaint_id, person_id, "", company.supervisor_id, now())
    return complaint_id


def listed(client, query: str = "") -> list[str]:
    """The ids in the order of the page."""
    return re.findall(r'<th scope="row"><a href="/complaints/([0-9a-f-]{36})', client.get(f"/complaints{query}").text)


def tile_of(client, label: str) -> tuple[str, int]:
    """Where a tile of the start page leads, and what it counts."""
    found = re.search(rf'href="([^"]*)"[^>]*>\s*<span>{label}.*?<b>(\d+)</b>', client.get("/").text, re.DOTALL)
    return found[1].replace("&amp;", "&"), int(found[2])


def test_complaints_are_found_by_who_handles_them(app, company: Company, staff: Staff):
    own, others, free = assigned(app, company, staff.ids["ops"]), assigned(app, company, company.supervisor_id), take(app, company)
    ops = console(app, "ops")
    assert set(listed(ops)) == {own, others, free}
    assert listed(ops, "?assignee=me") == [own] and listed(ops, "?assignee=nobody") == [free]
    assert set(listed(ops, "?assignee=me_or_nobody")) == {own, free}
    assert listed(ops, f"?assignee={company.supervisor_id}") == [others] and listed(console(app, "boss"), "?assignee=me") == [others]
    assert listed(ops, "?assignee=nowhere") == [] and listed(ops, "?assignee=me&kind=other") == []
    assert [row["记录编号"] for row in csv_rows(ops.get("/exports/complaints.csv?assignee=me"))] == [own]


def test_the_filter_by_who_handles_them_stays_and_shows_nobody_more(app, company: Company, staff: Staff):
    assigned(app, company, staff.ids["ops"], outlet_id=staff.far_outlet_id)
    page = console(app, "ops").get("/complaints?assignee=me").text
    for kept in ('href="/complaints?assignee=me&amp;state=resolved"', 'href="/exports/complaints.csv?assignee=me"', '<option value="me" selected>'):
        assert kept in page, kept
    assert 'href="/complaints">清除筛选' in page
    assert listed(console(app, "boss"), f"?assignee={staff.ids['ops']}") == []
    names = re.search(r'<select name="assignee".*?</select>', console(app, "boss").get("/complaints").text, re.DOTALL)[0]
    assert "赵广田" in names and "吴静" in names and "孙涛" not in names and "唐小雨" not in names
    assert untranslated(console(app, "ops", "en").get("/complaints?assignee=me").text) == []


def test_the_start_page_counts_ones_own_complaints_and_those_of_nobody(app, company: Company, staff: Staff):
    own, free = assigned(app, company, staff.ids["ops"]), take(app, company)
    assigned(app, company, company.supervisor_id)
    assigned(app, company, company.rep_id)
    ops = console(app, "ops")
    assert tile_of(ops, "投诉未处理") == ("/complaints?assignee=me_or_nobody", 2)
    assert set(listed(ops, "?assignee=me_or_nobody")) == {own, free}
    assert tile_of(console(app, "rep1"), "投诉未处理") == ("/complaints?assignee=me_or_nobody", 2)
    assert untranslated(console(app, "ops", "en").get("/").text) == []


def test_who_answers_for_a_region_or_the_company_counts_all_that_is_open(app, company: Company, staff: Staff):
    assigned(app, company, staff.ids["ops"])
    take(app, company, outlet_id=staff.far_outlet_id)
    for login, count in (("boss", 1), ("chief", 2), ("root", 2)):
        assert tile_of(console(app, login), "投诉未处理") == ("/complaints", count), login
