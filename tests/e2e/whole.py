"""A visit is whole: on the phone that keeps it, and on the server once it arrived."""

import hashlib
from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy import func, select

from server.db import db
from server.intake.models import SyncOp
from server.media.models import Blob
from server.visits.models import OutletMonth, Visit, VisitPhoto
from tests.e2e.company import Company, application
from tests.e2e.server_process import ServerProcess


def whole_on_the_phone(kept: dict[str, Any], visit_id: str) -> dict[str, int]:
    """The visit stands in `capture_of` with the bytes of its two photos and its signature; returns their sizes by hash."""
    assert [op["entity"]["id"] for op in kept["ops"]] == [visit_id]
    body = kept["ops"][0]["body"]
    hashes = {photo["sha256"] for photo in body["photos"]} | {body["signature"]["sha256"]}
    assert len(hashes) == 3
    assert set(kept["blobs"]) == hashes
    for sha256, stored in kept["blobs"].items():
        assert stored["sha256"] == sha256
    assert body["fix"]["accuracy_m"] == 35
    assert body["signature"]["strokes"]
    return {sha256: stored["size"] for sha256, stored in kept["blobs"].items()}


def visits_of(server: ServerProcess) -> dict[str, tuple[bool, bool]]:
    """Whether each visit on the server is complete and counts."""
    with application(server.data, server.database_url):
        return {visit.id: (visit.is_complete, visit.counts) for visit in db.session.scalars(select(Visit))}


def arrived(server: ServerProcess, hashes: set[str]) -> bool:
    return all(server.blob(sha256).exists() for sha256 in hashes) and not server.parts()


def assert_on_the_server(server: ServerProcess, company: Company, visit_id: str, sizes: dict[str, int]) -> None:
    """Every byte is there once, and the visit counts."""
    for sha256, size in sizes.items():
        content = server.blob(sha256).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size)
    with application(server.data, server.database_url):
        visit = db.session.scalars(select(Visit)).one()
        assert (visit.id, visit.rep_id, visit.counts, visit.reasons) == (visit_id, company.people["rep1"], True, [])
        assert visit.fix_accuracy_m == 35
        assert db.session.scalars(select(SyncOp.code)).all() == ["applied"]
        assert set(db.session.scalars(select(Blob.sha256).where(Blob.stored_at.is_not(None)))) == set(sizes)
        assert db.session.scalar(select(func.count()).select_from(VisitPhoto)) == 2
        row = db.session.scalars(select(OutletMonth).where(OutletMonth.outlet_id == visit.outlet_id, OutletMonth.month == company.month)).one()
        assert (row.owed, row.counted, row.state) == (1, 1, "done")
        storefront = db.session.scalar(select(VisitPhoto.sha256).where(VisitPhoto.slot == "storefront"))
    with Image.open(BytesIO(server.blob(str(storefront)).read_bytes())) as picture:
        assert picture.size == (1200, 1600), "turned upright and scaled"
        red, _, blue = picture.convert("RGB").getpixel((1100, 60))  # type: ignore[misc]
        assert red > blue + 40, "the stored picture's first corner is the upright one's upper right"
