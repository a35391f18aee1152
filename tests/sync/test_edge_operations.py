"""Operations that break the server, are older or newer than it, or come by a rescue file, on both databases (SYNC §7: 3, 4, 17, 24)."""

import base64
import json
from datetime import date

import pytest
from sqlalchemy import select

from server.db import db
from server.feed.clock import after_number
from server.intake import push as push_module
from server.intake.models import SyncAttempt, SyncOp
from server.intake.registry import APPLIERS
from server.intake.rescue import import_rescue
from server.jobs.nightly import run_nightly
from server.visits.models import Visit
from sync.receive import APPLIED, Outcome
from tests.sync.net import NOON
from tests.sync.reps import count, office, rep  # noqa: F401


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
