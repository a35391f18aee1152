"""Bugs on purpose in what is pushed to the server."""

from typing import Any

from sqlalchemy import delete, select

import server.intake.poison as poison_module
import server.intake.push as push_module
import server.intake.routes as routes_module
from server.db import db
from server.intake.models import SyncOp, SyncSlot
from sync.problems import Problem
from sync.receive import APPLIED
from sync.receive import Outcome as Verdict
from sync.schemas import OpNumber
from tests.faults.planted.patching import Bug, Patch, without_second_look


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
    without_second_look(patch)


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
)
