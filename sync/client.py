"""The reference client in Python: what a phone does, over any transport.

Simulator, load test and the demo company are built on it. It keeps what it captured until the server has it: operations
with their exact bytes, files by their hash, and the replica that pulls bring.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sync.ids import uuid7
from sync.schemas import MOST_OPS, MOST_PUSH_BYTES, PROTO
from sync.times import iso_instant

Headers = Mapping[str, str]
Transport = Callable[[str, str, Headers, bytes], tuple[int, Headers, bytes]]

CHUNK_BYTES = 256 * 1024
BYTES = "application/offset+octet-stream"


class Refused(Exception):
    """An answer that is not a success: the HTTP status and the problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(status, problem.get("code"))
        self.status = status
        self.problem = problem


@dataclass
class SavedOp:
    """An operation as it was captured; `text` is its JSON without the number, which may change."""

    n: int
    op_id: str
    text: str
    blobs: list[str]
    result: dict[str, Any] | None = None


@dataclass
class SyncClient:
    """One installation of one person. `replica` maps (type, id) to (scope, version, document)."""

    transport: Transport
    token: str
    epoch: str | None = None
    client_id: str = field(default_factory=uuid7)
    app: str = "reference"
    ops: list[SavedOp] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    replica: dict[tuple[str, str], tuple[str, int, dict[str, Any]]] = field(default_factory=dict)
    cursor: str | None = None
    last_n: int = 0

    def save_record(self, form: str, entity: tuple[str, str], scope: str, body: dict[str, Any], files: list[bytes], at: datetime) -> SavedOp:
        """Capture a record with its files; `at` is the phone's clock. Nothing is sent yet."""
        hashes = [hashlib.sha256(content).hexdigest() for content in files]
        self.files.update(zip(hashes, files, strict=True))
        op_id = uuid7()
        envelope = {
            "op_id": op_id,
            "kind": "record",
            "form": form,
            "entity": {"type": entity[0], "id": entity[1]},
            "scope": scope,
            "base_v": None,
            "body": body,
            "blobs": hashes,
            "t": {"wall": iso_instant(at), "mono": 0, "boot": "reference", "offset_ms": 0},
        }
        op = SavedOp(len(self.ops) + 1, op_id, json.dumps(envelope, ensure_ascii=False, separators=(",", ":")), hashes)
        self.ops.append(op)
        return op

    def sync(self) -> None:
        """Push all that has no result, pull to the end, then send the files that the server lacks."""
        while batch := self._batch():
            self._push(batch)
        self.pull()
        self._send_files()

    def _batch(self) -> list[SavedOp]:
        """The next operations to send, within the limits of one push."""
        batch: list[SavedOp] = []
        size = 0
        for op in self.ops:
            if op.result is not None:
                continue
            size += len(op.text.encode()) + 20
            if batch and (len(batch) == MOST_OPS or size > MOST_PUSH_BYTES):
                break
            batch.append(op)
        return batch

    def _push(self, batch: list[SavedOp]) -> None:
        head = json.dumps({"proto": PROTO, "epoch": self.epoch, "client_id": self.client_id, "app": self.app})
        ops = ",".join(f'{{"n":{op.n},{op.text[1:]}' for op in batch)
        answer = self._json("push", f'{head[:-1]},"ops":[{ops}]}}'.encode())
        self.epoch, self.last_n = answer["epoch"], answer["last_n"]
        results = {result["op_id"]: result for result in answer["results"]}
        for op in batch:
            op.result = results[op.op_id]

    def pull(self) -> None:
        """Bring the replica up to date."""
        page: str | None = None
        while True:
            asked = {"client_id": self.client_id, "cursor": self.cursor, "page": page, "view_v": 1, "limit_bytes": 256_000}
            answer = self._json("pull", json.dumps(asked).encode())
            for event in answer["events"]:
                self._apply(event)
            self.epoch, self.last_n = answer["epoch"], answer["last_n"]
            if "cursor" in answer:
                self.cursor = answer["cursor"]
                return
            page = answer["page"]

    def _apply(self, event: dict[str, Any]) -> None:
        kind = event["e"]
        if kind == "put":
            self.replica[event["type"], event["id"]] = (event["scope"], event["v"], event["doc"])
        elif kind == "del":
            row = self.replica.get((event["type"], event["id"]))
            if row is not None and row[0] == event["scope"]:
                del self.replica[event["type"], event["id"]]
        elif kind == "reset":
            self.replica.clear()
        else:
            self.replica = {key: row for key, row in self.replica.items() if row[0] != event["scope"]}

    def _send_files(self) -> None:
        wanted = list(self.files)
        for start in range(0, len(wanted), 500):
            answer = self._json("blobs/have", json.dumps({"sha256": wanted[start : start + 500]}).encode())
            for sha256 in sorted(answer["missing"], key=lambda known: len(self.files[known])):
                self._upload(sha256)

    def _upload(self, sha256: str) -> None:
        content = self.files[sha256]
        metadata = "sha256 " + base64.b64encode(sha256.encode()).decode()
        _, headers, _ = self._call("POST", "/sync/v1/uploads", {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}, b"")
        location = headers["Location"]
        _, state, _ = self._call("HEAD", location, {}, b"")
        offset = int(state["Upload-Offset"])
        while offset < len(content):
            chunk = content[offset : offset + CHUNK_BYTES]
            _, state, _ = self._call("PATCH", location, {"Upload-Offset": str(offset), "Content-Type": BYTES}, chunk)
            offset = int(state["Upload-Offset"])

    def _json(self, path: str, body: bytes) -> dict[str, Any]:
        _, _, answer = self._call("POST", f"/sync/v1/{path}", {"Content-Type": "application/json"}, body)
        document: dict[str, Any] = json.loads(answer)
        return document

    def _call(self, method: str, path: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        sent = {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0", **headers}
        status, given, answer = self.transport(method, path, sent, body)
        if status >= 300:
            raise Refused(status, json.loads(answer) if answer[:1] == b"{" else {})
        return status, given, answer
