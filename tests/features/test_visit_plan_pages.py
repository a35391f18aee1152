"""The pages of the visit plan and of the forecast: happy, who may not, bad input, twice, in both languages."""

import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.console import paging
from server.db import db
from server.domain.months import Month
from server.domain.working_days import is_working_day
from server.leaves.actions import WantedLeave, set_leave
from server.outlets.models import Outlet
from server.people.models import Person
from server.policy.queries import working_years
from server.visits import home, plan_views
from server.visits.adherence import refresh_plan_days
from server.visits.compliance import refresh_outlet_months
from server.visits.models import OutletMonth
from server.visits.plan_counts import planned_and_passed, planned_this_week
from server.visits.plan_days import working_days_left
from server.visits.plan_models import MissForecast, PlanDay, PlannedVisit
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

THIS_MONTH = Month.of_date(today())
LAST_DAY = THIS_MONTH.last_day
FORETOLD = [("计划", "2"), ("还差次数", "2"), ("来不及了", "1"), ("可能漏巡", "1")]


def planned(app):
    with app.app_context():
        return sorted(tuple(row) for row in db.session.execute(select(PlannedVisit.outlet_id, PlannedVisit.planned_on)))


def add(client, outlet_id, day=LAST_DAY):
    """Also on a day off, which is confirmed at once."""
    return client.post("/visit-plans", data={"outlet_id": outlet_id, "planned_on": str(day), "anyway": str(day)})


def test_a_supervisor_sets_a_day_sees_it_and_takes_it_back(app, company: Company):
    boss = console(app, "boss")
    assert add(boss, company.outlet_id).headers["Location"] == f"/visit-plans?month={THIS_MONTH}"
    page = boss.get(f"/visit-plans?month={THIS_MONTH}").text
    assert "网点 CD-1" in page and "待巡检" in page and "赵广田" in page
    assert add(boss, company.outlet_id).status_code == 302
    assert planned(app) == [(company.outlet_id, LAST_DAY)]
    taken = f"/visit-plans/{company.outlet_id}/{LAST_DAY}/removal"
    assert boss.post(taken).status_code == 302
    assert planned(app) == []
    assert boss.post(taken).status_code == 409


def test_a_day_planned_at_an_outlet_is_shown_up_to_the_month_in_which_it_churned(app, company: Company):
    boss, month = console(app, "boss"), THIS_MONTH
    add(boss, company.outlet_id)
    for churned_on, is_shown in ((month.first_day, True), (month.previous().last_day, False)):
        with app.app_context():
            db.session.get_one(Outlet, company.outlet_id).churned_on = churned_on
            db.session.commit()
            refresh_plan_days(month, noon(month.next().first_day))
            db.session.commit()
            assert bool(db.session.scalars(select(PlanDay.day)).all()) == is_shown
            reader = db.session.get_one(Person, company.supervisor_id)
            assert db.session.scalar(select(planned_and_passed(reader, LAST_DAY) + planned_this_week(reader, LAST_DAY))) == is_shown
        for path in (f"/visit-plans?month={month}", f"/visit-plans?month={month}&rep={company.rep_id}"):
            assert (f"v-{company.outlet_id}" in boss.get(path).text or "网点 CD-1" in boss.get(path).text) == is_shown, path


def test_compliance_names_a_plan_of_more_than_is_owed(app, company: Company):
    boss, month = console(app, "boss"), THIS_MONTH.next()
    add(boss, company.outlet_id, month.first_day)
    assert "计划 " not in boss.get(f"/compliance?month={month}").text
    add(boss, company.outlet_id, month.last_day)
    assert "计划 2" in boss.get(f"/compliance?month={month}").text


def test_the_form_asks_for_an_outlet_and_then_for_its_day(app, company: Company):
    boss = console(app, "boss")
    assert "网点 CD-1" in boss.get("/visit-plans/new?q=CD-1").text
    assert 'name="planned_on"' in boss.get(f"/visit-plans/new?outlet={company.outlet_id}").text


@pytest.mark.parametrize(
    ("day", "words"), [("", "日期"), ("2026-13-01", "日期"), pytest.param(str(today() - timedelta(days=1)), "这一天已经过去", id="yesterday")]
)
def test_a_day_with_a_fault_is_said_and_not_set(app, company: Company, day, words):
    answer = add(console(app, "boss"), company.outlet_id, day)
    assert answer.status_code == 422 and words in answer.text
    assert planned(app) == []


