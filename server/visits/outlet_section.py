"""What an outlet's page and panel say about its visits."""

from datetime import date
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.media.models import Blob
from server.outlets.complete_files import PHOTO_SLOTS
from server.outlets.models import Outlet
from server.outlets.sections import Section
from server.people.models import Person
from server.visits.models import OutletMonth, Visit, VisitPhoto
from server.visits.queries import is_visible_visit
from server.visits.words import SLOT_WORDS, STATE_WORDS, VERDICT_WORDS, first_reason, month_words, verdict_of

LATEST = 10
LATEST_PHOTOS = 4


def visit_section(outlet: Outlet, reader: Person, today: date) -> Section:
    month = Month.of_date(today)
    shots = _latest(outlet.id, reader, today)
    visits = {shot.id: shot for shot in reversed(shots)}
    values = {
        "month": month,
        "row": db.session.get(OutletMonth, (outlet.id, str(month))),
        "visits": [(visit, verdict_of(visit), first_reason(visit)) for visit in reversed(visits.values())],
        "photos": [shot for shot in shots if shot.is_here and not shot.is_replaced][:LATEST_PHOTOS],
        "slot_words": SLOT_WORDS,
        "today": today,
        "storefront": next((shot for shot in shots if shot.slot == "storefront"), None),
        "state_words": STATE_WORDS,
        "month_words": month_words,
        "verdict_words": VERDICT_WORDS,
    }
    return Section("visits/_outlet_facts.html", "visits/_outlet_panel.html", "visits/_outlet_visits.html", values)


def has_shop_photo(outlet_id: str) -> bool:
    """Whether a visit brought a photo that a complete file may have from it."""
    taken = select(VisitPhoto.visit_id).join(Visit, Visit.id == VisitPhoto.visit_id)
    return bool(db.session.scalar(select(taken.where(Visit.outlet_id == outlet_id, VisitPhoto.slot.in_(PHOTO_SLOTS)).exists())))


def _latest(outlet_id: str, reader: Person, today: date) -> list[Any]:
    """The outlet's latest visits, newest first, each as many times as it has photos (one without any once); `is_here`: it arrived as a picture."""
    columns = [Visit.id, Visit.visited_on, Visit.checked_in_at, Visit.counts, Visit.needs_review, Visit.reasons, Visit.distance_m, Visit.allowed_m]
    visits = select(*columns, Visit.is_replaced, Person.name.label("rep")).join(Person, Person.id == Visit.rep_id)
    visits = visits.where(Visit.outlet_id == outlet_id, is_visible_visit(reader, today))
    latest = visits.order_by(Visit.checked_in_at.desc(), Visit.id.desc()).limit(LATEST).subquery()
    query = select(*latest.c, VisitPhoto.sha256, VisitPhoto.slot, (Blob.stored_at.is_not(None) & Blob.mime.like("image/%")).label("is_here"))
    query = query.outerjoin(VisitPhoto, VisitPhoto.visit_id == latest.c.id).outerjoin(Blob, Blob.sha256 == VisitPhoto.sha256)
    return list(db.session.execute(query.order_by(latest.c.checked_in_at.desc(), latest.c.id.desc(), VisitPhoto.position)))
