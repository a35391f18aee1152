"""Wage pages: who opens which, every kind of line down to photo and signature, closing."""

from datetime import date

import pytest

from server.clock import now
from server.db import db
from server.domain.months import Month
from server.jobs.nightly import run_nightly
from server.outlets.actions import assign_outlets
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.payroll.models import WageMonth
from server.payroll.volumes import may_see_volume
from server.policy.actions import set_policy
from tests.features.browsing import console, links, untranslated
from tests.features.conftest import noon, stored_file
from tests.features.rich_sheet import NOV, rich  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_payroll_facts import complaint
from tests.features.wages import DECEMBER_2, NOVEMBER, lines_of, person_of, sheet_of, upheld
from tests.statements import statements


def test_every_kind_of_line_opens_its_records(app, company, rich):
    client = console(app, "chief")
    expected = {
        "base": "/calendar",
        "award_complaints": "/complaints",
        "new_customers": f"/outlets/{company.outlet_id}",
        "volume": f"/outlets/{company.outlet_id}/volume/2026-11",
        "award_trainings": "/trainings/",
        "award_visits": "/visits/",
        "deduct_churned": "/findings/",
        "deduct_inaccurate_file": "/findings/",
    }
    assert set(expected) == set(in_app(app, lambda: lines_of(company.rep_id)))
    for kind, address in expected.items():
        page = client.get(f"{rich}?open={kind}").text
        found = links(opened_part(page), address)
        assert found, kind
        assert client.get(found[0].replace("&amp;", "&")).status_code == 200, found[0]


def opened_part(page):
    """What stands behind the opened line."""
    [opened] = page.split('<tr class="more">')[1:]
    return opened.partition("</tr>")[0]


def in_app(app, read):
    with app.app_context():
        return read()


def test_the_second_tap_of_a_visit_award_shows_photo_and_signature(app, rich):
    client = console(app, "payer")
    opened = opened_part(client.get(f"{rich}?open=award_visits").text)  # the first tap opened the line
    visit = client.get(links(opened, "/visits/")[0])  # the second the visit
    pictures = {part[:64] for part in visit.text.split("/photos/")[1:]}
    with app.app_context():
        assert {stored_file("photo"), stored_file("signature")} <= pictures


def test_the_line_says_how_it_was_reckoned(app, rich):
    page = console(app, "chief").get(f"{rich}?open=new_customers").text
    assert "（1,800.00 − 800.00）× 3‰" in page
    assert "1 户 × 10.00 元；另 1 户没有计入" in page
    assert "缺电话" in page
    assert "计划 2 次，计入 2 次；2 个网点里 2 个巡够" in page


def test_an_award_that_was_lost_shows_what_cost_it(app, company, rich):
    with app.app_context():
        complaint(company.outlet_id, date(2026, 11, 5))
        draft_month(NOV, noon(DECEMBER_2))
    page = console(app, "chief").get(f"{rich}?open=award_complaints").text
    assert "1 件投诉" in page and links(page, "/complaints/")


def test_an_estimate_is_marked(app, company, rich):
    with app.app_context():
        draft_month(NOV, noon(date(2026, 11, 20)))
    assert "估算" in console(app, "rep1").get(rich).text


def test_adjustments_name_their_month(app, company, staff, rich):
    with app.app_context():
        close_month(NOV, "先关", staff.ids["chief"], noon(DECEMBER_2))
        upheld(company.rep_id, staff.ids["chief"], on=date(2026, 12, 3), kind="inadequate_training", outlet_id=company.outlet_id)
        draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    page = console(app, "rep1").get(f"/payroll/2026-12/{company.rep_id}?open=2026-11-deduct_inadequate_training").text
    assert "补记 2026年11月 · 考核 · 培训不到位" in page and links(page, "/findings/")


def test_a_rep_sees_the_own_sheet_only(app, company, rich):
    assert console(app, "rep1").get(rich).status_code == 200
    assert console(app, "rep2").get(rich).status_code == 404
    assert console(app, "boss").get(rich).status_code == 404
    for path in (f"{rich}/print", f"{rich}/steps"):
        assert console(app, "rep2").open(path, method="POST" if path.endswith("steps") else "GET").status_code == 404


