"""What phones say of photos: where they came from and whether they are poor, as whoever reviews the record is told."""

import pytest
from sqlalchemy import select

from server.db import db
from server.media.models import BlobRef
from server.media.pictures import told_pictures
from server.training.models import Training
from server.visits.models import VisitPhoto
from tests.features.browsing import console, untranslated
from tests.features.outlet_files import hash_of, op
from tests.features.papers import APPLIED, AT, DELIVERY, INVALID, PHOTOS, REQUEST, SIGNED, TRAINING, paper, result_of
from tests.features.staff import Staff, picture, sha256, staff  # noqa: F401
from tests.features.test_phone_trainings import WHAT
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401


def fact(photo: str, origin: str = "gallery", **more) -> dict:
    return {"sha256": photo, "origin": origin, "taken_at": AT, "is_blurred": False, "is_dark": False} | more


def facts_kept(app) -> list[tuple]:
    with app.app_context():
        query = select(BlobRef.sha256, BlobRef.origin, BlobRef.is_blurred, BlobRef.is_dark).where(BlobRef.origin.is_not(None))
        return [tuple(row) for row in db.session.execute(query.order_by(BlobRef.sha256))]


def trained(phone: Phone, outlet_id: str, *facts: dict, photos: list[str] = PHOTOS) -> tuple[str, str]:
    return result_of(
        phone,
        paper(phone, TRAINING, outlet_id, WHAT | {"photos": photos, "signature": SIGNED, "signature_refusal": None, "photo_facts": list(facts)}),
    )


def test_facts_of_a_records_photos_are_kept_and_those_of_others_are_not(app, company: Company, phone: Phone):
    facts = [fact(PHOTOS[0], "camera", is_blurred=True), fact(PHOTOS[1], "system", is_dark=True), fact("d" * 64)]
    assert trained(phone, company.outlet_id, *facts) == APPLIED
    assert facts_kept(app) == [(PHOTOS[0], "camera", True, False), (PHOTOS[1], "system", False, True)]


def test_a_record_of_an_older_phone_says_nothing_of_its_photos(app, company: Company, phone: Phone):
    assert (
        result_of(phone, paper(phone, TRAINING, company.outlet_id, WHAT | {"photos": PHOTOS, "signature": SIGNED, "signature_refusal": None}))
        == APPLIED
    )
    assert facts_kept(app) == []


@pytest.mark.parametrize("wrong", [fact(PHOTOS[0], "cloud"), fact("short"), {"sha256": PHOTOS[0]}])
def test_facts_of_another_shape_are_not_taken(company: Company, phone: Phone, wrong):
    assert trained(phone, company.outlet_id, wrong) == INVALID


def test_facts_of_a_delivery_are_kept(app, company: Company, phone: Phone):
    request = paper(phone, REQUEST, company.outlet_id, {"asked_at": AT, "contents": "海报"})
    assert result_of(phone, request) == APPLIED
    said = {
        "request_id": request["entity"]["id"],
        "delivered_at": AT,
        "photos": PHOTOS[:1],
        "signature": SIGNED,
        "signature_refusal": None,
        "note": "",
    }
    assert result_of(phone, paper(phone, DELIVERY, company.outlet_id, said | {"photo_facts": [fact(PHOTOS[0])]})) == APPLIED
    assert facts_kept(app) == [(PHOTOS[0], "gallery", False, False)]


def test_of_two_words_on_one_photo_the_gravest_stands(app, company: Company, phone: Phone):
    assert trained(phone, company.outlet_id, fact(PHOTOS[0], "gallery"), photos=PHOTOS[:1]) == APPLIED
    assert trained(phone, company.outlet_id, fact(PHOTOS[0], "camera", is_dark=True), photos=PHOTOS[:1]) == APPLIED
    with app.app_context():
        told = told_pictures([PHOTOS[0], "d" * 64])
    assert (told[PHOTOS[0]].origin, told[PHOTOS[0]].is_blurred, told[PHOTOS[0]].is_dark) == ("gallery", False, True)
    assert (told["d" * 64].origin, told["d" * 64].is_here) == ("", False)


def test_the_page_of_a_training_marks_a_photo_of_the_gallery(app, company: Company, staff: Staff, phone: Phone):
    photo = picture("green")
    assert trained(phone, company.outlet_id, fact(hash_of(photo), is_blurred=True), photos=[hash_of(photo)]) == APPLIED
    assert phone.upload(photo).status_code == 204
    with app.app_context():
        training_id = db.session.scalars(select(Training.id)).one()
    page = console(app, "chief").get(f"/trainings/{training_id}").text
    assert "从相册选的" in page and "模糊" in page
    english = console(app, "chief", "en").get(f"/trainings/{training_id}").text
    assert "chosen from the gallery" in english and untranslated(english) == []


def test_the_page_of_a_file_marks_its_photos(app, company: Company, staff: Staff, phone: Phone):
    photo = picture("blue")
    fields = {"storefront_photo": {"base": None, "mine": hash_of(photo)}}
    body = {"outlet_id": company.outlet_id, "fields": fields, "photo_facts": [fact(hash_of(photo), "system", is_dark=True)]}
    edit = op(phone, "outlet_edit.v1", ("outlet", company.outlet_id), company.outlet_id, body, blobs=[hash_of(photo)])
    assert phone.push(edit).json["results"][0]["code"] == "applied"
    assert phone.upload(photo).status_code == 204
    page = console(app, "chief").get(f"/outlets/{company.outlet_id}/file").text
    assert "系统相机拍的" in page and "偏暗" in page


@pytest.mark.parametrize(
    ("said", "kept", "words"),
    [
        ({"source": "camera", "origin": "camera"}, "camera", "相机拍摄"),
        ({"source": "file", "origin": "system"}, "system", "系统相机拍的"),
        ({"source": "file", "origin": "gallery"}, "gallery", "从相册选的"),
        ({"source": "file"}, "file", "从文件选的"),
    ],
)
def test_a_visits_page_says_where_a_photo_came_from(app, company: Company, staff: Staff, phone: Phone, said, kept, words):
    visit = phone.op(company.outlet_id)
    visit["body"]["photos"][0] |= said
    assert result_of(phone, visit) == APPLIED
    with app.app_context():
        assert db.session.scalars(select(VisitPhoto.source)).one() == kept
    assert words in console(app, "chief").get(f"/visits/{visit['entity']['id']}").text
