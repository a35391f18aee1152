"""Reps who left, or are reps no more: findings by hand about their months, and the filters of what they did (RULEBOOK §10)."""

from datetime import date

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.db import db
from server.findings.models import Finding
from server.people.models import Person, PersonRole, RepSpell, Role
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.test_hand_findings import findings, send
from tests.sync.conftest import Company, company  # noqa: F401

LEFT = "吴师傅（已离岗）"
OTHER_MONTH = "这个月他不是片区负责人，换个月份或换个人。"


def leave(app, person_id: str, last_day: date) -> None:
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        person.name, person.is_active, person.ends_on = "吴师傅", False, last_day
        db.session.commit()


def proposed(app) -> list[tuple[str, str]]:
    with app.app_context():
        return [(finding.person_id, finding.month) for finding in findings()]


@pytest.mark.parametrize("login", ["boss", "chief"])
def test_who_left_is_offered_for_the_months_until_then(app, company: Company, staff: Staff, login):
    leave(app, company.rep_id, date(2026, 10, 1))
    client = console(app, login)
    refused = send(client, company, month="2026-11")
    assert refused.status_code == 422 and OTHER_MONTH in refused.text and LEFT in refused.text
    assert proposed(app) == []
    assert send(client, company, month="2026-10").status_code == 302
    assert proposed(app) == [(company.rep_id, "2026-10")]


def test_nobody_proposes_for_a_month_after_the_last_day_or_before_the_first(app, company: Company, staff: Staff):
    leave(app, company.rep_id, date(2026, 9, 30))
    with app.app_context():
        db.session.get_one(Person, company.other_rep_id).starts_on = date(2026, 11, 1)
        db.session.commit()
    client = console(app, "boss")
    assert OTHER_MONTH in send(client, company, month="2026-10").text
    assert OTHER_MONTH in send(client, company, person_id=company.other_rep_id, month="2026-10", outlet_code="").text
    assert proposed(app) == []
    assert send(client, company, person_id=company.other_rep_id, month="2026-11", outlet_code="").status_code == 302


@pytest.mark.parametrize(("month", "is_proposed"), [("2026-09", False), ("2026-10", True), ("2026-11", False)])
def test_who_is_no_rep_any_more_was_one_in_the_months_of_those_days(app, company: Company, staff: Staff, month, is_proposed):
    with app.app_context():
        db.session.get_one(Person, company.rep_id).roles = [PersonRole(role=Role.SUPERVISOR)]
        db.session.add(RepSpell(id=uuid7(), person_id=company.rep_id, starts_on=date(2026, 10, 31), ends_on=date(2026, 10, 31)))
        db.session.commit()
    answer = send(console(app, "boss"), company, month=month)
    assert (answer.status_code == 302, OTHER_MONTH in answer.text) == (is_proposed, not is_proposed)
    assert proposed(app) == ([(company.rep_id, month)] if is_proposed else [])


def test_the_form_marks_who_left_and_forgets_whose_name_is_forgotten(app, company: Company, staff: Staff):
    leave(app, company.rep_id, today())
    page = console(app, "boss").get("/findings/new").text
    assert f'<option value="{company.rep_id}" translate="no">{LEFT}</option>' in page and "林晓月（" not in page
    english = console(app, "boss", "en").get("/findings/new").text
    assert "吴师傅 (left)" in english and untranslated(english) == []
    with app.app_context():
        db.session.get_one(Person, company.rep_id).forgotten_at = now()
        db.session.commit()
    for path in ("/findings/new", "/findings"):
        assert company.rep_id not in console(app, "chief").get(path).text


def test_a_supervisor_elsewhere_proposes_nothing_about_who_left(app, company: Company, staff: Staff):
    leave(app, company.rep_id, date(2026, 10, 20))
    answer = send(console(app, "farboss"), company, outlet_code="")
    assert answer.status_code == 422 and "要选名单里的人。" in answer.text and LEFT not in answer.text
    with app.app_context():
        assert db.session.scalar(select(Finding.id)) is None


@pytest.mark.parametrize("path", ["/findings", "/visits", "/compliance", "/visits/map", "/visits/photos", "/visits/samples"])
def test_filters_offer_who_left_marked_and_only_within_reach(app, company: Company, staff: Staff, path):
    leave(app, company.rep_id, date(2026, 10, 20))
    assert f'<option value="{company.rep_id}" translate="no">{LEFT}</option>' in console(app, "boss").get(path).text
    assert company.rep_id not in console(app, "farboss").get(path).text
    chosen = console(app, "chief").get(f"{path}?rep={company.rep_id}&person={company.rep_id}")
    assert chosen.status_code == 200 and f'<option value="{company.rep_id}" selected translate="no">{LEFT}</option>' in chosen.text


def test_a_day_of_who_left_is_replayed(app, company: Company, staff: Staff, add_visit):
    with app.app_context():
        add_visit(company.outlet_id, company.rep_id, "2026-10-09T02:00:00+00:00")
    leave(app, company.rep_id, date(2026, 10, 20))
    page = console(app, "boss").get(f"/visits/day?rep={company.rep_id}").text
    assert f'<option value="{company.rep_id}" selected translate="no">{LEFT}</option>' in page and "2026-10-09" in page
    assert console(app, "farboss").get(f"/visits/day?rep={company.rep_id}").status_code == 404