def test_days_are_set_and_moved_up_to_the_end_of_next_year(app, company: Company):
    boss, last, words = console(app, "boss"), date(today().year + 1, 12, 31), "最远排到明年年底，看看年份写对没有。"
    assert add(boss, company.outlet_id, last).status_code == 302
    for far in (last + timedelta(days=1), date.max):
        answers = add(boss, company.outlet_id, far), boss.post(f"/visit-plans/{company.outlet_id}/{last}/move", data={"planned_on": str(far)})
        assert [answer.status_code for answer in answers] == [422, 422] and words in answers[0].text, far
    assert planned(app) == [(company.outlet_id, last)]


def test_who_may_set_days(app, company: Company, staff: Staff):
    for login in ("rep1", "chief", "ops"):
        assert add(console(app, login), company.outlet_id).status_code == 403
        assert console(app, login).post(f"/visit-plans/{THIS_MONTH}/proposal", data={"rep": company.rep_id}).status_code == 403
    farboss = console(app, "farboss")
    assert add(farboss, company.outlet_id).status_code == 404
    assert farboss.post(f"/visit-plans/{company.outlet_id}/{LAST_DAY}/removal").status_code == 404
    assert farboss.post(f"/visit-plans/{THIS_MONTH}/proposal", data={"rep": company.rep_id}).status_code == 404
    assert planned(app) == []


def test_a_supervisor_lets_the_software_propose_next_month(app, company: Company):
    boss, month = console(app, "boss"), THIS_MONTH.next()
    for _ in range(2):
        answer = boss.post(f"/visit-plans/{month}/proposal", data={"rep": company.rep_id})
        assert answer.headers["Location"] == f"/visit-plans?month={month}&rep={company.rep_id}"
    found = planned(app)
    assert [outlet_id for outlet_id, _ in found] == sorted([company.outlet_id, company.second_outlet_id])
    assert all(Month.of_date(day) == month for _, day in found)
    assert boss.post(f"/visit-plans/{THIS_MONTH.previous()}/proposal", data={"rep": company.rep_id}).status_code == 422
    assert boss.post("/visit-plans/nothing/proposal", data={"rep": company.rep_id}).status_code == 404


def foretell(app, company: Company, *outlooks):
    with app.app_context():
        refresh_outlet_months(THIS_MONTH, now())
        for outlet_id, outlook, reason in outlooks:
            row = MissForecast(outlet_id=outlet_id, month=str(THIS_MONTH), rep_id=company.rep_id, outlook=outlook, reason=reason, needed=1)
            db.session.add(row)
        db.session.commit()


def test_the_start_page_of_who_leads_others_names_the_reps_whose_month_may_miss_visits(app, company: Company, staff: Staff):
    assert "月底漏巡预测" not in console(app, "boss").get("/").text
    foretell(app, company, (company.outlet_id, "certain", "days"), (company.second_outlet_id, "at_risk", "pace"))
    for login, sees in (("boss", True), ("chief", True), ("farboss", False), ("rep1", False), ("ops", False), ("payer", False)):
        client = console(app, login)
        with statements(app) as asked:
            page = client.get("/").text
        assert len(asked) <= 13, (login, asked)  # a BEGIN is counted too
        table = page.partition("月底漏巡预测</h2>")[2].partition("</section>")[0]
        assert (re.findall(r'data-l="([^"]+)">(\d+)<', table), "赵广田" in table) == (FORETOLD if sees else [], sees), login
    assert untranslated(console(app, "boss", "en").get("/").text) == []


@pytest.mark.parametrize(("most", "names"), [(7, ["赵广田", "孙涛"]), (1, ["赵广田"])])
def test_the_start_page_names_as_many_reps_as_fit_the_worst_first(app, company: Company, staff: Staff, monkeypatch, most, names):
    monkeypatch.setattr(home, "MOST_REPS", most)
    foretell(app, company, (company.outlet_id, "at_risk", "pace"), (company.second_outlet_id, "at_risk", "pace"))
    with app.app_context():
        of_month = {"month": str(THIS_MONTH), "outlet_id": staff.far_outlet_id, "rep_id": staff.ids["farrep"]}
        if db.session.get(OutletMonth, (staff.far_outlet_id, str(THIS_MONTH))) is None:
            counts = {"outlet_class": "C", "owed": 1, "planned": 1, "counted": 0, "waiting": 0, "state": "due", "visit_ids": [], "policy_version": 1}
            db.session.add(OutletMonth(**of_month, **counts))
        db.session.add(MissForecast(**of_month, outlook="certain", reason="days", needed=1))
        db.session.commit()
    table = console(app, "chief").get("/").text.partition("月底漏巡预测</h2>")[2].partition("</section>")[0]
    assert re.findall(r'open=[^"]+" translate="no">([^<]+)<', table) == names


