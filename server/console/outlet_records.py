"""The last complaints, trainings and deliveries on an outlet's page, and its storefront, in one query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import Date, String, cast, literal, null, select, union_all

from server.complaints.models import Complaint
from server.complaints.queries import is_visible_complaint
from server.complaints.words import KIND_WORDS
from server.db import db
from server.materials.models import MaterialRequest
from server.materials.queries import is_visible_request
from server.media.models import Blob
from server.outlets.models import Outlet
from server.outlets.sections import Section
from server.people.models import Person
from server.training.models import Training
from server.training.queries import is_visible_training

LATEST = 5
PHOTO = "photo"
ADDRESSES = {
    "complaint": ("complaints.complaint", "complaint_id"),
    "training": ("trainings.training", "training_id"),
    "delivery": ("materials.material_request", "request_id"),
}


@dataclass(frozen=True)
class RecordRow:
    """A record with its day; `due_on` is None for what has no due day, `text` what it is about."""

    href: str
    day: date
    due_on: date | None
    done_on: date | None
    text: str


def outlet_records(outlet: Outlet, reader: Person, today: date) -> Section:
    """Of each kind the newest that the reader may see and that are not void."""
    found: dict[str, list[RecordRow]] = {kind: [] for kind in ADDRESSES}
    has_photo = False
    for row in db.session.execute(_records(outlet, reader, today)):
        if row.what == PHOTO:
            has_photo = True
        else:
            found[row.what].append(_row(row))
    newest_first = {kind: sorted(rows, key=lambda row: row.day, reverse=True) for kind, rows in found.items()}
    return Section("", "", "_outlet_records.html", {"found": newest_first, "has_photo": has_photo, "today": today})


def _row(row: Any) -> RecordRow:
    endpoint, name = ADDRESSES[row.what]
    text = str(KIND_WORDS[row.said]) if row.what == "complaint" else row.said
    return RecordRow(url_for(endpoint, **{name: row.id}), row.day, row.due_on, row.done_on, text)


def _records(outlet: Outlet, reader: Person, today: date) -> Any:
    no_day = cast(null(), Date)
    complaints = _latest("complaint", Complaint, (Complaint.received_on, Complaint.due_on, Complaint.resolved_on, Complaint.kind))
    trainings = _latest("training", Training, (Training.trained_on, no_day, Training.trained_on, Training.content))
    materials = (MaterialRequest.requested_on, MaterialRequest.due_on, MaterialRequest.delivered_on, MaterialRequest.contents)
    sights = (is_visible_complaint(reader, today), is_visible_training(reader, today), is_visible_request(reader, today))
    kinds = (complaints, trainings, _latest("delivery", MaterialRequest, materials))
    owners = (Complaint.outlet_id, Training.outlet_id, MaterialRequest.outlet_id)
    parts = [query.where(owner == outlet.id, sight).subquery() for query, owner, sight in zip(kinds, owners, sights, strict=True)]
    photo = select(literal(PHOTO), Blob.sha256, no_day, no_day, no_day, literal(""))
    photo = photo.where(Blob.sha256 == outlet.storefront_photo, Blob.stored_at.is_not(None))
    return union_all(*(select(part) for part in parts), photo)


def _latest(what: str, model: Any, columns: tuple[Any, Any, Any, Any]) -> Any:
    day, due_on, done_on, said = columns
    query = select(literal(what).label("what"), model.id.label("id"), day.label("day"), due_on.label("due_on"), done_on.label("done_on"))
    return query.add_columns(cast(said, String).label("said")).where(model.voided_at.is_(None)).order_by(day.desc(), model.id.desc()).limit(LATEST)
