"""`/sync/v1`: push, pull, reconcile, digests, blobs/have (SYNC §1). Every answer is JSON of this protocol."""

import zlib
from datetime import timedelta
from typing import Any

import msgspec
from flask import Blueprint, Response, request
from sqlalchemy import bindparam, select, update

from server.clock import now
from server.db import begin_snapshot, db, expect_reads, is_passing
from server.devices.models import Device
from server.devices.tokens import device_of_request
from server.feed.cursor import check_witnesses, feed_state, witness_text
from server.feed.digests import scopes_to_send_again
from server.feed.epoch import current_epoch
from server.feed.pull import pull
from server.intake import gate
from server.intake.models import SyncClient, SyncOp
from server.intake.poison import count_failure
from server.intake.push import push
from server.intake.standing import note_standing, stands_otherwise
from server.media.models import BlobRef
from server.media.store import stored_among
from sync.problems import Problem
from sync.schemas import MOST_PUSH_BYTES, Digests, Have, Pull, Reconcile, decoded, decoded_push
from sync.times import iso_instant

blueprint = Blueprint("sync", __name__, url_prefix="/sync/v1")

SEEN_EVERY = timedelta(minutes=5)
ENVELOPE_BYTES = 32_000
READ_PATHS = ("/sync/v1/pull", "/sync/v1/reconcile", "/sync/v1/blobs/have", "/sync/v1/digests")

# Asked by every pull, so built once.
_CLIENT = select(SyncClient.person_id, SyncClient.last_n, SyncClient.queue_length, SyncClient.photos_unsent).where(
    SyncClient.client_id == bindparam("client_id")
)


@blueprint.before_request
def _wait_for_a_turn() -> None:
    gate.enter()
    expect_reads(request.path in READ_PATHS)


@blueprint.after_request
def _count(answer: Response) -> Response:
    gate.count(answer.status_code)
    return answer


@blueprint.teardown_request
def _give_up_the_turn(_fault: BaseException | None) -> None:
    gate.leave()


@blueprint.post("/push")
def push_ops() -> Response:
    device = device_of_request()
    person_id = device.person_id
    message = decoded_push(_body(MOST_PUSH_BYTES + ENVELOPE_BYTES))
    try:
        return _json(push(message, device, now()))
    except Problem:
        raise
    except Exception as fault:
        if not is_passing(fault):
            count_failure(message, person_id, fault, now())
        raise


@blueprint.post("/pull")
def pull_changes() -> Response:
    begin_snapshot()
    device = device_of_request()
    person_id, device_id, seen_at, resync_below = device.person_id, device.id, device.last_seen_at, device.resync_below
    asked = decoded(Pull, _body(400_000))
    client = db.session.execute(_CLIENT, {"client_id": asked.client_id}).one_or_none()
    if client is not None and client.person_id != person_id:
        raise Problem("wrong_owner")
    state = feed_state()
    check_witnesses(state, asked.witness, asked.seen)
    answer = pull(state, person_id, asked.cursor, asked.page, asked.limit_bytes, tuple(asked.again), resync_below)
    answer.update(last_n=client.last_n if client else 0, server_now=iso_instant(now()))
    db.session.rollback()
    is_told_anew = client is not None and stands_otherwise(asked.status, client.queue_length, client.photos_unsent)
    if seen_at is None or now() - seen_at > SEEN_EVERY or is_told_anew:
        _note_seen(device_id, asked)
    return _json(answer)


def _note_seen(device_id: str, asked: Pull) -> None:
    """Say that the phone was heard of and how it stands; on a transaction of its own, since the pull only read."""
    expect_reads(False)
    db.session.execute(update(Device).where(Device.id == device_id).values(last_seen_at=now()))
    client = db.session.get(SyncClient, asked.client_id)
    if client is not None:
        note_standing(client, asked.status, now())
    db.session.commit()


@blueprint.post("/digests")
def compare_digests() -> Response:
    """Which scopes the phone should ask for anew (SYNC §3)."""
    person_id = device_of_request().person_id
    asked = decoded(Digests, _body(400_000))
    return _json({"epoch": current_epoch(), "again": scopes_to_send_again(person_id, asked.cursor, asked.scopes)})


@blueprint.post("/reconcile")
def reconcile() -> Response:
    """Which of the caller's operations the server has never seen, and the results of the others.

    `witness` is for the next pull: until that is complete, nothing else tells the phone that a backup took back what it heard here.
    """
    begin_snapshot()
    person_id = device_of_request().person_id
    asked = decoded(Reconcile, _body(400_000))
    known: dict[str, dict[str, Any]] = {}
    columns = (SyncOp.op_id, SyncOp.code, SyncOp.seq.label("v"), SyncOp.problem)
    for start in range(0, len(asked.op_ids), 500):
        rows = db.session.execute(select(*columns).where(SyncOp.op_id.in_(asked.op_ids[start : start + 500]), SyncOp.person_id == person_id))
        known.update({row.op_id: dict(row) for row in rows.mappings()})
    unknown = [op_id for op_id in asked.op_ids if op_id not in known]
    state = feed_state()
    return _json({"epoch": state.epoch, "witness": witness_text(state), "unknown": unknown, "results": list(known.values())})


@blueprint.post("/blobs/have")
def blobs_missing() -> Response:
    """Of the hashes that the caller's own operations name, those whose files are not here yet."""
    person_id = device_of_request().person_id
    asked = decoded(Have, _body(100_000))
    named: set[str] = set()
    for start in range(0, len(asked.sha256), 500):
        part = asked.sha256[start : start + 500]
        named.update(db.session.scalars(select(BlobRef.sha256).where(BlobRef.person_id == person_id, BlobRef.sha256.in_(part))))
    here = stored_among(sorted(named))
    return _json({"missing": [sha256 for sha256 in dict.fromkeys(asked.sha256) if sha256 in named and sha256 not in here]})


def _body(most: int) -> bytes:
    """The request's bytes, unpacked when gzipped; `too_large` past `most` bytes, packed or not."""
    if (request.content_length or 0) > most:
        raise Problem("too_large")
    raw = request.stream.read(most + 1)
    if request.headers.get("Content-Encoding") == "gzip":
        unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            raw = unpack.decompress(raw, most + 1)
        except zlib.error as fault:
            raise Problem("malformed", "gzip") from fault
    if len(raw) > most:
        raise Problem("too_large")
    return raw


def _json(document: dict[str, Any]) -> Response:
    answer = Response(msgspec.json.encode(document), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer
