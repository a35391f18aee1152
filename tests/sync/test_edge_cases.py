"""The edge cases of SYNC §7 in which a server takes part, each on SQLite and on PostgreSQL.

Those of the phone's own storage (15 to 18, 21, 22 in a browser) are in `tests/e2e/test_edge_cases.py` and `tests/pwa`.
"""

import base64
import hashlib
import json
import os
import sqlite3
import threading
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from server.app import create_app
from server.db import db
from server.devices.models import Device
from server.devices.tokens import revoke_devices
from server.domain.months import Month
from server.feed.audit import feed_differences
from server.feed.clock import FeedEntry, after_number, touch
from server.feed.epoch import begin_epoch
from server.feed.floor import raise_floor
from server.intake import push as push_module
from server.intake.models import SyncAttempt, SyncClient, SyncConflict, SyncOp
from server.intake.registry import APPLIERS
from server.intake.rescue import import_rescue
from server.jobs.nightly import run_nightly
from server.media.models import Blob, Upload
from server.media.store import blob_path
from server.media.uploads import purge_expired
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.outlets.models import Outlet
from server.payroll.models import WageSheet
from server.visits.models import OutletMonth, Visit
from sync.client import SyncClient as ReferenceClient
from sync.receive import APPLIED, Outcome
from tests.databases import Cluster, sqlite_url
from tests.settings import settings_for
from tests.sync.net import NOON, Rep, captive_portal, lost_request, lost_response, rep_of, sha256_of, too_large_at, twice


@pytest.fixture
def rep(app, company) -> Rep:
    return rep_of(app, "rep1")


@pytest.fixture
def other_rep(app, company) -> Rep:
    return rep_of(app, "rep2")


def count(app, table) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


@contextmanager
def office(app, at=NOON):
    with app.test_request_context(environ_overrides={"xundian.now": at}):
        yield
        db.session.remove()


def hand_over(app, outlet_id, person_id, by_id, at=NOON):
    with office(app, at):
        assign_outlets([outlet_id], person_id, date(2026, 11, 24), by_id, at)


def test_edge_01_response_lost_after_commit(app, company, rep):
    rep.visit(company.outlet_id)
    rep.net.troubles = [lost_response]
    assert rep.try_sync() == "unreachable"
    assert count(app, Visit) == 1
    assert rep.codes() == [None]
    rep.sync()
    assert rep.codes() == ["applied"]
    assert count(app, Visit) == 1


def test_edge_02_an_old_duplicate_after_newer_operations(app, company, rep):
    rep.visit(company.outlet_id)
    rep.sync()
    first = next(body for _, path, body in rep.net.seen if path.endswith("/push"))
    rep.visit(company.second_outlet_id)
    rep.sync()
    headers = {"Authorization": f"Bearer {rep.client.token}", "Content-Type": "application/json"}
    status, _, answer = rep.net.ask("POST", "/sync/v1/push", headers, first)
    assert (status, json.loads(answer)["last_n"], json.loads(answer)["results"][0]["code"]) == (200, 2, "applied")
    assert count(app, Visit) == 2


def test_edge_02_a_request_that_arrives_twice_at_once(app, company, rep):
    rep.visit(company.outlet_id)
    rep.net.troubles = [twice]
    rep.sync()
    assert count(app, Visit) == 1


def test_edge_03_crash_in_mid_batch(app, company, rep, monkeypatch):
    class Killed(BaseException):
        pass

    for _ in range(5):
        rep.visit(company.outlet_id)
    take, taken = push_module._take, []

    def dying(*args):
        taken.append(1)
        if len(taken) == 4:
            raise Killed
        return take(*args)

    monkeypatch.setattr(push_module, "_take", dying)
    with pytest.raises(Killed):
        rep.client.sync()
    assert (count(app, Visit), count(app, SyncOp)) == (0, 0)
    rep.client.restart()
    rep.sync()
    assert rep.codes() == ["applied"] * 5
    assert count(app, Visit) == 5


