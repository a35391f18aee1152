"""A day more than 60 days back is asked about once more, in each form that the office types a day into; then it is taken."""

import pytest
from sqlalchemy import func, select

from server.complaints.models import Complaint
from server.db import db
from server.materials.models import MaterialRequest
from server.training.models import Training
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.papers import days_ago
from tests.features.staff import Staff, chosen_file, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

COMPLAINT = {"kind": "other", "complainant": "王秀兰", "account": "隔天才到账"}
REQUEST = {"contents": "海报"}
TRAINING = {"place": "店内", "content": "常见故障", "attendee_count": "1", "signer_name": "王秀兰"}
KINDS = [
    pytest.param("ops", "/complaints", "received_on", COMPLAINT, Complaint, id="complaint"),
    pytest.param("ops", "/materials", "requested_on", REQUEST, MaterialRequest, id="request"),
    pytest.param("boss", "/trainings", "trained_on", TRAINING, Training, id="training"),
]


def send(client, company: Company, place: str, form: dict[str, str]):
    files = {"photo": chosen_file(), "signature": chosen_file(), "trainer_id": company.rep_id} if place == "/trainings" else {}
    return client.post(place, data={"id": uuid7(), "outlet_id": company.outlet_id} | form | files, content_type="multipart/form-data")


def kept(app, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize(("login", "place", "day", "form", "model"), KINDS)
def test_a_day_of_sixty_days_ago_is_taken_as_it_is(app, company: Company, staff: Staff, login, place, day, form, model):
    assert send(console(app, login), company, place, form | {day: days_ago(60).isoformat()}).status_code == 302
    assert kept(app, model) == 1


@pytest.mark.parametrize(("login", "place", "day", "form", "model"), KINDS)
def test_a_day_before_that_is_asked_about_once_more_and_taken(app, company: Company, staff: Staff, login, place, day, form, model):
    client, typed = console(app, login), days_ago(61).isoformat()
    answer = send(client, company, place, form | {day: typed})
    assert answer.status_code == 422 and f"没有写错，就是 {typed}" in answer.text and "60 天以前" in answer.text
    assert f'name="anyway" value="{typed}"' in answer.text and kept(app, model) == 0
    assert untranslated(send(console(app, login, "en"), company, place, form | {day: typed}).text) == []
    assert send(client, company, place, form | {day: typed, "anyway": typed}).status_code == 302
    assert kept(app, model) == 1


@pytest.mark.parametrize(("login", "place", "day", "form", "model"), KINDS)
def test_who_was_sure_of_one_day_is_asked_about_another(app, company: Company, staff: Staff, login, place, day, form, model):
    sent = form | {day: days_ago(90).isoformat(), "anyway": days_ago(61).isoformat()}
    assert send(console(app, login), company, place, sent).status_code == 422
    assert kept(app, model) == 0


def test_the_answer_is_kept_while_another_field_is_at_fault(app, company: Company, staff: Staff):
    typed = days_ago(61).isoformat()
    answer = send(console(app, "ops"), company, "/materials", {"contents": " ", "requested_on": typed, "anyway": typed})
    assert answer.status_code == 422 and f'type="hidden" name="anyway" value="{typed}"' in answer.text
    assert "60 天以前" not in answer.text
