"""The reporting API: pages that lose nothing, what changed since, tables for spreadsheets, and its own description."""

import base64
import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from sqlalchemy import inspect, update

from server.clock import now
from server.console.paging import key_text
from server.db import db
from server.feed.models import SyncCommit
from server.outlets.identity import enter_identity
from server.outlets.models import Outlet
from server.reports.parts import PARTS
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.reporting import add_sheet, token  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, _outlet, company  # noqa: F401

RESIDENT_ID = "11010519491231002X"
MOST_QUERIES = 12
HALF_A_SIGN = "\ud83d"


def table_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))


def test_a_program_reads_visits_as_they_are(app, company: Company, token, add_visit):
    with app.app_context():
        visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00")
    answer = token().get("visits")
    (row,) = answer.json["data"]
    assert (row["id"], row["outlet_code"], row["region"], row["rep_login"]) == (visit_id, "CD-1", "城东区域", "rep1")
    assert (row["visited_on"], row["checked_in_at"], row["verdict"]) == ("2026-11-24", "2026-11-24T01:00:00+00:00", "done")
    assert answer.json["next"] is None and answer.headers["Cache-Control"] == "no-store" and row["updated_at"]


def test_pages_are_complete_without_doubles_while_rows_are_added(app, company: Company, token):
    def add(count: int, letter: str) -> None:
        with app.app_context():
            db.session.add_all(_outlet(f"{letter}-{number:03}", company.region_id, now()) for number in range(count))
            db.session.commit()

    add(25, "M")
    reader, codes, following = token(), [], "outlets?limit=7"
    for step in range(100):
        answer = reader.get(following).json
        codes += [row["code"] for row in answer["data"]]
        if not (following := answer["next"]):
            break
        if step < 3:
            add(2, f"L{step}")
    assert len(codes) == len(set(codes)) == 3 + 25 + 6
    add(1, "Z")
    assert [row["code"] for row in reader.rows(f"outlets?cursor={answer['cursor']}")] == ["Z-000"]


def test_what_changed_is_given_once_more_at_the_end(app, company: Company, token):
    reader = token()
    cursor = reader.get("outlets").json["cursor"]
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).address = "新地址"
        db.session.commit()
    assert [(row["code"], row["address"]) for row in reader.rows(f"outlets?cursor={cursor}")] == [("CD-1", "新地址")]
    assert len(reader.rows("outlets")) == 3


def test_updated_since_gives_what_changed_since(app, company: Company, token):
    with app.app_context():
        db.session.execute(update(SyncCommit).values(at=datetime(2026, 11, 1, tzinfo=UTC)))
        db.session.commit()
        db.session.get_one(Outlet, company.second_outlet_id).address = "新地址"
        db.session.commit()
    reader, recent = token(), (now() - timedelta(minutes=10)).isoformat()
    assert [row["code"] for row in reader.rows("outlets?updated_since=2026-11-10T00:00:00Z")] == ["CD-2"]
    assert [row["code"] for row in reader.rows(f"outlets?limit=1&updated_since={recent}")] == ["CD-2"]
    assert len(reader.rows("outlets?updated_since=2026-10-01T00:00:00Z")) == 3
    assert reader.rows("outlets?updated_since=2099-01-01T00:00:00Z") == []
    assert len(reader.rows("outlets?updated_since=1970-01-01T00:00:00Z")) == 3
    assert reader.rows(f"outlets?cursor={key_text([2**63 - 1, 'x'])}") == []


@pytest.mark.parametrize(
    "query",
    [
        *["limit=0", "limit=1001", "limit=x", "cursor=zz", "cursor=WzEsMl0", "updated_since=yesterday", "updated_since=2026-11-01T00:00"],
        *["updated_since=0001-01-01T00:00:00Z", "updated_since=1969-12-31T23:59:59Z", "updated_since=9999-12-31T23:59:59-08:00"],
        *[f"cursor={key_text([2**63, 'x'])}", f"cursor={key_text([1, HALF_A_SIGN])}"],
    ],
)
def test_a_question_that_cannot_be_is_a_problem(app, company: Company, token, query):
    answer = token().get(f"visits?{query}")
    assert answer.status_code == 422 and answer.json["code"] == "invalid" and answer.mimetype == "application/problem+json"