def test_edge_04_an_operation_that_makes_its_handler_raise(app, company, rep, monkeypatch):
    def raising(_sent):
        raise RuntimeError("a fault in the handler")

    monkeypatch.setitem(APPLIERS, "raises.v1", raising)
    rep.visit(company.outlet_id, form="raises.v1")
    rep.visit(company.outlet_id)
    rep.sync()
    assert rep.codes() == ["quarantined", "applied"]
    assert rep.client.ops[0].problem["code"] == "handler_failed"


def test_edge_04_an_operation_on_which_the_server_itself_breaks(app, company, rep, monkeypatch):
    """It breaks the commit of every batch it is in: after three times it is kept unjudged, and only it."""

    def broken_commit(_session, _seq):
        raise RuntimeError("the commit breaks")

    def breaking(_sent):
        after_number(db.session, broken_commit)
        return Outcome(APPLIED)

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(APPLIERS, "poison.v1", breaking)
    rep.visit(company.outlet_id)
    rep.visit(company.outlet_id, form="poison.v1")
    rep.visit(company.second_outlet_id)
    rep.sync(rounds=20)
    assert rep.codes() == ["applied", "quarantined", "applied"]
    with app.app_context():
        assert db.session.get(SyncAttempt, rep.client.ops[1].op_id).failures == 3


def test_edge_05_a_clock_days_off_then_corrected(app, company, rep):
    rep.sync()
    rep.net.skew = timedelta(days=3)
    rep.visit(company.outlet_id)  # before the phone could notice: the offset it knows is still the old one
    rep.client.sync()
    rep.visit(company.second_outlet_id)
    rep.client.sync()
    rep.net.skew = timedelta()
    rep.visit(company.outlet_id)
    rep.sync()
    rep.visit(company.outlet_id)
    rep.sync()
    with app.app_context():
        days = [visit.visited_on for visit in db.session.scalars(select(Visit).order_by(Visit.received_at))]
        client = db.session.scalars(select(SyncClient)).one()
    assert days[0] == date(2026, 11, 27)
    assert days[1] == days[3] == date(2026, 11, 24)
    assert days[2] == date(2026, 11, 21)
    assert abs(client.skew_ms) < 60_000


def test_edge_06_login_expired_for_five_days(app, company, rep):
    with office(app):
        revoke_devices(NOON, Device.person_id == company.rep_id)
        db.session.commit()
    for _ in range(5):
        rep.net.now += timedelta(days=1)
        rep.visit(company.outlet_id)
        assert rep.try_sync() == "auth_expired"
    assert rep.client.next_step().why == "signed_out"
    assert count(app, Visit) == 0
    rep.client.sign_in(rep_of(app, "rep1").client.token)
    rep.sync()
    assert rep.codes() == ["applied"] * 5
    assert count(app, Visit) == 5


def test_edge_07_two_people_on_one_phone(app, company, rep, other_rep):
    """Each has a store of their own; the token of one never sends what the other captured."""
    rep.visit(company.outlet_id)
    mine = rep.client.token
    rep.client.sign_in(other_rep.client.token)
    rep.sync()  # the client id is not taken yet: the record is credited to whoever holds the token
    rep.visit(company.outlet_id)
    rep.client.sign_in(mine)
    assert rep.try_sync() == "wrong_owner"
    assert rep.client.next_step().why == "wrong_owner"
    assert len(rep.client.capture.pending()) == 1


def test_edge_08_reassigned_while_offline_with_visits_and_an_edit(app, company, rep, other_rep):
    rep.sync()
    rep.visit(company.outlet_id)
    rep.edit(company.outlet_id, phone=("", "028-5550123"))
    rep.visit(company.outlet_id)
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    rep.sync()
    assert rep.codes() == ["out_of_scope_accepted", "parked", "out_of_scope_accepted"]
    assert [op.problem["detail"] for op in rep.client.ops] == ["林晓月"] * 3  # who has the outlet now
    assert company.outlet_id not in rep.shows("outlet")
    with app.app_context():
        assert {visit.rep_id for visit in db.session.scalars(select(Visit))} == {company.rep_id}
        assert db.session.get(Outlet, company.outlet_id).phone == ""
        assert db.session.scalars(select(SyncConflict)).one().mine == '"028-5550123"'
    other_rep.sync()
    assert len(other_rep.shows("visit")) == 2


