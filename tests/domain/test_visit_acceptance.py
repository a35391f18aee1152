"""Whether a visit counts (RULEBOOK §4, §11); most cases are the shared vectors of sync/vectors/visit_acceptance.json."""

from dataclasses import replace
from datetime import date

import pytest

from server.domain.policy import Policy
from server.domain.visit_acceptance import VisitFacts, last_review, visit_verdict

GOOD = VisitFacts(True, 1, True, True, 20.0, 10.0, True, True)


@pytest.mark.parametrize(
    ("reviews", "word"),
    [
        ([], None),
        ([(3, "rejected")], "rejected"),
        ([(3, "rejected"), (4, "accepted")], "accepted"),
        ([(4, "accepted"), (3, "rejected")], "accepted"),
        ([(3, "accepted"), (5, "rejected"), (4, "accepted")], "rejected"),
        ([(3, "rejected"), (4, "rejected"), (5, "accepted")], "accepted"),
        ([(3, "rejected"), (3, "accepted")], "accepted"),
    ],
)
def test_of_several_reviews_the_last_holds(reviews, word):
    assert last_review([(date(2026, 11, day), said) for day, said in reviews]) == word


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"outlet_has_position": False}, "no_outlet_position"),
        ({"distance_m": None}, "no_outlet_position"),
        ({"has_fix": False}, "no_fix"),
        ({"distance_m": 210.1}, "outside_fence"),
    ],
)
def test_a_visit_in_no_known_place_waits_for_a_review(changes, reason):
    verdict = visit_verdict(replace(GOOD, **changes), Policy({}))
    assert (verdict.counts, verdict.needs_review, verdict.reasons) == (False, True, (reason,))
    accepted = visit_verdict(replace(GOOD, review="accepted", **changes), Policy({}))
    assert (accepted.counts, accepted.needs_review, accepted.reasons) == (True, False, ("accepted_by_supervisor",))


@pytest.mark.parametrize(
    ("changes", "reason", "waits"),
    [
        ({"is_checklist_complete": False}, "checklist_incomplete", False),
        ({"storefront_photos": 0}, "storefront_photo_missing", False),
        ({"has_signature": False}, "signature_missing", False),
        ({"are_photos_stored": False}, "photos_pending", True),
    ],
)
def test_what_is_missing_is_never_healed_and_only_photos_on_their_way_leave_it_open(changes, reason, waits):
    assert visit_verdict(replace(GOOD, **changes), Policy({})).reasons == (reason,)
    far = visit_verdict(replace(GOOD, distance_m=900.0, **changes), Policy({}))
    assert (far.counts, far.needs_review, far.reasons) == (False, waits, (reason, "outside_fence"))
    accepted = visit_verdict(replace(GOOD, distance_m=900.0, review="accepted", **changes), Policy({}))
    assert (accepted.counts, accepted.reasons) == (False, (reason, "accepted_by_supervisor"))


def test_a_rejected_visit_does_not_count_and_waits_for_nothing():
    verdict = visit_verdict(replace(GOOD, distance_m=900.0, review="rejected", has_signature=False), Policy({}))
    assert (verdict.counts, verdict.needs_review, verdict.reasons) == (False, False, ("rejected", "signature_missing"))


@pytest.mark.parametrize(("accuracy_m", "allowed_m"), [(None, 200.0), (0.0, 200.0), (35.0, 235.0), (100.0, 300.0), (100.1, 300.0)])
def test_the_fence_is_widened_by_accuracy_up_to_a_hundred_metres(accuracy_m, allowed_m):
    assert visit_verdict(replace(GOOD, accuracy_m=accuracy_m), Policy({})).allowed_m == allowed_m
    assert visit_verdict(replace(GOOD, accuracy_m=accuracy_m, distance_m=allowed_m), Policy({})).counts
    assert not visit_verdict(replace(GOOD, accuracy_m=accuracy_m, distance_m=allowed_m + 0.1), Policy({})).counts
