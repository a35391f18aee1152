"""Whether a visit counts, and why not (RULEBOOK §4): kept on the visit, refreshed whenever its facts change."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, union_all

from server.audit.actions import record_audit
from server.db import db
from server.domain.geo import distance_m
from server.domain.months import Month
from server.domain.visit_acceptance import VisitFacts, visit_verdict
from server.feed.clock import touch
from server.media.store import stored_among
from server.outlets.models import Outlet
from server.outlets.queries import hold_outlets
from server.policy.queries import policy_of
from server.visits.compliance import refresh_outlet_months
from server.visits.evidence_due import mark_due
from server.visits.models import Visit, VisitPhoto, VisitReview
from server.visits.sample_models import DOUBTS, VisitSample
from server.visits.sealing import seal_visit
from sync.ids import uuid7
from sync.problems import Problem

REVIEW_DECISIONS = ("accepted", "rejected")

# Asked whenever a visit is judged, so built once.
_PHOTOS = select(VisitPhoto).where(VisitPhoto.visit_id == bindparam("visit_id")).order_by(VisitPhoto.position)
_REVIEWS = select(VisitReview.decision.label("word"), VisitReview.at.label("at"), VisitReview.id.label("id"))
_SAMPLES = select(VisitSample.answer, VisitSample.answered_at, VisitSample.visit_id)
_WORDS = union_all(
    _REVIEWS.where(VisitReview.visit_id == bindparam("visit_id")),
    _SAMPLES.where(VisitSample.visit_id == bindparam("visit_id"), VisitSample.answer == DOUBTS),
).subquery()
_LAST_WORD = select(_WORDS.c.word).order_by(_WORDS.c.at.desc(), _WORDS.c.id.desc()).limit(1)
_WITH_FILE = select(Visit).where(
    or_(
        Visit.signature_sha256 == bindparam("sha256"),
        Visit.id.in_(select(VisitPhoto.visit_id).where(VisitPhoto.sha256 == bindparam("sha256"))),
    )
)


def refresh_verdict(visit: Visit, outlet: Outlet, now: datetime) -> None:
    """Judge the visit anew by the facts and the policy of its month, and the outlet's month with it."""
    month = Month.of_date(visit.visited_on)
    photos = list(db.session.scalars(_PHOTOS, {"visit_id": visit.id}))
    policy = policy_of(month)
    facts = _facts(visit, outlet, photos)
    verdict = visit_verdict(facts, policy)
    visit.counts = verdict.counts and not visit.is_replaced
    visit.needs_review = verdict.needs_review and not visit.is_replaced
    visit.reasons = [*verdict.reasons, *(["replaced"] if visit.is_replaced else [])]
    if not visit.is_replaced:
        _ask_for_a_look(visit, facts.review)
    visit.allowed_m = verdict.allowed_m
    visit.is_complete = facts.is_checklist_complete and facts.storefront_photos > 0 and facts.has_signature and facts.are_photos_stored
    if facts.are_photos_stored and visit.seal is None:
        seal_visit(visit, photos)
    db.session.flush()
    refresh_outlet_months(month, now, [outlet.id])
    if visit.seal is not None:
        mark_due(visit.id)


def _ask_for_a_look(visit: Visit, word: str | None) -> None:
    """Somebody looks first at what stands for a visit that was not accepted (RULEBOOK §4), and at what a blind sample doubts, which
    counts meanwhile. A supervisor's own word on the visit settles both."""
    if word in REVIEW_DECISIONS:
        return
    before = _word_before(visit)
    if before == "rejected":
        visit.counts, visit.needs_review, visit.reasons = False, True, [*visit.reasons, "corrects_rejected"]
    elif DOUBTS in (word, before):
        visit.needs_review, visit.reasons = True, [*visit.reasons, "sample_doubted"]


def _word_before(visit: Visit) -> str | None:
    """The last word on the visit that this one corrects, or on the one before that, where nobody has said any."""
    before = db.session.get(Visit, visit.corrects_id) if visit.corrects_id else None
    if before is None:
        return None
    return db.session.scalar(_LAST_WORD, {"visit_id": before.id}) or _word_before(before)