def test_edge_09_revoked_deleted_inside_and_granted_again_between_two_pulls(app, company, rep, other_rep):
    rep.visit(company.outlet_id)
    rep.sync()
    [visit_id] = rep.shows("visit")
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    with office(app):
        touch(db.session, FeedEntry("visit", visit_id, f"outlet:{company.outlet_id}", is_deleted=True))
        db.session.commit()
    hand_over(app, company.outlet_id, company.rep_id, company.supervisor_id)
    rep.sync()
    assert rep.shows("visit") == set()
    assert company.outlet_id in rep.shows("outlet")


def test_edge_10_reassignment_during_a_paged_pull(app, company, other_rep):
    rep = rep_of(app, "rep1", page_bytes=1000)
    for outlet_id in (company.outlet_id, company.second_outlet_id):
        for _ in range(4):
            rep.visit(outlet_id)
    rep.client.capture.edge("")
    while rep.client.advance().do != "pull":
        pass
    assert rep.client.store.page is not None
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    rep.sync()
    assert rep.shows("outlet") == {company.second_outlet_id}
    assert all(row.scope != f"outlet:{company.outlet_id}" for row in rep.client.store.rows.values())
    other_rep.sync()
    assert company.outlet_id in other_rep.shows("outlet")


def test_edge_10_a_first_pull_that_must_begin_again_keeps_no_outlet_lost_meanwhile(app, company):
    rep = rep_of(app, "rep1", page_bytes=1000)
    lost = f"outlet:{company.outlet_id}"
    while lost not in rep.client.store.scopes:
        assert rep.client.advance().do == "pull"
    assert rep.client.store.page is not None
    hand_over(app, company.outlet_id, company.other_rep_id, company.supervisor_id)
    with office(app):
        raise_floor(NOON + timedelta(days=1))  # the page's token is no good any more
        db.session.commit()
    rep.sync()
    assert rep.shows("outlet") == {company.second_outlet_id}
    assert lost not in rep.client.store.scopes


def test_edge_11_an_entity_that_moved_between_outlets(app, company, rep):
    """A merge gives the visits of one outlet to the other; records that come later for the first follow."""
    rep.visit(company.outlet_id)
    rep.sync()
    with office(app):
        merge_outlets(company.outlet_id, company.second_outlet_id, company.supervisor_id, NOON)
        assert feed_differences() == []
    rep.visit(company.outlet_id)  # the phone does not know yet
    rep.edit(company.outlet_id, phone=("", "1"))
    rep.sync()
    assert rep.codes() == ["applied", "applied", "parked"]
    problem = rep.client.ops[2].problem
    assert (problem["code"], problem["detail"]) == ("outlet_removed", "周敏")
    assert rep.shows("outlet") == {company.second_outlet_id}
    with app.app_context():
        visits = list(db.session.scalars(select(Visit)))
        assert {visit.outlet_id for visit in visits} == {company.second_outlet_id}
        assert rep.shows("visit") == {visit.id for visit in visits}


def test_edge_12_a_long_transaction_commits_after_short_ones(app, company, rep):
    """What it wrote gets its number when it commits, so a phone that pulled meanwhile misses nothing."""
    started, may_end = threading.Event(), threading.Event()
    is_postgres = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]

    def long_transaction():
        with office(app):
            db.session.get(Outlet, company.second_outlet_id).address = "最后写下的地址"
            db.session.flush()
            started.set()
            may_end.wait(20)
            db.session.commit()

    rep.sync()
    worker = threading.Thread(target=long_transaction)
    worker.start()
    assert started.wait(10)
    if is_postgres:  # SQLite has one writer: there the short ones wait
        rep.visit(company.outlet_id)
        rep.sync()
        assert rep.codes() == ["applied"]
    may_end.set()
    worker.join(20)
    rep.sync()
    assert rep.client.replica["outlet", company.second_outlet_id]["address"] == "最后写下的地址"


