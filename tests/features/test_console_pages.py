"""The console's pages: who sees which, in two languages, whole or in part, within a few queries."""

import html
import re
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.findings.models import Finding
from server.jobs.nightly import run_nightly
from server.people.actions import add_person
from server.people.models import Role
from server.visits.map_points import MARKS
from tests.features.browsing import console, untranslated
from tests.statements import statements
from tests.sync.conftest import PASSWORD, Company, Phone, company, phone  # noqa: F401

MOST_QUERIES = 15  # a BEGIN is counted too; an outlet's page shows what five features know of it


def picture(colour, kind):
    file = BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, kind)
    return file.getvalue()


PHOTO, SIGNATURE = picture("green", "JPEG"), picture("white", "PNG")


@pytest.fixture
def pages(app, company: Company, phone: Phone):
    """An office, a visit far from its outlet, a missed outlet with its finding, and wage sheets; answers with addresses."""
    with app.app_context():
        add_person("chief", "郑怀远", PASSWORD, [Role.MANAGER], [], now())
        add_person("root", "高阳", PASSWORD, [Role.ADMIN], [], now())
        db.session.commit()
    op = phone.op(company.outlet_id, PHOTO, SIGNATURE, body={"fix": far_fix(), "presence_reason": "moved", "presence_note": "搬到对面"})
    phone.push(op)
    phone.upload(PHOTO)
    phone.upload(SIGNATURE)
    with app.app_context():
        run_nightly(date(2026, 12, 2), now())
        finding_id = db.session.scalars(select(Finding.id).where(Finding.month == "2026-10").limit(1)).one()
    return {
        "home": "/",
        "map": "/visits/map?month=2026-11",
        "compliance": f"/compliance?month=2026-11&open={company.outlet_id}",
        "visits": "/visits?verdict=waiting",
        "visit": f"/visits/{op['entity']['id']}",
        "outlets": "/outlets",
        "outlet": f"/outlets/{company.outlet_id}",
        "findings": "/findings",
        "finding": f"/findings/{finding_id}",
        "sheet": f"/payroll/2026-11/{company.rep_id}",
    }


def far_fix():
    return {"lat": 30.6630, "lon": 104.07, "accuracy_m": 35.0, "taken_at": "2026-11-24T01:00:00.000Z", "source": "gps"}


OFFICE = {"payrolls": "/payroll/2026-11", "phones": "/devices", "new phone": "/devices/new", "nowhere": "/nowhere"}


@pytest.mark.parametrize("login", ["chief", "root", "boss", "rep1"])
def test_every_page_in_english_has_no_chinese_but_data(app, pages, login):
    client = console(app, login, "en")
    for path in {**pages, **OFFICE}.values():
        answer = client.get(path)
        assert answer.status_code in (200, 302, 403, 404), path
        assert untranslated(answer.text) == [], path
        assert "style=" not in answer.text and "<script>" not in answer.text, path


def test_the_sign_in_page_is_in_both_languages(app):
    client = app.test_client()
    assert "登录管理台" in client.get("/login").text
    client.set_cookie("language", "en")
    assert untranslated(client.get("/login").text) == []


def test_every_page_reads_with_few_queries(app, pages):
    client = console(app, "chief")
    with statements(app) as asked:
        for path in pages.values():
            asked.clear()
            assert client.get(path).status_code == 200, path
            assert len(asked) <= MOST_QUERIES, (path, asked)


@pytest.mark.parametrize("role", list(Role))
def test_everything_that_the_start_page_names_opens_for_its_reader(app, company, pages, role):
    with app.app_context():
        add_person("reader", "关欣", PASSWORD, [role], [company.region_id], now())
        db.session.commit()
    client = console(app, "reader")
    named = set(re.findall(r'href="(/[^"]*)"', client.get("/", follow_redirects=True).text)) - {"/m/"}
    assert len(named) > 5
    for path in named:
        assert client.get(html.unescape(path), follow_redirects=True).status_code == 200, path


@pytest.mark.parametrize("name", ["map", "compliance", "visits", "outlets", "outlet", "findings", "sheet"])
def test_htmx_gets_the_changing_part_alone(app, pages, name):
    client = console(app, "chief")
    whole, part = client.get(pages[name]), client.get(pages[name], headers={"HX-Request": "true"})
    assert "<!doctype html>" in whole.text and "<!doctype html>" not in part.text
    assert "HX-Request" in part.headers["Vary"]


def test_going_back_in_history_gets_the_whole_page(app, pages):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<!doctype html>" in console(app, "chief").get(pages["map"], headers=headers).text


def test_the_map_has_the_outlets_and_the_visit_as_points(app, company, pages):
    points = console(app, "boss").get("/visits/map.json?month=2026-11").json
    assert sorted(row[0] for row in points["outlets"]) == sorted([company.outlet_id, company.second_outlet_id])
    assert [MARKS[mark] for mark in points["visits"]["mark"]] == ["waiting"]


def test_a_rep_without_outlets_has_an_empty_map(app, pages):
    points = console(app, "rep2").get("/visits/map.json?month=2026-11").json
    assert points["outlets"] == [] and points["visits"]["id"] == []


@pytest.mark.parametrize("path", ["/visits/map?month=2026-13", "/visits?from=x", "/compliance?state=x", "/outlets?after=zz", "/findings?state=x"])
def test_a_filter_that_cannot_be_is_refused_in_words(app, company, path):
    answer = console(app, "rep1").get(path)
    assert answer.status_code == 422
    assert "有几处要改" in answer.text


def test_only_own_paths_are_returned_to_after_signing_in(app, company):
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = app.test_client().post("/login", data={"login": "rep1", "password": PASSWORD, "next": target})
        assert answer.status_code in (302, 409)
        assert answer.headers.get("Location", "/") == "/"


def test_a_wrong_password_says_so_and_keeps_the_login(app, company):
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post("/login", data={"login": "rep1", "password": "nope"})
    assert answer.status_code == 401
    assert "工号或密码不对" in answer.text and 'value="rep1"' in answer.text


def test_the_language_is_kept_in_a_cookie(app, company):
    client = console(app, "rep1")
    client.post("/language", data={"language": "en", "next": "/outlets"})
    assert "Outlets" in client.get("/outlets").text


@pytest.mark.parametrize(
    ("came_from", "address"),
    [
        ("http://localhost/findings/{id}?month=2026-10", "/findings/{id}?month=2026-10"),
        ("http://localhost/findings/{id}/decision", "/findings/{id}"),
        ("https://evil.example/findings/{id}", "/findings/{id}"),
        (None, "/findings/{id}"),
    ],
)
def test_the_answer_to_a_refused_form_names_the_page_with_the_form(app, pages, came_from, address):
    """So that the language and going back lead there, and not to an address that only takes posts."""
    finding_id = pages["finding"].removeprefix("/findings/")
    headers = {"Referer": came_from.format(id=finding_id)} if came_from else {}
    answer = console(app, "chief").post(f"/findings/{finding_id}/decision", data={"decision": "dismissed", "reason": ""}, headers=headers)
    assert answer.status_code == 422
    found = address.format(id=finding_id)
    assert f'data-address="{found}"' in answer.text and f'name="next" value="{found}"' in answer.text


def test_a_page_that_was_asked_for_is_its_own_address(app, pages):
    page = console(app, "chief").get("/findings?month=2026-10&state=proposed").text
    assert "data-address" not in page and 'name="next" value="/findings?month=2026-10&amp;state=proposed"' in page
