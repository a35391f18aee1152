"""Uploads: a file is in force only when every byte of it was verified."""

import hashlib
import os

from sqlalchemy import select

from server.db import db
from server.media.models import Blob
from server.media.store import blob_path
from server.visits.models import Visit

PHOTO, SIGNATURE = b"\xff\xd8\xff" + b"p" * 5000, b"\x89PNG\r\n\x1a\n" + b"s" * 500
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def begin(phone, content, length=None):
    import base64

    metadata = "sha256 " + base64.b64encode(digest(content).encode()).decode()
    headers = phone.headers | TUS | {"Upload-Length": str(length or len(content)), "Upload-Metadata": metadata}
    return phone.client.post("/sync/v1/uploads", headers=headers)


def patch(phone, location, content, offset, **headers):
    sent = phone.headers | TUS | {"Upload-Offset": str(offset)} | headers
    return phone.client.patch(location, data=content, headers=sent, content_type=BYTES)


def offset_of(phone, location):
    return phone.client.head(location, headers=phone.headers | TUS).headers["Upload-Offset"]


def test_a_visit_counts_once_all_its_files_are_here(app, company, phone):
    phone.push(phone.op(company.outlet_id, PHOTO, SIGNATURE))
    phone.upload(PHOTO)
    with app.app_context():
        assert db.session.scalars(select(Visit)).one().counts is False
    phone.upload(SIGNATURE)
    with app.app_context():
        visit = db.session.scalars(select(Visit)).one()
        assert (visit.is_complete, visit.counts, visit.reasons) == (True, True, [])
        assert len(visit.seal) == 64


def test_the_stored_file_is_the_promised_one(app, company, phone):
    assert phone.upload(PHOTO).status_code == 204
    with app.test_request_context():
        assert blob_path(digest(PHOTO)).read_bytes() == PHOTO
        assert db.session.get(Blob, digest(PHOTO)).mime == "image/jpeg"


def test_a_file_with_the_wrong_hash_is_refused_and_gone(app, company, phone):
    answer = phone.upload(b"other bytes", promised=b"these bytes")
    assert (answer.status_code, answer.json["code"]) == (460, "checksum_mismatch")
    with app.app_context():
        assert db.session.get(Blob, digest(b"these bytes")) is None


def test_creating_the_same_upload_twice_gives_the_same_place(app, company, phone):
    first, second = begin(phone, PHOTO), begin(phone, PHOTO)
    assert first.headers["Location"] == second.headers["Location"]


def test_an_upload_goes_on_where_it_stopped(app, company, phone):
    location = begin(phone, PHOTO).headers["Location"]
    patch(phone, location, PHOTO[:1000], 0)
    assert offset_of(phone, location) == "1000"
    wrong = patch(phone, location, PHOTO[500:], 500)
    assert (wrong.status_code, wrong.json["code"], wrong.json["offset"]) == (409, "offset_conflict", 1000)
    assert patch(phone, location, PHOTO[1000:], 1000).status_code == 204


def test_a_finished_upload_says_so_again(app, company, phone):
    phone.upload(PHOTO)
    again = begin(phone, PHOTO)
    assert again.status_code == 201
    assert offset_of(phone, again.headers["Location"]) == str(len(PHOTO))


def test_a_chunk_with_a_wrong_checksum_leaves_nothing(app, company, phone):
    location = begin(phone, PHOTO).headers["Location"]
    answer = patch(phone, location, PHOTO[:1000], 0, **{"Upload-Checksum": "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    assert answer.status_code == 460
    assert offset_of(phone, location) == "0"


def test_more_bytes_than_promised_are_refused(app, company, phone):
    location = begin(phone, PHOTO, length=100).headers["Location"]
    assert patch(phone, location, PHOTO, 0).status_code == 413


def test_a_given_up_upload_is_gone(app, company, phone):
    location = begin(phone, PHOTO).headers["Location"]
    assert phone.client.delete(location, headers=phone.headers | TUS).status_code == 204
    assert phone.client.head(location, headers=phone.headers | TUS).status_code == 404


def test_somebody_elses_upload_is_not_found(app, company, phone, other_phone):
    location = begin(phone, PHOTO).headers["Location"]
    assert patch(other_phone, location, PHOTO, 0).status_code == 404
    assert other_phone.client.head(location, headers=other_phone.headers | TUS).status_code == 404


def test_an_upload_without_a_token_is_signed_out(app, company, phone):
    phone.token = "nobody"
    assert begin(phone, PHOTO).status_code == 401


def test_another_tus_version_is_told_ours(app, company, phone):
    answer = phone.client.post("/sync/v1/uploads", headers=phone.headers | {"Tus-Resumable": "0.9"})
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


def test_too_large_a_file_is_refused(app, company, phone):
    assert begin(phone, PHOTO, length=30_000_000).status_code == 413


def test_only_own_files_are_told_missing(app, company, phone, other_phone):
    phone.push(phone.op(company.outlet_id, PHOTO, SIGNATURE))
    asked = [digest(PHOTO), digest(SIGNATURE), digest(os.urandom(8))]
    assert phone.post("blobs/have", sha256=asked).json["missing"] == asked[:2]
    assert other_phone.post("blobs/have", sha256=asked).json["missing"] == []
    phone.upload(PHOTO)
    assert phone.post("blobs/have", sha256=asked).json["missing"] == [digest(SIGNATURE)]