class Backup:
    """A copy of the database, and a server over it."""

    def __init__(self, app, folder: Path, cluster: Cluster):
        self.app, self.folder, self.cluster = app, folder, cluster
        self.is_postgres = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]
        with app.app_context():
            db.session.remove()
            if self.is_postgres:
                db.engine.dispose()
                self.url = cluster.copy_database(app.config["SQLALCHEMY_DATABASE_URI"])
            else:
                (folder / "backup").mkdir()
                with closing(sqlite3.connect(folder / "xundian.db")) as here, closing(sqlite3.connect(folder / "backup" / "xundian.db")) as there:
                    here.backup(there)
                self.url = sqlite_url(folder / "backup")

    def restored(self, with_epoch: bool):
        """The server as it was, over the files that are there now."""
        app = create_app(settings_for(self.folder, self.url))
        if with_epoch:
            with app.app_context():
                begin_epoch()
                db.session.commit()
        return app


@pytest.mark.parametrize("with_epoch", [True, False], ids=["new_epoch", "same_epoch"])
def test_edge_13_a_restored_backup(app, company, rep, tmp_path, cluster, with_epoch):
    rep.visit(company.outlet_id)
    rep.sync()
    backup = Backup(app, tmp_path, cluster)
    rep.visit(company.outlet_id)
    rep.sync()
    rep.visit(company.second_outlet_id)
    rep.net.troubles = [None, lost_request]
    rep.try_sync()
    assert rep.codes() == ["applied"] * 3
    restored = backup.restored(with_epoch)
    assert count(restored, Visit) == 1
    rep.net.app = restored
    rep.sync()
    assert count(restored, Visit) == 3
    assert rep.codes() == ["applied"] * 3
    assert len(rep.shows("visit")) == 3
    with restored.app_context():
        assert all(visit.is_complete for visit in db.session.scalars(select(Visit)))
        db.session.remove()
        db.engine.dispose()


def test_edge_14_a_copied_phone(app, company, rep):
    rep.visit(company.outlet_id)
    rep.sync()
    rep.visit(company.outlet_id)
    twin_client = ReferenceClient(rep.net, rep.client.token, clock=rep.net.clock, chance=lambda: 0.5)
    twin_client.capture, twin_client.store = rep.client.capture.copy(), rep.client.store.copy()
    twin = Rep(rep.net, twin_client)
    twin.visit(company.second_outlet_id)
    rep.visit(company.outlet_id)
    rep.sync()
    twin.sync()
    assert count(app, Visit) == 4  # one sent before, one that both hold, one of each
    with app.app_context():
        assert db.session.scalars(select(SyncClient.is_forked).where(SyncClient.is_forked)).all() == [True]
    rep.sync()
    twin.sync()
    assert len(rep.shows("visit")) == len(twin.shows("visit")) == 4


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


def test_edge_17_an_upgrade_with_two_hundred_operations_of_older_forms(app, company, rep):
    for number in range(200):
        rep.visit((company.outlet_id, company.second_outlet_id)[number % 2], form="visit.v1")
    rep.sync()
    assert rep.codes() == ["applied"] * 200
    with app.app_context():
        assert {visit.form for visit in db.session.scalars(select(Visit))} == {"visit.v1"}
    pushes = [body for _, path, body in rep.net.seen if path.endswith("/push")]
    assert len(pushes) >= 4
    assert max(len(body) for body in pushes) < 256 * 1024 + 32_000


def test_edge_17_a_form_newer_than_the_server_is_taken_in_after_the_upgrade(app, company, rep, monkeypatch):
    known = APPLIERS["visit.v3"]
    monkeypatch.delitem(APPLIERS, "visit.v3")
    op = rep.visit(company.outlet_id)
    rep.sync()
    assert rep.codes() == ["quarantined"]
    monkeypatch.setitem(APPLIERS, "visit.v3", known)
    with office(app):
        run_nightly(date(2026, 11, 24), NOON)
    assert count(app, Visit) == 1
    rep.sync()
    assert rep.client.replica["op_verdict", op.op_id]["code"] == "applied"


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


