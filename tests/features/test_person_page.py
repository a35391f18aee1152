"""One person's page: what it shows, to whom, and with how few queries."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.db import db
from server.devices.actions import make_sign_in_code
from server.domain.months import Month
from server.findings.models import Finding
from server.jobs.nightly import run_nightly
from server.outlets.models import Outlet
from server.visits.models import OutletMonth
from server.visits.plan_models import PlanDay
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.staff import staff  # noqa: F401
from tests.features.test_exports import csv_rows
from tests.statements import statements
from tests.sync.conftest import signed_in

MOST_QUERIES = 13  # a BEGIN is counted too
DECEMBER_2 = date(2026, 12, 2)


@pytest.fixture
def worked(app, company, staff, add_visit) -> str:
    """A rep with a visit, a missed outlet, a finding, wages and a phone; the address of the page."""
    signed_in(app, "rep1")
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, f"{today().replace(day=1)}T01:00:00+00:00")
        run_nightly(DECEMBER_2, noon(DECEMBER_2))
    return f"/people/{company.rep_id}"


def facts_of(page: str) -> list[str]:
    return re.findall(r"<dd>(\d+)<", page)


def test_the_month_counts_what_was_planned_made_and_left(app, company, staff, worked):
    month = str(Month.of_date(today()))
    with app.app_context():
        rows = db.session.scalars(select(OutletMonth).where(OutletMonth.month == month, OutletMonth.rep_id == company.rep_id)).all()
        for row in rows:
            row.planned, row.counted = (2, 3) if row.outlet_id == company.outlet_id else (3, 1)
        db.session.add(PlanDay(rep_id=company.rep_id, day=today(), planned=5, on_day=2, in_month=1))
        db.session.commit()
    page = console(app, "boss").get(worked).text
    assert facts_of(page) == ["2", "5", "3", "2", "2"]  # more visits at one outlet do not stand for those of another
    assert "CD-1" in page and "CD-2" in page and "CX-1" not in page


def test_an_outlet_that_owes_nothing_and_is_planned_is_called_planned_everywhere(app, company, staff, worked):
    month = str(Month.of_date(today()))
    with app.app_context():
        row = db.session.get_one(OutletMonth, (company.second_outlet_id, month))
        row.owed, row.planned, row.counted, row.waiting, row.state = 0, 1, 0, 0, "due"
        outlet = db.session.get_one(Outlet, company.second_outlet_id)
        code, outlet.lat, outlet.lon = outlet.code, 30.66, 104.07
        db.session.commit()
    boss, pattern = console(app, "boss"), re.compile(r"<tr.*?</tr>", re.DOTALL)
    lists = (worked, f"/compliance?month={month}", f"/visits/map?month={month}", f"/dashboard?month={month}&rep={company.rep_id}")
    for path in lists:
        rows = pattern.findall(boss.get(path).text)
        [line] = [row for row in rows if f"/outlets/{company.second_outlet_id}" in row] or [f"{path}: not listed"]
        assert "已排计划" in line and ">应巡<" not in line, path
    page = boss.get(f"/outlets/{company.second_outlet_id}").text
    assert "<dd>0 / 1<small>已排计划</small></dd>" in page
    assert "计入 0 / 计划 1" in boss.get(f"/outlets/{company.second_outlet_id}", headers={"HX-Request": "true"}).text
    [told] = [row for row in csv_rows(boss.get(f"/exports/outlet-months.csv?month={month}")) if row["编号"] == code]
    assert (told["应巡"], told["计划"], told["状态"]) == ("0", "1", "已排计划")


def test_records_are_linked(app, company, staff, worked):
    page = console(app, "root").get(worked).text
    with app.app_context():
        own = select(Finding.id).where(Finding.person_id == company.rep_id)
        finding_id = db.session.scalars(own.order_by(Finding.month.desc())).first()
    wages, phones = f"/payroll/2026-11/{company.rep_id}", f"/devices?person={company.rep_id}"
    for address in (f"/outlets/{company.outlet_id}", f"/findings/{finding_id}", wages, phones):
        assert address in page, address
    assert re.search(r'href="/visits/[0-9a-f-]{36}"', page)


@pytest.mark.parametrize(
    ("login", "shows_findings", "shows_wages", "shows_phones", "may_change"),
    [
        ("rep1", True, True, False, False),
        ("boss", True, False, True, False),
        ("chief", True, True, False, False),
        ("payer", True, True, False, False),
        ("ops", False, False, False, False),
        ("clerk", False, False, False, False),
        ("root", True, True, True, True),
    ],
)
def test_parts_are_shown_to_those_who_may_read_them(app, company, staff, worked, login, shows_findings, shows_wages, shows_phones, may_change):
    page = console(app, login).get(worked).text
    assert (f"/findings?person={company.rep_id}" in page) == shows_findings
    assert (f"/payroll/2026-11/{company.rep_id}" in page) == shows_wages
    assert (f"/devices?person={company.rep_id}" in page) == shows_phones
    assert ("/password-link" in page) == may_change
    assert "赵广田" in page


def test_an_office_person_has_no_month_and_no_outlets(app, company, staff, worked):
    page = console(app, "root").get(f"/people/{staff.ids['ops']}").text
    assert "吴静" in page and facts_of(page) == [] and "负责的网点" not in page


def test_one_s_own_page_shows_sign_in_language_and_phones_but_no_way_to_manage_them(app, company, staff, worked):
    own = console(app, "rep1").get(worked).text
    assert "请管理员给你设密码的链接" in own and "还没有接受隐私说明" in own and "/devices?person=" not in own
    assert f'<input type="hidden" name="next" value="{worked}">' in own and "下载全部个人信息" in own
    assert "登录和语言" not in console(app, "boss").get(worked).text
    office = console(app, "ops").get(f"/people/{staff.ids['ops']}").text
    assert '<div class="cols c-1-1 mt">' in office and "登录和语言" in office and "没有在用的手机" in office


def test_one_s_own_page_names_who_made_the_code_of_a_phone(app, company, staff, worked):
    own = console(app, "rep1")
    assert "登录码由" not in own.get(worked).text
    with app.app_context():
        code = make_sign_in_code(company.rep_id, company.supervisor_id, now())
    assert app.test_client().post("/auth/v1/redeem", json={"code": code, "device_label": "一部新手机"}).status_code == 200
    page = own.get(worked).text
    assert "一部新手机" in page and "登录码由 周敏 生成" in page


def test_the_page_is_read_with_few_queries(app, company, staff, worked):
    for login in ("root", "boss", "rep1"):
        client = console(app, login)
        with statements(app) as asked:
            assert client.get(worked).status_code == 200
            assert len(asked) <= MOST_QUERIES, (login, len(asked), asked)


def test_the_page_is_in_english_too(app, company, staff, worked):
    for login in ("root", "rep1"):
        page = console(app, login, "en").get(worked).text
        assert untranslated(page) == []
        assert '<html lang="en"' in page


def test_lists_lead_to_the_page(app, company, staff, worked):
    boss = console(app, "boss")
    month = str(Month.of_date(today()))
    for path in ("/outlets", f"/compliance?month={month}", f"/visits?month={month}", "/findings"):
        assert f'href="{worked}"' in boss.get(path).text, path
