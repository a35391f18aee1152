"""Uploads: a file is in force only when every byte of it was verified."""

import base64
import hashlib
import os
import threading

import pytest
from sqlalchemy import event, select

from server.clock import now
from server.db import db
from server.media import uploads
from server.media.models import Blob
from server.media.store import blob_path, mark_stored
from server.visits.models import Visit

PHOTO, SIGNATURE = b"\xff\xd8\xff" + b"p" * 5000, b"\x89PNG\r\n\x1a\n" + b"s" * 500
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def promise(content):
    return "sha256 " + base64.b64encode(digest(content).encode()).decode()


def begin(phone, content, length=None, metadata=None, **headers):
    sent = phone.headers | TUS | {"Upload-Length": str(length or len(content)), "Upload-Metadata": metadata or promise(content)}
    return phone.client.post("/sync/v1/uploads", headers=sent | headers)


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


def test_a_visit_whose_last_two_files_end_at_the_same_moment_is_complete(app, company, phone):
    phone.push(phone.op(company.outlet_id, PHOTO, SIGNATURE))

    def store_the_other() -> None:
        with app.app_context():
            mark_stored(digest(SIGNATURE), len(SIGNATURE), "image/png", now())
            db.session.commit()

    other = threading.Thread(target=store_the_other)
    with app.app_context():
        mark_stored(digest(PHOTO), len(PHOTO), "image/jpeg", now())
        other.start()
        other.join(1.0)  # it waits for this transaction, or has missed what is about to be there
        db.session.commit()
    other.join()
    with app.app_context():
        visit = db.session.scalars(select(Visit)).one()
        assert (visit.is_complete, visit.counts, visit.reasons) == (True, True, [])


def test_a_visit_whose_file_ends_while_it_is_pushed_is_complete(app, company, phone):
    """The file was promised before, by a record that is in another outlet's file."""
    phone.push(phone.op(company.second_outlet_id, PHOTO, SIGNATURE))
    phone.upload(SIGNATURE)
    op = phone.op(company.outlet_id, PHOTO, SIGNATURE)

    def store() -> None:
        with app.app_context():
            mark_stored(digest(PHOTO), len(PHOTO), "image/jpeg", now())
            db.session.commit()

    other = threading.Thread(target=store)

    @event.listens_for(db.session, "before_commit", once=True)
    def _meanwhile(_session) -> None:
        other.start()
        other.join(1.0)  # it waits for the push, or has missed the visit that is about to be there

    phone.push(op)
    other.join()
    with app.app_context():
        assert [visit.is_complete for visit in db.session.scalars(select(Visit))] == [True, True]


def test_the_stored_file_is_the_promised_one(app, company, phone):
    assert phone.upload(PHOTO).status_code == 204
    with app.test_request_context():
        assert blob_path(digest(PHOTO)).read_bytes() == PHOTO
        assert db.session.get(Blob, digest(PHOTO)).mime == "image/jpeg"


