"""Bugs on purpose: each is a patch that only tests can reach, and must be caught (SYNC: "16 of 16 planted bugs").

A bug is a function that takes `patch(owner, name, value)` and puts the fault in place; the name says what is wrong.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from flask import g
from sqlalchemy import delete, select

import server.feed.cursor as cursor_module
import server.feed.pull as pull_module
import server.intake.poison as poison_module
import server.intake.push as push_module
import server.intake.routes as routes_module
import server.media.tus_routes as tus_routes_module
import server.media.uploads as uploads_module
import server.outlets.actions as outlet_actions
import server.outlets.duplicates as duplicates_module
import server.outlets.edits as edits_module
import server.visits.intake as visit_intake
import server.visits.verdicts as verdicts_module
import sync.client as client_module
import sync.outbox as outbox_module
from server.db import db
from server.intake.models import SyncOp, SyncSlot
from server.outlets.fields import FIELDS
from sync.client import SyncClient
from sync.outbox import Outcome
from sync.phone_store import CaptureStore, ReplicaStore, StoredUpload
from sync.problems import Problem
from sync.receive import APPLIED
from sync.receive import Outcome as Verdict
from sync.schemas import OpNumber

Patch = Callable[[Any, str, Any], None]
Bug = Callable[[Patch], None]


# -- the server: operations -----------------------------------------------------------------------------------------------


def no_dedupe(patch: Patch) -> None:
    """An operation that comes again is applied again."""

    def deal(client: Any, author: Any, number: OpNumber, raw: bytes, now: Any, is_poison: bool) -> None:
        op = db.session.get(SyncOp, number.op_id)
        if op is not None:
            db.session.execute(delete(SyncSlot).where(SyncSlot.op_id == op.op_id))
            db.session.delete(op)
            db.session.flush()
        problem = push_module._take(author, number, raw, now, is_poison)
        slot = SyncSlot(client_id=client.client_id, n=number.n, op_id=number.op_id, problem=problem.document() if problem else None)
        db.session.merge(slot)
        client.last_n = max(client.last_n, number.n)
        db.session.flush()

    patch(push_module, "_deal_with", deal)


def ack_before_commit(patch: Patch) -> None:
    """The answer leaves before the transaction is durable."""

    class Session:
        def __getattr__(self, name: str) -> Any:
            return getattr(db.session, name)

        def commit(self) -> None:
            db.session.flush()

    class Database:
        session = Session()

        def __getattr__(self, name: str) -> Any:
            return getattr(db, name)

    patch(push_module, "db", Database())


def number_not_checked(patch: Patch) -> None:
    """A gap in the numbers is waved through."""
    deal = push_module._deal_with

    def lax(client: Any, author: Any, number: OpNumber, raw: bytes, now: Any, is_poison: bool) -> None:
        if number.n > client.last_n + 1:
            client.last_n = number.n - 1
        deal(client, author, number, raw, now, is_poison)

    patch(push_module, "_deal_with", lax)
    _without_second_look(patch)


def _without_second_look(patch: Patch) -> None:
    """Phones also compare what a pull says of their numbers, which heals several of these bugs; here they do not."""
    patch(CaptureStore, "acked_n", 0)


def no_fork_detection(patch: Patch) -> None:
    """Another operation under a known number is taken for the known one."""
    deal = push_module._deal_with

    def blind(client: Any, author: Any, number: OpNumber, raw: bytes, now: Any, is_poison: bool) -> None:
        if number.n <= client.last_n:
            return
        deal(client, author, number, raw, now, is_poison)

    def results(client_id: str, numbered: Any) -> Any:
        return [{"n": number.n, "op_id": number.op_id, "code": APPLIED, "v": 1, "missing_blobs": []} for number, _ in numbered]

    patch(push_module, "_deal_with", blind)
    patch(push_module, "_results", results)


def quarantine_loses_the_raw_bytes(patch: Patch) -> None:
    """A record that the handler refuses is answered and thrown away."""
    judged = push_module.judged

    def careless(sent: Any) -> Verdict:
        outcome = judged(sent)
        if outcome.code == "quarantined":
            db.session.flush()
            row = db.session.get(SyncOp, sent.op.op_id)
            if row is not None:
                row.body = b"{}"
        return outcome

    patch(push_module, "judged", careless)


def poison_blocks_the_queue(patch: Patch) -> None:
    """The server's own failures on an operation are not counted."""
    patch(routes_module, "count_failure", lambda *_args: db.session.rollback())


def the_innocent_are_blamed(patch: Patch) -> None:
    """One poison operation condemns the batch it came in."""

    def all_at_once(numbered: Any) -> Any:
        attempts = poison_module.SyncAttempt
        found = db.session.scalars(select(attempts.op_id).where(attempts.failures >= 2, attempts.op_id.in_([n.op_id for n, _ in numbered])))
        return numbered, {n.op_id for n, _ in numbered} if list(found) else set()

    patch(push_module, "before_poison", all_at_once)


