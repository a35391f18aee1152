"""What an outlet's page and panel say about its visits."""

from datetime import date
from typing import Any

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.outlets.complete_files import PHOTO_SLOTS
from server.outlets.models import Outlet
from server.outlets.sections import Section
from server.people.models import Person
from server.visits.models import OutletMonth, Visit, VisitPhoto
from server.visits.queries import is_visible_visit
from server.visits.words import STATE_WORDS, VERDICT_WORDS, first_reason, month_words, verdict_of

LATEST = 10


def visit_section(outlet: Outlet, reader: Person, today: date) -> Section:
    month = Month.of_date(today)
    visits = _latest(outlet.id, reader, today)
    values = {
        "month": month,
        "row": db.session.get(OutletMonth, (outlet.id, str(month))),
        "visits": [(visit, verdict_of(visit), first_reason(visit)) for visit in visits],
        "storefront": next((visit for visit in visits if visit.sha256), None),
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
    """The outlet's latest visits, each with its first storefront photo."""
    first = select(VisitPhoto.sha256).where(VisitPhoto.visit_id == Visit.id, VisitPhoto.slot == "storefront")
    photo = first.order_by(VisitPhoto.position).limit(1).scalar_subquery().label("sha256")
    columns = [Visit.id, Visit.visited_on, Visit.checked_in_at, Visit.counts, Visit.needs_review, Visit.reasons, Visit.distance_m, Visit.allowed_m]
    query = select(*columns, Person.name.label("rep"), photo).join(Person, Person.id == Visit.rep_id)
    query = query.where(Visit.outlet_id == outlet_id, is_visible_visit(reader, today))
    return list(db.session.execute(query.order_by(Visit.checked_in_at.desc(), Visit.id.desc()).limit(LATEST)))
