"""Photos that come late, cut, wrong, twice or to a full disk, on both databases (SYNC §7: 15, 19, 27)."""

import base64
import hashlib
import os
from datetime import timedelta

from sqlalchemy import func, select

from server.db import db
from server.media.models import Blob, Upload
from server.media.store import blob_path
from server.media.uploads import purge_expired
from server.visits.models import Visit
from tests.sync.net import sha256_of
from tests.sync.reps import count, office, rep  # noqa: F401


def test_edge_15_killed_between_the_record_and_its_photos(app, company, rep):
    """The record is there and not complete; the photos follow when the phone is back."""
    rep.visit(company.outlet_id)
    while rep.client.advance().do != "push":
        pass
    rep.client.restart()
    with app.app_context():
        assert not db.session.scalars(select(Visit)).one().is_complete
    rep.sync()
    with app.app_context():
        assert db.session.scalars(select(Visit)).one().is_complete


TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def begin_upload(rep, content, promised=None):
    metadata = "sha256 " + base64.b64encode(sha256_of(promised or content).encode()).decode()
    headers = TUS | {"Authorization": f"Bearer {rep.client.token}", "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    return rep.net.ask("POST", "/sync/v1/uploads", headers, b"")


def send(rep, url, offset, content):
    headers = TUS | BYTES | {"Authorization": f"Bearer {rep.client.token}", "Upload-Offset": str(offset)}
    return rep.net.ask("PATCH", url, headers, content)


def test_edge_19_a_blob_cut_at_sixty_percent_goes_on_there(app, company, rep):
    photo = os.urandom(100_000)
    rep.visit(company.outlet_id, photo=photo)
    _, made, _ = begin_upload(rep, photo)
    send(rep, made["Location"], 0, photo[:60_000])
    rep.sync()
    assert b"".join(body for method, _, body in rep.net.seen if method == "PATCH") == photo[60_000:]
    with office(app):
        assert hashlib.sha256(blob_path(sha256_of(photo)).read_bytes()).hexdigest() == sha256_of(photo)


def test_edge_19_an_expired_upload_begins_again(app, company, rep):
    photo = os.urandom(5000)
    rep.visit(company.outlet_id, photo=photo)
    _, made, _ = begin_upload(rep, photo)
    send(rep, made["Location"], 0, photo[:3000])
    rep.net.now += timedelta(days=8)
    with office(app, rep.net.now):
        assert purge_expired(rep.net.now) == 1
    rep.sync()
    with app.app_context():
        assert db.session.scalars(select(Visit)).one().is_complete


def test_edge_19_a_blob_with_the_wrong_hash_is_refused_and_the_right_one_taken(app, company, rep):
    photo = os.urandom(2000)
    rep.visit(company.outlet_id, photo=photo)
    _, made, _ = begin_upload(rep, b"x" * 2000, promised=photo)
    assert send(rep, made["Location"], 0, b"x" * 2000)[0] == 460
    rep.sync()
    with app.app_context():
        assert db.session.scalars(select(Visit)).one().is_complete


def test_edge_19_a_blob_that_comes_twice_and_before_its_operation(app, company, rep):
    photo = os.urandom(2000)
    for _ in range(2):
        _, made, _ = begin_upload(rep, photo)
        send(rep, made["Location"], 0, photo)
    rep.visit(company.outlet_id, photo=photo)
    rep.sync()
    sent_again = [body for method, _, body in rep.net.seen if method == "PATCH" and body == photo]
    assert sent_again == []
    assert count(app, Blob) == 2
    with app.app_context():
        assert db.session.scalars(select(Visit)).one().is_complete
        assert db.session.scalar(select(func.count()).select_from(Upload)) <= 2


def test_edge_27_no_room_for_a_photo(app, company, rep, monkeypatch):
    """The record is taken, the photo is tried again, and nothing half-written is called stored."""
    from server.media import uploads

    rep.visit(company.outlet_id)
    keep = uploads.keep_file

    def full(_part, _sha256):
        raise OSError(28, "No space left on device")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(uploads, "keep_file", full)
    rep.try_sync()
    assert rep.codes() == ["applied"]
    with app.app_context():
        assert not db.session.scalars(select(Visit)).one().is_complete
        assert db.session.scalar(select(func.count()).select_from(Blob).where(Blob.stored_at.is_not(None))) == 0
    monkeypatch.setattr(uploads, "keep_file", keep)
    rep.net.now += timedelta(minutes=5)
    rep.sync()
    with app.app_context():
        assert db.session.scalars(select(Visit)).one().is_complete