def handler_fault_is_an_error(patch: Patch) -> None:
    """Content that breaks its handler gets a 4xx."""
    judged = push_module.judged

    def strict(sent: Any) -> Verdict:
        outcome = judged(sent)
        if outcome.problem is not None and outcome.problem.code == "handler_failed":
            raise Problem("malformed", "record")
        return outcome

    patch(push_module, "judged", strict)


def reconcile_knows_everything(patch: Patch) -> None:
    """After a restored backup the phone is told that nothing is missing."""
    encode = routes_module._json

    def forgetful(document: dict[str, Any]) -> Any:
        return encode({**document, "unknown": []} if "unknown" in document else document)

    patch(routes_module, "_json", forgetful)


def an_operation_of_a_new_client_is_refused(patch: Patch) -> None:
    """A known op_id under a new client counts as a misuse instead of a repetition."""
    repeated = push_module._repeated

    def suspicious(known: Any, author: Any, body: bytes, digest: str, now: Any) -> Any:
        if known.client_id != author.client_id:
            return repeated(known, author, body, "another", now)
        return repeated(known, author, body, digest, now)

    patch(push_module, "_repeated", suspicious)


# -- the server: feed and pages -------------------------------------------------------------------------------------------


def tie_in_paging(patch: Patch) -> None:
    """A page goes on behind the number of its last row, not behind the row."""
    rows = pull_module._rows

    def hasty(scopes: Any, reading: Any, after: Any, is_snapshot: bool) -> Any:
        return rows(scopes, reading._replace(since=max(reading.since, after[0])) if after else reading, None, is_snapshot)

    patch(pull_module, "_rows", hasty)


def tombstone_ignored(patch: Patch) -> None:
    """What was removed stays on phones."""
    event = pull_module._event

    def deaf(kind: str, entity: str, scope: str, seq: int, is_deleted: bool, doc: Any, is_snapshot: bool) -> Any:
        return None if is_deleted else event(kind, entity, scope, seq, is_deleted, doc, is_snapshot)

    patch(pull_module, "_event", deaf)


def upper_bound_moves(patch: Patch) -> None:
    """Every page takes the newest number as its bound; the cursor is that of the last page."""
    mark_of = pull_module.page_mark

    def moving(text: str, state: Any) -> Any:
        return msgspec.structs.replace(mark_of(text, state), until=state.seq)

    patch(pull_module, "page_mark", moving)


def membership_frozen(patch: Patch) -> None:
    """What a person lost after the bound is still sent on later pages."""
    page = pull_module._page

    def frozen(ours: Any, mark: Any, limit_bytes: int) -> Any:
        class Before:
            def __init__(self, member: Any) -> None:
                self.scope_id, self.granted_seq = member.scope_id, member.granted_seq
                is_later = member.revoked_seq is not None and member.revoked_seq > mark.until
                self.revoked_seq = None if is_later else member.revoked_seq

        return page([Before(member) for member in ours], mark, limit_bytes)

    patch(pull_module, "_page", frozen)


def gained_scope_without_history(patch: Patch) -> None:
    """A gained outlet brings only what changes from now on."""

    def bare(mark: Any, scopes: list[str], _at_once: int) -> Any:
        for scope in scopes:
            if scope != mark.scope:
                yield {"e": "begin", "scope": scope}, pull_module._moved(mark, pull_module.SNAPSHOTS, scope, None)

    patch(pull_module, "_snapshots", bare)


def lost_scope_not_dropped(patch: Patch) -> None:
    """A phone is not told of the outlets it lost."""
    first = pull_module._first_mark

    def silent(*args: Any) -> Any:
        mark, opening = first(*args)
        return mark, [one for one in opening if one["e"] != "drop"]

    patch(pull_module, "_first_mark", silent)


def nonce_not_checked(patch: Patch) -> None:
    """A restored backup is not found out by cursors."""
    patch(cursor_module, "nonce_of", lambda *_args: "same")
    patch(pull_module, "nonce_of", lambda *_args: "same")
    _without_second_look(patch)


def pages_not_witnessed(patch: Patch) -> None:
    """A cursor vouches for its bound alone, not for the commits that its pages left out."""
    seen_now = pull_module.seen_now

    def shared(mark: Any, state: Any) -> Any:
        return seen_now(mark, state._replace(seq=mark.until, nonce=cursor_module.nonce_of(mark.until, state)))

    patch(pull_module, "seen_now", shared)


def floor_ignored(patch: Patch) -> None:
    """A phone older than the known deletions is served as if nothing had been forgotten."""
    state_of = pull_module.feed_state
    patch(pull_module, "feed_state", lambda: state_of()._replace(floor_seq=0))
    patch(cursor_module, "nonce_of", lambda *_args: "same")
    patch(pull_module, "nonce_of", lambda *_args: "same")


def digests_always_agree(patch: Patch) -> None:
    """The daily comparison finds nothing."""
    patch(routes_module, "scopes_to_send_again", lambda *_args: [])


def feed_skips_a_row(patch: Patch) -> None:
    """A change in bulk by-passes the feed."""
    from server.visits import compliance

    patch(compliance, "touch", lambda *_args: None)


