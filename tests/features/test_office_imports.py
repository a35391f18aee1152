"""Imports of people, agents, outlets and assignments: checked, imported, taken back. Happy, who may not, bad input, twice."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.feed.models import SyncFeed
from server.feed.scopes import holds_scope
from server.jobs.nightly import run_nightly
from server.outlets.actions import assign_outlets
from server.outlets.identity import view_identity
from server.outlets.models import Agent, Assignment, Outlet, OutletClassChange, OutletDuplicate, OutletStep
from server.people.actions import add_person
from server.people.models import Person, Role
from server.staff.leaving import end_employment
from server.transactions.kinds import KINDS
from server.transactions.models import TableImport
from server.transactions.reading import open_table
from server.visits.models import OutletMonth
from tests.features.browsing import console, untranslated
from tests.features.staff import staff  # noqa: F401
from tests.features.tables import comma_separated, rows_of, workbook
from tests.features.test_transaction_imports import bring_in, check, faults_of, import_rows, send
from tests.sync.conftest import PASSWORD

PEOPLE_HEAD = ["工号", "姓名", "角色", "区域", "上岗日期", "语言"]
AGENTS_HEAD = ["代理商", "电话"]
OUTLETS_HEAD = ["网点编号", "名称", "区域", "代理商"]
ASSIGNMENTS_HEAD = ["网点编号", "片区负责人工号", "从哪天起"]
OFFICE_KINDS = ("people", "agents", "outlets", "assignments")
GOOD = {
    "people": [PEOPLE_HEAD, ["rep7", "何小满", "片区负责人", "城东区域", "2026-01-05", ""]],
    "agents": [AGENTS_HEAD, ["天府商贸", "02800001111"]],
    "outlets": [OUTLETS_HEAD, ["CD-70", "新街口便利店", "城东区域", ""]],
    "assignments": [ASSIGNMENTS_HEAD, ["CX-1", "farrep", "2026-01-01"]],
}
RESIDENT_ID = "11010519491231002X"
FULL_HEAD = [
    *["网点编号", "门店名称", "区域", "代理商", "负责人", "身份证号码", "电话", "地址", "所处方位", "纬度", "经度", "周围居民户数", "营业面积"],
    *["连锁网点数量", "加盟/自建营业厅", "月收费额(元)", "月缴费笔数", "收费人", "物料是否齐备", "物料摆放合规否", "店面是否整洁"],
    *["工号", "开户日期", "批准日期"],
]
FULL_ROW = [
    *[
        "CD-71",
        "望江烟酒",
        "城东区域",
        "天府商贸",
        "王秀兰",
        RESIDENT_ID,
        "13800001111",
        "望江路 3 号",
        "菜市场东门",
        "30.7001",
        "104.2001",
        "800",
        "120.5",
    ],
    *["1", "否", "12000.00", "310", "李梅（有证）、王强（无证）、赵丽", "是", "否", "", "00900071", "2026-02-03", "2026-02-10"],
]


def outlet_of(code: str) -> Outlet:
    return db.session.scalars(select(Outlet).where(Outlet.code == code)).one()


def faults(app, kind: str, *rows: list[Any]) -> list[tuple[int, str, str, str]]:
    return faults_of(app, check(console(app, "root"), workbook(list(rows)), kind))


def undo(client, place: str) -> Any:
    return client.post(f"{place}/undo")


def test_people_are_entered_and_choose_their_passwords_later(app, company, staff):
    rows = [
        PEOPLE_HEAD,
        ["rep7", "何小满", "片区负责人、市场主管", "城东区域、城西区域", date(2026, 1, 5), "英文"],
        ["007", "钱进", "ops", "", "", ""],
    ]
    place = check(console(app, "root"), workbook(rows), "people")
    assert faults_of(app, place) == []
    with app.app_context():
        assert db.session.scalar(select(Person).where(Person.login == "rep7")) is None  # a check writes nothing
    assert console(app, "root").post(f"{place}/import").status_code == 303
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.login == "rep7")).one()
        assert (person.name, person.role_names, person.language, person.starts_on) == ("何小满", ["rep", "supervisor"], "en", date(2026, 1, 5))
        assert len(person.region_ids) == 2 and holds_scope(person.id, f"region:{company.region_id}")
        assert db.session.scalars(select(Person.name).where(Person.login == "007")).one() == "钱进"
        assert db.session.scalar(select(func.count()).where(AuditRow.action == "person.added", AuditRow.subject_id == person.id)) == 1


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (["", "何小满", "ops", "", "", ""], "login", "required"),
        (["two words", "何小满", "ops", "", "", ""], "login", "not_a_login"),
        (["a" * 41, "何小满", "ops", "", "", ""], "login", "not_a_login"),
        (["rep7", "", "ops", "", "", ""], "person_name", "required"),
        (["rep7", "名" * 61, "ops", "", "", ""], "person_name", "too_long"),
        (["rep7", "何小满", "", "", "", ""], "roles", "required"),
        (["rep7", "何小满", "国王", "", "", ""], "roles", "unknown_role"),
        (["rep7", "何小满", "rep", "", "", ""], "regions", "region_needed"),
        (["rep7", "何小满", "rep", "城北区域", "", ""], "regions", "unknown_region"),
        (["rep7", "何小满", "ops", "", "2999-01-01", ""], "starts_on", "future_day"),
        (["rep7", "何小满", "ops", "", "1949-12-31", ""], "starts_on", "early_day"),
        (["rep7", "何小满", "ops", "", "", "德文"], "language", "unknown_language"),
        (["REP1", "何小满", "ops", "", "", ""], "login", "differs"),
    ],
)
def test_a_person_with_a_fault_is_told_by_row(app, company, staff, row, field, code):
    found = faults(app, "people", PEOPLE_HEAD, row, ["rep8", "名" * 60, "rep", "城东区域", "1950-01-01", "中文"])
    assert [(one[0], one[1], one[2]) for one in found] == [(2, field, code)]


def test_people_who_are_there_already_and_say_the_same_are_left_alone(app, company, staff):
    client = console(app, "root")
    place = check(
        client, workbook([PEOPLE_HEAD, ["rep1", "赵广田", "片区负责人", "城东区域", "", ""], ["rep7", "何小满", "ops", "", "", ""]]), "people"
    )
    assert faults_of(app, place) == []
    client.post(f"{place}/import")
    assert import_rows(app)[0].rows_written == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Person.login.in_(["rep1", "rep7"]))) == 2


@pytest.mark.parametrize(
    ("kind", "field", "rows"),
    [
        ("people", "login", [PEOPLE_HEAD, ["rep7", "甲", "ops", "", "", ""], ["REP7", "乙", "ops", "", "", ""]]),
        ("agents", "agent_name", [AGENTS_HEAD, ["天府商贸", "1"], ["天府商贸", "2"]]),
        ("outlets", "outlet_code", [OUTLETS_HEAD, ["CD-70", "甲", "城东区域", ""], ["cd-70", "乙", "城东区域", ""]]),
        ("assignments", "outlet_code", [ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-11-01"], ["CD-1", "rep1", "2026-11-02"]]),
    ],
)
def test_a_duplicate_is_refused_in_each_row_and_names_the_other(app, company, staff, kind, field, rows):
    assert faults(app, kind, *rows) == [(2, field, "duplicate_row", "3"), (3, field, "duplicate_row", "2")]


def test_an_outlet_enters_as_an_approved_file_with_all_its_fields(app, company, staff):
    root = console(app, "root")
    bring_in(root, workbook(GOOD["agents"]), "agents")
    bring_in(root, workbook([FULL_HEAD, FULL_ROW]), "outlets")
    with app.app_context():
        outlet = outlet_of("CD-71")
        assert (outlet.name, outlet.state, outlet.region_id, outlet.address) == ("望江烟酒", "approved", company.region_id, "望江路 3 号")
        assert (outlet.lat, outlet.lon, outlet.households_nearby, str(outlet.floor_area_m2)) == (30.7001, 104.2001, 800, "120.50")
        assert (outlet.is_franchised_or_own_hall, str(outlet.monthly_fee_yuan), outlet.monthly_payments) == (False, "12000.00", 310)
        assert outlet.cashiers == [
            {"name": "李梅", "is_certified": True},
            {"name": "王强", "is_certified": False},
            {"name": "赵丽", "is_certified": None},
        ]
        assert (outlet.are_materials_complete, outlet.are_materials_placed_right, outlet.is_tidy) == (True, False, None)
        assert (outlet.account_no, outlet.account_made_on, outlet.approved_on) == ("00900071", date(2026, 2, 3), date(2026, 2, 10))
        assert (outlet.outlet_class, outlet.class_reasons) == ("B", outlet.class_reasons) and outlet.agent_id is not None
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


@pytest.mark.parametrize(
    ("column", "value"),
    [("网点编号", "C" * 20), ("门店名称", "名" * 120), ("周围居民户数", "10000000"), ("营业面积", "0"), ("纬度", "-90"), ("批准日期", str(today()))],
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


def test_assignments_hand_outlets_over_and_phones_follow(app, company, staff):
    rows = [ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-11-02"], ["CD-2", "rep1", "2026-11-02"]]
    bring_in(console(app, "root"), workbook(rows), "assignments")
    with app.app_context():
        query = select(Assignment.person_id, Assignment.starts_on, Assignment.ends_on).where(Assignment.outlet_id == company.outlet_id)
        spans = sorted(tuple(row) for row in db.session.execute(query.order_by(Assignment.starts_on)))
        assert sorted(spans, key=lambda span: span[1]) == [
            (company.rep_id, date(2026, 1, 1), date(2026, 11, 1)),
            (company.other_rep_id, date(2026, 11, 2), None),
        ]
        assert holds_scope(company.other_rep_id, f"outlet:{company.outlet_id}") and not holds_scope(company.rep_id, f"outlet:{company.outlet_id}")
        assert holds_scope(company.rep_id, f"outlet:{company.second_outlet_id}")
    assert import_rows(app)[0].rows_written == 1


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (["CD-9", "rep2", "2026-11-02"], "outlet_code", "unknown_outlet"),
        (["", "rep2", "2026-11-02"], "outlet_code", "required"),
        (["CD-1", "nobody", "2026-11-02"], "rep_login", "unknown_person"),
        (["CD-1", "boss", "2026-11-02"], "rep_login", "not_a_rep"),
        (["CD-1", "farrep", "2026-11-02"], "rep_login", "rep_of_other_region"),
        (["CD-1", "", "2026-11-02"], "rep_login", "required"),
        (["CD-1", "rep2", ""], "since", "required"),
        (["CD-1", "rep2", str(today() + timedelta(days=1))], "since", "future_day"),
        (["CD-1", "rep2", "2025-12-31"], "since", "before_current"),
    ],
)
def test_an_assignment_with_a_fault_is_told_by_row(app, company, staff, row, field, code):
    found = faults(app, "assignments", ASSIGNMENTS_HEAD, row, ["CD-2", "rep2", str(today())])
    assert [(one[0], one[1], one[2]) for one in found] == [(2, field, code)]


def test_an_outlet_of_the_pool_is_not_given_for_days_when_somebody_had_it(app, company, staff):
    with app.app_context():
        end_employment(company.rep_id, date(2026, 11, 10), None, staff.ids["root"], now())
        db.session.commit()
    rows = [ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-11-10"], ["CD-2", "rep2", "2026-11-11"]]
    assert [(one[0], one[2]) for one in faults(app, "assignments", *rows)] == [(2, "before_current")]


@pytest.mark.parametrize("kind", OFFICE_KINDS)
def test_an_import_is_taken_back_whole_and_only_once(app, company, staff, kind):
    with app.app_context():
        before = snapshot()
    root = console(app, "root")
    rows = GOOD[kind] if kind != "assignments" else [ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-01-01"], ["CD-2", "rep2", "2026-11-02"]]
    place = bring_in(root, workbook(rows), kind)
    with app.app_context():
        assert snapshot() != before
    assert undo(root, place).status_code == 303
    with app.app_context():
        assert snapshot() == before
        assert db.session.scalar(select(func.count()).where(AuditRow.action == "table.undone")) == 1
    assert undo(root, place).status_code == 422
    assert faults_of(app, check(root, workbook(rows), kind)) == []  # and it can come again


def snapshot() -> list[Any]:
    """People, agents, outlets and assignments as they are, and what lives in the feed."""
    columns = (Assignment.outlet_id, Assignment.person_id, Assignment.starts_on, Assignment.ends_on)
    parts: list[Any] = [sorted(db.session.scalars(select(column))) for column in (Person.login, Agent.name, Outlet.code)]
    parts.append(sorted(tuple(map(str, row)) for row in db.session.execute(select(*columns))))
    parts.append(sorted(db.session.scalars(select(SyncFeed.entity_id).where(SyncFeed.deleted.is_(False), SyncFeed.entity_type != "outlet_month"))))
    return parts


def test_what_a_night_reckons_for_imported_outlets_does_not_keep_them(app, company, staff):
    root = console(app, "root")
    head = [*OUTLETS_HEAD, "工号", "开户日期", "批准日期"]
    place = bring_in(root, workbook([head, ["CD-70", "新街口便利店", "城东区域", "", "00900070", "2026-02-03", "2026-02-10"]]), "outlets")
    with app.app_context():
        run_nightly(today(), now())
        assert db.session.scalar(select(func.count()).where(OutletMonth.outlet_id == outlet_of("CD-70").id)) > 0
    assert undo(root, place).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Outlet.code == "CD-70")) == 0
        assert run_nightly(today(), now()).steps


def test_taking_assignments_back_gives_the_scopes_back(app, company, staff):
    root = console(app, "root")
    undo(root, bring_in(root, workbook([ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-11-02"]]), "assignments"))
    with app.app_context():
        assert holds_scope(company.rep_id, f"outlet:{company.outlet_id}") and not holds_scope(company.other_rep_id, f"outlet:{company.outlet_id}")


def touched_people(app, company, staff):
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.login == "rep7")).one()
    console(app, "root").post("/devices/codes", data={"person_id": person.id})


def touched_agents(app, company, staff):
    bring_in(console(app, "root"), workbook([OUTLETS_HEAD, ["CD-72", "甲", "城东区域", "天府商贸"]]), "outlets")


def touched_outlets(app, company, staff):
    with app.app_context():
        assign_outlets([outlet_of("CD-70").id], company.rep_id, today(), company.supervisor_id, now())


def touched_assignments(app, company, staff):
    with app.app_context():
        assign_outlets([company.outlet_id], company.rep_id, today(), company.supervisor_id, now())


@pytest.mark.parametrize(
    ("kind", "touch"), [("people", touched_people), ("agents", touched_agents), ("outlets", touched_outlets), ("assignments", touched_assignments)]
)
def test_an_import_that_others_depend_on_stays(app, company, staff, kind, touch):
    root = console(app, "root")
    rows = GOOD[kind] if kind != "assignments" else [ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-11-02"]]
    place = bring_in(root, workbook(rows), kind)
    touch(app, company, staff)
    with app.app_context():
        before = snapshot()
    assert "已经有别的记录依据它" in root.get(place).text
    assert undo(root, place).status_code == 422
    with app.app_context():
        assert snapshot() == before


@pytest.mark.parametrize("kind", OFFICE_KINDS)
def test_the_same_file_twice_is_one_import(app, company, staff, kind):
    root, raw = console(app, "root"), workbook(GOOD[kind] if kind != "assignments" else [ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-11-02"]])
    place = check(root, raw, kind)
    first, second = root.post(f"{place}/import"), root.post(f"{place}/import")
    assert first.headers["Location"] == second.headers["Location"]
    assert send(root, raw, kind).headers["Location"] == first.headers["Location"]
    assert len(import_rows(app)) == 1


def test_somebody_faster_makes_the_check_stale(app, company, staff):
    root = console(app, "root")
    place = check(root, workbook(GOOD["people"]), "people")
    form = {"login": "rep7", "name": "别人", "roles": ["ops"], "language": "zh", "starts_on": ""}
    root.post("/people", data=form)
    assert root.post(f"{place}/import").status_code == 409
    assert import_rows(app) == []


@pytest.mark.parametrize("login", ["ops", "boss", "chief", "payer", "clerk", "rep1"])
@pytest.mark.parametrize("kind", OFFICE_KINDS)
def test_only_administrators_import_what_the_office_enters(app, company, staff, kind, login):
    place = check(console(app, "root"), workbook(GOOD["people"]), "people")
    done = bring_in(console(app, "root"), workbook(GOOD["agents"]), "agents")
    client = console(app, login)
    assert send(client, workbook(GOOD[kind]), kind).status_code == 403
    assert client.get(f"/imports/templates/{kind}.xlsx").status_code == 403
    assert client.get(place).status_code == 403 and client.get(f"{place}/errors.xlsx").status_code == 403
    assert client.post(f"{place}/import", data={"accept": "good"}).status_code == 403
    assert client.get(done).status_code == 403 and undo(client, done).status_code == 403
    if login == "ops":
        page = client.get("/imports").text
        assert "每日交易" in page and "网点归属" not in page and "天府商贸" not in page and done not in page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", OFFICE_KINDS)
def test_a_template_is_a_table_of_its_kind_whose_row_no_import_takes(app, company, staff, kind, language, tmp_path):
    root = console(app, "root", language)
    raw = root.get(f"/imports/templates/{kind}.xlsx").data
    path = tmp_path / "template.xlsx"
    path.write_bytes(raw)
    with app.app_context():
        assert set(open_table(path, KINDS[kind]).head.places) == {column.field for column in KINDS[kind].columns}
    page = root.get(check(root, raw, kind))
    if kind != "agents":
        assert re.search("没有一行可以导入|No row can be imported", page.text)


def test_a_comma_separated_file_is_read_too_and_formulas_stay_texts(app, company, staff):
    root = console(app, "root")
    raw = comma_separated([AGENTS_HEAD, ['=HYPERLINK("http://x")', "+1"]])
    bring_in(root, raw, "agents")
    with app.app_context():
        assert list(db.session.scalars(select(Agent.name))) == ['=HYPERLINK("http://x")']


@pytest.mark.parametrize("kind", OFFICE_KINDS)
def test_pages_of_an_import_are_in_english_too(app, company, staff, kind):
    root = console(app, "root", "en")
    assert untranslated(root.get("/imports").text) == []
    place = check(root, workbook([*GOOD[kind], ["x"] * len(GOOD[kind][0])]), kind)
    assert untranslated(root.get(place).text) == []
    done = root.post(f"{place}/import", data={"accept": "good"})
    if done.status_code == 303:
        assert untranslated(root.get(done.headers["Location"]).text) == []
