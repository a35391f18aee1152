"""Upheld findings that facts have overtaken, on the console's pages. Happy, who may not, bad input, twice."""

import pytest

from server.db import db
from server.people.models import PersonRole, Role
from tests.features.browsing import console, untranslated
from tests.features.staff import staff  # noqa: F401
from tests.features.test_overtaken_findings import NOVEMBER_21, late_visit, night, upheld_miss

LIST = "/findings?state=overtaken"
TAKE_BACK = {"decision": "dismissed", "reason": "巡检补到了"}


@pytest.fixture
def overtaken(app, company, staff, add_visit):
    """The page of a miss of October that a late visit has overtaken."""
    with app.app_context():
        finding_id = upheld_miss(company, add_visit, staff.ids["chief"])
        late_visit(company, add_visit)
        night(NOVEMBER_21)
    return f"/findings/{finding_id}"


def test_the_manager_finds_it_and_takes_it_back_once(app, overtaken):
    chief = console(app, "chief")
    assert overtaken in chief.get(LIST).text and "认定后有变" in chief.get("/").text
    page = chief.get(overtaken).text
    assert "已经不支持这一件" in page and "撤回，不予认定" in page and "维持认定" in page
    assert chief.post(f"{overtaken}/decision", data=TAKE_BACK | {"reason": " "}).status_code == 422
    taken = chief.post(f"{overtaken}/decision", data=TAKE_BACK, follow_redirects=True)
    assert "已撤回认定" in taken.text and "撤回，不予认定" not in taken.text
    assert chief.post(f"{overtaken}/decision", data=TAKE_BACK).status_code == 409
    assert "没有认定后有变的事项" in chief.get(LIST).text


def test_the_manager_keeps_it(app, overtaken):
    kept = console(app, "chief").post(f"{overtaken}/decision", data={"decision": "upheld", "reason": "照片是别的店"}, follow_redirects=True)
    assert "已维持认定，工资单不变。" in kept.text and "维持认定</button>" not in kept.text


@pytest.mark.parametrize("login", ["boss", "payer", "root", "rep1", "farboss"])
def test_nobody_else_takes_it_back(app, overtaken, login):
    client = console(app, login)
    assert client.post(f"{overtaken}/decision", data=TAKE_BACK).status_code == 403
    assert "撤回，不予认定" not in client.get(overtaken).text


def test_the_person_concerned_takes_nothing_back_but_may_object(app, company, overtaken):
    with app.app_context():
        db.session.add(PersonRole(person_id=company.rep_id, role=Role.MANAGER))
        db.session.commit()
    client = console(app, "rep1")
    page = client.get(overtaken).text
    assert "撤回，不予认定" not in page and "由另一位经理认定和答复" in page
    assert client.post(f"{overtaken}/decision", data=TAKE_BACK).status_code == 403


def test_its_pages_have_english(app, overtaken):
    chief = console(app, "chief", "en")
    for path in (LIST, overtaken, "/", "/payroll/2026-11/closing"):
        assert untranslated(chief.get(path).text) == []