def test_the_forecast_sums_yuan_by_rep_and_opens_to_the_outlets(app, company: Company):
    foretell(app, company, (company.outlet_id, "certain", "days"), (company.second_outlet_id, "at_risk", "pace"))
    boss = console(app, "boss")
    page = boss.get("/compliance/forecast").text
    assert "120.00" in page and "20.00" in page and "网点 CD-1" not in page
    page = boss.get(f"/compliance/forecast?open={company.rep_id}").text
    assert page.index("网点 CD-1") < page.index("网点 CD-2")
    assert "剩下的天数不够了" in page and "照这个月到现在的速度巡不完" in page
    assert "/compliance/forecast" in boss.get("/compliance").text
    assert "/compliance/forecast" not in boss.get(f"/compliance?month={THIS_MONTH.previous()}").text


@pytest.mark.parametrize(("days_before", "yuan"), [(0, "120.00"), (1, "0.00")])
def test_who_leaves_before_the_months_last_day_loses_no_yuan(app, company: Company, days_before, yuan):
    foretell(app, company, (company.outlet_id, "certain", "days"))
    with app.app_context():
        db.session.get_one(Person, company.rep_id).ends_on = THIS_MONTH.last_day - timedelta(days=days_before)
        db.session.commit()
    page = console(app, "boss").get("/compliance/forecast").text
    assert re.findall(r'data-l="来不及了">(\d+)<', page) == ["1"]
    assert re.findall(r'data-l="确定少得（元）">([0-9.]+)<', page) == [yuan, yuan]


def test_nobody_sees_the_forecast_of_outlets_out_of_reach(app, company: Company, staff: Staff):
    foretell(app, company, (company.outlet_id, "certain", "days"))
    for login in ("farboss", "rep2"):
        page = console(app, login).get(f"/compliance/forecast?open={company.rep_id}").text
        assert "网点 CD-1" not in page and "赵广田" not in page
    assert "网点 CD-1" in console(app, "rep1").get(f"/compliance/forecast?open={company.rep_id}").text


def test_the_pages_have_english(app, company: Company):
    foretell(app, company, (company.outlet_id, "certain", "days"))
    add(console(app, "boss"), company.outlet_id)
    with app.app_context():
        db.session.add(PlanDay(rep_id=company.rep_id, day=THIS_MONTH.first_day, planned=2, on_day=1, in_month=1))
        db.session.commit()
    boss = console(app, "boss", "en")
    addresses = (f"/compliance/forecast?open={company.rep_id}", f"/visit-plans?rep={company.rep_id}", f"/visit-plans/new?outlet={company.outlet_id}")
    for address in addresses:
        answer = boss.get(address)
        assert (answer.status_code, untranslated(answer.text)) == (200, [])


def test_a_long_plan_goes_on_on_the_next_page(app, company: Company, monkeypatch):
    for owner in (paging, plan_views):
        monkeypatch.setattr(owner, "PAGE_ROWS", 20)
    month = THIS_MONTH.next()
    with app.app_context():
        for outlet_id in (company.outlet_id, company.second_outlet_id):
            for number in range(28):
                day = month.first_day + timedelta(days=number)
                db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=day, made_by_id=company.supervisor_id, made_at=now()))
        db.session.commit()
    boss, address, days, pages = console(app, "boss"), f"/visit-plans?month={month}", 0, 0
    while address:
        page = boss.get(address).text
        days, pages = days + page.count("/removal"), pages + 1
        following = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert (days, pages) == (56, 3)


def test_pages_of_the_plan_go_by_day_and_code_within_reach(app, company: Company, staff: Staff, monkeypatch):
    """Over a day of another region's, and on within a day, with none twice and none left out."""
    for owner in (paging, plan_views):
        monkeypatch.setattr(owner, "PAGE_ROWS", 2)
    month, ids = THIS_MONTH.next(), {"CD-1": company.outlet_id, "CD-2": company.second_outlet_id, "CX-1": staff.far_outlet_id}
    at_days = [("CD-2", 1), ("CD-1", 1), ("CX-1", 1), ("CX-1", 2), ("CD-2", 3), ("CX-1", 3), ("CD-1", 4), ("CD-2", 4), ("CD-1", 5), ("CX-1", 6)]
    with app.app_context():
        for code, number in at_days:
            day = month.first_day + timedelta(days=number - 1)
            db.session.add(PlannedVisit(outlet_id=ids[code], planned_on=day, made_by_id=company.supervisor_id, made_at=now()))
        db.session.commit()
    assert plan_pages(app, "boss", month, ids) == [["CD-1 1", "CD-2 1"], ["CD-2 3", "CD-1 4"], ["CD-2 4", "CD-1 5"]]
    assert plan_pages(app, "farboss", month, ids) == [["CX-1 1", "CX-1 2"], ["CX-1 3", "CX-1 6"]]
    assert plan_pages(app, "chief", month, ids)[:3] == [["CD-1 1", "CD-2 1"], ["CX-1 1", "CX-1 2"], ["CD-2 3", "CX-1 3"]]
    assert plan_pages(app, "rep2", month, ids) == [[]]
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).removed_at = now()
        db.session.commit()
    assert plan_pages(app, "boss", month, ids) == [["CD-2 1", "CD-2 3"], ["CD-2 4"]]