def test_a_rep_who_gave_an_outlet_away_still_sees_its_volume_behind_the_own_line(app, company, rich):
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 12, 1), company.supervisor_id, noon(DECEMBER_2))
        seen = {
            (login, month): may_see_volume([company.outlet_id], month, person_of(login), DECEMBER_2) == {company.outlet_id}
            for login in ("rep1", "rep2", "farrep", "payer", "boss")
            for month in (NOV, Month(2026, 12))
        }
    hidden = {key for key, is_seen in seen.items() if not is_seen}
    assert hidden == {("rep1", Month(2026, 12)), ("farrep", NOV), ("farrep", Month(2026, 12))}
    assert console(app, "farrep").get(f"/outlets/{company.outlet_id}/volume/2026-11").status_code == 404


@pytest.mark.parametrize("login", ["chief", "payer", "root", "rep1"])
def test_wage_pages_in_english_have_no_chinese_but_data(app, company, staff, rich, login):
    client = console(app, login, "en")
    paths = [
        rich,
        f"{rich}?open=volume",
        f"{rich}?open=new_customers",
        f"{rich}/print",
        "/payroll/2026-11",
        "/payroll/kinds",
        "/payroll/2026-11/closing",
    ]
    paths += ["/policy", "/policy?open=wage.base_yuan", "/calendar", "/findings/new", f"/outlets/{company.outlet_id}/volume/2026-11"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 302, 403), path
        assert untranslated(answer.text) == [], path
        assert "style=" not in answer.text, path


def test_the_month_is_closed_by_the_manager_with_a_reason(app, company, staff, rich):
    client = console(app, "chief")
    page = client.get("/payroll/2026-11/closing")
    assert "月底的还没有导入" in page.text
    refused = client.post("/payroll/2026-11/closing", data={"reason": ""})
    assert refused.status_code == 422  # November is not over yet in these tests, or a reason is wanted
    assert client.post("/payroll/2026-13/closing").status_code == 404


def closed(app, staff):
    with app.app_context():
        close_month(NOV, "交易明细下周才到", staff.ids["chief"], noon(DECEMBER_2))


def test_a_closed_month_shows_who_closed_it_and_its_seal(app, staff, rich):
    closed(app, staff)
    with app.app_context():
        seal = db.session.get_one(WageMonth, NOVEMBER).seal
    page = console(app, "payer").get("/payroll/2026-11/closing").text
    assert seal in page and "交易明细下周才到" in page and "郑怀远" in page
    again = console(app, "chief").post("/payroll/2026-11/closing", data={"reason": "x"})
    assert again.status_code == 409


@pytest.mark.parametrize("login", ["payer", "root", "rep1", "boss", "ops"])
def test_only_the_manager_closes(app, staff, rich, login):
    assert console(app, login).post("/payroll/2026-11/closing", data={"reason": "x"}).status_code == 403


def test_an_open_month_is_closed_on_the_page(app, company, staff, rich, monkeypatch):
    monkeypatch.setattr("server.payroll.close_routes.now", lambda: noon(DECEMBER_2))
    client = console(app, "chief")
    refused = client.post("/payroll/2026-11/closing", data={"reason": " "})
    assert refused.status_code == 422 and "这里要填" in refused.text
    assert client.post("/payroll/2026-11/closing", data={"reason": "先关"}).status_code == 302
    assert in_app(app, lambda: sheet_of(company.rep_id).state) == "closed"


def test_pages_read_with_few_queries(app, company, rich):
    from tests.features.test_console_pages import MOST_QUERIES

    client = console(app, "chief")
    with statements(app) as asked:
        for path in (
            rich,
            f"{rich}?open=volume",
            f"{rich}?open=deduct_churned",
            f"{rich}/print",
            "/payroll/2026-11",
            "/payroll/2026-11/closing",
            "/payroll/kinds",
            "/policy",
        ):
            asked.clear()
            assert client.get(path).status_code == 200, path
            assert len(asked) <= MOST_QUERIES + 4, (path, asked)


def test_the_night_draws_the_sheets_and_set_policy_changes_them(app, company, staff, rich):
    with app.app_context():
        set_policy("wage.base_yuan", "1300", date(2026, 11, 1), "调整", staff.ids["chief"], now())
        run_nightly(date(2026, 12, 2), noon(DECEMBER_2))
        assert lines_of(company.rep_id)["base"] == "1300.00"
