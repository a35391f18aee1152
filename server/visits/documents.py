"""Visits as phones receive them."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select
from sqlalchemy.orm import selectinload

from server.clock import today
from server.db import db
from server.domain.evidence import RULES
from server.media.store import stored_among
from server.people.models import Person
from server.visits.models import Visit, VisitFlag, VisitReview
from sync.times import iso_instant

Document = dict[str, Any]
HISTORY_DAYS = 90
HISTORY_VISITS = 10
ORDER = tuple(RULES)

# Asked by every pull that brings visits, so built once.
_VISITS = (
    select(Visit, Person.name)
    .join(Person, Person.id == Visit.rep_id)
    .where(Visit.id.in_(bindparam("ids", expanding=True)))
    .options(selectinload(Visit.photos))
)
_REVIEWS = (
    select(VisitReview, Person.name)
    .join(Person, Person.id == VisitReview.by_id)
    .where(VisitReview.visit_id.in_(bindparam("ids", expanding=True)))
    .order_by(VisitReview.at, VisitReview.id)
)
_FLAGS = select(VisitFlag).where(VisitFlag.visit_id.in_(bindparam("ids", expanding=True)))


def live_visits() -> Select[Any]:
    """What phones hold: visits of the last 90 days, and the last 10 of every outlet."""
    rank = func.row_number().over(partition_by=Visit.outlet_id, order_by=(Visit.visited_on.desc(), Visit.id.desc())).label("rank")
    ranked = select(Visit.id, Visit.outlet_id, Visit.visited_on, rank).subquery()
    recent = (ranked.c.rank <= HISTORY_VISITS) | (ranked.c.visited_on >= today() - timedelta(days=HISTORY_DAYS))
    return select(ranked.c.id, literal("outlet:") + ranked.c.outlet_id).where(recent)


def visit_documents(ids: list[str]) -> dict[str, Document]:
    rows = db.session.execute(_VISITS, {"ids": ids}).all()
    here = stored_among(sorted({photo.sha256 for visit, _ in rows for photo in visit.photos}))
    reviews, flags = _last_reviews(ids), _flags(ids)
    return {visit.id: _document(visit, rep_name, here, reviews.get(visit.id), flags.get(visit.id, [])) for visit, rep_name in rows}


def _last_reviews(ids: list[str]) -> dict[str, Document]:
    found: defaultdict[str, Document] = defaultdict(dict)
    for review, name in db.session.execute(_REVIEWS, {"ids": ids}):
        found[review.visit_id] = {"decision": review.decision, "reason": review.reason, "by_name": name, "at": iso_instant(review.at)}
    return found


def _flags(ids: list[str]) -> dict[str, list[Document]]:
    """In the order of the rules; which visit shows the same photo is for supervisors, since it may be another rep's."""
    found: defaultdict[str, list[Document]] = defaultdict(list)
    for flag in db.session.scalars(_FLAGS, {"ids": ids}):
        figures = {name: value for name, value in flag.detail.items() if name != "visit_id"}
        found[flag.visit_id].append({"code": flag.code, "points": flag.points, "figures": figures})
    return {visit_id: sorted(flags, key=lambda one: ORDER.index(one["code"])) for visit_id, flags in found.items()}


def _document(visit: Visit, rep_name: str, here: set[str], review: Document | None, flags: list[Document]) -> Document:
    return {
        "id": visit.id,
        "outlet_id": visit.outlet_id,
        "rep_id": visit.rep_id,
        "rep_name": rep_name,
        "form": visit.form,
        "corrects": visit.corrects_id,
        "visited_on": visit.visited_on.isoformat(),
        "checked_in_at": iso_instant(visit.checked_in_at),
        "checked_out_at": iso_instant(visit.checked_out_at),
        "fix": _fix(visit),
        "distance_m": visit.distance_m,
        "presence_reason": visit.presence_reason,
        "presence_note": visit.presence_note,
        "has_complaint": visit.has_complaint,
        "condition": visit.condition,
        "handling": visit.handling,
        "checklist": visit.checklist,
        "checklist_version": visit.checklist_version_id,
        "photos": [
            {"slot": photo.slot, "sha256": photo.sha256, "taken_at": iso_instant(photo.taken_at), "is_stored": photo.sha256 in here}
            for photo in visit.photos
        ],
        "signer_name": visit.signer_name,
        "signer_role": visit.signer_role,
        "has_signature": visit.signature_sha256 is not None,
        "is_complete": visit.is_complete,
        "counts": visit.counts,
        "needs_review": visit.needs_review,
        "reasons": visit.reasons,
        "review": review,
        "score": visit.score,
        "flags": flags,
    }


def _fix(visit: Visit) -> Document | None:
    if visit.fix_lat is None or visit.fix_taken_at is None:
        return None
    return {
        "lat": visit.fix_lat,
        "lon": visit.fix_lon,
        "accuracy_m": visit.fix_accuracy_m,
        "taken_at": iso_instant(visit.fix_taken_at),
        "source": visit.fix_source,
    }
