"""Outlets ticked beside the map, planned for a rep and day: each checked alone, others named and untouched. Happy, who may not, bad input, twice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select

from server.audit.models import AuditRow
from server.clock import now, today
from server.console.paging import PAGE_ROWS
from server.db import db
from server.domain.months import Month
from server.leaves.actions import WantedLeave, set_leave
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import hold_outlets
from server.policy.actions import set_policy
from server.policy.calendar_actions import replace_year, set_day
from server.visits.plan_actions import plan_visit
from server.visits.plan_days import working_days_left
from server.visits.plan_models import PlannedVisit
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


def next_month() -> Month:
    return Month.of_date(today()).next()


def map_path() -> str:
    return f"/visits/map?month={next_month()}"


def batches_path() -> str:
    return f"/visit-plans/batches?month={next_month()}"


@pytest.fixture
def weekdays(app, company: Company) -> None:
    """This year and the next without holidays: people work from Monday to Friday."""
    with app.app_context():
        for year in (today().year, today().year + 1):
            replace_year(year, {}, False, company.supervisor_id, now())


@pytest.fixture
def day(app, weekdays) -> date:
    """The seventh working day of next month, and so with a working day a week later in the same month."""
    with app.app_context():
        return working_days_left(None, next_month().first_day, next_month())[6]


def plan(client, company: Company, day, *outlet_ids: str, rep: str = ""):
    ids = outlet_ids or (company.outlet_id, company.second_outlet_id)
    return client.post(batches_path(), data={"outlet": list(ids), "rep": rep or company.rep_id, "planned_on": str(day)})


def planned(app) -> list[tuple[str, date]]:
    with app.app_context():
        return sorted(tuple(row) for row in db.session.execute(select(PlannedVisit.outlet_id, PlannedVisit.planned_on)))


def both(company: Company, day: date) -> list[tuple[str, date]]:
    return sorted([(company.outlet_id, day), (company.second_outlet_id, day)])


def test_those_ticked_are_planned_each_with_a_deed(app, company: Company, day):
    boss = console(app, "boss")
    answer = plan(boss, company, day, company.outlet_id, company.second_outlet_id, company.outlet_id)
    assert answer.status_code == 302 and answer.headers["Location"] == map_path()
    assert f"2 个网点排在 {day}。" in boss.get(map_path()).text
    assert planned(app) == both(company, day)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.action == "visit.planned")) == 2


def test_twice_says_that_it_is_planned_already_and_changes_nothing(app, company: Company, day):
    boss = console(app, "boss")
    plan(boss, company, day, company.outlet_id)
    page = plan(boss, company, day).text
    assert f"{day} 排了 1 个，1 个没有动。" in page and "这个网点在这一天已经有计划了。" in page
    assert f'href="/visit-plans?month={next_month()}&amp;rep={company.rep_id}"' in page
    assert planned(app) == both(company, day)


@pytest.mark.parametrize(("apart", "is_planned"), [(6, False), (7, True)])
def test_the_least_gap_to_another_planned_day_is_kept(app, company: Company, day, apart, is_planned):
    with app.app_context():
        set_policy("visit.min_gap_days", "7", next_month().first_day, "试行", company.supervisor_id, now())
        plan_visit(company.outlet_id, day + timedelta(days=apart), company.supervisor_id, now())
    answer = plan(console(app, "boss"), company, day)
    assert ((company.outlet_id, day) in planned(app)) == is_planned
    assert (company.second_outlet_id, day) in planned(app)
    if not is_planned:
        assert f"离 {day + timedelta(days=6)} 的一次太近，两次至少相隔 7 天。" in answer.text


@pytest.mark.parametrize(("ago", "is_planned"), [(6, False), (7, True)])
def test_the_least_gap_to_a_visit_that_counts_is_kept(app, company: Company, weekdays, add_visit, ago, is_planned):
    visited_on = today() - timedelta(days=ago)
    with app.app_context():
        set_policy("visit.min_gap_days", "7", Month.of_date(today()).first_day, "试行", company.supervisor_id, now())
        add_visit(company.outlet_id, company.rep_id, f"{visited_on}T01:00:00+00:00")
        set_day(today(), True, "补班", company.supervisor_id, now())
    answer = plan(console(app, "boss"), company, today())
    if is_planned:
        assert answer.status_code == 302 and planned(app) == both(company, today())
    else:
        assert f"离 {visited_on} 的一次太近，两次至少相隔 7 天。" in answer.text and planned(app) == [(company.second_outlet_id, today())]


@pytest.mark.parametrize("is_planned_too", [False, True])
def test_an_outlet_visited_on_that_day_is_left_out_as_visited(app, company: Company, weekdays, add_visit, is_planned_too):
    before = [(company.outlet_id, today())] if is_planned_too else []
    with app.app_context():
        for outlet_id, on in before:
            plan_visit(outlet_id, on, company.supervisor_id, now())
        add_visit(company.outlet_id, company.rep_id, f"{today()}T01:00:00+00:00")
        set_day(today(), True, "补班", company.supervisor_id, now())
    page = plan(console(app, "boss"), company, today()).text
    assert "这个网点在这一天已经巡检过了。" in page and "这个网点在这一天已经有计划了。" not in page
    assert planned(app) == sorted([*before, (company.second_outlet_id, today())])


def test_outlets_of_others_and_of_nobody_are_left_out(app, company: Company, staff: Staff, day):
    page = plan(console(app, "boss"), company, day, company.outlet_id, staff.far_outlet_id, "no-such-outlet").text
    assert f"{day} 排了 1 个，2 个没有动。" in page and page.count("没有找到，或者不归你管。") == 2
    assert "CX-1" not in page and f'href="/outlets/{staff.far_outlet_id}"' not in page
    assert planned(app) == [(company.outlet_id, day)]


UNKNOWN = "没有找到，或者不归你管。"
CHANGED = [("removed", UNKNOWN), ("deleted", UNKNOWN), ("churned", "已经离网，不再排巡检。"), ("given", "不归他负责。")]


@pytest.mark.parametrize(("change", "words"), CHANGED)
def test_what_changes_while_others_are_planned_is_left_out_with_its_reason(app, company: Company, day, monkeypatch, change, words):
    def let_go_first(outlet_ids: set[str]) -> None:
        """Somebody else has the last outlet until just before it is held."""
        if outlet_ids == {company.second_outlet_id}:
            change_outlet(change, company)
        hold_outlets(outlet_ids)

    monkeypatch.setattr("server.visits.plan_many.hold_outlets", let_go_first)
    answer = plan(console(app, "boss"), company, day)
    assert answer.status_code == 200 and words in answer.text and f"{day} 排了 1 个，1 个没有动。" in answer.text
    assert "网点 CD-2" in answer.text and planned(app) == [(company.outlet_id, day)]


def change_outlet(change: str, company: Company) -> None:
    outlet = db.session.get_one(Outlet, company.second_outlet_id)
    held_by = select(Assignment).where(Assignment.outlet_id == outlet.id)
    if change == "removed":
        outlet.removed_at, outlet.removed_by_id = now(), company.supervisor_id
    elif change == "churned":
        outlet.churned_on = today()
    elif change == "given":
        db.session.scalars(held_by).one().person_id = company.other_rep_id
    else:
        db.session.execute(delete(Assignment).where(Assignment.outlet_id == outlet.id))
        db.session.execute(delete(Outlet).where(Outlet.id == outlet.id))
    db.session.commit()


def test_an_outlet_of_another_rep_is_left_out(app, company: Company, day):
    page = plan(console(app, "boss"), company, day, rep=company.other_rep_id).text
    assert page.count("不归他负责。") == 2 and planned(app) == []


def test_an_outlet_that_is_no_customer_is_left_out(app, company: Company, day):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).account_made_on = None
        db.session.get_one(Outlet, company.second_outlet_id).churned_on = today()
        db.session.commit()
    boss = console(app, "boss")
    page = plan(boss, company, day).text
    assert "只给审核通过、有工号的网点排巡检。" in page and "已经离网，不再排巡检。" in page
    assert planned(app) == [] and 'name="outlet"' not in boss.get(map_path()).text


@pytest.mark.parametrize(("days_before", "is_planned"), [(0, True), (1, False)])
def test_an_outlet_is_planned_in_the_month_of_its_churn(app, company: Company, day, days_before, is_planned):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).churned_on = next_month().first_day - timedelta(days=days_before)
        db.session.commit()
    plan(console(app, "boss"), company, day, company.outlet_id)
    assert planned(app) == ([(company.outlet_id, day)] if is_planned else [])


def test_nobody_is_planned_on_leave_or_on_a_day_off(app, company: Company, day):
    with app.app_context():
        set_leave(WantedLeave(company.rep_id, day, day, None, ""), company.supervisor_id, now())
        db.session.commit()
    off = next(one for one in (day + timedelta(days=step) for step in range(1, 8)) if one.weekday() == 5)
    boss = console(app, "boss")
    for on, words in (
        (day, "他这一天不在，换一天或换一个人。"),
        (off, "这一天不上班，换一个工作日。"),
        (today() - timedelta(days=1), "这一天已经过去"),
    ):
        answer = plan(boss, company, on)
        assert answer.status_code == 422 and words in answer.text and f'value="{on}"' in answer.text
        assert answer.text.count('name="outlet"') == 2 and 'id="bad-planned_on"' in answer.text
    assert planned(app) == []
    assert plan(boss, company, day + timedelta(days=7)).status_code == 302


def test_a_day_behind_the_end_of_next_year_is_refused_at_its_field(app, company: Company, weekdays):
    boss, year = console(app, "boss"), today().year + 1
    last = max(date(year, 12, number) for number in range(25, 32) if date(year, 12, number).weekday() < 5)
    for on in (date(year + 1, 1, 1), date(year + 35, 3, 3), date.max):
        answer = plan(boss, company, on)
        assert answer.status_code == 422 and 'id="bad-planned_on"' in answer.text and "最远排到明年年底，看看年份写对没有。" in answer.text, on
    assert planned(app) == []
    assert plan(boss, company, last).status_code == 302 and planned(app) == both(company, last)


@pytest.mark.parametrize(("rep", "on"), [("", ""), ("nobody", "soon"), ("nobody", "x" * 5000)])
def test_rep_and_day_have_to_be_chosen(app, company: Company, rep, on):
    answer = console(app, "boss").post(batches_path(), data={"outlet": company.outlet_id, "rep": rep, "planned_on": on})
    assert answer.status_code == 422 and 'id="bad-rep"' in answer.text and 'id="bad-planned_on"' in answer.text
    assert planned(app) == []


def test_a_rep_out_of_reach_cannot_be_chosen(app, company: Company, staff: Staff, day):
    answer = plan(console(app, "boss"), company, day, rep=staff.ids["farrep"])
    assert answer.status_code == 422 and 'id="bad-rep"' in answer.text and planned(app) == []


def test_nothing_ticked_and_too_much_ticked_plan_nothing(app, company: Company, day):
    boss = console(app, "boss")
    answer = boss.post(batches_path(), data={"rep": company.rep_id, "planned_on": str(day)})
    assert answer.headers["Location"] == map_path() and "没有勾选网点。" in boss.get(map_path()).text
    assert plan(boss, company, day, *(f"o{number}" for number in range(PAGE_ROWS + 1))).status_code == 422
    assert planned(app) == []


@pytest.mark.parametrize("login", ["rep1", "chief", "ops", "clerk", "payer", "root"])
def test_only_supervisors_plan(app, company: Company, staff: Staff, day, login):
    client = console(app, login)
    assert plan(client, company, day).status_code == 403
    page = client.get(map_path()).text
    assert "plan-many" not in page and 'name="outlet"' not in page
    assert planned(app) == []


def test_the_table_offers_ticks_the_rep_of_the_filter_and_the_next_working_day(app, company: Company):
    boss = console(app, "boss")
    page = boss.get(f"{map_path()}&rep={company.rep_id}").text
    with app.app_context():
        first = working_days_left(None, next_month().first_day, next_month())[0]
    assert page.count('name="outlet"') == 2 and f'name="planned_on" id="f-planned_on" value="{first}"' in page
    assert f'<option value="{company.rep_id}" selected' in page.partition('id="plan-many"')[2]
    assert "每个网点单独检查（负责人、间隔、离网），排不了的说明原因，不动它。" in page
    assert 'data-ticked="outlet"' in page and " checked" not in page.partition("<table")[2]
    picked = boss.get(f"{map_path()}&pick=page").text
    assert picked.partition("<table")[2].count(" checked>") == 2


def test_months_that_are_over_and_the_look_at_visits_have_nothing_to_tick(app, company: Company):
    boss = console(app, "boss")
    for path in (f"/visits/map?month={Month.of_date(today()).previous()}", f"{map_path()}&look=visits"):
        page = boss.get(path).text
        assert "plan-many" not in page and 'name="outlet"' not in page


def test_every_page_of_it_in_english_has_no_chinese_but_data(app, company: Company, staff: Staff, day):
    boss = console(app, "boss", "en")
    assert untranslated(boss.get(map_path()).text) == []
    assert untranslated(plan(boss, company, "soon").text) == []
    assert untranslated(plan(boss, company, day, rep=company.other_rep_id).text) == []
