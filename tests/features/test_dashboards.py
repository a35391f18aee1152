"""The dashboard: what the night adds up says what the compliance list says, for whom it may; drawn to scale, in words, with few queries."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from server.clock import today
from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet, OutletClassChange
from server.people.models import Person
from server.reports.charts import axis_ticks, bars_across, columns_of, short_name
from server.reports.dashboard import DashboardFilter, dashboard_of
from server.visits.compliance import refresh_outlet_months
from server.visits.models import MonthSum
from server.visits.month_sums import sum_months
from server.visits.plan_models import MissForecast, PlannedVisit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit, noon  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

OCTOBER = Month(2026, 10)
NIGHT = noon(date(2026, 11, 2))
SENTENCE = re.compile(r"应巡 \d+ 次，计入 \d+ 次，\d+ 个网点里 \d+ 个达标")
MOST_QUERIES = 13  # a BEGIN is counted too


@pytest.fixture
def october(app, company: Company, staff: Staff, add_visit) -> None:
    """CD-1 becomes A in mid-month, is planned twice and visited on the first and last day; CD-2 churns in mid-month, unvisited; CX-1 is far off."""
    with app.app_context():
        first, second = db.session.get_one(Outlet, company.outlet_id), db.session.get_one(Outlet, company.second_outlet_id)
        for letter, since in (("C", date(2026, 1, 5)), ("A", date(2026, 10, 15))):
            db.session.add(OutletClassChange(id=uuid7(), outlet_id=first.id, outlet_class=letter, valid_from=since))
        first.outlet_class, second.churned_on = "A", date(2026, 10, 16)
        for day in (1, 31):
            db.session.add(PlannedVisit(outlet_id=first.id, planned_on=date(2026, 10, day), made_by_id=company.supervisor_id, made_at=NIGHT))
        add_visit(first.id, company.rep_id, "2026-10-01T00:00:00+08:00")
        add_visit(first.id, company.rep_id, "2026-10-31T23:59:00+08:00")
        add_visit(staff.far_outlet_id, staff.ids["farrep"], "2026-10-09T09:00:00+08:00")
        for month in (OCTOBER, OCTOBER.next()):
            refresh_outlet_months(month, NIGHT)
        sum_months(NIGHT)
        db.session.commit()


def board(app, login: str, month: Month = OCTOBER, **chosen: str):
    with app.app_context():
        reader = db.session.scalars(select(Person).where(Person.login == login)).one()
        return dashboard_of(reader, DashboardFilter(month, **chosen), Month(2026, 11))


def figures(sums) -> tuple[int, ...]:
    """Outlets planned, done, missed; visits planned, done, lacking."""
    return (sums.outlets, sums.met, sums.missed, sums.planned, sums.done, sums.lacking)


def test_a_month_is_added_up_with_its_edges(app, october):
    found = board(app, "chief")
    assert figures(found.total) == (3, 2, 1, 4, 3, 1)
    assert [(one.name, figures(one.sums)) for one in found.regions] == [("城东区域", (2, 1, 1, 3, 2, 1)), ("城西区域", (1, 1, 0, 1, 1, 0))]
    assert [(one.name, one.sums.covered) for one in found.classes] == [("C", 75)]  # the class of the month's first day
    assert [(one.name, one.sums.missed) for one in found.reps] == [("赵广田", 1), ("孙涛", 0)]


def test_in_the_month_behind_the_changed_class_owes_and_the_churned_outlet_does_not(app, october):
    found = board(app, "boss", Month(2026, 11))
    assert [(one.name, one.sums.owed, one.sums.outlets) for one in found.classes] == [("A", 2, 1)]


@pytest.mark.parametrize("login", ["chief", "boss", "farboss", "ops"])
def test_the_dashboard_says_what_the_compliance_list_says(app, company: Company, staff: Staff, october, login):
    client = console(app, login)
    for more in ("", f"&region={company.region_id}", f"&rep={staff.ids['farrep']}", f"&rep={company.rep_id}&region={company.region_id}"):
        said = [SENTENCE.search(client.get(f"{path}?month=2026-10{more}").text) for path in ("/dashboard", "/compliance")]
        assert said[0] and said[1] and said[0].group() == said[1].group(), (login, more)


def test_an_outlet_that_owes_nothing_yet_and_was_visited_as_planned_is_one_of_those_done(app, company: Company, staff: Staff, october, add_visit):
    with app.app_context():
        db.session.get_one(Outlet, staff.far_outlet_id).approved_on = date(2026, 10, 5)
        db.session.add(PlannedVisit(outlet_id=staff.far_outlet_id, planned_on=date(2026, 10, 9), made_by_id=company.supervisor_id, made_at=NIGHT))
        db.session.flush()
        refresh_outlet_months(OCTOBER, NIGHT)
        sum_months(NIGHT)
        db.session.commit()
    for path in ("/dashboard", "/compliance"):
        assert "应巡 0 次，计入 0 次，1 个网点里 1 个达标" in console(app, "farboss").get(f"{path}?month=2026-10").text, path


def test_compliance_of_a_class_is_by_the_class_of_the_month(app, october):
    client = console(app, "boss")
    assert "应巡 2 次，计入 1 次，2 个网点里 1 个达标" in client.get("/compliance?month=2026-10&class=C").text
    assert "这里没有要列的网点" in client.get("/compliance?month=2026-10&class=A").text
    assert client.get("/exports/outlet-months.csv?month=2026-10&class=A").text.count("\n") == 1


def test_a_region_out_of_reach_is_not_counted(app, company: Company, staff: Staff, october):
    assert figures(board(app, "farboss").total) == (1, 1, 0, 1, 1, 0)
    assert figures(board(app, "farboss", region_id=company.region_id).total) == (0, 0, 0, 0, 0, 0)
    text = console(app, "farboss").get(f"/dashboard?month=2026-10&rep={company.rep_id}").text
    assert "这个月还没有数" in text and "网点 CD-1" not in text


@pytest.mark.parametrize("login", ["rep1", "payer", "clerk"])
def test_the_dashboard_is_for_the_office_that_plans(app, company: Company, staff: Staff, login):
    client = console(app, login)
    assert client.get("/dashboard").status_code == 403
    assert "/dashboard" not in client.get("/").text


def test_a_month_that_cannot_be_is_refused(app, company: Company, staff: Staff):
    assert console(app, "boss").get("/dashboard?month=2026-13").status_code == 422
    assert "这个月还没有数" in console(app, "boss").get("/dashboard?month=2020-01").text


def test_a_second_night_adds_up_the_same_and_forgets_what_went(app, company: Company, october):
    with app.app_context():
        before = db.session.execute(select(func.count(), func.sum(MonthSum.planned), func.sum(MonthSum.done))).one()
        sum_months(NIGHT)
        assert db.session.execute(select(func.count(), func.sum(MonthSum.planned), func.sum(MonthSum.done))).one() == before
        db.session.get_one(Outlet, company.outlet_id).removed_at = NIGHT
        sum_months(NIGHT)
        db.session.commit()
    assert figures(board(app, "boss").total) == (1, 0, 1, 1, 0, 1)


def test_an_old_month_is_added_up_again_in_its_turn(app, october):
    with app.app_context():
        rows = {"region_id": "r", "rep_id": "", "outlet_class": "C", **dict.fromkeys(("outlets", "owing", "met", "missed", "certain"), 0)}
        rows |= dict.fromkeys(("at_risk", "owed", "credited", "planned", "done", "waiting"), 0)
        for month, day in (("2026-05", 2), ("2026-06", 1)):
            db.session.add(MonthSum(month=month, made_at=noon(date(2026, 10, day)), **rows))
        db.session.commit()
        assert sum_months(NIGHT) == 11  # the running one and two before it, seven of the year without sums, and the one added up longest ago
        assert db.session.scalars(select(MonthSum.month).where(MonthSum.region_id == "r")).all() == ["2026-05"]


def test_the_forecast_of_the_running_month_is_counted(app, company: Company, staff: Staff):
    month = Month.of_date(today())
    with app.app_context():
        refresh_outlet_months(month, noon(month.first_day))
        for outlet_id, outlook in ((company.outlet_id, "certain"), (company.second_outlet_id, "at_risk")):
            db.session.add(MissForecast(outlet_id=outlet_id, month=str(month), rep_id=company.rep_id, outlook=outlook, reason="days", needed=1))
        sum_months(noon(today()))
        db.session.commit()
    page = console(app, "boss").get("/dashboard").text
    assert "漏巡预测" in page and "来不及了" in page and 'id="chart-misses"' in page
    with app.app_context():
        found = dashboard_of(db.session.get_one(Person, company.supervisor_id), DashboardFilter(month), month)
        assert [(one.name, one.sums.certain, one.sums.at_risk) for one in found.reps] == [("赵广田", 1, 1)]


def test_a_rep_is_opened_down_to_the_visits(app, company: Company, october):
    client = console(app, "boss")
    page = client.get("/dashboard?month=2026-10").text
    assert f"/dashboard?month=2026-10&amp;rep={company.rep_id}" in page
    opened = client.get(f"/dashboard?month=2026-10&rep={company.rep_id}").text
    assert opened.index("网点 CD-2") < opened.index("网点 CD-1")  # what was missed comes first
    link = f"/visits?month=2026-10&amp;outlet={company.outlet_id}"
    assert link in opened
    visits = client.get(link.replace("&amp;", "&")).text
    assert "10-01 00:00" in visits and "10-31 23:59" in visits


def test_the_page_is_in_both_languages_with_few_queries(app, company: Company, october):
    with statements(app) as asked:
        for login, more in (("chief", ""), ("boss", f"&rep={company.rep_id}")):
            client = console(app, login, "en")
            asked.clear()
            answer = client.get(f"/dashboard?month=2026-10{more}")
            assert answer.status_code == 200 and untranslated(answer.text) == [] and "style=" not in answer.text
            assert len(asked) <= MOST_QUERIES, len(asked)
    part = client.get("/dashboard?month=2026-10", headers={"HX-Request": "true"}).text
    assert "<!doctype html>" not in part and "Months" in part


@pytest.mark.parametrize(
    ("most", "ticks"),
    [(0, [0, 1]), (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (6, [0, 2, 4, 6]), (100, [0, 20, 40, 60, 80, 100]), (101, [0, 50, 100, 150])],
)
def test_an_axis_has_a_few_round_numbers(most, ticks):
    assert axis_ticks(most) == ticks


def test_bars_are_drawn_to_scale():
    chart = bars_across([("城东", [("done", 50.0), ("waiting", 25.0)], "2 / 4"), ("城西", [("done", 0.0)], "0 / 1")], 100)
    first, second = chart.rows
    assert [(part.look, part.x, part.width) for part in first.parts] == [("done", 112.0, 151.0), ("waiting", 263.0, 75.5)]
    assert second.parts == () and chart.ticks[-1] == (414.0, 100)


def test_columns_stand_on_the_axis():
    chart = columns_of([("10月", 4, 3, "75", False), ("11月", 0, 0, "", True)])
    first, second = chart.columns
    assert (first.wanted_top + first.wanted, first.done_top + first.done, chart.floor) == (180.0, 180.0, 180.0)
    assert (first.wanted, first.done, second.wanted) == (150.0, 112.5, 0.0)


def test_a_long_name_is_cut_before_its_bar():
    assert (short_name("城东区域"), short_name("城东高新技术开发区域"), short_name("North-East Region")) == (
        "城东区域",
        "城东高新技术…",
        "North-East…",
    )
