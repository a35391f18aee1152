"""The small company of tests/sync, and facts given as the business knows them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.db import db
from server.outlets.models import Outlet
from server.visits.models import Visit
from server.visits.verdicts import refresh_verdict
from sync.ids import uuid7
from tests.sync.conftest import company, other_phone, phone  # noqa: F401


@pytest.fixture
def add_visit(app: Any) -> Callable[..., str]:
    """Add a visit that counts unless told otherwise; returns its id."""

    def add(outlet_id: str, rep_id: str, at: str, received: datetime | None = None, **changes: Any) -> str:
        checked_in_at = datetime.fromisoformat(at)
        visit = Visit(id=uuid7(), op_id=uuid7(), form="visit.v1", outlet_id=outlet_id, rep_id=rep_id)
        visit.record_sha256 = kept_record(visit)
        visit.checked_in_at, visit.checked_out_at = checked_in_at, checked_in_at + timedelta(minutes=15)
        visit.visited_on = (checked_in_at.astimezone(UTC) + timedelta(hours=8)).date()
        visit.clock_offset_ms, visit.received_at = 0, received or checked_in_at
        visit.fix_lat, visit.fix_lon, visit.fix_accuracy_m, visit.distance_m = 30.66, 104.07, 10.0, 20.0
        visit.fix_taken_at, visit.fix_source = checked_in_at, "gps"
        visit.has_complaint, visit.checklist, visit.is_checklist_complete = False, [], True
        visit.signature_sha256, visit.signer_name = stored_file("signature"), "王秀兰"
        for name, value in changes.items():
            setattr(visit, name, value)
        db.session.add(visit)
        db.session.flush()
        db.session.add(storefront(visit))
        db.session.flush()
        refresh_verdict(visit, db.session.get_one(Outlet, outlet_id), received or checked_in_at)
        db.session.commit()
        return visit.id

    return add


def kept_record(visit: Visit) -> str:
    """What a phone would have sent, kept raw; its hash."""
    import hashlib
    import json

    from server.intake.models import SyncOp

    body = json.dumps({"visit_id": visit.id, "outlet_id": visit.outlet_id}).encode()
    row = SyncOp(op_id=visit.op_id, client_id=uuid7(), n=1, person_id=visit.rep_id, kind="record", form=visit.form, times={}, blobs=[])
    row.entity_type, row.entity_id, row.scope_id = "visit", visit.id, f"outlet:{visit.outlet_id}"
    row.body, row.body_sha256 = body, hashlib.sha256(body).hexdigest()
    row.received_at, row.code = datetime(2026, 11, 1, tzinfo=UTC), "applied"
    db.session.add(row)
    return row.body_sha256


def stored_file(name: str) -> str:
    """A file that is here, by a made-up hash."""
    import hashlib

    from server.media.store import mark_stored

    sha256 = hashlib.sha256(name.encode()).hexdigest()
    mark_stored(sha256, 1, "image/png", datetime(2026, 11, 1, tzinfo=UTC))
    return sha256


def storefront(visit: Visit) -> Any:
    from server.visits.models import VisitPhoto

    photo = VisitPhoto(visit_id=visit.id, position=0, sha256=stored_file("photo"), slot="storefront", source="camera")
    photo.taken_at, photo.width, photo.height, photo.size = visit.checked_in_at, 1, 1, 1
    return photo


def noon(day: date) -> datetime:
    """Noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
