"""Who is chosen first when a complaint is assigned, by its kind (RULEBOOK §7)."""

import re

import pytest
from sqlalchemy import delete

from server.db import db
from server.outlets.models import Assignment
from tests.features.browsing import console
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_complaints import take
from tests.sync.conftest import Company, company  # noqa: F401


def chosen_person(page: str) -> list[str]:
    choices = re.search(r'<select name="person_id".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)" selected', choices[0])


@pytest.mark.parametrize(
    ("facts", "login", "chosen"),
    [
        ({}, "ops", "rep1"),
        ({"needs_call": False}, "ops", "ops"),
        ({"needs_call": False}, "chief", ""),
        ({"is_about_rep": True}, "ops", "boss"),
        ({"is_about_rep": True, "needs_call": False}, "boss", "boss"),
    ],
)
def test_whom_the_kind_of_complaint_suggests_is_chosen_first(app, company: Company, staff: Staff, facts, login, chosen):
    complaint_id = take(app, company, **facts)
    ids = staff.ids | {"rep1": company.rep_id, "boss": company.supervisor_id, "": ""}
    page = console(app, login).get(f"/complaints/{complaint_id}").text
    assert chosen_person(page) == ([ids[chosen]] if chosen else [])
    assert page.count("先选了") == bool(chosen)


def test_nobody_is_chosen_for_an_outlet_of_the_pool_and_whoever_has_it_stays_chosen(app, company: Company, staff: Staff):
    in_pool = take(app, company)
    with app.app_context():
        db.session.execute(delete(Assignment).where(Assignment.outlet_id == company.outlet_id))
        db.session.commit()
    ops = console(app, "ops")
    assert chosen_person(ops.get(f"/complaints/{in_pool}").text) == []
    ops.post(f"/complaints/{in_pool}/assignment", data={"person_id": company.other_rep_id})
    page = ops.get(f"/complaints/{in_pool}").text
    assert chosen_person(page) == [company.other_rep_id] and "先选了" not in page
