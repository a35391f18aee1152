"""Random requests of tus get the answers of the reference server, but for the differences that `tus_requests.FLAWS` gives a reason for."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import flask
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.media import tus_routes, uploads
from tests.e2e.company import found_company
from tests.e2e.server_process import ROOT, ServerProcess
from tests.faults.fleet import signed_in
from tests.sync.conftest import Phone
from tests.sync.tus_pair import Answer, Ask, Pair, answer_of, asking
from tests.sync.tus_requests import DRESSES, FLAWS, PLACE, Act, Request, acts

pytestmark = pytest.mark.xdist_group("tus_differential")  # they share the reference server
SEQUENCES = max(50, int(os.environ.get("FAULTS") or 0) // 20)  # on each database
HUNT = 20
EVERY = settings(deadline=None, database=None, derandomize=True, report_multiple_bugs=False, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ask, Path]]:
    """The reference server, and its folder."""
    folder = tmp_path_factory.mktemp("reference")
    words = [sys.executable, "deploy/node.py", "tests/sync/tus_peer.mjs", str(folder), PLACE, str(uploads.MOST_BYTES)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield asking(int(process.stdout.readline())), folder
        process.communicate()


def play_many(pair: Pair, sequences: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    """Each fault alone, then random sequences. Raises AssertionError for the first that the two servers answer differently."""
    for deed in FLAWS:
        pair.play(each_alone(deed))

    @settings(EVERY, max_examples=sequences, phases=phases)
    @given(st.lists(acts(), min_size=3, max_size=12))
    def play(sequence: list[Act]) -> None:
        pair.play(sequence)

    play()


def each_alone(deed: str) -> list[Act]:
    """Whatever can be wrong with a request, and whatever may vary, by itself; in the end the files become whole."""
    begun = [Act("create", size=70_000), Act("append", upload=0, share="some"), Act("append", upload=1, share="some")]
    wrong = [Act(deed, upload=number, share="some", flaws=(flaw,)) for number, flaw in enumerate(FLAWS[deed])]
    right = [Act(deed, upload=number, share="some", dress=dress) for number, dress in enumerate(DRESSES[deed])]
    return begun + wrong + right + [Act("append", upload=upload, share="all") for upload in (0, 0, 1, 1)] + wrong


@pytest.fixture(params=["sqlite", "postgresql"])
def pair(request: pytest.FixtureRequest, tmp_path: Path, peer: tuple[Ask, Path]) -> Iterator[Pair]:
    """The real server, on each database, and the reference."""
    url = request.getfixturevalue("cluster").create_database() if request.param == "postgresql" else ""
    found_company(tmp_path, url)
    with ServerProcess(tmp_path, url) as server:
        yield Pair(asking(server.port), peer[0], signed_in(server), server.blob, peer[1], name=request.param)


@pytest.mark.timeout(3600)
def test_requests_get_the_answers_of_the_reference(pair: Pair, capsys):
    started = time.monotonic()
    play_many(pair, SEQUENCES)
    with capsys.disabled():
        seconds = time.monotonic() - started
        print(f"\ntus on {pair.name}: {pair.tally['sequences']} sequences, {pair.tally['requests']} requests answered alike, {seconds:.0f} s")


# -- the comparison is proven: each of these bugs, planted in the application, is found ------------------------------------


def no_offset_check(patch: pytest.MonkeyPatch) -> None:
    append = uploads.append_bytes
    patch.setattr(uploads, "append_bytes", lambda upload, _offset, source, size: append(upload, uploads.offset_of(upload), source, size))


def no_room_check(patch: pytest.MonkeyPatch) -> None:
    append = uploads.append_bytes
    patch.setattr(uploads, "append_bytes", lambda upload, offset, source, _size: append(upload, offset, source, 0))


def no_checksum_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tus_routes, "checked_source", lambda: flask.request.stream)


def no_hash_of_the_file(patch: pytest.MonkeyPatch) -> None:
    finish = uploads.finish

    def trusting(upload_id: str, person_id: str, sha256: str, now: datetime) -> None:
        patch.setattr(uploads, "file_sha256", lambda _part: sha256)
        finish(upload_id, person_id, sha256, now)

    patch.setattr(uploads, "finish", trusting)


def no_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(uploads, "discard_upload", lambda _upload: None)


@pytest.fixture
def inner_pair(app: flask.Flask, phone: Phone, peer: tuple[Ask, Path]) -> Iterator[Pair]:
    """The application in this process, where a bug can be planted, and the reference."""
    with app.app_context():
        yield Pair(asking_application(app), peer[0], phone.token, uploads.blob_path, peer[1])


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_application_in_this_process_shows_no_difference(inner_pair: Pair):
    play_many(inner_pair, HUNT)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bug", [no_offset_check, no_room_check, no_checksum_check, no_hash_of_the_file, no_end])
def test_a_bug_of_ours_is_a_difference(bug, inner_pair: Pair, monkeypatch):
    bug(monkeypatch)
    with pytest.raises(AssertionError):
        play_many(inner_pair, HUNT, (Phase.generate,))


def asking_application(app: flask.Flask) -> Ask:
    def ask(request: Request) -> Answer:
        answer = app.test_client().open(request.path, method=request.method, headers=request.headers, data=request.body)
        return answer_of(answer.status_code, answer.headers.items())

    return ask