def test_files_that_no_operation_names_are_few(app, company, phone, other_phone, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNNAMED_BYTES", 20)
    assert phone.upload(b"ten bytes.").status_code == 204
    assert begin(phone, b"ten bytes.").status_code == 201
    assert begin(phone, b"ten bytes,").status_code == 201
    refused = begin(phone, b"1")
    assert (refused.status_code, refused.json["code"], refused.headers["Retry-After"]) == (429, "too_many_requests", "3600")
    assert begin(other_phone, b"1").status_code == 201
    phone.push(phone.op(company.outlet_id, PHOTO, SIGNATURE))
    assert (phone.upload(PHOTO).status_code, phone.upload(SIGNATURE).status_code) == (204, 204)
    phone.push(phone.op(company.outlet_id, b"ten bytes.", SIGNATURE))
    assert begin(phone, b"1").status_code == 201


def test_a_file_that_is_here_counts_though_its_upload_was_given_up_or_promised_anew(app, company, phone, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNNAMED_BYTES", 10)
    location = begin(phone, b"ten bytes.").headers["Location"]
    assert patch(phone, location, b"ten bytes.", 0).status_code == 204
    assert phone.client.delete(location, headers=phone.headers | TUS).status_code == 204
    assert phone.client.head(location, headers=phone.headers | TUS).status_code == 404
    assert begin(phone, b"1").status_code == 429
    assert begin(phone, b"ten bytes.", length=1).json["code"] == "checksum_mismatch"
    again = begin(phone, b"ten bytes.").headers["Location"]
    assert offset_of(phone, again) == "10"


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
    for length in (20 * 1024 * 1024 + 1, 10**14):
        assert begin(phone, PHOTO, length=length).status_code == 413
    assert begin(phone, PHOTO, length=20 * 1024 * 1024).status_code == 201


def test_a_wrong_offset_is_told_before_anything_else(app, company, phone):
    location = begin(phone, PHOTO).headers["Location"]
    patch(phone, location, PHOTO[:1000], 0)
    answer = patch(phone, location, PHOTO, 1001)
    assert (answer.status_code, answer.json["code"], answer.json["offset"]) == (409, "offset_conflict", 1000)


def test_an_old_chunk_is_told_that_the_file_is_whole(app, company, phone):
    phone.upload(PHOTO)
    location = begin(phone, PHOTO).headers["Location"]
    answer = patch(phone, location, PHOTO[:1000], 0)
    assert (answer.status_code, answer.json["code"], answer.json["offset"]) == (409, "offset_conflict", len(PHOTO))
    assert patch(phone, location, b"more", len(PHOTO)).status_code == 413
    assert patch(phone, location, b"", len(PHOTO)).status_code == 204


def test_a_wrong_checksum_of_nothing_is_refused_too(app, company, phone):
    phone.upload(PHOTO)
    location = begin(phone, PHOTO).headers["Location"]
    answer = patch(phone, location, b"", len(PHOTO), **{"Upload-Checksum": "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    assert answer.status_code == 460


def test_a_post_may_name_patch_or_delete(app, company, phone):
    location = begin(phone, PHOTO).headers["Location"]
    sent = phone.headers | TUS | {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    assert phone.client.post(location, data=PHOTO, headers=sent, content_type=BYTES).status_code == 204
    assert offset_of(phone, location) == str(len(PHOTO))
    assert phone.client.post(location, headers=phone.headers | TUS | {"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert phone.client.head(location, headers=phone.headers | TUS).status_code == 404


def test_nothing_else_is_named_and_nowhere_else(app, company, phone):
    location = begin(phone, PHOTO).headers["Location"]
    for method, named in (("GET", "DELETE"), ("HEAD", "DELETE"), ("POST", "PUT")):
        phone.client.open(location, method=method, headers=phone.headers | TUS | {"X-HTTP-Method-Override": named})
        assert offset_of(phone, location) == "0", (method, named)
    assert phone.client.post("/login", headers={"X-HTTP-Method-Override": "DELETE"}).status_code != 405


def test_the_metadata_come_back_as_they_were_sent(app, company, phone):
    metadata = f"filename 6Zeo5aS0LmpwZw==,{promise(PHOTO)},is_confidential"
    location = begin(phone, PHOTO, metadata=metadata).headers["Location"]
    assert phone.client.head(location, headers=phone.headers | TUS).headers["Upload-Metadata"] == metadata


def test_metadata_that_tus_does_not_know_are_refused(app, company, phone):
    for more in ("", "name a", "name  YQ==", " name YQ==", "name !!!!", "naïve YQ==", "sha256 YQ==", "name YQ== YQ==", "name " + "YWFh" * 250):
        answer = begin(phone, PHOTO, metadata=f"{promise(PHOTO)},{more}")
        assert (answer.status_code, answer.json["code"]) == (400, "malformed"), more


def test_an_extension_that_is_not_offered_is_refused(app, company, phone):
    for header, value in (("Upload-Concat", "partial"), ("Upload-Defer-Length", "1")):
        assert begin(phone, PHOTO, **{header: value}).status_code == 400, header


def test_a_creation_with_no_bytes_yet_says_where_it_stands(app, company, phone):
    assert begin(phone, PHOTO, **{"Content-Type": BYTES}).headers["Upload-Offset"] == "0"


def test_a_file_whose_server_died_before_the_end_is_finished_when_it_is_created_again(app, company, phone, monkeypatch):
    def die(*_given):
        raise SystemExit

    headers = phone.headers | TUS | {"Upload-Length": str(len(PHOTO)), "Upload-Metadata": promise(PHOTO)}
    with monkeypatch.context() as dying:
        dying.setattr(uploads, "mark_stored", die)
        with pytest.raises(SystemExit):
            phone.client.post("/sync/v1/uploads", data=PHOTO, headers=headers, content_type=BYTES)
    with app.app_context():
        assert db.session.get(Blob, digest(PHOTO)) is None
    again = phone.client.post("/sync/v1/uploads", data=PHOTO[:100], headers=headers, content_type=BYTES)
    assert (again.status_code, again.headers["Upload-Offset"]) == (201, str(len(PHOTO)))
    with app.app_context():
        assert db.session.get(Blob, digest(PHOTO)).stored_at is not None


def test_every_address_tells_what_is_offered_and_the_version(app, company, phone):
    location = begin(phone, PHOTO).headers["Location"]
    for address in ("/sync/v1/uploads", location):
        answer = phone.client.options(address)
        assert (answer.status_code, answer.headers["Tus-Version"], answer.headers["Tus-Max-Size"]) == (204, "1.0.0", "20971520")
    refused = phone.client.put(location, headers=phone.headers | TUS)
    assert (refused.status_code, refused.headers["Tus-Resumable"]) == (405, "1.0.0")


def test_only_own_files_are_told_missing(app, company, phone, other_phone):
    phone.push(phone.op(company.outlet_id, PHOTO, SIGNATURE))
    asked = [digest(PHOTO), digest(SIGNATURE), digest(os.urandom(8))]
    assert phone.post("blobs/have", sha256=asked).json["missing"] == asked[:2]
    assert other_phone.post("blobs/have", sha256=asked).json["missing"] == []
    phone.upload(PHOTO)
    assert phone.post("blobs/have", sha256=asked).json["missing"] == [digest(SIGNATURE)]
