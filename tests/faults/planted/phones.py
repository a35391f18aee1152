"""Bugs on purpose in the phone."""

from typing import Any

import server.feed.pull as pull_module
import sync.client as client_module
import sync.outbox as outbox_module
from sync.client import SyncClient
from sync.outbox import Outcome
from sync.phone_store import CaptureStore, StoredUpload
from sync.replica_store import ReplicaStore
from tests.faults.planted.patching import Bug, Patch, without_second_look


def drop_purges_the_outbox(patch: Patch) -> None:
    """Losing an outlet deletes what was captured there, files and all."""
    pull = SyncClient._pull

    def purging(self: SyncClient, step: Any) -> Any:
        before = set(self.store.scopes)
        after = pull(self, step)
        for scope in before - self.store.scopes:
            for op in [op for op in self.capture.ops.values() if f'"{scope}"' in op.text]:
                del self.capture.ops[op.op_id]
                for sha256 in op.blobs:
                    self.capture.uploads.pop(sha256, None)
        return after

    patch(SyncClient, "_pull", purging)


def requeue_by_number(patch: Patch) -> None:
    """After a recovery the phone believes that everything up to the server's number is done."""
    switch = CaptureStore.switch_client

    def wrong(self: CaptureStore, unknown: set[str] | None, epoch: str | None, results: Any = ()) -> None:
        switch(self, set() if unknown is not None else None, epoch, results)

    patch(CaptureStore, "switch_client", wrong)


def results_not_learned_again(patch: Patch) -> None:
    """After a recovery the phone goes on believing the results of a life of the database that is gone."""
    patch(CaptureStore, "_learn", lambda *_args: None)


def fresh_ids_on_renumbering(patch: Patch) -> None:
    """Renumbered operations get new ids."""
    from sync.ids import uuid7

    renumber = CaptureStore._renumber

    def wrong(self: CaptureStore, unknown: set[str]) -> None:
        renumber(self, unknown)
        for op in [op for op in self.ops.values() if op.state == "pending"]:
            del self.ops[op.op_id]
            fresh = uuid7()
            op.text = op.text.replace(op.op_id, fresh)
            op.op_id = fresh
            self.ops[fresh] = op

    patch(CaptureStore, "_renumber", wrong)


def results_by_position(patch: Patch) -> None:
    """Results are matched to what is pending by their place in the answer."""

    def wrong(self: CaptureStore, client_id: str, answer: dict[str, Any], now: float) -> int:
        settled = 0
        for op, result in zip(self.pending(), answer["results"], strict=False):
            op.state, op.code, op.problem, op.acked_at = "acked", result["code"], result.get("problem"), now
            for sha256 in op.blobs:
                self._move_upload(sha256, "held", "wanted")
            settled += 1
        return settled

    push = SyncClient._push

    def late(self: SyncClient, step: Any) -> Any:
        batch = self.capture.batch
        self.capture.batch = lambda most: list(reversed(batch(most)))[:1] or batch(most)  # type: ignore[method-assign]
        try:
            return push(self, step)
        finally:
            del self.capture.batch  # type: ignore[method-assign]

    patch(CaptureStore, "store_results", wrong)
    patch(SyncClient, "_push", late)


def portal_taken_for_the_server(patch: Patch) -> None:
    """Any 200 is an acknowledgement."""
    outcome_of = outbox_module.outcome_of

    def lax(question: Any, status: int, headers: Any, text: bytes, now: float) -> Outcome:
        outcome = outcome_of(question, status, headers, text, now)
        return outcome if outcome.kind != "foreign" or status != 200 else Outcome("ok", {"lax": True}, status=status)

    def store(self: CaptureStore, client_id: str, answer: dict[str, Any], now: float) -> int:
        if "lax" not in answer:
            return store_results(self, client_id, answer, now)
        for op in self.pending():
            op.state, op.code, op.acked_at = "acked", "applied", now
        return 1

    store_results = CaptureStore.store_results
    patch(client_module, "outcome_of", lambda q, s, h, t, n: lax(q, s, h, t, n) if q == "push" else outcome_of(q, s, h, t, n))
    patch(CaptureStore, "store_results", store)
    without_second_look(patch)


