"""What was captured on a phone and is never disposable, as in `pwa/db/capture.js`; the server's rows are in `replica_store`.

Every public method that writes is one transaction: `edge` is called before and after it, where a simulator may end the
phone's life; what was done before stands, what comes after does not happen.
"""

import copy
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sync.ids import uuid7
from sync.schemas import MOST_OPS, MOST_PUSH_BYTES

ENVELOPE_BYTES = 1024
PHOTO_DAYS, SENT_WORK_DAYS = 14, 30
MOST_SAMPLES, DRIFT_MS = 8, 1000.0
LAST = 2**53

Edge = Callable[[str], None]


def no_edge(_name: str) -> None:
    """Nothing ends the phone's life here."""


@dataclass
class StoredOp:
    """An operation as captured; `text` is its JSON without the number, which may change."""

    n: int
    op_id: str
    text: str
    blobs: list[str]
    entity: tuple[str, str]
    saved_at: float
    state: Literal["pending", "acked"] = "pending"
    code: str | None = None
    problem: dict[str, Any] | None = None
    v: int | None = None
    acked_at: float | None = None

    @property
    def result(self) -> dict[str, Any] | None:
        """The terminal result, or None while there is none."""
        return None if self.code is None else {"op_id": self.op_id, "code": self.code, "problem": self.problem, "v": self.v}

    @property
    def push_text(self) -> str:
        return f'{{"n":{self.n},{self.text[1:]}'


@dataclass
class StoredUpload:
    """`held` until its operation was acknowledged, `wanted` until the server has it, then `confirmed`."""

    sha256: str
    size: int
    state: Literal["held", "wanted", "confirmed"] = "held"
    url: str | None = None