def test_a_removed_outlet_is_given_no_more(app, company: Company, token):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).removed_at = now()
        db.session.commit()
    assert [row["code"] for row in token().rows("outlets")] == ["CD-2", "CX-1"]


def test_a_spreadsheet_signs_in_with_the_token_and_takes_the_table(app, company: Company, token, add_visit):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).name = "=cmd|'/c calc'!A1"
        add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00", fix_lat=-30.5)
        db.session.commit()
    reader = token()
    sent = base64.b64encode(f"excel:{reader.headers['Authorization'].split()[1]}".encode()).decode()
    reader.headers = {"Authorization": f"Basic {sent}"}
    for answer in (reader.get("visits.csv"), reader.get("visits", Accept="text/csv")):
        (row,) = table_of(answer)
        assert answer.data.startswith(b"\xef\xbb\xbf") and answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert row["outlet_name"] == "'=cmd|'/c calc'!A1" and row["fix_lat"] == "-30.5" and row["counts"] == "true" and "Link" not in answer.headers


def test_a_table_goes_on_by_its_link(app, company: Company, token):
    reader = token()
    first = reader.get("outlets.csv?limit=2")
    following = first.headers["Link"].removeprefix("<").partition(">")[0]
    assert [row["code"] for answer in (first, reader.get(following)) for row in table_of(answer)] == ["CD-1", "CD-2", "CX-1"]


def test_no_id_number_is_ever_given(app, company: Company, staff: Staff, token):
    with app.app_context():
        enter_identity(company.outlet_id, "resident_id", RESIDENT_ID, company.supervisor_id, now())
    reader = token()
    document = reader.get("openapi.json").text
    for text in [document, *(reader.get(f"{part}{ending}").text for part in PARTS for ending in ("", ".csv"))]:
        assert RESIDENT_ID not in text and "id_sealed" not in text and "id_masked" not in text and "id_number" not in text


def test_the_migrated_tables_are_those_of_the_models(app, company: Company):
    with app.app_context():
        seen = inspect(db.engine)
        for name in ("report_token", "sync_feed"):
            table = db.metadata.tables[name]
            columns = {column["name"]: column["nullable"] for column in seen.get_columns(name)}
            assert columns == {column.name: column.nullable for column in table.columns}
            indexes = {index["name"]: tuple(index["column_names"]) for index in seen.get_indexes(name) if not index.get("duplicates_constraint")}
            assert indexes == {index.name: tuple(index.columns.keys()) for index in table.indexes}


def test_a_page_reads_with_few_queries(app, company: Company, staff: Staff, token, add_visit):
    with app.app_context():
        for day in range(1, 6):
            add_visit(company.outlet_id, company.rep_id, f"2026-11-0{day}T09:00:00+08:00")
    reader = token()
    with statements(app) as asked:
        for part in PARTS:
            for path in (part, f"{part}.csv", f"{part}?updated_since=2026-01-01T00:00:00Z&limit=2"):
                asked.clear()
                assert reader.get(path).status_code == 200
                assert len(asked) <= MOST_QUERIES, (path, asked)


def test_the_openapi_document_names_every_field_that_is_given(app, company: Company, token, add_visit):
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00")
        add_sheet(company.rep_id, "2026-10", "3000.00")
    document = app.test_client().get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0" and len(document["paths"]) == 10
    reader = token()
    for name, part in (("Visit", "visits"), ("Outlet", "outlets"), ("WageSheet", "wage-sheets")):
        schema = document["components"]["schemas"][name]
        (row, *_) = reader.rows(part)
        assert sorted(row) == sorted(schema["properties"]) == sorted(schema["required"])
