"""The trial of a policy has an address: kept, sent and opened again it says the same. Happy, who may not, bad input, twice."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from server.db import db
from server.policy.models import PolicyValue
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_policy_pages import change
from tests.sync.conftest import Company, company  # noqa: F401

TRIAL = "/policy/wage.base_yuan/trial"
ASKED = f"{TRIAL}?value=1200&valid_from=2026-12-01&month=2026-11"


def test_the_form_leads_to_the_trials_address_without_its_token(app, staff: Staff):
    typed = change(action="try", month="2026-11", csrf_token="secret")
    answer = console(app, "chief").post("/policy/wage.base_yuan", data=typed)
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == TRIAL
    assert parse_qs(parts.query) == {"value": ["1200"], "valid_from": ["2026-12-01"], "month": ["2026-11"], "reason": ["调整"]}


def outcome_of(page):
    """The page's own part, but for the tokens of its forms, which change with the second."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page.partition("<main")[2])


def test_a_trial_opened_again_says_the_same_and_sets_nothing(app, company: Company, staff: Staff):
    client = console(app, "chief")
    pages = [client.get(f"{ASKED}&reason=试试") for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert outcome_of(pages[0].text) == outcome_of(pages[1].text)
    page = pages[0].text
    assert '<li aria-current="page">试算结果</li>' in page
    assert "<title>试算：底薪 · 巡店</title>" in page and "试算，没有改任何东西" in page and 'id="outcome"' in page
    assert 'value="1200"' in page and 'value="2026-12-01"' in page and ">试试</textarea>" in page
    with app.app_context():
        assert db.session.query(PolicyValue).count() == 0


def test_what_is_typed_on_a_trials_page_can_be_set_from_there(app, staff: Staff):
    client = console(app, "chief")
    assert 'action="/policy/wage.base_yuan"' in client.get(ASKED).text
    assert client.post("/policy/wage.base_yuan", data=change()).status_code == 302


@pytest.mark.parametrize("login", ["payer", "root", "boss", "rep1", "ops", "clerk"])
def test_only_the_manager_opens_a_trial(app, staff: Staff, login):
    assert console(app, login).get(ASKED).status_code == 403


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("value=x&valid_from=2026-12-01&month=2026-11", "写成 0.003 或 1200 这样的数"),
        ("value=1200&valid_from=tomorrow&month=2026-11", 'id="bad-valid_from"'),
        ("", 'id="bad-valid_from"'),
    ],
)
def test_a_trial_of_what_cannot_be_says_so_at_the_field(app, staff: Staff, query, words):
    answer = console(app, "chief").get(f"{TRIAL}?{query}")
    assert answer.status_code == 422 and words in answer.text and 'id="outcome"' not in answer.text


@pytest.mark.parametrize("month", ["2026-13", "1800-01", "x" * 3000])
def test_a_trial_of_no_month_is_refused(app, staff: Staff, month):
    assert console(app, "chief").get(f"{TRIAL}?value=1200&valid_from=2026-12-01&month={month}").status_code == 422


def test_the_address_of_a_trial_stays_short_whatever_is_typed(app, staff: Staff):
    typed = {"value": "值" * 5000, "valid_from": "日" * 5000, "reason": "由" * 5000, "month": "月" * 5000, "action": "try"}
    place = console(app, "chief").post("/policy/wage.base_yuan", data=typed).headers["Location"]
    assert len(place) < 6000
    assert console(app, "chief").get(place).status_code == 422


def test_a_trial_of_an_unknown_key_is_not_found(app, staff: Staff):
    assert console(app, "chief").get("/policy/wage.nothing/trial?value=1").status_code == 404
    assert console(app, "chief").post("/policy/wage.nothing", data=change(action="try")).status_code == 404


def test_a_value_that_no_month_can_be_worked_out_with_is_tried_without_figures(app, staff: Staff):
    page = console(app, "chief").get("/policy/complaint.working_days/trial?value=4&valid_from=2026-12-01&month=2026-11")
    assert page.status_code == 200 and "已经发生的月份算不出差别" in page.text and 'id="outcome"' not in page.text


def test_a_trial_in_english_has_no_chinese_but_data(app, company: Company, staff: Staff):
    page = console(app, "chief", "en").get(ASKED).text
    assert "<title>Trial: Base" in page and untranslated(page) == []
