"""The reporting API: tokens, pages that lose nothing, tables for spreadsheets, and who may not."""

import base64
import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from sqlalchemy import func, inspect, select, update

from server.app import create_app
from server.audit.models import AuditRow
from server.clock import now
from server.console.paging import key_text
from server.db import db
from server.feed.models import SyncCommit
from server.findings.actions import Proposal, propose_findings
from server.limits import limiter
from server.outlets.identity import enter_identity
from server.outlets.models import Outlet
from server.payroll.models import WageSheet
from server.people.models import PersonRegion
from server.reports.models import ReportToken
from server.reports.parts import PARTS
from server.reports.tokens import make_token, revoke_token
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.statements import statements
from tests.sync.conftest import Company, _outlet, company  # noqa: F401

RESIDENT_ID = "11010519491231002X"
MOST_QUERIES = 12
HALF_A_SIGN = "\ud83d"


class Reader:
    """A program with a token."""

    def __init__(self, app, secret: str) -> None:
        self.client, self.headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **headers: str):
        return self.client.get(path if path.startswith("http") else f"/api/v1/{path}", headers=self.headers | headers)

    def rows(self, path: str) -> list[dict]:
        """All pages."""
        found, following = [], path
        while following:
            answer = self.get(following)
            assert answer.status_code == 200, answer.text
            found += answer.json["data"]
            following = answer.json["next"]
        return found


@pytest.fixture
def token(app, company: Company, staff: Staff):
    """Makes tokens: for all parts and the whole company unless told otherwise."""

    def make(parts=PARTS, region_ids=()) -> Reader:
        with app.app_context():
            return Reader(app, make_token("Excel", list(parts), list(region_ids), staff.ids["root"], now()))

    return make


def table_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))


def add_sheet(person_id: str, month: str, total: str) -> None:
    nothing = Decimal("0.00")
    sheet = WageSheet(id=uuid7(), person_id=person_id, month=month, state="draft", gross_yuan=Decimal(total), deductions_yuan=nothing)
    sheet.total_yuan, sheet.limit_yuan, sheet.shortfall_yuan = Decimal(total), nothing, nothing
    sheet.policy_version, sheet.content_sha256, sheet.computed_at = "1", "0" * 64, datetime(2026, 12, 1, tzinfo=UTC)
    db.session.add(sheet)
    db.session.commit()


def test_a_program_reads_visits_as_they_are(app, company: Company, token, add_visit):
    with app.app_context():
        visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00")
    answer = token().get("visits")
    (row,) = answer.json["data"]
    assert (row["id"], row["outlet_code"], row["region"], row["rep_login"]) == (visit_id, "CD-1", "城东区域", "rep1")
    assert (row["visited_on"], row["checked_in_at"], row["verdict"]) == ("2026-11-24", "2026-11-24T01:00:00+00:00", "done")
    assert answer.json["next"] is None and answer.headers["Cache-Control"] == "no-store" and row["updated_at"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nope"}, {"Authorization": "Basic !!"}, {"Authorization": "Bearer "}])
def test_without_a_token_nothing_is_read(app, company: Company, token, headers):
    token()
    for path in ("visits", "visits.csv", "nowhere"):
        answer = app.test_client().get(f"/api/v1/{path}", headers=headers)
        assert answer.status_code == 401 and answer.json["code"] == "bad_token" and answer.mimetype == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_session_of_the_console_opens_nothing(app, company: Company, staff: Staff):
    assert console(app, "root").get("/api/v1/visits").status_code == 401


def test_a_revoked_token_reads_nothing_more(app, company: Company, staff: Staff, token):
    reader = token()
    assert reader.get("outlets").status_code == 200
    with app.app_context():
        token_id = db.session.scalars(select(ReportToken.id)).one()
        revoke_token(token_id, staff.ids["root"], now())
        revoke_token(token_id, staff.ids["root"], now())
    assert reader.get("outlets").status_code == 401
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(AuditRow.action == "report_token.revoked")) == 1


@pytest.mark.parametrize("part", PARTS)
def test_a_token_reads_its_parts_only(app, company: Company, token, part):
    reader = token([part])
    assert {name: reader.get(name).status_code for name in PARTS} == {name: 200 if name == part else 403 for name in PARTS}
    assert reader.get("people").status_code == 404


