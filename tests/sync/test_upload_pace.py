"""How the reference client sends files: the same pace as `tests/pwa/outbox_pace.test.mjs`, and what it makes of faults."""

import hashlib
from dataclasses import dataclass, field

import pytest

from sync.outbox import Outcome
from sync.phone_store import CaptureStore, StoredUpload
from sync.uploads import FIRST_CHUNK_BYTES, FileSender, Pace, chunk_bytes_after

FAR = 10 * 1024 * 1024
PLACE = "/sync/v1/uploads/1"


def test_the_first_chunk_is_small():
    assert FIRST_CHUNK_BYTES == 24576
    assert Pace().begin_chunk(0, FAR) == 24576


@pytest.mark.parametrize(("seconds", "following"), [(0.999, 49152), (1, 24576), (4, 24576), (4.001, 12288)])
def test_a_chunk_takes_one_to_four_seconds_whatever_the_network(seconds, following):
    assert chunk_bytes_after(24576, seconds) == following


def test_chunks_stay_between_8_kb_and_1_mb():
    assert chunk_bytes_after(1048576, 0.01) == 1048576
    assert chunk_bytes_after(8192, 60) == 8192


def test_a_file_that_begins_soon_after_another_sends_half_as_much_again():
    pace = Pace()
    assert [pace.begin_chunk(at, FAR) for at in (0, 0.249, 0.499)] == [24576, 36864, 24576]


def test_no_request_for_a_small_rest():
    assert Pace().begin_chunk(0, 36864) == 36864
    assert Pace().begin_chunk(0, 36865) == 24576


def test_a_chunk_that_was_short_says_nothing():
    pace = Pace()
    pace.note_chunk(900, 0.005)
    assert pace.begin_chunk(0, FAR) == 24576


def test_a_fault_makes_chunks_small_again_and_smaller_ones_stay_so():
    quick, slow = Pace(), Pace()
    quick.note_chunk(24576, 0.1)
    assert quick.begin_chunk(0, FAR) == 49152
    quick.note_fault()
    assert quick.begin_chunk(9, FAR) == 24576
    slow.note_chunk(24576, 5)
    slow.note_fault()
    assert slow.begin_chunk(9, FAR) == 12288


@dataclass
class Server:
    """Keeps what it is sent. `cuts`: numbers of the requests that get through to nobody; `is_deaf`: it takes no byte."""

    cuts: set[int] = field(default_factory=set)
    is_deaf: bool = False
    content: bytes = b""
    methods: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[Outcome, dict[str, str]]:
        self.methods.append(method)
        self.sizes.append(len(body))
        if len(self.methods) in self.cuts:
            return Outcome("unreachable"), {}
        if not self.is_deaf:
            self.content += body
        return Outcome("ok", status=204), {"location": PLACE, "upload-offset": str(len(self.content))}


def sent(server: Server, size: int = 100_000) -> Outcome:
    content = bytes(number % 251 for number in range(size))
    sha256 = hashlib.sha256(content).hexdigest()
    store = CaptureStore(files={sha256: content}, uploads={sha256: StoredUpload(sha256, size, "wanted")})
    outcome = FileSender(store, server, lambda: 100.0 * len(server.methods), Pace(took_s=0.0)).send([sha256], lambda _sha256: None)
    assert outcome.kind != "ok" or server.content == content
    return outcome


def test_a_creation_brings_the_first_bytes():
    server = Server()
    assert sent(server, 900).kind == "ok"
    assert server.methods == ["POST"]


def test_a_cut_is_asked_about_and_gone_on_from():
    server = Server(cuts={2})
    assert sent(server).kind == "ok"
    assert server.methods[:4] == ["POST", "PATCH", "HEAD", "PATCH"]


def test_cuts_are_tried_again_as_long_as_something_gets_through():
    server = Server(cuts={2, 5, 8, 11})
    assert sent(server, 200_000).kind == "ok"


def test_a_network_that_lets_nothing_through_is_left_to_the_engine():
    server = Server(cuts=set(range(1, 50)))
    assert sent(server).kind == "unreachable"
    assert server.methods == ["POST"] * 3


def test_a_server_that_takes_nothing_is_not_sent_the_same_for_ever():
    server = Server(is_deaf=True)
    assert sent(server).kind == "foreign"
    assert server.methods == ["POST", "PATCH"]
