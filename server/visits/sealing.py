"""Seals of visits (DESIGN §5): a hash over what a complete visit says, chained per phone.

A seal is made once, when the last file has arrived, and never again. Of one phone they form a chain in that order: each
covers the one before, so that a visit which is changed, slipped in or taken out shows (seal_check.py). Version 1, made by
earlier releases, covers record, photos, signature and position alone and stands by itself.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select

from server.db import db
from server.feed.clock import upsert
from server.visits.models import SealChain, Visit, VisitPhoto

VERSION = 2
# Written once by intake. Not the outlet, which a merger of outlets changes: it stands in the record.
SEALED = (
    "id",
    "op_id",
    "form",
    "record_sha256",
    "rep_id",
    "device_id",
    "visited_on",
    "checked_in_at",
    "checked_out_at",
    "clock_offset_ms",
    "received_at",
    "fix_lat",
    "fix_lon",
    "fix_accuracy_m",
    "fix_taken_at",
    "fix_source",
    "presence_reason",
    "presence_note",
    "has_complaint",
    "complaint_note",
    "condition",
    "handling",
    "checklist",
    "is_checklist_complete",
    "signer_name",
    "signer_role",
    "signature_sha256",
    "signature_refusal",
    "corrects_id",
    "was_out_of_scope",
    "previous_sha256",
)
SEALED_OF_PHOTO = (
    "position",
    "sha256",
    "slot",
    "source",
    "taken_at",
    "width",
    "height",
    "size",
    "exif_taken_at",
    "exif_lat",
    "exif_lon",
    "is_blurred",
    "is_dark",
)

_CHAIN = select(SealChain).where(SealChain.device_id == bindparam("device_id")).with_for_update().execution_options(populate_existing=True)


def seal_visit(visit: Visit, photos: Sequence[VisitPhoto]) -> None:
    """Seal a visit whose files are all here, as the next link of its phone's chain. The caller commits."""
    device_id = visit.device_id or ""
    db.session.execute(upsert(SealChain).values(device_id=device_id, last_n=0, last_seal="").on_conflict_do_nothing())
    chain = db.session.scalars(_CHAIN, {"device_id": device_id}).one()
    visit.seal_version, visit.seal_n, visit.previous_seal = VERSION, chain.last_n + 1, chain.last_seal
    visit.seal = seal_of(visit, photos)
    chain.last_n, chain.last_seal = visit.seal_n, visit.seal


def seal_of(visit: Visit, photos: Sequence[VisitPhoto]) -> str:
    """The seal that the visit must have, by the version it was sealed with; `photos` in their order."""
    parts = _parts(visit, photos) if visit.seal_version == VERSION else _first_parts(visit, photos)
    return hashlib.sha256(json.dumps(parts, separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def _parts(visit: Visit, photos: Sequence[VisitPhoto]) -> dict[str, Any]:
    return {
        "version": visit.seal_version,
        "n": visit.seal_n,
        "previous": visit.previous_seal,
        "visit": {name: _plain(getattr(visit, name)) for name in SEALED},
        "photos": [{name: _plain(getattr(photo, name)) for name in SEALED_OF_PHOTO} for photo in photos],
    }


def _first_parts(visit: Visit, photos: Sequence[VisitPhoto]) -> list[Any]:
    position = [visit.fix_lat, visit.fix_lon, visit.fix_accuracy_m]
    return [visit.record_sha256, [photo.sha256 for photo in photos], visit.signature_sha256, position]


def _plain(value: Any) -> Any:
    """The value as it comes back from either database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, float):
        return value + 0.0  # SQLite knows no -0.0
    return value.isoformat() if hasattr(value, "isoformat") else value
