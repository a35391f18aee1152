"""A visit beside the outlet's last one: photos of the same place, and what was answered otherwise."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from server.db import db
from server.people.models import Person
from server.visits.models import Visit, VisitPhoto
from server.visits.queries import is_visible_visit
from server.visits.words import AnsweredQuestion, answered_questions

COMPARED_SLOTS = ("storefront", "counter")


@dataclass(frozen=True)
class PhotoPair:
    """The first photo of a slot at this visit and at the one before."""

    now: VisitPhoto
    then: VisitPhoto


@dataclass(frozen=True)
class ComparedAnswer:
    """`before` is the answer of the last visit where it was another one, else empty."""

    asked: AnsweredQuestion
    before: str


def visit_before(visit: Visit, reader: Person, today: date) -> Visit | None:
    """The outlet's latest visit before this one that the reader may see and that no correction has replaced."""
    query = select(Visit).where(Visit.outlet_id == visit.outlet_id, Visit.checked_in_at < visit.checked_in_at, Visit.id != visit.id)
    query = query.where(Visit.is_replaced.is_(False), is_visible_visit(reader, today))
    return db.session.scalar(query.order_by(Visit.checked_in_at.desc(), Visit.id.desc()).limit(1))


def photo_pairs(now: list[VisitPhoto], then: list[VisitPhoto]) -> list[PhotoPair]:
    """The places that both visits have a photo of."""
    firsts = [(_first(now, slot), _first(then, slot)) for slot in COMPARED_SLOTS]
    return [PhotoPair(ours, theirs) for ours, theirs in firsts if ours and theirs]


def _first(photos: list[VisitPhoto], slot: str) -> VisitPhoto | None:
    return next((photo for photo in photos if photo.slot == slot), None)


def compared_answers(visit: Visit, before: Visit | None) -> list[ComparedAnswer]:
    """Those that differ from the last visit first, then problems, then the rest, each in the order asked."""
    earlier = {asked.key: asked.answer for asked in answered_questions(before)} if before else {}
    rows = [ComparedAnswer(asked, _other(earlier.get(asked.key, ""), asked.answer)) for asked in answered_questions(visit)]
    return sorted(rows, key=lambda row: (not row.before, not row.asked.is_problem))


def _other(before: str, answer: str) -> str:
    return "" if before == answer else before
