"""Photos that phones fetch: happy, who may not, bad input, twice."""

import hashlib
import os
from io import BytesIO

import pytest
from PIL import Image

from server.clock import now, today
from server.db import db
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.visits import photo_routes
from tests.features.pictures import photo
from tests.sync.conftest import Company, Phone, company, other_phone, phone, signed_in  # noqa: F401

STOREFRONT, SIGNATURE, COUNTER = photo(1), photo(2), photo(3)


def place(content: bytes, query: str = "") -> str:
    return f"/sync/v1/photos/{hashlib.sha256(content).hexdigest()}{query}"


def fetched(phone: Phone, path: str):
    return phone.client.get(path, headers=phone.headers)


def state(phone: Phone, content: bytes = STOREFRONT) -> int:
    return fetched(phone, place(content)).status_code


@pytest.fixture
def visit_id(phone: Phone, company: Company) -> str:
    """A visit of the first rep, with its photo and signature."""
    op = phone.op(company.outlet_id, STOREFRONT, SIGNATURE)
    phone.push(op)
    phone.upload(STOREFRONT)
    phone.upload(SIGNATURE)
    visit_id: str = op["entity"]["id"]
    return visit_id


@pytest.mark.usefixtures("visit_id")
@pytest.mark.parametrize(("query", "width_px"), [("", 320), ("?size=thumb", 320), ("?size=full", 360)])
def test_a_phone_gets_its_outlets_photo_and_nothing_on_the_way_keeps_it(phone: Phone, query: str, width_px: int):
    answer = fetched(phone, place(STOREFRONT, query))
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "image/webp", "no-store")
    assert "ETag" not in answer.headers
    with Image.open(BytesIO(answer.data)) as shown:
        assert (shown.width, dict(shown.getexif())) == (width_px, {})
    assert fetched(phone, place(STOREFRONT, query)).data == answer.data


@pytest.mark.usefixtures("visit_id")
def test_another_reps_phone_may_not_know_of_it_nor_a_stranger(app, phone: Phone, other_phone: Phone):
    assert (state(phone), state(other_phone), state(signed_in(app, "boss"))) == (200, 404, 404)
    assert app.test_client().get(place(STOREFRONT)).status_code == 401


@pytest.mark.usefixtures("visit_id")
def test_a_photo_goes_with_its_outlet(app, company: Company, phone: Phone, other_phone: Phone):
    with app.app_context():
        assign_outlets([company.outlet_id], company.other_rep_id, today(), company.supervisor_id, now())
    assert (state(phone), state(other_phone)) == (404, 200)


@pytest.mark.usefixtures("visit_id")
def test_a_signature_is_no_photo(phone: Phone):
    assert state(phone, SIGNATURE) == 404


def test_a_photo_of_the_file_is_for_those_who_hold_the_outlet(app, company: Company, phone: Phone, other_phone: Phone):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).counter_photo = hashlib.sha256(COUNTER).hexdigest()
        db.session.commit()
    assert (state(phone, COUNTER), state(other_phone, COUNTER)) == (404, 404)  # its bytes have not come
    phone.upload(COUNTER)
    assert (state(phone, COUNTER), state(other_phone, COUNTER)) == (200, 404)
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).removed_at = now()
        db.session.commit()
    assert state(phone, COUNTER) == 404


def test_bytes_that_nothing_of_an_outlet_names_are_nobodys(phone: Phone):
    phone.upload(COUNTER)
    assert state(phone, COUNTER) == 404


@pytest.mark.usefixtures("visit_id")
@pytest.mark.parametrize("query", ["?size=original", "?size="])
def test_an_unknown_size_is_not_there(phone: Phone, query: str):
    assert fetched(phone, place(STOREFRONT, query)).json["code"] == "not_found"


def shown(phone: Phone, company: Company, content: bytes) -> str:
    """A photo of a visit is sent and asked for; the type of the answer, or its problem."""
    phone.push(phone.op(company.outlet_id, content))
    phone.upload(content)
    answer = fetched(phone, place(content))
    return answer.mimetype if answer.status_code == 200 else answer.json["code"]


def picture(kind: str, width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("L", (width, height)).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "width", "becomes"),
    [("PNG", 4000, "image/webp"), ("PNG", 4001, "unsupported_type"), ("WEBP", 4001, "unsupported_type"), ("JPEG", 4001, "image/webp")],
)
def test_what_is_decoded_whole_has_sixteen_million_pixels_at_most(phone: Phone, company: Company, kind: str, width: int, becomes: str):
    assert shown(phone, company, picture(kind, width, 4000)) == becomes


def test_what_cannot_be_shown_is_found_out_once(phone: Phone, company: Company, monkeypatch):
    tried = []
    write = photo_routes._write_copy
    monkeypatch.setattr(photo_routes, "_write_copy", lambda *asked: (tried.append(asked), write(*asked)))
    content = picture("PNG", 900, 900)[:-200]
    assert shown(phone, company, content) == "unsupported_type"
    assert fetched(phone, place(content)).json["code"] == "unsupported_type"
    assert len(tried) == 1


def test_a_full_disk_says_nothing_of_the_picture(phone: Phone, company: Company, monkeypatch):
    write, content = photo_routes._write_copy, photo(9)
    monkeypatch.setattr(photo_routes, "_write_copy", lambda *_asked: os.close(-1))
    assert shown(phone, company, content) == "unsupported_type"
    monkeypatch.setattr(photo_routes, "_write_copy", write)
    assert fetched(phone, place(content)).status_code == 200


def test_a_file_that_is_no_picture_is_said_to_be_none(phone: Phone, company: Company):
    phone.push(phone.op(company.outlet_id, b"%PDF-1.7 no picture at all"))
    phone.upload(b"%PDF-1.7 no picture at all")
    assert fetched(phone, place(b"%PDF-1.7 no picture at all")).json["code"] == "unsupported_type"
