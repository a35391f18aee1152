"""What the monthly report says of bad answers to checklists: how often, at how many outlets, and where to read on."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from server.checklists.models import Checklist, ChecklistVersion
from server.clock import now
from server.db import db
from server.people.models import Person
from server.reports.month_answers import bad_answers
from server.reports.monthly import ReportFilter
from server.visits.verdicts import review_visit
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_monthly_report import MONTH, MOST_QUERIES, november  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401


def answered(**answers: str) -> list[dict[str, str]]:
    return [{"key": key, "answer": answer, "note": ""} for key, answer in answers.items()]


@pytest.fixture
def checked(app, company: Company, staff: Staff, add_visit) -> str:
    """Untidy three times at two outlets of the region and once in the far one; not so before, after, or in what a correction replaced.
    The last of those visits is returned: a rejected one."""
    untidy, fine = answered(shop_tidy="no", materials_complete="yes"), answered(shop_tidy="yes", unknown_key="no")
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-10-31T09:00:00+08:00", checklist=untidy)
        add_visit(company.outlet_id, company.rep_id, "2026-11-01T09:00:00+08:00", checklist=untidy)
        add_visit(company.outlet_id, company.rep_id, "2026-11-10T09:00:00+08:00", checklist=answered(shop_tidy="no", materials_complete="no"))
        add_visit(company.second_outlet_id, company.rep_id, "2026-11-11T09:00:00+08:00", checklist=untidy, is_replaced=True)
        add_visit(company.second_outlet_id, company.rep_id, "2026-11-12T09:00:00+08:00", checklist=fine)
        add_visit(staff.far_outlet_id, staff.ids["farrep"], "2026-11-13T09:00:00+08:00", checklist=untidy)
        rejected = add_visit(company.second_outlet_id, company.rep_id, "2026-11-30T09:00:00+08:00", checklist=untidy, distance_m=5000.0)
        review_visit(rejected, "rejected", "离得太远", company.supervisor_id, now())
        add_visit(company.outlet_id, company.rep_id, "2026-12-01T09:00:00+08:00", checklist=untidy)
        return rejected


def bad_rows(app, login: str, **chosen: str) -> list[tuple[str, str, int, int]]:
    """(question, answer, times, outlets)."""
    with app.test_request_context():
        reader = db.session.scalars(select(Person).where(Person.login == login)).one()
        found = bad_answers(reader, ReportFilter(MONTH, **chosen), date(2026, 12, 2))
        return [(one.question, one.answer, one.times, one.outlets) for one in found]


UNTIDY, LACKING = ("店面是否整洁", "不整洁"), ("物料是否齐备", "不齐")


@pytest.mark.parametrize(
    ("login", "rows"),
    [
        ("chief", [(*UNTIDY, 4, 3), (*LACKING, 1, 1)]),
        ("boss", [(*UNTIDY, 3, 2), (*LACKING, 1, 1)]),
        ("farboss", [(*UNTIDY, 1, 1)]),
        ("rep1", [(*UNTIDY, 3, 2), (*LACKING, 1, 1)]),
    ],
)
def test_a_report_counts_bad_answers_as_far_as_its_reader_sees(app, company: Company, checked, login, rows):
    assert bad_rows(app, login) == rows


def test_a_region_or_rep_narrows_bad_answers(app, company: Company, staff: Staff, checked):
    assert bad_rows(app, "chief", region_id=company.region_id) == [(*UNTIDY, 3, 2), (*LACKING, 1, 1)]
    assert bad_rows(app, "chief", rep_id=staff.ids["farrep"]) == [(*UNTIDY, 1, 1)]
    assert bad_rows(app, "chief", rep_id=company.other_rep_id) == []


def test_answers_to_an_own_checklist_are_judged_by_the_version_that_was_asked(app, company: Company, staff: Staff, add_visit):
    choices = [{"value": "no", "zh": "不亮", "en": "Dark", "is_problem": True}, {"value": "yes", "zh": "亮", "en": "Lit"}]
    question = {"key": "q1", "type": "choice", "zh": "灯箱亮不亮", "en": "Light box", "is_required": True, "choices": choices}
    with app.app_context():
        made = {"zh": "门店", "en": "Shop", "classes": [], "region_ids": [], "draft": [], "made_at": now(), "changed_at": now()}
        db.session.add(Checklist(id="c", **made))
        db.session.flush()
        published = {"checklist_id": "c", "published_at": now(), "published_by_id": staff.ids["chief"]}
        db.session.add(ChecklistVersion(id="v1", number=1, questions=[question], **published))
        is_fine = {**question, "choices": [{**choices[0], "is_problem": False}, choices[1]]}
        db.session.add(ChecklistVersion(id="v2", number=2, questions=[is_fine], **published))
        db.session.commit()
        for version_id in ("v1", "v2"):
            for day in (10, 11):
                at = f"2026-11-{day}T0{version_id[1]}:00:00+00:00"
                add_visit(company.outlet_id, company.rep_id, at, checklist=answered(q1="no"), checklist_version_id=version_id)
    assert bad_rows(app, "boss") == [("灯箱亮不亮", "不亮", 2, 1)]


def test_bad_answers_stand_on_pages_and_paper_and_lead_to_the_visits(app, company: Company, checked):
    boss = console(app, "boss")
    for path in ("/answers", f"/people/{company.rep_id}"):
        part = boss.get(f"/reports/monthly/2026-11{path}").text.partition("<h2>检查发现的问题")[2].partition("</section>")[0]
        assert "店面是否整洁" in part and "不整洁" in part and f'href="/visits/{checked}"' in part, path
        assert boss.get(f"/visits/{checked}").status_code == 200
    for path in ("", f"/people/{company.rep_id}"):
        paper = boss.get(f"/reports/monthly/2026-11{path}/print").text.partition("问题记录</caption>")[2].partition("未办事项</caption>")[0]
        assert '店面是否整洁</td><td translate="no">不整洁</td><td class="r">3</td><td class="r">2</td>' in paper, path


def test_the_report_asks_for_bad_answers_by_themselves_and_links_to_them(app, company: Company, november, checked):
    """They take a look at every visit; without scripts the link shows them."""
    boss = console(app, "boss")
    with statements(app) as asked:
        page = boss.get(f"/reports/monthly/2026-11?region={company.region_id}").text
    place = f"/reports/monthly/2026-11/answers?region={company.region_id}"
    assert f'hx-get="{place}" hx-trigger="load"' in page and f'href="{place}"' in page
    assert "店面是否整洁" not in page and not any("checklist" in one for one in asked)
    part = boss.get(place, headers={"HX-Request": "true"}).text
    assert "店面是否整洁" in part and "<html" not in part
    whole = boss.get(place).text
    assert "店面是否整洁" in whole and f'href="/reports/monthly/2026-11?region={company.region_id}"' in whole


def test_bad_answers_on_a_page_of_their_own_are_those_in_sight(app, company: Company, staff: Staff, checked):
    assert "物料是否齐备" not in console(app, "farboss").get("/reports/monthly/2026-11/answers").text
    assert "物料是否齐备" in console(app, "rep1").get("/reports/monthly/2026-11/answers").text
    assert console(app, "payer").get("/reports/monthly/2026-11/answers").status_code == 403


def test_the_workbook_lists_bad_answers(app, company: Company, staff: Staff, checked):
    book = CalamineWorkbook.from_filelike(BytesIO(console(app, "chief").get("/reports/monthly/2026-11/report.xlsx?region=" + company.region_id).data))
    head, first, second = book.get_sheet_by_name("检查发现的问题").to_python()
    assert head == ["问了什么", "回答", "次数", "网点数", "最近的网点"]
    assert first[:4] == ["店面是否整洁", "不整洁", 3, 2] and second[:4] == ["物料是否齐备", "不齐", 1, 1]


def test_pages_with_bad_answers_are_in_english_within_as_many_queries(app, company: Company, november, checked):
    with statements(app) as asked:
        client = console(app, "chief", "en")
        for path in ("/answers", "/print", f"/people/{company.rep_id}", f"/people/{company.rep_id}/print"):
            asked.clear()
            text = client.get(f"/reports/monthly/2026-11{path}").text
            assert "Untidy" in text and untranslated(text) == [], path
            assert len(asked) <= MOST_QUERIES, (path, len(asked))
