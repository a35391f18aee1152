"""A disk without room: the server says so, keeps what it acknowledged, and takes everything once there is room (SYNC §7: 27)."""

import base64
import json
import random
import resource
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from sync.client import Refused, SyncClient
from sync.ids import uuid7
from sync.uploads import BYTES, PLACE
from tests.databases import Cluster
from tests.e2e.company import found_company
from tests.e2e.server_process import ServerProcess
from tests.faults.fleet import Sending, assert_all_in_once, capture, signed_in, transport_to
from tests.faults.small_disk import NoSmallDisk, SmallDisk

BEFORE, DURING = 5, 45
DISK_MEGABYTES = 40

MakeDisk = Callable[[Path], SmallDisk]


@pytest.fixture
def new_disk() -> Iterator[MakeDisk]:
    """Makes small disks; where this user may not mount any, the test with the quota stands alone."""
    with ExitStack() as disks:

        def make(folder: Path) -> SmallDisk:
            try:
                return disks.enter_context(SmallDisk(folder, DISK_MEGABYTES))
            except NoSmallDisk as fault:
                pytest.skip(f"no small file system can be mounted here ({fault})")

        yield make


@contextmanager
def served(data: Path, url: str) -> Iterator[tuple[ServerProcess, SyncClient, str]]:
    """A server, a phone with a few visits sent, and the outlet that it visits."""
    company = found_company(data, url)
    with ServerProcess(data, url) as server:
        phone = SyncClient(transport_to(server.port), signed_in(server))
        for _ in range(BEFORE):
            capture(phone, company.outlets[company.due], random.Random(uuid7()))
        phone.sync()
        yield server, phone, company.outlets[company.due]


def capture_more(phone: SyncClient, outlet_id: str) -> None:
    for _ in range(DURING):
        capture(phone, outlet_id, random.Random(uuid7()))


def refusal(server: ServerProcess, phone: SyncClient, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[dict[str, Any], int]:
    """The problem that a request gets, in English, and the seconds to wait."""
    bearer = {"Authorization": f"Bearer {phone.token}", "Accept-Language": "en"}
    status, given, text = transport_to(server.port)(method, path, bearer | headers, body)
    assert status == 503, text
    return json.loads(text), int(given["Retry-After"])


def push_refusal(server: ServerProcess, phone: SyncClient) -> tuple[dict[str, Any], int]:
    """What the phone's next batch is told."""
    ops = ",".join(op.push_text for op in phone.capture.batch(50))
    head = json.dumps({"proto": 1, "epoch": phone.capture.epoch, "client_id": phone.capture.client_id, "app": "test"})
    return refusal(server, phone, "POST", "/sync/v1/push", {"Content-Type": "application/json"}, f'{head[:-1]},"ops":[{ops}]}}'.encode())


def upload_refusal(server: ServerProcess, phone: SyncClient) -> tuple[dict[str, Any], int]:
    """What the first unfinished upload is told, whether it goes on or has yet to begin: the first piece comes with the creation."""
    sha256, url = next((upload.sha256, upload.url) for upload in phone.capture.uploads.values() if upload.state == "wanted")
    content, headers = phone.capture.files[sha256], {"Tus-Resumable": "1.0.0", "Content-Type": BYTES}
    if url is None:
        metadata = f"sha256 {base64.b64encode(sha256.encode()).decode()}"
        described = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        return refusal(server, phone, "POST", PLACE, headers | described, content)
    _, given, _ = transport_to(server.port)("HEAD", url, {"Authorization": f"Bearer {phone.token}", "Tus-Resumable": "1.0.0"}, b"")
    offset = int(given["Upload-Offset"])
    return refusal(server, phone, "PATCH", url, headers | {"Upload-Offset": str(offset)}, content[offset:])


def assert_refused(phone: SyncClient) -> None:
    with pytest.raises(Refused) as refused:
        phone.sync()
    assert refused.value.status == 503


def assert_says_full(answer: tuple[dict[str, Any], int]) -> None:
    problem, wait_s = answer
    assert problem["code"] == "storage_full"
    assert problem["title"] == "The server has no room left. Records and photos stay on the phone, which tries again by itself."
    assert wait_s == 60


def assert_arrives(server: ServerProcess, phone: SyncClient) -> None:
    phone.restart()
    Sending([phone]).join()
    assert_all_in_once(server, [phone])


def place_files_on(disk: SmallDisk, data: Path) -> None:
    """Blobs and uploads lie on the small disk, everything else does not."""
    for name in ("blobs", "uploads"):
        (disk.folder / name).mkdir()
        (data / name).symlink_to(disk.folder / name)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_edge_27_a_full_disk_of_files_holds_photos_back_and_no_records(database: str, tmp_path: Path, cluster: Cluster, new_disk: MakeDisk):
    url = cluster.create_database() if database == "postgresql" else ""
    data, disk = tmp_path / "data", new_disk(tmp_path / "disk")
    data.mkdir()
    place_files_on(disk, data)
    with served(data, url) as (server, phone, outlet_id):
        disk.fill(spare_bytes=300_000)
        capture_more(phone, outlet_id)
        assert_refused(phone)
        assert not phone.capture.pending(), "records need no room there"
        assert 0 < len(phone.capture.wanted()) < 2 * DURING
        assert_says_full(upload_refusal(server, phone))
        disk.free()
        assert_arrives(server, phone)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_edge_27_a_full_disk_of_the_database_loses_nothing_acknowledged(database: str, tmp_path: Path, cluster: Cluster, new_disk: MakeDisk):
    is_postgres = database == "postgresql"
    data, disk = tmp_path / "data", new_disk((cluster.folder if is_postgres else tmp_path) / uuid7())
    data.mkdir()
    tables = disk.folder / "tables"
    tables.mkdir()
    url = cluster.create_database_in(tables) if is_postgres else f"sqlite:///{tables / 'xundian.db'}"
    with served(data, url) as (server, phone, outlet_id):
        disk.fill()
        capture_more(phone, outlet_id)
        assert_refused(phone)
        assert_says_full(push_refusal(server, phone))
        assert len([op for op in phone.ops if op.result]) == BEFORE
        disk.free()
        assert_arrives(server, phone)
    if is_postgres:
        cluster.drop_database_in(url)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_edge_27_a_quota_on_files_holds_photos_back(database: str, tmp_path: Path, cluster: Cluster):
    """The same without root: no file may grow past some bytes."""
    url = cluster.create_database() if database == "postgresql" else ""
    with served(tmp_path, url) as (server, phone, outlet_id):
        assert server.process is not None
        capture_more(phone, outlet_id)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
        assert_refused(phone)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert_arrives(server, phone)
