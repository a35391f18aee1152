"""Outlets by table: approved files with all their fields, documents sealed, faults by row, likely duplicates."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.outlets.identity import enter_identity, view_identity
from server.outlets.models import Agent, Outlet, OutletClassChange, OutletDuplicate, OutletStep
from server.people.actions import add_person
from server.people.models import Role
from server.transactions.models import TableImport
from server.transactions.standing import undo_obstacle
from tests.features.browsing import console
from tests.features.office_tables import FULL_HEAD, FULL_ROW, GOOD, OUTLETS_HEAD, RESIDENT_ID, faults, outlet_of, undo
from tests.features.staff import staff  # noqa: F401
from tests.features.table_imports import bring_in, check, faults_of
from tests.features.tables import rows_of, workbook
from tests.sync.conftest import PASSWORD


def test_an_outlet_enters_as_an_approved_file_with_all_its_fields(app, company, staff):
    root = console(app, "root")
    bring_in(root, workbook(GOOD["agents"]), "agents")
    bring_in(root, workbook([FULL_HEAD, FULL_ROW]), "outlets")
    with app.app_context():
        outlet = outlet_of("CD-71")
        assert (outlet.name, outlet.state, outlet.region_id, outlet.address) == ("望江烟酒", "approved", company.region_id, "望江路 3 号")
        assert (outlet.lat, outlet.lon, outlet.households_nearby, str(outlet.floor_area_m2)) == (30.7001, 104.2001, 800, "120.50")
        assert (outlet.is_franchised_or_own_hall, str(outlet.monthly_fee_yuan), outlet.monthly_payments) == (False, "12000.00", 310)
        assert (outlet.phone, outlet.contact) == ("13800001111", "王姐 13800002222")
        assert outlet.cashiers == [
            {"name": "李梅", "is_certified": True},
            {"name": "王强", "is_certified": False},
            {"name": "赵丽", "is_certified": None},
        ]
        assert (outlet.are_materials_complete, outlet.are_materials_placed_right, outlet.is_tidy) == (True, False, None)
        assert (outlet.account_no, outlet.account_made_on, outlet.approved_on) == ("00900071", date(2026, 2, 3), date(2026, 2, 10))
        assert (outlet.outlet_class, outlet.class_reasons) == ("B", ["B.area"]) and outlet.agent_id is not None
        assert db.session.scalars(select(OutletClassChange.valid_from).where(OutletClassChange.outlet_id == outlet.id)).one() == date(2026, 2, 10)
        step = db.session.scalars(select(OutletStep).where(OutletStep.outlet_id == outlet.id)).one()
        assert (step.state, step.by_id) == ("approved", staff.ids["root"])


def test_the_document_of_an_imported_file_is_sealed_and_written_nowhere_else(app, company, staff):
    root = console(app, "root")
    bring_in(root, workbook(GOOD["agents"]), "agents")
    bring_in(root, workbook([FULL_HEAD, FULL_ROW]), "outlets")
    with app.app_context():
        outlet = outlet_of("CD-71")
        assert outlet.id_masked == "1" + "*" * 16 + "X" and RESIDENT_ID not in outlet.id_sealed
        assert view_identity(outlet.id, staff.ids["chief"], now()) == RESIDENT_ID
        kept = [str(before) for before in db.session.scalars(select(TableImport.before))] + [
            str(detail) for detail in db.session.scalars(select(AuditRow.detail))
        ]
        assert not any(RESIDENT_ID in text for text in kept)


def test_a_wrong_document_is_told_masked_to_whoever_sent_it_only(app, company, staff):
    wrong = "110105194912310021"
    root = console(app, "root")
    place = check(root, workbook([[*OUTLETS_HEAD, "身份证号码"], ["CD-70", "新街口便利店", "城东区域", "", wrong]]), "outlets")
    page = root.get(place)
    assert "校验位不对" in page.text and wrong not in page.text
    assert rows_of(root.get(f"{place}/errors.xlsx").data)[1][4] == wrong  # who sent it gets it back to put right
    with app.app_context():
        add_person("root2", "高二", PASSWORD, [Role.ADMIN], [], now())
        db.session.commit()
    other = console(app, "root2")
    assert [other.get(path).status_code for path in (place, f"{place}/errors.xlsx")] == [404, 404]
    assert other.post(f"{place}/import", data={"accept": "good"}).status_code == 404


@pytest.mark.parametrize(
    ("column", "value", "field", "code"),
    [
        ("网点编号", "", "outlet_code", "required"),
        ("网点编号", "C" * 21, "outlet_code", "not_a_code"),
        ("门店名称", "", "outlet_name", "required"),
        ("门店名称", "名" * 121, "outlet_name", "out_of_range"),
        ("区域", "城北区域", "region", "unknown_region"),
        ("代理商", "不认识", "agent_name", "unknown_agent"),
        ("身份证号码", "1101051949123100", "id_number", "id_length"),
        ("身份证号码", "110105194912310021", "id_number", "id_check_character"),
        ("身份证号码", 110105194912310020.0, "id_number", "rounded_number"),
        ("周围居民户数", "10000001", "households_nearby", "out_of_range"),
        ("周围居民户数", "许多", "households_nearby", "not_a_count"),
        ("营业面积", "-1", "floor_area_m2", "out_of_range"),
        ("营业面积", "1.234", "floor_area_m2", "too_many_decimals"),
        ("营业面积", "大约八十", "floor_area_m2", "not_an_area"),
        ("营业面积", "¥80", "floor_area_m2", "not_an_area"),
        ("加盟/自建营业厅", "大概", "is_franchised_or_own_hall", "not_yes_no"),
        ("收费人", "李梅（也许）", "cashiers", "not_a_cashier"),
        ("纬度", "90.5", "lat", "not_degrees"),
        ("纬度", "", "lat", "both_degrees"),
        ("纬度", "北边", "lat", "not_degrees"),
        ("开户日期", "", "made_on", "goes_with_account"),
        ("工号", "", "account_no", "goes_with_account"),
        ("批准日期", str(today() + timedelta(days=1)), "approved_on", "future_day"),
    ],
)
def test_an_outlet_with_a_fault_is_told_by_row(app, company, staff, column, value, field, code):
    bring_in(console(app, "root"), workbook(GOOD["agents"]), "agents")
    row = list(FULL_ROW)
    row[FULL_HEAD.index(column)] = value
    assert [(one[0], one[1], one[2]) for one in faults(app, "outlets", FULL_HEAD, row)] == [(2, field, code)]


def test_a_retired_agent_is_for_no_new_outlet_but_stays_on_its_own(app, company, staff):
    root = console(app, "root")
    bring_in(root, workbook(GOOD["agents"]), "agents")
    bring_in(root, workbook([FULL_HEAD, FULL_ROW]), "outlets")
    with app.app_context():
        db.session.scalars(select(Agent)).one().retired_at = now()
        db.session.commit()
    other = ["CD-99" if name == "网点编号" else "10-99" if name == "工号" else cell for name, cell in zip(FULL_HEAD, FULL_ROW, strict=True)]
    found = faults(app, "outlets", FULL_HEAD, FULL_ROW, other)
    assert [(one[0], one[1], one[2]) for one in found] == [(3, "agent_name", "retired_agent")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("网点编号", "C" * 20),
        ("门店名称", "名" * 120),
        ("周围居民户数", "10000000"),
        ("营业面积", "0"),
        ("营业面积", "80.5 ㎡"),
        ("纬度", "-90"),
        ("批准日期", str(today())),
    ],
)
def test_an_outlet_at_the_edge_of_what_can_be_is_taken(app, company, staff, column, value):
    bring_in(console(app, "root"), workbook(GOOD["agents"]), "agents")
    row = list(FULL_ROW)
    row[FULL_HEAD.index(column)] = value
    assert faults(app, "outlets", FULL_HEAD, row) == []


def test_codes_and_accounts_of_other_outlets_are_refused(app, company, staff):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).account_no = "00120001"
        db.session.commit()
    head = [*OUTLETS_HEAD, "工号", "开户日期"]
    rows = [head, ["CD-1", "另一个", "城东区域", "", "", ""], ["CD-70", "甲", "城东区域", "", "00120001", "2026-01-05"]]
    assert faults(app, "outlets", *rows) == [(2, "outlet_code", "differs", "CD-1"), (3, "account_no", "account_taken", "CD-1")]


def test_a_file_that_says_less_than_is_known_changes_nothing(app, company, staff):
    place = check(console(app, "root"), workbook([OUTLETS_HEAD, ["CD-1", "网点 CD-1", "城东区域", ""]]), "outlets")
    assert faults_of(app, place) == []
    assert "没有一行可以导入" in console(app, "root").post(f"{place}/import").text


def test_outlets_near_one_of_the_same_name_are_noted_as_likely_duplicates(app, company, staff):
    bring_in(
        console(app, "root"), workbook([[*OUTLETS_HEAD, "纬度", "经度"], ["CD-70", "网点 CD-1", "城东区域", "", "30.6601", "104.0701"]]), "outlets"
    )
    with app.app_context():
        pair = db.session.scalars(select(OutletDuplicate)).first()
        assert pair is not None and pair.outlet_id == outlet_of("CD-70").id


def test_a_document_typed_in_after_an_import_keeps_the_file_and_one_that_came_along_does_not(app, company, staff):
    root = console(app, "root")
    bring_in(root, workbook(GOOD["agents"]), "agents")
    typed, along = bring_in(root, workbook(GOOD["outlets"]), "outlets"), bring_in(root, workbook([FULL_HEAD, FULL_ROW]), "outlets")
    with app.app_context():
        assert enter_identity(outlet_of("CD-70").id, "resident_id", RESIDENT_ID, staff.ids["chief"], now())
    assert [undo(root, place).status_code for place in (typed, along)] == [422, 303]
    with app.app_context():
        assert view_identity(outlet_of("CD-70").id, staff.ids["chief"], now()) == RESIDENT_ID
        assert list(db.session.scalars(select(Outlet.code).where(Outlet.code == "CD-71"))) == []
        assert db.session.scalars(select(TableImport.undone_at).where(TableImport.id == typed.rpartition("/")[2])).one() is None


@pytest.mark.parametrize(("later_by", "stays"), [(timedelta(), False), (timedelta(microseconds=1), True)])
def test_a_document_counts_as_typed_in_from_the_first_moment_after_the_import(app, company, staff, later_by, stays):
    place = bring_in(console(app, "root"), workbook(GOOD["outlets"]), "outlets")
    with app.app_context():
        outlet = outlet_of("CD-70")
        enter_identity(outlet.id, "resident_id", RESIDENT_ID, staff.ids["chief"], outlet.created_at + later_by)
        row = db.session.get_one(TableImport, place.rpartition("/")[2])
        assert (undo_obstacle(row) == "touched") == stays
