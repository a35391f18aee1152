"""What the pages of a finding say of wages when its month is closed: the sheet stays, an adjustment puts it right (RULEBOOK §10)."""

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.domain.months import Month
from server.findings.models import Finding
from server.findings.objections import Objection, object_to_finding
from server.policy import actions as policy_actions
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.closed_months import OCT, close
from tests.features.staff import staff  # noqa: F401
from tests.features.test_overtaken_findings import NOVEMBER_21, late_visit, night, upheld_miss
from tests.features.wages import NOVEMBER_2

UPHOLD, DISMISS = ({"decision": decision, "reason": "查过了"} for decision in ("upheld", "dismissed"))
ADJUSTED = "2026-10 已关账，那张工资单不变；有差额的，补记在 2026-11 的工资单。"
NO_MORE = "2026-10 早已关账，工资单只补记最近一年。怎么定都不再改工资，要补请另外办理。"


@pytest.fixture
def missed(app, company, staff):
    """The page of October's miss, which waits for the manager."""
    with app.app_context():
        night(NOVEMBER_2)
        return f"/findings/{db.session.scalars(select(Finding.id).where(Finding.outlet_id == company.outlet_id)).one()}"


def close_october(app, staff):
    with app.app_context():
        close(OCT, staff.ids["chief"], NOVEMBER_2)


def closed_until(monkeypatch, month):
    monkeypatch.setattr(policy_actions, "closed_readers", [lambda: month])


def decided(app, page, form):
    return console(app, "chief").post(f"{page}/decision", data=form, follow_redirects=True).text


def test_a_finding_of_an_open_month_enters_its_sheet(app, missed):
    assert "认定后进 2026-10 的工资单" in console(app, "chief").get(missed).text
    assert "已认定，那个月的工资单会扣。" in decided(app, missed, UPHOLD)


@pytest.mark.parametrize(("form", "said"), [(UPHOLD, "已认定。"), (DISMISS, "已不予认定。")])
def test_a_finding_of_a_closed_month_becomes_an_adjustment_of_the_first_open_one(app, missed, staff, form, said):
    close_october(app, staff)
    assert ADJUSTED in console(app, "chief").get(missed).text
    assert said + ADJUSTED in decided(app, missed, form)


def test_what_is_taken_back_in_a_closed_month_becomes_an_adjustment(app, company, staff, add_visit):
    with app.app_context():
        page = f"/findings/{upheld_miss(company, add_visit, staff.ids['chief'])}"
    close_october(app, staff)
    with app.app_context():
        late_visit(company, add_visit)
        night(NOVEMBER_21)
    assert ADJUSTED in console(app, "chief").get(page).text
    assert "已撤回认定。" + ADJUSTED in decided(app, page, DISMISS)


@pytest.mark.parametrize(("closed", "words"), [(Month(2027, 9), "补记在 2027-10 的工资单。"), (Month(2027, 10), NO_MORE)])
def test_a_month_closed_over_a_year_ago_is_not_put_right_and_the_page_says_so(app, missed, monkeypatch, closed, words):
    closed_until(monkeypatch, closed)
    assert words in console(app, "chief").get(missed).text
    assert words in decided(app, missed, UPHOLD)


def test_the_form_that_answers_an_objection_says_so_too(app, company, missed, staff, monkeypatch):
    assert "认定" in decided(app, missed, UPHOLD)
    with app.app_context():
        object_to_finding(missed.rsplit("/", 1)[1], Objection(uuid7(), "那天店里关门。", (), now()), company.rep_id, now())
    page = console(app, "chief").get(missed).text
    assert "采纳，不予认定" in page and "不予认定后，2026-10 的试算在夜间核对时重算。" in page
    closed_until(monkeypatch, Month(2027, 10))
    assert NO_MORE in console(app, "chief").get(missed).text


def test_the_page_of_a_closed_month_has_english(app, missed, monkeypatch):
    for closed in (Month(2026, 10), Month(2027, 10)):
        closed_until(monkeypatch, closed)
        assert untranslated(console(app, "chief", "en").get(missed).text) == []