@dataclass
class CaptureStore:
    """Operations, files and numbering of one person on one phone.

    `witness` is of the last reconciliation (`epoch.seq.nonce`), until a pull is complete that it went with; `seen` of the last push
    or complete pull.
    """

    edge: Edge = no_edge
    client_id: str = field(default_factory=uuid7)
    next_n: int = 1
    epoch: str | None = None
    ops: dict[str, StoredOp] = field(default_factory=dict)
    uploads: dict[str, StoredUpload] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    clock_samples: list[tuple[float, float]] = field(default_factory=list)
    last_record_sha256: str | None = None
    digested_at: float | None = None
    witness: str | None = None
    seen: str | None = None

    def copy(self) -> "CaptureStore":
        """The same bytes on another phone."""
        twin = copy.copy(self)
        for name in ("ops", "uploads", "files", "clock_samples"):
            setattr(twin, name, copy.deepcopy(getattr(self, name)))
        return twin

    def save(
        self, text: str, op_id: str, entity: tuple[str, str], files: Iterable[tuple[str, bytes]], at: float, record_sha256: str | None
    ) -> StoredOp:
        """Keep an operation with its files and give it the next number."""
        self.edge("save")
        kept = list(files)
        op = StoredOp(self.next_n, op_id, text, [sha256 for sha256, _ in kept], entity, at)
        self.next_n += 1
        self.ops[op_id] = op
        for sha256, content in kept:
            self.files[sha256] = content
            self.uploads.setdefault(sha256, StoredUpload(sha256, len(content)))
        if record_sha256 is not None:
            self.last_record_sha256 = record_sha256
        self.edge("saved")
        return op

    def pending(self) -> list[StoredOp]:
        return sorted((op for op in self.ops.values() if op.state == "pending"), key=lambda op: op.n)

    @property
    def acked_n(self) -> int:
        """The highest number that the server acknowledged under this client id."""
        return max((op.n for op in self.ops.values() if op.state == "acked"), default=0)

    def wanted(self) -> list[str]:
        return [upload.sha256 for upload in self.uploads.values() if upload.state == "wanted"]

    def batch(self, max_ops: int) -> list[StoredOp]:
        """The first operations that fit into one push; always at least one when there is any."""
        taken: list[StoredOp] = []
        room = MOST_PUSH_BYTES - ENVELOPE_BYTES
        for op in self.pending()[: min(max_ops, MOST_OPS)]:
            room -= len(op.push_text.encode()) + 1
            if taken and room < 0:
                break
            taken.append(op)
        return taken

    def store_results(self, client_id: str, answer: dict[str, Any], now: float) -> int:
        """Keep the terminal results of a push; an answer for a client that was given up is ignored. How many were settled."""
        self.edge("results")
        if client_id != self.client_id:
            return 0
        self.epoch, self.seen = answer["epoch"], answer.get("witness")
        settled = 0
        for result in answer["results"]:
            op = self.ops.get(result["op_id"])
            if op is None or op.state != "pending":
                continue
            op.state, op.code, op.problem, op.v, op.acked_at = "acked", result["code"], result.get("problem"), result.get("v"), now
            for sha256 in op.blobs:
                self._move_upload(sha256, "held", "wanted")
            settled += 1
        self.edge("results_stored")
        return settled

    def _move_upload(self, sha256: str, before: str | None, after: Literal["held", "wanted", "confirmed"]) -> None:
        upload = self.uploads.get(sha256)
        if upload is not None and (before is None or upload.state == before):
            upload.state = after
            if before is None:
                upload.url = None

    def switch_client(self, unknown: set[str], epoch: str, results: Iterable[dict[str, Any]], witness: str) -> None:
        """A new client id, numbers from 1. The `unknown` are offered again, and every file is asked for again.

        `results` are what the server holds of the others now: a copy of this phone may have sent one that was forgotten.
        `witness` goes with every pull until one is complete, whose cursor vouches for them from then on.
        """
        self.edge("switch")
        for result in results:
            self._learn(result)
        self._renumber(unknown)
        self.epoch, self.witness, self.seen = epoch, witness, None
        for op in self.ops.values():
            for sha256 in op.blobs:
                self._move_upload(sha256, None, "wanted" if op.state == "acked" else "held")
        self.edge("switched")

    def _learn(self, result: dict[str, Any]) -> None:
        op = self.ops.get(result["op_id"])
        is_other = op is not None and (op.problem or {}).get("code") == "op_id_reused"  # the result is of somebody else's work
        if op is not None and op.state == "acked" and not is_other:
            op.code, op.problem, op.v = result["code"], result.get("problem"), result.get("v")

    def set_aside(self, op_id: str, code: str) -> None:
        """Put an operation that cannot get through behind the others; the gap that it leaves is closed by a recovery."""
        self.edge("set_aside")
        self.ops[op_id].n, self.ops[op_id].problem = LAST, {"code": code}
        self.edge("aside")

    def _renumber(self, unknown: set[str]) -> None:
        """Pending ones and those that the server no longer knows, from 1 on in the order of capture; the others get 0."""
        offered = [op for op in self.ops.values() if op.state == "pending" or op.op_id in unknown]
        for op in self.ops.values():
            if op not in offered:
                op.n = 0
        offered.sort(key=lambda op: (op.state != "acked", op.n, op.op_id))
        for n, op in enumerate(offered, 1):
            op.n = n
            if op.state == "acked":
                op.state, op.code, op.problem, op.v, op.acked_at = "pending", None, None, None, None
        self.client_id, self.next_n = uuid7(), len(offered) + 1

    def confirm(self, present: Iterable[str]) -> None:
        """The server has these files, every byte verified."""
        self.edge("confirm")
        for sha256 in present:
            self._move_upload(sha256, "wanted", "confirmed")

    def set_url(self, sha256: str, url: str | None) -> None:
        self.uploads[sha256].url = url

    def note_pull(self, epoch: str, told: tuple[str | None, str | None], cursor: str) -> None:
        """A pull is complete that these two witnesses went with, and its cursor vouches for what they vouched for."""
        witness, seen = told
        if self.epoch is None:
            self.epoch = epoch
        if self.witness == witness:
            self.witness = None
        if self.seen == seen:
            self.seen = witness_of(cursor)

    def note_clock(self, offset_ms: float, rtt_ms: float) -> None:
        """Keep a reading of the server's clock; those that contradict it were taken before the phone's clock was set."""
        agreeing = [one for one in self.clock_samples if abs(one[0] - offset_ms) <= (one[1] + rtt_ms) / 2 + DRIFT_MS]
        self.clock_samples = [*agreeing, (offset_ms, rtt_ms)][-MOST_SAMPLES:]

    @property
    def offset_ms(self) -> float | None:
        """Server time less phone time, from the sample with the least round trip (the latest of those)."""
        return min(reversed(self.clock_samples), key=lambda one: one[1])[0] if self.clock_samples else None

    def sweep(self, now: float) -> int:
        """Let go what is past its time: nothing unsent, unverified or quarantined. How many operations went."""
        self.edge("sweep")
        old = [op for op in self.ops.values() if self._is_disposable(op, now)]
        for op in old:
            del self.ops[op.op_id]
        named = {sha256 for op in self.ops.values() for sha256 in op.blobs}
        for sha256 in [one for one in self.uploads if one not in named]:
            del self.uploads[sha256]
            self.files.pop(sha256, None)
        self.edge("swept")
        return len(old)

    def _is_disposable(self, op: StoredOp, now: float) -> bool:
        if op.state != "acked" or op.code == "quarantined" or op.acked_at is None:
            return False
        is_whole = all(self.uploads[sha256].state == "confirmed" for sha256 in op.blobs)
        return is_whole and now - op.acked_at >= SENT_WORK_DAYS * 86_400


def witness_of(cursor: str) -> str | None:
    """What a cursor (`epoch.until.seen.nonce`) says of the newest commit at its last page; None of a cursor of another shape."""
    parts = cursor.split(".")
    return f"{parts[0]}.{parts[2]}.{parts[3]}" if len(parts) == 4 else None


def op_json(envelope: dict[str, Any], body_text: str, tail: dict[str, Any]) -> str:
    """An operation's JSON with its body as it stands."""
    head = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    rest = json.dumps(tail, ensure_ascii=False, separators=(",", ":"))
    return f'{head[:-1]},"body":{body_text},{rest[1:]}'


def record_hash(body_text: str) -> str:
    """What the next record of this phone names as the one before it."""
    return hashlib.sha256(body_text.encode()).hexdigest()
