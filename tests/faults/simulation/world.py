"""The server's side of a simulated world: one database, one clock, a network that may fail."""

import contextlib
import gc
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

import sync.ids
from server.app import create_app
from server.db import db
from server.feed.epoch import begin_epoch
from server.serving import upgrade_database
from server.simulation.invariants import Violation
from sync.client import Headers
from sync.uploads import carries_file
from tests.databases import sqlite_url
from tests.faults.simulation.template import START, Template, found_company
from tests.settings import settings_for

DIGIT = 0x1F
FILE_FOLDERS = ("blobs", "uploads")
OF_UPLOADS = ("damaged", "cut_upload", "sent_twice", "upload_crash")


class ServerCrash(BaseException):
    """The server process ends here."""


class PhoneCrash(BaseException):
    """The phone's process ends here."""


@dataclass
class Fault:
    """What happens to one of the next requests. `after`: requests to let through before."""

    kind: str
    after: int = 0
    at: int = 0


@dataclass
class World:
    """One schedule's world. `client` speaks to the real application; `now` is the server's clock."""

    app: Flask
    template: Template
    folder: Path
    seed: int
    chance: random.Random
    now: datetime = START
    faults: list[Fault] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)
    sent_before: list[tuple[str, Headers, bytes]] = field(default_factory=list)
    unreachable: set[str] = field(default_factory=set)
    acked: set[str] = field(default_factory=set)
    requests: int = 0
    is_checked_by_night: bool = False
    countdown: int = 0
    onlooker: sqlite3.Connection | None = None
    has_crashed: bool = False

    # -- time and requests -------------------------------------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @contextlib.contextmanager
    def request(self) -> Iterator[None]:
        """Work as the server does, at the world's time."""
        with self.app.test_request_context(environ_overrides={"xundian.now": self.now}):
            try:
                yield
            finally:
                db.session.remove()

    def transport(self, person_id: str):
        """A phone's network: every fault that was ordered strikes here."""

        def send(method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
            self.requests += 1
            self.pass_time(0.2)
            if person_id in self.unreachable:
                raise OSError("no network")
            fault = self._due_fault(method, path, body)
            if path.endswith("/push") and fault is None:
                self.sent_before.append((path, headers, body))
            return self._send(person_id, fault, method, path, headers, body)

        return send

    def _due_fault(self, method: str, path: str, body: bytes) -> Fault | None:
        """The first fault that is due and has something to strike at."""
        for fault in self.faults:
            if fault.kind in OF_UPLOADS and not carries_file(method, path, body):
                continue
            if fault.kind == "too_large" and not path.endswith("/push"):
                continue
            if fault.after <= 0:
                self.faults.remove(fault)
                return fault
            fault.after -= 1
        return None

    def _send(self, person_id: str, fault: Fault | None, method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        kind = fault.kind if fault else ""
        if kind == "lost_request":
            raise OSError("the request was lost")
        if kind == "portal":
            return 200, {"Content-Type": "text/html"}, b"<html>sign in to the hotel's network</html>"
        if kind == "liar":
            return 200, {"Content-Type": "application/json"}, b'{"ok": true}'
        if kind == "too_large" and len(body) > 3000:
            return 413, {"Content-Type": "text/html"}, b"too large"
        if kind == "broken":
            return 502, {"Content-Type": "text/html"}, b"bad gateway"
        if kind == "damaged":
            body = bytes([body[0] ^ DIGIT]) + body[1:]
        if kind == "cut_upload" and len(body) > 1:
            self.handle(person_id, method, path, headers, body[: len(body) // 2])
            raise OSError("the connection was cut")
        if kind in ("server_crash", "upload_crash"):
            self._handle_and_crash(fault, person_id, method, path, headers, body)
        if kind in ("duplicate", "sent_twice"):
            self.handle(person_id, method, path, headers, body)
        answer = self.handle(person_id, method, path, headers, body)
        if kind == "lost_response":
            raise OSError("the response was lost")
        return answer

    def _handle_and_crash(self, fault: Fault | None, person_id: str, method: str, path: str, headers: Headers, body: bytes) -> None:
        assert fault is not None
        self.countdown = fault.at
        try:
            self.handle(person_id, method, path, headers, body)
        except ServerCrash:
            pass
        finally:
            self.countdown = 0
        raise OSError("the server died")

    def handle(self, person_id: str, method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        """The real application's answer, checked for what must hold of every single answer."""
        client = self.app.test_client(use_cookies=False)
        answer = client.open(path, method=method, data=body, headers=dict(headers), environ_overrides={"xundian.now": self.now})
        text = answer.get_data()
        if answer.status_code == 200 and path.endswith("/pull"):
            self._check_leak(person_id, answer.get_json())
        if answer.status_code == 200 and path.endswith("/push"):
            self._check_durable(answer.get_json())
        if answer.status_code >= 500 and answer.status_code not in (503,) and b"server_error" not in text:
            raise Violation(f"I3 the server answered {answer.status_code}: {text[:200]!r}")
        return answer.status_code, dict(answer.headers), text

    def _check_leak(self, person_id: str, answer: dict[str, Any]) -> None:
        sent = {one["scope"] for one in answer["events"] if one["e"] in ("put", "begin")}
        if not sent:
            return
        held = self.committed("SELECT scope_id FROM scope_member WHERE person_id = ? AND revoked_seq IS NULL", person_id)
        if sent - held:
            raise Violation(f"I6 {sorted(sent - held)} went to somebody who does not hold them")

    def _check_durable(self, answer: dict[str, Any]) -> None:
        told = {result["op_id"] for result in answer["results"]}
        if told - self.committed("SELECT op_id FROM sync_op"):
            raise Violation("I9 a result was told that is not committed")
        self.acked |= told

    def committed(self, query: str, *values: str) -> set[str]:
        """What somebody else sees in the first column; `?` stands for a value."""
        if self.onlooker is None:
            self.onlooker = sqlite3.connect(self.folder / "xundian.db", isolation_level=None)
        return {row[0] for row in self.onlooker.execute(query, values)}

    def look_away(self) -> None:
        """The database is about to be another file."""
        if self.onlooker is not None:
            self.onlooker.close()
            self.onlooker = None
        if self.has_crashed:  # cursors that its exceptions still hold would keep the old file open
            gc.collect()
            self.has_crashed = False

    # -- backups -----------------------------------------------------------------------------------------------------

    def back_up(self) -> None:
        target = self.folder / f"backup-{len(self.backups)}.db"
        with sqlite3.connect(self.folder / "xundian.db") as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        source.close()
        copy.close()
        for name in FILE_FOLDERS:
            replace_folder(self.folder / name, target.with_suffix(f".{name}"))
        self.backups.append(target)

    def restore(self, index: int, with_epoch: bool, with_files: bool = False) -> None:
        """`with_files`: the files were lost too, and come back as they were; else those of the lost life are still there."""
        backup = self.backups[index % len(self.backups)]
        self.look_away()
        replace_database(self.app, backup, self.folder)
        for name in FILE_FOLDERS if with_files else ():
            replace_folder(backup.with_suffix(f".{name}"), self.folder / name)
        if with_epoch:
            with self.request():
                begin_epoch()
                db.session.commit()


def replace_database(app: Flask, source: Path, folder: Path) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for name in ("xundian.db-wal", "xundian.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copyfile(source, folder / "xundian.db")


def replace_folder(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source.is_dir():
        shutil.copytree(source, target)


class Stage:
    """What worlds of one process share: the application, and the template of its database."""

    def __init__(self) -> None:
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="xundian-sim-", dir=memory if memory.is_dir() else None))
        self.app = create_app(settings_for(self.folder, sqlite_url(self.folder)))
        self.app.config["PROPAGATE_EXCEPTIONS"] = False  # a fault is an answer, as in the field
        self.world: World | None = None
        self.template = self._found()
        with self.app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._count_statement)
            event.listen(db.engine, "commit", self._count_commit)

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _found(self) -> Template:
        with self.app.app_context():
            upgrade_database()
        with self.app.test_request_context(environ_overrides={"xundian.now": START - timedelta(days=30)}):
            template = found_company(self.folder)
            db.session.remove()
            db.engine.dispose()
        with sqlite3.connect(self.folder / "xundian.db") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self.folder / "xundian.db", self.folder / "template.db")
        return template

    def new_world(self, seed: int) -> World:
        """A fresh world; ids and waits come from the seed as well."""
        chance = random.Random(seed)
        for name in FILE_FOLDERS:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for old in self.folder.glob("backup-*"):
            if old.is_dir():
                shutil.rmtree(old)
            else:
                old.unlink()
        replace_database(self.app, self.folder / "template.db", self.folder)
        self.world = World(self.app, self.template, self.folder, seed, chance)
        return self.world

    def end_world(self) -> None:
        if self.world is not None:
            self.world.look_away()
            self.world = None

    def _count_statement(self, *_args: Any) -> None:
        self._tick()

    def _count_commit(self, _connection: Any) -> None:
        self._tick()

    def _tick(self) -> None:
        world = self.world
        if world is None or not world.countdown:
            return
        world.countdown -= 1
        if not world.countdown:
            world.has_crashed = True
            raise ServerCrash


@contextlib.contextmanager
def seeded_ids(seed: int) -> Iterator[None]:
    """Ids that depend on the seed alone, still ascending."""
    chance = random.Random(seed)

    class Bytes:
        @staticmethod
        def urandom(count: int) -> bytes:
            return chance.randbytes(count)

    class Still:
        @staticmethod
        def time_ns() -> int:
            return 1_790_000_000_000_000_000

    kept = sync.ids.os, sync.ids.time, sync.ids._last_ms, sync.ids._last_tail
    sync.ids.os, sync.ids.time, sync.ids._last_ms = Bytes, Still, 0  # type: ignore[assignment]
    try:
        yield
    finally:
        sync.ids.os, sync.ids.time, sync.ids._last_ms, sync.ids._last_tail = kept
