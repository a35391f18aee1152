"""Lists are for the roles whose work they are (RULEBOOK §1): navigation, route and export say the same; single records stay open to whose evidence
or archive they are."""

import re
from html import unescape

import pytest
from flask import url_for

from server.console.navigation import GROUPS
from tests.features.browsing import console
from tests.features.complaint_papers import take
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

LOGINS = ("rep1", "boss", "chief", "ops", "clerk", "payer", "root")
EXPORTS = {
    "complaints.complaint_list": ("complaints",),
    "followups.follow_up_list": ("follow_ups",),
    "materials.request_list": ("materials",),
    "trainings.plan": ("training-plan", "trainings"),
    "callbacks.callback_list": ("callbacks",),
    "churn.case_list": ("churn",),
}
AT_OUTLETS = {"rep1", "boss", "chief", "ops", "root"}
MENU = {
    "/complaints": AT_OUTLETS,
    "/follow-ups": {*AT_OUTLETS, "clerk"},
    "/materials": AT_OUTLETS,
    "/trainings": AT_OUTLETS,
    "/callbacks": AT_OUTLETS,
    "/churn": AT_OUTLETS,
}


def menu_of(client) -> set[str]:
    page = client.get("/").text
    nav = page[page.index('<nav class="nav"') :]
    return {unescape(href) for href in re.findall(r'href="(/[^"]*)"', nav[: nav.index("</nav>")])}


def links_of(page: str) -> set[str]:
    """Addresses within the console that the main part of a page names, but for files."""
    main = page[page.index("<main") : page.index("</main>")]
    return {unescape(href) for href in re.findall(r'href="(/[^"#]*)"', main)}


@pytest.mark.parametrize("login", LOGINS)
def test_the_menu_names_the_pages_that_open_and_no_others(app, company: Company, staff: Staff, login):
    client = console(app, login)
    shown = menu_of(client)
    with app.test_request_context():
        addresses = {entry.endpoint: url_for(entry.endpoint) for _, entries in GROUPS for entry in entries}
    for endpoint, address in addresses.items():
        status = client.get(address, follow_redirects=True).status_code
        assert (status != 403) == (address in shown), (address, status)
        for name in EXPORTS.get(endpoint, ()):
            assert client.get(f"/exports/{name}.csv").status_code == (200 if address in shown else 403), name
    assert {address for address, logins in MENU.items() if login in logins} == shown & set(MENU)


@pytest.mark.parametrize("login", ["payer", "clerk"])
def test_payroll_and_service_take_no_answers_of_visits_and_see_no_button_for_them(app, company: Company, staff: Staff, login, add_visit):
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-11-03T02:00:00+00:00")
    client = console(app, login)
    assert client.get("/exports/visit-answers.csv").status_code == 403
    shown = client.get("/visits?month=2026-11").text
    assert "/exports/visits.csv" in shown and "visit-answers" not in shown
    assert "visit-answers" in console(app, "boss").get("/visits?month=2026-11").text


@pytest.mark.parametrize("login", LOGINS)
def test_no_link_of_a_page_one_may_open_is_forbidden(app, company: Company, staff: Staff, login):
    client, complaint_id = console(app, login), take(app, company)
    for path in ("/", f"/outlets/{company.outlet_id}", f"/complaints/{complaint_id}"):
        answer = client.get(path)
        assert answer.status_code == 200
        refused = {href for href in links_of(answer.text) if client.get(href).status_code == 403}
        assert refused == set(), path


@pytest.mark.parametrize(("login", "status"), [("payer", 200), ("clerk", 200), ("rep2", 404), ("farboss", 404)])
def test_a_single_complaint_stays_open_to_whose_sheet_or_archive_it_is(app, company: Company, staff: Staff, login, status):
    assert console(app, login).get(f"/complaints/{take(app, company)}").status_code == status
