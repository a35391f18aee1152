"""Cards of outlets: who makes them, what a visit says that names one."""

from typing import Any

import pytest

from server.clock import now
from server.db import db
from server.outlets.cards import LETTERS, card_code, card_text, is_card_of
from server.outlets.duplicates import merge_outlets
from server.visits.models import Visit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.papers import result_of
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


def visited(phone: Phone, company: Company, card: str | None) -> dict[str, Any]:
    return phone.op(company.outlet_id, form="visit.v3", body={"checklist_version": None, "previous_sha256": None, "card": card})


def test_a_code_is_one_outlets_and_nobody_elses(app):
    with app.app_context():
        codes = {card_code(uuid7()) for _ in range(200)}
        one, other = uuid7(), uuid7()
        assert len(codes) == 200 and set("".join(codes)) <= set(LETTERS)
        assert card_text(one) == f"XUNDIAN:{one}:{card_code(one)}"
        assert is_card_of(card_code(one), one) and is_card_of(card_code(one), other, one)
        assert not is_card_of(card_code(one), other) and not is_card_of("", one) and not is_card_of("网点卡", one)


@pytest.mark.parametrize("typed", [lambda code: code, str.lower, lambda code: f" {code[:4]}-{code[4:]} "])
def test_a_genuine_code_is_told_to_who_reviews_however_it_was_typed(app, company: Company, staff: Staff, phone: Phone, typed):
    with app.app_context():
        code = card_code(company.outlet_id)
    op = visited(phone, company, typed(code))
    assert result_of(phone, op)[0] == "applied"
    page = console(app, "boss").get(f"/visits/{op['entity']['id']}").text
    assert "扫过这家的卡" in page
    english = console(app, "boss", "en").get(f"/visits/{op['entity']['id']}").text
    assert untranslated(english) == []


def test_another_code_refuses_nothing_and_is_told(app, company: Company, staff: Staff, phone: Phone):
    with app.app_context():
        other = card_code(company.second_outlet_id)
    ops = [visited(phone, company, card) for card in (other, "XXXX", None)]
    assert [result_of(phone, op)[0] for op in ops] == ["applied"] * 3
    with app.app_context():
        assert [db.session.get_one(Visit, op["entity"]["id"]).is_card_genuine for op in ops] == [False, False, None]
    assert "码对不上这家的卡" in console(app, "boss").get(f"/visits/{ops[0]['entity']['id']}").text


def test_a_card_longer_than_any_is_refused(app, company: Company, phone: Phone):
    assert result_of(phone, visited(phone, company, "A" * 41)) == ("quarantined", "invalid_record")


@pytest.mark.parametrize("login", ["boss", "chief", "ops", "root"])
def test_the_office_makes_a_card(app, company: Company, staff: Staff, login):
    page = console(app, login, "en").get(f"/outlets/{company.outlet_id}/card")
    with app.app_context():
        code = card_code(company.outlet_id)
    assert page.status_code == 200 and f"{code[:4]}-{code[4:]}" in page.text and "<svg" in page.text
    assert untranslated(page.text) == []
    assert f"/outlets/{company.outlet_id}/card" in console(app, login).get(f"/outlets/{company.outlet_id}").text


@pytest.mark.parametrize("login", ["rep1", "payer", "clerk"])
def test_who_visits_the_outlet_makes_no_card(app, company: Company, staff: Staff, login):
    browser = console(app, login)
    assert browser.get(f"/outlets/{company.outlet_id}/card").status_code == 403
    page = browser.get(f"/outlets/{company.outlet_id}").text
    with app.app_context():
        assert card_code(company.outlet_id) not in page and "/card" not in page


def test_a_card_of_another_region_or_of_no_outlet_is_not_made(app, company: Company, staff: Staff):
    assert console(app, "boss").get(f"/outlets/{staff.far_outlet_id}/card").status_code == 404
    assert console(app, "chief").get(f"/outlets/{uuid7()}/card").status_code == 404


def test_the_card_of_a_merged_outlet_still_holds(app, company: Company, staff: Staff, phone: Phone):
    with app.app_context():
        code = card_code(company.outlet_id)
    op = visited(phone, company, code)
    with app.app_context():
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, now())
    assert result_of(phone, op)[0] in ("applied", "out_of_scope_accepted")
    with app.app_context():
        visit = db.session.get_one(Visit, op["entity"]["id"])
        assert visit.is_card_genuine and visit.outlet_id == company.second_outlet_id