def too_large_is_given_up(patch: Patch) -> None:
    """A batch that a proxy refuses is never halved, and the proxy never changes."""
    patch(outbox_module, "_after_refused_batch", outbox_module._failed)
    push = SyncClient._push

    def refused(self: SyncClient, step: Any) -> Any:
        batch = self.capture.batch(step.max_ops)
        if len(batch) <= 2:
            return push(self, step)
        self.last = Outcome("too_large", status=413)
        return outbox_module.answered(self.state, step, self.last, self._around(0, len(batch)))

    patch(SyncClient, "_push", refused)


def begin_without_emptying(patch: Patch) -> None:
    """A scope that comes anew is laid over what was there."""
    apply = ReplicaStore._apply

    def lax(self: ReplicaStore, event: dict[str, Any]) -> None:
        if event["e"] == "begin":
            self.scopes = self.scopes | {event["scope"]}
        else:
            apply(self, event)

    patch(ReplicaStore, "_apply", lax)


def reset_without_sweep(patch: Patch) -> None:
    """After starting over, rows of before stay for ever."""

    def lax(self: ReplicaStore, cursor: str) -> None:
        self.cursor, self.page, self.is_resyncing, self.again = cursor, None, False, []
        self.applied, self.begun = self.begun, None

    patch(ReplicaStore, "_finish", lax)


def cursor_before_the_last_page(patch: Patch) -> None:
    """The cursor moves on with the first page."""
    page = pull_module._page

    def short(ours: Any, mark: Any, limit_bytes: int) -> Any:
        events, _following = page(ours, mark, limit_bytes)
        return events, None

    patch(pull_module, "_page", short)


def sweep_takes_what_is_unsent(patch: Patch) -> None:
    """The phone makes room without looking whether the server has it."""

    def careless(self: CaptureStore, now: float) -> int:
        old = [op for op in self.ops.values() if now - op.saved_at > 3600]
        for op in old:
            del self.ops[op.op_id]
        return len(old)

    patch(CaptureStore, "sweep", careless)


def files_confirmed_for_good(patch: Patch) -> None:
    """After a restored backup the phone does not ask again for files that it once sent."""
    move = CaptureStore._move_upload

    def stubborn(self: CaptureStore, sha256: str, before: str | None, after: Any) -> None:
        upload: StoredUpload | None = self.uploads.get(sha256)
        if upload is not None and upload.state != "confirmed":
            move(self, sha256, before, after)

    patch(CaptureStore, "_move_upload", stubborn)


def record_without_its_files(patch: Patch) -> None:
    """The operation and its photos are kept in two transactions."""

    def torn(self: CaptureStore, text: str, op_id: str, entity: Any, files: Any, at: float, record_sha256: Any) -> Any:
        kept = list(files)
        op = save(self, text, op_id, entity, [], at, record_sha256)
        op.blobs = [sha256 for sha256, _ in kept]
        self.edge("between")
        for sha256, content in kept:
            self.files[sha256] = content
            self.uploads.setdefault(sha256, StoredUpload(sha256, len(content)))
        return op

    save = CaptureStore.save
    patch(CaptureStore, "save", torn)


BUGS: tuple[Bug, ...] = (
    drop_purges_the_outbox,
    requeue_by_number,
    results_not_learned_again,
    fresh_ids_on_renumbering,
    results_by_position,
    portal_taken_for_the_server,
    too_large_is_given_up,
    begin_without_emptying,
    reset_without_sweep,
    cursor_before_the_last_page,
    sweep_takes_what_is_unsent,
    files_confirmed_for_good,
    record_without_its_files,
)
