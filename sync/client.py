"""The reference client in Python: what a phone does, over any transport.

The same state machine as `pwa/outbox`, on stores that survive (`sync/phone_store.py`): simulator, load test, fault runs and
the demo company stand on it. `advance` takes one step; `sync` goes on until there is nothing left or a wait is due.
"""

import hashlib
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.client import HTTPException
from typing import Any

from sync.digests import AGAIN_AT_ONCE
from sync.ids import uuid7
from sync.outbox import Around, EngineState, Facts, Outcome, Question, Step, answered, iso_of, next_step, outcome_of, repaired, woken
from sync.phone_store import CaptureStore, StoredOp, op_json, record_hash
from sync.replica_store import ReplicaStore
from sync.schemas import PROTO
from sync.times import iso_instant
from sync.uploads import FileSender, Pace

Headers = Mapping[str, str]
Transport = Callable[[str, str, Headers, bytes], tuple[int, Headers, bytes]]

PAGE_BYTES = 256_000
HAVE_AT_ONCE = 1000
RECONCILE_AT_ONCE = 5000
DIGEST_EVERY_S = 86_400.0
MOST_STEPS = 20_000
CHAINED = ("visit.v2", "visit.v3")
CUT_OFF = (OSError, HTTPException)


class Refused(Exception):
    """`sync` could not finish: the HTTP status and the problem document of the answer that ended it (0 for no answer)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(status, problem.get("code"))
        self.status = status
        self.problem = problem


@dataclass
class SyncClient:
    """One installation of one person. `clock` is the phone's own, in seconds; `chance` spreads its waits.

    `at_a_time`: files under way at once. A phone sends two; a transport must then stand two threads.
    """

    transport: Transport
    token: str
    app: str = "reference"
    capture: CaptureStore = field(default_factory=CaptureStore)
    store: ReplicaStore = field(default_factory=ReplicaStore)
    clock: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    page_bytes: int = PAGE_BYTES
    at_a_time: int = 1
    pace: Pace = field(default_factory=Pace)
    state: EngineState = field(default_factory=EngineState)
    missing: set[str] = field(default_factory=set)
    last: Outcome = field(default_factory=lambda: Outcome("ok"))

    @property
    def ops(self) -> list[StoredOp]:
        """What was captured and is still kept, in order of capture."""
        return sorted(self.capture.ops.values(), key=lambda op: op.op_id)

    @property
    def replica(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The server's documents by (type, id)."""
        return {key: row.doc for key, row in self.store.rows.items()}

    # -- capture -----------------------------------------------------------------------------------------------------

    def save_record(self, form: str, entity: tuple[str, str], scope: str, body: dict[str, Any], files: list[bytes], at: datetime) -> StoredOp:
        """Capture a record with its files; `at` is the phone's clock. Nothing is sent yet."""
        if form in CHAINED:
            body = {**body, "previous_sha256": self.capture.last_record_sha256}
        return self._save("record", form, entity, scope, body, files, at, None)

    def save_edit(self, form: str, entity: tuple[str, str], scope: str, body: dict[str, Any], at: datetime) -> StoredOp:
        """Capture changes to a document, made from the version that the replica holds."""
        row = self.store.rows.get(entity)
        return self._save("edit", form, entity, scope, body, [], at, row.v if row else None)

    def _save(
        self, kind: str, form: str, entity: tuple[str, str], scope: str, body: dict[str, Any], files: list[bytes], at: datetime, base_v: int | None
    ) -> StoredOp:
        op_id, body_text = uuid7(), json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        named = [(hashlib.sha256(content).hexdigest(), content) for content in files]
        head = {"op_id": op_id, "kind": kind, "form": form, "entity": {"type": entity[0], "id": entity[1]}, "scope": scope, "base_v": base_v}
        times = {"wall": iso_instant(at), "mono": 0, "boot": "reference", "offset_ms": self.capture.offset_ms}
        text = op_json(head, body_text, {"blobs": [sha256 for sha256, _ in named], "t": times})
        chained = record_hash(body_text) if form in CHAINED else None
        return self.capture.save(text, op_id, entity, named, at.timestamp(), chained)

    # -- the engine --------------------------------------------------------------------------------------------------

    def sign_in(self, token: str) -> None:
        """Go on with a new token; what was captured stays as it is."""
        self.token = token
        self.state = woken(EngineState(), "person")

    def restart(self) -> None:
        """The app was killed and starts again: only what the stores hold is left."""
        self.state, self.missing, self.last = EngineState(), set(), Outcome("ok")

    def wake(self, why: str = "person") -> None:
        self.state = woken(self.state, why)  # type: ignore[arg-type]

    def next_step(self) -> Step:
        now = self.clock()
        digested_at = self.capture.digested_at
        is_digest_due = self.store.cursor is not None and (digested_at is None or not 0 <= now - digested_at < DIGEST_EVERY_S)
        capture = self.capture
        return next_step(self.state, Facts(now, len(capture.pending()), len(capture.wanted()), len(self.missing), is_digest_due))

    def advance(self) -> Step:
        """Take the next step; returns it. `rest`, `wait` and `stop` did nothing."""
        step = self.next_step()
        if step.do not in ("rest", "wait", "stop"):
            self.state = self._carry_out(step)
        return step

    def sync(self) -> None:
        """Work until nothing is left; raises Refused when a wait is due or the server will not have this phone."""
        self.wake()
        for _ in range(MOST_STEPS):
            step = self.advance()
            if step.do == "rest":
                return
            if step.do in ("wait", "stop"):
                problem = self.last.body if isinstance(self.last.body, dict) else {"code": self.state.last_error or self.last.kind}
                raise Refused(self.last.status, problem)
        raise Refused(0, {"code": "no_progress"})

    def pull(self) -> None:
        """Bring the replica up to date, whatever waits to be sent."""
        self.state = woken(self.state, "person")
        while self.state.is_pull_due:
            self.state = self._pull(Step("pull"))
            if self.last.kind != "ok":
                raise Refused(self.last.status, self.last.body if isinstance(self.last.body, dict) else {"code": self.last.kind})

    def _carry_out(self, step: Step) -> EngineState:
        steps = {
            "push": self._push,
            "pull": self._pull,
            "digests": self._digests,
            "have": self._have,
            "upload": self._upload_missing,
            "recover": self._recover,
            "set_aside": self._set_aside,
            "restart_page": self._restart_page,
        }
        return steps[step.do](step)

    def _around(self, settled: int = 0, batch_size: int | None = None) -> Around:
        return Around(self.clock(), self.chance(), settled, batch_size)

    def _standing(self) -> dict[str, Any]:
        pending = self.capture.pending()
        oldest = min((op.saved_at for op in pending), default=None)
        return {"queue": len(pending), "oldest": None if oldest is None else iso_of(oldest), "photos": len(self.capture.wanted())}

    def _witnesses(self) -> dict[str, str]:
        """What vouches for the results that no cursor vouches for yet."""
        told = {"witness": self.capture.witness, "seen": self.capture.seen}
        return {name: text for name, text in told.items() if text}

    def _push(self, step: Step) -> EngineState:
        capture = self.capture
        client_id, batch = capture.client_id, capture.batch(step.max_ops)
        head = {"proto": PROTO, "epoch": capture.epoch, "client_id": client_id, "app": self.app, "device_now": iso_of(self.clock())}
        text = json.dumps({**head, "status": self._standing(), **self._witnesses()})
        outcome = self._ask("push", f'{text[:-1]},"ops":[{",".join(op.push_text for op in batch)}]}}'.encode())
        settled = capture.store_results(client_id, outcome.body, self.clock()) if outcome.kind == "ok" else 0
        return answered(self.state, step, outcome, self._around(settled, len(batch)))

    def _pull(self, step: Step) -> EngineState:
        client_id, asked, acked_n = self.capture.client_id, (self.store.cursor, self.store.page), self.capture.acked_n
        question: dict[str, Any] = {"client_id": client_id, "cursor": asked[0], "page": asked[1], "view_v": 1, "limit_bytes": self.page_bytes}
        question["status"] = self._standing()
        witness, seen = self.capture.witness, self.capture.seen
        question |= self._witnesses()
        if self.store.again and asked[1] is None:
            question["again"] = self.store.again[:AGAIN_AT_ONCE]
        outcome = self._ask("pull", json.dumps(question).encode())
        if outcome.kind != "ok":
            return answered(self.state, step, outcome, self._around())
        if self.capture.epoch is not None and outcome.body["epoch"] != self.capture.epoch:
            return answered(self.state, step, Outcome("problem", {}, "epoch_changed", 409), self._around())
        if outcome.body["last_n"] < acked_n:  # the server forgot what it had acknowledged: an old backup
            return answered(self.state, step, Outcome("problem", {}, "gap", 409), self._around())
        if witness is None and any(event["e"] == "reset" for event in outcome.body["events"]):
            return answered(self.state, step, Outcome("problem", {}, "gap", 409), self._around())  # too old to tell which life it was of
        self.store.apply_page(outcome.body, asked, client_id)
        if "cursor" in outcome.body:
            self.capture.note_pull(outcome.body["epoch"], (witness, seen), outcome.body["cursor"])
        well = answered(self.state, step, outcome, self._around())
        return replace(well, is_pull_due=well.is_pull_due or bool(self.store.again))

    def _digests(self, step: Step) -> EngineState:
        question = {"client_id": self.capture.client_id, "cursor": self.store.cursor, "scopes": self.store.digests()}
        outcome = self._ask("digests", json.dumps(question).encode())
        if outcome.kind == "ok":
            if outcome.body["again"]:
                self.store.ask_again(outcome.body["again"])
            self.capture.digested_at = self.clock()
        return answered(self.state, step, outcome, self._around())

    def _have(self, step: Step) -> EngineState:
        wanted, outcome = self.capture.wanted(), Outcome("ok", {"missing": []})
        self.missing.clear()
        for start in range(0, len(wanted), HAVE_AT_ONCE):
            part = wanted[start : start + HAVE_AT_ONCE]
            outcome = self._ask("have", json.dumps({"sha256": part}).encode())
            if outcome.kind != "ok":
                break
            self.missing.update(outcome.body["missing"])
            self.capture.confirm(sha256 for sha256 in part if sha256 not in self.missing)
        return answered(self.state, step, outcome, self._around())

    def _recover(self, step: Step) -> EngineState:
        """A new client id, which vouches for nothing that was acknowledged before: the server is asked what it still knows."""
        self.missing.clear()
        ids, unknown, results, epoch, witness = sorted(self.capture.ops), set(), [], "", ""
        for start in range(0, max(len(ids), 1), RECONCILE_AT_ONCE):
            outcome = self._ask("reconcile", json.dumps({"op_ids": ids[start : start + RECONCILE_AT_ONCE]}).encode())
            if outcome.kind != "ok":
                return answered(self.state, step, outcome, self._around())
            unknown.update(outcome.body["unknown"])
            results += outcome.body.get("results", [])
            epoch = outcome.body["epoch"]
            witness = witness or outcome.body.get("witness", "")
        if step.why == "epoch_changed":
            self.store.restart_pull()
        self.capture.switch_client(unknown, epoch, results, witness)
        return answered(self.state, step, Outcome("ok", {}), self._around())

    def _set_aside(self, _step: Step) -> EngineState:
        for op in self.capture.batch(1):
            self.capture.set_aside(op.op_id, self.state.last_error or "too_large")
        return repaired(self.state, self._around())

    def _restart_page(self, _step: Step) -> EngineState:
        self.store.restart_page()
        return repaired(self.state, self._around())

    # -- files -------------------------------------------------------------------------------------------------------

    def _upload_missing(self, step: Step) -> EngineState:
        self.last = FileSender(self.capture, self._tus, self.clock, self.pace, self.at_a_time).send(self.missing, self._note_sent)
        return answered(self.state, step, self.last, self._around())

    def _note_sent(self, sha256: str) -> None:
        self.capture.confirm([sha256])
        self.missing.discard(sha256)

    def _tus(self, method: str, path: str, headers: Headers, body: bytes) -> tuple[Outcome, dict[str, str]]:
        try:
            status, given, text = self._call(method, path, {"Tus-Resumable": "1.0.0", **headers}, body)
        except CUT_OFF:
            return Outcome("unreachable"), {}
        lowered = {name.lower(): value for name, value in given.items()}
        if status < 300 and lowered.get("tus-resumable"):
            return Outcome("ok", status=status), lowered
        if status == 401:
            return Outcome("problem", {}, "auth_expired", status), lowered
        if status in (429, 503):
            return outcome_of("upload", status, given, text, self.clock()), lowered
        return Outcome("foreign", status=status), lowered

    # -- requests ----------------------------------------------------------------------------------------------------

    def _ask(self, question: Question, body: bytes) -> Outcome:
        path = "/sync/v1/" + ("blobs/have" if question == "have" else question)
        before = self.clock()
        try:
            status, headers, text = self._call("POST", path, {"Content-Type": "application/json"}, body)
        except CUT_OFF:
            self.last = Outcome("unreachable")
            return self.last
        after = self.clock()
        self.last = outcome_of(question, status, headers, text, after)
        if self.last.kind == "ok" and isinstance(self.last.body.get("server_now"), str):
            server_now = datetime.fromisoformat(self.last.body["server_now"]).timestamp()
            self.capture.note_clock(round((server_now + (after - before) / 2 - after) * 1000), round((after - before) * 1000))
        return self.last

    def _call(self, method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        return self.transport(method, path, {"Authorization": f"Bearer {self.token}", **headers}, body)