def test_edge_20_a_hundred_and_twenty_days_offline(app, company, rep):
    """What was deleted long ago is forgotten: the phone starts over, keeps nothing that is gone, and sends what it has."""
    rep.visit(company.outlet_id)
    rep.sync()
    [old_visit] = rep.shows("visit")
    rep.visit(company.second_outlet_id)
    later = NOON + timedelta(days=120)
    with office(app, NOON + timedelta(days=1)):
        touch(db.session, FeedEntry("visit", old_visit, f"outlet:{company.outlet_id}", is_deleted=True))
        db.session.commit()
    with office(app, later):
        touch(db.session, FeedEntry("person", company.rep_id, f"user:{company.rep_id}"))
        db.session.commit()
        assert raise_floor(later - timedelta(days=90)) > 0
        db.session.commit()
    rep.net.now = later
    rep.sync()
    assert old_visit not in rep.shows("visit")
    assert rep.codes() == ["applied", "applied"]
    assert len(rep.shows("visit")) == 1


def test_edge_21_a_captive_portal_is_no_answer(app, company, rep):
    rep.visit(company.outlet_id)
    rep.net.troubles = [captive_portal]
    assert rep.try_sync() == "foreign"
    assert rep.codes() == [None]
    rep.sync()
    assert rep.codes() == ["applied"]


def test_edge_22_a_proxy_that_refuses_large_requests(app, company, rep):
    """The batch is halved until it gets through; one that is too large alone lets the others pass and keeps trying."""
    for _ in range(8):
        rep.visit(company.outlet_id)
    rep.visit(company.outlet_id, condition="长" * 3000)
    rep.visit(company.outlet_id)
    rep.net.proxy = too_large_at(8000)
    for _ in range(20):
        rep.try_sync()
        rep.net.now += timedelta(minutes=2)
    codes = rep.codes()
    assert codes.count("applied") == 9
    assert codes[8] is None
    rep.net.proxy = None
    rep.sync()
    assert rep.codes() == ["applied"] * 10
    assert count(app, Visit) == 10


def test_edge_23_a_locked_database_is_busy_and_nothing_is_lost(app, company, rep, monkeypatch):
    rep.visit(company.outlet_id)
    is_postgres = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]
    with app.app_context(), db.engine.connect() as holder:
        if is_postgres:
            holder.execute(text("LOCK TABLE sync_clock IN ACCESS EXCLUSIVE MODE"))
            monkeypatch.setattr(push_module, "feed_state", _impatient(push_module.feed_state))
        else:
            holder.exec_driver_sql("SELECT 1")  # it has begun IMMEDIATE
            _shorten_busy_timeout(app)
        started = datetime.now(UTC)
        assert rep.try_sync() == "busy"
        assert rep.client.state.is_wait_ordered
        assert (datetime.now(UTC) - started).total_seconds() < 12
        holder.rollback()
    rep.sync()
    assert rep.codes() == ["applied"]
    assert count(app, Visit) == 1


def _impatient(read):
    """PostgreSQL gives up waiting for a lock after a moment."""

    def reading():
        db.session.execute(text("SET LOCAL lock_timeout = '300ms'"))
        return read()

    return reading


def _shorten_busy_timeout(app):
    with app.app_context():
        for connection in [db.engine.raw_connection()]:
            connection.driver_connection.execute("PRAGMA busy_timeout=300")
            connection.close()


def rescue_file(rep, person_id) -> bytes:
    """What the phone's export writes."""
    ops = []
    for op in rep.client.capture.pending():
        envelope = json.loads(op.text)
        body_text = op.text[op.text.index('"body":') + 7 : op.text.rindex(',"blobs":')]
        ops.append({key: envelope[key] for key in ("op_id", "kind", "form", "entity", "scope", "base_v", "blobs", "t")} | {"body_text": body_text})
    blobs = {sha256: base64.b64encode(content).decode() for sha256, content in rep.client.capture.files.items()}
    return json.dumps({"format": "xundian-rescue.v1", "person_id": person_id, "ops": ops, "blobs": blobs}).encode()