def plan_pages(app, login, month, ids):
    """What each page of the list shows, as code and day."""
    codes, pages, after = {outlet_id: code for code, outlet_id in ids.items()}, [], ""
    with app.app_context():
        reader = db.session.scalar(select(Person).where(Person.login == login))
        while after is not None:
            table = plan_views.plan_table(reader, month, "", after, today())
            pages.append([f"{codes[row.outlet_id]} {row.planned_on.day}" for row in table.rows])
            after = table.next_key
    return pages


def test_the_sums_of_a_month_hold_more_days_than_are_listed(app, company: Company, monkeypatch):
    monkeypatch.setattr(plan_views, "PAGE_ROWS", 2)
    month = THIS_MONTH.previous()
    with app.app_context():
        for number in range(3):
            day = month.first_day + timedelta(days=number)
            db.session.add(PlanDay(rep_id=company.rep_id, day=day, planned=5, on_day=3, in_month=1))
        db.session.commit()
    assert "15 次，当天到店 9 次，另一天到店 3 次" in console(app, "boss").get(f"/visit-plans?month={month}").text


def working_day(month: Month) -> date:
    return next(day for day in (month.first_day + timedelta(days=step) for step in range(12)) if is_working_day(day, working_years()))


def test_two_clicks_from_compliance_put_an_outlet_into_the_plan(app, company: Company):
    boss, month = console(app, "boss"), THIS_MONTH.next()
    with app.app_context():
        refresh_outlet_months(month, now())
        db.session.commit()
        day = working_day(month)
    came_from = f"/compliance?month={month}&class=C&rep={company.rep_id}"
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="(/visit-plans/new[^"]*)"', boss.get(came_from).text)]
    assert len(links) == 2 and f"outlet={company.outlet_id}" in links[0]
    form = boss.get(links[0]).text
    assert "网点 CD-1" in form and f'value="{day}"' in form
    action = re.search(r'action="(/visit-plans\?[^"]*)"', form)[1].replace("&amp;", "&")
    answer = boss.post(action, data={"outlet_id": company.outlet_id, "planned_on": str(day)})
    assert answer.headers["Location"] == came_from
    page = boss.get(came_from).text
    assert "网点 CD-1 排在" in page and "已排 " in page and page.count("/visit-plans/new") == 1


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example"])
def test_nobody_is_sent_elsewhere_after_planning(app, company: Company, back):
    data = {"outlet_id": company.outlet_id, "planned_on": str(LAST_DAY), "anyway": str(LAST_DAY)}
    answer = console(app, "boss").post("/visit-plans", query_string={"back": back}, data=data)
    assert answer.headers["Location"] == f"/visit-plans?month={THIS_MONTH}"


def test_the_day_offered_is_one_on_which_the_rep_works_and_has_not_planned_the_outlet(app, company: Company):
    boss, month = console(app, "boss"), THIS_MONTH.next()
    with app.app_context():
        days = working_days_left(None, month.first_day, month)
        set_leave(WantedLeave(company.rep_id, month.first_day, days[1], None, ""), company.supervisor_id, now())
        db.session.commit()
    add(boss, company.outlet_id, days[2])
    for outlet_id, day in ((company.outlet_id, days[3]), (company.second_outlet_id, days[2])):
        assert f'value="{day}"' in boss.get(f"/visit-plans/new?outlet={outlet_id}&month={month}").text
    asked = boss.get(f"/visit-plans?month={month}&rep={company.rep_id}").text
    assert f'href="/visit-plans/new?month={month}&amp;rep={company.rep_id}"' in asked


def test_an_outlet_is_planned_from_its_page_its_panel_and_the_forecast(app, company: Company, staff: Staff):
    foretell(app, company, (company.outlet_id, "certain", "days"))
    forecast, panel = f"/compliance/forecast?open={company.rep_id}", {"HX-Request": "true", "HX-Current-URL": "http://localhost/visits/map?class=B"}

    def ways(login):
        client = console(app, login)
        answers = (client.get(f"/outlets/{company.outlet_id}"), client.get(f"/outlets/{company.outlet_id}", headers=panel), client.get(forecast))
        return [unquote(found[1]) for answer in answers for found in re.finditer(r'href="/visit-plans/new[^"]*back=([^"&]*)', answer.text)]

    assert ways("boss") == [f"/outlets/{company.outlet_id}", "/visits/map?class=B", forecast]
    assert ways("rep1") == ways("chief") == []
