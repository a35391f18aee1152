"""Exports of lists: what the list shows, for whoever sees it, as files in which nothing is a formula and no digit is lost."""

import csv
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from flask_babel import force_locale
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.clock import now, today
from server.complaints.actions import Intake, receive_complaint
from server.db import db
from server.domain.months import Month
from server.findings.actions import Proposal, propose_findings
from server.followups.actions import Registered, register_follow_up
from server.jobs.nightly import run_nightly
from server.materials.actions import Wanted, request_materials
from server.outlets.identity import enter_identity
from server.outlets.models import Outlet
from server.policy.actions import set_policy
from server.reports import listing
from server.reports.columns import titles
from server.reports.csv_rows import kept_as_text
from server.reports.lists import LISTS
from server.training.actions import Arrangement, arrange_training, plan_outlet
from server.visits.plan_actions import plan_visit
from sync.ids import uuid7
from tests.features.browsing import CJK, console
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, company  # noqa: F401

RESIDENT_ID = "11010519491231002X"
MOST_QUERIES = 12
OF_ADMINISTRATORS = ("agents", "audit", "devices", "imports", "regions")
OF_QUEUES = ("waiting-changes", "waiting-values", "waiting-records", "duplicates", "positions")  # with rows in test_queue_exports, as imports
EMPTY_HERE = ("visit-answers", "trainings", "callbacks", "churn", "devices", "imports", "agents", *OF_QUEUES)


def csv_rows(answer) -> list[dict[str, str]]:
    return list(read_csv(answer))


def read_csv(answer) -> csv.DictReader:
    assert answer.status_code == 200, answer.text
    text = answer.data.decode("utf-8")
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    return csv.DictReader(StringIO(text[1:]))


def sheet_rows(answer) -> list[list[object]]:
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def name_outlet(app, outlet_id: str, **values) -> None:
    with app.app_context():
        outlet = db.session.get_one(Outlet, outlet_id)
        for name, value in values.items():
            setattr(outlet, name, value)
        db.session.commit()


def test_an_export_holds_what_the_list_shows_with_its_filter(app, company: Company, staff: Staff):
    name_outlet(app, company.outlet_id, outlet_class="A")
    client = console(app, "boss")
    assert [row["编号"] for row in csv_rows(client.get("/exports/outlets.csv"))] == ["CD-1", "CD-2"]
    assert [row["编号"] for row in csv_rows(client.get("/exports/outlets.csv?class=A&after=zz"))] == ["CD-1"]
    assert client.get("/exports/outlets.csv?class=A").headers["Content-Disposition"] == "attachment; filename=outlets.csv"
    assert "/exports/outlets.xlsx?class=A" in client.get("/outlets?class=A").text


@pytest.mark.parametrize(("login", "codes"), [("rep1", ["CD-1", "CD-2"]), ("rep2", []), ("farboss", ["CX-1"]), ("chief", ["CD-1", "CD-2", "CX-1"])])
def test_an_export_reaches_as_far_as_its_reader(app, company: Company, staff: Staff, login, codes):
    assert [row["编号"] for row in csv_rows(console(app, login).get("/exports/outlets.csv"))] == codes


@pytest.mark.parametrize(
    ("name", "logins"),
    [
        ("wages", {"chief", "payer"}),
        ("audit", {"root", "chief"}),
        ("people", {"chief", "root", "boss", "farboss", "ops", "payer", "clerk"}),
        ("devices", {"root", "boss", "farboss"}),
        ("findings", {"rep1", "boss", "farboss", "chief", "payer", "root"}),
    ],
)
def test_an_export_is_for_the_roles_of_its_list(app, company: Company, staff: Staff, name, logins):
    for login in ("rep1", "boss", "farboss", "chief", "ops", "root", "payer", "clerk"):
        status = 200 if login in logins else 403
        client = console(app, login)
        assert {client.get(f"/exports/{name}.{ending}").status_code for ending in ("csv", "xlsx")} == {status}, login
        assert (f"/exports/{name}.csv" in client.get("/exports").text) == (login in logins), login


def test_an_unknown_list_or_filter_is_refused(app, company: Company):
    client = console(app, "rep1")
    assert client.get("/exports/secrets.csv").status_code == 404
    assert client.get("/exports/visits.csv?month=2026-13").status_code == 422
    assert client.get("/exports/complaints.csv?state=x").status_code == 422


