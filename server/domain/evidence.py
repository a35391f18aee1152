"""What about a visit a supervisor may want to look at (DESIGN §5): a flag each, with the figures behind it.

A flag never decides alone: it takes points off a score of 100, and a person reads it with its innocent explanation beside it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from server.domain.geo import distance_m
from server.domain.policy import Policy
from server.domain.visit_acceptance import allowed_distance_m

FULL_SCORE = 100
LOOK_BITS = 64

Figures = dict[str, float | int | str]


@dataclass(frozen=True)
class Fix:
    """Where the phone said it was, and when; WGS-84 degrees, metres."""

    lat: float
    lon: float
    accuracy_m: float | None
    taken_at: datetime


@dataclass(frozen=True)
class Twin:
    """An earlier visit with the same photo, or one that looks alike: `bits` of 64 differ."""

    visit_id: str
    visited_on: date
    bits: int


@dataclass(frozen=True)
class VisitEvidence:
    """What is known of a visit beside what it says. `distance_m` from the outlet; `before` is the fix of the same rep's visit
    before this one; of a reused photo the later visit carries the flag, so twins are earlier ones. `clock_moved_ms` is how far the clock,
    when the visit was sent, stood from where the offset known before puts it."""

    checked_in_at: datetime
    fix: Fix | None = None
    distance_m: float | None = None
    before: Fix | None = None
    photos_taken_at: tuple[datetime, ...] = ()
    clock_offset_ms: int = 0
    clock_set_back_ms: int = 0
    clock_moved_ms: int = 0
    same_photo: Twin | None = None
    alike_photo: Twin | None = None


@dataclass(frozen=True)
class Flag:
    """`points` come off the score; `figures` say how much and what was allowed."""

    code: str
    points: int
    figures: Figures


Rule = Callable[[VisitEvidence, Policy], Figures | None]


def far(evidence: VisitEvidence, policy: Policy) -> Figures | None:
    """The check-in lies outside the fence, widened by the fix's own accuracy (DESIGN §5, RULEBOOK §4)."""
    if evidence.fix is None or evidence.distance_m is None:
        return None
    allowed_m = allowed_distance_m(evidence.fix.accuracy_m, policy)
    if evidence.distance_m <= allowed_m:
        return None
    return {"distance_m": round(evidence.distance_m), "allowed_m": round(allowed_m)}


def inaccurate(evidence: VisitEvidence, policy: Policy) -> Figures | None:
    """The fix is too rough to say where the phone was (DESIGN §5); unknown accuracy is no flag."""
    limit_m = float(policy.decimal("evidence.accuracy_max_m"))
    if evidence.fix is None or evidence.fix.accuracy_m is None or evidence.fix.accuracy_m <= limit_m:
        return None
    return {"accuracy_m": round(evidence.fix.accuracy_m), "allowed_m": round(limit_m)}


def fix_stale(evidence: VisitEvidence, policy: Policy) -> Figures | None:
    """The fix is older than the check-in that it stands for (DESIGN §5), or later by one of two clocks: then its age is below 0."""
    if evidence.fix is None:
        return None
    age_s = (evidence.checked_in_at - evidence.fix.taken_at).total_seconds()
    limit_s = policy.integer("evidence.fix_age_max_s")
    return {"age_s": round(age_s), "allowed_s": limit_s} if abs(age_s) > limit_s else None


def too_fast(evidence: VisitEvidence, policy: Policy) -> Figures | None:
    """Nobody travels that fast from the rep's visit before this one (DESIGN §5).

    Both accuracies are taken off the distance, so that only what must have been travelled counts; less than a second counts as one.
    """
    here, before = evidence.fix, evidence.before
    if here is None or before is None:
        return None
    apart_m = distance_m(before.lat, before.lon, here.lat, here.lon) - (before.accuracy_m or 0) - (here.accuracy_m or 0)
    seconds = max(1.0, abs((here.taken_at - before.taken_at).total_seconds()))
    kmh = apart_m / seconds * 3.6
    limit_kmh = float(policy.decimal("evidence.speed_max_kmh"))
    if apart_m < float(policy.decimal("evidence.speed_least_m")) or kmh <= limit_kmh:
        return None
    return {"apart_m": round(apart_m), "seconds": round(seconds), "kmh": round(kmh), "allowed_kmh": round(limit_kmh)}


def clock_skew(evidence: VisitEvidence, policy: Policy) -> Figures | None:
    """The phone's clock was off, stood elsewhere when the visit was sent, or was set back just before (DESIGN §5, SYNC §4); times are
    reckoned by the corrected clock."""
    limit_ms = policy.integer("sync.skew_flag_ms")
    wrong_ms = max(abs(evidence.clock_offset_ms), evidence.clock_moved_ms)
    off_ms = max(wrong_ms, evidence.clock_set_back_ms)
    if off_ms <= limit_ms:
        return None
    return {"off_s": round(off_ms / 1000), "allowed_s": round(limit_ms / 1000), "is_set_back": int(wrong_ms <= limit_ms)}


def photo_early(evidence: VisitEvidence, policy: Policy) -> Figures | None:
    """A photo was taken before the check-in (DESIGN §5); of several the oldest is named."""
    if not evidence.photos_taken_at:
        return None
    early_s = (evidence.checked_in_at - min(evidence.photos_taken_at)).total_seconds()
    limit_s = policy.integer("evidence.photo_early_max_s")
    return {"early_s": round(early_s), "allowed_s": limit_s} if early_s > limit_s else None


def photo_reused(evidence: VisitEvidence, _policy: Policy) -> Figures | None:
    """The very same photo belongs to an earlier visit (DESIGN §5)."""
    twin = evidence.same_photo
    return None if twin is None else {"visit_id": twin.visit_id, "visited_on": twin.visited_on.isoformat()}


def photo_alike(evidence: VisitEvidence, policy: Policy) -> Figures | None:
    """A photo looks like one that an earlier visit took at another outlet (DESIGN §5)."""
    twin = evidence.alike_photo
    limit = policy.integer("evidence.alike_max_bits")
    if twin is None or twin.bits > limit:
        return None
    same_percent = round(100 * (LOOK_BITS - twin.bits) / LOOK_BITS)
    return {"visit_id": twin.visit_id, "visited_on": twin.visited_on.isoformat(), "bits": twin.bits, "same_percent": same_percent}


RULES: dict[str, Rule] = {rule.__name__: rule for rule in (far, inaccurate, fix_stale, too_fast, clock_skew, photo_early, photo_reused, photo_alike)}


def visit_flags(evidence: VisitEvidence, policy: Policy) -> tuple[Flag, ...]:
    """Every flag of a visit by the policy of its month, in the order of the rules."""
    found = ((code, rule(evidence, policy)) for code, rule in RULES.items())
    return tuple(Flag(code, policy.integer(f"score.{code}"), figures) for code, figures in found if figures is not None)


def visit_score(flags: Iterable[Flag]) -> int:
    """100 less the points of the flags, never below 0 (DESIGN §5)."""
    return max(0, FULL_SCORE - sum(flag.points for flag in flags))