def _facts(visit: Visit, outlet: Outlet, photos: list[VisitPhoto]) -> VisitFacts:
    hashes = [photo.sha256 for photo in photos]
    needed = hashes + ([visit.signature_sha256] if visit.signature_sha256 else [])
    return VisitFacts(
        is_checklist_complete=visit.is_checklist_complete,
        storefront_photos=sum(photo.slot == "storefront" for photo in photos),
        has_signature=visit.signature_sha256 is not None,
        are_photos_stored=stored_among(needed) == set(needed),
        distance_m=visit.distance_m,
        accuracy_m=visit.fix_accuracy_m,
        has_fix=visit.fix_lat is not None,
        outlet_has_position=outlet.lat is not None,
        review=db.session.scalar(_LAST_WORD, {"visit_id": visit.id}),
    )


def review_visit(visit_id: str, decision: str, reason: str, by_id: str, now: datetime, only_waiting: bool = False) -> Visit:
    """Record a supervisor's word on a visit and what follows from it; the reason must be given. Commits, returns the visit.

    Raises `stale` with `only_waiting` where no review is waited for (any more).
    """
    visit = db.session.get(Visit, visit_id)
    if visit is None:
        raise Problem("not_found")
    if decision not in REVIEW_DECISIONS or not reason.strip():
        raise Problem("invalid", fields={"reason": "required"} if decision in REVIEW_DECISIONS else {"decision": "unknown"})
    hold_outlets({visit.outlet_id})  # first of all, like everybody who judges visits
    if only_waiting:
        db.session.refresh(visit)
        if not visit.needs_review:
            raise Problem("stale", f"visit {visit_id}")
    outlet = db.session.get_one(Outlet, visit.outlet_id)
    db.session.add(VisitReview(id=uuid7(), visit_id=visit_id, decision=decision, reason=reason.strip(), by_id=by_id, at=now))
    db.session.flush()
    if decision == "accepted":
        _take_first_position(visit, outlet, now)
    refresh_verdict(visit, outlet, now)
    for correction in db.session.scalars(select(Visit).where(Visit.outlet_id == visit.outlet_id, Visit.corrects_id == visit_id)).all():
        refresh_verdict(correction, outlet, now)
    touch(db.session, *visit.feed_entries())  # the review stands in the visit's document even when the verdict stays
    record_audit(now, by_id, f"visit.{decision}", ("visit", visit_id), reason=reason.strip())
    db.session.commit()
    return visit


def _take_first_position(visit: Visit, outlet: Outlet, now: datetime) -> None:
    """An outlet without a position takes it from its first accepted visit with a fix good enough (RULEBOOK §4, §11)."""
    limit_m = float(policy_of(Month.of_date(visit.visited_on)).decimal("visit.position_accuracy_max_m"))
    if outlet.lat is not None or visit.fix_lat is None or visit.fix_lon is None:
        return
    if visit.fix_accuracy_m is None or visit.fix_accuracy_m > limit_m:
        return
    outlet.lat, outlet.lon, outlet.position_accuracy_m = visit.fix_lat, visit.fix_lon, visit.fix_accuracy_m
    outlet.position_visit_id = visit.id
    visit.distance_m = 0.0
    unplaced = (Visit.outlet_id == outlet.id, Visit.distance_m.is_(None), Visit.fix_lat.is_not(None), Visit.id != visit.id)
    for other in db.session.scalars(select(Visit).where(*unplaced)).all():
        assert other.fix_lat is not None
        assert other.fix_lon is not None
        other.distance_m = distance_m(outlet.lat, outlet.lon, other.fix_lat, other.fix_lon)
        refresh_verdict(other, outlet, now)


def on_blob_stored(sha256: str, now: datetime) -> None:
    """Judge anew the visits that waited for this file.

    Two files of a visit may end at the same moment: their outlet is held before the others are looked for, so that whoever
    comes second sees what the first has stored.
    """
    named = {"sha256": sha256}
    hold_outlets({visit.outlet_id for visit in db.session.scalars(_WITH_FILE, named)})
    visits = db.session.scalars(_WITH_FILE, named, execution_options={"populate_existing": True}).all()
    for visit in sorted(visits, key=lambda one: (one.device_id or "", one.checked_in_at, one.id)):  # chains of seals in one order for all
        refresh_verdict(visit, db.session.get_one(Outlet, visit.outlet_id), now)