@pytest.mark.parametrize("name", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_is_a_formula(app, company: Company, staff: Staff, name):
    name_outlet(app, company.outlet_id, name=name, phone="=HYPERLINK(1)", account_no="6222020200112233445")
    client = console(app, "boss")
    row = csv_rows(client.get("/exports/outlets.csv"))[0]
    assert row["网点"] == f"'{name}" and row["电话"] == "'=HYPERLINK(1)" and row["工号"] == "6222020200112233445\t"
    book = client.get("/exports/outlets.xlsx").data
    sheet = zipfile.ZipFile(BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    head, first = sheet_rows(client.get("/exports/outlets.xlsx"))[:2]
    assert first[head.index("网点")] == name.replace("\r", "_x000D_") or first[head.index("网点")].strip() == name.strip()
    assert first[head.index("工号")] == "6222020200112233445" and first[head.index("电话")] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("王秀兰", "王秀兰"), ("", ""), ("00123", "00123\t"), ("13800000000", "13800000000\t"), ("1E5", "1E5\t"), ("3-12", "3-12\t"), ("CD-1", "CD-1")],
)
def test_what_looks_like_a_number_stays_a_text(text, kept):
    assert kept_as_text(text) == kept


def test_numbers_and_days_are_typed(app, company: Company, staff: Staff, add_visit):
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00", distance_m=20.5)
    head, first = sheet_rows(console(app, "boss").get("/exports/visits.xlsx?month=2026-11"))[:2]
    assert first[head.index("日期")] == date(2026, 11, 24) and first[head.index("到店")] == datetime(2026, 11, 24, 9)
    assert first[head.index("距网点（m）")] == 20.5
    row = csv_rows(console(app, "boss").get("/exports/visits.csv?month=2026-11"))[0]
    assert (row["日期"], row["到店"], row["距网点（m）"], row["结果"]) == ("2026-11-24", "2026-11-24 09:00:00", "20.5", "计入")


def test_id_numbers_are_masked_in_every_file(app, company: Company, staff: Staff):
    with app.app_context():
        enter_identity(company.outlet_id, "resident_id", RESIDENT_ID, company.supervisor_id, now())
    client = console(app, "root")
    for name in LISTS:
        for ending in ("csv", "xlsx"):
            answer = client.get(f"/exports/{name}.{ending}")
            if answer.status_code == 200:
                content = answer.data if ending == "csv" else zipfile.ZipFile(BytesIO(answer.data)).read("xl/worksheets/sheet1.xml")
                assert RESIDENT_ID.encode() not in content, name
    masked = csv_rows(client.get("/exports/outlets.csv"))[0]["证件号码（部分隐去）"]
    assert masked == "1****************X"


def test_visits_are_points_in_geojson(app, company: Company, staff: Staff, add_visit):
    with app.app_context():
        visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00")
        add_visit(company.second_outlet_id, company.rep_id, "2026-11-25T09:00:00+08:00", fix_lat=None, fix_lon=None)
    answer = console(app, "boss").get("/exports/visits.geojson?month=2026-11")
    found = json.loads(answer.data)
    assert answer.mimetype == "application/geo+json" and found["type"] == "FeatureCollection"
    assert [(one["id"], one["geometry"]) for one in found["features"]] == [(visit_id, {"type": "Point", "coordinates": [104.07, 30.66]})]
    assert json.loads(console(app, "farboss").get("/exports/visits.geojson?month=2026-11").data)["features"] == []


def test_who_took_what_is_noted(app, company: Company, staff: Staff):
    console(app, "boss").get("/exports/outlets.csv?class=C&region=&after=x")
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "list.exported")).one()
        assert (row.actor_id, row.subject_id, row.detail) == (company.supervisor_id, "outlets.csv", {"rows": 2, "filter": {"class": "C"}})
    console(app, "rep1").get("/exports/audit.csv")
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AuditRow.action == "list.exported")) == 1
    row = csv_rows(console(app, "root").get("/exports/audit.csv?action=list.exported"))[0]
    assert (row["做了什么"], row["操作代码"]) == ("导出了列表", "list.exported")


def test_more_rows_than_a_file_holds_are_refused_whole(app, company: Company, monkeypatch):
    monkeypatch.setattr(listing, "MOST_ROWS", 1)
    for ending in ("csv", "xlsx"):
        answer = console(app, "rep1").get(f"/exports/outlets.{ending}")
        assert answer.status_code == 422 and "行太多" in answer.text


