"""Whether a visit counts (RULEBOOK §4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from server.domain.policy import Policy


@dataclass(frozen=True)
class VisitFacts:
    """What is known of a visit. Distances in metres; `review` is the last word of a supervisor, or None."""

    is_checklist_complete: bool
    storefront_photos: int
    has_signature: bool
    are_photos_stored: bool
    distance_m: float | None
    accuracy_m: float | None
    has_fix: bool
    outlet_has_position: bool
    review: str | None = None


@dataclass(frozen=True)
class VisitVerdict:
    """`reasons` says why it does not count, or that a supervisor's word made it count; `allowed_m` is fence plus accuracy."""

    counts: bool
    needs_review: bool
    reasons: tuple[str, ...]
    allowed_m: float


def last_review(reviews: Iterable[tuple[date, str]]) -> str | None:
    """Of several reviews, by day, the last holds (RULEBOOK §11); of the same day the later in order."""
    words = [word for _, word in sorted(reviews, key=lambda review: review[0])]
    return words[-1] if words else None


def visit_verdict(facts: VisitFacts, policy: Policy) -> VisitVerdict:
    """A visit counts when it is complete and in place, or complete and accepted, and not rejected.

    DECISION (RULEBOOK §11): acceptance heals position only, never a missing checklist, photo or signature.
    """
    allowed_m = allowed_distance_m(facts.accuracy_m, policy)
    missing = _missing(facts)
    place = _place_fault(facts, allowed_m)
    if facts.review == "rejected":
        return VisitVerdict(False, False, ("rejected", *missing), allowed_m)
    if place and facts.review == "accepted":
        return VisitVerdict(not missing, False, (*missing, "accepted_by_supervisor"), allowed_m)
    reasons = (*missing, place) if place else missing
    needs_review = bool(place) and set(missing) <= {"photos_pending"}
    return VisitVerdict(not reasons, needs_review, reasons, allowed_m)


def allowed_distance_m(accuracy_m: float | None, policy: Policy) -> float:
    """The fence and the fix's own accuracy, at most so much of it; unknown accuracy adds nothing (RULEBOOK §11)."""
    widened = min(accuracy_m or 0.0, float(policy.decimal("visit.fence_accuracy_cap_m")))
    return float(policy.decimal("visit.fence_radius_m")) + widened


def _missing(facts: VisitFacts) -> tuple[str, ...]:
    faults = {
        "checklist_incomplete": not facts.is_checklist_complete,
        "storefront_photo_missing": facts.storefront_photos < 1,
        "signature_missing": not facts.has_signature,
        "photos_pending": not facts.are_photos_stored,
    }
    return tuple(code for code, is_so in faults.items() if is_so)


def _place_fault(facts: VisitFacts, allowed_m: float) -> str | None:
    if not facts.has_fix:
        return "no_fix"
    if not facts.outlet_has_position or facts.distance_m is None:
        return "no_outlet_position"
    return "outside_fence" if facts.distance_m > allowed_m else None
