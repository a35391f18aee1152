"""Phones of the reference client against a server process, and what must hold of their visits in the end (SYNC §6)."""

import hashlib
import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from server.db import db
from server.intake.models import SyncOp
from server.media.models import Blob
from server.visits.models import Visit
from sync.client import Headers, Refused, SyncClient, Transport
from tests.e2e.company import PASSWORD, application
from tests.e2e.server_process import ServerProcess
from tests.sync.conftest import visit_body

PHOTO_BYTES = 40_000
SLOTS = ("storefront", "counter", "other")
FINISH_SECONDS = 120.0


def transport_to(port: int, timeout: float = 20.0) -> Transport:
    """One connection a request, as on a network that does not last."""

    def send(method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        try:
            connection.request(method, urlsplit(path).path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()

    return send


def signed_in(server: ServerProcess, login: str = "rep1") -> str:
    """A new device token."""
    asked = json.dumps({"login": login, "password": PASSWORD}).encode()
    _, _, answer = transport_to(server.port)("POST", "/auth/v1/sign-in", {}, asked)
    token: str = json.loads(answer)["token"]
    return token


def capture(phone: SyncClient, outlet_id: str, source: random.Random, photo_bytes: Sequence[int] = (PHOTO_BYTES,)) -> str:
    """A visit with a photo of each size and a signature; returns its id."""
    photos, signature = [source.randbytes(size) for size in photo_bytes], source.randbytes(900)
    body = visit_body(outlet_id, photos[0], signature)
    taken_at = body["photos"][0]["taken_at"]
    named = zip(SLOTS, photos, strict=False)
    body["photos"] = [{"slot": slot, "sha256": hashlib.sha256(photo).hexdigest(), "taken_at": taken_at} for slot, photo in named]
    phone.save_record("visit.v1", ("visit", body["visit_id"]), f"outlet:{outlet_id}", body, [*photos, signature], datetime.now(UTC))
    return str(body["visit_id"])


def send_all(phone: SyncClient, finished: threading.Event) -> None:
    """Try until the server has everything, as a phone does, but without its patience."""
    while not finished.is_set():
        try:
            phone.sync()
            finished.set()
        except Refused:
            finished.wait(0.05)


class Sending:
    """Several phones that send at the same time, each on a thread of its own."""

    def __init__(self, phones: list[SyncClient]) -> None:
        self.finished = [threading.Event() for _ in phones]
        self.threads = [threading.Thread(target=send_all, args=pair, daemon=True) for pair in zip(phones, self.finished, strict=True)]
        for thread in self.threads:
            thread.start()

    def is_over(self) -> bool:
        return all(event.is_set() for event in self.finished)

    def wait(self, seconds: float) -> bool:
        """Whether all are finished by then."""
        until = time.monotonic() + seconds
        return all(event.wait(max(until - time.monotonic(), 0)) for event in self.finished)

    def join(self) -> None:
        """Wait until all are finished, and fail when that takes too long."""
        for thread in self.threads:
            thread.join(FINISH_SECONDS)
        is_over = self.is_over()
        for event in self.finished:  # whoever still tries gives up
            event.set()
        assert is_over, f"not everything was sent within {FINISH_SECONDS:.0f} s"


@dataclass(frozen=True)
class Kept:
    """A visit as its phone holds it."""

    op_id: str
    visit_id: str
    blobs: list[str]


def assert_all_in_once(server: ServerProcess, phones: list[SyncClient]) -> str:
    """Every captured visit and file is on the server once and whole, and every phone knows it; returns the figures as words."""
    ops = [op for phone in phones for op in phone.ops]
    assert {op.result["code"] for op in ops if op.result} == {"applied"}
    assert all(op.result for op in ops)
    return assert_kept_once(server, [Kept(op.op_id, op.entity[1], op.blobs) for op in ops])


def assert_kept_once(server: ServerProcess, captured: list[Kept]) -> str:
    """The server has these visits and their files, each once and whole, and no others; returns the figures as words."""
    with application(server.data, server.database_url):
        visits = list(db.session.scalars(select(Visit.id)))
        assert sorted(visits) == sorted(one.visit_id for one in captured)
        assert db.session.scalar(select(func.count()).select_from(SyncOp)) == len(captured)
        assert set(db.session.scalars(select(SyncOp.op_id))) == {one.op_id for one in captured}
        assert set(db.session.scalars(select(SyncOp.code))) == {"applied"}
        incomplete = list(db.session.scalars(select(Visit.id).where(Visit.is_complete.is_(False))))
        blobs = set(db.session.scalars(select(Blob.sha256).where(Blob.stored_at.is_not(None))))
    assert not incomplete
    assert blobs == {sha256 for one in captured for sha256 in one.blobs}
    assert all(is_whole(server.blob(sha256)) for sha256 in blobs)
    return f"{len(captured)} visits sent, {len(visits)} kept, {len(blobs)} files whole"


def is_whole(path: Path) -> bool:
    """Whether the content is what the name promises."""
    return hashlib.sha256(path.read_bytes()).hexdigest() == path.name
