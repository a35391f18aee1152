"""Tokens of the reporting API: made, limited to parts and regions, used, ended. Happy, who may not, bad input, twice."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from server.app import create_app
from server.audit.models import AuditRow
from server.clock import now
from server.db import db
from server.findings.actions import Proposal, propose_findings
from server.limits import limiter
from server.people.models import PersonRegion
from server.reports.models import ReportToken
from server.reports.parts import PARTS
from server.reports.tokens import revoke_token
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.reporting import Reader, add_sheet, token  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


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
