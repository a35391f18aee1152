"""A rep sees own outlets, visits, photos and wages only; what is another's does not exist for them (RULEBOOK §1)."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.domain.months import Month
from server.jobs.nightly import run_nightly
from server.payroll.actions import draft_month
from server.visits.models import Visit
from tests.sync.conftest import PASSWORD, Company, Phone, company, phone, signed_in  # noqa: F401


def picture(colour, kind):
    file = BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, kind)
    return file.getvalue()


PHOTO, SIGNATURE = picture("green", "JPEG"), picture("white", "PNG")


@pytest.fixture
def records(app, company: Company, phone: Phone):
    """The first rep's visit with its files, and everybody's wage sheet of November."""
    op = phone.op(company.outlet_id, PHOTO, SIGNATURE)
    phone.push(op)
    phone.upload(PHOTO)
    phone.upload(SIGNATURE)
    with app.app_context():
        day = db.session.scalars(select(Visit)).one().visited_on
        run_nightly(day, now())
        draft_month(Month.of_date(day), now())
    return op["entity"]["id"]


def console(app, login):
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    answer = client.post("/login", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def paths(company, visit_id):
    return {
        "outlet": f"/outlets/{company.outlet_id}",
        "visit": f"/visits/{visit_id}",
        "photo": f"/photos/{hashlib.sha256(PHOTO).hexdigest()}?size=thumb",
        "signature": f"/photos/{hashlib.sha256(SIGNATURE).hexdigest()}",
        "wage sheet": f"/payroll/2026-11/{company.rep_id}",
    }


@pytest.mark.parametrize("kind", ["outlet", "visit", "photo", "signature", "wage sheet"])
def test_a_rep_opens_what_is_their_own(app, company, records, kind):
    assert console(app, "rep1").get(paths(company, records)[kind]).status_code == 200


@pytest.mark.parametrize("kind", ["outlet", "visit", "photo", "signature", "wage sheet"])
def test_what_belongs_to_another_rep_is_not_found(app, company, records, kind):
    assert console(app, "rep2").get(paths(company, records)[kind]).status_code == 404


def test_a_supervisor_of_the_region_opens_the_visit_but_no_wage_sheet(app, company, records):
    client = console(app, "boss")
    answers = {kind: client.get(path).status_code for kind, path in paths(company, records).items()}
    assert answers == {"outlet": 200, "visit": 200, "photo": 200, "signature": 200, "wage sheet": 404}


def test_a_photo_is_shown_without_its_metadata(app, company, records):
    answer = console(app, "rep1").get(paths(company, records)["photo"])
    with Image.open(BytesIO(answer.data)) as shown:
        assert not shown.getexif()


def test_a_phone_asking_for_another_reps_client_is_refused(app, company, records):
    other = signed_in(app, "rep2")
    assert other.client.get(f"/sync/v1/{records}", headers=other.headers).json["code"] == "not_found"
