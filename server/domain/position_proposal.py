"""Where visits say an outlet is, when they agree and the file says otherwise (RULEBOOK §4, §11): a proposal, never a move by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from server.domain.geo import distance_m
from server.domain.policy import Policy

WINDOW_DAYS = 90
Place = tuple[float, float]


@dataclass(frozen=True)
class Fix:
    """The check-in of a visit that counts: degrees (WGS-84) and accuracy in metres."""

    visit_id: str
    lat: float
    lon: float
    accuracy_m: float | None


@dataclass(frozen=True)
class ProposedPosition:
    """The middle of the fixes that agree, with their middle accuracy in metres."""

    lat: float
    lon: float
    accuracy_m: float
    visit_ids: tuple[str, ...]


def proposed_position(registered: Place, fixes: Sequence[Fix], policy: Policy) -> ProposedPosition | None:
    """The position that enough visits agree on outside the fence, by their medians; None where they are too few or too far apart.

    Fixes no more accurate than a first position would need say nothing. The fence is taken without what accuracy adds to it.
    """
    worst_m, fence_m = float(policy.decimal("visit.position_accuracy_max_m")), float(policy.decimal("visit.fence_radius_m"))
    outside = [
        fix for fix in fixes if fix.accuracy_m is not None and fix.accuracy_m <= worst_m and distance_m(*registered, fix.lat, fix.lon) > fence_m
    ]
    together = agreeing_fixes(outside, float(policy.decimal("position.proposal_spread_m")))
    if len(together) < policy.integer("position.proposal_visits"):
        return None
    return ProposedPosition(
        median(fix.lat for fix in together),
        median(fix.lon for fix in together),
        round(median(fix.accuracy_m or 0.0 for fix in together), 1),
        tuple(fix.visit_id for fix in together),
    )


def agreeing_fixes(fixes: Sequence[Fix], spread_m: float) -> list[Fix]:
    """The most fixes found that all lie within the spread of each other: beginning with each in turn, those are added, in order, that fit all."""
    best: list[Fix] = []
    for first in fixes:
        found = [first]
        for fix in fixes:
            if fix is not first and all(distance_m(fix.lat, fix.lon, one.lat, one.lon) <= spread_m for one in found):
                found.append(fix)
        best = found if len(found) > len(best) else best
    return best