def test_every_list_is_exported_in_both_languages_with_few_queries(app, company: Company, staff: Staff, add_visit):
    outlet_id, day = company.outlet_id, today()
    with app.app_context():
        add_visit(outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00")
        receive_complaint(Intake(uuid7(), outlet_id, "other", False, True, day, "王秀兰", "", "到账慢", ""), staff.ids["ops"], now())
        request_materials(Wanted(uuid7(), outlet_id, "凭条纸", day), company.rep_id, now())
        register_follow_up(Registered(uuid7(), outlet_id, "公示牌坏了", "rep", 3, now()), company.rep_id, now())
        propose_findings([Proposal("k", "missed_visit", "2026-10", company.rep_id, outlet_id, Decimal("30"), "-", (("outlet", outlet_id),))], now())
        db.session.commit()
        plan_visit(outlet_id, day, staff.ids["boss"], now())
        plan_outlet(Month.of_date(day), outlet_id, staff.ids["boss"], now())
        set_policy("review.sample_share", "1", date(2026, 1, 1), "试行", None, now())
        run_nightly(date(2026, 12, 2), now())
    with statements(app) as asked:
        with app.app_context():
            months = {"visits": "?month=2026-11", "visit-answers": "?month=2026-11", "outlet-months": "?month=2026-11", "complaints": "?state=open"}
        for name, listed in LISTS.items():
            client = console(app, "root" if name in OF_ADMINISTRATORS else "chief", "en")
            asked.clear()
            table = read_csv(client.get(f"/exports/{name}.csv{months.get(name, '')}"))
            assert len(asked) <= MOST_QUERIES, (name, asked)
            assert list(table) or name in EMPTY_HERE, name
            with app.test_request_context(), force_locale("en"):
                assert list(table.fieldnames or ()) == titles(listed.columns), name
            assert not any(map(CJK.search, table.fieldnames or ())), name
            assert len(set(map(str, (column.title for column in listed.columns)))) == len(listed.columns) > 1, name


def test_the_plan_of_visits_is_exported_by_month_and_rep(app, company: Company, staff: Staff):
    month = Month.of_date(today()).next()
    with app.app_context():
        plan_visit(company.outlet_id, month.first_day, company.supervisor_id, now())
        plan_visit(staff.far_outlet_id, month.last_day, staff.ids["farboss"], now())
    client = console(app, "chief")
    for query, days in ((f"month={month}", [month.first_day, month.last_day]), (f"month={month}&rep={company.rep_id}", [month.first_day]), ("", [])):
        assert [row["日期"] for row in csv_rows(client.get(f"/exports/visit-plan.csv?{query}"))] == [str(day) for day in days]
    head, first = sheet_rows(client.get(f"/exports/visit-plan.xlsx?month={month}"))[:2]
    assert dict(zip(head, first, strict=True)) == {
        **{"日期": month.first_day, "编号": "CD-1", "网点": "网点 CD-1", "区域": "城东区域"},
        **{"类型": "C", "片区负责人": "赵广田", "状态": "待巡检", "代巡": "否"},
    }
    assert csv_rows(console(app, "rep2").get(f"/exports/visit-plan.csv?month={month}")) == []
    assert f"/exports/visit-plan.xlsx?month={month}" in client.get(f"/visit-plans?month={month}").text
    assert f"/exports/visit-plan.csv?month={month}&amp;rep={company.rep_id}" in client.get(f"/visit-plans?month={month}&rep={company.rep_id}").text
    assert client.get("/exports/visit-plan.csv?month=x").status_code == 422


def test_the_plan_of_trainings_is_exported_by_month(app, company: Company, staff: Staff):
    month = Month.of_date(today()).next()
    with app.app_context():
        for outlet_id, boss in ((company.outlet_id, "boss"), (staff.far_outlet_id, "farboss")):
            plan_outlet(month, outlet_id, staff.ids[boss], now())
        arrange_training(month, company.outlet_id, Arrangement(month.last_day, "=门店", "开户"), company.supervisor_id, now())
    client = console(app, "boss")
    [row] = csv_rows(client.get(f"/exports/training-plan.csv?month={month}"))
    assert (row["月份"], row["编号"], row["培训日期"], row["培训地点"], row["已培训"]) == (f"{month}\t", "CD-1", str(month.last_day), "'=门店", "否")
    assert csv_rows(client.get("/exports/training-plan.csv")) == csv_rows(console(app, "rep2").get(f"/exports/training-plan.csv?month={month}")) == []
    assert len(csv_rows(console(app, "chief").get(f"/exports/training-plan.csv?month={month}"))) == 2
    head, first = sheet_rows(client.get(f"/exports/training-plan.xlsx?month={month}"))[:2]
    assert (first[head.index("培训日期")], first[head.index("培训地点")]) == (month.last_day, "=门店")
    assert f"/exports/training-plan.xlsx?month={month}" in client.get(f"/trainings?month={month}").text
