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
from server.outlets.models import Agent, Assignment, Outlet
from server.people import passwords
from server.people.models import Person
from server.staff.leaving import end_employment
from server.transactions.kinds import KINDS
from server.transactions.reading import open_table
from server.visits.models import OutletMonth
from tests.features.browsing import console, untranslated
from tests.features.conftest import noon
from tests.features.office_tables import (
    AGENTS_HEAD,
    ASSIGNMENTS_HEAD,
    GOOD,
    OFFICE_KINDS,
    OUTLETS_HEAD,
    PEOPLE_HEAD,
    faults,
    outlet_of,
    undo,
)
from tests.features.staff import staff  # noqa: F401
from tests.features.table_imports import ACCOUNTS_HEAD, bring_in, check, faults_of, import_rows, send
from tests.features.tables import comma_separated, workbook
from tests.statements import statements

WITH_ACCOUNT, NEW = ["名称", "区域", "开户日期", "网点编号", "工号"], ["新店", "城东区域", "2026-01-05"]


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


def test_entering_people_hashes_no_password_and_reads_the_known_logins_once(app, company, staff, monkeypatch):
    root = console(app, "root")
    place = check(root, workbook([PEOPLE_HEAD, *([f"new{number}", "何小满", "ops", "", "", ""] for number in range(5))]), "people")
    monkeypatch.setattr(passwords, "_hasher", None)
    with statements(app) as asked:
        assert root.post(f"{place}/import").status_code == 303
    assert len([one for one in asked if " ".join(one.split()) == "SELECT person.login FROM person"]) == 1
    monkeypatch.undo()
    for tried in ("", person_of("new0", app).password_hash):
        assert app.test_client().post("/login", data={"login": "new0", "password": tried}).status_code == 401


def person_of(login: str, app) -> Person:
    with app.app_context():
        return db.session.scalars(select(Person).where(Person.login == login)).one()


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
        (
            "outlets",
            "account_no",
            [
                [*OUTLETS_HEAD[:3], *ACCOUNTS_HEAD[1:]],
                ["CD-70", "甲", "城东区域", "00123", "2026-01-05"],
                ["CD-71", "乙", "城东区域", "123", "2026-01-05"],
            ],
        ),
        ("accounts", "account_no", [ACCOUNTS_HEAD, ["CD-1", "00123", "2026-01-05"], ["CD-2", "123", "2026-01-05"]]),
        ("assignments", "outlet_code", [ASSIGNMENTS_HEAD, ["CD-1", "rep2", "2026-11-01"], ["CD-1", "rep1", "2026-11-02"]]),
    ],
)
def test_a_duplicate_is_refused_in_each_row_and_names_the_other(app, company, staff, kind, field, rows):
    assert faults(app, kind, *rows) == [(2, field, "duplicate_row", "3"), (3, field, "duplicate_row", "2")]


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
    quiet = today().replace(day=15)  # around the 28th a night plans trainings there, and a plan does keep them
    with app.app_context():
        run_nightly(quiet, noon(quiet))
        assert db.session.scalar(select(func.count()).where(OutletMonth.outlet_id == outlet_of("CD-70").id)) > 0
    assert undo(root, place).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Outlet.code == "CD-70")) == 0
        assert run_nightly(quiet, noon(quiet)).steps


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


def retired_agents(app, company, staff):
    with app.app_context():
        agent_id = db.session.scalars(select(Agent.id)).one()
    console(app, "root").post(f"/agents/{agent_id}/use", data={"retired": "yes"})


def touched_outlets(app, company, staff):
    with app.app_context():
        assign_outlets([outlet_of("CD-70").id], company.rep_id, today(), company.supervisor_id, now())


def touched_assignments(app, company, staff):
    with app.app_context():
        assign_outlets([company.outlet_id], company.rep_id, today(), company.supervisor_id, now())


@pytest.mark.parametrize(
    ("kind", "touch"),
    [
        *[("people", touched_people), ("agents", touched_agents), ("agents", retired_agents)],
        *[("outlets", touched_outlets), ("assignments", touched_assignments)],
    ],
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
