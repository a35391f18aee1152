"""The monthly report: planned and done, problems, open work and the next plan, by region and rep; for whom, and in which forms."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now, today
from server.complaints.actions import Intake, receive_complaint
from server.complaints.models import Complaint
from server.db import db
from server.domain.months import Month
from server.findings.actions import Proposal, propose_findings
from server.followups.actions import Look, Registered, look_at_follow_up, register_follow_up
from server.materials.actions import Wanted, request_materials
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.people.models import Person
from server.reports import monthly_routes
from server.reports.monthly import ReportFilter, monthly_report
from server.reports.monthly_details import next_plan
from server.training.models import PlannedTraining
from server.visits.compliance import refresh_outlet_months
from server.visits.plan_models import PlannedVisit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit, noon  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

MONTH = Month(2026, 11)
MOST_QUERIES = 13  # a BEGIN is counted too


@pytest.fixture
def november(app, company: Company, staff: Staff, add_visit) -> None:
    """One visit that counts, one far off with a complaint; a finding; three kinds of open work; three visits and a training planned next."""
    outlet_id, other_id = company.outlet_id, company.second_outlet_id
    with app.app_context():
        add_visit(outlet_id, company.rep_id, "2026-11-10T09:00:00+08:00")
        add_visit(outlet_id, company.rep_id, "2026-11-12T09:00:00+08:00", distance_m=5000.0, has_complaint=True, complaint_note="到账慢")
        refresh_outlet_months(MONTH, noon(date(2026, 12, 2)))
        about = (("outlet", outlet_id),)
        propose_findings([Proposal("k", "missed_visit", "2026-11", company.rep_id, outlet_id, Decimal("30"), "-", about)], now())
        day, at = date(2026, 11, 20), noon(date(2026, 11, 20))
        receive_complaint(Intake(uuid7(), outlet_id, "other", False, True, day, "王秀兰", "", "到账慢", ""), staff.ids["ops"], at)
        register_follow_up(Registered(uuid7(), other_id, "公示牌坏了", "rep", 3, at), company.rep_id, at)
        request_materials(Wanted(uuid7(), other_id, "凭条纸", day), company.rep_id, at)
        for place, day in ((outlet_id, 1), (outlet_id, 15), (other_id, 2), (staff.far_outlet_id, 3)):
            db.session.add(PlannedVisit(outlet_id=place, planned_on=date(2026, 12, day), made_by_id=company.supervisor_id, made_at=now()))
        db.session.add(PlannedTraining(month="2026-12", outlet_id=other_id, outlet_class="C", made_at=now()))
        db.session.commit()


def counts_of(app, login: str, month: Month = MONTH, **chosen: str) -> dict[str, dict[str, int]]:
    """Rep → counts that are not 0."""
    with app.app_context():
        reader = db.session.scalars(select(Person).where(Person.login == login)).one()
        report = monthly_report(reader, ReportFilter(month, **chosen), date(2026, 12, 2))
        return {row.rep: {name: count for name, count in row.counts.items() if count} for _, rows, _ in report.regions for row in rows}


def test_nothing_planned_is_no_percentage(app, company: Company, staff: Staff):
    client = console(app, "boss")
    page = client.get("/reports/monthly/2026-01").text
    assert "计划 0 次，完成 0 次（—）" in page and "100%" not in page


def test_the_paper_has_the_share_what_waits_and_both_plans(app, company: Company, november):
    paper = console(app, "boss").get("/reports/monthly/2026-11/print").text
    first, second = paper[paper.index("汇总") : paper.index("投诉和备案")], paper[paper.index("下月计划</caption>") : paper.index("问题记录")]
    assert [word for word in ("完成", "待审核", "漏巡") if f"<th>{word}</th>" not in first] == []
    assert [word for word in ("下月巡检", "下月培训") if f"<th>{word}</th>" not in second] == []
    row, plan = (part[part.index("赵广田") :].split("</tr>")[0] for part in (first, second))
    assert "1 50%</td>" in row and row.count('<td class="r') == 6
    assert plan.endswith('<td class="r">3</td><td class="r">1</td>')


def test_a_sentence_within_a_text_loses_its_full_stop(app, company: Company, november):
    with app.app_context():
        db.session.scalars(select(Complaint)).one().account = "到账慢。"
        db.session.commit()
    paper = console(app, "boss").get("/reports/monthly/2026-11/print").text
    assert "到账慢；还没有处理完。" in paper and "。；" not in paper


RESULT = {"outlets": 2, "owed": 2, "planned": 2, "done": 1, "missed": 1, "made": 2}


def test_the_report_counts_a_reps_month(app, company: Company, november):
    counts = counts_of(app, "boss")
    assert set(counts) == {"赵广田"}
    found = counts["赵广田"]
    assert {name: found.get(name) for name in RESULT} == RESULT
    assert found["complained"] == 1 and found["proposed"] == 1 and found.get("waiting", 0) + found.get("not_counted", 0) == 1
    assert (found["complaints"], found["follow_ups"], found["materials"]) == (1, 1, 1)
    assert (found["next_visits"], found["next_trainings"]) == (3, 1)


@pytest.mark.parametrize(("churned_on", "shown"), [(date(2026, 12, 1), (3, 1, 4)), (date(2026, 11, 30), (2, 0, 2))])
def test_the_next_plan_holds_nothing_at_an_outlet_that_churned_before_it(app, company: Company, november, churned_on, shown):
    with app.test_request_context():
        db.session.get_one(Outlet, company.second_outlet_id).churned_on = churned_on
        db.session.commit()
        reader = db.session.get_one(Person, company.supervisor_id)
        details = len(next_plan(reader, ReportFilter(MONTH), date(2026, 12, 2), 10))
    found = counts_of(app, "boss")["赵广田"]
    assert (found.get("next_visits", 0), found.get("next_trainings", 0), details) == shown


@pytest.mark.parametrize(
    ("login", "reps"),
    [("chief", {"赵广田", "孙涛"}), ("boss", {"赵广田"}), ("farboss", {"孙涛"}), ("rep1", {"赵广田"}), ("rep2", set()), ("ops", {"赵广田", "孙涛"})],
)
def test_a_report_reaches_as_far_as_its_reader(app, company: Company, november, login, reps):
    text = console(app, login).get("/reports/monthly/2026-11").text
    assert {name for name in ("赵广田", "孙涛") if f'translate="no">{name}</a>' in text} == reps


def test_a_region_or_rep_narrows_the_report(app, company: Company, staff: Staff, november):
    assert set(counts_of(app, "chief", region_id=company.region_id)) == {"赵广田"}
    assert set(counts_of(app, "chief", rep_id=staff.ids["farrep"])) == {"孙涛"}


def test_findings_are_not_counted_for_those_who_may_not_see_them(app, company: Company, november):
    assert "proposed" not in counts_of(app, "ops")["赵广田"]
    assert "考核事项" not in console(app, "ops").get("/reports/monthly/2026-11").text.partition('id="result"')[2]


@pytest.mark.parametrize("login", ["payer", "clerk"])
def test_the_report_is_not_for_payroll_and_service(app, company: Company, november, login):
    client = console(app, login)
    for path in (
        "",
        "/2026-11",
        "/2026-11/print",
        "/2026-11/report.xlsx",
        f"/2026-11/people/{company.rep_id}",
        f"/2026-11/people/{company.rep_id}/print",
    ):
        assert client.get(f"/reports/monthly{path}").status_code == 403, path


def test_another_reps_page_is_not_found(app, company: Company, staff: Staff, november):
    for login, person_id in (("rep1", company.other_rep_id), ("boss", staff.ids["farrep"]), ("chief", uuid7())):
        client = console(app, login)
        assert client.get(f"/reports/monthly/2026-11/people/{person_id}").status_code == 404
        assert client.get(f"/reports/monthly/2026-11/people/{person_id}/print").status_code == 404


def test_a_month_that_cannot_be_is_not_found(app, company: Company, staff: Staff):
    client = console(app, "boss")
    assert client.get("/reports/monthly/2026-13").status_code == 404
    assert client.get("/reports/monthly").headers["Location"].endswith(f"/reports/monthly/{Month.of_date(today())}")
    assert "这个月还没有数" in client.get("/reports/monthly/2020-01").text


def test_a_reps_page_shows_the_rows_behind_the_counts(app, company: Company, november):
    page = console(app, "boss").get(f"/reports/monthly/2026-11/people/{company.rep_id}").text
    assert all(text in page for text in ("到账慢", "未按计划巡检", "凭条纸", "2026-12-15", "培训"))
    paper = console(app, "boss").get(f"/reports/monthly/2026-11/people/{company.rep_id}/print").text
    assert all(text in paper for text in ("到账慢", "凭条纸", "2026-12-15", "签字"))


def test_the_workbook_has_a_sheet_for_each_part(app, company: Company, november):
    answer = console(app, "boss").get("/reports/monthly/2026-11/report.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    assert book.sheet_names == ["汇总", "问题记录", "检查发现的问题", "未办事项", "下月计划"]
    head, row = book.get_sheet_by_name("汇总").to_python()
    assert [row[head.index(name)] for name in ("片区负责人", "计划", "按计划完成", "漏巡网点")] == ["赵广田", 2, 1, 1]
    assert [line[3] for line in book.get_sheet_by_name("下月计划").to_python()[1:4]] == [date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 15)]
    with app.app_context():
        assert db.session.scalars(select(AuditRow.subject_id).where(AuditRow.action == "list.exported")).all() == ["monthly-2026-11.xlsx"]


def test_a_workbook_holds_all_rows_or_none(app, company: Company, november, monkeypatch):
    monkeypatch.setattr(monthly_routes, "MOST_IN_FILE", 4)
    assert console(app, "boss").get("/reports/monthly/2026-11/report.xlsx").status_code == 200
    monkeypatch.setattr(monthly_routes, "MOST_IN_FILE", 3)
    answer = console(app, "boss").get("/reports/monthly/2026-11/report.xlsx")
    assert answer.status_code == 422 and "行太多" in answer.text
    assert console(app, "farboss").get("/reports/monthly/2026-11/report.xlsx").status_code == 200


def test_pages_are_in_both_languages_with_few_queries(app, company: Company, november):
    with statements(app) as asked:
        client = console(app, "chief", "en")
        for path in ("", "/print", f"/people/{company.rep_id}", f"/people/{company.rep_id}/print"):
            asked.clear()
            answer = client.get(f"/reports/monthly/2026-11{path}")
            assert answer.status_code == 200 and untranslated(answer.text) == [] and "style=" not in answer.text, path
            assert len(asked) <= MOST_QUERIES, (path, len(asked))
        part = client.get("/reports/monthly/2026-11", headers={"HX-Request": "true"}).text
        assert "<!doctype html>" not in part and "Outlets missed" in part


@pytest.fixture
def handled(app, company: Company, staff: Staff) -> None:
    """A complaint and a follow-up of 20 October, both done with on 3 November; a complaint of 31 October and one of 30 November that wait."""
    with app.app_context():
        for day, account in ((date(2026, 10, 20), "到账慢"), (date(2026, 10, 31), "机器坏了"), (date(2026, 11, 30), "缺凭条")):
            intake = Intake(uuid7(), company.outlet_id, "other", False, True, day, "王秀兰", "", account, "")
            complaint = receive_complaint(intake, staff.ids["ops"], noon(day))
            if account == "到账慢":
                complaint.state, complaint.resolved_on, complaint.handling = "resolved", date(2026, 11, 3), "已补记"
        follow_up_id, at = uuid7(), noon(date(2026, 10, 20))
        register_follow_up(Registered(follow_up_id, company.outlet_id, "公示牌坏了", "rep", 3, at), company.rep_id, at)
        look_at_follow_up(follow_up_id, Look(uuid7(), True, "换了新的", noon(date(2026, 11, 3))), company.rep_id, noon(date(2026, 11, 3)))
        db.session.commit()


def test_a_report_counts_what_came_in_and_what_was_settled_in_its_month(app, company: Company, handled):
    names = ("complaints_received", "complaints_resolved", "follow_ups_registered", "follow_ups_solved", "complaints", "follow_ups")
    for month, expected in ((Month(2026, 10), (2, None, 1, None, 2, 1)), (MONTH, (1, 1, None, 1, 2, None)), (Month(2026, 9), (None,) * 6)):
        found = counts_of(app, "boss", month).get("赵广田", {})
        assert tuple(found.get(name) for name in names) == expected, month


def test_a_report_goes_by_who_was_responsible_when_the_work_came_in_or_waited(app, company: Company, staff: Staff, handled):
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, date(2026, 11, 1), company.supervisor_id, now())
    october, november = counts_of(app, "chief", Month(2026, 10)), counts_of(app, "chief")
    assert october["赵广田"]["complaints"] == 2 and "林晓月" not in october
    assert november["林晓月"]["complaints"] == 2 and november["赵广田"]["complaints_resolved"] == 1


def test_a_report_lists_what_was_found_and_what_became_of_it(app, company: Company, handled):
    boss = console(app, "boss")
    for path in (f"/people/{company.rep_id}", f"/people/{company.rep_id}/print"):
        page = boss.get(f"/reports/monthly/2026-10{path}").text
        problems, waiting = (page.partition(start)[2].partition(end)[0] for start, end in (("问题记录", "未办事项"), ("未办事项", "下月计划")))
        assert all(text in problems for text in ("到账慢", "已补记", "机器坏了", "还没有处理完", "公示牌坏了")) and "缺凭条" not in problems
        assert "公示牌坏了" in waiting and waiting.count("投诉单") == 2
    assert "截至 2026-10-31" in boss.get("/reports/monthly/2026-10").text
    answer = boss.get("/reports/monthly/2026-11/report.xlsx")
    head, row = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_name("汇总").to_python()
    assert [row[head.index(name)] for name in ("投诉处理完", "登记的备案", "备案解决", "备案未解决")] == [1, 0, 1, 0]


def test_a_complaint_about_a_rep_stays_unknown_to_them_until_it_is_investigated(app, company: Company, staff: Staff):
    with app.app_context():
        day = date(2026, 11, 2)
        receive_complaint(Intake(uuid7(), company.outlet_id, "service", True, True, day, "王秀兰", "", "态度差", ""), staff.ids["ops"], noon(day))
    path = f"/reports/monthly/2026-11/people/{company.rep_id}"
    for login, is_known in (("boss", True), ("rep1", False)):
        assert ("态度差" in console(app, login).get(path).text) == is_known
        assert ("complaints" in counts_of(app, login).get("赵广田", {})) == is_known
    with app.app_context():
        db.session.scalars(select(Complaint)).one().verdict = "founded"
        db.session.commit()
    assert "态度差" in console(app, "rep1").get(path).text