def test_edge_24_a_rescue_file_that_was_already_sent(app, company, rep):
    for _ in range(3):
        rep.visit(company.outlet_id)
    raw = rescue_file(rep, company.rep_id)
    with office(app):
        first = import_rescue(raw, company.supervisor_id, NOON)
    assert (first.results, first.files, first.refused_files) == ({"applied": 3}, 6, {})
    with office(app):
        second = import_rescue(raw, company.supervisor_id, NOON)
    assert (second.known, second.known_files, second.is_unchanged) == (3, 6, True)
    rep.sync()
    assert rep.codes() == ["applied"] * 3
    assert count(app, Visit) == 3
    with app.app_context():
        assert all(visit.is_complete for visit in db.session.scalars(select(Visit)))


def test_edge_25_late_visits_after_the_month_was_closed(app, company, rep):
    """They are taken in and counted where they belong; the closed wage sheet stays as it is."""
    with office(app):
        run_nightly(date(2026, 12, 2), NOON)
        sheet = db.session.scalars(select(WageSheet).where(WageSheet.person_id == company.rep_id, WageSheet.month == "2026-11")).one()
        sheet.state, before = "closed", sheet.content_sha256
        db.session.commit()
    rep.visit(company.outlet_id)
    rep.net.now = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)
    rep.sync()
    assert rep.codes() == ["applied"]
    with office(app, rep.net.now):
        run_nightly(date(2026, 12, 3), rep.net.now)
        assert db.session.get(OutletMonth, (company.outlet_id, "2026-11")).counted == 1
        sheet = db.session.scalars(select(WageSheet).where(WageSheet.person_id == company.rep_id, WageSheet.month == "2026-11")).one()
        assert (sheet.state, sheet.content_sha256) == ("closed", before)


def test_edge_26_a_nightly_check_killed_and_run_twice_in_parallel(app, company, rep, monkeypatch):
    """The end is that of one clean run."""
    from server.jobs import nightly

    rep.visit(company.outlet_id)
    rep.sync()

    class Killed(BaseException):
        pass

    def dying(_month, _now):
        raise Killed

    steps = nightly.STEPS
    monkeypatch.setattr(nightly, "STEPS", (steps[0], ("dies", dying), *steps[1:]))
    with office(app), pytest.raises(Killed):
        run_nightly(date(2026, 12, 2), NOON)
    monkeypatch.setattr(nightly, "STEPS", steps)

    def night():
        with office(app):
            run_nightly(date(2026, 12, 2), NOON)

    workers = [threading.Thread(target=night) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with office(app):
        ends = outcome_of_night()
        run_nightly(date(2026, 12, 2), NOON)
        assert outcome_of_night() == ends
        assert feed_differences() == []
        assert ends[0] == {company.outlet_id: 1, company.second_outlet_id: 0}


def outcome_of_night():
    db.session.expire_all()
    months = {row.outlet_id: row.counted for row in db.session.scalars(select(OutletMonth).where(OutletMonth.month == str(Month(2026, 11))))}
    sheets = {(sheet.person_id, sheet.month): sheet.content_sha256 for sheet in db.session.scalars(select(WageSheet))}
    return months, sheets


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


def test_edge_27_no_room_for_a_record(app, company, rep, monkeypatch):
    """The database says that it is full: the phone hears `busy`, keeps the record, and comes again."""
    import sqlite3

    is_postgres = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]
    if is_postgres:
        from psycopg.errors import DiskFull

        fault: Exception = DiskFull("could not extend file: No space left on device")
    else:
        fault = sqlite3.OperationalError("database or disk is full")
        fault.sqlite_errorcode = sqlite3.SQLITE_FULL  # type: ignore[attr-defined]

    def full(*_args):
        raise OperationalError("INSERT", {}, fault)

    rep.visit(company.outlet_id)
    take = push_module._take
    monkeypatch.setattr(push_module, "_take", full)
    assert rep.try_sync() == "busy"
    monkeypatch.setattr(push_module, "_take", take)
    rep.sync()
    assert rep.codes() == ["applied"]