def test_a_token_of_a_region_reads_that_region_only(app, company: Company, staff: Staff, token, add_visit):
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00")
        add_visit(staff.far_outlet_id, staff.ids["farrep"], "2026-11-24T09:00:00+08:00")
        for person_id, outlet_id in ((company.rep_id, company.outlet_id), (staff.ids["farrep"], staff.far_outlet_id)):
            about = (("person", person_id),)
            propose_findings([Proposal(f"a{person_id}", "missed_visit", "2026-10", person_id, outlet_id, Decimal("30"), "-", about)], now())
            propose_findings([Proposal(f"b{person_id}", "inaccurate_file", "2026-10", person_id, None, Decimal("30"), "-", about)], now())
            db.session.commit()
            add_sheet(person_id, "2026-10", "3000.00")
        far_region = db.session.scalars(select(PersonRegion.region_id).where(PersonRegion.person_id == staff.ids["farrep"])).one()
    near, far = token(region_ids=[company.region_id]), token(region_ids=[far_region])
    for part, key in (("visits", "outlet_code"), ("outlet-months", "outlet_code"), ("outlets", "code")):
        assert {row[key] for row in near.rows(part)} <= {"CD-1", "CD-2"} and {row[key] for row in far.rows(part)} == {"CX-1"}, part
    for part, count in (("findings", 2), ("wage-sheets", 1)):
        for reader, login in ((near, "rep1"), (far, "farrep")):
            assert [row["person_login"] for row in reader.rows(part)] == [login] * count, part
    assert [row["total_yuan"] for row in near.rows("wage-sheets")] == ["3000.00"]


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


def test_the_last_use_of_a_token_is_noted(app, company: Company, token):
    reader = token()
    reader.get("outlets")
    with app.app_context():
        first = db.session.scalars(select(ReportToken.last_used_at)).one()
        assert first is not None
    reader.get("outlets")
    with app.app_context():
        assert db.session.scalars(select(ReportToken.last_used_at)).one() == first


def test_a_token_asks_only_so_often(app, company: Company, token):
    busy = create_app(replace(app.extensions["xundian"], is_testing=False))
    reader, other = token(), token()
    reader.client = other.client = busy.test_client()
    try:
        statuses = [reader.get("wage-sheets?limit=x").status_code for _ in range(121)]
        assert statuses == [422] * 120 + [429]
        refused = reader.get("wage-sheets")
        assert refused.json["code"] == "too_many_requests" and int(refused.headers["Retry-After"]) > 0
        assert other.get("wage-sheets").status_code == 200
    finally:
        limiter.enabled = False
        limiter.reset()
        with busy.app_context():
            db.session.remove()
            db.engine.dispose()


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


def test_an_admin_makes_and_ends_a_token_on_the_console(app, company: Company, staff: Staff):
    client = console(app, "root")
    made = client.post("/report-tokens", data={"name": "经营分析", "parts": ["visits", "outlets"], "regions": [company.region_id]})
    secret = made.text.partition('value="xdr_')[2].partition('"')[0]
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store" and len(secret) == 43
    reader = Reader(app, f"xdr_{secret}")
    assert {row["code"] for row in reader.rows("outlets")} == {"CD-1", "CD-2"}
    page = client.get("/report-tokens").text
    assert "经营分析" in page and "城东区域" in page and secret not in page
    with app.app_context():
        token = db.session.scalars(select(ReportToken)).one()
        assert secret not in token.token_hash and token.parts == ["outlets", "visits"]
        audit = db.session.scalars(select(AuditRow).where(AuditRow.action == "report_token.made")).one()
        assert audit.actor_id == staff.ids["root"] and secret not in str(audit.detail)
        token_id = token.id
    assert client.post(f"/report-tokens/{token_id}/revocation").status_code == 302
    assert reader.get("outlets").status_code == 401
    assert client.post(f"/report-tokens/{uuid7()}/revocation").status_code == 404


@pytest.mark.parametrize("login", ["rep1", "boss", "chief", "ops", "payer", "clerk"])
def test_tokens_are_for_admins_only(app, company: Company, staff: Staff, login):
    client = console(app, login)
    assert client.get("/report-tokens").status_code == 403
    assert client.post("/report-tokens", data={"name": "x", "parts": ["visits"]}).status_code == 403
    assert client.post(f"/report-tokens/{uuid7()}/revocation").status_code == 403


@pytest.mark.parametrize(
    "form",
    [{"name": "", "parts": ["visits"]}, {"name": "x"}, {"name": "x", "parts": ["people"]}, {"name": "x", "parts": ["visits"], "regions": ["?"]}],
)
def test_a_token_without_sense_is_not_made(app, company: Company, staff: Staff, form):
    client = console(app, "root", "en")
    answer = client.post("/report-tokens", data=form)
    assert answer.status_code == 422 and 'class="err"' in answer.text and untranslated(answer.text) == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ReportToken)) == 0