def a_taken_back_assignment_removes_the_outlet(patch: Patch) -> None:
    """A deleted part of an entity leaves a tombstone of the whole (the defect that the simulation found first)."""
    from server.feed import clock

    patch(clock, "_entry_of", lambda _row, entry, is_gone: entry._replace(is_deleted=entry.is_deleted or is_gone))


def a_review_is_not_sent(patch: Patch) -> None:
    """A supervisor's word that changes no verdict does not reach the phone."""
    patch(verdicts_module, "touch", lambda *_args: None)


# -- the server: outlet files and visits ----------------------------------------------------------------------------------


def collision_overwrites_silently(patch: Patch) -> None:
    """The later edit wins and nobody keeps the other value."""
    merge = edits_module.merge_edits

    def rude(outlet: Any, edits: Any, now: Any) -> Any:
        return merge(outlet, {name: type(edit)(base=FIELDS[name].read(outlet), mine=edit.mine) for name, edit in edits.items()}, now)

    import server.outlets.intake as outlet_intake

    patch(outlet_intake, "merge_edits", rude)


def parked_value_is_lost(patch: Patch) -> None:
    """What waits for a supervisor is not kept."""
    patch(push_module, "keep_collisions", lambda *_args: None)


def visit_of_a_lost_outlet_is_refused(patch: Patch) -> None:
    """A visit made while the outlet was the author's is thrown out."""
    apply = visit_intake.apply_visit

    def strict(sent: Any) -> Verdict:
        return apply(sent) if sent.holds_scope else Verdict("quarantined", None)

    from server.intake.registry import APPLIERS

    APPLIERS["visit.v2"] = strict


def no_alias_after_a_merge(patch: Patch) -> None:
    """Records for an outlet that was merged stay with the one that is gone."""
    patch(visit_intake, "kept_outlet_id", lambda outlet_id: outlet_id)
    patch(push_module, "kept_outlet_id", lambda outlet_id: outlet_id)


def merge_forgets_the_visits(patch: Patch) -> None:
    """The visits of a merged outlet stay behind."""
    patch(duplicates_module, "movers", [])


def scope_kept_after_reassignment(patch: Patch) -> None:
    """Whoever loses an outlet keeps its scope."""
    patch(outlet_actions, "revoke", lambda *_args: None)


# -- the server: files ----------------------------------------------------------------------------------------------------


def file_not_hashed(patch: Patch) -> None:
    """The server trusts the promised hash."""

    def trusting(path: Any) -> str:
        return str(_promised(path))

    def _promised(path: Any) -> Any:
        from server.media.models import Upload

        return db.session.scalar(select(Upload.sha256).where(Upload.id == path.stem))

    patch(uploads_module, "file_sha256", trusting)


def offset_not_checked(patch: Patch) -> None:
    """Bytes that come twice are written twice."""
    append = uploads_module.append_bytes

    def lax(upload: Any, offset: int, source: Any, size: int) -> int:
        return append(upload, uploads_module.offset_of(upload), source, 0)

    patch(uploads_module, "append_bytes", lax)
    patch(
        uploads_module,
        "file_sha256",
        lambda path: db.session.scalar(select(uploads_module.Upload.sha256).where(uploads_module.Upload.id == path.stem)),
    )


def a_creation_finishes_nothing(patch: Patch) -> None:
    """A file whose last bytes came just before the server died is called whole when it is created again, and is never verified."""
    begin, finish = uploads_module.begin_upload, tus_routes_module._finish

    def begun(*given: Any) -> Any:
        upload = begin(*given)
        g.is_whole = uploads_module.offset_of(upload) == upload.length
        return upload

    patch(uploads_module, "begin_upload", begun)
    patch(tus_routes_module, "_finish", lambda upload: None if g.get("is_whole") else finish(upload))


def complete_before_the_files(patch: Patch) -> None:
    """A visit counts as complete although its photos are still on the phone."""
    patch(verdicts_module, "stored_among", lambda hashes: set(hashes))


# -- the phone ------------------------------------------------------------------------------------------------------------


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
    _without_second_look(patch)


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
    no_dedupe,
    ack_before_commit,
    number_not_checked,
    no_fork_detection,
    quarantine_loses_the_raw_bytes,
    poison_blocks_the_queue,
    the_innocent_are_blamed,
    handler_fault_is_an_error,
    reconcile_knows_everything,
    an_operation_of_a_new_client_is_refused,
    tie_in_paging,
    tombstone_ignored,
    upper_bound_moves,
    membership_frozen,
    gained_scope_without_history,
    lost_scope_not_dropped,
    nonce_not_checked,
    pages_not_witnessed,
    floor_ignored,
    digests_always_agree,
    feed_skips_a_row,
    a_taken_back_assignment_removes_the_outlet,
    a_review_is_not_sent,
    collision_overwrites_silently,
    parked_value_is_lost,
    visit_of_a_lost_outlet_is_refused,
    no_alias_after_a_merge,
    merge_forgets_the_visits,
    scope_kept_after_reassignment,
    file_not_hashed,
    offset_not_checked,
    a_creation_finishes_nothing,
    complete_before_the_files,
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
