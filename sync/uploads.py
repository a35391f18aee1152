"""Files by tus 1.0, small ones first, each from where it stopped: what `pwa/outbox/uploads.js` does, in Python.

A server or proxy that holds a request back until it is whole loses all of it with the connection, so the size of a chunk is
the price of a cut; and each chunk costs a round trip, which a second file under way hides.
"""

import base64
import math
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sync.outbox import Outcome
from sync.phone_store import CaptureStore

FIRST_CHUNK_BYTES, LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES = 24 * 1024, 8 * 1024, 1024 * 1024
QUICK_S, SLOW_S = 1.0, 4.0
MOST_TRIES = 3
PLACE = "/sync/v1/uploads"
BYTES = "application/offset+octet-stream"
LOST_PLACES = (404, 410, 460)
MENDABLE = (*LOST_PLACES, 409, 423)

Tus = Callable[[str, str, dict[str, str], bytes], tuple[Outcome, dict[str, str]]]
"""Method, path, headers and body to what came of it and the answer's headers in lower case."""


def chunk_bytes_after(chunk_bytes: int, seconds: float) -> int:
    """The next chunk's size after one of this size took so long: one to four seconds each, whatever the network."""
    if seconds < QUICK_S:
        return min(chunk_bytes * 2, MOST_CHUNK_BYTES)
    return max(chunk_bytes // 2, LEAST_CHUNK_BYTES) if seconds > SLOW_S else chunk_bytes


def carries_file(method: str, path: str, body: bytes) -> bool:
    """Whether this request brings bytes of a file: a creation may bring the first ones."""
    return path.startswith(PLACE) and method in ("POST", "PATCH") and len(body) > 0


@dataclass
class Pace:
    """How many bytes go in one request; few again after every fault.

    Two files in step would wait for their answers at the same time, with the link idle: whoever begins soon after the other
    sends half as much again.
    """

    first_bytes: int = FIRST_CHUNK_BYTES
    chunk_bytes: int = field(init=False)
    took_s: float = QUICK_S
    began_at: float = -math.inf

    def __post_init__(self) -> None:
        self.chunk_bytes = self.first_bytes

    def begin_chunk(self, now: float, left: int) -> int:
        """The most bytes for a request that begins now, with so many left of the file; no request for a small rest."""
        is_in_step = now - self.began_at < self.took_s / 4
        self.began_at = now
        most = self.chunk_bytes * 3 // 2
        return most if is_in_step or left <= most else self.chunk_bytes

    def note_chunk(self, size: int, seconds: float) -> None:
        """A chunk got through; one that was short says nothing."""
        if size == self.chunk_bytes:
            self.chunk_bytes, self.took_s = chunk_bytes_after(size, seconds), seconds

    def note_fault(self) -> None:
        self.chunk_bytes = min(self.chunk_bytes, self.first_bytes)


@dataclass
class FileSender:
    """Sends files of a phone's store. With `at_a_time` above 1, `tus` is called from so many threads."""

    capture: CaptureStore
    tus: Tus
    clock: Callable[[], float]
    pace: Pace
    at_a_time: int = 1

    def send(self, hashes: Iterable[str], sent: Callable[[str], None]) -> Outcome:
        """Send all, or until one shows that the rest would fail too; `sent` is told of each. The worst that happened."""
        queue = sorted(hashes, key=lambda one: (len(self.capture.files[one]), one))
        faults: list[Outcome] = []

        def work() -> None:
            while queue:
                sha256 = queue.pop(0)
                outcome = self._send_file(sha256)
                if outcome.kind == "ok":
                    sent(sha256)
                    continue
                faults.append(outcome)
                if outcome.kind in ("unreachable", "busy", "problem"):
                    queue.clear()

        if self.at_a_time == 1:
            work()
        else:
            with ThreadPoolExecutor(self.at_a_time) as lanes:
                for lane in [lanes.submit(work) for _ in range(self.at_a_time)]:
                    lane.result()
        return faults[-1] if faults else Outcome("ok", {})

    def _send_file(self, sha256: str) -> Outcome:
        """One file from where it stopped. A fault is mended and tried again while something gets through in between."""
        content, offset, reached, tries = self.capture.files[sha256], None, 0, 0
        outcome = Outcome("unreachable")
        while tries < MOST_TRIES:
            outcome, offset = self._next_request(sha256, content, offset)
            if outcome.kind != "ok":
                self.pace.note_fault()
                if outcome.status in LOST_PLACES:
                    self.capture.set_url(sha256, None)
                if outcome.kind != "unreachable" and outcome.status not in MENDABLE:
                    return outcome
                tries += 1
            elif offset is not None and offset >= len(content):
                return outcome
            elif offset is not None and offset > reached:
                reached, tries = offset, 0
        return outcome

    def _next_request(self, sha256: str, content: bytes, offset: int | None) -> tuple[Outcome, int | None]:
        """Create the upload, ask how far it is, or go on; the new offset is None when it is not known."""
        url = self.capture.uploads[sha256].url
        if url is None:
            return self._create(sha256, content)
        if offset is None:
            return _with_offset(*self.tus("HEAD", url, {}, b""))
        outcome, reached = self._send_chunk("PATCH", url, {"Upload-Offset": str(offset)}, content, offset)
        if reached is not None and reached <= offset:  # whoever takes nothing would be sent the same for ever
            return Outcome("foreign", status=outcome.status), None
        return outcome, reached

    def _create(self, sha256: str, content: bytes) -> tuple[Outcome, int | None]:
        metadata = "sha256 " + base64.b64encode(sha256.encode()).decode()
        described = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        return self._send_chunk("POST", PLACE, described, content, 0, sha256)

    def _send_chunk(
        self, method: str, path: str, headers: dict[str, str], content: bytes, offset: int, created: str = ""
    ) -> tuple[Outcome, int | None]:
        began = self.clock()
        chunk = content[offset : offset + self.pace.begin_chunk(began, len(content) - offset)]
        outcome, given = self.tus(method, path, {**headers, "Content-Type": BYTES}, chunk)
        if outcome.kind != "ok":
            return outcome, None
        if created:
            if not given.get("location"):
                return Outcome("foreign", status=outcome.status), None
            self.capture.set_url(created, given["location"])
        self.pace.note_chunk(len(chunk), self.clock() - began)
        return _with_offset(outcome, given)


def _with_offset(outcome: Outcome, given: dict[str, str]) -> tuple[Outcome, int | None]:
    """The offset that an answer states; one without is not from a tus server."""
    if outcome.kind != "ok":
        return outcome, None
    text = given.get("upload-offset", "")
    return (outcome, int(text)) if text.isdigit() else (Outcome("foreign", status=outcome.status), None)
