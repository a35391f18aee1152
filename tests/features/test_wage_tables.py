"""The wage table as XLSX and CSV: rows, columns, strips, who may have it."""

import io
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from server.db import db
from server.domain.months import Month
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.people.models import Person
from server.policy.actions import set_policy
from tests.features.browsing import console, links
from tests.features.conftest import noon
from tests.features.rich_sheet import NOV, rich  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.wages import DECEMBER_2, NOVEMBER_2, upheld


def book(client, path):
    answer = client.get(path)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    return answer.data


def rows_of(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_wage_table_has_a_row_per_person_and_a_column_per_kind(app, company, rich):
    rows = rows_of(book(console(app, "payer"), "/payroll/2026-11/table.xlsx"))
    head = next(row for row in rows if row[0] == "序号")
    person = next(row for row in rows if row[1] == "rep1")
    by_column = dict(zip(head, person, strict=True))
    assert rows[0][0] == "2026年11月 工资表" and rows[1][0].startswith("试算，未关账。")
    assert [by_column[name] for name in ("姓名", "底薪", "新增客户绩效", "客户交易量绩效", "考核 · 离网", "考核合计")] == [
        "赵广田",
        1100,
        10,
        3,
        -30,
        -60,
    ]
    assert by_column["实发工资"] == by_column["应发合计"] - 60
    assert rows[-1][0] == "合计" and rows[-1][head.index("底薪")] == 3300  # rep1, rep2 and farrep


def test_the_strips_repeat_the_head_above_each_person(app, company, rich):
    rows = rows_of(book(console(app, "chief"), "/payroll/2026-11/strips.xlsx"))
    places = [place for place, row in enumerate(rows) if row[0] == "序号"]
    assert [rows[place + 1][1] for place in places] == ["farrep", "rep1", "rep2"]
    assert all(not any(rows[place - 1]) for place in places[1:])


def test_tables_speak_english_when_asked(app, company, rich):
    rows = rows_of(book(console(app, "payer", "en"), "/payroll/2026-11/table.xlsx"))
    assert "Base" in next(row for row in rows if row[0] == "No.")


def test_no_cell_is_a_formula_and_logins_stay_texts(app, company, rich):
    with app.app_context():
        rep = db.session.get_one(Person, company.rep_id)
        rep.login, rep.name = "00123", '=HYPERLINK("http://evil.example","x")'
        db.session.commit()
    content = book(console(app, "payer"), "/payroll/2026-11/table.xlsx")
    person = next(row for row in rows_of(content) if row[1] == "00123")
    assert person[2] == '=HYPERLINK("http://evil.example","x")'
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "<hyperlink" not in sheet
        assert 'state="frozen"' in sheet


@pytest.mark.parametrize(("login", "status"), [("root", 403), ("rep1", 403), ("boss", 403), ("ops", 403)])
def test_tables_are_for_payroll_and_the_manager(app, staff, rich, login, status):
    for name in ("table", "strips"):
        assert console(app, login).get(f"/payroll/2026-11/{name}.xlsx").status_code == status
    assert console(app, "payer").get("/payroll/2020-01/table.xlsx").status_code == 404


def test_what_is_carried_over_stands_among_the_deductions_and_what_is_not_taken_has_a_line(app, company, staff, rich):
    with app.app_context():
        for key, value in (("wage.cap_deductions", "true"), ("wage.carry_over", "true"), ("wage.minimum_yuan", "5000")):
            set_policy(key, value, date(2026, 11, 1), "试行", staff.ids["chief"], noon(NOVEMBER_2))
        draft_month(NOV, noon(DECEMBER_2))
        close_month(NOV, "先关", staff.ids["chief"], noon(DECEMBER_2))
        upheld(company.rep_id, staff.ids["chief"], on=date(2026, 12, 3), kind="inadequate_training", outlet_id=company.outlet_id)
        draft_month(Month(2026, 12), noon(date(2026, 12, 20)))
    place = f"/payroll/2026-12/{company.rep_id}"
    page = console(app, "rep1").get(f"{place}?open=carried_over").text
    assert page.index("上月未扣结转") < page.index("考核，已认定") < page.index("补记 2026年11月 · 不补也不扣的部分")
    assert links(page, f"/payroll/2026-11/{company.rep_id}")
    assert "封顶后未扣的部分，按政策结转到下月" in console(app, "rep1").get(f"{place}/print").text
    english = console(app, "rep1", "en").get(place).text
    assert "Carried over from last month" in english and "Part neither paid nor taken" in english
    rows = rows_of(book(console(app, "payer"), "/payroll/2026-12/table.xlsx"))
    head, person = next(row for row in rows if row[0] == "序号"), next(row for row in rows if row[1] == "rep1")
    by_column = dict(zip(head, person, strict=True))
    assert [by_column[name] for name in ("上月未扣结转", "考核合计", "未扣", "补记")] == [-90, -90, 90, 0]
    assert by_column["实发工资"] == by_column["应发合计"]
